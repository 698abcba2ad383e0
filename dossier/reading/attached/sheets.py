"""Workbooks, today's (XLSX, ET) and yesterday's (XLS): what their sheets show, cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from dossier.model import TableFacts
from dossier.reading.attached.parts import forbidden, part
from dossier.reading.attached.said import REPORT_WORDS, TEXT_BOUND, Said, Unread

_ROWS, _COLUMNS = 20_000, 100
_SMALL_ROWS, _SMALL_COLUMNS = 400, 60
"""A sheet of the size that an annual report's table has."""
_SMALL_BYTES, _SMALL_MERGED = 5_000_000, 50_000
_MANY_SHEETS = 200


def xlsx(body: bytes, box: zipfile.ZipFile) -> Said:
    """Every sheet's rows; spans are looked at only where the prescribed table of an annual report seems to be."""
    import openpyxl

    for entry in box.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            with box.open(entry) as opened:
                if forbidden(opened.read(4096)):
                    raise Unread("broken")
    part(box, "xl/sharedStrings.xml")
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    try:
        kept = _Kept()
        for sheet in book.worksheets[:_MANY_SHEETS]:
            kept.say(str(sheet.title))
            rows = sheet.iter_rows(values_only=True, max_row=_ROWS + 1, max_col=_COLUMNS)
            kept.rows([_shown(value) for value in row] for row in rows)
        kept.full = kept.full or len(book.worksheets) > _MANY_SHEETS
    finally:
        book.close()
    wanted = re.search(REPORT_WORDS, kept.text) and kept.largest <= _SMALL_ROWS and _is_small(box)
    return Said(text=kept.text, tables=_spanned_xlsx(body) if wanted else (), partial=kept.full)


def _is_small(box: zipfile.ZipFile) -> bool:
    """Whether the sheets, and all that is merged in them, are of a size that may be laid out cell by cell."""
    from openpyxl.worksheet.cell_range import CellRange

    cells = size = 0
    for name in box.namelist():
        if name.startswith("xl/worksheets/"):
            sheet = part(box, name)
            size += len(sheet)
            for found in re.finditer(
                rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"', sheet
            ):
                merged = CellRange(found[1].decode()).size
                cells += int(merged["rows"]) * int(merged["columns"])
    return size <= _SMALL_BYTES and cells <= _SMALL_MERGED


class _Kept:
    """Lines so far, and whether there were more than are kept."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0
        self.full = False
        self.largest = 0

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def say(self, line: str) -> None:
        self._lines.append(line)
        self._size += len(line) + 1
        self.full = self.full or self._size > TEXT_BOUND * 2

    def rows(self, rows: Iterable[list[str]]) -> None:
        for number, row in enumerate(rows, 1):
            self.largest = max(self.largest, number)
            if self.full or number > _ROWS:
                self.full = True
                return
            line = "\t".join(row).rstrip()
            if line:
                self.say(line)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _spanned_xlsx(body: bytes) -> tuple[TableFacts, ...]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(body), data_only=True)
    tables: list[TableFacts] = []
    for sheet in book.worksheets[:20]:
        if not sheet.max_row or sheet.max_row > _SMALL_ROWS:
            continue
        width = min(sheet.max_column, _SMALL_COLUMNS)
        grid = [[_shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_col=width)]
        spans = [(r.min_row - 1, r.max_row, r.min_col - 1, r.max_col) for r in sheet.merged_cells.ranges]
        tables += _table(str(sheet.title), grid, spans)
    return tuple(tables)


def _table(
    caption: str, grid: list[list[str]], spans: Iterable[tuple[int, int, int, int]]
) -> Iterator[TableFacts]:
    """A sheet as a table, each merged cell repeated where it reaches."""
    for top, bottom, left, right in spans:
        if top < len(grid) and left < len(grid[top]):
            text = grid[top][left]
            for row in grid[top : min(bottom, len(grid))]:
                row[left:right] = [text] * (min(right, len(row)) - left)
    rows = tuple(tuple(row) for row in grid if any(row))
    if len(rows) >= 2 and re.search(REPORT_WORDS, "".join(map("".join, rows))):
        yield TableFacts(caption=caption, rows=rows)


def xls(body: bytes) -> Said:
    """The old workbook."""
    import xlrd

    book: Any = xlrd.open_workbook(file_contents=body, on_demand=True, logfile=io.StringIO())
    kept = _Kept()
    for sheet in book.sheets()[:_MANY_SHEETS]:
        kept.say(sheet.name)
        kept.rows(
            [_shown(value) for value in sheet.row_values(number, 0, _COLUMNS)]
            for number in range(sheet.nrows)
        )
    tables = _spanned_xls(body) if re.search(REPORT_WORDS, kept.text) and kept.largest <= _SMALL_ROWS else ()
    return Said(text=kept.text, tables=tables, partial=kept.full)


def _spanned_xls(body: bytes) -> tuple[TableFacts, ...]:
    import xlrd

    book: Any = xlrd.open_workbook(file_contents=body, formatting_info=True, logfile=io.StringIO())
    tables: list[TableFacts] = []
    for sheet in book.sheets()[:20]:
        if sheet.nrows > _SMALL_ROWS:
            continue
        width = min(sheet.ncols, _SMALL_COLUMNS)
        grid = [
            [_shown(value) for value in sheet.row_values(number, 0, width)] for number in range(sheet.nrows)
        ]
        tables += _table(sheet.name, grid, sheet.merged_cells)
    return tuple(tables)
