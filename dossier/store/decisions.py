"""What people decided and wrote: only ever added."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.runs import moment, run_no


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided about a deficiency on the strength of a run."""

    deficiency_no: str
    run_id: str
    kind: str
    """`confirm`, `adjust` (needs points), `dismiss`, `defer`; all but `confirm` need a reason."""
    points: Decimal | None = None
    reason: str = ""
    who: str
    at: datetime


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A remark on a deficiency that decides nothing."""

    deficiency_no: str
    text: str
    who: str
    at: datetime


class IssuedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report that left the house, as it left."""

    run_id: str
    unit_id: str
    file: str
    sha256: str
    template: str = ""
    manifest_sha256: str = ""
    who: str = ""
    at: datetime


def record_decision(store: Store, decision: Decision) -> None:
    """Add a decision; an earlier one on the same deficiency stays as it was."""
    hundredths = None if decision.points is None else int((decision.points * 100).to_integral_exact())
    with store.writing():
        store.put(
            "INSERT INTO decision (deficiency_id, run_no, kind, points_hundredths, reason, who, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                _deficiency_id(store, decision.deficiency_no),
                run_no(store, decision.run_id),
                decision.kind,
                hundredths,
                plain(decision.reason),
                plain(decision.who),
                moment(decision.at),
            ),
        )


def decisions(store: Store, deficiency_no: str = "") -> tuple[Decision, ...]:
    """Every decision (on one deficiency, where it is named), oldest first."""
    rows = store.ask(
        "SELECT number, run_id, decision.kind, points_hundredths, reason, who, at FROM decision "
        "JOIN deficiency ON deficiency.id = deficiency_id JOIN run ON run.no = run_no "
        "WHERE ? IN ('', number) ORDER BY decision.id",
        (deficiency_no,),
    )
    return tuple(
        Decision(
            deficiency_no=number,
            run_id=run,
            kind=kind,
            points=None if points is None else Decimal(points) / 100,
            reason=reason,
            who=who,
            at=datetime.fromisoformat(at),
        )
        for number, run, kind, points, reason, who, at in rows
    )


def add_note(store: Store, note: Note) -> None:
    with store.writing():
        store.put(
            "INSERT INTO note (deficiency_id, text, who, at) VALUES (?, ?, ?, ?)",
            (_deficiency_id(store, note.deficiency_no), plain(note.text), plain(note.who), moment(note.at)),
        )


def notes(store: Store, deficiency_no: str) -> tuple[Note, ...]:
    rows = store.ask(
        "SELECT number, text, who, at FROM note JOIN deficiency ON deficiency.id = deficiency_id "
        "WHERE number = ? ORDER BY note.id",
        (deficiency_no,),
    )
    return tuple(
        Note(deficiency_no=number, text=text, who=who, at=datetime.fromisoformat(at))
        for number, text, who, at in rows
    )


def issue_report(store: Store, report: IssuedReport) -> None:
    """Remember a report that left the house; the same file twice is one."""
    with store.writing():
        store.put(
            "INSERT INTO issued_report (run_no, unit_id, file, sha256, template, manifest_sha256, who, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_no, unit_id, file, sha256) DO NOTHING",
            (
                run_no(store, report.run_id),
                report.unit_id,
                plain(report.file),
                report.sha256,
                report.template,
                report.manifest_sha256,
                plain(report.who),
                moment(report.at),
            ),
        )


def issued_reports(store: Store, run_id: str) -> tuple[IssuedReport, ...]:
    rows = store.ask(
        "SELECT run_id, unit_id, file, sha256, template, manifest_sha256, who, at FROM issued_report "
        "JOIN run ON run.no = run_no WHERE run_id = ? ORDER BY issued_report.id",
        (run_id,),
    )
    return tuple(
        IssuedReport(
            run_id=run,
            unit_id=unit,
            file=file,
            sha256=sha,
            template=template,
            manifest_sha256=manifest,
            who=who,
            at=datetime.fromisoformat(at),
        )
        for run, unit, file, sha, template, manifest, who, at in rows
    )


def _deficiency_id(store: Store, number: str) -> int:
    row = store.one("SELECT id FROM deficiency WHERE number = ?", (number,))
    if row is None:
        raise KeyError(number)
    return int(row[0])
