"""Files that pages hang on themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from dossier.model import Attachment, Link, LinkPlace
from dossier.reading.attached.kinds import is_flat_word, is_flat_workbook, is_one_file_page

EXTENSIONS = (
    "pdf",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "wps",
    "et",
    "ppt",
    "pptx",
    "rar",
    "zip",
    "7z",
    "txt",
    "csv",
    "rtf",
    "ofd",
    "ceb",
    "cebx",
    "dps",
    "caj",
    "gd",
    "sep",
)
_SIGNATURES = (
    b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!", b"7z\xbc\xaf", b"{\\rtf",
)  # fmt: skip
_FILE = re.compile(rf"\.({'|'.join(EXTENSIONS)})(?:$|[?#&])", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"/download|downfile|attach|fileDown|showAttach|/file/|/affix/|filename=", re.IGNORECASE
)
_NAMED = re.compile(r"附件|附表|附\s*[:：]|下载")
_FRAME = frozenset({LinkPlace.NAV, LinkPlace.FOOTER, LinkPlace.HEADER, LinkPlace.BREADCRUMB})
_NO_FILES = ("img", "option")


def is_document(body: bytes, content_type: str, url: str) -> bool:
    """The answer is a file to read with something else than a browser."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(_SIGNATURES) or is_flat_word(head) or is_flat_workbook(head) or is_one_file_page(head):
        return True
    if head[:1] != b"<" and b"%PDF-" in head:
        return True  # some servers write a line or two before the file
    kind = content_type.split(";", 1)[0].strip().lower()
    if head[:1] == b"<" or b"<html" in head.lower() or b"<!doctype" in head.lower():
        return False
    if kind.startswith(("image/", "audio/", "video/", "font/")):
        return True
    if (
        kind
        in (
            "text/plain",
            "text/csv",
            "application/pdf",
            "application/msword",
            "application/octet-stream",
            "application/zip",
        )
        or "officedocument" in kind
        or "ms-excel" in kind
        or "ms-powerpoint" in kind
    ):
        return b"<" not in head[:200] or kind != "text/plain"
    return (
        bool(re.search(r"\.(txt|csv|pdf|docx?|xlsx?|wps|et|rar|zip|ofd)$", urlsplit(url).path, re.IGNORECASE))
        and b"<div" not in body[:20000].lower()
    )


def attachment_links(links: tuple[Link, ...]) -> tuple[Attachment, ...]:
    """Files offered by the page's own text (not by its navigation or footer)."""
    found: dict[str, Attachment] = {}
    for link in links:
        if not link.url or link.place in _FRAME or link.tag in _NO_FILES:
            continue
        if (
            is_file_address(link.url)
            or is_file_address(link.text)
            or (_DOWNLOAD.search(link.url) and _NAMED.search(link.text))
        ):
            found.setdefault(link.url, Attachment(url=link.url, text=link.text))
    return tuple(found.values())


@lru_cache(maxsize=16_384)
def is_file_address(url: str) -> bool:
    """The address (or name) ends like a file that is hung on a page."""
    return bool(_FILE.search((unquote(url) if "%" in url else url)[-300:]))
