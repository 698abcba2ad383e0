"""Which archived bodies something still rests on, as far as the database tells; and forgetting where others stood."""

from __future__ import annotations

from collections.abc import Collection

from dossier.store.opening import Store
from dossier.store.packing import digest_bytes, digest_text
from dossier.store.runs import run_no, visit_no
from dossier.store.sights import captures_of, sights_of


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
    found: set[str] = set()
    for run in run_ids:
        visit = visit_no(store, run, unit_id)
        seen = sights_of(store, (visit,)) if visit is not None else []
        found.update(
            digest_text(sha256) for (sha256,) in captures_of(store, seen, "sha256").values() if sha256
        )
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
