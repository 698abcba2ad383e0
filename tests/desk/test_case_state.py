"""Where a deficiency stands follows from the events alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.case_state import CaseState, Effect, Stage, state_of
from dossier.model import Verdict
from dossier.store.case_events import CaseEvent

AT = datetime(2020, 9, 29, 1, 0, tzinfo=UTC)
TODAY = date(2020, 9, 29)


def event(kind: str, no: int = 1, **more: object) -> CaseEvent:
    given: dict[str, object] = {
        "deficiency_no": "A01-2020-0001", "kind": kind, "who": "wang", "at": AT + timedelta(minutes=no), "no": no,
        "reason": "理由",
    }  # fmt: skip
    return CaseEvent(**{**given, **more})  # type: ignore[arg-type]  # the fields are the caller's


def state(*events: CaseEvent, **more: object) -> CaseState:
    return state_of(events, **{"as_of": TODAY, **more})  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("events", "stage", "effect", "counts"),
    [
        ((), Stage.OPEN, Effect.NONE, False),
        ((event("confirm"),), Stage.SETTLED, Effect.CONFIRMED, True),
        ((event("adjust", points=Decimal("0.5")),), Stage.SETTLED, Effect.ADJUSTED, True),
        ((event("dismiss"),), Stage.SETTLED, Effect.DISMISSED, False),
        ((event("defer", until=date(2020, 10, 9)),), Stage.DEFERRED, Effect.NONE, False),
        ((event("confirm", needs_check=True),), Stage.CHECK, Effect.CONFIRMED, False),
        ((event("confirm", needs_check=True), event("agree", 2, who="li")), Stage.SETTLED, Effect.CONFIRMED, True),
        ((event("confirm", needs_check=True), event("return", 2)), Stage.OPEN, Effect.NONE, False),
        ((event("confirm"), event("withdraw", 2)), Stage.OPEN, Effect.NONE, False),
        ((event("confirm"), event("appeal", 2)), Stage.OPEN, Effect.CONFIRMED, True),
        ((event("confirm"), event("appeal", 2), event("dismiss", 3)), Stage.SETTLED, Effect.DISMISSED, False),
        ((event("confirm"), event("appeal", 2), event("confirm", 3)), Stage.SETTLED, Effect.CONFIRMED, True),
        ((event("confirm"), event("explain", 2)), Stage.SETTLED, Effect.CONFIRMED, True),
        ((event("confirm"), event("defer", 2, until=date(2020, 10, 9))), Stage.DEFERRED, Effect.CONFIRMED, True),
        ((event("agree"),), Stage.OPEN, Effect.NONE, False),
    ],
)  # fmt: skip
def test_the_table_of_transitions(
    events: tuple[CaseEvent, ...], stage: Stage, effect: Effect, counts: bool
) -> None:
    found = state(*events)
    assert (found.stage, found.effect, found.in_force) == (stage, effect, counts)


def test_seeing_less_does_not_reopen_what_was_confirmed() -> None:
    decided = event("confirm", gist="a")
    assert state(decided, gist="b", verdict=Verdict.UNSURE).stage is Stage.SETTLED
    assert state(decided, gist="b", verdict=Verdict.FAIL).stage is Stage.OPEN
    assert state(decided, gist="a", verdict=Verdict.FAIL).stage is Stage.SETTLED


def test_a_dismissal_holds_to_its_last_day() -> None:
    decided = event("dismiss", until=date(2020, 12, 31))
    assert state(decided, as_of=date(2020, 12, 31)).stage is Stage.SETTLED
    assert state(decided, as_of=date(2021, 1, 1)).stage is Stage.OPEN


@given(
    st.lists(
        st.sampled_from(["confirm", "adjust", "dismiss", "defer", "withdraw", "agree", "return", "explain", "appeal"]),
        max_size=12,
    ),
    st.booleans(),
)  # fmt: skip
def test_every_history_has_a_status_and_only_a_confirmation_costs_points(
    kinds: list[str], check: bool
) -> None:
    events = [
        event(kind, no, needs_check=check and kind in ("confirm", "adjust", "dismiss"),
              points=Decimal(1) if kind == "adjust" else None, until=date(2021, 1, 1) if kind == "defer" else None)
        for no, kind in enumerate(kinds, 1)
    ]  # fmt: skip
    found = state(*events)
    assert found.last_event == len(kinds)
    if found.in_force:
        assert {"confirm", "adjust"} & set(kinds)
        assert found.decision is not None
        assert not check or "agree" in kinds or found.stage is Stage.OPEN or found.stage is Stage.DEFERRED
