"""A recheck looks again at what stands, and says of each what it saw; a word once said is never taken back."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec
from sqlite_utils import Database

from dossier.store.opening import Store, plain
from dossier.store.packing import as_json
from dossier.store.runs import moment, run_no
from dossier.store.schema import migrations

RECHECKS = """
CREATE TABLE recheck (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  run_no INTEGER NOT NULL REFERENCES run (no),
  first_run_no INTEGER NOT NULL REFERENCES run (no),
  base_run_no INTEGER NOT NULL REFERENCES run (no),
  result TEXT NOT NULL CHECK (result IN ('fixed', 'not_fixed', 'unseen', 'moved')),
  because TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (deficiency_id, run_no)
) STRICT;
CREATE TRIGGER recheck_is_never_changed BEFORE UPDATE ON recheck
BEGIN SELECT RAISE(ABORT, 'the result of a recheck is only ever added, never changed'); END;
CREATE TRIGGER recheck_is_never_erased BEFORE DELETE ON recheck
BEGIN SELECT RAISE(ABORT, 'the result of a recheck is only ever added, never erased'); END;
CREATE TABLE recheck_request (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  due TEXT NOT NULL CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  because TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  answered INTEGER REFERENCES recheck (id)
) STRICT;
CREATE INDEX recheck_request_due ON recheck_request (due) WHERE answered IS NULL;
"""


@migrations()
def what_was_rechecked(db: Database) -> None:
    db.executescript(RECHECKS)


class RecheckResult(StrEnum):
    """What a recheck says of a deficiency."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    UNSEEN = "unseen"
    """无法核验: blocked, silent, or the rule itself was not sure."""
    MOVED = "moved"
    """页面移动: the page on which the fault stood is not there any more, which mends nothing by itself."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One page as it was seen before or at the recheck, and where its bytes stand."""

    url: str
    run_id: str
    at: datetime
    reach: str
    status: int | None = None
    sha256: str = ""
    warc: str = ""
    offset: int = -1


class Recheck(msgspec.Struct, frozen=True, kw_only=True):
    """One second look at one deficiency."""

    deficiency_no: str
    run_id: str
    """The run of the recheck."""
    first_run: str
    """The run that first found it."""
    base_run: str
    """The last whole night, against which it was compared."""
    result: RecheckResult
    because: str = ""
    """Chinese."""
    before: tuple[Sighting, ...] = ()
    after: tuple[Sighting, ...] = ()
    at: datetime


class RecheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody (a deadline, a unit's 已整改 report, an assessor) wants a deficiency looked at again."""

    deficiency_no: str
    due: date
    because: str
    who: str
    at: datetime


def save_rechecks(store: Store, made: tuple[Recheck, ...]) -> None:
    """Add what a recheck said; the same word on the same run twice is one. Requests that were due are answered."""
    with store.writing():
        for one in made:
            row = store.one(
                "INSERT INTO recheck (deficiency_id, run_no, first_run_no, base_run_no, result, because, "
                "before, after, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (deficiency_id, run_no) DO NOTHING RETURNING id, deficiency_id",
                (
                    _deficiency(store, one.deficiency_no),
                    run_no(store, one.run_id),
                    run_no(store, one.first_run),
                    run_no(store, one.base_run),
                    str(one.result),
                    plain(one.because),
                    as_json(one.before),
                    as_json(one.after),
                    moment(one.at),
                ),
            )
            if row is not None:
                store.put(
                    "UPDATE recheck_request SET answered = ? WHERE deficiency_id = ? AND answered IS NULL "
                    "AND due <= (SELECT as_of FROM run WHERE run_id = ?)",
                    (*row, one.run_id),
                )


def rechecks(store: Store, deficiency_no: str = "") -> tuple[Recheck, ...]:
    """Every second look (at one deficiency, where it is named), oldest first."""
    rows = store.ask(
        """
        SELECT number, run.run_id, first.run_id, base.run_id, result, because, before, after, recheck.at
        FROM recheck
        JOIN deficiency ON deficiency.id = deficiency_id JOIN run ON run.no = recheck.run_no
        JOIN run AS first ON first.no = first_run_no JOIN run AS base ON base.no = base_run_no
        WHERE ? IN ('', number) ORDER BY recheck.id
        """,
        (deficiency_no,),
    )
    return tuple(
        Recheck(
            deficiency_no=number,
            run_id=run,
            first_run=first,
            base_run=base,
            result=RecheckResult(result),
            because=because,
            before=msgspec.json.decode(before, type=tuple[Sighting, ...]),
            after=msgspec.json.decode(after, type=tuple[Sighting, ...]),
            at=datetime.fromisoformat(at),
        )
        for number, run, first, base, result, because, before, after, at in rows
    )


def request_recheck(store: Store, wanted: RecheckRequest) -> None:
    """Ask for a second look on a day."""
    with store.writing():
        store.put(
            "INSERT INTO recheck_request (deficiency_id, due, because, who, at) VALUES (?, ?, ?, ?, ?)",
            (
                _deficiency(store, wanted.deficiency_no),
                wanted.due.isoformat(),
                plain(wanted.because),
                plain(wanted.who),
                moment(wanted.at),
            ),
        )


def due_rechecks(store: Store, day: date) -> tuple[RecheckRequest, ...]:
    """Requests that are due on a day and were not answered yet, the oldest first."""
    rows = store.ask(
        "SELECT number, due, because, who, at FROM recheck_request "
        "JOIN deficiency ON deficiency.id = deficiency_id WHERE answered IS NULL AND due <= ? "
        "ORDER BY due, recheck_request.id",
        (day.isoformat(),),
    )
    return tuple(
        RecheckRequest(
            deficiency_no=number,
            due=date.fromisoformat(due),
            because=because,
            who=who,
            at=datetime.fromisoformat(at),
        )
        for number, due, because, who, at in rows
    )


def mending_marks(store: Store) -> tuple[int, ...]:
    """How far reach what notices asked, what people did, second looks, and requests for them (and how many of these
    are answered): while it stays, nothing was added."""
    row = store.one(
        "SELECT (SELECT coalesce(max(id), 0) FROM notice_item), (SELECT coalesce(max(id), 0) FROM rectify_event), "
        "(SELECT coalesce(max(id), 0) FROM recheck), max(id), count(answered) FROM recheck_request"
    )
    assert row is not None
    return tuple(int(part or 0) for part in row)


def _deficiency(store: Store, number: str) -> int:
    row = store.one("SELECT id FROM deficiency WHERE number = ?", (number,))
    if row is None:
        raise KeyError(number)
    return int(row[0])
