"""A night that was killed is finished, not begun again: what is closed stays, what broke off is set aside whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import msgspec

from desk.ingest import run_of
from dossier import archive, store
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.store import RunInfo, Store

RESUMED_KINDS = frozenset({"nightly", "demo"})
FRESH_ENOUGH = timedelta(hours=12)
"""A night that broke off longer ago is begun anew: its first pages are another day's."""
ASIDE = "aside"
NETWORK_DOWN = "network-down"
_PATIENCE_SECONDS = 10.0
_NOT_A_RUN = "." + NETWORK_DOWN


@dataclass(frozen=True)
class Unfinished:
    """The last night of a home, broken off."""

    run: RunInfo
    units: tuple[str, ...]
    """Which units it was to inspect; empty where its file does not say."""


class _Units(msgspec.Struct):
    units: tuple[str, ...] = ()


def unfinished(kept: Store, home: Home) -> Unfinished | None:
    """The last night of this home, if it was not finished; later runs of other kinds do not count."""
    if not home.runs.is_dir():
        return None
    for folder in sorted(home.runs.iterdir(), reverse=True):
        if folder.name.endswith(_NOT_A_RUN) or not (folder / "run.json").is_file():
            continue
        try:
            run = run_of(folder)
            units = msgspec.json.decode((folder / "run.json").read_bytes(), type=_Units).units
        except msgspec.DecodeError:
            continue
        if run.kind not in RESUMED_KINDS:
            continue
        known = store.run_info(kept, run.run_id)
        return None if known is not None and known.finished else Unfinished(run, units)
    return None


def goes_on(found: Unfinished, *, now: datetime, as_of: object, units: Iterable[str], kind: str) -> bool:
    """Whether a night begun now may take it up by itself: of today, for the same day and the same units."""
    return (
        timedelta() <= now - found.run.started <= FRESH_ENOUGH
        and found.run.as_of == as_of
        and found.run.kind == kind
        and set(found.units) == set(units)
    )


def is_closed(folder: Path, unit_id: str) -> bool:
    """Whether the crawl of a unit was closed; a torn closing record closes nothing."""
    try:
        return archive.read_report(folder / unit_id) is not None
    except msgspec.DecodeError:
        return False


def set_aside(folder: Path, unit_id: str) -> Path | None:
    """Put what an interrupted crawl of a unit left under `aside/`, cut after its last whole record."""
    unit = folder / unit_id
    if not unit.is_dir():
        return None
    archive.close_folder(unit)
    (folder / ASIDE).mkdir(exist_ok=True)
    for number in range(1, 10_000):
        target = folder / ASIDE / f"{unit_id}-{number}"
        if not target.exists():
            return unit.rename(target)
    raise AssertionError("ten thousand interrupted crawls of one unit in one run")


def set_aside_unseen(folder: Path, units: Iterable[str]) -> None:
    """Open the units again that were closed only because our own network was down."""
    for unit_id in units:
        if is_closed(folder, unit_id):
            report = archive.read_report(folder / unit_id)
            if report is not None and report.finish == NETWORK_DOWN:
                set_aside(folder, unit_id)


@contextlib.contextmanager
def held(path: Path) -> Iterator[IO[bytes]]:
    """A lock file that whoever inherits it holds too: while a crawl process lives, it is held."""
    with path.open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    path.unlink(missing_ok=True)


def stop_leftovers(folder: Path) -> None:
    """End the crawl processes that a killed desk left behind: two must not write into one folder."""
    for path in sorted((folder / "jobs").glob("*.lock")):
        with path.open("r+b") as lock:
            if not _is_free(lock):
                _stop(path, lock)
        path.unlink(missing_ok=True)


def _stop(path: Path, lock: IO[bytes]) -> None:
    said = path.read_bytes().strip()
    pid = int(said) if said.isdigit() else 0
    for kind in (signal.SIGTERM, signal.SIGKILL):
        if pid and _is_crawl(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kind)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if _is_free(lock):
                return
            time.sleep(0.05)
    raise BadInput(
        [
            Problem(
                str(path),
                f"上一次的抓取进程（{pid or '进程号不详'}）还在运行",
                "请等它结束，或结束该进程后再试",
            )
        ]
    )


def _is_free(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_crawl(pid: int) -> bool:
    """Whether a process was started as a crawl, as far as the system tells; numbers are used again, and a program that only
    looks into a folder of that name is none."""
    path = Path(f"/proc/{pid}/cmdline")
    try:
        return b"crawler" in path.read_bytes().split(b"\0")
    except OSError:
        return not Path("/proc/self").exists()
