"""All that waits at the desk: what stands against each unit today, and what people did about it."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import msgspec

from desk import stages
from desk.case_state import CaseState, Effect, Stage, gist_of, state_of
from desk.installation import Installation
from desk.reports.night import Night
from desk.reports.paper import Finding, UnitPaper, write_up
from desk.reports.rulebook import current_rules
from desk.reports.scoresheet import MAJORS
from dossier import store
from dossier.model import Deficiency, Severity, Unit, UnitStanding, Verdict
from dossier.store import Store
from dossier.store.cards import keep_standing, kept_standing, scored_runs, stamps
from dossier.store.case_events import (
    CaseEvent,
    decided_upon,
    decisions_without_event,
    events_after,
    last_event_no,
)

FORMAT = b"1"
"""Raised when kept copies of standings must be made anew."""


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

    @property
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

    @property
    def severity(self) -> Severity:
        if self.finding.section == MAJORS:
            return Severity.MAJOR
        return _severity_of(self.rule_id)

    @property
    def waits(self) -> bool:
        """Whether an assessor must look."""
        if self.state.stage is not Stage.OPEN or self.verdict is Verdict.ERROR:
            return False
        return not self.gone or self.state.appeal is not None

    @property
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


class _Ledger:
    """Events are only ever added, so what was read once stays true; only later ones are read again."""

    def __init__(self) -> None:
        self.last = (0, 0)
        self.by_number: dict[str, tuple[CaseEvent, ...]] = {}
        self.lock = threading.Lock()

    def up_to_now(self, kept: Store) -> Mapping[str, tuple[CaseEvent, ...]]:
        with self.lock:
            now = last_event_no(kept)
            if now != self.last:
                if now < self.last:  # another file came under the same name (a restore)
                    self.last, self.by_number = (0, 0), {}
                new = [*(event for _, event in decisions_without_event(kept, self.last[1]))]
                new += events_after(kept, self.last[0])
                fresh: dict[str, list[CaseEvent]] = defaultdict(list)
                for event in new:
                    fresh[event.deficiency_no].append(event)
                found = dict(self.by_number)
                for number, events in fresh.items():
                    whole = [*found.get(number, ()), *events]
                    found[number] = tuple(sorted(whole, key=lambda one: (one.at, one.no)))
                self.by_number, self.last = found, now
            return self.by_number


_ledgers: dict[Path, _Ledger] = {}
_loads: dict[Path, tuple[tuple[object, ...], Caseload]] = {}
_papers: dict[tuple[Path, str], tuple[str, bytes, UnitPaper]] = {}
_lock = threading.Lock()


def load(installation: Installation, kept: Store, today: date, review_days: int = 5) -> Caseload:
    """What stands and what was done, as of now; made again only when something has changed."""
    with _lock:
        ledger = _ledgers.setdefault(kept.path, _Ledger())
    papers = _current_papers(installation, kept)
    events = ledger.up_to_now(kept)
    key = (today, review_days, ledger.last, tuple(id(paper) for paper in papers.values()))
    known = _loads.get(kept.path)
    if known is not None and known[0] == key:
        return known[1]
    before = known[1].by_number if known is not None and known[0][:2] == key[:2] else {}
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
                cases.append(make_case(installation, paper, one, events, today, review_days, gone=gone))
    cases += _of_the_past(
        installation, kept, papers, events, {case.number for case in cases}, today, review_days
    )
    found = Caseload(today, papers, tuple(cases), review_days, events)
    with _lock:
        _loads[kept.path] = (key, found)
    return found


def _of_the_past(
    installation: Installation,
    kept: Store,
    papers: Mapping[str, UnitPaper],
    events: Mapping[str, tuple[CaseEvent, ...]],
    known: set[str],
    today: date,
    review_days: int,
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
            _night(installation, standing),
            current_rules(),
        )
        found += [
            make_case(installation, papers[unit_id], one, events, today, review_days, gone=True)
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
) -> Case:
    """A finding with where it stands at the desk today."""
    deficiency = finding.deficiency
    own = events.get(deficiency.number, ())
    state = state_of(own, as_of=today, gist=gist_of(deficiency) if own else "", verdict=deficiency.verdict)
    due = None
    if state.stage in (Stage.OPEN, Stage.CHECK):
        since = state.since or (deficiency.last_at if deficiency.news == "changed" else deficiency.first_at)
        due = installation.calendar.add_working_days(since, review_days)
    elif state.stage is Stage.DEFERRED:
        due = state.until
    return Case(paper, finding, state, own, due, gone)


def _current_papers(installation: Installation, kept: Store) -> dict[str, UnitPaper]:
    last = scored_runs(kept)
    by_run: dict[str, list[str]] = defaultdict(list)
    for unit_id, run_id in last.items():
        by_run[run_id].append(unit_id)
    found: dict[str, UnitPaper] = {}
    salt = _salt(installation)
    for run_id, units in by_run.items():
        marks = stamps(kept, run_id, salt)
        stale = []
        for unit_id in units:
            known = _papers.get((kept.path, unit_id))
            if known and known[:2] == (run_id, marks[unit_id]):
                found[unit_id] = known[2]
            else:
                stale.append(unit_id)
        if stale:
            for standing in _standings(installation, kept, run_id, stale, marks):
                paper = write_up(standing, _night(installation, standing), current_rules())
                unit_id = standing.unit.unit_id
                found[unit_id] = paper
                with _lock:
                    _papers[kept.path, unit_id] = (run_id, marks[unit_id], paper)
    return dict(sorted(found.items()))


def _standings(
    installation: Installation, kept: Store, run_id: str, units: Sequence[str], marks: Mapping[str, bytes]
) -> list[UnitStanding]:
    copies = {unit: kept_standing(kept, run_id, unit, marks[unit]) for unit in units}
    found = [copy for copy in copies.values() if copy is not None]
    lacking = tuple(unit for unit, copy in copies.items() if copy is None)
    if lacking:
        narrowed = replace(installation, only=lacking)
        for standing in stages.standings_of(narrowed, kept, run_id):
            keep_standing(kept, standing, marks[standing.unit.unit_id])
            found.append(standing)
    return found


def _salt(installation: Installation) -> bytes:
    digests = repr(sorted(installation.tables.digests.items()))
    return FORMAT + hashlib.sha256(digests.encode()).digest()


def _night(installation: Installation, standing: UnitStanding) -> Night:
    return Night(
        run_id=standing.run_id, as_of=standing.as_of, started=standing.started, finished=standing.finished,
        standings=(), tables=installation.tables.indicators,
    )  # fmt: skip


def last_run_day(kept: Store) -> tuple[date, str] | None:
    """As-of date and kind of the last run; None before the first."""
    run = store.latest_run(kept)
    return (run.as_of, run.kind) if run else None
