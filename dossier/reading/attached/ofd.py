"""OFD, the national format for fixed pages (GB/T 33190): pages of XML in a zip, read in page order."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from dossier.reading.attached.parts import attribute, children, grown, name_of, part
from dossier.reading.attached.said import TEXT_BOUND, Said, Unread

_PAGES = 400
_PART = 20_000_000
_SAME_LINE = 0.6
"""Pieces of text whose height differs by less than this share of the letter size stand on one line."""


def ofd(box: zipfile.ZipFile) -> Said:
    """The words of every document in the file, page by page and line by line."""
    lines: list[str] = []
    size = pages = blank = 0
    partial = False
    for document in _documents(box):
        root = grown(part(box, document, _PART))
        folder = posixpath.dirname(document)
        templates = _templates(root, folder)
        listed = next((node for node in root if name_of(node) == "Pages"), None)
        for page in children(listed, "Page") if listed is not None else ():
            pages += 1
            if pages > _PAGES or size > TEXT_BOUND * 2:
                partial = True
                break
            said, pictured = _page(box, _joined(folder, attribute(page, "BaseLoc")), templates)
            blank += not said and pictured
            lines += said
            size += sum(map(len, said))
    text = "\n".join(lines)
    if len("".join(text.split())) < 10:
        raise Unread("scanned" if pages else "broken")
    return Said(text=text, partial=partial or blank > 0)


def _documents(box: zipfile.ZipFile) -> list[str]:
    root = grown(part(box, "OFD.xml", _PART))
    return [
        _joined("", (node.text or "").strip())
        for node in root.iter()
        if name_of(node) == "DocRoot" and node.text
    ][:20]


def _templates(root: etree._Element, folder: str) -> dict[str, str]:
    """Forms that pages lay themselves over, by their number."""
    return {
        attribute(node, "ID"): _joined(folder, attribute(node, "BaseLoc"))
        for node in root.iter()
        if name_of(node) == "TemplatePage"
    }


def _page(box: zipfile.ZipFile, place: str, templates: dict[str, str]) -> tuple[list[str], bool]:
    """A page's lines, and whether it shows pictures."""
    body = part(box, place, _PART)
    if not body:
        return [], True
    root = grown(body)
    said: list[str] = []
    for node in children(root, "Template"):
        under = part(box, templates.get(attribute(node, "TemplateID"), ""), _PART)
        said += _lines(grown(under)) if under else []
    said += _lines(root)
    return said, any(
        name_of(node) in ("ImageObject", "PathObject", "CompositeObject") for node in root.iter()
    )


class _Piece(NamedTuple):
    top: float
    left: float
    right: float
    size: float
    text: str


def _lines(page: etree._Element) -> list[str]:
    """Pieces of text put together to lines, in the order in which they are drawn."""
    lines: list[str] = []
    last: _Piece | None = None
    for piece in _pieces(page):
        if last is not None and abs(last.top - piece.top) <= max(piece.size, last.size) * _SAME_LINE:
            gap = piece.left - last.right > piece.size / 2 or piece.left < last.left
            lines[-1] += (" " if gap else "") + piece.text
        else:
            lines.append(piece.text)
        last = piece
    return [line for line in lines if line.strip()]


def _pieces(page: etree._Element) -> Iterator[_Piece]:
    for node in page.iter():
        if name_of(node) != "TextObject" or attribute(node, "Visible") == "false":
            continue
        left, top, width, _ = (*_floats(attribute(node, "Boundary")), 0.0, 0.0, 0.0, 0.0)[:4]
        size = (*_floats(attribute(node, "Size")), 4.0)[0]
        for code in children(node, "TextCode"):
            if code.text:
                inner = (*_floats(attribute(code, "Y")), 0.0)[0]
                yield _Piece(top + inner, left, left + width, size, code.text)


def _floats(text: str) -> list[float]:
    try:
        return [float(word) for word in text.split()]
    except ValueError:
        return []


def _joined(folder: str, place: str) -> str:
    """A place inside the file; nothing leads out of it."""
    whole = posixpath.normpath(posixpath.join("/" + folder, place))
    return whole.lstrip("/")
