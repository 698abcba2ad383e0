"""After a confirmation: the unit is told, gets a working-day deadline, answers, is looked at again, and is struck off.

Every act is an added event with its audit line, or nothing at all; where each deficiency stands says `desk.lives`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.acting import DECIDERS, Refused, must_be, note, words_of
from desk.caseload import Case, Caseload
from desk.desk_settings import DeskSettings
from desk.life import Life, Status
from desk.lives import FAR
from dossier.model import WorkCalendar
from dossier.store import Store, request_recheck
from dossier.store.cards import scored_runs
from dossier.store.issued import RectifyEvent, add_rectify_event
from dossier.store.rechecks import RecheckRequest
from dossier.store.users import Account

NOTICED = frozenset({Status.CONFIRMED})
NOTICED_AGAIN = frozenset({Status.NOT_FIXED, Status.OVERDUE})


@dataclass(frozen=True)
class Deadline:
    """Until when a unit has, and whether the calendar knows that day."""

    start: date
    days: int
    day: date
    known: bool
    """False where the official arrangement of a year touched is not published yet: weekends alone were counted."""


def deadline(calendar: WorkCalendar, start: date, days: int) -> Deadline:
    """The last day of a term of working days; the day on which it is set is not counted."""
    day = calendar.add_working_days(start, days)
    return Deadline(start, days, day, calendar.covers(start, day))


def to_notify(
    load: Caseload, known: Mapping[str, Life], *, again: bool = False
) -> dict[str, tuple[Case, ...]]:
    """Unit → what a notice to it would ask to be mended now. `again`: what was asked before and not done, too."""
    asked = NOTICED | NOTICED_AGAIN if again else NOTICED
    found: dict[str, list[Case]] = defaultdict(list)
    for case in load.cases:
        life = known.get(case.number)
        if life is not None and life.status in asked and case.state.in_force and not case.gone:
            found[case.unit.unit_id].append(case)
    return {unit: tuple(cases) for unit, cases in found.items()}


def overdue(load: Caseload, known: Mapping[str, Life]) -> tuple[tuple[Case, Life], ...]:
    """What is past its deadline, the longest first."""
    late = [
        (case, known[case.number])
        for case in load.cases
        if case.number in known and known[case.number].is_late
    ]
    return tuple(sorted(late, key=lambda pair: (pair[1].due or FAR, pair[0].number)))


def extend(
    kept: Store,
    life: Life,
    until: date,
    *,
    reason: str,
    who: Account,
    at: datetime,
    today: date,
    place: str = "",
) -> None:
    """Give a unit more time, with a reason."""
    must_be(who, DECIDERS, "只有考核人员可以这样做")
    said = words_of(reason, required=True, what="延长期限要写明理由")
    if life.due is None or life.status in (Status.CLOSED, Status.FIXED, Status.DISMISSED, Status.PENDING):
        raise Refused(f"{life.number} 现在是“{life.status.value}”，没有可以延长的整改期限。")
    if until <= max(life.due, today):
        raise Refused(f"新的期限应在原期限 {life.due} 和今天之后。")
    event = RectifyEvent(
        deficiency_no=life.number, kind="extend", due=until, reason=said, who=who.name, at=at
    )
    with kept.writing():
        add_rectify_event(kept, event)
        ask_recheck(kept, (life.number,), until, because="延长后的整改期限届满", who=who.name, at=at)
        note(kept, who, at, place, "extend", life.number, f"整改期限 {life.due} → {until}；{said}")


def close(kept: Store, life: Life, *, reason: str = "", who: Account, at: datetime, place: str = "") -> None:
    """Strike off (销号): what a recheck saw mended, or what a person has seen for themselves, with a reason."""
    must_be(who, DECIDERS, "只有考核人员可以这样做")
    fixed = life.status is Status.FIXED
    if not fixed and life.status not in (Status.MOVED, Status.UNSEEN, Status.ANSWERED):
        mend = "请先复查，复查为“已整改”后再销号" if life.status is not Status.CLOSED else "不必再销"
        raise Refused(f"{life.number} 现在是“{life.status.value}”，不能销号。{mend}。")
    default = f"复查已整改（{life.look.run_id}）" if fixed and life.look else ""
    said = words_of(
        reason or default,
        required=True,
        what=f"{life.number} 现在是“{life.status.value}”，销号要写明人工核实的情况",
    )
    with kept.writing():
        add_rectify_event(
            kept, RectifyEvent(deficiency_no=life.number, kind="close", reason=said, who=who.name, at=at)
        )
        note(kept, who, at, place, "strike-off", life.number, f"{life.status.value} → 销号；{said}")


def reopen(kept: Store, life: Life, *, reason: str, who: Account, at: datetime, place: str = "") -> None:
    """Open again what was struck off, with a reason; its history stays."""
    must_be(who, DECIDERS, "只有考核人员可以这样做")
    if life.status is not Status.CLOSED:
        raise Refused(f"{life.number} 现在是“{life.status.value}”，没有销号，不必重新打开。")
    said = words_of(reason, required=True, what="重新打开要写明理由")
    with kept.writing():
        add_rectify_event(
            kept, RectifyEvent(deficiency_no=life.number, kind="reopen", reason=said, who=who.name, at=at)
        )
        note(kept, who, at, place, "reopen-case", life.number, f"销号 → 重新打开；{said}")


def ask_recheck(
    kept: Store, numbers: Sequence[str], day: date, *, because: str, who: str, at: datetime
) -> None:
    """Ask for a second look on a day; nobody has to remember it."""
    with kept.writing():
        for number in numbers:
            request_recheck(
                kept, RecheckRequest(deficiency_no=number, due=day, because=because, who=who, at=at)
            )


def check_scored(kept: Store) -> None:
    """Refused before the first night was scored."""
    if not scored_runs(kept):
        raise Refused("还没有评过分的批次。请先运行 gongkai nightly。")


def rectify_days(kept: Store) -> int:
    """The term of a notice in working days, as the office has set it."""
    return DeskSettings(kept).days("rectify_days")


def appeal_days(kept: Store) -> int:
    return DeskSettings(kept).days("answer_days")
