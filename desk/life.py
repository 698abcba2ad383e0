"""The life of a deficiency follows from what people did, what was asked of the unit and what was seen again.

待核 → 已确认 → 已通知 → 已报整改 / 申诉 → 复查 → 已整改 / 未整改 / 无法核验 / 页面移动 → 逾期 → 销号, and back when it
comes again. No status is kept anywhere: `life_of` folds the happenings through one table. A deadline runs against
a unit only while it is the unit's turn: not during an appeal, and not where the office could not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from desk.case_state import BEIJING, CaseState, Effect, Stage, state_of
from dossier.model import WorkCalendar
from dossier.store.case_events import CaseEvent
from dossier.store.issued import NoticeItem, RectifyEvent
from dossier.store.rechecks import Recheck, RecheckRequest, RecheckResult


class Status(StrEnum):
    """Where a deficiency stands; the value is the word that officials read."""

    PENDING = "待核"
    DISMISSED = "不成立"
    CONFIRMED = "已确认"
    NOTIFIED = "已通知"
    ANSWERED = "已报整改"
    APPEALED = "申诉"
    RECHECKING = "待复查"
    FIXED = "已整改"
    NOT_FIXED = "未整改"
    UNSEEN = "无法核验"
    MOVED = "页面移动"
    OVERDUE = "逾期"
    CLOSED = "销号"
    REOPENED = "重新出现"


class Signal(StrEnum):
    """What may move a status."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    UNDECIDED = "undecided"
    """A decision was withdrawn, sent back, or waits for a second person."""
    APPEAL = "appeal"
    EXPLAIN = "explain"
    NOTICE = "notice"
    EXTEND = "extend"
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    UNSEEN = "unseen"
    MOVED = "moved"
    SEEN = "seen"
    """A night saw the fault after it was struck off."""
    DOUBTED = "doubted"
    """A night saw the fault after a recheck had found it mended."""
    CLOSE = "close"
    REOPEN = "reopen"


S = Status
_AT_WORK = frozenset({S.CONFIRMED, S.NOTIFIED, S.ANSWERED, S.FIXED, S.NOT_FIXED, S.UNSEEN, S.MOVED})
"""Confirmed, and not at its end."""
MOVES: Mapping[Signal, tuple[frozenset[Status], Status | None]] = {
    # signal: from these, to this (None: it stays). A signal that finds another status moves nothing.
    Signal.CONFIRMED: (frozenset({S.PENDING, S.DISMISSED, S.APPEALED, S.REOPENED}), S.CONFIRMED),
    Signal.DISMISSED: (frozenset(S) - {S.DISMISSED}, S.DISMISSED),
    Signal.UNDECIDED: (frozenset(S) - {S.CLOSED, S.REOPENED}, S.PENDING),
    Signal.APPEAL: (_AT_WORK | {S.CLOSED}, S.APPEALED),
    Signal.EXPLAIN: (_AT_WORK - {S.FIXED}, S.ANSWERED),
    Signal.NOTICE: (_AT_WORK - {S.FIXED}, S.NOTIFIED),
    Signal.EXTEND: (frozenset({S.NOTIFIED, S.ANSWERED, S.NOT_FIXED, S.UNSEEN, S.MOVED}), None),
    Signal.FIXED: (_AT_WORK, S.FIXED),
    Signal.NOT_FIXED: (_AT_WORK, S.NOT_FIXED),
    Signal.UNSEEN: (_AT_WORK, S.UNSEEN),
    Signal.MOVED: (_AT_WORK, S.MOVED),
    Signal.SEEN: (frozenset({S.CLOSED}), S.REOPENED),
    Signal.DOUBTED: (frozenset({S.FIXED}), S.ANSWERED),
    Signal.CLOSE: (frozenset({S.FIXED, S.MOVED, S.UNSEEN, S.ANSWERED}), S.CLOSED),
    Signal.REOPEN: (frozenset({S.CLOSED}), S.REOPENED),
}
_HALTED = frozenset({S.PENDING, S.APPEALED})
_RESULTS = {
    RecheckResult.FIXED: Signal.FIXED, RecheckResult.NOT_FIXED: Signal.NOT_FIXED,
    RecheckResult.UNSEEN: Signal.UNSEEN, RecheckResult.MOVED: Signal.MOVED,
}  # fmt: skip
_NOT_LOST = (S.FIXED, S.NOT_FIXED, S.UNSEEN, S.MOVED, S.ANSWERED)


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One night on which the fault was seen."""

    run_id: str
    at: datetime
    day: date


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known to have happened to one deficiency."""

    number: str
    said: tuple[CaseEvent, ...] = ()
    notices: tuple[NoticeItem, ...] = ()
    acts: tuple[RectifyEvent, ...] = ()
    looks: tuple[Recheck, ...] = ()
    wanted: tuple[RecheckRequest, ...] = ()
    """Rechecks that were asked for and not made yet."""
    nights: tuple[Sight, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a deficiency's history."""

    at: datetime
    signal: Signal
    status: Status
    """What it was afterwards."""
    words: str
    who: str = ""


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """Where a deficiency stands, and how it came there."""

    number: str
    status: Status = Status.PENDING
    decided: CaseState = CaseState()
    due: date | None = None
    """The unit's deadline in force."""
    notice: str = ""
    """Number of the notice in force; empty before the first, and after it came again."""
    notified: date | None = None
    paused: date | None = None
    """Since when an appeal, or a decision taken back, stops the unit's clock."""
    resume: Status = Status.PENDING
    """What it was before the appeal or the withdrawal."""
    explained: CaseEvent | None = None
    look: Recheck | None = None
    """The last recheck of this round."""
    closed: date | None = None
    came_again: date | None = None
    """Seen again after it was struck off; a person has not spoken yet."""
    relapses: tuple[date, ...] = ()
    """Days on which it came again, as people confirmed."""
    steps: tuple[Step, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.status is Status.OVERDUE


def life_of(record: Record, *, as_of: date, calendar: WorkCalendar) -> Life:
    """Fold everything that happened, oldest first, and hold the result against today. Pure."""
    life = Life(number=record.number, decided=state_of(record.said, as_of=as_of))
    for at, signal, thing in _in_order(record):
        life = _after(life, at, signal, thing, calendar)
    return _today(life, record.wanted, as_of)


Thing = CaseEvent | NoticeItem | RectifyEvent | Recheck | Sight


def _in_order(record: Record) -> list[tuple[datetime, Signal, Thing]]:
    found: list[tuple[datetime, int, Signal, Thing]] = []
    for nth, event in enumerate(record.said):
        signal = _said(event, state_of(record.said[: nth + 1], as_of=_day(event.at)))
        if signal is not None:
            found.append((event.at, 0, signal, event))
    found += [(one.at, 1, Signal.NOTICE, one) for one in record.notices]
    found += [(one.at, 2, Signal(one.kind), one) for one in record.acts]
    found += [(one.at, 3, _RESULTS[one.result], one) for one in record.looks]
    found += [(one.at, 4, Signal.SEEN, one) for one in record.nights]
    return [(at, signal, thing) for at, _, signal, thing in sorted(found, key=lambda one: one[:2])]


def _said(event: CaseEvent, state: CaseState) -> Signal | None:
    """What an event at the desk means for the life of the deficiency."""
    if event.kind in ("appeal", "explain"):
        return Signal(event.kind)
    if event.kind == "defer":
        return None
    if state.stage is Stage.CHECK or state.effect is Effect.NONE:
        return Signal.UNDECIDED
    return Signal.DISMISSED if state.effect is Effect.DISMISSED else Signal.CONFIRMED


def _after(life: Life, at: datetime, signal: Signal, happened: Thing, calendar: WorkCalendar) -> Life:
    replace, day = msgspec.structs.replace, _day(at)
    if signal is Signal.SEEN and life.status is Status.FIXED:
        signal = Signal.DOUBTED
    if signal is Signal.NOT_FIXED and life.status is Status.CLOSED:
        signal = Signal.SEEN
    sources, target = MOVES[signal]
    if target in _NOT_LOST and life.status in _HALTED and life.resume in _AT_WORK:
        return _meanwhile(life, target, happened)
    if life.status not in sources or (signal is Signal.EXTEND and life.due is None):
        return life
    if target is None:
        target = life.status
    if signal is Signal.CONFIRMED:
        target, life = _confirmed(life, day, calendar)
    elif signal is Signal.DISMISSED:
        life = replace(
            life, notice="", notified=None, due=None, paused=None, resume=Status.PENDING, came_again=None
        )
    elif target in _HALTED:
        halted = life.status in _HALTED
        life = replace(
            life, resume=life.resume if halted else life.status, paused=life.paused if halted else day
        )
    match happened:
        case NoticeItem():
            life = replace(
                life, notice=happened.number, notified=happened.day, due=happened.due, explained=None
            )
        case RectifyEvent(kind="extend"):
            life = replace(life, due=happened.due)
        case Recheck():
            life = replace(life, look=happened)
        case CaseEvent(kind="explain"):
            life = replace(life, explained=happened)
        case _:
            pass
    if target is Status.CLOSED and signal is Signal.CLOSE:
        life = replace(life, closed=day)
    if target is Status.REOPENED:
        came = happened.day if isinstance(happened, Sight) else day
        life = replace(
            life, came_again=came, notice="", notified=None, due=None, explained=None, look=None, closed=None
        )
    step = Step(
        at=at, signal=signal, status=target, words=_words(signal, happened), who=getattr(happened, "who", "")
    )
    return replace(life, status=target, steps=(*life.steps, step))


def _meanwhile(life: Life, target: Status, happened: Thing) -> Life:
    """What is seen or reported while an appeal waits is not lost; it counts when the appeal is answered."""
    replace = msgspec.structs.replace
    life = replace(life, resume=target)
    if isinstance(happened, Recheck):
        return replace(life, look=happened)
    return replace(life, explained=happened) if isinstance(happened, CaseEvent) else life


def _confirmed(life: Life, day: date, calendar: WorkCalendar) -> tuple[Status, Life]:
    """A confirmation puts a deficiency where it had already come to; the days of a halt are not the unit's."""
    replace = msgspec.structs.replace
    if life.status is Status.REOPENED and life.came_again:
        life = replace(life, relapses=(*life.relapses, life.came_again), came_again=None)
    if life.due and life.paused:
        left = calendar.working_days_between(life.paused - timedelta(days=1), life.due)
        life = replace(life, due=calendar.add_working_days(day, left) if left else life.due)
    target = life.resume if life.status in _HALTED and life.resume is not Status.PENDING else Status.CONFIRMED
    return target, replace(life, paused=None, resume=Status.PENDING)


def _today(life: Life, wanted: Sequence[RecheckRequest], as_of: date) -> Life:
    replace = msgspec.structs.replace
    waits = life.status in (Status.NOTIFIED, Status.ANSWERED, Status.NOT_FIXED, Status.UNSEEN, Status.MOVED)
    if waits and any(one.due <= as_of for one in wanted):
        return replace(life, status=Status.RECHECKING)
    late = life.due is not None and life.due < as_of
    if late and life.status in (Status.NOTIFIED, Status.NOT_FIXED):
        return replace(life, status=Status.OVERDUE)
    return life


def _words(signal: Signal, thing: Thing) -> str:
    match thing:
        case NoticeItem():
            return f"发出{thing.number}，限{thing.due.isoformat()}前整改"
        case RectifyEvent(kind="extend"):
            return f"整改期限延至{thing.due}：{thing.reason}"
        case RectifyEvent():
            return f"{'销号' if thing.kind == 'close' else '重新打开'}：{thing.reason}"
        case Recheck():
            return f"复查（{thing.run_id}）：{Status(_STATUS_OF[thing.result]).value}，{thing.because}"
        case Sight():
            return f"夜间检查（{thing.run_id}）又见到"
        case CaseEvent():
            said = {
                Signal.CONFIRMED: "确认", Signal.DISMISSED: "不成立", Signal.UNDECIDED: "决定未生效",
                Signal.APPEAL: "单位申诉", Signal.EXPLAIN: "单位报告整改",
            }[signal]  # fmt: skip
            return f"{said}：{thing.reason}" if thing.reason else said


_STATUS_OF = {
    RecheckResult.FIXED: Status.FIXED, RecheckResult.NOT_FIXED: Status.NOT_FIXED,
    RecheckResult.UNSEEN: Status.UNSEEN, RecheckResult.MOVED: Status.MOVED,
}  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
