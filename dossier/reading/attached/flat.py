"""Files that are text with marks in it: RTF, a web page saved as one file, the XML of Office 2003."""

from __future__ import annotations

import email
import email.policy
import re

from dossier.reading.attached.parts import attribute, children, grown, name_of
from dossier.reading.attached.said import REPORT_WORDS, TEXT_BOUND, Said, Unread
from dossier.reading.decoding import decode
from dossier.reading.growing import grow
from dossier.reading.tables import tables_of

_BYTES = 12_000_000


def rtf(body: bytes) -> Said:
    """Rich text, its pictures left out before anything looks at it."""
    from striprtf.striprtf import rtf_to_text

    raw = body[:_BYTES].decode("latin-1")
    raw = re.sub(r"[0-9a-fA-F\s]{2000,}", " ", raw)
    if re.search(r"\\fcharset134|\\ansicpg936", raw[:20_000]) or not re.search(r"\\ansicpg\d", raw[:2000]):
        raw = re.sub(r"\\ansicpg\d+", "", raw, count=1)
    text: str = rtf_to_text(  # type: ignore[no-untyped-call]
        raw, encoding="gb18030", errors="replace"
    )
    if not text.strip():
        raise Unread("broken")
    return Said(text=text.replace("|", "\t"), partial=len(body) > _BYTES)


def one_file_page(body: bytes) -> Said:
    """A web page with all that belongs to it in one file (MHT), as Word and Excel like to save."""
    message = email.message_from_bytes(body[:_BYTES], policy=email.policy.default)
    for each in message.walk():
        if each.get_content_type() in ("text/html", "text/plain") and not each.is_multipart():
            raw = each.get_payload(decode=True)
            if isinstance(raw, bytes) and raw.strip():
                return html(raw, str(each.get("content-type", "")))
    raise Unread("broken")


def html(body: bytes, content_type: str) -> Said:
    """A page that is a file: all its text."""
    tree = grow(decode(body[:_BYTES], content_type)[0])
    text = "".join(tree.seen)
    tables = tables_of(tree, tree.nodes[0]) if tree.nodes and re.search(REPORT_WORDS, text) else ()
    return Said(text=text, tables=tables, partial=tree.truncated)


def flat_workbook(xml: bytes) -> Said:
    """The workbook of 2003 as one XML file."""
    lines: list[str] = []
    size = 0
    for node in grown(xml).iter():
        if name_of(node) == "Worksheet":
            lines.append(attribute(node, "Name"))
        elif name_of(node) == "Row":
            cells = [
                "".join(str(piece) for data in children(cell, "Data") for piece in data.itertext())
                for cell in children(node, "Cell")
            ]
            lines.append("\t".join(cells))
            size += len(lines[-1])
            if size > TEXT_BOUND * 2:
                return Said(text="\n".join(lines), partial=True)
    return Said(text="\n".join(lines))
