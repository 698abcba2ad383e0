"""How units stood after a run, kept as a copy so that the desk opens at once after a year of nights."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date

import msgspec

from dossier.model import UnitStanding
from dossier.store.opening import Store
from dossier.store.packing import pack
from dossier.store.runs import run_no


class SeenNight(msgspec.Struct, frozen=True, kw_only=True):
    """One night of one deficiency, as the desk shows it."""

    run_id: str
    as_of: date
    sight: str
    because: str = ""


def scored_runs(store: Store) -> dict[str, str]:
    """Unit → the last run in which it got a scorecard."""
    # From the newest run backwards, and from the indexes alone: a year of scorecards is a hundred megabytes.
    rows = store.ask(
        "SELECT unit_id, (SELECT run_id FROM run WHERE EXISTS (SELECT 1 FROM scorecard INDEXED BY scorecard_unit "
        "WHERE scorecard.unit_id = unit.unit_id AND scorecard.run_no = run.no) "
        "ORDER BY started DESC, no DESC LIMIT 1) FROM unit"
    )
    return {unit: run for unit, run in rows if run is not None}


def stamps(store: Store, run_id: str, salt: bytes = b"") -> dict[str, bytes]:
    """Unit → digest of all that its standing after a run was made from."""
    rows = store.ask(
        "SELECT visit.unit_id, judgement.digest, coalesce(coverage.packed, coverage.value), scorecard.value, "
        "coalesce(visit.packed_report, visit.report), "
        "(SELECT count(*) || '.' || coalesce(sum(deficiency_id), 0) FROM deficiency_night WHERE visit_no = visit.no) "
        "FROM visit JOIN run ON run.no = visit.run_no LEFT JOIN judgement ON judgement.visit_no = visit.no "
        "LEFT JOIN coverage ON coverage.visit_no = visit.no "
        "LEFT JOIN scorecard ON scorecard.run_no = visit.run_no AND scorecard.unit_id = visit.unit_id "
        "WHERE run.run_id = ?",
        (run_id,),
    )
    found = {}
    for unit, *parts in rows:
        digest = hashlib.blake2b(salt, digest_size=16)
        for part in parts:
            digest.update(part if isinstance(part, bytes) else str(part).encode("utf-8", "replace"))
            digest.update(b"\0")
        found[unit] = digest.digest()
    return found


def kept_standing(store: Store, run_id: str, unit_id: str, stamp: bytes) -> UnitStanding | None:
    """The copy, where it was made from what is there now."""
    row = store.one(
        "SELECT value FROM kept_standing JOIN run ON run.no = run_no WHERE run_id = ? AND unit_id = ? AND stamp = ?",
        (run_id, unit_id, stamp),
    )
    if row is None:
        return None
    try:
        return msgspec.msgpack.decode(zlib.decompress(row[0]), type=UnitStanding)
    except (msgspec.DecodeError, zlib.error):
        return None


def keep_standing(store: Store, standing: UnitStanding, stamp: bytes) -> None:
    """Keep a copy; copies of the unit's earlier runs are dropped."""
    with store.writing():
        store.put("DELETE FROM kept_standing WHERE unit_id = ?", (standing.unit.unit_id,))
        store.put(
            "INSERT INTO kept_standing (run_no, unit_id, stamp, value) VALUES (?, ?, ?, ?)",
            (
                run_no(store, standing.run_id),
                standing.unit.unit_id,
                stamp,
                zlib.compress(pack(standing), 1),
            ),
        )


def nights_of_deficiency(store: Store, number: str) -> tuple[SeenNight, ...]:
    """Every night on which anything is known of a deficiency, oldest first."""
    rows = store.ask(
        "SELECT run_id, as_of, night.verdict, night.because FROM deficiency_night AS night "
        "JOIN deficiency ON deficiency.id = deficiency_id JOIN visit ON visit.no = visit_no "
        "JOIN run ON run.no = visit.run_no WHERE number = ? ORDER BY run.started, run.no",
        (number,),
    )
    return tuple(
        SeenNight(run_id=run, as_of=date.fromisoformat(day), sight=sight, because=because)
        for run, day, sight, because in rows
    )


def score_series(store: Store, limit: int = 30) -> dict[str, tuple[tuple[str, str], ...]]:
    """Unit → (as-of date, suggested score) of its last nights in which it was inspected, oldest first."""
    rows = store.ask(
        "SELECT unit_id, as_of, json_extract(value, '$.score') FROM scorecard JOIN run ON run.no = scorecard.run_no "
        "WHERE run.no IN (SELECT no FROM run WHERE kind <> 'recheck' ORDER BY started DESC LIMIT ?) "
        "AND json_extract(value, '$.inspected') ORDER BY run.started, run.no",
        (limit,),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for unit, day, score in rows:
        found.setdefault(unit, []).append((day, str(score)))
    return {unit: tuple(series) for unit, series in found.items()}
