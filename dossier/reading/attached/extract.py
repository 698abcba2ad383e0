"""What a file is shows in its first bytes, not in its name; what it says is told by the parser for that."""

from __future__ import annotations

import io
import re

from dossier.reading.attached import archives, flat, ofd, old_word, parts, pdf, sheets, word
from dossier.reading.attached.kinds import is_flat_word, is_flat_workbook, is_one_file_page
from dossier.reading.attached.said import TEXT_BOUND, Said, Unread
from dossier.reading.decoding import decode

SIZE_BOUND = 60_000_000
OLE = b"\xd0\xcf\x11\xe0"
_PACKED = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF")
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x00\x18ftyp",
    b"ID3",
)
_BEFORE = b"\xef\xbb\xbf \t\r\n\x00"
_TEXT_NAMES = (".txt", ".csv", ".md", ".log")


def needs_parser(body: bytes) -> bool:
    """Whether saying what a file holds takes more than decoding its letters."""
    head = body[:1024].lstrip(_BEFORE)
    return (
        b"%PDF-" in body[:1024]
        or head.startswith((b"PK", OLE, b"{\\rtf", b"<"))
        or is_one_file_page(head)
        or b"<html" in head.lower()
    )


def extract(body: bytes, name: str, content_type: str = "") -> Said:
    """The words and tables of one file; whatever its bytes are, an answer and never an exception."""
    return _safely(body, name, content_type, inside=False)


def _safely(body: bytes, name: str, content_type: str, *, inside: bool) -> Said:
    try:
        return _of(body, name, content_type, inside=inside)
    except Unread as unread:
        return Said(fault=unread.fault)
    except (MemoryError, RecursionError):
        return Said(fault="too-costly")
    except Exception as fault:  # noqa: BLE001 - a dozen parsers, each with faults of its own on broken files
        words = f"{type(fault).__name__} {fault}"
        return Said(fault="encrypted" if re.search(r"encrypt|password", words, re.IGNORECASE) else "broken")


def _of(body: bytes, name: str, content_type: str, *, inside: bool) -> Said:
    if len(body) > SIZE_BOUND:
        raise Unread("too-large")
    head = body[:1024].lstrip(_BEFORE)
    if not head:
        raise Unread("broken")
    if b"%PDF-" in body[:1024]:
        return pdf.pdf(body)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(body, inside=inside)
    if head.startswith(OLE):
        return _compound(body)
    if head.startswith(b"{\\rtf"):
        return flat.rtf(body)
    if head.startswith(_PACKED):
        raise Unread("format")
    if head.startswith(_PICTURES) or content_type.startswith(("image/", "audio/", "video/", "font/")):
        raise Unread("media")
    if is_flat_word(head):
        return word.flat_word(body)
    if is_flat_workbook(head):
        return flat.flat_workbook(body)
    if is_one_file_page(head):
        return flat.one_file_page(body)
    if re.match(rb"<!doctype html|<html|<head|<body|<table", head, re.IGNORECASE) or b"<html" in head.lower():
        return flat.html(body, content_type)
    if content_type.startswith("text/") or name.lower().endswith(_TEXT_NAMES) or _is_text(body):
        text = decode(body[: TEXT_BOUND * 4], content_type)[0]
        return Said(text=text, partial=len(body) > TEXT_BOUND * 4)
    raise Unread("format")


def _zipped(body: bytes, *, inside: bool) -> Said:
    box = parts.opened(body)
    with box:
        names = set(box.namelist())
        if "word/document.xml" in names:
            return word.docx(box)
        if "xl/workbook.xml" in names:
            return sheets.xlsx(body, box)
        if "OFD.xml" in names:
            return ofd.ofd(box)
        if "[Content_Types].xml" in names or "mimetype" in names or inside:
            raise Unread("format")  # slides and other offices' files; an archive within an archive stays shut
        return archives.zipped(box, lambda inner, name: _safely(inner, name, "", inside=True))


def _compound(body: bytes) -> Said:
    import olefile

    with olefile.OleFileIO(io.BytesIO(body)) as box:
        if box.exists("EncryptedPackage"):
            raise Unread("encrypted")
        if box.exists("Workbook") or box.exists("Book"):
            return sheets.xls(body)
        if box.exists("WordDocument"):
            return old_word.doc(box)
    raise Unread("format")


def _is_text(body: bytes) -> bool:
    head = body[:2000]
    return b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0
