"""A month of bad luck: each morning every unit has a result or a stated reason, and nobody is accused of what was ours.

Thirty nights over a small practice province, each with a mishap that the seed chooses: a dead line, a lying one,
one that comes and goes, a site that bars the way, a redesign, a kill in mid-run, a clock that jumps. After the
month every night is judged again from its archive, and the evidence is verified from the first night to the last.

    python -m bench.month --nights 30 --units A02,B01,B03,B12,B20,B31 --pages 6
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from desk.cli import registered
from desk.clock import BEIJING
from desk.doubts import DATED
from practice.home import write_home
from practice.mishaps import TROUBLES, Line
from practice.province import DEFAULT_AS_OF, Looks, Province, build
from practice.server import PracticeServer, serve

UNITS = "A02,B01,B03,B12,B20,B31"
BEGIN = datetime(2020, 9, 30, 22, 0, tzinfo=BEIJING)
MISHAPS = (
    "calm",
    "calm",
    "dead",
    "breaks",
    "passes",
    "barred",
    "redesign",
    "kill",
    "clock-ahead",
    "clock-behind",
)
PATIENT = {"GONGKAI_NETWORK_STEP": "0.2", "GONGKAI_NETWORK_PATIENCE": "1.5"}
JUMP = timedelta(days=400)
DONE, PARTLY, NETWORK_DOWN = 0, 3, 4
MOST_SECONDS = 900


@dataclass
class Morning:
    """What the morning after a night finds."""

    number: int
    mishap: str
    code: int
    run_id: str = ""
    tries: int = 1
    faults: list[str] = field(default_factory=list)
    """What ought not to be."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Unit → why it has no result."""
    fails: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass
class Month:
    """A home in which a month passes."""

    home: Path
    server: PracticeServer
    chance: random.Random
    units: tuple[str, ...]
    pages: int
    seed: int
    province: Province
    asked: int = 400
    """Requests of a calm night, about."""
    redesigned: dict[str, int] = field(default_factory=dict)
    base: set[tuple[str, str, str]] = field(default_factory=set)
    mornings: list[Morning] = field(default_factory=list)

    def command(self, at: datetime, *words: str) -> list[str]:
        return [sys.executable, "-m", "bench.at", at.isoformat(), "--home", str(self.home), *words]

    def run(self, at: datetime, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(at, *words), check=False, capture_output=True, text=True, timeout=MOST_SECONDS, env=_environment()
        )  # fmt: skip

    def night(self, number: int, mishap: str) -> Morning:
        """One night with its mishap, taken up again where it was killed."""
        at = BEGIN + timedelta(days=number)
        if mishap == "clock-ahead":
            at, self.server.line = at + JUMP, Line(clock=-JUMP)
        elif mishap == "clock-behind":
            at, self.server.line = at - JUMP, Line(clock=JUMP)
        else:
            self.server.line = self._line(mishap)
        barred = self._bar() if mishap == "barred" else ""
        if mishap == "redesign":
            self._redesign(number)
        if mishap == "kill":
            done, tries = self._killed(at)
        else:
            done, tries = self.run(at, "nightly"), 1
        self.server.line = Line()
        if barred:
            self.province.sites[barred].access = "ok"
            self.server.forget()
        morning = Morning(number, mishap, done.returncode, tries=tries)
        if done.returncode == NETWORK_DOWN:
            if "网络" not in done.stderr:
                morning.faults.append("nothing says why there is no result")
            morning.reasons = dict.fromkeys(self.units, "本机网络不通")
        elif done.returncode in (DONE, PARTLY):
            self._look(morning, done)
            if mishap == "dead":
                morning.faults.append(f"recorded on a line that never answered: {morning.reasons}")
        else:
            morning.faults.append(f"exit code {done.returncode}: {done.stderr[-600:]}")
        self.mornings.append(morning)
        return morning

    def _line(self, mishap: str) -> Line:
        trouble = self.chance.choice([one for one in TROUBLES if one != "silent"])
        after = self.chance.randrange(20, max(21, self.asked))
        match mishap:
            case "dead":
                return Line(trouble)
            case "breaks":
                return Line(trouble, after=after)
            case "passes":
                return Line(trouble, after=after, lasts=self.chance.randrange(5, 60))
        return Line()

    def _bar(self) -> str:
        unit_id = self.chance.choice(self.units)
        self.province.sites[unit_id].access = self.chance.choice(("captcha", "forbidden", "521"))
        self.server.forget()
        return unit_id

    def _redesign(self, number: int) -> None:
        unit_id = self.chance.choice([one for one in self.units if one not in self.redesigned])
        self.redesigned[unit_id] = number
        skin = self.chance.choice(("trs", "hanweb", "empire", "shanxi"))
        self.province = build(
            seed=self.seed + len(self.redesigned), units=self.units, pages_per_site=self.pages, looks={unit_id: Looks(skin=skin)}
        )  # fmt: skip
        before = self.server.province.sites
        self.province.sites[unit_id].bare_redirect = before[unit_id].bare_redirect  # its names stay
        for one in self.units:
            if one != unit_id:
                self.province.sites[one] = before[one]
        self.server.province = Province(self.seed, self.province.as_of, dict(self.province.sites), ())
        self.province = self.server.province
        self.server.forget()

    def _killed(self, at: datetime) -> tuple[subprocess.CompletedProcess[str], int]:
        tries = 0
        while True:
            tries += 1
            night = subprocess.Popen(
                self.command(at + timedelta(minutes=3 * tries), "nightly"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
            )  # fmt: skip
            wait = self.chance.uniform(0.5, 20.0) if tries < 3 else MOST_SECONDS
            try:
                out, err = night.communicate(timeout=wait)
            except subprocess.TimeoutExpired:
                night.kill()
                night.communicate()
                continue
            return subprocess.CompletedProcess(night.args, night.returncode, out, err), tries

    def _look(self, morning: Morning, done: subprocess.CompletedProcess[str]) -> None:
        said = re.search(r"批次 (\S+?)：\d+ 个单位已检查", done.stdout + done.stderr)
        if said is None:
            morning.faults.append("the night does not say its run")
            return
        morning.run_id = said[1]
        cards = self.export("scorecards", morning.run_id)
        for unit_id in self.units:
            card = next((one for one in cards if one["unit_id"] == unit_id), None)
            if card is not None and card["inspected"]:
                continue
            reason = re.search(rf"^\s*{unit_id} \S+?：(.+)$", done.stderr, re.MULTILINE)
            if reason is None:
                morning.faults.append(f"{unit_id} has neither a result nor a reason")
            else:
                morning.reasons[unit_id] = reason[1]
        if morning.mishap == "calm" and morning.reasons:
            morning.faults.append(f"without a result on a calm night: {morning.reasons}")
        for row in self.export("findings", morning.run_id):
            if row["verdict"] == "fail":
                morning.fails[row["unit_id"], row["rule_id"], row["subject"]] += 1
        accused = {key for key in morning.fails if key[0] not in self.redesigned and key[1] not in DATED}
        if not self.base and morning.mishap == "calm":
            self.base = accused
            self.asked = max(60, len(self.server.log))
        elif more := accused - self.base:
            morning.faults.append(f"accused of more than on a calm night: {sorted(more)[:5]}")
        dated = {key for key in morning.fails if key[1] in DATED}
        if morning.mishap.startswith("clock") and dated:
            morning.faults.append(f"held to a wrong date: {sorted(dated)[:3]}")

    def export(self, what: str, run_id: str) -> list[dict[str, Any]]:
        _, said = self.look("export", what, "--format", "jsonl", "--run", run_id)
        return [json.loads(line) for line in said.splitlines()]

    def look(self, *words: str) -> tuple[int, str]:
        """A command that reads what is there, whatever the hour, without a process of its own."""
        done = CliRunner().invoke(registered(), [*words, "--home", str(self.home)])
        return done.exit_code, done.output

    def replayed(self) -> list[str]:
        """Every night judged again, and all evidence verified; what differs."""
        found = []
        for morning in self.mornings:
            if not morning.run_id:
                continue
            _, said = self.look("rejudge", morning.run_id)
            if "共 0 处翻转" not in said:
                found.append(f"night {morning.number} ({morning.mishap}): {said[-400:]}")
        code, said = self.look("evidence", "verify", "--all")
        if code != DONE:
            found.append(f"evidence: {code} {said[-600:]}")
        return found

    def longest_gap(self) -> int:
        """Most nights in a row in which a unit had neither a result nor a reason."""
        longest = 0
        for unit_id in self.units:
            gap = 0
            for morning in self.mornings:
                known = unit_id in morning.reasons or (morning.run_id and not morning.faults)
                gap = 0 if known else gap + 1
                longest = max(longest, gap)
        return longest


def _environment() -> dict[str, str]:
    return {**os.environ, **PATIENT}


def mishaps(nights: int, chance: random.Random) -> Iterator[str]:
    """A calm night first, so that it is known what these sites are like; every kind of mishap before any twice."""
    yield "calm"
    left: list[str] = []
    for _ in range(nights - 1):
        if not left:
            left = list(MISHAPS)
            chance.shuffle(left)
        yield left.pop()


def month(
    folder: Path, *, nights: int, units: tuple[str, ...], pages: int, seed: int, tell: bool = True
) -> list[str]:
    """Let a month pass in a folder; everything that ought not to be."""
    chance = random.Random(seed)
    province = build(seed=31, units=units, pages_per_site=pages, as_of=DEFAULT_AS_OF)
    home = folder / "home"
    write_home(province, home)
    found: list[str] = []
    with serve(province, silence=5) as server:
        (home / "settings.toml").write_text(
            f'[crawl]\nproxy = "{server.url}"\ndelay_seconds = 0\nconcurrency_per_host = 8\nretry_wait_seconds = 0.3\n'
            "timeout_seconds = 4\nbrowser = false\nprocesses = 2\n[judge]\nprocesses = 1\n[report]\nscreenshots = false\n",
            "utf-8",
        )
        passing = Month(home, server, chance, units, pages, 31, province)
        for number, mishap in enumerate(mishaps(nights, chance)):
            begun = time.monotonic()
            morning = passing.night(number, mishap)
            found += [f"night {number} ({mishap}): {fault}" for fault in morning.faults]
            if tell:
                took = time.monotonic() - begun
                print(
                    f"{number:3} {mishap:12} code {morning.code} tries {morning.tries} fails {sum(morning.fails.values()):4} "
                    f"unseen {len(morning.reasons)} {took:6.1f} s {morning.faults or 'as it should be'}",
                    flush=True,
                )
        if (gap := passing.longest_gap()) > 0:
            found.append(f"{gap} nights in a row without a word about some unit")
        found += passing.replayed()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--units", default=UNITS)
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the home is kept")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gongkai-month-"))
    units = tuple(options.units.split(","))
    found = month(folder, nights=options.nights, units=units, pages=options.pages, seed=options.seed)
    print("\n".join(found) or f"{options.nights} nights: nothing amiss")
    if not found and options.keep is None:
        shutil.rmtree(folder)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
