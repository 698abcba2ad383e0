"""The papers of a period: the 通报稿 of a quarter or a year, and the year's 结果呈报表."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from desk.acting import Refused
from desk.caseload import Caseload
from desk.highlights import claims_of
from desk.installation import Installation
from desk.life import Life
from desk.lives import lives
from desk.next_steps import repeat_offences
from desk.noticing import BASIS
from desk.papers.brief import Waiting, brief_text
from desk.papers.bulletin import bulletin_text, scores_in
from desk.papers.bulletin_facts import BulletinFacts, Placed
from desk.papers.campaign_papers import ResultRow, result_text
from desk.papers.issuing import Issue, issue
from desk.papers.ledger import LedgerRow, ledger_rows
from desk.papers.text import PaperText, read_back
from desk.periods import Period, closed_scores, of_year, year_sheets
from desk.reports.wording import points
from desk.sheet import Sheet
from dossier.model import IndicatorTable, SourceStatus
from dossier.store import Store
from dossier.store.issued import IssuedPaper, issued_papers
from dossier.store.users import Account


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
    facts, rows, known = _facts_of(
        installation, kept, load, period, day=day, made=made, highlights=highlights
    )
    return bulletin_text(facts, rows, known, number)


def brief_of(
    installation: Installation, kept: Store, load: Caseload, period: Period, *, day: date, made: datetime
) -> PaperText:
    """The one page for the leadership, as things stand now."""
    facts, rows, known = _facts_of(installation, kept, load, period, day=day, made=made)
    waiting = Waiting(open=load.counts["waiting"], appeals=load.counts["appeals"])
    return brief_text(facts, rows, known, waiting)


def _facts_of(
    installation: Installation,
    kept: Store,
    load: Caseload,
    period: Period,
    *,
    day: date,
    made: datetime,
    highlights: Sequence[str] = (),
) -> tuple[BulletinFacts, tuple[LedgerRow, ...], dict[str, Life]]:
    """What the papers of a period speak of: the units, what is confirmed against them, and how each thing stands."""
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
    return facts, rows, known


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
    """What units claimed, as a first text of 主要做法和成效; the drafter makes it good. What was declined is left out."""
    found = []
    for claim in claims_of(kept, year):
        declined = claim.word is not None and claim.word.kind == "decline"
        if claim.unit_id in load.papers and not declined:
            name = load.papers[claim.unit_id].standing.unit.short_name
            told = f"{claim.medium}报道" if claim.medium else ""
            mark = "" if claim.word else "（单位申报，待核）"
            found.append(f"{name}：{told}《{claim.title}》{mark}。")
    return tuple(found)


def _last_band(tables: Sequence[IndicatorTable]) -> str:
    return next((table.bands[-1][0] for table in tables if table.bands), "")
