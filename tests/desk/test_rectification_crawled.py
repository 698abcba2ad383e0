"""Twelve weeks over crawled sites: faults are planted, mended, hidden, moved and come again, and people act on them.

That every single line of the table of moves happens is tested with made-up looks in test_rectification_moves.py.

Nothing is written into the database but by what the desk and the crawl do. A driver looks each week for moves of the
life of a deficiency that did not happen yet, and makes them happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from weeks import ASSESSOR, DERIVED, NIGHTS, Desk, a_week, all_made, every_move

from desk import rechecking, stages
from desk.installation import Installation
from desk.life import Signal, Status
from desk.papers.issuing import damage, drift
from desk.papers.text import Grid, read_back
from desk.period_papers import issue_bulletin
from desk.periods import quarter_of
from desk.recheck_cases import cases_of
from dossier import store
from dossier.store import Store, open_store
from dossier.store.issued import issued_papers
from practice.home import write_home
from practice.model import Fault
from practice.province import Province, build
from practice.server import PracticeServer, serve

UNITS = ("A02", "A05", "A07", "A09")
"""Where faults are planted; the other fifty sites of the province are healthy, and inspected like them."""
PAGES, FEW = 20, 4
"""Pages of a site with faults, and of a healthy one."""
KINDS = (
    "document-number-missing", "document-body-empty", "document-attachment-broken", "publish-date-missing",
    "functions-contact-incomplete", "link-broken", "footer-element-missing", "wording-error", "document-metadata-incomplete",
)  # fmt: skip


class Weeks(Desk):
    """Crawled practice sites, in the state in which a recheck should find them."""

    overrides = (
        "crawl.delay_seconds=0", "crawl.retry_wait_seconds=0.2", "crawl.timeout_seconds=6", "crawl.browser=false",
        "report.screenshots=false",
    )  # fmt: skip

    def __init__(
        self, root: Path, server: PracticeServer, faults: tuple[Fault, ...], patch: pytest.MonkeyPatch
    ) -> None:
        self.root, self.server, self.faults = root, server, faults
        self.units = tuple(server.province.sites)
        self.states: dict[Signal, Province] = {}
        super().__init__(patch)
        write_home(server.province, root, server.url)
        self.kept: Store = open_store(root / "data" / "gongkai.db")

    def show(self, now: Province) -> None:
        self.server.province = now
        self.server._cache.clear()

    def night(self, week: int = 0) -> None:
        """The first and the last night go over everybody, those between over the sites with faults."""
        self.show(self.province(Signal.NOT_FIXED))
        faulty = tuple(dict.fromkeys(fault.unit_id for fault in self.faults))
        whole = week in (0, NIGHTS[0], NIGHTS[-1])
        stages.nightly(self.installation if whole else replace(self.installation, only=faulty))

    def province(self, wanted: Signal) -> Province:
        """The sites in a state in which a recheck should come to a result."""
        if wanted not in self.states:
            self.states[wanted] = self._built(wanted)
        return self.states[wanted]

    def _built(self, wanted: Signal) -> Province:
        faulty = dict.fromkeys((fault.unit_id for fault in self.faults), "forbidden")
        match wanted:
            case Signal.FIXED:
                return settled(build(faults=(), units=faulty, pages_per_site=PAGES), self.units)
            case Signal.UNSEEN:
                return settled(
                    build(faults=(), units=faulty, pages_per_site=PAGES, access=faulty), self.units
                )
            case Signal.MOVED:  # redesigned: every page at another address
                return settled(build(seed=7, faults=(), units=faulty, pages_per_site=PAGES), self.units)
            case _:
                return settled(build(faults=self.faults, units=faulty, pages_per_site=PAGES), self.units)

    def look_again(self, wanted: Signal, numbers: Iterable[str]) -> None:
        self.show(self.province(wanted))
        cases = cases_of(self.installation, self.kept, numbers=tuple(numbers))
        rechecking.recheck(self.installation, self.kept, cases)


def settled(among: Province, units: Iterable[str] | None) -> Province:
    """The sites in question among the healthy small ones of everybody else."""
    rest = build(faults=(), units=units, pages_per_site=FEW).sites
    return Province(among.seed, among.as_of, {**rest, **among.sites}, among.faults)


def planted(units: Iterable[str], kinds: Iterable[str]) -> tuple[Fault, ...]:
    return tuple(Fault(unit, kind) for unit in units for kind in kinds)


@pytest.fixture
def weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Weeks]:
    faults, units = request.param
    faulty = {fault.unit_id: None for fault in faults}
    with serve(settled(build(faults=faults, units=faulty, pages_per_site=PAGES), units), silence=5) as server:
        made = Weeks(tmp_path / "home", server, faults, monkeypatch)
        yield made
        made.kept.close()


@pytest.mark.parametrize(
    "weeks", [(planted(("A07",), ("document-body-empty", "wording-error")), ("A07",))], indirect=True
)
def test_a_crawled_fault_is_told_mended_struck_off_and_comes_again(weeks: Weeks) -> None:
    weeks.night()
    [number] = [case.number for case in weeks.load.cases if case.rule_id == "document-body-empty"]
    weeks.decide("confirm", [number])
    assert weeks.tell() == 1
    weeks.go_to(2)
    weeks.look_again(Signal.NOT_FIXED, [number])
    assert weeks.lives()[number].status is Status.NOT_FIXED
    weeks.look_again(Signal.FIXED, [number])
    weeks.act(Signal.CLOSE, number)
    assert weeks.lives()[number].status is Status.CLOSED
    assert not weeks.load.by_number[number].waits
    weeks.go_to(4)
    weeks.night()
    case = weeks.load.by_number[number]
    assert weeks.lives()[number].status is Status.REOPENED
    assert case.waits, "what came again goes back to a person"
    assert "又出现" in case.state.why
    weeks.decide("confirm", [number])
    assert not weeks.load.by_number[number].waits
    assert len(weeks.lives()[number].relapses) == 1
    replays_change_no_row(weeks)


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [(planted(UNITS, KINDS), None)], indirect=True)
def test_twelve_weeks_over_the_crawled_province_make_every_move(weeks: Weeks) -> None:
    assert len(weeks.units) == 54
    for week in range(1, 13):
        weeks.go_to(week)
        if week in NIGHTS:
            weeks.night(week)
        a_week(weeks, week)
    left = sorted((signal.value, source.value) for signal, source in every_move() - all_made(weeks))
    assert not left
    statuses = {step.status for life in weeks.lives().values() for step in life.steps}
    assert statuses == set(Status) - DERIVED

    weeks.go_to(12)
    bulletin = issue_bulletin(
        weeks.installation,
        weeks.kept,
        weeks.load,
        quarter_of(weeks.installation.as_of),
        who=ASSESSOR,
        at=weeks.tick(),
    )
    text = read_back(bulletin.value)
    progress = next(one for one in text.blocks if isinstance(one, Grid) and "整改率" in one.heads)
    for row in progress.rows:
        whole, closed, fixed, going, appealed, unseen, undone, overdue = map(int, row[2:10])
        assert whole == closed + fixed + going + appealed + unseen + undone
        assert overdue <= undone
    assert int(progress.rows[-1][-1]) == sum(
        len([day for day in life.relapses if day in quarter_of(weeks.installation.as_of)]) for life in weeks.lives().values()
    ) > 0  # fmt: skip
    for paper in issued_papers(weeks.kept):
        assert damage(weeks.kept, paper) + drift(weeks.kept, paper) == ()
    replays_change_no_row(weeks)


def replays_change_no_row(weeks: Weeks) -> None:
    """The last night, judged and weighed ten times more, leaves every row of the database as it is: whole the first
    and the last time, and between them the sites with faults, whose rows people and rechecks worked on."""
    nights = [run for run in store.runs(weeks.kept) if run.kind == "nightly"]
    whole = Installation.of(home=weeks.root, as_of=nights[-1].as_of)
    faulty = replace(whole, only=tuple(dict.fromkeys(fault.unit_id for fault in weeks.faults)))
    stages.judge(whole, weeks.kept, nights[-1].run_id)
    stages.suggest(whole, weeks.kept, nights[-1].run_id)
    tables = [name for (name,) in weeks.kept.ask("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    before = store.row_digests(weeks.kept.path, tables)
    for again in (whole, *[faulty] * 8, whole):
        stages.judge(again, weeks.kept, nights[-1].run_id)
        stages.suggest(again, weeks.kept, nights[-1].run_id)
    assert store.row_digests(weeks.kept.path, tables) == before
