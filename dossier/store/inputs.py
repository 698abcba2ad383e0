"""What did not come from a crawl: units' own document lists, hand-made evidence, probes, exemptions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from dossier.model import AccountFacts, Exemption, ListedDocument, ProbeSample
from dossier.store.opening import Store, bounded, plain
from dossier.store.packing import as_json, marks, moment_of, ticks
from dossier.store.runs import moment, run_no


class EvidenceImport(msgspec.Struct, frozen=True, kw_only=True):
    """One file of evidence made by hand (人工)."""

    source: str
    """File name."""
    sha256: str
    imported_at: datetime


def import_document_list(
    store: Store, unit_id: str, rows: Sequence[ListedDocument], *, at: datetime, source: str
) -> None:
    """Take a unit's own document list (附件4(五)); it stands in place of the one before, which is kept."""
    value = as_json(tuple(rows))
    digest = hashlib.sha256(value.encode()).hexdigest()
    with store.writing():
        last = store.one(
            "SELECT sha256 FROM document_list WHERE unit_id = ? ORDER BY id DESC LIMIT 1", (unit_id,)
        )
        if last and last[0] == digest:
            return
        store.put(
            "INSERT INTO document_list (unit_id, imported_at, file, sha256, rows) VALUES (?, ?, ?, ?, ?)",
            (unit_id, moment(at), plain(source), digest, value),
        )


def listed_documents(store: Store, unit_id: str) -> tuple[ListedDocument, ...] | None:
    """A unit's document list as it delivered it last; None where it never did."""
    row = store.one("SELECT rows FROM document_list WHERE unit_id = ? ORDER BY id DESC LIMIT 1", (unit_id,))
    return msgspec.json.decode(row[0], type=tuple[ListedDocument, ...]) if row else None


def save_accounts(store: Store, run_id: str, unit_id: str, seen: Sequence[AccountFacts]) -> None:
    """Keep what a run saw of a unit's accounts."""
    run = run_no(store, run_id)
    with store.writing():
        store.put(
            "DELETE FROM account_observation WHERE run_no = ? AND unit_id = ? AND seq >= ?",
            (run, unit_id, len(seen)),
        )
        store.put_many(
            "INSERT INTO account_observation (unit_id, run_no, seq, value) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (run_no, unit_id, seq) DO UPDATE SET value = excluded.value",
            ((unit_id, run, seq, as_json(account)) for seq, account in enumerate(seen)),
        )


def accounts_of(store: Store, run_id: str, unit_id: str) -> tuple[AccountFacts, ...]:
    """What a run itself saw of a unit's accounts."""
    rows = store.ask(
        "SELECT value FROM account_observation JOIN run ON run.no = run_no "
        "WHERE run_id = ? AND unit_id = ? ORDER BY seq",
        (run_id, unit_id),
    )
    return tuple(msgspec.json.decode(row[0], type=AccountFacts) for row in rows)


def import_accounts(store: Store, accounts: Sequence[AccountFacts], *, at: datetime, source: str) -> bool:
    """Take hand-made evidence of accounts; False where the very same was taken before."""
    values = [as_json(msgspec.structs.replace(account, via="import")) for account in accounts]
    digest = hashlib.sha256("\n".join(values).encode()).hexdigest()
    with store.writing():
        row = store.one(
            "INSERT INTO evidence_import (imported_at, file, sha256) VALUES (?, ?, ?) "
            "ON CONFLICT (sha256) DO NOTHING RETURNING id",
            (moment(at), plain(source), digest),
        )
        if row is None:
            return False
        store.put_many(
            "INSERT INTO account_observation (unit_id, import_id, seq, value) VALUES (?, ?, ?, ?)",
            (
                (account.unit_id, row[0], seq, value)
                for seq, (account, value) in enumerate(zip(accounts, values, strict=True))
            ),
        )
    return True


def imported_accounts(store: Store, unit_id: str) -> tuple[AccountFacts, ...]:
    """What people observed of a unit's accounts, in the order of import."""
    rows = store.ask(
        "SELECT value FROM account_observation WHERE unit_id = ? AND import_id NOT NULL ORDER BY id",
        (unit_id,),
    )
    return tuple(msgspec.json.decode(row[0], type=AccountFacts) for row in rows)


def imports(store: Store) -> tuple[EvidenceImport, ...]:
    """Every file of hand-made evidence that was taken, in order."""
    rows = store.ask("SELECT file, sha256, imported_at FROM evidence_import ORDER BY id")
    return tuple(
        EvidenceImport(source=file, sha256=sha, imported_at=datetime.fromisoformat(at))
        for file, sha, at in rows
    )


def add_probes(store: Store, samples: Iterable[ProbeSample]) -> None:
    """Add availability probes; the same probe twice is one."""
    with store.writing():
        store.put_many(
            "INSERT INTO probe (host, at, opened, elapsed_ms, reason, ours) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (host, at) DO NOTHING",
            (
                (
                    plain(sample.host),
                    ticks(sample.at),
                    int(sample.opened),
                    bounded(sample.elapsed_ms),
                    plain(sample.reason),
                    int(sample.ours),
                )
                for sample in samples
            ),
        )


def probes(
    store: Store, hosts: Sequence[str], *, since: datetime, until: datetime
) -> tuple[ProbeSample, ...]:
    """The probes of some hosts in a stretch of time (its end is not part of it), by host and time."""
    rows = store.ask(
        "SELECT host, at, opened, elapsed_ms, reason, ours FROM probe "  # noqa: S608
        f"WHERE host IN ({marks(hosts)}) AND at >= ? AND at < ? ORDER BY host, at",
        (*hosts, ticks(since), ticks(until)),
    )
    return tuple(
        ProbeSample(
            host=host, at=moment_of(at), opened=bool(opened), elapsed_ms=elapsed, reason=why, ours=bool(ours)
        )
        for host, at, opened, elapsed, why, ours in rows
    )


def add_exemption(store: Store, exemption: Exemption) -> None:
    """Enter a legitimate silence, with its reason, its author and its end."""
    with store.writing():
        store.put(
            "INSERT INTO exemption (unit_id, rule_id, subject, reason, author, until) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (
                exemption.unit_id,
                exemption.rule_id,
                plain(exemption.subject),
                plain(exemption.reason),
                plain(exemption.author),
                exemption.until.isoformat(),
            ),
        )


def exemptions(store: Store) -> tuple[Exemption, ...]:
    rows = store.ask("SELECT unit_id, rule_id, subject, reason, author, until FROM exemption ORDER BY id")
    return tuple(
        Exemption(
            unit_id=unit,
            rule_id=rule,
            subject=subject,
            reason=reason,
            author=author,
            until=date.fromisoformat(until),
        )
        for unit, rule, subject, reason, author, until in rows
    )


def active_exemptions(store: Store, unit_id: str, as_of: date) -> tuple[Exemption, ...]:
    """The exemptions of a unit that have not run out."""
    return tuple(one for one in exemptions(store) if one.unit_id == unit_id and one.until >= as_of)
