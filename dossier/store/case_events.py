"""What happened to a deficiency at the desk, in one order: decisions, withdrawals, second checks, answers."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from dossier.model import Deficiency
from dossier.store.opening import Store, plain
from dossier.store.packing import pack
from dossier.store.runs import moment, run_no


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person did to one deficiency; never changed, never erased."""

    deficiency_no: str
    kind: str
    """`confirm`, `adjust`, `dismiss`, `defer` (decisions); `withdraw`; `agree`, `return` (second check);
    `explain`, `appeal` (the unit's answers)."""
    points: Decimal | None = None
    """What an adjusting decision asks instead of the table's points."""
    reason: str = ""
    until: date | None = None
    """To which day a deferral waits, or a dismissal is remembered."""
    gist: str = ""
    """What the finding said when it was decided, to notice that it says something else now."""
    batch: str = ""
    """Decisions made in one go share it."""
    needs_check: bool = False
    """The setting in force asked for a second person."""
    attachment: int | None = None
    run_id: str = ""
    said: Deficiency | None = None
    """The finding as it stood when it was decided; given when writing, read with `decided_upon`."""
    who: str
    at: datetime
    no: int = 0
    """Place in the one order of all events; given by the store."""


DECISIONS = ("confirm", "adjust", "dismiss", "defer")


class Overtaken(Exception):  # noqa: N818 - it names what happened
    """Somebody else did something to the deficiency after the page was opened."""

    def __init__(self, number: str, since: tuple[CaseEvent, ...]) -> None:
        self.number = number
        self.since = since
        super().__init__(number)


def add_events(store: Store, events: Iterable[CaseEvent], *, seen: dict[str, int] | None = None) -> None:
    """Add events, all or none. `seen` says up to which event the person knew each deficiency; where there is
    a later one, nothing is written and `Overtaken` names it."""
    with store.writing():
        for event in events:
            number = _deficiency_id(store, event.deficiency_no)
            if seen is not None:
                later = events_after(store, seen.get(event.deficiency_no, 0), event.deficiency_no)
                if later:
                    raise Overtaken(event.deficiency_no, later)
            _add(store, number, event)


def _add(store: Store, deficiency_id: int, event: CaseEvent) -> None:
    decision = None
    run = run_no(store, event.run_id) if event.run_id else None
    if event.kind in DECISIONS:
        hundredths = None if event.points is None else int((event.points * 100).to_integral_exact())
        row = store.one(
            "INSERT INTO decision (deficiency_id, run_no, kind, points_hundredths, reason, who, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (deficiency_id, run, event.kind, hundredths, plain(event.reason), plain(event.who), moment(event.at)),
        )  # fmt: skip
        assert row is not None
        decision = row[0]
    store.put(
        "INSERT INTO case_event (deficiency_id, kind, decision_id, text, until, gist, batch, needs_check, "
        "attachment_id, said, run_no, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            deficiency_id,
            "decided" if decision else event.kind,
            decision,
            plain(event.reason),
            event.until.isoformat() if event.until else None,
            event.gist,
            event.batch,
            int(event.needs_check),
            event.attachment,
            zlib.compress(pack(event.said)) if event.said else None,
            run,
            plain(event.who),
            moment(event.at),
        ),
    )


def events_after(store: Store, last: int = 0, deficiency_no: str = "") -> tuple[CaseEvent, ...]:
    """All events (of one deficiency, where it is named) after a place in their order, oldest first."""
    rows = store.ask(
        "SELECT case_event.id, number, coalesce(decision.kind, case_event.kind), points_hundredths, text, until, "
        "gist, batch, needs_check, attachment_id, run_id, case_event.who, case_event.at FROM case_event "
        "JOIN deficiency ON deficiency.id = case_event.deficiency_id "
        "LEFT JOIN decision ON decision.id = decision_id LEFT JOIN run ON run.no = case_event.run_no "
        "WHERE case_event.id > ? AND (? = '' OR number = ?) ORDER BY case_event.id",
        (last, deficiency_no, deficiency_no),
    )
    return tuple(_event(row) for row in rows)


def decided_upon(store: Store, number: int) -> Deficiency | None:
    """The finding as it stood at an event; None where the event kept none."""
    row = store.one("SELECT said FROM case_event WHERE id = ?", (number,))
    if row is None or row[0] is None:
        return None
    return msgspec.msgpack.decode(zlib.decompress(row[0]), type=Deficiency)


def decisions_without_event(store: Store, last: int = 0) -> tuple[tuple[int, CaseEvent], ...]:
    """Decisions that were recorded without the desk (by an older version, by an import), with their row numbers."""
    rows = store.ask(
        "SELECT decision.id, number, decision.kind, points_hundredths, reason, run_id, decision.who, decision.at "
        "FROM decision JOIN deficiency ON deficiency.id = decision.deficiency_id JOIN run ON run.no = decision.run_no "
        "WHERE decision.id > ? AND NOT EXISTS (SELECT 1 FROM case_event WHERE decision_id = decision.id) "
        "ORDER BY decision.id",
        (last,),
    )
    return tuple(
        (
            row[0],
            CaseEvent(
                deficiency_no=row[1],
                kind=row[2],
                points=None if row[3] is None else Decimal(row[3]) / 100,
                reason=row[4],
                run_id=row[5],
                who=row[6],
                at=datetime.fromisoformat(row[7]),
            ),
        )
        for row in rows
    )


def last_event_no(store: Store) -> tuple[int, int]:
    """The last places in the orders of events and of decisions."""
    row = store.one(
        "SELECT (SELECT coalesce(max(id), 0) FROM case_event), (SELECT coalesce(max(id), 0) FROM decision)"
    )
    assert row is not None
    return int(row[0]), int(row[1])


def last_mending_no(store: Store) -> tuple[int, int, int]:
    """The last places in the orders of what people did to a mending, of what notices asked, and of second looks."""
    row = store.one(
        "SELECT (SELECT coalesce(max(id), 0) FROM rectify_event), (SELECT coalesce(max(id), 0) FROM notice_item), "
        "(SELECT coalesce(max(id), 0) FROM recheck)"
    )
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


def rules_of(store: Store) -> dict[str, str]:
    """Number of every deficiency about which somebody decided → its rule."""
    return dict(
        store.ask(
            "SELECT number, rule_id FROM deficiency WHERE id IN (SELECT deficiency_id FROM decision) AND number NOT NULL"
        )
    )


def owners_of(store: Store) -> dict[str, str]:
    """Number of every deficiency about which somebody decided → its unit."""
    return dict(
        store.ask(
            "SELECT number, unit_id FROM deficiency WHERE id IN (SELECT deficiency_id FROM decision) AND number NOT NULL"
        )
    )


def _deficiency_id(store: Store, number: str) -> int:
    row = store.one("SELECT id FROM deficiency WHERE number = ?", (number,))
    if row is None:
        raise KeyError(number)
    return int(row[0])


def _event(row: tuple[Any, ...]) -> CaseEvent:
    no, number, kind, points, text, until, gist, batch, check, attachment, run, who, at = row
    return CaseEvent(
        deficiency_no=number,
        kind=kind,
        points=None if points is None else Decimal(points) / 100,
        reason=text,
        until=date.fromisoformat(until) if until else None,
        gist=gist,
        batch=batch,
        needs_check=bool(check),
        attachment=attachment,
        run_id=run or "",
        who=who,
        at=datetime.fromisoformat(at),
        no=no,
    )
