"""What we could not see is never said to be missing: every kind of blindness, on every share of pages, on two nights.

Each unit of a small practice province lies under a veil of another kind (`practice.mishaps.VEILS`): 403, 412, 521,
captcha, 500, 503, time-outs, dropped connections, a proxy's 502, empty answers, pages cut in half, a maintenance page,
a redirect home, a login page. Each night hides another share of pages, on a first night and on one after a good night.
Then all units lie under one veil together, whole. Counted against a night that saw everything: fails that were not there,
by what they claim, and how blindness is shown.

    python -m bench.blind                       # the table
    python -m bench.blind --kinds empty,cut --shares 0.3 --alike no
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from checks.registry import RULES
from desk.cli import registered
from dossier.errors import NetworkDown
from dossier.model import Claim
from practice.home import write_home
from practice.mishaps import VEILS, Veil
from practice.province import DEFAULT_AS_OF, Province, build
from practice.server import PracticeServer, serve

UNITS = ("A02", "A04", "A07", "A09", "B01", "B03", "B05", "B12", "B14", "B20", "B27", "B31", "B36", "B40")
FEW = ("A02", "B03", "B12")
SHARES = (0.1, 0.3, 0.6, 1.0)
PATIENT = {"GONGKAI_NETWORK_STEP": "0.2", "GONGKAI_NETWORK_PATIENCE": "1"}
CLAIMS = {module.RULE.id: module.RULE.claim for module in RULES}
SETTINGS = """[crawl]
proxy = "{proxy}"
delay_seconds = 0
concurrency_per_host = 8
retry_wait_seconds = 0.2
timeout_seconds = 4
processes = 1
browser = false
[judge]
processes = 1
[report]
screenshots = false
"""
NETWORK_DOWN = 4
Key = tuple[str, str, str]


@dataclass
class Told:
    """What a night said of its units."""

    code: int
    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    """Unit, rule, subject → what was found."""
    unseen: set[str] = field(default_factory=set)
    """Units shown as 未能检测."""
    unsure: Counter[str] = field(default_factory=Counter)
    """Unit → how many questions."""


@dataclass
class Tally:
    """One cell of the table."""

    units: int = 0
    unseen: int = 0
    asking: int = 0
    absences: list[str] = field(default_factory=list)
    presences: list[str] = field(default_factory=list)
    """New fails that claim something is there, at an address that was not shown."""
    others: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
    """Absences that stand on a good night too, and now rest on less."""

    def add(self, more: Tally) -> None:
        self.units += more.units
        self.unseen += more.unseen
        self.asking += more.asking
        for name in ("absences", "presences", "others", "reworded"):
            getattr(self, name).extend(getattr(more, name))


@dataclass
class Place:
    """A home over a province, and nights in it."""

    folder: Path
    server: PracticeServer
    province: Province
    units: tuple[str, ...]

    def fresh(self, name: str, like: str = "fresh") -> Path:
        return Path(shutil.copytree(self.folder / like, self.folder / name))

    def run(self, home: Path, *words: str) -> tuple[int, str]:
        done = CliRunner(env={**os.environ, **PATIENT}).invoke(
            registered(), [*words, "--home", str(home), "--as-of", DEFAULT_AS_OF.isoformat()]
        )
        if isinstance(done.exception, NetworkDown):
            return NETWORK_DOWN, str(done.exception)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout

    def night(self, home: Path, veils: dict[str, Veil], *units: str) -> Told:
        self.server.veils = veils
        only = ("--units", ",".join(units or self.units))
        code, _ = self.run(home, "nightly", "--fresh", *only)
        self.server.veils = {}
        told = Told(code)
        if code == NETWORK_DOWN:
            told.unseen = set(units or self.units)
            return told
        for row in self._export(home, "findings"):
            if row["verdict"] == "fail":
                told.rows[row["unit_id"], row["rule_id"], row["subject"]] = row
            told.unsure[row["unit_id"]] += row["verdict"] == "unsure"
        told.unseen = {row["unit_id"] for row in self._export(home, "scorecards") if not row["inspected"]}
        return told

    def _export(self, home: Path, what: str) -> list[dict[str, Any]]:
        code, said = self.run(home, "export", what, "--format", "jsonl")
        assert code == 0, said
        return [json.loads(line) for line in said.splitlines()]


@contextmanager
def place(folder: Path, units: tuple[str, ...], pages: int, seed: int) -> Iterator[Place]:
    """A province whose every site answers, with planted faults, and a home for it."""
    faulty = build(seed=seed, units=units, pages_per_site=pages)
    for site in faulty.sites.values():
        site.access = "ok"
    with serve(faulty, silence=6) as server:
        write_home(faulty, folder / "fresh")
        (folder / "fresh" / "settings.toml").write_text(SETTINGS.format(proxy=server.url), "utf-8")
        yield Place(folder, server, faulty, units)


def compare(unit_id: str, veil: Veil, told: Told, good: Told) -> Tally:
    """What blindness did to one unit."""
    tally = Tally(1, int(unit_id in told.unseen), int(told.unsure[unit_id] > good.unsure[unit_id]))
    for key, row in told.rows.items():
        if key[0] != unit_id:
            continue
        words = (
            f"{unit_id} {veil.kind} {veil.share:.0%} {key[1]} {row['page_url'] or key[2]}: {row['message']}"
        )
        absent = CLAIMS[key[1]] is Claim.ABSENCE
        if key in good.rows:
            if absent and row["message"] != good.rows[key]["message"]:
                tally.reworded.append(f"{words} ⇐ {good.rows[key]['message']}")
        elif absent:
            tally.absences.append(words)
        elif {row["page_url"], key[2]} & veil.hidden:
            tally.presences.append(words)
        else:
            tally.others.append(words)
    return tally


def mixed(
    on: Place, good: Told, kinds: tuple[str, ...], shares: Iterable[float], tell: bool
) -> dict[str, Tally]:
    """Each unit under a veil of its own; which one moves on from night to night."""
    table: dict[str, Tally] = {}
    number = 0
    for like in ("fresh", "good"):
        for share in shares:
            veils = {
                unit_id: Veil(kinds[(n + 3 * number) % len(kinds)], share, seed=number)
                for n, unit_id in enumerate(on.units)
            }
            number += 1
            home = on.fresh(f"mixed-{number}", like)
            told = on.night(home, veils)
            whole = Tally()
            for unit_id, veil in veils.items():
                cell = compare(unit_id, veil, told, good)
                whole.add(cell)
                table.setdefault(f"{veil.kind:12} {'first' if like == 'fresh' else 'second'}", Tally()).add(
                    cell
                )
                table.setdefault(
                    f"{share:4.0%} of pages {'first' if like == 'fresh' else 'second'}", Tally()
                ).add(cell)
            if tell:
                _say(f"{like} {share:.0%}", told.code, whole)
            if not (whole.absences or whole.presences or whole.others):
                shutil.rmtree(home)
    return table


def alike(on: Place, good: Told, kinds: tuple[str, ...], tell: bool) -> dict[str, Tally]:
    """A few units, all wholly under one veil."""
    table: dict[str, Tally] = {}
    for like in ("fresh", "good"):
        for kind in kinds:
            veils = {unit_id: Veil(kind, 1.0) for unit_id in FEW}
            home = on.fresh(f"alike-{kind}-{like}", like)
            told = on.night(home, veils, *FEW)
            cell = Tally()
            for unit_id, veil in veils.items():
                cell.add(compare(unit_id, veil, told, good))
            table[f"{kind:12} {'first' if like == 'fresh' else 'second'}, all: code {told.code}"] = cell
            if tell:
                _say(f"all {kind} {like}", told.code, cell)
            shutil.rmtree(home)
    return table


def _say(name: str, code: int, cell: Tally) -> None:
    print(
        f"# {name}: code {code}, unseen {cell.unseen}/{cell.units}, absences {len(cell.absences)}, "
        f"presences {len(cell.presences)}, others {len(cell.others)}, reworded {len(cell.reworded)}",
        flush=True,
    )
    for label, lines in (
        ("ABSENCE", cell.absences),
        ("UNSEEN PRESENCE", cell.presences),
        ("OTHER", cell.others),
        ("REWORDED", cell.reworded),
    ):
        for line in lines:
            print(f"    {label} {line}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kinds", default=",".join(VEILS))
    parser.add_argument("--shares", default=",".join(map(str, SHARES)))
    parser.add_argument("--units", default=",".join(UNITS))
    parser.add_argument("--alike", choices=("yes", "no", "only"), default="yes")
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--keep", type=Path, help="where the homes that differ are kept")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="gongkai-blind-"))
    folder.mkdir(parents=True, exist_ok=True)
    kinds, units = tuple(options.kinds.split(",")), tuple(options.units.split(","))
    table: dict[str, Tally] = {}
    with place(folder, units, options.pages, options.seed) as on:
        good = on.night(on.fresh("good"), {})
        print(
            f"a good night: code {good.code}, {len(good.rows)} fails, unseen {sorted(good.unseen)}",
            flush=True,
        )
        if options.alike != "only":
            table |= mixed(on, good, kinds, tuple(map(float, options.shares.split(","))), tell=True)
        if options.alike != "no":
            table |= alike(on, good, kinds, tell=True)
    print(f"\n{'under a veil':44} units unseen asking absences presences others")
    for name, cell in table.items():
        print(
            f"{name:44} {cell.units:5} {cell.unseen:6} {cell.asking:6} {len(cell.absences):8} {len(cell.presences):9} {len(cell.others):6}"
        )
    wrong = sum(len(cell.absences) + len(cell.presences) for cell in table.values())
    if options.keep is None:
        shutil.rmtree(folder)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
