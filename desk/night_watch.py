"""A night while it runs, read from the files it writes: which units are done, which are being read, how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from desk import clock
from desk.installation import Installation
from dossier import store
from dossier.archive import read_report
from dossier.store import Store


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
    """The newest run folder, whether something is still being done about it, and its units."""

    run_id: str
    running: bool
    """Something was written lately, and the night has not been closed."""
    units: tuple[UnitProgress, ...]
    """Those of the run, which need not be all of the list."""
    last_sign: datetime | None
    closed: bool = False
    """The night went to its end: judged, weighed, reported."""

    @property
    def done(self) -> int:
        return sum(unit.state == "done" for unit in self.units)

    @property
    def attempts(self) -> int:
        return sum(unit.attempts for unit in self.units)

    @property
    def share(self) -> int:
        """Hundredths of the units that are done."""
        return 100 * self.done // len(self.units) if self.units else 0

    @property
    def phase(self) -> str:
        """Chinese: what is being done now."""
        if self.closed:
            return "已全部完成"
        if self.done < len(self.units):
            return "正在抓取" if self.running else "已停止，没有抓完"
        return "抓取完了，正在入库、判断、出报告" if self.running else "已停止，没有出报告"


QUIET_SECONDS = 300
"""Nothing written for so long: the night is over, or its machine is."""


def watch(installation: Installation, kept: Store, now: datetime | None = None) -> NightProgress | None:
    """How far the newest run has come; None before the first."""
    folder = _newest(installation.home.runs)
    if folder is None:
        return None
    found = []
    last = folder.stat().st_mtime
    names = {unit.unit_id: unit.short_name for unit in installation.units}
    for unit_id in _units(folder) or tuple(names):
        own = folder / unit_id
        report = read_report(own) if own.is_dir() else None
        captures = own / "captures.jsonl"
        if captures.is_file():
            last = max(last, captures.stat().st_mtime)
        state = "done" if report else "running" if captures.is_file() else "waiting"
        attempts = report.asked if report else _lines(captures) if state == "running" else 0
        found.append(
            UnitProgress(
                unit_id, names.get(unit_id, unit_id), state, report.finish if report else "", attempts
            )
        )
    sign = datetime.fromtimestamp(last, UTC)
    quiet = ((now or clock.now()) - sign).total_seconds()
    run = store.run_info(kept, folder.name)
    closed = run is not None and run.finished is not None
    return NightProgress(folder.name, not closed and quiet < QUIET_SECONDS, tuple(found), sign, closed)


def _units(folder: Path) -> tuple[str, ...]:
    """The units that the run began with; empty where its file does not tell."""
    try:
        return msgspec.json.decode((folder / "run.json").read_bytes(), type=_Begun).units
    except (OSError, msgspec.DecodeError):
        return ()


class _Begun(msgspec.Struct):
    units: tuple[str, ...] = ()


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
