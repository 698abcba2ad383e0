"""Where a deficiency stands at the desk follows from what people did to it, and from nothing else.

The machine's word (the finding, its suggested points) and the people's events meet in `state_of`; no status
is kept anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dossier.model import Deficiency, Verdict
from dossier.store.case_events import DECISIONS, CaseEvent

BEIJING = ZoneInfo("Asia/Shanghai")


class Stage(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    """待处理: an assessor decides."""
    CHECK = "check"
    """待复核: a second person looks at the decision."""
    DEFERRED = "deferred"
    """暂缓: waits for its day."""
    SETTLED = "settled"
    """已处理."""


class Effect(StrEnum):
    """What the last decision in force makes of the finding."""

    NONE = "none"
    CONFIRMED = "confirmed"
    ADJUSTED = "adjusted"
    DISMISSED = "dismissed"


_EFFECTS = {"confirm": Effect.CONFIRMED, "adjust": Effect.ADJUSTED, "dismiss": Effect.DISMISSED}


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """Where one deficiency stands, with the reason."""

    stage: Stage = Stage.OPEN
    effect: Effect = Effect.NONE
    points: Decimal | None = None
    """What an adjustment asks."""
    why: str = ""
    """Chinese: why somebody must look (again)."""
    since: date | None = None
    """Since when somebody must look; None: since the finding was first seen."""
    until: date | None = None
    decision: CaseEvent | None = None
    """The last decision, in force or not."""
    checked_by: str = ""
    appeal: CaseEvent | None = None
    """An appeal that no decision has answered yet."""
    explained: CaseEvent | None = None
    """The unit's last 整改说明."""
    came_again: date | None = None
    """Since when it is there again after it was struck off, and nobody has spoken."""
    last_event: int = 0
    """The last event this rests on: whoever decides must have seen it."""

    @property
    def in_force(self) -> bool:
        """Whether the finding costs points: confirmed or adjusted, and checked where a check was asked."""
        return self.effect in (Effect.CONFIRMED, Effect.ADJUSTED) and self.stage is not Stage.CHECK


def state_of(
    events: Sequence[CaseEvent],
    *,
    as_of: date,
    gist: str = "",
    verdict: Verdict | None = None,
    came_again: date | None = None,
) -> CaseState:
    """Fold the events of one deficiency, oldest first, and hold the result against what the finding says today.

    `gist` and `verdict` are of the finding as last seen; without them nothing is compared. `came_again`: struck off,
    and there again since that day.
    """
    state = CaseState()
    for event in events:
        state = _after(state, event)
    if came_again is not None and state.stage is Stage.SETTLED:
        why = f"已经销号，{came_again} 又出现（或被重新打开），请看整改经过后再决定"
        return msgspec.structs.replace(
            state, stage=Stage.OPEN, why=why, since=came_again, came_again=came_again
        )
    return _today(state, as_of, gist, verdict)


def _after(state: CaseState, event: CaseEvent) -> CaseState:
    replace = msgspec.structs.replace
    state = replace(state, last_event=max(state.last_event, event.no))
    day = _day(event.at)
    if event.kind == "defer":
        return replace(state, stage=Stage.DEFERRED, until=event.until, decision=event, why="", since=day)
    if event.kind in DECISIONS:
        return replace(
            state,
            stage=Stage.CHECK if event.needs_check else Stage.SETTLED,
            effect=_EFFECTS[event.kind],
            points=event.points if event.kind == "adjust" else None,
            until=event.until if event.kind == "dismiss" else None,
            decision=event,
            checked_by="",
            appeal=None,
            why="",
            since=day,
        )
    if event.kind == "withdraw":
        return replace(
            state, stage=Stage.OPEN, effect=Effect.NONE, points=None, until=None, checked_by="",
            why=f"{event.who} 撤回了原来的决定：{event.reason}", since=day,
        )  # fmt: skip
    if event.kind == "agree" and state.stage is Stage.CHECK:
        return replace(state, stage=Stage.SETTLED, checked_by=event.who)
    if event.kind == "return" and state.stage is Stage.CHECK:
        return replace(
            state, stage=Stage.OPEN, effect=Effect.NONE, points=None, until=None,
            why=f"复核退回（{event.who}）：{event.reason}", since=day,
        )  # fmt: skip
    if event.kind == "appeal":
        return replace(
            state, stage=Stage.OPEN, appeal=event, why=f"单位申诉：{event.reason}", since=day
        )  # the earlier decision holds until it is answered
    if event.kind == "explain":
        return replace(state, explained=event)
    return state


def _today(state: CaseState, as_of: date, gist: str, verdict: Verdict | None) -> CaseState:
    replace = msgspec.structs.replace
    if state.stage is Stage.DEFERRED:
        if state.until is None or state.until <= as_of:
            return replace(state, stage=Stage.OPEN, why="暂缓的日子到了", since=state.until)
        return state
    if state.stage is not Stage.SETTLED or state.decision is None:
        return state
    if state.effect is Effect.DISMISSED and state.until is not None and state.until < as_of:
        return replace(
            state, stage=Stage.OPEN, why=f"“不成立”的决定到 {state.until} 为止，已过期", since=state.until
        )
    seen_less = verdict is Verdict.UNSURE and state.effect is not Effect.DISMISSED
    if gist and state.decision.gist and gist != state.decision.gist and not seen_less:
        return replace(state, stage=Stage.OPEN, why="情况与上次决定时不同，请重看", since=None)
    return state


def gist_of(deficiency: Deficiency) -> str:
    """What a finding says, without numbers, dates and lists of addresses, which move from night to night."""
    outcome = deficiency.outcome
    said = sorted((key, _still(value)) for key, value in outcome.data.items())
    text = repr((outcome.rule_id, outcome.message_key, [pair for pair in said if pair[1]]))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _still(value: Any) -> tuple[str, ...] | str:
    if isinstance(value, str):
        return "" if "://" in value else "".join(c for c in value if not c.isdigit())
    if isinstance(value, list | tuple):
        return tuple(sorted(each for each in map(_still, value) if isinstance(each, str) and each))
    return ""


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
