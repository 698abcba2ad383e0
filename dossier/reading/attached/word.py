"""A Word file of today (DOCX, and what WPS writes the same way): its words in order, its tables with spans written out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from dossier.model import TableFacts
from dossier.reading.attached.parts import attribute, children, grown, name_of, part
from dossier.reading.attached.said import REPORT_WORDS, TEXT_BOUND, Said, Unread

_TRANSPARENT = (
    "sdt",
    "sdtContent",
    "customXml",
    "smartTag",
    "ins",
    "moveTo",
    "AlternateContent",
    "Choice",
    "sect",
)
_LEFT_OUT = frozenset(
    ("del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "commentReference")
)  # fmt: skip
_ROWS, _COLUMNS, _TABLES = 2_000, 60, 30
_OFF = frozenset(("0", "false", "off", "none"))


def docx(box: zipfile.ZipFile) -> Said:
    """What a word processor shows of the document: neither struck nor hidden text, each text box once."""
    reader = _Reader()
    main = grown(part(box, "word/document.xml"))
    body = next(children(main, "body"), None)
    if body is None:
        raise Unread("broken")
    reader.blocks(body)
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        if notes in box.namelist():
            reader.notes(grown(part(box, notes)))
    text = "\n".join(reader.lines)
    if len("".join(text.split())) < 10 and any(name.startswith("word/media/") for name in box.namelist()):
        raise Unread("scanned")
    tables = tuple(reader.tables) if re.search(REPORT_WORDS, text) else ()
    return Said(text=text, tables=tables, partial=reader.full)


def flat_word(xml: bytes) -> Said:
    """The Word of 2003 as one XML file."""
    reader = _Reader()
    reader.blocks(
        next((node for node in grown(xml).iter() if name_of(node) == "body"), etree.Element("none"))
    )
    text = "\n".join(reader.lines)
    tables = tuple(reader.tables) if re.search(REPORT_WORDS, text) else ()
    return Said(text=text, tables=tables, partial=reader.full)


class _Reader:
    """Walks a document once, keeping lines and tables."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.tables: list[TableFacts] = []
        self.full = False
        self._size = 0

    def blocks(self, node: etree._Element) -> None:
        for block in node:
            if self.full:
                return
            name = name_of(block)
            if name == "p":
                self._say(_text(block))
            elif name == "tbl":
                self._table(block)
            elif name in _TRANSPARENT:
                self.blocks(block)

    def notes(self, node: etree._Element) -> None:
        for note in children(node, "footnote", "endnote"):
            self.blocks(note)

    def _say(self, line: str) -> None:
        self.lines.append(line)
        self._size += len(line) + 1
        self.full = self.full or self._size > TEXT_BOUND * 2

    def _table(self, table: etree._Element) -> None:
        caption = next((line.strip()[:80] for line in reversed(self.lines[-5:]) if line.strip()), "")
        nested = [inner for inner in table.iter() if inner is not table and name_of(inner) == "tbl"]
        for one in (*nested, table):
            rows: list[tuple[str, ...]] = []
            for cells, own in _rows(one):
                if len(rows) >= _ROWS or self.full:
                    self.full = True
                    break
                self._say("\t".join(own))
                rows.append(tuple(cells[:_COLUMNS]))
            self._keep(rows, caption if one is table else "")

    def _keep(self, rows: list[tuple[str, ...]], caption: str) -> None:
        rows = rows[:200]
        width = max(map(len, rows), default=0)
        if len(rows) >= 2 and width >= 2 and len(self.tables) < _TABLES:
            self.tables.append(
                TableFacts(caption=caption, rows=tuple(row + ("",) * (width - len(row)) for row in rows))
            )


def _rows(table: etree._Element) -> Iterator[tuple[list[str], list[str]]]:
    """Rows of cells as text: a cell repeated wherever it reaches, and each cell once where it begins."""
    above: list[str] = []
    for row in _through(table, "tr"):
        settings = next(children(row, "trPr"), None)
        if settings is not None and next(children(settings, "del"), None) is not None:
            continue
        cells: list[str] = [""] * min(_number(settings, "gridBefore", 0), _COLUMNS)
        own: list[str] = []
        for cell in _through(row, "tc"):
            about = next(children(cell, "tcPr"), None)
            upward, leftward = _merge(about, "vMerge"), _merge(about, "hMerge")
            at = len(cells)
            if upward == "continue":
                text = above[at] if at < len(above) else ""
            elif leftward == "continue":
                text = cells[-1] if cells else ""
            else:
                text = _cell_text(cell)
                own.append(text)
            cells += [text] * min(_number(about, "gridSpan", 1), _COLUMNS)
            if len(cells) > 4 * _COLUMNS:
                break
        yield cells, own
        above = cells


def _through(node: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in node:
        called = name_of(child)
        if called == name:
            yield child
        elif called in _TRANSPARENT:
            yield from _through(child, name)


def _number(about: etree._Element | None, name: str, usual: int) -> int:
    found = next(children(about, name), None) if about is not None else None
    try:
        return max(usual, int(attribute(found, "val"))) if found is not None else usual
    except ValueError:
        return usual


def _merge(about: etree._Element | None, name: str) -> str:
    """`restart`, `continue`, or nothing."""
    found = next(children(about, name), None) if about is not None else None
    return "" if found is None else attribute(found, "val") or "continue"


def _cell_text(cell: etree._Element) -> str:
    """A cell's own paragraphs; a table inside it speaks for itself."""
    return "\n".join(_text(paragraph) for paragraph in _through(cell, "p")).strip()


def _text(node: etree._Element) -> str:
    pieces: list[str] = []
    _gather(node, pieces)
    return "".join(pieces)


def _gather(node: etree._Element, pieces: list[str]) -> None:
    for child in node:
        name = name_of(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in ("br", "cr"):
            pieces.append("\n")
        elif name in ("tab", "ptab"):
            pieces.append(" ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "r" and _hidden(child):
            continue
        elif name and name not in _LEFT_OUT:
            if name == "txbxContent":
                pieces.append("\n")
            _gather(child, pieces)
            if name == "p":
                pieces.append("\n")


def _hidden(run: etree._Element) -> bool:
    about = next(children(run, "rPr"), None)
    mark = next(children(about, "vanish"), None) if about is not None else None
    return mark is not None and attribute(mark, "val").lower() not in _OFF
