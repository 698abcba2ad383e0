"""The tables of an old Word document: each row's end carries the row's own definition of its cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.model import TableFacts

_CELL_END, _PARAGRAPH_END = 7, 13
_PAGE = 512
_NEAR = 45
"""Twips within which two edges of cells are one column's."""
_FIXED = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of an operand, by the top bits of its code."""
_ROW_END, _IN_TABLE, _DEFINES_ROW = 0x2417, 0x2416, 0xD608
_MERGES_UPWARD = 0xD62B
_RESHAPES_ROW = frozenset((0x7621, 0x5622, 0x7623, 0x5624, 0x5625))
"""Cells put in, taken out, widened, merged or split after the row was defined: such a row is not read."""
_KEPT_ELSEWHERE = (0x6645, 0x6646)
_TABS = 0xC615
_MOST_ROWS, _MOST_COLUMNS, _MOST_TABLES = 200, 60, 30


class Piece(NamedTuple):
    """A stretch of text as it lies in the stream."""

    place: int
    raw: bytes
    wide: bool
    """Two bytes a letter."""


class _Cell(NamedTuple):
    left: int
    right: int
    follows: bool
    """Merged with the cell to its left."""
    hangs: bool
    """Merged with the cell above."""


@dataclass
class _Marks:
    """What a paragraph's properties say of tables."""

    in_table: bool = False
    row_end: bool = False
    cells: tuple[_Cell, ...] = ()


@dataclass
class _Row:
    texts: list[str]
    cells: tuple[_Cell, ...]


@dataclass
class _Reading:
    rows: list[_Row] = field(default_factory=list)
    tables: list[TableFacts] = field(default_factory=list)

    def end_of_table(self) -> None:
        if len(self.rows) >= 2 and len(self.tables) < _MOST_TABLES:
            self.tables += _laid_out(self.rows)
        self.rows = []


def tables_in(stream: bytes, table: bytes, data: bytes, pieces: list[Piece]) -> tuple[TableFacts, ...]:
    """Every table whose rows could be told apart with certainty, spans written out."""
    starts, marks = _paragraphs(stream, table, data)
    if not starts:
        return ()
    reading = _Reading()
    texts: list[str] = []
    words = ""
    for text, place, end in _stretches(pieces):
        words += text
        at = bisect_right(starts, place) - 1
        said = marks[at] if at >= 0 else _Marks()
        if end == _CELL_END and said.row_end:
            reading.rows.append(_Row(texts, said.cells))
            texts, words = [], ""
        elif end == _CELL_END:
            texts.append(words.strip())
            words = ""
        elif said.in_table:
            words += "\n"
        else:
            reading.end_of_table()
            texts, words = [], ""
    reading.end_of_table()
    return tuple(reading.tables)


def _stretches(pieces: list[Piece]) -> Iterator[tuple[str, int, int]]:
    """Text up to each mark that ends a cell or a paragraph, the mark's place in the stream, and the mark."""
    before = ""
    for piece in pieces:
        step = 2 if piece.wide else 1
        letters = memoryview(piece.raw[: len(piece.raw) // step * step]).cast("H" if piece.wide else "B")
        begun = 0
        for n, letter in enumerate(letters):
            if letter in (_CELL_END, _PARAGRAPH_END):
                yield before + _decoded(piece, begun, n), piece.place + n * step, letter
                before, begun = "", n + 1
        before += _decoded(piece, begun, len(letters))


def _decoded(piece: Piece, begin: int, end: int) -> str:
    if piece.wide:
        return piece.raw[2 * begin : 2 * end].decode("utf-16-le", "replace")
    return piece.raw[begin:end].decode("cp1252", "replace")


def _paragraphs(stream: bytes, table: bytes, data: bytes) -> tuple[list[int], list[_Marks]]:
    """Where each run of paragraph properties begins in the stream, and what it says."""
    at, size = _number(stream, 0x102, 4), _number(stream, 0x106, 4)
    index = table[at : at + size]
    count = (len(index) - 4) // 8
    found: dict[int, _Marks] = {}
    for n in range(max(0, min(count, 50_000))):
        page = _number(index, 4 * (count + 1) + 4 * n, 4) & 0x3FFFFF
        sheet = stream[page * _PAGE : (page + 1) * _PAGE]
        if len(sheet) < _PAGE:
            return [], []
        runs = sheet[-1]
        for run in range(runs):
            begin = _number(sheet, 4 * run, 4)
            offset = 2 * sheet[4 * (runs + 1) + 13 * run] if 4 * (runs + 1) + 13 * run < _PAGE else 0
            found[begin] = _marks(_properties(sheet, offset), data) if offset else _Marks()
    starts = sorted(found)
    return starts, [found[start] for start in starts]


def _properties(sheet: bytes, offset: int) -> bytes:
    """A paragraph's list of properties, without the number of its style."""
    size = sheet[offset]
    if size:
        return sheet[offset + 3 : offset + 1 + 2 * size - 1]
    return sheet[offset + 4 : offset + 2 + 2 * sheet[offset + 1]] if offset + 1 < len(sheet) else b""


def _marks(properties: bytes, data: bytes, *, deep: bool = False) -> _Marks:
    marks = _Marks()
    at = 0
    while at + 2 < len(properties):
        code = _number(properties, at, 2)
        at += 2
        if code == _DEFINES_ROW:
            size = _number(properties, at, 2) + 1
            marks.cells = _cells(properties[at + 2 : at + size])
        elif code == _MERGES_UPWARD and properties[at] == 2:
            size = 3
            marks.cells = _hung(marks.cells, properties[at + 1], properties[at + 2])
        elif code >> 13 == 6:
            size = properties[at] + 1
            if code == _TABS and properties[at] == 255:
                return marks
        else:
            size = _FIXED[code >> 13]
            if code in _RESHAPES_ROW:
                marks.cells = ()
            elif code == _ROW_END:
                marks.row_end = bool(properties[at])
            elif code == _IN_TABLE:
                marks.in_table = bool(properties[at])
            elif code in _KEPT_ELSEWHERE and not deep:
                place = _number(properties, at, 4)
                long = data[place + 2 : place + 2 + _number(data, place, 2)]
                return _marks(long, data, deep=True)
        at += size
    return marks


def _cells(definition: bytes) -> tuple[_Cell, ...]:
    """The cells of one row: their edges, and how they are merged."""
    if not definition:
        return ()
    count = definition[0]
    edges = [_signed(definition, 1 + 2 * n) for n in range(count + 1)]
    rest = definition[1 + 2 * (count + 1) :]
    cells = []
    for n in range(count):
        flags = _number(rest, 20 * n, 2)
        cells.append(_Cell(edges[n], edges[n + 1], follows=flags & 3 == 1, hangs=flags >> 5 & 3 == 1))
    return tuple(cells)


def _hung(cells: tuple[_Cell, ...], number: int, how: int) -> tuple[_Cell, ...]:
    return tuple(cell._replace(hangs=how == 1) if n == number else cell for n, cell in enumerate(cells))


def _laid_out(rows: list[_Row]) -> Iterator[TableFacts]:
    """Rows on the raster of all their edges; none where a row does not have the cells that it says it has."""
    rows = rows[:_MOST_ROWS]
    if any(len(row.texts) != len(row.cells) or not row.cells for row in rows):
        return
    edges: list[int] = []
    for edge in sorted(edge for row in rows for cell in row.cells for edge in (cell.left, cell.right)):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    width = len(edges) - 1
    if not 2 <= width <= _MOST_COLUMNS:
        return
    raster: list[tuple[str, ...]] = []
    for row in rows:
        line = [""] * width
        text = ""
        for said, cell in zip(row.texts, row.cells, strict=True):
            begin, end = (bisect_right(edges, edge + 1) - 1 for edge in (cell.left, cell.right))
            above = raster[-1][begin] if raster and begin < width else ""
            text = text if cell.follows else above if cell.hangs else said
            line[begin:end] = [text] * (end - begin)
        if len(line) != width:
            return
        raster.append(tuple(line))
    yield TableFacts(rows=tuple(raster))


def _number(raw: bytes, at: int, size: int) -> int:
    return int.from_bytes(raw[at : at + size], "little")


def _signed(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 2], "little", signed=True)
