"""All that waits at the desk: what stands against each unit today, and what people did about it."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec

from desk.case_state import CaseState, Effect, Stage, gist_of, state_of
from desk.events import events_of
from desk.installation import Installation
from desk.kept_papers import current_papers, night_of
from desk.relapses import came_again
from desk.reports.paper import Finding, UnitPaper, write_up
from desk.reports.rulebook import current_rules
from desk.reports.scoresheet import MAJORS
from dossier import store
from dossier.model import Deficiency, Severity, Unit, Verdict
from dossier.store import Store, open_store
from dossier.store.case_events import CaseEvent, decided_upon, last_mending_no
from dossier.store.issued import rectify_events


@cache
def _severity_of(rule_id: str) -> Severity:
    rule = current_rules().get(rule_id)
    return rule.severity if rule else Severity.NORMAL


@dataclass(frozen=True)
class Case:
    """One deficiency of one unit with where it stands at the desk."""

    paper: UnitPaper
    finding: Finding
    state: CaseState
    events: tuple[CaseEvent, ...]
    due: date | None
    """By which day it should be decided; None where nothing waits."""
    gone: bool = False
    """Looked for in the last run, and not found any more."""

    @cached_property
    def number(self) -> str:
        return self.deficiency.number

    @property
    def deficiency(self) -> Deficiency:
        return self.finding.deficiency

    @property
    def unit(self) -> Unit:
        return self.paper.standing.unit

    @property
    def rule_id(self) -> str:
        return self.finding.rule_id

    @property
    def verdict(self) -> Verdict:
        return self.deficiency.verdict

    @cached_property
    def severity(self) -> Severity:
        if self.finding.section == MAJORS:
            return Severity.MAJOR
        return _severity_of(self.rule_id)

    @cached_property
    def waits(self) -> bool:
        """Whether an assessor must look."""
        if self.state.stage is not Stage.OPEN or self.verdict is Verdict.ERROR:
            return False
        return not self.gone or self.state.appeal is not None or self.state.came_again is not None

    @cached_property
    def words(self) -> str:
        """By what somebody may look for it: number, unit, fault, sentence, titles and 文号 it names, addresses."""
        outcome, unit = self.deficiency.outcome, self.unit
        named = [value for value in outcome.data.values() if isinstance(value, str)]
        places = dict.fromkeys(one.url for one in outcome.evidence)
        said = (
            self.number, unit.unit_id, unit.short_name, unit.full_name, self.finding.name, self.deficiency.message, outcome.subject,
            outcome.page_url, self.rule_id, *named, *places,
        )  # fmt: skip
        return "\n".join(said).casefold()

    @cached_property
    def cause(self) -> tuple[str, str, str]:
        """Findings with the same cause are decided in one go."""
        return (self.unit.unit_id, self.rule_id, self.verdict.value)


@dataclass(frozen=True)
class Caseload:
    """Everything at the desk on one day."""

    today: date
    papers: Mapping[str, UnitPaper]
    """By unit, in the order of the list."""
    cases: tuple[Case, ...]
    review_days: int = 5
    events: Mapping[str, tuple[CaseEvent, ...]] = field(default_factory=dict)
    """Every event ever, by deficiency number; also of deficiencies that do not stand any more."""
    again: Mapping[str, date] = field(default_factory=dict)
    """What was struck off and is there again: number → since when."""

    @cached_property
    def by_number(self) -> dict[str, Case]:
        return {case.number: case for case in self.cases}

    @cached_property
    def by_unit(self) -> dict[str, tuple[Case, ...]]:
        found: dict[str, list[Case]] = defaultdict(list)
        for case in self.cases:
            found[case.unit.unit_id].append(case)
        return {unit: tuple(cases) for unit, cases in found.items()}

    @cached_property
    def waiting(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.waits)

    @cached_property
    def counts(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for case in self.cases:
            found["waiting"] += case.waits
            found["check"] += case.state.stage is Stage.CHECK
            found["deferred"] += case.state.stage is Stage.DEFERRED
            found["confirmed"] += case.state.in_force
            found["dismissed"] += case.state.effect is Effect.DISMISSED
            found["appeals"] += case.state.appeal is not None
            found["new"] += case.waits and case.deficiency.news == "new"
            found["changed"] += case.waits and case.deficiency.news == "changed"
            found["gone"] += case.gone
            found["overdue"] += case.waits and case.due is not None and case.due < self.today
            found["today"] += case.waits and case.due == self.today
        return found


_loads: dict[Path, tuple[tuple[object, ...], Caseload]] = {}
_lock = threading.Lock()


def load(installation: Installation, kept: Store, today: date, review_days: int = 5) -> Caseload:
    """What stands and what was done, as of now; made again only when something has changed."""
    ledger = events_of(kept)
    papers = current_papers(installation, kept)
    events = ledger.up_to_now(kept)
    key = (
        today,
        review_days,
        ledger.last,
        last_mending_no(kept),
        tuple(id(paper) for paper in papers.values()),
    )
    known = _loads.get(kept.path)
    if known is not None and known[0] == key:
        return known[1]
    if known is not None and _same_mending(kept, known, key, events):
        again = known[1].again
    else:
        again = came_again(kept, events, today, installation.calendar)
    before = (
        known[1].by_number
        if known is not None and known[0][:2] == key[:2] and known[1].again == again
        else {}
    )
    cases: list[Case] = []
    for paper in papers.values():
        standing = [*paper.problems, *paper.questions, *paper.errors]
        for one, gone in [*((one, False) for one in standing), *((one, True) for one in paper.gone)]:
            number = one.deficiency.number
            if not number:
                continue
            old = before.get(number)
            if old is not None and old.paper is paper and old.events is events.get(number, ()):
                cases.append(old)
            else:
                cases.append(
                    make_case(installation, paper, one, events, today, review_days, gone=gone, again=again)
                )
    cases += _of_the_past(
        installation, kept, papers, events, {case.number for case in cases}, today, review_days, again
    )
    found = Caseload(today, papers, tuple(cases), review_days, events, again)
    with _lock:
        _loads[kept.path] = (key, found)
    return found


def _same_mending(
    kept: Store,
    known: tuple[tuple[object, ...], Caseload],
    key: tuple[object, ...],
    events: Mapping[str, object],
) -> bool:
    """Whether nothing has changed since but what people said of findings that were never struck off."""
    if (known[0][:2], known[0][3:]) != (key[:2], key[3:]):
        return False
    before = known[1].events
    spoken = {number for number, own in events.items() if own is not before.get(number)}
    return not any(one.kind == "close" and one.deficiency_no in spoken for one in rectify_events(kept))


def lay_ready(installation: Installation) -> None:
    """After a night: make the copies of how each unit stands, so that the first who opens the desk need not wait."""
    with open_store(installation.home.database) as kept:
        load(installation, kept, installation.as_of)


def _of_the_past(
    installation: Installation,
    kept: Store,
    papers: Mapping[str, UnitPaper],
    events: Mapping[str, tuple[CaseEvent, ...]],
    known: set[str],
    today: date,
    review_days: int,
    again: Mapping[str, date],
) -> list[Case]:
    """What people let count in earlier nights still counts, though no night sees it any more."""
    by_unit: dict[str, list[Deficiency]] = defaultdict(list)
    for number, own in events.items():
        if number in known:
            continue
        state = state_of(own, as_of=today)
        if state.decision is None or state.effect not in (Effect.CONFIRMED, Effect.ADJUSTED):
            continue
        deficiency = decided_upon(kept, state.decision.no)
        if deficiency is not None and deficiency.unit_id in papers:
            by_unit[deficiency.unit_id].append(deficiency)
    found = []
    for unit_id, lost in by_unit.items():
        standing = papers[unit_id].standing
        wanted = {one.number for one in lost}
        paper = write_up(
            msgspec.structs.replace(standing, gone=(*standing.gone, *lost)),
            night_of(installation, standing),
            current_rules(),
        )
        found += [
            make_case(installation, papers[unit_id], one, events, today, review_days, gone=True, again=again)
            for one in paper.gone
            if one.deficiency.number in wanted
        ]
    return found


def make_case(
    installation: Installation,
    paper: UnitPaper,
    finding: Finding,
    events: Mapping[str, tuple[CaseEvent, ...]],
    today: date,
    review_days: int,
    *,
    gone: bool = False,
    again: Mapping[str, date] | None = None,
) -> Case:
    """A finding with where it stands at the desk today."""
    deficiency = finding.deficiency
    own = events.get(deficiency.number, ())
    state = state_of(
        own, as_of=today, gist=gist_of(deficiency) if own else "", verdict=deficiency.verdict,
        came_again=(again or {}).get(deficiency.number),
    )  # fmt: skip
    due = None
    if state.stage in (Stage.OPEN, Stage.CHECK):
        since = state.since or (deficiency.last_at if deficiency.news == "changed" else deficiency.first_at)
        due = installation.calendar.add_working_days(since, review_days)
    elif state.stage is Stage.DEFERRED:
        due = state.until
    return Case(paper, finding, state, own, due, gone)


def last_run_day(kept: Store) -> tuple[date, str] | None:
    """As-of date and kind of the last run; None before the first."""
    run = store.latest_run(kept)
    return (run.as_of, run.kind) if run else None
