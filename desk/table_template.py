"""The workbook an assessor fills in with the official scoring table; importing it back gives the same table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from desk.table_workbook import ABOUT, BANDS, BONUSES, MAIN, MAIN_COLUMNS, MAJORS, OTHER_SHEETS, UNSCORED
from dossier.model import IndicatorTable, Points, SourceStatus

if TYPE_CHECKING:
    import xlsxwriter

_Value = str | Decimal | None
_WIDTHS = (12, 8, 18, 8, 18, 8, 48, 8, 36, 8, 8, 8, 8, 8)


def write_template(table: IndicatorTable, path: Path) -> Path:
    """Write a table as a workbook with merged indicator cells, ready to be changed and imported."""
    import xlsxwriter  # slow to load, and few commands write workbooks

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    head = book.add_format(
        {"border": 1, "bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "vcenter"}
    )
    _write_main(book, table, cell, head)
    status = {SourceStatus.OFFICIAL: "官方", SourceStatus.ASSUMED: "假定"}
    others: dict[str, list[Sequence[_Value]]] = {
        MAJORS: [(major.name, *_points(points)) for major in table.majors for points in major.points],
        BONUSES: [(bonus.name, bonus.parent, bonus.share) for bonus in table.bonuses],
        UNSCORED: list(table.unscored.items()),
        BANDS: list(table.bands),
        ABOUT: [
            ("类别", table.unit_class.value),
            ("年度", Decimal(table.year)),
            ("名称", table.title),
            ("来源状态", status[table.source_status]),
            ("来源", table.source),
            ("等次来源状态", status[table.bands_status]),
        ],
    }
    for name, lines in others.items():
        sheet = book.add_worksheet(name)
        sheet.set_column(0, len(OTHER_SHEETS[name]) - 1, 26)
        _put_row(sheet, 0, OTHER_SHEETS[name], head)
        for number, line in enumerate(lines, start=1):
            _put_row(sheet, number, line, cell)
    book.close()
    return path


def _write_main(book: xlsxwriter.Workbook, table: IndicatorTable, cell: object, head: object) -> None:
    sheet = book.add_worksheet(MAIN)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    _put_row(sheet, 0, MAIN_COLUMNS, head)
    sheet.freeze_panes(1, 0)
    line = 1
    for section in table.sections:
        top = line
        above: dict[str, tuple[int, Decimal]] = {}
        for row in section.rows:
            start = line
            for points in row.points or (None,):
                if points is not None:
                    rule = _points(points)
                    for column, value in zip(range(8, 13), rule, strict=True):
                        _put(sheet, line, column, value, cell)
                line += 1
            first, total = above.get(row.path[0], (start, Decimal(0)))
            above[row.path[0]] = first, total + row.weight
            deep = len(row.path) == 2
            _merge(sheet, start, line - 1, 4, row.path[1] if deep else None, cell)
            _merge(sheet, start, line - 1, 5, row.weight if deep else None, cell)
            _merge(sheet, start, line - 1, 6, row.standard, cell)
            _merge(sheet, start, line - 1, 7, "是" if row.online else "否", cell)
            _merge(sheet, start, line - 1, 13, row.cap, cell)
        ends = [*[first for first, _ in above.values()][1:], line]
        for (name, (first, total)), end in zip(above.items(), ends, strict=True):
            _merge(sheet, first, end - 1, 2, name, cell)
            _merge(sheet, first, end - 1, 3, total, cell)
        _merge(sheet, top, line - 1, 0, section.name, cell)
        _merge(sheet, top, line - 1, 1, section.weight, cell)


def _points(points: Points) -> tuple[_Value, ...]:
    return points.rule_id, points.points, "是" if points.once else "否", points.cap, points.severity


def _put_row(
    sheet: xlsxwriter.worksheet.Worksheet, line: int, values: Sequence[_Value], style: object
) -> None:
    for column, value in enumerate(values):
        _put(sheet, line, column, value, style)


def _put(sheet: xlsxwriter.worksheet.Worksheet, line: int, column: int, value: _Value, style: object) -> None:
    if value is None or value == "":
        sheet.write_blank(line, column, None, style)
    elif isinstance(value, Decimal):
        sheet.write_number(line, column, value, style)
    else:
        sheet.write_string(line, column, value, style)


def _merge(
    sheet: xlsxwriter.worksheet.Worksheet, first: int, last: int, column: int, value: _Value, style: object
) -> None:
    if last > first:
        sheet.merge_range(first, column, last, column, "", style)
    _put(sheet, first, column, value, style)
