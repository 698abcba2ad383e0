"""Offices deliver lists as spreadsheets: merged cells, titles above the header, links behind the words."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from desk.workbook_bombs import RESAVE, UNREADABLE, refuse_bombs
from dossier.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES = 50_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
HEADER_WITHIN = 20
"""A header stands within the first rows; above it stand titles and notes."""

_FORMULA_LINK = re.compile(r'^=HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)
_BRACKETED = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_NOT_NAME = re.compile(r"[\s*＊:：、.．。,，\"“”‘’'/／\\-]+")


@dataclass(frozen=True)
class Cell:
    text: str = ""
    link: str = ""
    """Target of the hyperlink behind the words."""


@dataclass(frozen=True)
class SheetRow:
    line: int
    cells: tuple[Cell, ...]

    def cell(self, index: int | None) -> Cell:
        return self.cells[index] if index is not None and index < len(self.cells) else Cell()

    @property
    def filled(self) -> int:
        return sum(bool(cell.text) for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    name: str
    """Worksheet name; empty for csv."""
    place: str
    """How messages name it: the file, and the worksheet of one with several."""
    rows: tuple[SheetRow, ...]


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """The worksheets of an xlsx file, or a csv file (UTF-8 or GBK) as one sheet."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _bad(path, "文件不存在或读不出来", "请检查路径和读取权限") from error
    if size > MOST_BYTES:
        raise _bad(path, f"文件太大（{size // 1_000_000} MB）", "请只留下清单本身，去掉图片和无关内容")
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        return _read_xlsx(path)
    if suffix in (".csv", ".txt"):
        return (_read_csv(path),)
    raise _bad(path, f"不支持“{suffix or '无扩展名'}”文件", "请用 Excel 或 WPS 另存为 xlsx，或另存为 csv")


def _bad(path: Path, what: str, mend: str, line: int | None = None) -> BadInput:
    return BadInput([Problem(str(path), what, mend, line)])


def _read_csv(path: Path) -> Sheet:
    raw = path.read_bytes()
    if b"\0" in raw:
        raise _bad(path, "不是文本文件", "请用 Excel 或 WPS 另存为 csv（UTF-8）或 xlsx")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise _bad(path, "既不是 UTF-8 也不是 GBK 编码", "请另存为 UTF-8 编码的 csv", line) from error
    head = text[:4000]
    separator = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, line = [], 1
    try:
        for parts in reader:
            rows.append(SheetRow(line, tuple(Cell(_clean(part)) for part in parts)))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise _bad(path, f"超过 {MOST_ROWS} 行", "请核对是不是放错了文件，或分成几份导入", line)
    except csv.Error as error:
        raise _bad(path, f"csv 写法有误（{error}）", "请检查这一行的引号", line) from error
    return Sheet("", str(path), tuple(rows))


def _read_xlsx(path: Path) -> tuple[Sheet, ...]:
    import openpyxl  # takes longer to load than most commands to run
    from openpyxl.utils.exceptions import InvalidFileException

    refuse_bombs(path)
    try:
        values = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path, data_only=False)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        SyntaxError,  # how XML that is torn is told
        AttributeError,  # parts that name parts which are not there
        LookupError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        AssertionError,
    ) as error:
        raise _bad(path, UNREADABLE, RESAVE) from error
    sheets = []
    several = len(values.worksheets) > 1
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            continue
        place = f"{path}〔{sheet.title}〕" if several else str(path)
        # Cells are often formatted down to the last possible row: only words there count as rows.
        if _extent(sheet)[0] > MOST_ROWS:
            raise BadInput([Problem(place, f"内容超过 {MOST_ROWS} 行", "请拆成几个文件分别导入")])
        sheets.append(Sheet(sheet.title, place, _rows(sheet, formulas[sheet.title])))
    return tuple(sheets)


def _extent(sheet: Worksheet) -> tuple[int, int]:
    """Last row and last column with something in it, or with a merged cell that begins there."""
    filled = [place for place, cell in sheet._cells.items() if cell.value is not None]  # noqa: SLF001 - its own walk
    filled += [  # would make every cell on its way
        (min(merged.max_row, merged.min_row + MOST_ROWS), merged.min_col)
        for merged in sheet.merged_cells.ranges
        if sheet._cells[merged.min_row, merged.min_col].value is not None  # noqa: SLF001
    ]
    return max((row for row, _ in filled), default=0), max((column for _, column in filled), default=0)


def _rows(sheet: Worksheet, formulas: Worksheet) -> tuple[SheetRow, ...]:
    """Rows with vertically merged cells filled down; what is merged across columns stays in the first one."""
    filled: dict[tuple[int, int], Cell] = {}
    last, width = _extent(sheet)
    width = min(width, MOST_COLUMNS)
    for merged in sheet.merged_cells.ranges:
        first = _cell(
            sheet.cell(merged.min_row, merged.min_col), formulas.cell(merged.min_row, merged.min_col)
        )
        for row in range(merged.min_row + 1, min(merged.max_row, last) + 1):
            filled[row, merged.min_col] = first
    rows = []
    for number in range(1, last + 1):
        cells = tuple(
            filled.get((number, column)) or _cell(sheet.cell(number, column), formulas.cell(number, column))
            for column in range(1, width + 1)
        )
        rows.append(SheetRow(number, cells))
    return tuple(rows)


def _cell(value: object, formula: object) -> Cell:
    """The words of a cell, and the address behind them."""
    from openpyxl.cell import Cell as XlsxCell

    if not isinstance(value, XlsxCell) or not isinstance(formula, XlsxCell):
        return Cell()  # the covered part of a merged range
    link = ""
    if value.hyperlink is not None:
        link = _clean(value.hyperlink.target or "")
    text = _clean(value.value)
    if isinstance(formula.value, str) and (found := _FORMULA_LINK.match(formula.value)):
        link = link or _clean(found[1])
        text = text or link
    return Cell(text, link)


def _clean(value: object) -> str:
    """A cell's value as a person would copy it out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        # The shortest decimal that the spreadsheet shows: 0.1 stays 0.1, and 3.0 is 3.
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\u200b", "").replace("\ufeff", "").replace("\xa0", " ").strip()


def header_name(text: str) -> str:
    """A header's words without notes in brackets, spaces and marks."""
    return _NOT_NAME.sub("", _BRACKETED.sub("", text))


def find_columns(cells: Sequence[Cell], aliases: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Key → column, by exact header names first, then by the longest known name inside a header."""
    names = [header_name(cell.text) for cell in cells]
    known = {header_name(alias): key for key, group in aliases.items() for alias in group}
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in known and known[name] not in found:
            found[known[name]] = index
    for index, name in enumerate(names):
        if index in found.values() or not name:
            continue
        inside = [
            alias for alias in known if len(alias) > 2 and alias in name and len(name) <= len(alias) + 6
        ]
        best = max(inside, key=len, default="")
        if best and known[best] not in found:
            found[known[best]] = index
    return found


def find_header(
    sheet: Sheet, aliases: Mapping[str, Iterable[str]], needed: Iterable[str], *, least: int = 2
) -> tuple[int, dict[str, int]] | None:
    """Index of the header row and its columns: the row among the first ones that names the most columns."""
    wanted = set(needed)
    best: tuple[int, dict[str, int]] | None = None
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns = find_columns(row.cells, aliases)
        score = (len(wanted & set(columns)), len(columns))
        if score[1] >= least and (best is None or score > (len(wanted & set(best[1])), len(best[1]))):
            best = index, columns
    return best
