"""A workbook that cannot be made to compute: every foreign text is written as text, every link is http or https."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any


from desk.reports.wording import beijing_naive, clean, safe_link

CELL_LIMIT = 32_767
A4_ROOM, A3_ROOM = 180.0, 240.0
"""Characters side by side on a landscape page at a readable size."""
NARROW, NAME, WIDEST = 11.0, 16.0, 46
"""What a column keeps when the page is full, what the names of its rows keep, and what none needs more than."""
LINKS_PER_SHEET = 60_000
_BESIDE = re.compile(r"external:[A-Za-z0-9_-]+\.html")


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere: outside (http, https), or to a paper that lies beside this one (`external:A01.html`)."""

    url: str
    text: str = ""


@dataclass(frozen=True)
class Blank:
    """A cell for people to fill in; writable although the sheet is protected."""


Cell = str | int | Decimal | date | datetime | Link | Blank | None


@dataclass(frozen=True)
class Sheet:
    """One sheet as data."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    note: str = ""
    protected: bool = False
    large: bool = False
    """Printed on A3."""
    named_by: int | None = None
    """The column whose short text names a row. It carries the row's link where the address is too long for one line of
    its own cell: a linked cell is not wrapped by every program, and what is cut on paper is lost."""


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str, made: datetime) -> Path:
    """Write the sheets; the same sheets and time give the same bytes."""
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "in_memory": True,
    }
    import xlsxwriter  # slow to load, and few commands write workbooks

    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": clean(title), "author": "", "company": "", "created": beijing_naive(made)})
    styles = _Styles(book)
    for sheet in sheets:
        _write_sheet(book, sheet, styles)
    book.close()
    return path


class _Styles:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {
            "font_name": "宋体",
            "font_size": 10,
            "valign": "top",
            "text_wrap": True,
            "border": 1,
            "border_color": "#BFBAB4",
        }
        self.title = book.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "left", "valign": "vcenter"}
        )
        self.note = book.add_format(
            {"font_name": "宋体", "font_size": 9, "font_color": "#6B6560", "valign": "top"}
        )
        self.head = book.add_format(
            {**base, "bold": True, "bg_color": "#E7E5E2", "align": "center", "valign": "vcenter"}
        )
        self.text = book.add_format(base)
        self.quoted = book.add_format({**base, "quote_prefix": True})
        self.whole = book.add_format({**base, "num_format": "0", "align": "center"})
        self.points = book.add_format({**base, "num_format": "0.00", "align": "right", "indent": 1})
        self.day = book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"})
        self.moment = book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self.link = book.add_format({**base, "font_color": "#1A5FB4", "underline": 1})
        self.open = book.add_format({**base, "locked": False, "bg_color": "#FFFBE8"})
        self.sum = book.add_format({**base, "bold": True, "bg_color": "#F3F1EE"})
        self.sum_points = book.add_format(
            {**base, "bold": True, "bg_color": "#F3F1EE", "num_format": "0.00", "align": "right", "indent": 1}
        )


def _write_sheet(book: Any, sheet: Sheet, styles: _Styles) -> None:
    page = book.add_worksheet(sheet.name)
    page.set_landscape()
    page.set_paper(8 if sheet.large else 9)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.set_footer("&C— &P —")
    page.write_string(0, 0, clean(sheet.title), styles.title)
    page.set_row(0, 26)
    head = 1
    if sheet.note:
        page.write_string(1, 0, clean(sheet.note)[:CELL_LIMIT], styles.note)
        head = 2
    page.set_row(head, 32)
    for column, name in enumerate(sheet.heads):
        page.write_string(head, column, name, styles.head)
    widths = _widths(sheet)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    links = 0
    for nth, row in enumerate(sheet.rows, head + 1):
        page.set_row(nth, _height(row, widths))
        for column, cell in enumerate(_whole_on_paper(row, widths, sheet.named_by)):
            links += _write_cell(page, nth, column, cell, styles, linking=links < LINKS_PER_SHEET)
    last = head + len(sheet.rows)
    if sheet.total:
        for column, cell in enumerate(sheet.total):
            _write_total(page, last + 1, column, cell, styles)
    page.freeze_panes(head + 1, min(2, len(sheet.heads)))
    page.repeat_rows(head)
    page.autofilter(head, 0, max(last, head + 1), len(sheet.heads) - 1)
    if sheet.protected:
        page.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})


def _whole_on_paper(row: Sequence[Cell], widths: Sequence[float], named_by: int | None) -> list[Cell]:
    """The cells of a row, each address that takes more than one line as text that wraps, its link on the row's name."""
    cells = list(row)
    for column, cell in enumerate(row):
        if isinstance(cell, Link) and _display(cell.text or cell.url, 200) > widths[column] - 1:
            cells[column] = cell.text or cell.url
            name = None if named_by is None else cells[named_by]
            if named_by is not None and isinstance(name, str) and _display(name) < widths[named_by]:
                cells[named_by] = Link(cell.url, name)
    return cells


def _write_cell(page: Any, row: int, column: int, cell: Cell, styles: _Styles, *, linking: bool) -> int:
    """Write one value by its type; 1 when a link was spent."""
    match cell:
        case None:
            page.write_blank(row, column, None, styles.text)
        case Blank():
            page.write_blank(row, column, None, styles.open)
        case Link(url, text):
            shown = _fit(text or url)
            if linking and (_BESIDE.fullmatch(url) or safe_link(url)):
                page.write_url(row, column, url, styles.link, shown)
                return 1
            page.write_string(row, column, shown, _text_style(shown, styles))
        case datetime():
            page.write_datetime(row, column, beijing_naive(cell), styles.moment)
        case date():
            page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), styles.day)  # noqa: DTZ001 - a day has no zone
        case Decimal():
            page.write_number(row, column, float(cell), styles.points)
        case int():
            page.write_number(row, column, cell, styles.whole)
        case str():
            shown = _fit(cell)
            page.write_string(row, column, shown, _text_style(shown, styles))
    return 0


def _write_total(page: Any, row: int, column: int, cell: Cell, styles: _Styles) -> None:
    match cell:
        case Decimal():
            page.write_number(row, column, float(cell), styles.sum_points)
        case int():
            page.write_number(row, column, cell, styles.sum)
        case str():
            page.write_string(row, column, _fit(cell), styles.sum)
        case _:
            page.write_blank(row, column, None, styles.sum)


def _text_style(text: str, styles: _Styles) -> Any:
    """A text that a spreadsheet might take for a formula keeps its apostrophe when somebody edits the cell."""
    return styles.quoted if text[:1] in ("=", "+", "-", "@", "\t") else styles.text


def _fit(text: str) -> str:
    """A cleaned text that a cell can hold; the limit counts UTF-16 units."""
    text = clean(text)
    if len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    return text.encode("utf-16-le")[: (CELL_LIMIT - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _widths(sheet: Sheet) -> list[float]:
    """Columns as wide as what stands in them; long sentences wrap, so that a print stays readable."""
    widths = []
    for column, name in enumerate(sheet.heads):
        longest = min(_display(name) + 2, 9)  # a long head wraps
        for row in sheet.rows[:400]:
            if column < len(row):
                longest = max(longest, min(_cell_width(row[column]), WIDEST))
        widths.append(float(max(7, longest + 1)))
    least = [min(width, NAME if column == sheet.named_by else NARROW) for column, width in enumerate(widths)]
    room = (A3_ROOM if sheet.large else A4_ROOM) - sum(least)
    spare = sum(widths) - sum(least)
    share = min(1.0, max(room, 0.0) / spare) if spare else 1.0
    return [round(low + (width - low) * share, 1) for low, width in zip(least, widths, strict=True)]


def _height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """A row as high as its longest wrapped cell, so that no reader must drag a border; a spreadsheet's limit is 409."""
    lines = 1
    for cell, width in zip(row, widths, strict=False):
        if isinstance(cell, str | Link):
            text = cell if isinstance(cell, str) else cell.text or cell.url
            room = max(width - 0.5, 4.0)
            lines = max(
                lines,
                sum(ceil(max(_display(part, 2000), 1) / room) for part in clean(text[:2000]).split("\n")),
            )
    return min(lines * 13.5 + 3.0, 400.0)


def _cell_width(cell: Cell) -> int:
    match cell:
        case Link(url, text):
            return _display(text or url)
        case datetime():
            return 19
        case date():
            return 10
        case Decimal() | int():
            return 8
        case str():
            return max((_display(line) for line in cell.split("\n")), default=0)
        case _:
            return 8


@lru_cache(maxsize=8192)
def _display(text: str, most: int = 80) -> int:
    """Columns that a text takes: a Chinese character counts two."""
    if text.isascii():
        return min(len(text), most)
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text[:most])
