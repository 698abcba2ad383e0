"""问题台账: one line for each deficiency, with the columns that real ledgers have; its points add up in the open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from desk.case_state import BEIJING
from desk.caseload import Case
from desk.final_score import FinalSheet
from desk.life import Life, Status
from desk.papers.text import Grid, Table
from desk.reports.scoresheet import MAJORS
from desk.reports.wording import LEDGER as HEADS
from desk.reports.wording import one_line, points

KINDS = (
    "whole", "text", "name", "text", "text", "text", "text", "link", "day", "text", "points", "text", "day", "open", "text",
    "day", "text",
)  # fmt: skip
ANNEX = ("序号", "问题编号", "指标", "问题描述", "网址", "发现时间", "依据", "建议扣分", "整改要求")
ANNEX_WIDTHS = (10.0, 31.0, 19.0, 45.0, 31.0, 23.0, 25.0, 13.0, 28.0)
CAPPED = "一级指标扣分不超过权重，调回"


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One deficiency as the ledger shows it."""

    unit_id: str
    unit: str
    number: str
    name: str
    """Of the fault."""
    section: str
    row: tuple[str, ...]
    message: str
    url: str
    found: date
    basis: str
    points: Decimal
    remedy: str
    due: date | None
    told: str
    """What the unit has said of its mending."""
    result: str
    looked: date | None
    closed: str
    major: bool
    status: str = ""


def ledger_rows(
    cases: Iterable[Case],
    known: Mapping[str, Life],
    sheets: Mapping[str, FinalSheet],
    *,
    due: date | None = None,
) -> tuple[LedgerRow, ...]:
    """The lines of these cases, as people decided them. `due` is a deadline that is being set."""
    granted = {
        line.number: line.granted
        for sheet in sheets.values()
        for section in sheet.sections
        for row in section.rows
        for line in row.lines
    }
    rows = []
    for case in cases:
        finding, deficiency = case.finding, case.deficiency
        life = known.get(case.number) or Life(number=case.number)
        address = deficiency.outcome.page_url or next(
            (one.url for one in deficiency.outcome.evidence if one.url), ""
        )
        rows.append(
            LedgerRow(
                unit_id=case.unit.unit_id,
                unit=case.unit.short_name,
                number=case.number,
                name=finding.name,
                section=finding.section,
                row=finding.row,
                message=one_line(deficiency.message),
                url=address,
                found=deficiency.first_at,
                basis="；".join(finding.basis),
                points=granted.get(case.number, Decimal("0.00")),
                remedy=finding.remedy,
                due=due or life.due,
                told=life.explained.reason if life.explained else "",
                result=RESULT_WORDS[life.look.result.value] if life.look else "",
                looked=life.look.at.astimezone(BEIJING).date() if life.look else None,
                closed=f"已销号（{life.closed}）" if life.closed else "",
                major=finding.section == MAJORS,
                status=life.status.value,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: (one.unit_id, not one.major, one.number)))


RESULT_WORDS = {
    "fixed": Status.FIXED.value, "not_fixed": Status.NOT_FIXED.value, "unseen": Status.UNSEEN.value,
    "moved": Status.MOVED.value,
}  # fmt: skip


def capped(rows: Iterable[LedgerRow], sheets: Mapping[str, FinalSheet]) -> Decimal:
    """What the level-1 caps give back of the sum of these lines."""
    weights = {
        (unit_id, section.name): section.weight
        for unit_id, sheet in sheets.items()
        for section in sheet.sections
    }
    asked: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        place = (row.unit_id, row.section)
        asked[place] = asked.get(place, Decimal(0)) + row.points
    over = Decimal(0)
    for place, total in asked.items():
        weight = weights.get(place)
        over += max(Decimal(0), total - weight) if weight is not None else Decimal(0)
    return over


def ledger_table(rows: Sequence[LedgerRow], over: Decimal, title: str, note: str) -> Table:
    """The ledger as a sheet."""
    lines = [_line(nth, row) for nth, row in enumerate(rows, 1)]
    if over:
        lines.append(_padded({6: CAPPED, 10: f"{-over:f}"}))
    total = sum((row.points for row in rows), Decimal(0)) - over
    return Table(
        name="问题台账", title=title, heads=HEADS, kinds=KINDS, rows=tuple(lines),
        total=_padded({0: "合计", 10: f"{total:f}"}), note=note,
    )  # fmt: skip


def ledger_annex(rows: Sequence[LedgerRow], over: Decimal) -> Grid:
    """The ledger as an annex on a wide page."""
    lines: list[tuple[str, ...]] = [
        (
            str(nth), row.number, " › ".join((row.section, *row.row)) or "提示性检查项", row.message, row.url,
            row.found.isoformat(), row.basis, points(row.points), row.remedy,
        )
        for nth, row in enumerate(rows, 1)
    ]  # fmt: skip
    if over:
        lines.append(("", "", "", CAPPED, "", "", "", f"−{points(over)}", ""))
    total = sum((row.points for row in rows), Decimal(0)) - over
    lines.append(("", "合计", "", f"{len(rows)}个问题", "", "", "", points(total), ""))
    return Grid(
        heads=ANNEX, rows=tuple(lines), widths=ANNEX_WIDTHS, right=(7,), links=(4,), bold=(len(lines) - 1,),
    )  # fmt: skip


def _line(nth: int, row: LedgerRow) -> tuple[str, ...]:
    second, third = (*row.row, "", "")[:2]
    return (
        str(nth), row.unit, row.number, row.section, second, third, row.message, row.url, row.found.isoformat(), row.basis,
        f"{row.points:f}", row.remedy, row.due.isoformat() if row.due else "", row.told, row.result,
        row.looked.isoformat() if row.looked else "", row.closed,
    )  # fmt: skip


def _padded(cells: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in range(len(HEADS)))
