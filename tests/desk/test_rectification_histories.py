"""Random histories: people's word stands whatever machines see, every status follows, every sum is the sum of its parts."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lives import CALENDAR, act, look, notice, on, record, said, seen, wanted

from desk.case_state import state_of
from desk.final_score import Counted, final_sheet
from desk.life import Status, life_of
from desk.papers.ledger import LedgerRow, capped, ledger_table
from dossier.model import UnitClass
from dossier.store.rechecks import RecheckResult

sys.path.append(str(Path(__file__).parent / "reports"))
from report_sample import TABLES, deficiency, unit

DAYS = st.integers(0, 120)
MINUTES = st.integers(0, 9)
PEOPLE = st.builds(
    said,
    st.sampled_from(["confirm", "adjust", "dismiss", "defer", "withdraw", "agree", "return", "explain", "appeal"]),
    DAYS,
    MINUTES,
    check=st.booleans(),
    points=st.sampled_from(["0.5", "1", "3"]),
)  # fmt: skip
OFFICE = st.one_of(
    st.builds(lambda day, term, minute: notice(day, day + term, minute), DAYS, st.integers(1, 30), MINUTES),
    st.builds(lambda day, term, minute: act("extend", day, day + term, minute), DAYS, st.integers(1, 30), MINUTES),
    st.builds(lambda kind, day, minute: act(kind, day, None, minute), st.sampled_from(["close", "reopen"]), DAYS, MINUTES),
    st.builds(wanted, DAYS),
)  # fmt: skip
MACHINE = st.one_of(
    st.builds(look, st.sampled_from(list(RecheckResult)), DAYS, MINUTES), st.builds(seen, DAYS, MINUTES)
)
OUR_TURN = {Status.UNSEEN, Status.MOVED, Status.ANSWERED, Status.APPEALED, Status.PENDING, Status.REOPENED}
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


def histories(examples: int):
    def decorate(test):
        given_things = given(
            people=st.lists(PEOPLE, max_size=8), office=st.lists(OFFICE, max_size=6), machine=st.lists(MACHINE, max_size=8),
            today=st.integers(0, 160),
        )  # fmt: skip
        return settings(max_examples=examples, deadline=None, suppress_health_check=QUIET, derandomize=True)(
            given_things(test)
        )

    return decorate


def check_history(people: list, office: list, machine: list, today: int) -> None:
    people = sorted(people, key=lambda one: (one.at, one.no))
    whole = life_of(record(*people, *office, *machine), as_of=on(today), calendar=CALENDAR)
    quiet = life_of(record(*people, *office), as_of=on(today), calendar=CALENDAR)
    assert isinstance(whole.status, Status)
    # A run never alters what people decided.
    assert whole.decided == quiet.decided
    if people:
        assert whole.decided.decision == state_of(people, as_of=on(today)).decision
    # The order in which things were handed over does not matter, only when they happened.
    turned = life_of(record(*people, *reversed(machine), *office), as_of=on(today), calendar=CALENDAR)
    if len({(one.at, type(one).__name__) for one in (*office, *machine) if hasattr(one, "result")}) == len(
        [one for one in (*office, *machine) if hasattr(one, "result")]
    ):
        assert turned.status is whole.status
    # Nobody is called late for what the office owes, nor before the day, nor without a notice.
    if whole.is_late:
        assert whole.due is not None
        assert whole.due < on(today)
        assert whole.notice
        assert whole.decided.in_force
        assert not OUR_TURN & {whole.status}
    if whole.status in (Status.CLOSED, Status.FIXED, Status.NOTIFIED, Status.OVERDUE):
        assert people, "nothing goes so far without a person"
    if not whole.steps:
        assert whole.status is Status.PENDING
    assert len(whole.relapses) <= sum(step.status is Status.REOPENED for step in whole.steps)


@histories(300)
def test_every_history_leads_to_a_status_and_machines_never_overrule_people(
    people: list, office: list, machine: list, today: int
) -> None:
    check_history(people, office, machine, today)


@pytest.mark.slow
@histories(10_000)
def test_ten_thousand_histories(people: list, office: list, machine: list, today: int) -> None:
    check_history(people, office, machine, today)


RULES = [
    point.rule_id
    for table in TABLES.values()
    for section in table.sections
    for row in section.rows
    for point in row.points
] + ["personal-data-exposed"]


def check_points(chosen: list[tuple[str, str | None]], group: UnitClass) -> None:
    table, of = TABLES[group], unit(f"{group.value}01", "某", "某单位")
    counted = [
        Counted(deficiency(of.unit_id, n, rule, "事实"), Decimal(points) if points else None)
        for n, (rule, points) in enumerate(chosen, 1)
    ]
    sheet = final_sheet(of, counted, (), table)
    lines = [line for section in sheet.sections for row in section.rows for line in row.lines]
    assert sum((section.lost for section in sheet.sections), Decimal(0)) == sheet.deducted
    assert sheet.score == max(Decimal(0), 100 - sheet.deducted)
    for section in sheet.sections:
        assert section.asked == sum((line.granted for row in section.rows for line in row.lines), Decimal(0))
        assert section.weight is None or section.lost <= section.weight
    by_number = {line.number: line for line in lines}
    where = {
        line.number: (section.name, row.path)
        for section in sheet.sections for row in section.rows for line in row.lines
    }  # fmt: skip
    rows = [
        LedgerRow(
            unit_id=of.unit_id, unit="某", number=number, name="名", section=where[number][0], row=where[number][1], message="",
            url="", found=on(0), basis="", points=line.granted, remedy="", due=None, told="", result="", looked=None,
            closed="", major=False,
        )
        for number, line in by_number.items()
    ]  # fmt: skip
    over = capped(rows, {of.unit_id: sheet})
    drawn = ledger_table(rows, over, "台账", "")
    shown = sum((Decimal(row[10]) for row in drawn.rows), Decimal(0))
    assert shown == Decimal(drawn.total[10]) == sheet.deducted, "the lines of the ledger add up to the sheet"


LINES = st.lists(
    st.tuples(st.sampled_from(RULES), st.sampled_from([None, None, "0", "0.25", "7.5", "40"])), max_size=40
)


@settings(max_examples=300, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(LINES, st.sampled_from(list(UnitClass)))
def test_points_always_add_up(chosen: list[tuple[str, str | None]], group: UnitClass) -> None:
    check_points(chosen, group)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(LINES, st.sampled_from(list(UnitClass)))
def test_points_of_ten_thousand_sheets_add_up(chosen: list[tuple[str, str | None]], group: UnitClass) -> None:
    check_points(chosen, group)


def test_a_life_can_be_kept_and_read_back() -> None:
    one = life_of(record(said("confirm", 0), notice(0, 14)), as_of=on(3), calendar=CALENDAR)
    assert msgspec.json.decode(msgspec.json.encode(one), type=type(one)) == one
