"""A site whose certificate is bad can still be inspected; that it is bad is noted beside."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from urllib.parse import urlsplit

_EXPIRED = frozenset({9, 10})
_NAME = frozenset({62, 63, 64})
_SELF_SIGNED = frozenset({18, 19})
_NO_ISSUER = frozenset({2, 20, 21, 27})


async def certificate_of(host: str, port: int = 443, proxy: str = "", timeout_seconds: float = 15.0) -> str:
    """`ok`, `expired`, `untrusted` or `name`; `unverifiable` where only a link of its chain was not sent, or where
    this machine has no roots to go by; else empty.

    Public authorities say in each certificate where their own can be had (AIA). Where that is said, a
    missing issuer is a chain that browsers complete by themselves, and no fault that a visitor would see.
    """
    try:
        async with asyncio.timeout(timeout_seconds):
            await _shake_hands(host, port, proxy, ssl.create_default_context())
            return "ok"
    except ssl.SSLCertVerificationError as error:
        code = error.verify_code
    except (OSError, EOFError, ValueError):
        return ""
    if code in _EXPIRED:
        return "expired"
    if code in _NAME:
        return "name"
    if trusts_nobody():
        return "unverifiable"
    if code in _SELF_SIGNED:
        return "untrusted"
    if code in _NO_ISSUER:
        return "unverifiable" if await _names_its_issuer(host, port, proxy, timeout_seconds) else "untrusted"
    return "untrusted"


def trusts_nobody() -> bool:
    """Whether this machine has no root certificate at all: then every site looks bad."""
    if ssl.create_default_context().cert_store_stats()["x509_ca"]:
        return False
    folder = ssl.get_default_verify_paths().capath  # its certificates are only read when they are needed
    return not folder or not any(Path(folder).iterdir())


async def _names_its_issuer(host: str, port: int, proxy: str, timeout_seconds: float) -> bool:
    from cryptography import x509  # a twentieth of a crawl's start, and few chains lack a link
    from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(timeout_seconds):
            leaf = await _shake_hands(host, port, proxy, blind)
        access = x509.load_der_x509_certificate(leaf).extensions.get_extension_for_oid(
            ExtensionOID.AUTHORITY_INFORMATION_ACCESS
        )
    except x509.ExtensionNotFound:
        return False
    except (OSError, EOFError, ValueError):
        return True
    described = access.value
    return isinstance(described, x509.AuthorityInformationAccess) and any(
        each.access_method == AuthorityInformationAccessOID.CA_ISSUERS for each in described
    )


async def _shake_hands(host: str, port: int, proxy: str, context: ssl.SSLContext) -> bytes:
    """Opens TLS to a host, through the proxy if there is one; returns the certificate that was shown."""
    if proxy:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    else:
        reader, writer = await asyncio.open_connection(host, port)
    try:
        if proxy:
            writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode("ascii"))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200" not in head.split(b"\r\n", 1)[0]:
                raise ConnectionRefusedError("proxy would not open a tunnel")
        await writer.start_tls(context, server_hostname=host)
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return bytes(shown or b"")
    finally:
        writer.close()
