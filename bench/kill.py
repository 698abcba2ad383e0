"""A night that is killed at any moment and taken up again must end as one that was left in peace.

Over a small practice province commands are killed (kill -9) at random moments: the desk, any process below it (crawl,
reader of attachments, judge, browser), or all at once. What was killed is taken up again, now and then killed once more,
and the home is compared with one that was left in peace: findings, points and numbers; the database, the archives and
their chain must be sound, and no attempt may stand twice. Three kinds of trial: a whole night; a night whose crawl is
over (it dies while it enters, judges, draws or writes); a backup of a home (it stands whole, or not at all).

    python -m bench.kill --points 200
    python -m bench.kill --points 20 --pictures        # with screenshots: a browser below the desk
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench.tree import Begun, below, cpu_of, strike
from desk.cli import registered
from dossier import archive

AS_OF = "2020-09-30"
COMPARED = (
    "unit_id", "rule_id", "verdict", "subject", "page_url", "message", "deficiency_no", "points_asked",
    "points_granted", "nights_seen", "confirmed",
)  # fmt: skip
ENDED = (0, 3)
MOST_SECONDS = 600
KINDS = ("night", "night", "night", "night", "night", "late", "late", "late", "late", "backup")


@dataclass(frozen=True)
class Ground:
    """A practice province that answers, a home for it before the night, and what a night in peace leaves."""

    folder: Path
    options: tuple[str, ...]

    def begin(self, home: Path, *words: str, name: str = "log.txt") -> Begun:
        return Begun(["--home", str(home), *self.options, *words], home / name)

    def said(self, home: Path, *words: str) -> tuple[int, str]:
        """Exit code and words of a command that nobody disturbs."""
        path = home / "said.txt"
        path.unlink(missing_ok=True)
        code = self.begin(home, *words, name=path.name).wait(MOST_SECONDS)
        return code, path.read_text("utf-8")

    def copy(self, which: str, name: str) -> Path:
        return Path(shutil.copytree(self.folder / which, self.folder / name))


@dataclass
class Calm:
    """What was left in peace: its findings, and how much work (CPU) each kind of trial is."""

    findings: Counter[tuple[str, ...]] = field(default_factory=Counter)
    work: dict[str, float] = field(default_factory=dict)


@contextlib.contextmanager
def ground(folder: Path, units: str, pages: int, pictures: bool, judges: int) -> Iterator[Ground]:
    """A practice province on a free port, with the home of which each trial gets a copy."""
    common = ["--as-of", AS_OF, "--pages", str(pages)]
    subprocess.run(
        [sys.executable, "-m", "practice", "write-home", str(folder / "fresh"), *common],
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
            "crawl.retry_wait_seconds": "0.5", "crawl.timeout_seconds": "20", "crawl.processes": "1",
            "crawl.browser": "false", "judge.processes": str(judges), "report.screenshots": str(pictures).lower(),
        }  # fmt: skip
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        yield Ground(folder, ("--as-of", AS_OF, "--units", units, *sets))
    finally:
        server.terminate()
        server.wait(timeout=10)
        if server.stdout:
            server.stdout.close()


def prepare(on: Ground) -> Calm:
    """Lets a night pass in peace, another up to the end of its crawl, and measures each."""
    calm = Calm()
    home = on.copy("fresh", "calm")
    calm.work["night"] = _worked(on.begin(home, "nightly"))
    calm.findings = findings(on, home)
    late = on.copy("fresh", "late")
    night = on.begin(late, "nightly")
    while night.poll() is None and not (_closed(late) and "crawl" not in below(night.pid).values()):
        time.sleep(0.01)
    night.kill()
    calm.work["late"] = _worked(on.begin(on.copy("late", "late-calm"), "nightly", "--resume"))
    calm.work["backup"] = _worked(on.begin(home, "backup", str(home / "calm.zip")))
    return calm


def _worked(begun: Begun) -> float:
    most = 0.0
    while begun.poll() is None:
        most = max(most, cpu_of(begun.pid))
        time.sleep(0.02)
    assert begun.poll() in ENDED, f"left in peace it ended with {begun.poll()}"
    return most


def _closed(home: Path) -> bool:
    """Whether every unit of the running night was crawled."""
    runs = list((home / "data" / "runs").glob("*/run.json"))
    return bool(runs) and len(list(runs[0].parent.glob("*/unit.json"))) == len(
        msgspec.json.decode(runs[0].read_bytes())["units"]
    )


def stage(home: Path) -> str:
    """How far a night has come."""
    runs = list((home / "data" / "runs").glob("*/run.json"))
    if not runs:
        return "begin"
    if not _closed(home):
        return "crawl"
    if not (runs[0].parent / "manifest.json").is_file():
        return "enter"
    papers = home / "reports" / runs[0].parent.name
    return "papers" if papers.is_dir() and any(papers.iterdir()) else "judge"


def findings(on: Ground, home: Path) -> Counter[tuple[str, ...]]:
    """What the last night of a home found, to the letter, passes too, without what differs from night to night."""
    code, said = on.said(home, "export", "findings", "--format", "jsonl", "--all")
    assert code == 0, said
    rows = [json.loads(line) for line in said.splitlines()]
    return Counter(tuple(str(row[name]) for name in COMPARED) for row in rows)


def faults(on: Ground, home: Path, calm: Calm) -> list[str]:
    """Everything in which a home differs from one whose night was left in peace; empty when nothing does."""
    found = []
    with contextlib.closing(sqlite3.connect(home / "data" / "gongkai.db")) as database:
        if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            found.append(f"database: {said}")
        runs = database.execute("SELECT run_id, finished FROM run").fetchall()
    if len(runs) != 1 or runs[0][1] is None:
        found.append(f"runs: {runs}")
    code, said = on.said(home, "evidence", "verify")
    if code != 0:
        found.append(f"evidence: {code} {said[:500]}")
    now = findings(on, home)
    if now != calm.findings:
        lost, more = list((calm.findings - now).elements()), list((now - calm.findings).elements())
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


@dataclass
class Blow:
    """One trial: where the blow fell, and what was not as it should be."""

    kind: str
    target: str = ""
    stage: str = ""
    again: int = 0
    found: list[str] = field(default_factory=list)


def night(on: Ground, home: Path, kind: str, calm: Calm, chance: random.Random) -> Blow:
    """A night killed at a random moment (and its resumption too, now and then), then compared."""
    words = ("nightly",) if kind == "night" else ("nightly", "--resume")
    blow, begun = Blow(kind), on.begin(home, *words)
    if begun.until(chance.uniform(0, calm.work[kind]), chance):
        blow.stage, blow.target = stage(home), strike(begun, chance)
    code = begun.wait(MOST_SECONDS)
    while code not in ENDED and not is_finished(home):
        blow.again += 1
        if blow.again > 6:
            blow.found.append(f"never ended: exit code {code}")
            return blow
        begun = on.begin(home, "nightly", "--resume")
        if (
            blow.again == 1
            and chance.random() < 0.25
            and begun.until(chance.uniform(0, calm.work["late"]), chance)
        ):
            strike(begun, chance)
        code = begun.wait(MOST_SECONDS)
    blow.found += faults(on, home, calm)
    return blow


def backup(on: Ground, home: Path, calm: Calm, chance: random.Random) -> Blow:
    """A backup killed at a random moment: a whole file stands or none, and the next one is whole."""
    blow, file = Blow("backup", stage="backup"), home / "kept.zip"
    begun = on.begin(home, "backup", str(file))
    if begun.until(chance.uniform(0, calm.work["backup"]), chance):
        blow.target = strike(begun, chance, only="desk")
    begun.wait(MOST_SECONDS)
    if file.exists() and zipfile.ZipFile(file).testzip() is not None:
        blow.found.append("half a backup stands")
    if (code := on.begin(home, "backup", str(file)).wait(MOST_SECONDS)) != 0:
        blow.found.append(f"the next backup ended with {code}")
    other = home / "other"
    other.mkdir()
    if (code := on.begin(other, "restore", str(file)).wait(MOST_SECONDS)) != 0:
        blow.found.append(f"restoring it ended with {code}")
    blow.found += faults(on, home, calm)
    return blow


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=20, help="blows that fall on something alive")
    parser.add_argument("--units", default="A02,B03")
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument(
        "--pictures", action="store_true", help="draw screenshots too (needs a browser; slow)"
    )
    parser.add_argument("--judges", type=int, default=1, help="judging processes")
    parser.add_argument("--kind", choices=sorted(set(KINDS)), help="only these trials")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the homes that differ are kept")
    options = parser.parse_args()
    registered()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gongkai-kill-"))
    folder.mkdir(parents=True, exist_ok=True)
    chance, fell, differ, number = random.Random(options.seed), Counter[str](), 0, 0
    with ground(folder, options.units, options.pages, options.pictures, options.judges) as on:
        calm = prepare(on)
        print(f"left in peace: {sum(calm.findings.values())} findings; work {calm.work}", flush=True)
        while fell.total() < options.points:
            number += 1
            kind = options.kind or chance.choice(KINDS)
            home = on.copy({"night": "fresh", "late": "late", "backup": "calm"}[kind], f"home-{number}")
            blow = backup(on, home, calm, chance) if kind == "backup" else night(on, home, kind, calm, chance)
            if blow.target:
                fell[f"{blow.stage} {blow.target}"] += 1
            differ += bool(blow.found)
            print(
                f"{fell.total():4} {blow.kind:6} {blow.stage or 'over':6} {blow.target or '-':8} resumed {blow.again}: {blow.found or 'equal'}",
                flush=True,
            )
            if not blow.found:
                shutil.rmtree(home)
    print(*(f"{count:4} {what}" for what, count in sorted(fell.items())), sep="\n")
    print(
        f"{fell.total()} blows, {number} trials, {differ} not equal" + (f"; see {folder}" if differ else "")
    )
    if not differ and options.keep is None:
        shutil.rmtree(folder)
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
