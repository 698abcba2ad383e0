"""Small made-up histories for the tests of rectification."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from desk.life import Record, Sight
from dossier.model import WorkCalendar
from dossier.store.case_events import CaseEvent
from dossier.store.issued import NoticeItem, RectifyEvent
from dossier.store.rechecks import Recheck, RecheckRequest, RecheckResult

NO = "A01-2020-0001"
CALENDAR = WorkCalendar(first_year=2020, last_year=2020)
START = datetime(2020, 9, 7, 1, 0, tzinfo=UTC)
"""A Monday morning."""


def at(day: int, minute: int = 0) -> datetime:
    return START + timedelta(days=day, minutes=minute)


def on(day: int) -> date:
    return START.date() + timedelta(days=day)


def said(
    kind: str, day: int, minute: int = 0, *, check: bool = False, points: str | None = None
) -> CaseEvent:
    return CaseEvent(
        deficiency_no=NO, kind=kind, reason="理由", who="甲", at=at(day, minute), no=day * 100 + minute + 1, needs_check=check,
        points=Decimal(points) if points else None,
    )  # fmt: skip


def notice(day: int, due: int, minute: int = 1) -> NoticeItem:
    return NoticeItem(
        deficiency_no=NO, number="整改通知〔2020〕1号", day=on(day), due=on(due), at=at(day, minute)
    )


def act(kind: str, day: int, due: int | None = None, minute: int = 4) -> RectifyEvent:
    return RectifyEvent(
        deficiency_no=NO,
        kind=kind,
        due=None if due is None else on(due),
        reason="理由",
        who="甲",
        at=at(day, minute),
    )


def look(result: RecheckResult, day: int, minute: int = 2) -> Recheck:
    return Recheck(
        deficiency_no=NO,
        run_id=f"K{day}",
        first_run="R1",
        base_run="R1",
        result=result,
        because="所见",
        at=at(day, minute),
    )


def seen(day: int, minute: int = 3) -> Sight:
    return Sight(run_id=f"R{day}", at=at(day, minute), day=on(day))


def wanted(day: int) -> RecheckRequest:
    return RecheckRequest(deficiency_no=NO, due=on(day), because="期满", who="甲", at=at(0))


def record(*things: object) -> Record:
    def of(kind: type) -> tuple:
        return tuple(one for one in things if isinstance(one, kind))

    return Record(
        number=NO, said=of(CaseEvent), notices=of(NoticeItem), acts=of(RectifyEvent), looks=of(Recheck),
        wanted=of(RecheckRequest), nights=of(Sight),
    )  # fmt: skip
