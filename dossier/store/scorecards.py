"""The suggested score of each unit in each run."""

from __future__ import annotations

import msgspec
from sqlite_utils import Database

from dossier.model import Scorecard
from dossier.store.opening import Store
from dossier.store.packing import as_json
from dossier.store.runs import run_no
from dossier.store.schema import migrations

BY_ROW = (
    """
    CREATE TABLE scorecard_by_row (
      id INTEGER PRIMARY KEY,
      run_no INTEGER NOT NULL REFERENCES run (no),
      unit_id TEXT NOT NULL,
      value TEXT NOT NULL,
      UNIQUE (run_no, unit_id)
    ) STRICT
    """,
    """
    INSERT INTO scorecard_by_row (run_no, unit_id, value)
    SELECT run_no, unit_id, value FROM scorecard ORDER BY run_no, unit_id
    """,
    "DROP TABLE scorecard",
    "ALTER TABLE scorecard_by_row RENAME TO scorecard",
    "CREATE INDEX scorecard_unit ON scorecard (unit_id, run_no)",
)
"""A scorecard is longer than a key of an index may be: kept as one, each took a page of 4 KB of its own."""


@migrations()
def scorecards_by_row(db: Database) -> None:
    for statement in BY_ROW:
        db.execute(statement)


def save_scorecard(store: Store, card: Scorecard) -> None:
    """Keep a unit's scorecard of a run, in place of an earlier one of the same run."""
    with store.writing():
        store.put(
            "INSERT INTO scorecard (run_no, unit_id, value) VALUES (?, ?, ?) "
            "ON CONFLICT (run_no, unit_id) DO UPDATE SET value = excluded.value",
            (run_no(store, card.run_id), card.unit_id, as_json(card)),
        )


def scorecards(store: Store, run_id: str) -> tuple[Scorecard, ...]:
    """All scorecards of a run, by unit."""
    rows = store.ask(
        "SELECT value FROM scorecard JOIN run ON run.no = scorecard.run_no WHERE run_id = ? ORDER BY unit_id",
        (run_id,),
    )
    return tuple(msgspec.json.decode(row[0], type=Scorecard) for row in rows)


def scorecard_of(store: Store, run_id: str, unit_id: str) -> Scorecard | None:
    row = store.one(
        "SELECT value FROM scorecard JOIN run ON run.no = scorecard.run_no WHERE run_id = ? AND unit_id = ?",
        (run_id, unit_id),
    )
    return msgspec.json.decode(row[0], type=Scorecard) if row else None


def previous_scorecard(store: Store, run_id: str, unit_id: str) -> Scorecard | None:
    """The scorecard of the last run before this one in which the unit got one."""
    row = store.one(
        """
        SELECT value FROM scorecard JOIN run ON run.no = scorecard.run_no
        WHERE unit_id = ? AND (run.started, run.no) < (SELECT started, no FROM run WHERE run_id = ?)
        ORDER BY run.started DESC, run.no DESC LIMIT 1
        """,
        (unit_id, run_id),
    )
    return msgspec.json.decode(row[0], type=Scorecard) if row else None
