"""Certificates of the practice province: one authority that nobody need trust, and what it signs well and badly."""

from __future__ import annotations

import ssl
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOWS = ("valid", "expired", "name", "untrusted")
"""What is wrong with a certificate; `valid`: nothing, for those who trust the practice authority."""
_NOW = datetime.now(timezone.utc)  # noqa: UP017 - certificates are held against the clock on the wall


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """A root made for one running server, and the server contexts that it signs for."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._root = self._sign(
            "练溪省练习根证书", self._key, "练溪省练习根证书", self._key, days=30, root=True
        )
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}

    @property
    def pem(self) -> bytes:
        """The root, for SSL_CERT_FILE of whoever is to trust it."""
        return _pem(self._root)

    def context(self, host: str, how: str) -> ssl.SSLContext:
        """A server's side of TLS for a host, with the certificate it deserves."""
        if (host, how) not in self._contexts:
            self._contexts[host, how] = self._made(host, how)
        return self._contexts[host, how]

    def _made(self, host: str, how: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        shown = "www.example.org" if how == "name" else host
        days = -3 if how == "expired" else 30
        if how == "untrusted":
            leaf = self._sign(shown, key, shown, key, days)
        else:
            leaf = self._sign(shown, key, "练溪省练习根证书", self._key, days)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory(prefix="practice-tls-") as folder:
            path = Path(folder) / "both.pem"
            path.write_bytes(_pem(leaf) + private)
            context.load_cert_chain(path)
        return context

    def _sign(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: str,
        by: ec.EllipticCurvePrivateKey,
        days: int,
        root: bool = False,
    ) -> x509.Certificate:
        built = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOW - timedelta(days=90))
            .not_valid_after(_NOW + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
            )
        )
        if not root:
            built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        return built.sign(by, hashes.SHA256())
