"""What left the house as it left: papers with their bytes, what they asked of whom by when, and what followed.

Nothing here is ever changed or erased. A paper keeps the value it was written from beside its bytes, so that
it can be written again and held against what was sent.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from dossier.store.opening import Store, plain
from dossier.store.runs import moment, run_no
from dossier.store.schema import migrations

ADDED_ONLY = ("issued_paper", "issued_file", "notice_item", "rectify_event", "campaign_event")

ISSUED = """
CREATE TABLE issued_paper (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind <> ''),
  year INTEGER NOT NULL,
  place INTEGER NOT NULL CHECK (place > 0),
  number TEXT NOT NULL UNIQUE CHECK (number <> ''),
  unit_id TEXT NOT NULL,
  run_no INTEGER REFERENCES run (no),
  template TEXT NOT NULL CHECK (template <> ''),
  tables TEXT NOT NULL,
  manifest TEXT NOT NULL,
  value BLOB NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  due TEXT,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  UNIQUE (kind, year, place)
) STRICT;
CREATE TABLE issued_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  paper_id INTEGER NOT NULL REFERENCES issued_paper (id),
  name TEXT NOT NULL CHECK (name <> ''),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  body BLOB NOT NULL,
  UNIQUE (paper_id, name)
) STRICT;
CREATE TABLE notice_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  paper_id INTEGER NOT NULL REFERENCES issued_paper (id),
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  due TEXT NOT NULL CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  UNIQUE (paper_id, deficiency_id)
) STRICT;
CREATE INDEX notice_item_deficiency ON notice_item (deficiency_id, id);
CREATE TABLE rectify_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  kind TEXT NOT NULL CHECK (kind IN ('extend', 'close', 'reopen')),
  due TEXT,
  reason TEXT NOT NULL CHECK (reason <> ''),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  CHECK ((kind = 'extend') = (due IS NOT NULL))
) STRICT;
CREATE INDEX rectify_event_deficiency ON rectify_event (deficiency_id, id);
CREATE TABLE campaign_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  year INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('announce', 'deliver', 'waive', 'highlight')),
  item TEXT NOT NULL,
  day TEXT NOT NULL,
  due TEXT,
  text TEXT NOT NULL,
  attachment_id INTEGER REFERENCES attachment (id),
  paper_id INTEGER REFERENCES issued_paper (id),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX campaign_event_year ON campaign_event (year, unit_id, id);
"""


@migrations()
def what_left_the_house_and_what_followed(db: Database) -> None:
    db.executescript(ISSUED)
    for table in ADDED_ONLY:
        for word, act in (("changed", "UPDATE"), ("erased", "DELETE")):
            db.executescript(
                f"CREATE TRIGGER {table}_is_never_{word} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added, never {word}'); END;"
            )
        db.executescript(
            f"CREATE TRIGGER {table}_is_never_replaced BEFORE INSERT ON {table} "  # noqa: S608 - our own names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added, never replaced'); END;"
        )


class IssuedPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that left the house."""

    kind: str
    """`notice`, `bulletin`, `announcement`, `receipt`, `recheck`, `result`, `ledger`."""
    number: str
    """整改通知〔2020〕第1号."""
    unit_id: str = ""
    """Empty: about all units."""
    run_id: str = ""
    template: str
    """Which form wrote it, with its version: `notice-1`."""
    tables: str = ""
    """Digests of the indicator tables in force, as JSON."""
    manifest: str = ""
    """Digest of the evidence manifest of the run (and unit) it rests on."""
    value: bytes
    """JSON of what it was written from."""
    day: date
    due: date | None = None
    who: str
    at: datetime
    place: int = 0
    """Its place among the papers of its kind and year."""
    no: int = 0


class NoticeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One deficiency in one notice."""

    deficiency_no: str
    number: str
    """Of the notice."""
    day: date
    due: date
    at: datetime
    no: int = 0


class RectifyEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did to the mending of a deficiency."""

    deficiency_no: str
    kind: str
    """`extend` (a later deadline), `close` (销号), `reopen`."""
    due: date | None = None
    reason: str
    who: str
    at: datetime
    no: int = 0


def next_place(store: Store, kind: str, year: int) -> int:
    """The next number of a kind of paper in a year; ask inside the `writing` that takes it."""
    row = store.one(
        "SELECT coalesce(max(place), 0) + 1 FROM issued_paper WHERE kind = ? AND year = ?", (kind, year)
    )
    assert row is not None
    return int(row[0])


def add_paper(
    store: Store, paper: IssuedPaper, files: Mapping[str, bytes], items: Iterable[tuple[str, date]] = ()
) -> int:
    """Keep a paper with its files, and what it asks to be mended by when."""
    with store.writing():
        row = store.one(
            "INSERT INTO issued_paper (kind, year, place, number, unit_id, run_no, template, tables, manifest, value, "
            "day, due, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                paper.kind,
                paper.day.year,
                paper.place,
                paper.number,
                paper.unit_id,
                run_no(store, paper.run_id) if paper.run_id else None,
                paper.template,
                paper.tables,
                paper.manifest,
                zlib.compress(paper.value),
                paper.day.isoformat(),
                paper.due.isoformat() if paper.due else None,
                plain(paper.who),
                moment(paper.at),
            ),
        )
        assert row is not None
        for name, body in files.items():
            store.put(
                "INSERT INTO issued_file (paper_id, name, sha256, body) VALUES (?, ?, ?, ?)",
                (row[0], name, hashlib.sha256(body).hexdigest(), body),
            )
        for number, due in items:
            store.put(
                "INSERT INTO notice_item (paper_id, deficiency_id, due) VALUES (?, ?, ?)",
                (row[0], _deficiency_id(store, number), due.isoformat()),
            )
        return int(row[0])


_PAPER = (
    "SELECT issued_paper.id, issued_paper.kind, place, number, unit_id, run.run_id, template, issued_paper.tables, "
    "manifest, value, day, due, who, at FROM issued_paper LEFT JOIN run ON run.no = run_no "
)


def issued_papers(store: Store, kind: str = "") -> tuple[IssuedPaper, ...]:
    """Every paper (of a kind), oldest first."""
    return tuple(
        _paper(row)
        for row in store.ask(_PAPER + "WHERE ? IN ('', issued_paper.kind) ORDER BY issued_paper.id", (kind,))
    )


def issued_paper(store: Store, number: str) -> IssuedPaper | None:
    """The paper with this number."""
    row = store.one(_PAPER + "WHERE number = ?", (number,))
    return _paper(row) if row else None


def files_of(store: Store, paper_no: int) -> dict[str, tuple[str, bytes]]:
    """Name → digest and bytes, as they left."""
    return {
        name: (sha, body)
        for name, sha, body in store.ask(
            "SELECT name, sha256, body FROM issued_file WHERE paper_id = ? ORDER BY id", (paper_no,)
        )
    }


def notice_items(store: Store, deficiency_no: str = "") -> tuple[NoticeItem, ...]:
    """What notices asked, oldest first."""
    rows = store.ask(
        "SELECT deficiency.number, issued_paper.number, day, notice_item.due, at, notice_item.id FROM notice_item "
        "JOIN issued_paper ON issued_paper.id = paper_id JOIN deficiency ON deficiency.id = deficiency_id "
        "WHERE ? IN ('', deficiency.number) ORDER BY notice_item.id",
        (deficiency_no,),
    )
    return tuple(
        NoticeItem(
            deficiency_no=row[0],
            number=row[1],
            day=date.fromisoformat(row[2]),
            due=date.fromisoformat(row[3]),
            at=datetime.fromisoformat(row[4]),
            no=row[5],
        )
        for row in rows
    )


def add_rectify_event(store: Store, event: RectifyEvent) -> None:
    with store.writing():
        store.put(
            "INSERT INTO rectify_event (deficiency_id, kind, due, reason, who, at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                _deficiency_id(store, event.deficiency_no),
                event.kind,
                event.due.isoformat() if event.due else None,
                plain(event.reason),
                plain(event.who),
                moment(event.at),
            ),
        )


def rectify_events(store: Store, deficiency_no: str = "") -> tuple[RectifyEvent, ...]:
    rows = store.ask(
        "SELECT number, kind, due, reason, who, at, rectify_event.id FROM rectify_event "
        "JOIN deficiency ON deficiency.id = deficiency_id WHERE ? IN ('', number) ORDER BY rectify_event.id",
        (deficiency_no,),
    )
    return tuple(
        RectifyEvent(
            deficiency_no=row[0],
            kind=row[1],
            due=date.fromisoformat(row[2]) if row[2] else None,
            reason=row[3],
            who=row[4],
            at=datetime.fromisoformat(row[5]),
            no=row[6],
        )
        for row in rows
    )


def seen_nights(
    store: Store, numbers: Iterable[str] | None = None
) -> tuple[tuple[str, str, datetime, date], ...]:
    """Every night on which a numbered deficiency was seen as a fault: (number, run, start of the run, as-of date)."""
    wanted = set(numbers) if numbers is not None else None
    rows = store.ask(
        "SELECT number, run_id, started, as_of FROM deficiency_night AS night "
        "JOIN deficiency ON deficiency.id = deficiency_id JOIN visit ON visit.no = visit_no "
        "JOIN run ON run.no = visit.run_no WHERE night.verdict = 'fail' AND run.kind <> 'recheck' "
        "AND deficiency_id IN (SELECT deficiency_id FROM notice_item UNION SELECT deficiency_id FROM rectify_event "
        "UNION SELECT deficiency_id FROM recheck) AND number NOT NULL "
        "ORDER BY run.started, run.no"
    )
    return tuple(
        (row[0], row[1], datetime.fromisoformat(row[2]), date.fromisoformat(row[3]))
        for row in rows
        if wanted is None or row[0] in wanted
    )


def _paper(row: tuple[Any, ...]) -> IssuedPaper:
    no, kind, place, number, unit, run, template, tables, manifest, value, day, due, who, at = row
    return IssuedPaper(
        kind=kind,
        number=number,
        unit_id=unit,
        run_id=run or "",
        template=template,
        tables=tables,
        manifest=manifest,
        value=zlib.decompress(value),
        day=date.fromisoformat(day),
        due=date.fromisoformat(due) if due else None,
        who=who,
        at=datetime.fromisoformat(at),
        place=place,
        no=no,
    )


def _deficiency_id(store: Store, number: str) -> int:
    row = store.one("SELECT id FROM deficiency WHERE number = ?", (number,))
    if row is None:
        raise KeyError(number)
    return int(row[0])
