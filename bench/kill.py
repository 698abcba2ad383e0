"""A night that is killed at any moment and taken up again must end as one that was left in peace.

Kills (kill -9) the desk, its processes, or both, at random moments of a night over a small practice
province, takes the night up again, and compares what was found with an undisturbed night: findings, points
and numbers; the database, the archives and their chain must be sound, and no attempt may stand twice.

    python -m bench.kill --points 20 --units A01,A02,B01,B02,B03
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dossier import archive

AS_OF = "2020-09-30"
COMPARED = (
    "unit_id", "rule_id", "verdict", "subject", "page_url", "message", "deficiency_no", "points_asked",
    "points_granted", "nights_seen", "confirmed",
)  # fmt: skip
ENDED = (0, 3)
MOST_SECONDS = 600
TARGETS = ("desk", "desk", "both", "crawl", "child")


@dataclass(frozen=True)
class Province:
    """A practice province that answers, and how a night over it is begun."""

    home: Path
    options: tuple[str, ...]

    def command(self, home: Path, *words: str) -> list[str]:
        return [sys.executable, "-m", "desk", "--home", str(home), *self.options, *words]


@contextlib.contextmanager
def province(folder: Path, units: str, pages: int, pictures: bool, judges: int = 1) -> Iterator[Province]:
    """A practice province on a free port, with the home of which each night gets a copy."""
    common = ["--as-of", AS_OF, "--pages", str(pages)]
    subprocess.run(
        [sys.executable, "-m", "practice", "write-home", str(folder / "home"), *common],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "practice", "serve", "--port", "0", *common], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert address is not None
        settings = {
            "crawl.proxy": address[0], "crawl.delay_seconds": "0", "crawl.concurrency_per_host": "8",
            "crawl.retry_wait_seconds": "0.5", "crawl.timeout_seconds": "4", "crawl.processes": "2",
            "crawl.browser": "false", "judge.processes": str(judges), "report.screenshots": str(pictures).lower(),
        }  # fmt: skip
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        yield Province(folder / "home", ("--as-of", AS_OF, "--units", units, *sets))
    finally:
        server.terminate()
        server.wait(timeout=10)
        if server.stdout:
            server.stdout.close()


def findings(place: Province, home: Path) -> Counter[tuple[str, ...]]:
    """What the last night of a home found, without what differs from night to night."""
    said = subprocess.run(
        place.command(home, "export", "findings", "--format", "jsonl", "--all"),
        check=True,
        stdout=subprocess.PIPE,
    )
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    for row in rows:
        if row["verdict"] == "pass" or row["subject"] == row["unit_id"]:
            row["page_url"] = ""  # what is said of a unit names, of many pages, the one that was seen first
    return Counter(tuple(str(row[name]) for name in COMPARED) for row in rows)


def kill_at(place: Province, home: Path, words: tuple[str, ...], seconds: float, target: str) -> int | None:
    """Begin a night and kill after so many seconds: the desk, one of its crawl processes, any one process it
    started (a judge, a browser), or all at once; None where the desk died of it, else its exit code."""
    with (home / "night.log").open("ab") as log:
        night = subprocess.Popen(place.command(home, *words), stdout=log, stderr=log)
        try:
            code: int | None = night.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            beside = children_of(night.pid)
            if target in ("desk", "both"):
                night.kill()
                night.wait()
            for pid in struck(beside, target):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if target in ("desk", "both"):
                return None
            try:
                code = night.wait(timeout=MOST_SECONDS)
            except subprocess.TimeoutExpired:
                night.kill()
                night.wait()
                raise
    return code


def children_of(desk: int) -> dict[int, bytes]:
    """The processes that a desk process has started, with their command lines."""
    found: dict[int, bytes] = {}
    with contextlib.suppress(OSError):  # it may have ended meanwhile
        for pid in Path(f"/proc/{desk}/task/{desk}/children").read_text().split():
            with contextlib.suppress(OSError):
                found[int(pid)] = Path(f"/proc/{pid}/cmdline").read_bytes()
    return found


def struck(beside: dict[int, bytes], target: str) -> list[int]:
    """Which of a desk's processes a blow falls on."""
    crawls = [pid for pid, command in beside.items() if b"crawler" in command]
    match target:
        case "crawl":
            return crawls[:1]
        case "child":
            return list(beside)[-1:]
        case "both":
            return list(beside)
    return []


def faults(place: Province, home: Path, undisturbed: Counter[tuple[str, ...]]) -> list[str]:
    """Everything in which a home differs from one whose night was left in peace; empty when nothing does."""
    found = []
    with contextlib.closing(sqlite3.connect(home / "data" / "gongkai.db")) as database:
        if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            found.append(f"database: {said}")
        runs = database.execute("SELECT run_id, finished FROM run").fetchall()
    if len(runs) != 1 or runs[0][1] is None:
        found.append(f"runs: {runs}")
    verified = subprocess.run(
        place.command(home, "evidence", "verify"), check=False, stdout=subprocess.PIPE, text=True
    )
    if verified.returncode != 0:
        found.append(f"evidence: {verified.returncode} {verified.stdout[:500]}")
    now = findings(place, home)
    if now != undisturbed:
        lost, more = list((undisturbed - now).elements()), list((now - undisturbed).elements())
        found.append(f"findings: {len(lost)} lost {lost[:2]}, {len(more)} more {more[:2]}")
    for unit in (path.parent for path in (home / "data" / "runs").glob("*/*/unit.json")):
        if unit.parent.name != "aside":
            lines = [msgspec.json.encode(one) for one in archive.read_captures(unit)]
            if len(set(lines)) != len(lines):
                found.append(f"{unit.name}: an attempt stands twice")
    return found


def is_finished(home: Path) -> bool:
    """Whether the night was over before the blow fell."""
    path = home / "data" / "gongkai.db"
    if not path.is_file():
        return False
    with contextlib.closing(sqlite3.connect(path)) as database:
        if database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'run'").fetchone() is None:
            return False
        return database.execute("SELECT 1 FROM run WHERE finished NOT NULL").fetchone() is not None


def killed_once(
    place: Province,
    folder: Path,
    number: int,
    seconds: float,
    chance: random.Random,
    undisturbed: Counter[tuple[str, ...]],
) -> list[str]:
    """One night, killed at a random moment (and its resumption too, now and then), then compared."""
    home = folder / f"home-{number}"
    shutil.copytree(place.home, home)
    target = chance.choice(TARGETS)
    moment = chance.uniform(0.3, seconds)
    code = kill_at(place, home, ("nightly",), moment, target)
    again = 0
    while code not in ENDED and not is_finished(home):
        if again > 5:
            return [f"never ended: exit code {code}"]
        wait = chance.uniform(0.3, seconds) if again == 0 and chance.random() < 0.3 else MOST_SECONDS
        code = kill_at(place, home, ("nightly", "--resume"), wait, "desk")
        again += 1
    found = faults(place, home, undisturbed)
    print(
        f"{number:4} {target:5} {moment:6.2f} s, resumed {again}: {found or 'equal'}",
        flush=True,
    )
    if not found:
        shutil.rmtree(home)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--units", default="A01,A02,B01,B02,B03")
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument(
        "--pictures", action="store_true", help="draw screenshots too (needs a browser; slow)"
    )
    parser.add_argument("--judges", type=int, default=2, help="judging processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the homes that differ are kept")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gongkai-kill-"))
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(options.seed)
    with province(folder, options.units, options.pages, options.pictures, options.judges) as place:
        calm = folder / "home-calm"
        shutil.copytree(place.home, calm)
        begun = time.monotonic()
        code = kill_at(place, calm, ("nightly",), MOST_SECONDS, "desk")
        seconds = time.monotonic() - begun
        assert code in ENDED, f"the undisturbed night ended with {code}"
        undisturbed = findings(place, calm)
        print(f"undisturbed: {seconds:.1f} s, {sum(undisturbed.values())} findings", flush=True)
        differ = [
            number
            for number in range(1, options.points + 1)
            if killed_once(place, folder, number, seconds, chance, undisturbed)
        ]
    print(
        f"{options.points - len(differ)} of {options.points} ended equal"
        + (f"; see {folder}" if differ else "")
    )
    if not differ and options.keep is None:
        shutil.rmtree(folder)
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
