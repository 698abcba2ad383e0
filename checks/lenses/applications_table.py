"""The table 收到和处理政府信息公开申请情况 must add up; its form is prescribed (60号, 30号)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.lenses.titles import squeeze
from dossier.model import TableFacts

_NEW = re.compile(r"本年(?:度)?新收")
_CARRIED = re.compile(r"上年(?:度)?结转")
_HANDLED = re.compile(r"(?:本年度?)?办理结果")
_TOTAL = re.compile(r"\(七\)总计|\(六\)总计|总计$|合计$")
_LEFT = re.compile(r"结转下(?:一)?年度?")
_FIGURE = re.compile(r"^\d{1,7}(?:\.0+)?$")
_TWO = re.compile(r"\d\s+\d")
_EMPTY = re.compile(r"^[-—–/\\]*$")


@dataclass(frozen=True)
class Line:
    """One row: what it is called, and its figures (None where a cell holds none)."""

    label: str
    figures: tuple[int | None, ...]


@dataclass(frozen=True)
class ApplicationsTable:
    columns: tuple[str, ...]
    """自然人 … 总计."""
    new: Line
    carried: Line
    handled: tuple[Line, ...]
    total: Line
    left: Line

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.new, self.carried, *self.handled, self.total, self.left)


@dataclass(frozen=True)
class Sum:
    """One sum that does not come out; `firm` unless an empty cell takes part in it."""

    where: str
    working: str
    firm: bool
    prescribed: bool = True
    """One of the sums that the form itself prescribes."""


def is_applications_table(table: TableFacts) -> bool:
    words = squeeze("".join(map("".join, table.rows)))
    return bool(_NEW.search(words) and _LEFT.search(words))


def speaks_of_applications(text: str) -> bool:
    """Whether a running text holds the words of the table, as a table whose cells were lost does."""
    words = squeeze(text)
    return bool(_NEW.search(words) and _LEFT.search(words) and "自然人" in words and _HANDLED.search(words))


def read_applications(table: TableFacts) -> ApplicationsTable | None:
    """The table with its figures, or None where its form cannot be made out with certainty."""
    rows = [tuple(squeeze(cell) for cell in row) for row in table.rows]
    head = next((n for n, row in enumerate(rows) if "自然人" in row and any("总计" in c for c in row)), None)
    if head is None:
        return None
    start = rows[head].index("自然人")
    end = max(n for n, cell in enumerate(rows[head]) if "总计" in cell)
    first = next((n for n, row in enumerate(rows) if n > head and _NEW.search("".join(row[:start]))), None)
    if first is None or end <= start:
        return None
    columns = rows[first - 1][start : end + 1]
    width = end - start + 1
    if len(columns) != width or "自然人" not in columns[0] or "总计" not in columns[-1]:
        return None
    lines: list[Line] = []
    for row, raw in zip(rows[first:], table.rows[first:], strict=True):
        if not any(row):
            continue
        if lines and _LEFT.search(lines[-1].label):
            break  # what stands below its last row is a note
        if len(row) < end + 1:
            return None
        early = _early(row[:start])
        if any(row[end + 1 - early : end + 1]):
            return None
        figures = tuple(_figure(cell) for cell in raw[start - early : end + 1 - early])
        if NO_FIGURE in figures:
            return None
        lines.append(Line("".join(dict.fromkeys(row[: start - early])), figures))
    return _arrange(tuple(columns), lines)


def _early(labels: Sequence[str]) -> int:
    """How many figures stand where the names of rows do: the cell beside them spans too few rows, and all moved to the left."""
    return next((n for n, cell in enumerate(reversed(labels)) if not _FIGURE.match(cell)), 0)


NO_FIGURE = -1


def _figure(cell: str) -> int | None:
    """A count, None for an empty cell, NO_FIGURE for what is none. Two figures in one cell are not one figure."""
    if _TWO.search(unicodedata.normalize("NFKC", cell)):
        return NO_FIGURE
    packed = squeeze(cell).replace(",", "").replace("，", "").removesuffix("件")
    if _EMPTY.match(packed):
        return None
    return int(float(packed)) if _FIGURE.match(packed) else NO_FIGURE


def _arrange(columns: tuple[str, ...], lines: list[Line]) -> ApplicationsTable | None:
    new = [n for n, line in enumerate(lines) if _NEW.search(line.label)]
    carried = [n for n, line in enumerate(lines) if _CARRIED.search(line.label)]
    left = [n for n, line in enumerate(lines) if _LEFT.search(line.label)]
    if not (len(new) == len(carried) == len(left) == 1) or not new[0] < carried[0] < left[0]:
        return None
    between = lines[carried[0] + 1 : left[0]]
    totals = [n for n, line in enumerate(between) if _TOTAL.search(line.label)]
    if totals != [len(between) - 1]:
        return None
    handled = tuple(
        line
        for line in between[:-1]
        if not (
            _HANDLED.search(line.label) and line.label.endswith("办理结果") and set(line.figures) == {None}
        )
    )
    return ApplicationsTable(columns, lines[new[0]], lines[carried[0]], handled, between[-1], lines[left[0]])


def wrong_sums(table: ApplicationsTable) -> Iterator[Sum]:
    """Every sum of the table that does not come out, with its working."""
    for n, column in enumerate(table.columns):
        parts = [line.figures[n] for line in (table.new, table.carried, table.total, table.left)]
        a, b, t, d = (figure or 0 for figure in parts)
        if a + b != t + d:
            yield Sum(
                column, f"{column}：{a}+{b}≠{t}+{d}（新收+上年结转≠办理总计+结转下年度）", None not in parts
            )
    for line in table.lines:
        whole, cells = line.figures[-1], line.figures[:-1]
        if whole is not None and (whole or any(cells)) and sum(cell or 0 for cell in cells) != whole:
            working = "+".join(str(cell or 0) for cell in cells)
            yield Sum(line.label, f"“{line.label}”：{working}≠总计 {whole}", None not in cells)
    for n, column in enumerate(table.columns):
        yield from _handled(table, n, column)


def _handled(table: ApplicationsTable, n: int, column: str) -> Iterator[Sum]:
    cells = [line.figures[n] for line in table.handled]
    whole = table.total.figures[n]
    if len(cells) >= 6 and whole is not None and _sum(cells) != whole:
        yield Sum(
            f"办理结果 {column}",
            f"{column}：办理结果各项之和 {_sum(cells)}≠总计 {whole}",
            firm=False,
            prescribed=False,
        )


def _sum(cells: Sequence[int | None]) -> int:
    return sum(cell or 0 for cell in cells)
