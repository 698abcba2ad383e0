"""Each run's files are sealed by one digest, and each seal names the one before: nothing can be slipped in between."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlite_utils import Database

from dossier.store.opening import Store, plain
from dossier.store.runs import moment, run_no
from dossier.store.schema import migrations

SEALS = """
CREATE TABLE manifest (
  no INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE CHECK (run_id <> ''),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  previous_run TEXT NOT NULL,
  previous_sha256 TEXT NOT NULL,
  files INTEGER NOT NULL CHECK (files >= 0),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  at TEXT NOT NULL
) STRICT;
CREATE TRIGGER manifest_is_never_changed BEFORE UPDATE ON manifest
BEGIN SELECT RAISE(ABORT, 'a seal is only ever added, never changed'); END;
CREATE TRIGGER manifest_is_never_erased BEFORE DELETE ON manifest
BEGIN SELECT RAISE(ABORT, 'a seal is only ever added, never erased'); END;
"""


@migrations()
def what_was_sealed(db: Database) -> None:
    db.executescript(SEALS)


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of one run's manifest, and that of the run sealed before it."""

    run_id: str
    sha256: str
    previous_run: str = ""
    previous_sha256: str = ""
    files: int
    bytes: int
    at: datetime


def add_seal(store: Store, seal: Seal) -> bool:
    """Enter a seal; False where another was entered meanwhile, so that this one names the wrong one before it."""
    with store.writing():
        last = store.one("SELECT run_id, sha256 FROM manifest ORDER BY no DESC LIMIT 1")
        if (last or ("", "")) != (plain(seal.previous_run), seal.previous_sha256):
            return False
        store.put(
            "INSERT INTO manifest (run_id, sha256, previous_run, previous_sha256, files, bytes, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                plain(seal.run_id),
                seal.sha256,
                plain(seal.previous_run),
                seal.previous_sha256,
                seal.files,
                seal.bytes,
                moment(seal.at),
            ),
        )
    return True


def seals(store: Store) -> tuple[Seal, ...]:
    """The whole chain, oldest first."""
    rows = store.ask(
        "SELECT run_id, sha256, previous_run, previous_sha256, files, bytes, at FROM manifest ORDER BY no"
    )
    return tuple(
        Seal(
            run_id=run,
            sha256=sha,
            previous_run=before,
            previous_sha256=before_sha,
            files=files,
            bytes=size,
            at=datetime.fromisoformat(at),
        )
        for run, sha, before, before_sha, files, size, at in rows
    )


def seal_of(store: Store, run_id: str) -> Seal | None:
    return next((seal for seal in seals(store) if seal.run_id == run_id), None)


def forget_places(store: Store, run_id: str, unit_id: str) -> None:
    """A unit's bodies of a run stand elsewhere now: forget where they stood, so that they are entered anew."""
    with store.writing():
        store.put("DELETE FROM body WHERE unit_id = ? AND run_no = ?", (unit_id, run_no(store, run_id)))


def unit_and_runs_of(store: Store, deficiency_no: str) -> tuple[str, tuple[str, ...]] | None:
    """Which unit a deficiency is about, and in which runs it was seen, oldest first."""
    row = store.one("SELECT id, unit_id FROM deficiency WHERE number = ?", (deficiency_no,))
    if row is None:
        return None
    nights = store.ask(
        "SELECT run.run_id FROM deficiency_night AS night JOIN visit ON visit.no = night.visit_no "
        "JOIN run ON run.no = visit.run_no WHERE night.deficiency_id = ? AND night.outcome_seq NOT NULL "
        "ORDER BY run.started, run.no",
        (row[0],),
    )
    return str(row[1]), tuple(str(night[0]) for night in nights)
