"""The life of a deficiency after a person confirmed it."""

from __future__ import annotations

import pytest
from lives import CALENDAR, NO, act, at, look, notice, on, record, said, seen, wanted

from desk.life import MOVES, Life, Signal, Status, _after, life_of
from desk.next_steps import next_step, repeat_offences
from dossier.store.rechecks import RecheckResult

FIXED, NOT_FIXED = RecheckResult.FIXED, RecheckResult.NOT_FIXED
UNSEEN, MOVED = RecheckResult.UNSEEN, RecheckResult.MOVED


def status(*things: object, day: int = 60) -> Status:
    return life(*things, day=day).status


def life(*things: object, day: int = 60) -> Life:
    return life_of(record(*things), as_of=on(day), calendar=CALENDAR)


TOLD = (said("confirm", 0), notice(0, 14))


@pytest.mark.parametrize(
    ("things", "day", "expected"),
    [
        ((), 0, Status.PENDING),
        ((said("confirm", 0),), 0, Status.CONFIRMED),
        ((said("adjust", 0, points="1"),), 0, Status.CONFIRMED),
        ((said("dismiss", 0),), 0, Status.DISMISSED),
        ((said("confirm", 0, check=True),), 0, Status.PENDING),
        ((said("confirm", 0, check=True), said("agree", 0, 1)), 0, Status.CONFIRMED),
        ((said("confirm", 0, check=True), said("return", 0, 1)), 0, Status.PENDING),
        ((said("confirm", 0), said("withdraw", 1)), 1, Status.PENDING),
        (TOLD, 14, Status.NOTIFIED),
        (TOLD, 15, Status.OVERDUE),
        ((*TOLD, wanted(15)), 14, Status.NOTIFIED),
        ((*TOLD, wanted(15)), 15, Status.RECHECKING),
        ((*TOLD, said("explain", 3)), 3, Status.ANSWERED),
        ((*TOLD, said("explain", 3)), 30, Status.ANSWERED),
        ((*TOLD, said("appeal", 3)), 30, Status.APPEALED),
        ((*TOLD, said("appeal", 3), said("dismiss", 5)), 5, Status.DISMISSED),
        ((*TOLD, look(FIXED, 15)), 15, Status.FIXED),
        ((*TOLD, look(UNSEEN, 15)), 40, Status.UNSEEN),
        ((*TOLD, look(MOVED, 15)), 40, Status.MOVED),
        ((*TOLD, look(NOT_FIXED, 5)), 5, Status.NOT_FIXED),
        ((*TOLD, look(NOT_FIXED, 15)), 15, Status.OVERDUE),
        ((*TOLD, look(NOT_FIXED, 15), act("extend", 16, 30)), 20, Status.NOT_FIXED),
        ((*TOLD, look(NOT_FIXED, 15), notice(16, 30)), 20, Status.NOTIFIED),
        ((*TOLD, look(FIXED, 15), act("close", 16)), 60, Status.CLOSED),
        ((*TOLD, look(MOVED, 15), act("close", 16)), 60, Status.CLOSED),
        ((*TOLD, look(NOT_FIXED, 15), act("close", 16)), 60, Status.OVERDUE),
        ((*TOLD, look(FIXED, 15), seen(17)), 17, Status.ANSWERED),
        ((*TOLD, look(FIXED, 15), act("close", 16), seen(40)), 40, Status.REOPENED),
        ((*TOLD, look(FIXED, 15), act("close", 16), look(NOT_FIXED, 20)), 20, Status.REOPENED),
        ((*TOLD, look(FIXED, 15), act("close", 16), act("reopen", 20)), 20, Status.REOPENED),
        ((*TOLD, look(FIXED, 15), act("close", 16), seen(40), said("dismiss", 41)), 41, Status.DISMISSED),
    ],
)  # fmt: skip
def test_where_a_deficiency_stands_follows_from_what_happened(
    things: tuple[object, ...], day: int, expected: Status
) -> None:
    assert status(*things, day=day) is expected


def test_every_status_can_be_reached_and_every_signal_moves_something() -> None:
    targets = {target for _, target in MOVES.values() if target}
    assert set(Status) - targets == {Status.RECHECKING, Status.OVERDUE}, "these two come with the day"
    assert set(MOVES) == set(Signal)


def test_what_could_not_be_seen_is_never_overdue() -> None:
    for result in (UNSEEN, MOVED):
        assert not life(*TOLD, look(result, 15), day=300).is_late


def test_a_sighting_before_the_striking_off_reopens_nothing() -> None:
    assert status(*TOLD, look(FIXED, 15), seen(14), act("close", 16)) is Status.CLOSED


def test_the_days_of_an_appeal_are_not_the_units() -> None:
    # Due on Monday 21 September; the appeal waits from Wednesday 9th to Wednesday 23rd: nine working days were left.
    one = life(*TOLD, said("appeal", 2), said("confirm", 16), day=17)
    assert one.status is Status.NOTIFIED
    assert CALENDAR.working_days_between(on(1), on(14)) == 9
    assert one.due == CALENDAR.add_working_days(on(16), 9)
    assert not one.is_late


def test_an_appeal_raised_after_the_deadline_wins_no_days() -> None:
    one = life(*TOLD, look(NOT_FIXED, 15), said("appeal", 20), said("confirm", 21), day=21)
    assert (one.status, one.due) == (Status.OVERDUE, on(14))


def test_a_recheck_during_an_appeal_is_not_lost() -> None:
    one = life(*TOLD, said("appeal", 2), look(FIXED, 4), said("confirm", 6), day=6)
    assert one.status is Status.FIXED
    assert one.look is not None


def test_an_appeal_against_the_points_of_a_closed_deficiency_leaves_it_closed() -> None:
    closed = (*TOLD, look(FIXED, 15), act("close", 16))
    assert status(*closed, said("appeal", 20)) is Status.APPEALED
    assert status(*closed, said("appeal", 20), said("adjust", 21, points="0.5")) is Status.CLOSED


def test_a_dismissal_lifts_the_notice_and_a_new_confirmation_needs_a_new_one() -> None:
    one = life(*TOLD, said("appeal", 2), said("dismiss", 3), said("confirm", 40), day=41)
    assert (one.status, one.notice, one.due) == (Status.CONFIRMED, "", None)


def test_what_comes_again_counts_as_a_repeat_only_when_a_person_confirms_it() -> None:
    closed = (*TOLD, look(FIXED, 15), act("close", 16), seen(40))
    assert life(*closed, day=41).relapses == ()
    again = life(*closed, said("confirm", 41), day=41)
    assert (again.status, again.relapses) == (Status.CONFIRMED, (on(40),))
    assert len(again.steps) == 6, "its history stays"
    assert repeat_offences([again], on(0), on(60)) == {"A01": 1}
    assert repeat_offences([again], on(41), on(60)) == {}


@pytest.mark.parametrize("each", list(Status))
def test_every_status_names_its_next_step(each: Status) -> None:
    step = next_step(Life(number=NO, status=each, due=on(14)))
    assert bool(step.words) == (each not in (Status.DISMISSED, Status.CLOSED))
    assert not step.words or NO in step.path or step.path.startswith("/notices/preview/A01")


def test_an_overdue_item_points_at_the_exact_place() -> None:
    step = next_step(life(*TOLD, day=30))
    assert (step.path, step.command) == (f"/case/{NO}/life#recheck", f"gongkai recheck --deficiency {NO}")
    again = next_step(life(*TOLD, look(NOT_FIXED, 15), day=30))
    assert again.command == "gongkai notice issue --units A01 --again"
    assert again.path == "/notices/preview/A01?again=1"


THINGS = {
    Signal.NOTICE: notice(20, 34), Signal.EXTEND: act("extend", 20, 40), Signal.CLOSE: act("close", 20), Signal.REOPEN: act("reopen", 20),
    Signal.FIXED: look(FIXED, 20), Signal.NOT_FIXED: look(NOT_FIXED, 20), Signal.UNSEEN: look(RecheckResult.UNSEEN, 20),
    Signal.MOVED: look(RecheckResult.MOVED, 20), Signal.SEEN: seen(20), Signal.DOUBTED: seen(20),
}  # fmt: skip
WORDS = {Signal.CONFIRMED: "confirm", Signal.DISMISSED: "dismiss", Signal.UNDECIDED: "withdraw", Signal.APPEAL: "appeal", Signal.EXPLAIN: "explain"}  # fmt: skip
PLACES = [one for one in Status if one not in (Status.RECHECKING, Status.OVERDUE)]


@pytest.mark.parametrize("signal", list(Signal))
@pytest.mark.parametrize("source", PLACES)
def test_every_line_of_the_table_of_moves_holds_and_no_other(signal: Signal, source: Status) -> None:
    before = Life(number=NO, status=source, due=on(14), notice="整改通知〔2020〕1号", notified=on(0))
    thing = THINGS.get(signal) or said(WORDS[signal], 20)
    after = _after(before, at(20), signal, thing, CALENDAR)
    sources, target = MOVES[signal]
    if signal is Signal.SEEN and source is Status.FIXED:  # a night doubts what a recheck saw
        sources, target = MOVES[Signal.DOUBTED]
    if signal is Signal.NOT_FIXED and source is Status.CLOSED:  # a recheck sees again what was struck off
        sources, target = MOVES[Signal.SEEN]
    if source in sources:
        assert after.status is (target or source)
        assert [step.status for step in after.steps] == [target or source]
    else:
        assert after.status is source
        assert not after.steps
