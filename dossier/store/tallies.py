"""What the nights of a deficiency amount to: first and last sight, how often, and since when it stands.

A year of nights is not read each night. A unit's tallies up to the night before its last are kept, and only the nights
since are added. Whatever changes a night that is in them throws them away, and they are made anew from all nights.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from dossier.store.opening import Store
from dossier.store.schema import migrations

TALLIES = """
CREATE TABLE tallied (
  unit_id TEXT PRIMARY KEY REFERENCES unit (unit_id),
  started TEXT NOT NULL,
  run_no INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
  unit_id TEXT NOT NULL REFERENCES tallied (unit_id) ON DELETE CASCADE,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  value BLOB NOT NULL,
  PRIMARY KEY (unit_id, deficiency_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER tallies_know_no_new_past AFTER INSERT ON deficiency_night
BEGIN {forget} NEW.visit_no); END;
CREATE TRIGGER tallies_know_no_lost_past AFTER DELETE ON deficiency_night
BEGIN {forget} OLD.visit_no); END;
CREATE TRIGGER tallies_know_no_other_past AFTER UPDATE ON deficiency_night
BEGIN {forget} NEW.visit_no); END;
"""
_FORGET = """
DELETE FROM tallied WHERE unit_id = (SELECT unit_id FROM visit WHERE no = {row}) AND (started, run_no) >=
  (SELECT run.started, run.no FROM visit JOIN run ON run.no = visit.run_no WHERE visit.no ="""


class Sight(StrEnum):
    """What became of a deficiency on one night."""

    FAIL = "fail"
    UNSURE = "unsure"
    ERROR = "error"
    GONE = "gone"
    """Looked for where it was, and not found any more."""
    UNSEEN = "unseen"
    """未能检测: nobody could look tonight, so it stands."""


@migrations()
def what_nights_amount_to(db: Database) -> None:
    parts = TALLIES.split("{forget}")
    rows = ("NEW.visit_no", "OLD.visit_no", "NEW.visit_no")
    script = parts[0] + "".join(
        _FORGET.format(row=row) + part for row, part in zip(rows, parts[1:], strict=True)
    )
    db.executescript(script)


class Seen(NamedTuple):
    """A night on which it was spoken of."""

    run: str
    day: date


class Tally(msgspec.Struct, array_like=True):
    """All nights of one deficiency, up to some night."""

    run: str = ""
    """Of the last of them; `day`, `sight` and `because` likewise."""
    day: date = date.min
    sight: Sight = Sight.UNSEEN
    because: str = ""
    """Why it could not be looked for."""
    first: Seen | None = None
    """Seen as a fault or a doubt."""
    last: Seen | None = None
    first_error: Seen | None = None
    last_error: Seen | None = None
    counts: dict[str, int] = {}
    """Sight → on how many nights."""
    faults: int = 0
    """Nights as a fault since it was last looked for and not found."""
    faults_before: int = 0
    """The same, before it was last not found."""
    doubted: bool = False
    """Whether it was seen as a fault or a doubt since then."""
    word: tuple[int, int] | None = None
    """Visit and place of the outcome that last spoke of it as a fault or a doubt."""
    error: tuple[int, int] | None = None

    def last_word(self, run_id: str) -> tuple[int, int] | None:
        """The outcome that tells of it best on a night."""
        broke = self.sight is Sight.ERROR and self.run == run_id
        return self.error if broke else self.word or self.error

    @property
    def spoken(self) -> tuple[Seen, Seen] | None:
        """First and last sight; a run in which the rule broke saw nothing, unless no other ever spoke of it."""
        if self.first and self.last:
            return self.first, self.last
        return (self.first_error, self.last_error) if self.first_error and self.last_error else None

    def add(self, run: str, day: date, sight: Sight, because: str, word: tuple[int, int] | None) -> None:
        """One more night, later than all."""
        self.run, self.day, self.sight, self.because = run, day, sight, because
        self.counts = {**self.counts, sight.value: self.counts.get(sight.value, 0) + 1}
        here = Seen(run, day)
        if sight in (Sight.FAIL, Sight.UNSURE):
            self.first, self.last, self.word, self.doubted = self.first or here, here, word, True
            self.faults += sight is Sight.FAIL
        elif sight is Sight.ERROR:
            self.first_error, self.last_error, self.error = self.first_error or here, here, word
        elif sight is Sight.GONE:
            self.faults_before, self.faults, self.doubted = self.faults, 0, False


_SIGHTS = {sight.value: sight for sight in Sight}
_decoder = msgspec.msgpack.Decoder(Tally)


def tallies_of(store: Store, unit_id: str, run_id: str, *, with_this: bool = False) -> dict[int, Tally]:
    """Deficiency → what its nights amount to before a run, or `with_this` after it."""
    bound = _place(store, run_id)
    kept = store.one("SELECT started, run_no FROM tallied WHERE unit_id = ?", (unit_id,))
    if kept is not None and (kept < bound or (with_this and kept == bound)):
        rows = store.ask("SELECT deficiency_id, value FROM tally WHERE unit_id = ?", (unit_id,))
        found = {no: _decoder.decode(value) for no, value in rows}
    else:
        kept, found = ("", -1), {}
    visits = store.ask(
        "SELECT visit.no, run.run_id, run.as_of FROM run CROSS JOIN visit ON visit.run_no = run.no "  # noqa: S608
        f"WHERE visit.unit_id = ? AND (run.started, run.no) > (?, ?) AND (run.started, run.no) {'<=' if with_this else '<'} (?, ?) "
        "ORDER BY run.started, run.no",
        (unit_id, *kept, *bound),
    )
    for visit, run, day in visits:
        nights = store.ask(
            "SELECT deficiency_id, verdict, outcome_seq, because FROM deficiency_night WHERE visit_no = ?",
            (visit,),
        )
        for no, verdict, seq, because in nights:
            word = (visit, seq) if seq is not None else None
            found.setdefault(no, Tally()).add(run, date.fromisoformat(day), _SIGHTS[verdict], because, word)
    return found


def keep_tallies(store: Store, unit_id: str, run_id: str) -> None:
    """Keep what the nights before a run amount to, where it is the unit's last: the next nights begin there."""
    later = store.one(
        "SELECT 1 FROM run CROSS JOIN visit ON visit.run_no = run.no "
        "WHERE visit.unit_id = ? AND (run.started, run.no) > (?, ?) LIMIT 1",
        (unit_id, *_place(store, run_id)),
    )
    before = store.one(
        "SELECT run.started, run.no FROM run CROSS JOIN visit ON visit.run_no = run.no "
        "WHERE visit.unit_id = ? AND (run.started, run.no) < (?, ?) ORDER BY run.started DESC, run.no DESC LIMIT 1",
        (unit_id, *_place(store, run_id)),
    )
    kept = store.one("SELECT started, run_no FROM tallied WHERE unit_id = ?", (unit_id,))
    if later or before is None or kept == before:
        return
    tallies = tallies_of(store, unit_id, run_id)
    with store.writing():
        store.put("DELETE FROM tally WHERE unit_id = ?", (unit_id,))
        store.put("DELETE FROM tallied WHERE unit_id = ?", (unit_id,))
        store.put("INSERT INTO tallied (unit_id, started, run_no) VALUES (?, ?, ?)", (unit_id, *before))
        store.put_many(
            "INSERT INTO tally (unit_id, deficiency_id, value) VALUES (?, ?, ?)", _packed(unit_id, tallies)
        )


def _packed(unit_id: str, tallies: dict[int, Tally]) -> Iterable[tuple[str, int, bytes]]:
    return ((unit_id, no, msgspec.msgpack.encode(one)) for no, one in tallies.items())


def _place(store: Store, run_id: str) -> tuple[str, int]:
    """Where a run stands in time."""
    row = store.one("SELECT started, no FROM run WHERE run_id = ?", (run_id,))
    if row is None:
        raise KeyError(run_id)
    return row[0], row[1]
