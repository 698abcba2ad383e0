"""How a value lies in a cell: MessagePack or JSON, squeezed where it is long, mended where it is broken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from isal import isal_zlib

from dossier.model import PageFacts
from dossier.store.opening import BIGGEST, plain

UNWRITABLE = (UnicodeEncodeError, OverflowError, TypeError)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack(value: Any) -> bytes:
    """MessagePack of a value; what cannot be written as it is (half a surrogate pair, a number too long, a foreign object) is mended, not lost."""
    try:
        return msgspec.msgpack.encode(value)
    except UNWRITABLE:
        return msgspec.msgpack.encode(mended(msgspec.to_builtins(value, enc_hook=str)))


def unpack_facts(blob: bytes) -> PageFacts:
    return msgspec.msgpack.decode(isal_zlib.decompress(blob), type=PageFacts)


def squeezed(short: bytes) -> bytes:
    """A value of some hundred bytes as zlib reads it. ISA-L takes 8 µs for one and makes it no longer, zlib itself 95 (2026-11-30)."""
    return isal_zlib.compress(short)


def short_digest(blob: bytes) -> bytes:
    return hashlib.blake2b(blob, digest_size=16).digest()


def mended(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {mended(key): mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mended(item) for item in value]
    if isinstance(value, int) and not -BIGGEST <= value <= BIGGEST:
        return str(value)
    return value


def as_json(value: Any) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except UNWRITABLE:
        return msgspec.json.encode(mended(msgspec.to_builtins(value, enc_hook=str))).decode()


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_DIGEST = b"text:"


def digest_bytes(sha256: str) -> bytes:
    """A digest as bytes; what is no digest is kept as it was written, so that nothing is lost."""
    if not sha256 or _DIGEST.fullmatch(sha256):
        return bytes.fromhex(sha256)
    return _NO_DIGEST + plain(sha256).encode()


def digest_text(blob: bytes) -> str:
    if blob.startswith(_NO_DIGEST):
        return blob.removeprefix(_NO_DIGEST).decode()
    return blob.hex()


def ticks(at: datetime) -> int:
    """Microseconds since 1970 UTC; a moment without a zone is UTC."""
    when = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (when - EPOCH) // timedelta(microseconds=1)


def moment_of(count: int) -> datetime:
    return EPOCH + timedelta(microseconds=count)
