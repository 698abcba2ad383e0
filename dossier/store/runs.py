"""A run is one night's look at the units, or a recheck of a few pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec

from dossier.store.opening import Store, plain

COLUMNS = "run_id, as_of, started, finished, kind, settings, tables, note"
RECHECK = "recheck"
"""The kind of a run that looks again at single pages: never the last night, nor the one before."""

_CLOCK_RAN_AHEAD = timedelta(days=1)


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one run as a whole."""

    run_id: str
    as_of: date
    started: datetime
    finished: datetime | None = None
    kind: str = "nightly"
    """`nightly`, `crawl`, `recheck`, `demo` …"""
    settings: str = ""
    """Settings in force, as JSON."""
    tables: str = ""
    """Digests of the tables in force, as JSON."""
    note: str = ""


def record_run(store: Store, run: RunInfo) -> None:
    """Enter a run, or bring what is known of it up to date."""
    with store.writing():
        store.put(
            f"INSERT INTO run ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 - a constant
            "ON CONFLICT (run_id) DO UPDATE SET as_of = excluded.as_of, started = excluded.started, "
            "finished = coalesce(excluded.finished, finished), kind = excluded.kind, "
            "settings = excluded.settings, tables = excluded.tables, note = excluded.note",
            (
                run.run_id,
                run.as_of.isoformat(),
                moment(run.started),
                moment(run.finished) if run.finished else None,
                run.kind,
                plain(run.settings),
                plain(run.tables),
                plain(run.note),
            ),
        )


def finish_run(store: Store, run_id: str, finished: datetime) -> None:
    """Say when a run ended; the first word stands, so that a later rejudge does not move it."""
    with store.writing():
        store.put(
            "UPDATE run SET finished = ? WHERE run_id = ? AND finished IS NULL", (moment(finished), run_id)
        )


def runs(store: Store) -> tuple[RunInfo, ...]:
    """All runs, oldest first."""
    return tuple(_run(row) for row in store.ask(f"SELECT {COLUMNS} FROM run ORDER BY started, no"))  # noqa: S608


def run_info(store: Store, run_id: str) -> RunInfo | None:
    row = store.one(f"SELECT {COLUMNS} FROM run WHERE run_id = ?", (run_id,))  # noqa: S608
    return _run(row) if row else None


def latest_run(store: Store, *kinds: str) -> RunInfo | None:
    """The run that started last (of these kinds, where any are named; else a night, not a recheck).

    Where runs were entered later that say they started days before it, its clock ran ahead: then theirs counts.
    """
    latest: RunInfo | None = None
    for row in store.ask(f"SELECT {COLUMNS} FROM run ORDER BY no"):  # noqa: S608
        run = _run(row)
        if (run.kind in kinds) if kinds else run.kind != RECHECK:
            ahead = latest is not None and latest.started - run.started > _CLOCK_RAN_AHEAD
            latest = run if latest is None or ahead or run.started >= latest.started else latest
    return latest


def earlier_runs(store: Store, run_id: str) -> tuple[RunInfo, ...]:
    """The runs that started before this one, oldest first.

    Only those that were entered before it too: a night whose clock ran ahead must not, ever after, lean on the
    nights that came after it.
    """
    own = store.one("SELECT started, no FROM run WHERE run_id = ?", (run_id,))
    if own is None:
        return runs(store)
    return tuple(
        _run(row)
        for row in store.ask(
            f"SELECT {COLUMNS} FROM run WHERE started <= ? AND no < ? ORDER BY started, no",  # noqa: S608
            own,
        )
    )


def previous_run(store: Store, run_id: str, unit_id: str) -> RunInfo | None:
    """The last night before this one in which the unit was visited."""
    own = store.one("SELECT started, no FROM run WHERE run_id = ?", (run_id,))
    before = "AND started <= ? AND run.no < ?" if own else ""
    row = store.one(
        f"SELECT {COLUMNS} FROM run CROSS JOIN visit ON visit.run_no = run.no "  # noqa: S608
        f"WHERE visit.unit_id = ? AND run.kind <> ? {before} ORDER BY started DESC, run.no DESC LIMIT 1",
        (unit_id, RECHECK, *(own or ())),
    )
    return _run(row) if row else None


def run_no(store: Store, run_id: str) -> int:
    """The database's own number of a run; KeyError where it was never recorded."""
    row = store.one("SELECT no FROM run WHERE run_id = ?", (run_id,))
    if row is None:
        raise KeyError(run_id)
    return int(row[0])


def visit_no(store: Store, run_id: str, unit_id: str) -> int | None:
    row = store.one(
        "SELECT visit.no FROM visit JOIN run ON run.no = visit.run_no WHERE run.run_id = ? AND visit.unit_id = ?",
        (run_id, unit_id),
    )
    return int(row[0]) if row else None


def moment(at: datetime) -> str:
    """UTC text of one fixed width, so that it sorts as time does."""
    when = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return when.isoformat(timespec="microseconds")


def _run(row: tuple[object, ...]) -> RunInfo:
    run_id, as_of, started, finished, kind, settings, tables, note = row
    return RunInfo(
        run_id=str(run_id),
        as_of=date.fromisoformat(str(as_of)),
        started=datetime.fromisoformat(str(started)),
        finished=datetime.fromisoformat(str(finished)) if finished else None,
        kind=str(kind),
        settings=str(settings),
        tables=str(tables),
        note=str(note),
    )
