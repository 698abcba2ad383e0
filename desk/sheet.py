"""A unit's score sheet: lines typed in by hand, the sum as decided so far, and the day it is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from desk.acting import Refused
from desk.case_state import Stage
from desk.caseload import Case, Caseload
from desk.counting import assessed_year, counts_in
from desk.decisions import MOST_POINTS
from desk.final_score import Counted, FinalSheet, final_sheet, in_force
from desk.installation import Installation
from dossier.model import IndicatorTable, UnitClass
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.sheets import Closing, HandLine, add_closing, add_hand_line, closings, hand_lines
from dossier.store.users import Account, Role
from dossier.tables import Tables


@dataclass(frozen=True)
class Sheet:
    """One unit's sheet as it stands now, and what still stands in the way of closing it."""

    final: FinalSheet
    closed: Closing | None
    lacking: tuple[str, ...]
    """Chinese: what is not done yet."""
    waiting: int
    pending: dict[tuple[str, tuple[str, ...]], tuple[int, Decimal]]
    """Row → how many findings wait there, and what the machine suggests for them."""
    hand: tuple[HandLine, ...]
    history: tuple[Closing, ...]

    @property
    def shown(self) -> FinalSheet:
        """The sheet as it was closed, or as it stands."""
        if self.closed is None:
            return self.final
        return msgspec.json.decode(self.closed.value, type=FinalSheet)


def sheet_of(installation: Installation, kept: Store, load: Caseload, unit_id: str) -> Sheet:
    """The sheet of a unit; KeyError where the unit was never scored."""
    return _sheet(installation, load, unit_id, kept_lines(installation, kept, load, unit_id))


def sheets_of(installation: Installation, kept: Store, load: Caseload) -> dict[str, Sheet]:
    """The sheets of all units; reckoned again only when something they rest on has changed."""
    tables = installation.tables
    years = sorted({table.year for table in tables.indicators.values()})
    lines = tuple(line for year in years for line in hand_lines(kept, year))
    ends = tuple(one for year in years for one in closings(kept, year))
    known = _reckoned.get(kept.path)
    if known is None or known[0] is not load or known[1] is not tables or known[2] != (lines, ends):
        found = {
            unit_id: _sheet(
                installation, load, unit_id,
                (tuple(x for x in lines if x.unit_id == unit_id), tuple(x for x in ends if x.unit_id == unit_id)),
            )
            for unit_id in load.papers
        }  # fmt: skip
        _reckoned[kept.path] = known = (load, tables, (lines, ends), found)
    return dict(known[3])


_Entered = tuple[tuple[HandLine, ...], tuple[Closing, ...]]
_reckoned: dict[Path, tuple[Caseload, Tables, _Entered, dict[str, Sheet]]] = {}


def kept_lines(
    installation: Installation, kept: Store, load: Caseload, unit_id: str
) -> tuple[tuple[HandLine, ...], tuple[Closing, ...]]:
    year = table_of(installation, load, unit_id).year
    return hand_lines(kept, year, unit_id), closings(kept, year, unit_id)


def table_of(installation: Installation, load: Caseload, unit_id: str) -> IndicatorTable:
    unit_class: UnitClass = load.papers[unit_id].standing.unit.unit_class
    return installation.tables.indicators[unit_class]


def counted_of(cases: Sequence[Case]) -> tuple[Counted, ...]:
    """The findings that people let count."""
    return tuple(Counted(case.deficiency, case.state.points) for case in cases if case.state.in_force)


def _sheet(
    installation: Installation,
    load: Caseload,
    unit_id: str,
    entered: _Entered,
) -> Sheet:
    typed, ends = entered
    paper = load.papers[unit_id]
    cases = load.by_unit.get(unit_id, ())
    table = table_of(installation, load, unit_id)
    year = assessed_year(table.year, load.today)
    final = final_sheet(
        paper.standing.unit, counted_of([case for case in cases if counts_in(case, year)]), typed, table,
        covers=installation.tables.covers, run_id=paper.standing.run_id,
    )  # fmt: skip
    waiting = sum(case.waits for case in cases)
    checking = sum(case.state.stage is Stage.CHECK for case in cases)
    deferred = sum(case.state.stage is Stage.DEFERRED for case in cases)
    lacking = [
        f"{count} {words}"
        for count, words in (
            (waiting, "个问题还没有处理"),
            (checking, "个决定还没有复核"),
            (deferred, "个问题暂缓中"),
            (final.open_rows, "行线下指标还没有录入"),
        )
        if count
    ]
    if not paper.inspected:
        lacking.append(f"网站未能检测（{paper.reason}）")
    last = ends[-1] if ends else None
    return Sheet(
        final,
        last if last and last.kind == "close" else None,
        tuple(lacking),
        waiting,
        _pending(cases),
        typed,
        ends,
    )


def _pending(cases: Sequence[Case]) -> dict[tuple[str, tuple[str, ...]], tuple[int, Decimal]]:
    found: dict[tuple[str, tuple[str, ...]], tuple[int, Decimal]] = {}
    for case in cases:
        if not case.waits or case.state.in_force:
            continue
        place = (case.finding.section, case.finding.row)
        count, points = found.get(place, (0, Decimal(0)))
        found[place] = (count + 1, points + case.finding.granted)
    return found


def enter_line(
    installation: Installation,
    kept: Store,
    load: Caseload,
    unit_id: str,
    *,
    section: str,
    path: tuple[str, ...],
    kind: str,
    points: str,
    reason: str,
    attachment: int | None,
    who: Account,
    at: datetime,
    place: str = "",
) -> None:
    """Type a line into an offline row, or a bonus; the last one of a row is in force."""
    _must_decide(who)
    table = table_of(installation, load, unit_id)
    _must_be_open(sheet_of(installation, kept, load, unit_id))
    most = _most(table, section, path, kind)
    try:
        value = Decimal(points.strip()) if kind != "void" else Decimal(0)
    except InvalidOperation:
        raise Refused("请写出分数，如 0.5；没有扣分写 0。") from None
    if not value.is_finite() or not 0 <= value <= MOST_POINTS or value != value.quantize(Decimal("0.01")):
        raise Refused("分数应在 0 到 100 之间，最多两位小数。")
    if value > most:
        raise Refused(f"“{'／'.join(path)}”最多 {most} 分，{value} 分超出了。")
    said = reason.strip()
    if not said:
        raise Refused("请写明依据（考核方式、材料、时间）。")
    before = in_force(hand_lines(kept, table.year, unit_id)).get((section, path))
    if kind == "void" and before is None:
        raise Refused("这一行没有录入过。")
    with kept.writing():
        add_hand_line(
            kept,
            HandLine(
                year=table.year, unit_id=unit_id, section=section, path=path, kind=kind, points=value,
                reason=said[:2000], attachment=attachment, who=who.name, at=at,
            ),
        )  # fmt: skip
        old = "未录入" if before is None else f"{before.points} 分"
        new = "撤销" if kind == "void" else f"{value} 分"
        write_audit(
            kept,
            AuditLine(
                at=at, who=who.name, act="hand", object=unit_id, place=place,
                detail=f"{section}／{'／'.join(path)}：{old} → {new}；{said}",
            ),
        )  # fmt: skip


def close_sheet(
    installation: Installation,
    kept: Store,
    load: Caseload,
    unit_id: str,
    *,
    who: Account,
    at: datetime,
    expected: str,
    anyway: bool = False,
    reason: str = "",
    place: str = "",
) -> None:
    """Close a sheet as it stands. `expected` is the score that the person saw; another one is not closed."""
    _must_decide(who)
    sheet = sheet_of(installation, kept, load, unit_id)
    _must_be_open(sheet)
    if expected != str(sheet.final.score):
        raise Refused(f"得分刚刚变为 {sheet.final.score}，请核对后再结账。")
    if sheet.lacking and not (anyway and reason.strip()):
        raise Refused("还不能结账：" + "；".join(sheet.lacking) + "。确需结账请勾选并写明理由。")
    value = msgspec.json.encode(sheet.final).decode()
    one = Closing(
        year=sheet.final.year, unit_id=unit_id, kind="close", value=value,
        sha256=hashlib.sha256(value.encode()).hexdigest(), reason=reason.strip()[:2000], who=who.name, at=at,
    )  # fmt: skip
    with kept.writing():
        add_closing(kept, one)
        detail = f"结账 {sheet.final.score} 分" + (f"；{one.reason}" if one.reason else "")
        write_audit(
            kept, AuditLine(at=at, who=who.name, act="close", object=unit_id, detail=detail, place=place)
        )


def reopen_sheet(
    installation: Installation,
    kept: Store,
    load: Caseload,
    unit_id: str,
    *,
    who: Account,
    at: datetime,
    reason: str,
    place: str = "",
) -> None:
    """Open a closed sheet again, with a reason; what was closed is kept."""
    if who.role is not Role.ADMIN:
        raise Refused("只有管理员可以重开已结账的评分表。")
    sheet = sheet_of(installation, kept, load, unit_id)
    if sheet.closed is None:
        raise Refused("这份评分表没有结账。")
    said = reason.strip()[:2000]
    if not said:
        raise Refused("请写明重开的理由。")
    with kept.writing():
        add_closing(
            kept, Closing(year=sheet.final.year, unit_id=unit_id, kind="reopen", reason=said, who=who.name, at=at)
        )  # fmt: skip
        write_audit(
            kept, AuditLine(at=at, who=who.name, act="reopen", object=unit_id, detail=said, place=place)
        )


def _most(table: IndicatorTable, section: str, path: tuple[str, ...], kind: str) -> Decimal:
    for one in table.sections:
        for row in one.rows:
            if (one.name, row.path) == (section, path) and kind in ("deduct", "void"):
                if row.online:
                    raise Refused("网上检查的指标由问题汇总，不能手工录入。")
                return row.weight
    for bonus in table.bonuses:
        if (bonus.parent, (bonus.name,)) == (section, path) and kind in ("bonus", "void"):
            weight = next((one.weight for one in table.sections if one.name == bonus.parent), Decimal(0))
            return weight * bonus.share
    raise Refused("评分表里没有这一行。")


def _must_decide(who: Account) -> None:
    if who.disabled or who.role not in (Role.ADMIN, Role.ASSESSOR):
        raise Refused("只有考核人员可以这样做。")


def _must_be_open(sheet: Sheet) -> None:
    if sheet.closed is not None:
        raise Refused("评分表已经结账，不能再改。需要改动请管理员先重开。")
