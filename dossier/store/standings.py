"""The nights on which a deficiency was seen, was not, or could not be looked for."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from dossier.model import Outcome, Verdict
from dossier.store.judgements import outcomes_at
from dossier.store.opening import Store, plain
from dossier.store.runs import run_no, visit_no
from dossier.store.tallies import Sight, Tally, tallies_of


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """One deficiency on one night."""

    fingerprint: str
    rule_id: str
    subject: str
    sight: Sight
    outcome_seq: int | None = None
    """Which outcome of the night's judgement speaks of it."""
    because: str = ""
    """Chinese: why it could not be looked for."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a deficiency from the runs before this one and, after it was entered, of this one."""

    fingerprint: str
    number: str
    """Empty until it was first seen as a fault or a doubt: a rule that broke names no deficiency."""
    rule_id: str
    subject: str
    tally: Tally
    last: Outcome | None
    """As last seen: on this very night, else the last fault or doubt (a rule that broke says nothing of it)."""


def fingerprint(unit_id: str, rule_id: str, subject: str) -> str:
    """The identity of a deficiency: unit, rule and subject, without what changes from night to night."""
    parts = (unit_id, rule_id, normal_subject(subject))
    return hashlib.sha256("\0".join(plain(part) for part in parts).encode()).hexdigest()


def normal_subject(subject: str) -> str:
    """A subject as it is compared: http and https, letter case of hosts and escapes, session numbers in
    paths and folded white space make no new subject."""
    words = unicodedata.normalize("NFC", subject).split()
    return " ".join(_normal_address(word) if "://" in word else word for word in words)


_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_OWN_PORT = {"http": ":80", "https": ":443"}


def _normal_address(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.scheme.lower() not in _OWN_PORT:
        return address
    host = parts.netloc.lower().removesuffix(_OWN_PORT[parts.scheme.lower()])
    tail = _ESCAPE.sub(lambda found: found[0].upper(), _SESSION.sub("", parts.path)) or "/"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"//{host}{tail}{query}{fragment}"


def past_of(
    store: Store, unit_id: str, run_id: str, *, with_this: bool = False, lately: bool = False
) -> tuple[Past, ...]:
    """Every deficiency of a unit that any run before this one saw, with what its nights amount to. `lately`: without
    those that had ended before."""
    tallies = tallies_of(store, unit_id, run_id, with_this=with_this)
    if lately:
        tallies = {no: one for no, one in tallies.items() if one.sight is not Sight.GONE or one.run == run_id}
    words = {no: word for no, one in tallies.items() if (word := one.last_word(run_id)) is not None}
    wanted: dict[int, set[int]] = {}
    for visit, seq in words.values():
        wanted.setdefault(visit, set()).add(seq)
    last = {visit: outcomes_at(store, visit, seqs) for visit, seqs in wanted.items()}
    rows = store.ask(
        "SELECT id, fingerprint, coalesce(number, ''), rule_id, subject FROM deficiency WHERE unit_id = ? ORDER BY id",
        (unit_id,),
    )
    return tuple(
        Past(
            fingerprint=mark, number=number, rule_id=rule, subject=subject, tally=tallies[no],
            last=last[words[no][0]].get(words[no][1]) if no in words else None,
        )
        for no, mark, number, rule, subject in rows
        if no in tallies
    )  # fmt: skip


def nights_of(store: Store, run_id: str, unit_id: str) -> tuple[Night, ...]:
    """How the deficiencies of a unit stood in a run; empty where it was not entered."""
    rows = store.ask(
        "SELECT fingerprint, rule_id, subject, verdict, outcome_seq, because FROM deficiency_night AS night "
        "JOIN deficiency ON deficiency.id = night.deficiency_id WHERE visit_no = ? ORDER BY deficiency.id",
        (visit_no(store, run_id, unit_id),),
    )
    return tuple(
        Night(
            fingerprint=mark,
            rule_id=rule,
            subject=subject,
            sight=Sight(sight),
            outcome_seq=seq,
            because=because,
        )
        for mark, rule, subject, sight, seq, because in rows
    )


def save_nights(store: Store, run_id: str, unit_id: str, nights: Iterable[Night]) -> None:
    """Enter how the deficiencies of a unit stand in a run, in place of what was entered for that run before.

    A deficiency keeps the number it once got; numbers are counted by unit and year and never used again.
    """
    visit = visit_no(store, run_id, unit_id)
    if visit is None:
        raise KeyError((run_id, unit_id))
    wanted = tuple(nights)
    if set(wanted) == set(nights_of(store, run_id, unit_id)):
        return
    with store.writing():
        store.put("DELETE FROM deficiency_night WHERE visit_no = ?", (visit,))
        for night in wanted:
            store.put(
                "INSERT INTO deficiency_night (deficiency_id, visit_no, verdict, outcome_seq, because) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    _deficiency(store, run_id, unit_id, night),
                    visit,
                    str(night.sight),
                    night.outcome_seq,
                    plain(night.because),
                ),
            )


def _deficiency(store: Store, run_id: str, unit_id: str, night: Night) -> int:
    store.put(
        "INSERT INTO deficiency (fingerprint, unit_id, rule_id, subject) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (fingerprint) DO NOTHING",
        (night.fingerprint, unit_id, plain(night.rule_id), plain(night.subject)),
    )
    row = store.one("SELECT id, number FROM deficiency WHERE fingerprint = ?", (night.fingerprint,))
    assert row is not None
    if row[1] is None and night.sight in (Sight.FAIL, Sight.UNSURE):
        store.put(
            "UPDATE deficiency SET number = ? WHERE id = ?", (_next_number(store, run_id, unit_id), row[0])
        )
    return int(row[0])


def _next_number(store: Store, run_id: str, unit_id: str) -> str:
    as_of = store.one("SELECT as_of FROM run WHERE no = ?", (run_no(store, run_id),))
    assert as_of is not None
    year = int(as_of[0][:4])
    row = store.one(
        "INSERT INTO numbering (unit_id, year, last) VALUES (?, ?, 1) "
        "ON CONFLICT (unit_id, year) DO UPDATE SET last = last + 1 RETURNING last",
        (unit_id, year),
    )
    assert row is not None
    return f"{unit_id}-{year}-{row[0]:04d}"


SIGHT_OF = {Verdict.FAIL: Sight.FAIL, Verdict.UNSURE: Sight.UNSURE, Verdict.ERROR: Sight.ERROR}
"""Verdicts that make a deficiency stand."""
