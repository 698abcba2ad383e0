"""The assessment year runs from 1 January to 31 December; closing it freezes every sheet, and the next begins with its own table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import msgspec

from desk.acting import DECIDERS, Refused
from desk.caseload import Caseload
from desk.counting import assessed_year, counts_in
from desk.final_score import FinalSheet
from desk.installation import Installation
from desk.sheet import Sheet, close_sheet, sheets_of
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.sheets import closings
from dossier.store.users import Account

_QUARTERS = "一二三四"


@dataclass(frozen=True)
class Period:
    """A stretch of days with a name."""

    name: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def year_of(year: int) -> Period:
    return Period(f"{year}年度", date(year, 1, 1), date(year, 12, 31))


def quarter_of(day: date) -> Period:
    """The quarter in which a day lies."""
    nth = (day.month - 1) // 3
    first = date(day.year, 3 * nth + 1, 1)
    after = date(day.year + (nth == 3), (3 * nth + 3) % 12 + 1, 1)
    return Period(f"{day.year}年第{_QUARTERS[nth]}季度", first, date.fromordinal(after.toordinal() - 1))


def before(period: Period) -> Period:
    """The period of the same length before."""
    last = date.fromordinal(period.first.toordinal() - 1)
    return year_of(last.year) if period.name.endswith("年度") else quarter_of(last)


def of_year(load: Caseload, year: int) -> Caseload:
    """The caseload with what belongs to a year."""
    return replace(load, cases=tuple(case for case in load.cases if counts_in(case, year)))


def year_sheets(installation: Installation, kept: Store, load: Caseload) -> dict[str, Sheet]:
    """Each unit's sheet of the year of its table; last year's faults do not cost again this year."""
    found = {
        unit_id: sheet
        for year in {table.year for table in installation.tables.indicators.values()}
        for unit_id, sheet in sheets_of(
            installation, kept, of_year(load, assessed_year(year, load.today))
        ).items()
        if sheet.final.year == year
    }
    return dict(sorted(found.items()))


def close_year(
    installation: Installation,
    kept: Store,
    load: Caseload,
    year: int,
    *,
    who: Account,
    at: datetime,
    reason: str = "",
    place: str = "",
) -> tuple[str, ...]:
    """Close every sheet of a year that is still open, all or none; says which. With a reason also what is not complete."""
    if who.disabled or who.role not in DECIDERS:
        raise Refused("只有考核人员可以结账。")
    if load.today <= year_of(year).last:
        raise Refused(
            f"{year} 年度还没有结束（到 {year_of(year).last} 为止），不能整体结账。个别单位可在评分表上结账。"
        )
    own = of_year(load, assessed_year(year, load.today))
    sheets = {
        unit: sheet
        for unit, sheet in year_sheets(installation, kept, load).items()
        if sheet.final.year == year
    }
    if not sheets:
        raise Refused(f"现在的评分表不是 {year} 年度的，没有可以结账的评分表。")
    waiting = [
        f"{unit}（{'；'.join(sheet.lacking)}）"
        for unit, sheet in sheets.items()
        if sheet.closed is None and sheet.lacking
    ]
    if waiting and not reason.strip():
        shown = "、".join(waiting[:5]) + ("等" if len(waiting) > 5 else "")
        raise Refused(f"还有 {len(waiting)} 个单位不能结账：{shown}。确需结账请写明理由。")
    closed = []
    with kept.writing():
        for unit, sheet in sheets.items():
            if sheet.closed is None:
                close_sheet(
                    installation, kept, own, unit, who=who, at=at, expected=str(sheet.final.score),
                    anyway=bool(sheet.lacking), reason=reason, place=place,
                )  # fmt: skip
                closed.append(unit)
        write_audit(
            kept,
            AuditLine(at=at, who=who.name, act="period-close", object=str(year), detail=f"{year}年度结账 {len(closed)} 个单位；{reason}", place=place),
        )  # fmt: skip
    return tuple(closed)


def closed_scores(kept: Store, year: int) -> dict[str, Decimal]:
    """Unit → its score as the sheets of a year were closed."""
    found: dict[str, Decimal] = {}
    for one in closings(kept, year):
        if one.kind == "close":
            found[one.unit_id] = msgspec.json.decode(one.value, type=FinalSheet).score
        else:
            found.pop(one.unit_id, None)
    return found


@dataclass(frozen=True)
class Comparison:
    """One unit now and before."""

    unit_id: str
    now: Decimal
    before: Decimal | None

    @property
    def moved(self) -> Decimal | None:
        return None if self.before is None else self.now - self.before


def compare(now: Mapping[str, Decimal], earlier: Mapping[str, Decimal]) -> tuple[Comparison, ...]:
    return tuple(Comparison(unit, score, earlier.get(unit)) for unit, score in now.items())
