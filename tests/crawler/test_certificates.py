"""A certificate's fault is named; a chain that browsers mend by themselves is none."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from crawler.certificates import certificate_of


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def make_certificate(folder: Path, *, issuer: str, days: int = 30, issuer_address: str = "") -> Path:
    """A certificate for localhost, signed by itself or by an authority that nobody knows."""
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(_name("localhost"))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    )
    if issuer_address:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_address)
        )
        built = built.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    signed = built.sign(key if issuer == "localhost" else other, hashes.SHA256())
    path = folder / "both.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


async def _state(pem: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        return await certificate_of("localhost", server.sockets[0].getsockname()[1], timeout_seconds=5)


@pytest.mark.parametrize(
    ("issuer", "issuer_address", "state"),
    [
        ("localhost", "", "untrusted"),
        ("Nobody CA", "", "untrusted"),
        ("Some Public CA", "http://ca.example/ca.crt", "unverifiable"),
    ],
)
def test_an_untrusted_certificate_is_told_from_an_incomplete_chain(
    tmp_path: Path, issuer: str, issuer_address: str, state: str
) -> None:
    pem = make_certificate(tmp_path, issuer=issuer, issuer_address=issuer_address)
    assert asyncio.run(_state(pem)) == state


def test_expired_and_wrong_names_are_told_by_whom_one_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expired = make_certificate(tmp_path, issuer="localhost", days=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(expired))
    assert asyncio.run(_state(expired)) == "expired"


def test_a_host_that_shows_no_certificate_has_no_state() -> None:
    assert asyncio.run(certificate_of("localhost", 9, timeout_seconds=2)) == ""
