"""The nights on which a deficiency was seen, was not, or could not be looked for."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from dossier.model import Outcome, Verdict
from dossier.store.judgements import outcomes_at
from dossier.store.opening import Store, plain
from dossier.store.runs import run_no, visit_no


class Sight(StrEnum):
    """What became of a deficiency on one night."""

    FAIL = "fail"
    UNSURE = "unsure"
    ERROR = "error"
    GONE = "gone"
    """Looked for where it was, and not found any more."""
    UNSEEN = "unseen"
    """未能检测: nobody could look tonight, so it stands."""


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
    nights: tuple[tuple[str, date, Sight], ...]
    """Run id, as-of date and sight, oldest first."""
    last: Outcome | None
    """As last seen: on this very night, else the last fault or doubt (a rule that broke says nothing of it)."""
    because: str = ""
    """Of the last of these nights: why it could not be looked for."""


_SIGHTS = {sight.value: sight for sight in Sight}
_Row = tuple[int, str, date, Sight, int, int | None, str]
"""One night of a deficiency: its place in time, run, as-of date, sight, visit, which outcome, why it was not seen."""


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


def past_of(store: Store, unit_id: str, run_id: str, *, with_this: bool = False) -> tuple[Past, ...]:
    """Every deficiency of a unit that any run before this one saw, with its nights."""
    bound = store.one("SELECT started, no FROM run WHERE run_id = ?", (run_id,))
    if bound is None:
        raise KeyError(run_id)
    sign = "<=" if with_this else "<"
    # A year is some ten thousand rows a unit: what all rows of a night share is looked up once, not joined to each.
    visits = {
        no: (place, run, date.fromisoformat(day))
        for place, (no, run, day) in enumerate(
            store.ask(
                "SELECT visit.no, run.run_id, run.as_of FROM visit JOIN run ON run.no = visit.run_no "  # noqa: S608
                f"WHERE visit.unit_id = ? AND (run.started, run.no) {sign} (?, ?) ORDER BY run.started, run.no",
                (unit_id, *bound),
            )
        )
    }
    nights: dict[int, list[_Row]] = {}
    for deficiency, visit, verdict, seq, because in store.ask(
        "SELECT deficiency_id, visit_no, verdict, outcome_seq, because FROM deficiency_night "
        "WHERE deficiency_id IN (SELECT id FROM deficiency WHERE unit_id = ?)",
        (unit_id,),
    ):
        if visit in visits:
            row = (*visits[visit], _SIGHTS[verdict], visit, seq, because)
            nights.setdefault(deficiency, []).append(row)
    rows = store.ask(
        "SELECT id, fingerprint, coalesce(number, ''), rule_id, subject FROM deficiency WHERE unit_id = ? ORDER BY id",
        (unit_id,),
    )
    groups = {no: sorted(nights.get(no, ())) for no, *_ in rows}
    words = {no: _last_word(group, run_id) for no, group in groups.items()}
    wanted: dict[int, set[int]] = {}
    for word in words.values():
        if word is not None and word[5] is not None:
            wanted.setdefault(word[4], set()).add(word[5])
    last = {visit: outcomes_at(store, visit, seqs) for visit, seqs in wanted.items()}
    found: list[Past] = []
    for no, mark, number, rule, subject in rows:
        group, word = groups[no], words[no]
        if not group:
            continue
        found.append(
            Past(
                fingerprint=mark,
                number=number,
                rule_id=rule,
                subject=subject,
                nights=tuple(row[1:4] for row in group),
                last=last[word[4]].get(word[5]) if word and word[5] is not None else None,
                because=group[-1][6],
            )
        )
    return tuple(found)


def _last_word(group: list[_Row], run_id: str) -> _Row | None:
    spoken = [row for row in group if row[5] is not None]
    if spoken and spoken[-1][1] == run_id:
        return spoken[-1]
    words = [row for row in spoken if row[3] is not Sight.ERROR]
    return next(reversed(words or spoken), None)


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
