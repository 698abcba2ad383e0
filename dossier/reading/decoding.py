"""A Chinese government page seldom says truly in which encoding it is written."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([a-z0-9_\-]+)|encoding\s*=\s*[\"']([a-z0-9_\-]+)")
"""In lower-case bytes: a pattern that ignores case tries every letter."""
_HEADER = re.compile(r"charset\s*=\s*[\"']?([a-zA-Z0-9_\-]+)", re.IGNORECASE)
_GB = {
    "gb2312",
    "gb_2312-80",
    "gb_2312",
    "gbk",
    "x-gbk",
    "cp936",
    "gb18030",
    "euc-cn",
    "ms936",
    "windows-936",
}
_BIG5 = {"big5", "big5-hkscs", "cp950", "x-x-big5"}
_COMMON = re.compile(r"[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年]")
_MOJIBAKE = re.compile("[\u0080-\u009fÃÂâäåæçèéï]")


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """A page's text and the encoding it was read with: a byte order mark, then the bytes, then what is declared."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            codec = "utf-8" if name == "utf-8" else name
            return body[len(mark) if name == "utf-8" else 0 :].decode(codec, "replace").lstrip("\ufeff"), name
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as fault:
        # A body cut inside a character, or a few stray bytes in an otherwise sound page.
        if fault.start >= len(body) - 4:
            return body.decode("utf-8", "ignore"), "utf-8"
    wide = _without_mark(body)
    if wide:
        return body.decode(wide, "replace"), wide
    declared = _declared(body, content_type)
    if declared in _BIG5:
        return body.decode("big5hkscs", "replace"), "big5"
    text = body.decode("gb18030", "replace")
    lost = text.count("\ufffd")
    if lost == 0 and declared not in ("utf-8", "utf8"):
        return (text, "gb18030") if declared or not _reads_as_big5(body, text) else _big5(body)
    as_utf8 = body.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    if broken * 4 <= lost or (declared in ("utf-8", "utf8") and broken <= max(20, len(as_utf8) // 50)):
        return as_utf8, "utf-8"
    if declared and declared not in _GB and declared not in ("utf-8", "utf8"):
        other = _known(body, declared)
        if other is not None and other.count("\ufffd") < lost:
            return other, declared
    return text, "gb18030"


def mend_mojibake(text: str) -> str:
    """UTF-8 that somebody before us read as Latin letters, put right; other text as it is."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        mended = text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
    return mended if re.search(r"[\u4e00-\u9fff]", mended) else text


def _declared(body: bytes, content_type: str) -> str:
    header = _HEADER.search(content_type or "")
    if header:
        return header.group(1).lower()
    found = _DECLARED.search(body[:4096].lower())
    return (found.group(1) or found.group(2)).decode("ascii") if found else ""


def _without_mark(body: bytes) -> str:
    head = body[:400]
    if len(head) < 16:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 5 and even < odd // 4:
        return "utf-16-le"
    if even > len(head) // 5 and odd < even // 4:
        return "utf-16-be"
    return ""


def _reads_as_big5(body: bytes, as_gb: str) -> bool:
    try:
        big5 = body.decode("big5hkscs")
    except UnicodeDecodeError:
        return False
    return len(_COMMON.findall(big5[:20000])) > 2 * len(_COMMON.findall(as_gb[:20000])) + 5


def _big5(body: bytes) -> tuple[str, str]:
    return body.decode("big5hkscs", "replace"), "big5"


def _known(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name, "replace")
    except (LookupError, ValueError):
        return None
