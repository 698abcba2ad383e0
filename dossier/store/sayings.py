"""What is said night after night is kept once; a night keeps only that it was said again, and by which attempts.

An outcome, and the evidence it shows, are kept in `saying` and `evidence` without the moments of their night. A
judgement is then a short list: which sayings, and for each piece of evidence which attempt (`Sight.seq`) of the
night brought it. What does not come out of that list exactly as it was is kept word for word.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, count
from typing import Any

import msgspec
from sqlite_utils import Database

from dossier.model import Evidence, Judgement, Outcome, Verdict
from dossier.store.opening import Store, plain
from dossier.store.packing import as_json, digest_bytes, marks, moment_of, pack, short_digest, squeezed, ticks
from dossier.store.schema import migrations
from dossier.store.sights import captures_of, sights_of

SAYINGS = """
CREATE TABLE saying (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  rule_id TEXT NOT NULL CHECK (rule_id <> ''),
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'unsure', 'not_applicable', 'error')),
  subject TEXT NOT NULL,
  page_url TEXT NOT NULL,
  message_key TEXT NOT NULL,
  data TEXT NOT NULL,
  because TEXT NOT NULL,
  evidence_id INTEGER REFERENCES evidence (id)
) STRICT;
CREATE INDEX saying_evidence ON saying (evidence_id);
CREATE TABLE said (
  visit_no INTEGER PRIMARY KEY REFERENCES judgement (visit_no),
  value BLOB NOT NULL
) STRICT;
ALTER TABLE coverage ADD COLUMN packed BLOB;
ALTER TABLE visit ADD COLUMN packed_report BLOB;
"""
WORDS = "rule_id, verdict, subject, page_url, message_key, data, because, evidence_id"
_CHUNK = 500
_LITERAL = -1

_Moment = tuple[datetime | None, int | None]
_Row = Sequence[Any]


class _Said(msgspec.Struct, array_like=True):
    """One night's judgement of a unit."""

    sayings: list[int]
    """In the order in which the rules spoke; each the difference to the one before."""
    proofs: dict[int, list[int]]
    """Evidence → for each of its pieces the attempt of this night that brought it; -1: it stands word for word."""


@migrations()
def what_is_said_again(db: Database) -> None:
    db.executescript(SAYINGS)


def save_sayings(store: Store, visit: int, judgement: Judgement) -> None:
    """Keep the outcomes of a night; inside `writing`, after its judgement was entered."""
    brought = _attempts(store, visit)
    proofs: list[bytes | None] = []
    places_of: dict[bytes, list[int]] = {}
    values: dict[bytes, bytes] = {}
    for proof in (outcome.evidence for outcome in judgement.outcomes):
        if not proof:
            proofs.append(None)
            continue
        bare, places = _without_moments(proof, brought)
        packed = pack(bare)
        digest = short_digest(packed)
        if (
            places_of.get(digest, places) != places
        ):  # two that differ by moments alone: the second word for word
            packed, places = pack(proof), [_LITERAL] * len(proof)
            digest = short_digest(packed)
        places_of[digest], values[digest] = places, packed
        proofs.append(digest)
    numbers = _evidence_ids(store, values)
    refs = {numbers[digest]: places for digest, places in places_of.items()}
    rows = [
        _row(outcome, numbers[proof] if proof else None)
        for outcome, proof in zip(judgement.outcomes, proofs, strict=True)
    ]
    # The unit is part of what is said, so that the nights of one unit tell whether its words are still in use.
    unit = store.one("SELECT unit_id FROM visit WHERE no = ?", (visit,))
    digests = [short_digest(msgspec.msgpack.encode((unit, row))) for row in rows]
    known = _numbers(store, "SELECT digest, id FROM saying WHERE digest IN", digests)
    new = {digest: row for row, digest in zip(rows, digests, strict=True) if digest not in known}
    known |= zip(new, count(_next_id(store, "saying")), strict=False)
    store.put_many(
        f"INSERT INTO saying (id, digest, {WORDS}) VALUES (?, ?, {marks(WORDS.split(','))})",  # noqa: S608 - constants
        ((known[digest], digest, *row) for digest, row in new.items()),
    )
    ids = [known[digest] for digest in digests]
    steps = [own - before for own, before in zip(ids, [0, *ids], strict=False)]
    value = zlib.compress(msgspec.msgpack.encode(_Said(steps, refs)), 9)
    store.put("INSERT INTO said (visit_no, value) VALUES (?, ?)", (visit, value))


def said_of(store: Store, visit: int, only: Iterable[int] | None = None) -> dict[int, Outcome] | None:
    """The outcomes of a night by their place in it (`only` some places); None where it was kept in the old way."""
    row = store.one("SELECT value FROM said WHERE visit_no = ?", (visit,))
    if row is None:
        return None
    said = _unpacked(row[0])
    ids = _ids(said)
    places = list(range(len(ids))) if only is None else [seq for seq in only if 0 <= seq < len(ids)]
    words = _rows(store, f"SELECT id, {WORDS} FROM saying WHERE id IN", {ids[seq] for seq in places})  # noqa: S608
    proofs = _proofs(store, visit, {row[-1] for row in words.values() if row[-1] is not None}, said.proofs)
    return {seq: _outcome(words[ids[seq]], proofs) for seq in places}


def say_again(store: Store, visit: int, outcomes: Iterable[Outcome]) -> None:
    """The attempts of a night were entered anew: what was said of it refers to them as they are now."""
    store.put("DELETE FROM said WHERE visit_no = ?", (visit,))
    save_sayings(store, visit, Judgement(unit_id="", outcomes=tuple(outcomes)))


def unsay(store: Store, visit: int) -> None:
    """Drop what was said of a night, and the words that no other night of the unit repeats; inside `writing`."""
    if store.one("SELECT 1 FROM said WHERE visit_no = ?", (visit,)) is None:
        return  # nothing was said yet, and all nights of the unit need not be read for it
    rows = store.ask(
        "SELECT said.visit_no, said.value FROM said JOIN visit ON visit.no = said.visit_no "
        "WHERE visit.unit_id = (SELECT unit_id FROM visit WHERE no = ?)",
        (visit,),
    )
    store.put(
        "DELETE FROM said WHERE visit_no = ?", (visit,)
    )  # a night on which nothing was said has its row too
    own = {saying for no, value in rows if no == visit for saying in _ids(_unpacked(value))}
    if not own:
        return
    others = {saying for no, value in rows if no != visit for saying in _ids(_unpacked(value))}
    gone = sorted(own - others)
    shown = _rows(store, "SELECT id, evidence_id FROM saying WHERE id IN", set(gone))
    store.put_many("DELETE FROM saying WHERE id = ?", ((saying,) for saying in gone))
    store.put_many(
        "DELETE FROM evidence WHERE id = ? AND NOT EXISTS "
        "(SELECT 1 FROM outcome WHERE outcome.evidence_id = evidence.id) AND NOT EXISTS "
        "(SELECT 1 FROM saying WHERE saying.evidence_id = evidence.id)",
        ((proof,) for proof in sorted({row[0] for row in shown.values() if row[0] is not None})),
    )


def _unpacked(value: bytes) -> _Said:
    return msgspec.msgpack.decode(zlib.decompress(value), type=_Said)


def _ids(said: _Said) -> list[int]:
    return list(accumulate(said.sayings))


def _row(outcome: Outcome, proof: int | None) -> tuple[Any, ...]:
    return (
        plain(outcome.rule_id), str(outcome.verdict), plain(outcome.subject), plain(outcome.page_url),
        plain(outcome.message_key), as_json(outcome.data), plain(outcome.because), proof,
    )  # fmt: skip


def _outcome(row: _Row, proofs: Mapping[int, tuple[Evidence, ...]]) -> Outcome:
    rule, verdict, subject, page, key, data, because, proof = row
    return Outcome(
        rule_id=rule, verdict=Verdict(verdict), subject=subject, page_url=page, message_key=key,
        data=msgspec.json.decode(data), evidence=proofs[proof] if proof is not None else (), because=because,
    )  # fmt: skip


def _attempts(store: Store, visit: int) -> dict[tuple[int, int | None, bytes], int]:
    """Moment, status and body → the attempt of the night that brought it."""
    sights = sights_of(store, (visit,))
    captures = captures_of(store, sights, "status, sha256")
    return {(one.at, *captures[one.capture_id]): one.seq for one in reversed(sights)}


def _without_moments(
    proof: tuple[Evidence, ...], brought: Mapping[tuple[int, int | None, bytes], int]
) -> tuple[tuple[Evidence, ...], list[int]]:
    bare, places = [], []
    for one in proof:
        at = one.captured_at
        key = (ticks(at), one.status, digest_bytes(one.sha256)) if at is not None else None
        place = brought.get(key, _LITERAL) if key and at == moment_of(key[0]) else _LITERAL
        places.append(place)
        bare.append(one if place == _LITERAL else msgspec.structs.replace(one, captured_at=None, status=None))
    return tuple(bare), places


def _evidence_ids(store: Store, values: Mapping[bytes, bytes]) -> dict[bytes, int]:
    """The numbers under which pieces of evidence are kept, by their digests; what is new is entered."""
    known = _numbers(store, "SELECT digest, id FROM evidence WHERE digest IN", list(values))
    new = [digest for digest in values if digest not in known]
    known |= zip(new, count(_next_id(store, "evidence")), strict=False)
    store.put_many(
        "INSERT INTO evidence (id, digest, value) VALUES (?, ?, ?)",
        ((known[digest], digest, squeezed(values[digest])) for digest in new),
    )
    return known


def _next_id(store: Store, table: str) -> int:
    """The number that the next row of a table takes; inside `writing`, where nobody else enters one."""
    row = store.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608 - a constant
    assert row is not None
    return int(row[0])


def _numbers(store: Store, sql: str, digests: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _CHUNK):
        part = digests[start : start + _CHUNK]
        found.update(store.ask(f"{sql} ({marks(part)})", part))
    return found


def _proofs(
    store: Store, visit: int, wanted: set[int], places: Mapping[int, list[int]]
) -> dict[int, tuple[Evidence, ...]]:
    """The evidence of a night, with the moments of that night."""
    kept = _rows(store, "SELECT id, value FROM evidence WHERE id IN", wanted)
    seqs = {seq for number in wanted for seq in places.get(number, ()) if seq != _LITERAL}
    moments: dict[int, _Moment] = {}
    if seqs:
        sights = [one for one in sights_of(store, (visit,)) if one.seq in seqs]
        statuses = captures_of(store, sights, "status")
        moments = {one.seq: (moment_of(one.at), *statuses[one.capture_id]) for one in sights}
    found = {}
    for number, (value,) in kept.items():
        proof = msgspec.msgpack.decode(zlib.decompress(value), type=tuple[Evidence, ...])
        found[number] = tuple(
            one if seq == _LITERAL else _with_moment(one, moments.get(seq, (None, None)))
            for one, seq in zip(proof, places.get(number, [_LITERAL] * len(proof)), strict=True)
        )
    return found


def _with_moment(one: Evidence, moment: _Moment) -> Evidence:
    return msgspec.structs.replace(one, captured_at=moment[0], status=moment[1])


def _rows(store: Store, sql: str, ids: set[int]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found.update((row[0], row[1:]) for row in store.ask(f"{sql} ({marks(part)})", part))
    return found
