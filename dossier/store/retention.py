"""Which archived bodies something still rests on, as far as the database tells; and forgetting where others stood."""

from __future__ import annotations

from collections.abc import Collection

from dossier.store.opening import Store
from dossier.store.packing import digest_bytes, digest_text
from dossier.store.runs import run_no


def visits_of(store: Store, only: str = "") -> dict[str, tuple[str, ...]]:
    """Unit → the runs that visited it, oldest first; of one unit, where it is named."""
    found: dict[str, list[str]] = {}
    for unit, run in store.ask(
        "SELECT visit.unit_id, run.run_id FROM visit JOIN run ON run.no = visit.run_no "
        "WHERE ? IN ('', visit.unit_id) ORDER BY run.started, run.no",
        (only,),
    ):
        found.setdefault(unit, []).append(run)
    return {unit: tuple(runs) for unit, runs in found.items()}


def bodies_of(store: Store, unit_id: str, run_ids: Collection[str]) -> frozenset[str]:
    """The SHA-256 of every body that a unit showed in these runs, wherever it stands."""
    numbers = [run_no(store, run) for run in run_ids]
    found: set[str] = set()
    for number in numbers:
        rows = store.ask(
            "SELECT DISTINCT capture.sha256 FROM visit JOIN seen ON seen.visit_no = visit.no "
            "JOIN capture ON capture.id = seen.capture_id WHERE visit.unit_id = ? AND visit.run_no = ?",
            (unit_id, number),
        )
        found.update(digest_text(row[0]) for row in rows if row[0])
    return frozenset(found)


def forget_bodies(store: Store, run_id: str, unit_id: str, kept: Collection[str]) -> int:
    """Forget where the bodies stood that a run does not hold any more; how many they were."""
    number = run_no(store, run_id)
    stay = {digest_bytes(sha256) for sha256 in kept}
    rows = store.ask("SELECT sha256 FROM body WHERE unit_id = ? AND run_no = ?", (unit_id, number))
    gone = [row[0] for row in rows if row[0] not in stay]
    with store.writing():
        store.put_many(
            "DELETE FROM body WHERE unit_id = ? AND run_no = ? AND sha256 = ?",
            ((unit_id, number, digest) for digest in gone),
        )
    return len(gone)


def vacuum(store: Store) -> None:
    """Gives the room of what was erased back to the disk."""
    store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.db.conn.execute("VACUUM")
    store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
