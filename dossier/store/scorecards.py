"""The suggested score of each unit in each run."""

from __future__ import annotations

import msgspec

from dossier.model import Scorecard
from dossier.store.opening import Store
from dossier.store.packing import as_json
from dossier.store.runs import run_no


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
