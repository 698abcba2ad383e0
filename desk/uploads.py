"""Files that people hand in: few kinds, looked into, kept under their digest outside every web root."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from desk.acting import Refused
from dossier.home import Home
from dossier.store import Store
from dossier.store.sheets import Attachment, add_attachment

MOST_BYTES = 20 * 1024 * 1024
KINDS = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
}
_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
_BAD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]|[\u202a-\u202e\u2066-\u2069]")


def keep_upload(
    home: Home, kept: Store, *, name: str, body: bytes, unit_id: str, who: str, at: datetime
) -> int:
    """Keep a file and return its number; Refused for a kind we do not take, a false name, or one too large."""
    shown = _BAD.sub("_", Path(name.replace("\\", "/")).name).strip(". ")[-120:]
    suffix = Path(shown).suffix.lower()
    if suffix not in KINDS:
        raise Refused(f"附件只收 PDF、PNG、JPG、DOCX、XLSX，没有收“{shown or name[:40]}”。")
    kind, mark = KINDS[suffix]
    if not body:
        raise Refused(f"附件“{shown}”是空的。")
    if len(body) > MOST_BYTES:
        raise Refused(f"附件“{shown}”超过 {MOST_BYTES // 1024 // 1024} MB，请压缩后再传。")
    if not body.startswith(mark) or not _has_its_part(suffix, body):
        raise Refused(f"附件“{shown}”的内容与扩展名不符，请核对文件。")
    digest = hashlib.sha256(body).hexdigest()
    _write(path_of(home, digest), body)
    return add_attachment(
        kept,
        Attachment(sha256=digest, name=shown, kind=kind, size=len(body), unit_id=unit_id, who=who, at=at),
    )


def read_upload(home: Home, one: Attachment) -> bytes | None:
    """The bytes, if they are still what was handed in."""
    path = path_of(home, one.sha256)
    if not path.is_file():
        return None
    body = path.read_bytes()
    return body if hashlib.sha256(body).hexdigest() == one.sha256 else None


def path_of(home: Home, sha256: str) -> Path:
    return home.data / "uploads" / sha256[:2] / sha256


def _has_its_part(suffix: str, body: bytes) -> bool:
    part = _PARTS.get(suffix)
    if part is None:
        return True
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return part in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _write(path: Path, body: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
