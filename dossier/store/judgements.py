"""What the rules said of a unit in a run; judging again replaces it, judging the same changes nothing."""

from __future__ import annotations

import zlib

import msgspec

from dossier.model import Area, Coverage, Evidence, Judgement, NotCalled, Outcome, Verdict
from dossier.store.opening import Store, plain
from dossier.store.packing import as_json, marks, pack, short_digest
from dossier.store.runs import visit_no

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
            "INSERT INTO coverage (visit_no, inspected, value) VALUES (?, ?, ?) ON CONFLICT (visit_no) "
            "DO UPDATE SET inspected = excluded.inspected, value = excluded.value",
            (visit, int(coverage.inspected), as_json(coverage)),
        )
        store.put(
            "UPDATE visit SET pages = ?, items = ?, dated_items = ? WHERE no = ?",
            (extent.pages, extent.items, extent.dated_items, visit),
        )
        if store.one("SELECT 1 FROM judgement WHERE visit_no = ? AND digest = ?", (visit, digest)):
            return
        _forget(store, visit)
        store.put("INSERT INTO judgement (visit_no, digest) VALUES (?, ?)", (visit, digest))
        proofs = _enter_evidence(store, judgement)
        store.put_many(
            f"INSERT INTO outcome (visit_no, {OUTCOME}) VALUES (?, {marks(OUTCOME.split(','))})",  # noqa: S608
            (
                (
                    visit,
                    seq,
                    plain(outcome.rule_id),
                    str(outcome.verdict),
                    plain(outcome.subject),
                    plain(outcome.page_url),
                    plain(outcome.message_key),
                    as_json(outcome.data),
                    plain(outcome.because),
                    proofs.get(outcome.evidence),
                )
                for seq, outcome in enumerate(judgement.outcomes)
            ),
        )
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
    rows = store.ask(f"SELECT {OUTCOME} FROM outcome WHERE visit_no = ? ORDER BY seq", (visit,))  # noqa: S608
    return read_outcomes(store, rows)


def outcome_at(store: Store, visit: int, seq: int) -> Outcome | None:
    rows = store.ask(f"SELECT {OUTCOME} FROM outcome WHERE visit_no = ? AND seq = ?", (visit, seq))  # noqa: S608
    return next(iter(read_outcomes(store, rows)), None)


def read_outcomes(store: Store, rows: list[tuple[object, ...]]) -> tuple[Outcome, ...]:
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
    for table in ("deficiency_night", "not_called", "outcome", "judgement"):
        store.put(f"DELETE FROM {table} WHERE visit_no = ?", (visit,))  # noqa: S608 - four constants
    store.put_many(
        "DELETE FROM evidence WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM outcome WHERE outcome.evidence_id = evidence.id)",
        shown,
    )


def _enter_evidence(store: Store, judgement: Judgement) -> dict[tuple[Evidence, ...], int]:
    """Many outcomes of one unit show the same pages: each set of evidence is kept once."""
    ids: dict[tuple[Evidence, ...], int] = {}
    for proof in dict.fromkeys(outcome.evidence for outcome in judgement.outcomes if outcome.evidence):
        packed = pack(proof)
        digest = short_digest(packed)
        store.put(
            "INSERT INTO evidence (digest, value) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
            (digest, zlib.compress(packed)),
        )
        row = store.one("SELECT id FROM evidence WHERE digest = ?", (digest,))
        assert row is not None
        ids[proof] = row[0]
    return ids
