"""What the rules said of a unit in a run; judging again replaces it, judging the same changes nothing."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import msgspec

from dossier.model import Area, Coverage, Evidence, Judgement, NotCalled, Outcome, Verdict
from dossier.store.opening import Store, plain
from dossier.store.packing import as_json, pack, short_digest
from dossier.store.runs import visit_no
from dossier.store.sayings import said_of, save_sayings, unsay

OUTCOME = "seq, rule_id, verdict, subject, page_url, message_key, data, because, evidence_id"


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How much a night found, to be compared with other nights."""

    pages: int
    items: int
    dated_items: int


def save_judgement(
    store: Store, run_id: str, judgement: Judgement, coverage: Coverage, extent: Extent
) -> None:
    """Keep what the rules said, and how much was seen. The nights of deficiencies that rested on other words
    of the same run are forgotten; `desk.standing` enters them anew."""
    visit = visit_no(store, run_id, judgement.unit_id)
    if visit is None:
        raise KeyError((run_id, judgement.unit_id))
    digest = short_digest(pack(judgement))
    with store.writing():
        store.put(
            "INSERT INTO coverage (visit_no, inspected, value, packed) VALUES (?, ?, '', ?) ON CONFLICT (visit_no) "
            "DO UPDATE SET inspected = excluded.inspected, value = excluded.value, packed = excluded.packed",
            (visit, int(coverage.inspected), zlib.compress(as_json(coverage).encode(), 9)),
        )
        store.put(
            "UPDATE visit SET pages = ?, items = ?, dated_items = ? WHERE no = ?",
            (extent.pages, extent.items, extent.dated_items, visit),
        )
        if store.one("SELECT 1 FROM judgement WHERE visit_no = ? AND digest = ?", (visit, digest)):
            return
        _forget(store, visit)
        store.put("INSERT INTO judgement (visit_no, digest) VALUES (?, ?)", (visit, digest))
        save_sayings(store, visit, judgement)
        store.put_many(
            "INSERT INTO not_called (visit_no, seq, rule_id, area, because) VALUES (?, ?, ?, ?, ?)",
            (
                (visit, seq, plain(rule.rule_id), str(rule.area), plain(rule.because))
                for seq, rule in enumerate(judgement.not_called)
            ),
        )


def judgement_of(store: Store, run_id: str, unit_id: str) -> Judgement | None:
    """All that the rules said of a unit in a run; None where it was not judged."""
    visit = visit_no(store, run_id, unit_id)
    if visit is None or store.one("SELECT 1 FROM judgement WHERE visit_no = ?", (visit,)) is None:
        return None
    rows = store.ask(
        "SELECT rule_id, area, because FROM not_called WHERE visit_no = ? ORDER BY seq", (visit,)
    )
    return Judgement(
        unit_id=unit_id,
        outcomes=outcomes(store, run_id, unit_id),
        not_called=tuple(
            NotCalled(rule_id=rule, area=Area(area), because=because) for rule, area, because in rows
        ),
    )


def outcomes(store: Store, run_id: str, unit_id: str) -> tuple[Outcome, ...]:
    """Every verdict of a run on a unit, in the order in which the rules spoke."""
    visit = visit_no(store, run_id, unit_id)
    if visit is None:
        return ()
    said = said_of(store, visit)
    if said is not None:
        return tuple(said.values())
    rows = store.ask(f"SELECT {OUTCOME} FROM outcome WHERE visit_no = ? ORDER BY seq", (visit,))  # noqa: S608
    return _read_outcomes(store, rows)


def outcomes_at(store: Store, visit: int, seqs: Iterable[int]) -> dict[int, Outcome]:
    """Some outcomes of a visit, by their place in it."""
    wanted = sorted(set(seqs))
    said = said_of(store, visit, wanted)
    if said is not None:
        return said
    found = ((seq, _old_outcome(store, visit, seq)) for seq in wanted)
    return {seq: outcome for seq, outcome in found if outcome is not None}


def _old_outcome(store: Store, visit: int, seq: int) -> Outcome | None:
    rows = store.ask(f"SELECT {OUTCOME} FROM outcome WHERE visit_no = ? AND seq = ?", (visit, seq))  # noqa: S608
    return next(iter(_read_outcomes(store, rows)), None)


def _read_outcomes(store: Store, rows: list[tuple[object, ...]]) -> tuple[Outcome, ...]:
    """Outcomes of nights that were judged before sayings were kept once."""
    proofs: dict[object, tuple[Evidence, ...]] = {None: ()}
    found = []
    for _, rule, verdict, subject, page, key, data, because, proof in rows:
        if proof not in proofs:
            row = store.one("SELECT value FROM evidence WHERE id = ?", (int(str(proof)),))
            assert row is not None
            proofs[proof] = msgspec.msgpack.decode(zlib.decompress(row[0]), type=tuple[Evidence, ...])
        found.append(
            Outcome(
                rule_id=str(rule),
                verdict=Verdict(str(verdict)),
                subject=str(subject),
                page_url=str(page),
                message_key=str(key),
                data=msgspec.json.decode(str(data)),
                evidence=proofs[proof],
                because=str(because),
            )
        )
    return tuple(found)


def _forget(store: Store, visit: int) -> None:
    """Drop what was said before, and the evidence that nothing else shows."""
    shown = store.ask("SELECT DISTINCT evidence_id FROM outcome WHERE visit_no = ?", (visit,))
    unsay(store, visit)
    for table in ("deficiency_night", "not_called", "outcome", "judgement"):
        store.put(f"DELETE FROM {table} WHERE visit_no = ?", (visit,))  # noqa: S608 - constants
    store.put_many(
        "DELETE FROM evidence WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM outcome WHERE outcome.evidence_id = evidence.id) AND NOT EXISTS "
        "(SELECT 1 FROM saying WHERE saying.evidence_id = evidence.id)",
        shown,
    )
