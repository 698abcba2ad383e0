"""The assessment year runs from 1 January to 31 December; closing it freezes every sheet, and the next begins with its own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import msgspec

from desk.case_state import BEIJING
from desk.caseload import Case, Caseload
from desk.decisions import DECIDERS, Refused
from desk.final_score import FinalSheet
from desk.installation import Installation
from desk.life import Life
from desk.next_steps import repeat_offences
from desk.noticing import BASIS
from desk.papers.bulletin import BulletinFacts, Placed, bulletin_text, scores_in
from desk.papers.campaign_papers import ResultRow, result_text
from desk.papers.issuing import Issue, issue
from desk.papers.ledger import ledger_rows
from desk.papers.text import PaperText, read_back
from desk.rectification import lives
from desk.reports.wording import points
from desk.sheet import Sheet, close_sheet, sheets_of
from dossier.model import IndicatorTable, SourceStatus
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.campaigns import campaign_events
from dossier.store.case_events import DECISIONS
from dossier.store.issued import IssuedPaper, issued_papers
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


def counts_in(case: Case, year: int) -> bool:
    """Whether a decided deficiency belongs to a year: first found in it, or decided anew in it because it still stood."""
    if case.deficiency.first_at.year == year:
        return True
    decided = [event.at.astimezone(BEIJING).year for event in case.events if event.kind in DECISIONS]
    stood = case.deficiency.last_at.year == year
    return stood and year in decided and any(one < year for one in decided)


def of_year(load: Caseload, year: int) -> Caseload:
    """The caseload with what belongs to a year."""
    return replace(load, cases=tuple(case for case in load.cases if counts_in(case, year)))


def year_sheets(installation: Installation, kept: Store, load: Caseload) -> dict[str, Sheet]:
    """Each unit's sheet of the year of its table; last year's faults do not cost again this year."""
    found = {
        unit_id: sheet
        for year in {table.year for table in installation.tables.indicators.values()}
        for unit_id, sheet in sheets_of(installation, kept, of_year(load, year)).items()
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
    own = of_year(load, year)
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


def last_bulletin(kept: Store, period: Period) -> tuple[str, dict[str, Decimal]]:
    """Name and scores of the last bulletin issued about an earlier period; empty where there was none."""
    for paper in reversed(issued_papers(kept, "bulletin")):
        text = read_back(paper.value)
        if paper.day <= period.first or text.title[0] != "关于" + period.name:
            return text.title[0].removeprefix("关于"), scores_in(text)
    return "", {}


def bulletin_of(
    installation: Installation,
    kept: Store,
    load: Caseload,
    period: Period,
    *,
    day: date,
    made: datetime,
    highlights: Sequence[str] = (),
    number: str = "",
) -> PaperText:
    """The 通报稿 of a period."""
    own = of_year(load, period.last.year)
    sheets = year_sheets(installation, kept, load)
    known = lives(kept, load, installation.calendar)
    named, earlier = last_bulletin(kept, period)
    rows = ledger_rows(
        [case for case in own.cases if case.state.in_force],
        known,
        {unit: sheet.shown for unit, sheet in sheets.items()},
    )
    tables = list(installation.tables.indicators.values())
    facts = BulletinFacts(
        office=installation.settings.report.office, basis=BASIS, period=period.name, first=period.first,
        last=min(period.last, day), day=day, made=made, placed=_placed(load, sheets), before=earlier, before_period=named,
        repeats=repeats(known, period), highlights=tuple(highlights) or _claimed(kept, load, period.last.year),
        assumed=any(table.source_status is SourceStatus.ASSUMED for table in tables), last_band=_last_band(tables),
    )  # fmt: skip
    return bulletin_text(facts, rows, known, number)


def repeats(known: Mapping[str, Life], period: Period) -> dict[str, int]:
    return repeat_offences(known.values(), period.first, period.last)


def issue_bulletin(
    installation: Installation,
    kept: Store,
    load: Caseload,
    period: Period,
    *,
    who: Account,
    at: datetime,
    highlights: Sequence[str] = (),
    place: str = "",
) -> IssuedPaper:
    """Freeze the bulletin as it leaves."""
    runs = sorted({paper.standing.run_id for paper in load.papers.values()})

    def write(number: str) -> PaperText:
        return bulletin_of(
            installation, kept, load, period, day=load.today, made=at, highlights=highlights, number=number
        )

    one = Issue(kind="bulletin", write=write, run_id=runs[-1] if runs else "")
    return issue(installation, kept, one, day=load.today, who=who, at=at, place=place)


def issue_result(
    installation: Installation,
    kept: Store,
    load: Caseload,
    year: int,
    *,
    who: Account,
    at: datetime,
    place: str = "",
) -> IssuedPaper:
    """Freeze the year's 结果呈报表."""

    def write(number: str) -> PaperText:
        return result_of(installation, kept, load, year, day=load.today, made=at, number=number)

    return issue(
        installation, kept, Issue(kind="result", write=write), day=load.today, who=who, at=at, place=place
    )


def result_of(
    installation: Installation,
    kept: Store,
    load: Caseload,
    year: int,
    *,
    day: date,
    made: datetime,
    number: str = "",
) -> PaperText:
    """The 结果呈报表 of a year: closed sheets where they are closed."""
    earlier = closed_scores(kept, year - 1)
    rows = [
        ResultRow(
            unit_id=unit_id, unit=load.papers[unit_id].standing.unit.short_name,
            unit_class=load.papers[unit_id].standing.unit.unit_class, deducted=sheet.shown.deducted, bonus=sheet.shown.bonus,
            score=sheet.shown.score, grade=_grade(load, unit_id, sheet), closed=sheet.closed is not None, before=earlier.get(unit_id),
            inspected=load.papers[unit_id].inspected or sheet.closed is not None,
        )
        for unit_id, sheet in year_sheets(installation, kept, load).items() if sheet.final.year == year
    ]  # fmt: skip
    if not rows:
        raise Refused(f"没有 {year} 年度的评分表。")
    table = next(table for table in installation.tables.indicators.values() if table.year == year)
    bands = "，".join(
        f"{name}不低于{points(least)}分" if least else f"其余{name}" for name, least in table.bands
    )
    return result_text(
        rows, number=number, office=installation.settings.report.office, year=year, bands=bands,
        assumed=table.bands_status is SourceStatus.ASSUMED, day=day, made=made,
    )  # fmt: skip


def _placed(load: Caseload, sheets: Mapping[str, Sheet]) -> tuple[Placed, ...]:
    return tuple(
        Placed(
            unit_id=unit_id, unit=paper.standing.unit.short_name,
            site=next((site.name for site in paper.standing.unit.websites), ""),
            unit_class=paper.standing.unit.unit_class, inspected=paper.inspected, score=sheets[unit_id].shown.score,
            grade=_grade(load, unit_id, sheets[unit_id]), closed=sheets[unit_id].closed is not None,
        )
        for unit_id, paper in load.papers.items() if unit_id in sheets
    )  # fmt: skip


def _grade(load: Caseload, unit_id: str, sheet: Sheet) -> str:
    """No grade is proposed for a unit that was not seen, unless people closed its sheet."""
    return sheet.shown.grade if load.papers[unit_id].inspected or sheet.closed else ""


def _claimed(kept: Store, load: Caseload, year: int) -> tuple[str, ...]:
    """What units claimed, as a first text of 主要做法和成效; the drafter makes it good."""
    found = []
    for event in campaign_events(kept, year):
        if event.kind == "highlight" and event.unit_id in load.papers:
            title = event.text.partition("\n")[0]
            name = load.papers[event.unit_id].standing.unit.short_name
            found.append(
                f"{name}：{event.item + '报道' if event.item else ''}《{title}》（单位申报，待核）。"
            )
    return tuple(found)


def _last_band(tables: Sequence[IndicatorTable]) -> str:
    return next((table.bands[-1][0] for table in tables if table.bands), "")
