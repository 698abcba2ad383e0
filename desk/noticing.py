"""Confirmed deficiencies become papers that ask for their mending, and rechecks become papers that tell the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from desk.acting import Refused
from desk.caseload import Case, Caseload
from desk.final_score import FinalSheet
from desk.installation import Installation
from desk.life import Life
from desk.lives import lives
from desk.papers.issuing import Issue, issue
from desk.papers.ledger import capped, ledger_rows, ledger_table
from desk.papers.notice import NoticeFacts, notice_text
from desk.papers.recheck_table import LookRow, look_rows, recheck_text
from desk.papers.text import PaperText, Table
from desk.recheck_pictures import drawn_pairs
from desk.rectification import appeal_days, ask_recheck, deadline, rectify_days, to_notify
from desk.reports.wording import chinese_date
from desk.sheet import sheets_of
from dossier.model import SourceStatus, Unit
from dossier.store import Store
from dossier.store.issued import IssuedPaper
from dossier.store.users import Account

BASIS = "晋政办函〔2020〕42号"


def shown_sheets(installation: Installation, kept: Store, load: Caseload) -> dict[str, FinalSheet]:
    """Unit → its score sheet as decided: closed where it is closed."""
    return {unit: sheet.shown for unit, sheet in sheets_of(installation, kept, load).items()}


def issue_notices(
    installation: Installation,
    kept: Store,
    load: Caseload,
    *,
    who: Account,
    at: datetime,
    units: Sequence[str] = (),
    days: int = 0,
    again: bool = False,
    contact: str = "",
    place: str = "",
) -> tuple[IssuedPaper, ...]:
    """One notice to every unit (or the named ones) that has something to mend; asks for the rechecks, too."""
    known = lives(kept, load, installation.calendar)
    waiting = to_notify(load, known, again=again)
    wanted = {unit: cases for unit, cases in waiting.items() if not units or unit in units}
    term = _term(kept, days)
    until = deadline(installation.calendar, load.today, term).day
    sheets = shown_sheets(installation, kept, load)
    made = []
    with kept.writing():
        for unit_id, cases in sorted(wanted.items()):
            write = _written(
                installation, kept, cases, known, sheets, at=at, day=load.today, due=until, term=term, again=again, contact=contact
            )  # fmt: skip
            numbers = [case.number for case in cases]
            one = Issue(
                kind="notice", write=write, unit_id=unit_id, run_id=cases[0].paper.standing.run_id, due=until,
                items=tuple((number, until) for number in numbers),
            )  # fmt: skip
            made.append(issue(installation, kept, one, day=load.today, who=who, at=at, place=place))
            # The last day is the unit's; the morning after it is looked at.
            ask_recheck(kept, numbers, until + timedelta(days=1), because="整改期限届满", who=who.name, at=at)
    return tuple(made)


def draft_notice(
    installation: Installation,
    kept: Store,
    load: Caseload,
    unit_id: str,
    *,
    at: datetime,
    days: int = 0,
    again: bool = False,
    contact: str = "",
) -> PaperText | None:
    """The notice as it would leave now, without a number; None where there is nothing to tell the unit."""
    known = lives(kept, load, installation.calendar)
    cases = to_notify(load, known, again=again).get(unit_id)
    if not cases:
        return None
    sheets = shown_sheets(installation, kept, load)
    term = _term(kept, days)
    due = deadline(installation.calendar, load.today, term).day
    return _written(
        installation, kept, cases, known, sheets, at=at, day=load.today, due=due, term=term, again=again, contact=contact
    )("")  # fmt: skip


def _term(kept: Store, days: int) -> int:
    term = days or rectify_days(kept)
    if not 1 <= term <= 250:
        raise Refused("整改期限应为 1 至 250 个工作日。")
    return term


def _written(
    installation: Installation,
    kept: Store,
    cases: Sequence[Case],
    known: Mapping[str, Life],
    sheets: Mapping[str, FinalSheet],
    *,
    at: datetime,
    day: date,
    due: date,
    term: int,
    again: bool,
    contact: str,
) -> Callable[[str], PaperText]:
    """Number → the notice to one unit about these cases."""
    unit, paper = cases[0].unit, cases[0].paper
    report = installation.settings.report
    objecting = appeal_days(kept)
    rows = ledger_rows(cases, known, sheets, due=due)
    own = {case.number: case for case in cases}

    def write(number: str) -> PaperText:
        facts = NoticeFacts(
            unit=unit, number=number, office=report.office, basis=BASIS,
            year=sheets[unit.unit_id].year, inspected=paper.standing.as_of, day=day, due=due, days=term,
            appeal_due=deadline(installation.calendar, day, objecting).day, appeal_days=objecting,
            again=again and any(known[case.number].notice for case in cases),
            assumed=paper.table.source_status is SourceStatus.ASSUMED, contact=contact.strip() or contact_of(installation), made=at,
        )  # fmt: skip
        return notice_text(facts, rows, capped(rows, sheets), own)

    return write


def contact_of(installation: Installation) -> str:
    """Whom a unit may ask, as the settings say: person and telephone."""
    report = installation.settings.report
    return "　".join(part for part in (report.contact.strip(), report.phone.strip()) if part)


def issue_recheck_results(
    installation: Installation,
    kept: Store,
    load: Caseload,
    *,
    who: Account,
    at: datetime,
    units: Sequence[str] = (),
    since: datetime | None = None,
    place: str = "",
) -> tuple[IssuedPaper, ...]:
    """One 复查结果 paper to every unit in which something was looked at again (since a moment)."""
    known = lives(kept, load, installation.calendar)
    looked = list(_looked_at(load, known, units, since))
    pictures = drawn_pairs(installation, [pair for _, pairs in looked for pair in pairs])
    made = []
    with kept.writing():
        for unit, pairs in looked:
            run_id = max(life.look.run_id for _, life in pairs if life.look)

            def write(
                number: str, unit: Unit = unit, rows: tuple[LookRow, ...] = look_rows(pairs)
            ) -> PaperText:
                return recheck_text(
                    unit, rows, number=number, office=installation.settings.report.office, day=load.today, made=at,
                    shown=pictures.get(unit.unit_id, ()), contact=contact_of(installation),
                )  # fmt: skip

            one = Issue(kind="recheck", write=write, unit_id=unit.unit_id, run_id=run_id)
            made.append(issue(installation, kept, one, day=load.today, who=who, at=at, place=place))
    return tuple(made)


def _looked_at(
    load: Caseload, known: Mapping[str, Life], units: Sequence[str], since: datetime | None
) -> Iterable[tuple[Unit, list[tuple[Case, Life]]]]:
    for unit_id, cases in sorted(load.by_unit.items()):
        pairs = [(case, known[case.number]) for case in cases if case.number in known]
        pairs = [
            (case, life) for case, life in pairs if life.look and (since is None or life.look.at >= since)
        ]
        if pairs and (not units or unit_id in units):
            yield pairs[0][0].unit, pairs


def ledger_of(
    installation: Installation, kept: Store, load: Caseload, *, units: Sequence[str] = ()
) -> tuple[Table, int]:
    """The ledger of everything that counts now, and how many lines it has."""
    known = lives(kept, load, installation.calendar)
    sheets = shown_sheets(installation, kept, load)
    cases = [
        case
        for case in load.cases
        if (case.state.in_force or known[case.number].notice) and (not units or case.unit.unit_id in units)
    ]
    rows = ledger_rows(cases, known, sheets)
    note = f"截至{chinese_date(load.today)}。浅黄色单元格由单位填写。所列扣分为建议扣分，以审定结果为准。"
    return ledger_table(rows, capped(rows, sheets), "政务公开网上检查问题台账", note), len(rows)
