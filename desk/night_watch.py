"""A night while it runs, read from the files it writes: which units are done, which are being read, how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk import clock
from desk.installation import Installation
from dossier.archive import read_report


@dataclass(frozen=True)
class UnitProgress:
    unit_id: str
    name: str
    state: str
    """`done`, `running`, `waiting`."""
    finish: str = ""
    attempts: int = 0


@dataclass(frozen=True)
class NightProgress:
    """The newest run folder, whether it is still being written, and its units."""

    run_id: str
    running: bool
    units: tuple[UnitProgress, ...]
    last_sign: datetime | None

    @property
    def done(self) -> int:
        return sum(unit.state == "done" for unit in self.units)


QUIET_SECONDS = 300
"""Nothing written for so long: the night is over, or its machine is."""


def watch(installation: Installation, now: datetime | None = None) -> NightProgress | None:
    """How far the newest run has come; None before the first."""
    folder = _newest(installation.home.runs)
    if folder is None:
        return None
    found = []
    last = folder.stat().st_mtime
    for unit in installation.units:
        own = folder / unit.unit_id
        report = read_report(own) if own.is_dir() else None
        captures = own / "captures.jsonl"
        if captures.is_file():
            last = max(last, captures.stat().st_mtime)
        state = "done" if report else "running" if captures.is_file() else "waiting"
        attempts = _lines(captures) if state == "running" else 0
        found.append(
            UnitProgress(unit.unit_id, unit.short_name, state, report.finish if report else "", attempts)
        )
    sign = datetime.fromtimestamp(last, UTC)
    quiet = ((now or clock.now()) - sign).total_seconds()
    open_units = any(unit.state != "done" for unit in found)
    return NightProgress(folder.name, open_units and quiet < QUIET_SECONDS, tuple(found), sign)


def _newest(runs: Path) -> Path | None:
    if not runs.is_dir():
        return None
    return max(
        (path for path in runs.iterdir() if (path / "run.json").is_file() and "." not in path.name),
        key=lambda path: path.name,
        default=None,
    )


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
