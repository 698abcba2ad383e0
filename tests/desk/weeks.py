"""A driver of twelve weeks: it looks for moves of the life of a deficiency that did not happen yet, and makes them happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desk import caseload, clock, decisions, desk_settings, lives, rectification
from desk.caseload import Caseload
from desk.installation import Installation
from desk.life import MOVES, Life, Signal, Status
from desk.noticing import issue_notices
from dossier.store import RecheckResult, Store
from dossier.store.users import Account, Role

START = datetime(2020, 9, 28, 1, 0, tzinfo=UTC)
"""A Monday morning in Beijing."""


ASSESSOR = Account(name="张三", role=Role.ASSESSOR, password="", created=START)


ADMIN = Account(name="王五", role=Role.ADMIN, password="", created=START)


DERIVED = frozenset({Status.RECHECKING, Status.OVERDUE})
"""Read off today's date, never a place from which something moves."""


NOT_AT_THE_DESK = {
    (Signal.NOTICE, one) for one in (Status.NOTIFIED, Status.ANSWERED, Status.UNSEEN, Status.MOVED)
}
"""The desk tells a unit what is confirmed or was found unmended: what is past its day is looked at first. The table
allows for papers of other times."""


ON_PAGES = frozenset(
    {"document-body-empty", "publish-date-missing", "wording-error", "document-number-missing"}
)
"""Faults of single pages, which a redesign moves away."""


RESULTS = {
    Signal.MOVED: RecheckResult.MOVED, Signal.UNSEEN: RecheckResult.UNSEEN, Signal.NOT_FIXED: RecheckResult.NOT_FIXED,
    Signal.FIXED: RecheckResult.FIXED,
}  # fmt: skip


Move = tuple[Signal, Status]


def every_move() -> set[Move]:
    return {
        (signal, source)
        for signal, (sources, _) in MOVES.items()
        for source in sources
        if source not in DERIVED
    } - NOT_AT_THE_DESK


def made_by(life: Life) -> set[Move]:
    """The moves that a life has made."""
    before = [Status.PENDING, *(step.status for step in life.steps)]
    return {(step.signal, source) for step, source in zip(life.steps, before, strict=False)}


def standing(life: Life) -> Status:
    """Where a life stands before today's date is held against it."""
    return life.steps[-1].status if life.steps else Status.PENDING


def all_made(weeks: Desk) -> set[Move]:
    return {move for life in weeks.lives().values() for move in made_by(life)}


def a_week(weeks: Desk, week: int) -> None:
    """One week at the desk: people's acts, rechecks of four kinds, people again, notices, and what keeps things going."""
    if week == 1:
        numbers = list(weeks.lives())
        weeks.decide("confirm", [one for n, one in enumerate(numbers) if n % 8])
    people_act(weeks)
    for signal in RESULTS:
        units_report(weeks)
        look_where_it_is_open(weeks, signal)
    people_act(weeks)
    weeks.tell(again=week % 2 == 0)
    idle = [
        number for number, life in weeks.lives().items()
        if number in weeks.load.by_number
        and standing(life) in (Status.PENDING, Status.DISMISSED, Status.APPEALED, Status.REOPENED)
    ]  # fmt: skip
    weeks.decide("confirm", idle[::2])


def units_report(weeks: Desk) -> None:
    """Units say that they have mended, as many as there are moves that begin there and nobody made yet."""
    begin = [move for move in every_move() - all_made(weeks) if move[1] is Status.ANSWERED]
    lacking = len(begin) - len(waiting_at(weeks, Status.ANSWERED, set()))
    told = [
        number
        for source in (Status.NOTIFIED, Status.NOT_FIXED, Status.UNSEEN, Status.MOVED, Status.CONFIRMED)
        for number in waiting_at(weeks, source, set())
    ]
    for number in told:
        if lacking <= 0:
            return
        try:
            weeks.act(Signal.EXPLAIN, number)
        except decisions.Refused:
            continue
        lacking -= 1


def people_act(weeks: Desk) -> None:
    """Every move that a person can make and nobody made yet, each by one life that stands where it begins."""
    units_report(weeks)
    used: set[str] = set()
    for signal, source in sorted(
        every_move() - all_made(weeks), key=lambda move: (move[1].value, move[0].value)
    ):
        if signal in RESULTS or signal in (Signal.NOTICE, Signal.SEEN, Signal.DOUBTED):
            continue
        for number in sparing(weeks, waiting_at(weeks, source, used), source, MOVES[signal][1])[:4]:
            used.add(number)
            try:
                weeks.act(signal, number)
            except decisions.Refused:
                continue  # this one cannot (it was never told, it has appealed already)
            if (signal, source) in made_by(weeks.lives()[number]):
                break


def look_where_it_is_open(weeks: Desk, signal: Signal) -> None:
    """Rechecks over sites in one state, of lives that have not come from where they stand to that result yet."""
    left = every_move() - all_made(weeks)
    used: set[str] = set()
    for source in MOVES[signal][0] - DERIVED:
        if (signal, source) in left:
            waiting = waiting_at(
                weeks, source, used, on_pages=signal is Signal.MOVED and weeks.only_pages_move
            )
            used.update(sparing(weeks, waiting, source, MOVES[signal][1])[:2])
    target = MOVES[signal][1]
    if target in {source for _, source in left} and not waiting_at(weeks, target, set()):
        # Something is to begin where nobody stands: some that were told and have a deadline go there.
        told = [
            *waiting_at(
                weeks, Status.NOTIFIED, used, on_pages=signal is Signal.MOVED and weeks.only_pages_move
            )
        ]
        used.update(sparing(weeks, told, Status.NOTIFIED, target)[:3])
    if used:
        weeks.look_again(signal, sorted(used))


def sparing(weeks: Desk, numbers: list[str], source: Status, target: Status) -> list[str]:
    """Faults of single pages alone can be found moved: they go first to where that did not happen yet, and leave last."""
    left = {begins for signal, begins in every_move() - all_made(weeks) if signal is Signal.MOVED}
    if not weeks.only_pages_move or (target in left) is (source in left):
        return numbers
    wanted_first = target in left
    return sorted(
        numbers, key=lambda number: (weeks.load.by_number[number].rule_id in ON_PAGES) is not wanted_first
    )


def waiting_at(weeks: Desk, source: Status, used: set[str], *, on_pages: bool = False) -> list[str]:
    load = weeks.load
    return [
        number for number, life in weeks.lives().items()
        if standing(life) is source and number not in used and number in load.by_number
        and (not on_pages or load.by_number[number].rule_id in ON_PAGES)
    ]  # fmt: skip


NIGHTS = (1, 5, 8, 11)
"""Weeks with a night over the faulty sites; from the second on, what was mended is back."""


class Desk:
    """A desk on a calendar of its own; how nights are made and pages looked at again, its children say."""

    kept: Store
    root: Path
    overrides: tuple[str, ...] = ()
    only_pages_move = True
    """Whether only faults of single pages can be found moved."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = START
        self._read: dict[date, Installation] = {}
        patch.setattr(clock, "now", self.tick)

    def night(self, week: int) -> None:
        raise NotImplementedError

    def look_again(self, wanted: Signal, numbers: Iterable[str]) -> None:
        raise NotImplementedError

    @property
    def installation(self) -> Installation:
        """As of today; list and tables are read once for each day, as a command does."""
        day = self.now.astimezone(clock.BEIJING).date()
        if day not in self._read:
            self._read[day] = Installation.of(home=self.root, as_of=day, overrides=self.overrides)
        return self._read[day]

    def tick(self) -> datetime:
        self.now += timedelta(seconds=7)
        return self.now

    def go_to(self, week: int) -> None:
        self.now = max(self.now, START + timedelta(days=7 * (week - 1) + 1))

    @property
    def load(self) -> Caseload:
        return caseload.load(self.installation, self.kept, self.installation.as_of)

    def lives(self) -> dict[str, Life]:
        return lives.lives(self.kept, self.load, self.installation.calendar)

    def decide(self, kind: str, numbers: Iterable[str], **more: object) -> None:
        load = self.load
        cases = [(load.by_number[one].deficiency, load.by_number[one].state) for one in numbers]
        if cases:
            decisions.decide(
                self.kept, cases, kind, who=ASSESSOR, at=self.tick(), today=load.today, reason="已核实",
                seen={one.number: state.last_event for one, state in cases}, **more,
            )  # type: ignore[arg-type]  # fmt: skip

    def answer(self, kind: str, number: str) -> None:
        case = self.load.by_number[number]
        who = Account(name="李四", role=Role.UNIT, unit_id=number[:3], password="", created=START)
        decisions.answer(
            self.kept, case.deficiency, case.state, kind=kind, text="情况说明", attachment=None, who=who, at=self.tick()
        )  # fmt: skip

    def act(self, signal: Signal, number: str) -> None:
        """What a person does to bring a signal about."""
        load = self.load
        case, life = load.by_number[number], self.lives()[number]
        match signal:
            case Signal.CONFIRMED:
                self.decide("confirm", [number])
            case Signal.DISMISSED:
                self.decide("dismiss", [number])
            case Signal.UNDECIDED if standing(life) is Status.PENDING:
                desk_settings.change_setting(self.kept, "second_person", "all", who=ADMIN, at=self.tick())
                self.decide("confirm", [number])
                desk_settings.change_setting(self.kept, "second_person", "off", who=ADMIN, at=self.tick())
            case Signal.UNDECIDED:
                decisions.withdraw(
                    self.kept, case.deficiency, case.state, who=ASSESSOR, at=self.tick(), seen={number: case.state.last_event}
                )  # fmt: skip
            case Signal.APPEAL | Signal.EXPLAIN:
                self.answer(signal.value, number)
            case Signal.EXTEND:
                until = max(life.due or load.today, load.today) + timedelta(days=5)
                rectification.extend(
                    self.kept, life, until, reason="改版", who=ASSESSOR, at=self.tick(), today=load.today
                )
            case Signal.CLOSE:
                rectification.close(self.kept, life, reason="已人工核对", who=ASSESSOR, at=self.tick())
            case Signal.REOPEN:
                rectification.reopen(self.kept, life, reason="复查有误", who=ASSESSOR, at=self.tick())

    def tell(self, *, again: bool = False) -> int:
        made = issue_notices(
            self.installation, self.kept, self.load, who=ASSESSOR, at=self.tick(), days=5, again=again
        )
        return len(made)
