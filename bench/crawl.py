"""Our crawl, which reads, judges reach, archives and records, against a stock Scrapy spider that keeps nothing.

    python -m bench crawl
    python -m bench.crawl --heavy --rounds 5 --units A01,A02     # pages of real weight; some units
    python -m bench.crawl --log INFO                             # the peer without its debug log
    python -m bench.crawl --processes 2                          # ours as a night with `crawl.processes = 2`

Both go through the same practice province without delays, in turn, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from bench import ground
from bench.commands import gongkai
from dossier import archive, compiled
from dossier.model import Purpose, Reach
from dossier.units import load_units

MANY = ",".join([*(f"A{n:02d}" for n in range(1, 7)), *(f"B{n:02d}" for n in range(1, 13))])
"""Eighteen of the 54 units: for pages of real weight, of which a third is enough to tell."""


def main() -> None:
    """Both figures: practice pages as they are over all units, and pages of real weight over a third of them."""
    compare()
    print()
    compare(heavy=True, units=MANY)


def compare(
    *,
    pages: int = 40,
    rounds: int = 5,
    units: str = "",
    heavy: bool = False,
    log: str = "DEBUG",
    processes: int = 1,
) -> None:
    """Interleaved rounds, each told when it ends; ratios are taken within a round. `units` keeps it to some.

    Ours is run from its sources, and where `make fast` has compiled reading, a second time compiled.
    """
    only = frozenset(filter(None, units.split(",")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cached = ground.kept_byte_code(folder)
        home = ground.practice_home(folder / "home", pages=pages)
        sources = {**cached, compiled.OFF: "1"}
        ours, fast, stock, asked, theirs, size = [], [], [], 0, 0, 0.0
        judged, together = [], []
        with ground.province(pages=pages, heavy=heavy) as proxy:
            for number in range(rounds + 1):
                out = folder / "runs" / "bench"
                shutil.rmtree(out, ignore_errors=True)
                own = _crawl(home, out, proxy, only, processes, sources)
                asked = len(ground.asked_log(proxy, reset=True))
                size = page_bytes(out)
                shutil.rmtree(out)
                if compiled.build() is not None:
                    quick = _crawl(home, out, proxy, only, processes, cached)
                    ground.asked_log(proxy, reset=True)
                else:
                    quick = None
                peer = ground.spend(
                    [
                        sys.executable, "-m", "bench.peers", proxy, str(home / "unit_sites.csv"),
                        "--only", units, "--log", log,
                    ],
                    log=folder / "stock.log", environment=cached,
                )  # fmt: skip
                ground.asked_log(proxy, reset=True)
                theirs = json.loads(peer.out)["answers"]
                if number:  # the first round warms the server's cache and the byte code
                    ours.append(own)
                    fast += [quick] if quick is not None else []
                    stock.append(peer)
                    told = f"; compiled {_cost(quick)}" if quick is not None else ""
                    print(f"round {number}: ours {_cost(own)}{told}; stock {_cost(peer)}", flush=True)
            gongkai(home, "crawl", proxy=proxy, units=units)
            inside = [_inside_a_night(home, folder / "night", units, cached) for _ in range(min(3, rounds))]
            gongkai(home, "judge", units=units)
            for _ in range(min(3, rounds)):
                judged.append(gongkai(home, "judge", settings=("judge.processes=1",), units=units))
                together.append(gongkai(home, "judge", units=units))
        pairs = list(zip(ours, stock, strict=True))
        print(
            f"ours {asked} requests in {processes} processes, stock {theirs}; pages of {size / 1000:.1f} KB; {ground.machine()}"
        )
        say, middle = ground.say, ground.middle
        say("CPU s, ours", "–", middle([one.cpu for one in ours], ".1f"))
        say(f"CPU s, stock spider ({log})", "–", middle([one.cpu for one in stock], ".1f"))
        say("wall s, ours", "–", middle([one.wall for one in ours], ".1f"))
        say("wall s, stock spider", "–", middle([one.wall for one in stock], ".1f"))
        say("CPU, ours / stock", "≤ 0.5", middle([a.cpu / b.cpu for a, b in pairs]))
        say("wall, ours / stock", "≤ 0.5", middle([a.wall / b.wall for a, b in pairs]))
        say("CPU a request, ours / stock", "–", middle([a.cpu / asked / (b.cpu / theirs) for a, b in pairs]))
        if fast:
            both = list(zip(fast, stock, strict=True))
            say("CPU s, ours compiled", "–", middle([one.cpu for one in fast], ".1f"))
            say("CPU, ours compiled / stock", "≤ 0.5", middle([a.cpu / b.cpu for a, b in both]))
            say("wall, ours compiled / stock", "≤ 0.5", middle([a.wall / b.wall for a, b in both]))
        say("judging all units and keeping it, inside a night, CPU s", "–", middle(inside, ".1f"))
        say(
            "the same / CPU of the crawl",
            "≤ 0.10",
            middle([one / crawl.cpu for one, crawl in zip(inside, ours, strict=False)]),
        )
        say(
            "judging all units by a command of its own, its start counted, CPU s",
            "–",
            middle([one.cpu for one in judged], ".1f"),
        )
        say(
            "the same / CPU of the crawl",
            "≤ 0.10",
            middle([one.cpu / crawl.cpu for one, crawl in zip(judged, ours, strict=False)]),
        )
        say(
            "wall of judging as nights do it (a process a core) / wall of the crawl",
            "≤ 0.10",
            middle([one.wall / crawl.wall for one, crawl in zip(together, ours, strict=False)]),
        )
        say("peak memory of the crawl process, MB", "≤ 250", middle([one.peak_mb for one in ours], ".0f"))


def _crawl(
    home: Path, out: Path, proxy: str, only: frozenset[str], processes: int, environment: Mapping[str, str]
) -> ground.Spent:
    """One crawl of all units by so many processes side by side, as a night deals them out; what they cost together."""
    if processes == 1:
        return ground.crawl_once(ground.write_job(home, out, proxy, only=only), environment=environment)
    ids = [unit.unit_id for unit in load_units(home / "unit_sites.csv", ground.AS_OF)]
    wanted = [one for one in ids if not only or one in only]
    jobs = [
        ground.write_job(home, out / f"part-{n}", proxy, only=frozenset(wanted[n::processes]))
        for n in range(processes)
    ]
    begun = time.monotonic()
    with ThreadPoolExecutor(processes) as pool:
        parts = list(pool.map(partial(ground.crawl_once, environment=environment), jobs))
    return ground.Spent(
        time.monotonic() - begun, sum(one.cpu for one in parts), max(one.peak_mb for one in parts), 0, ""
    )


def _inside_a_night(home: Path, copy: Path, units: str, environment: Mapping[str, str]) -> float:
    """CPU seconds that judging adds in a process that has started already, of a night on which nothing was said yet."""
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("runs", "reports"))
    try:
        spent = ground.spend(
            [sys.executable, "-m", "bench.inside", str(copy), *([units] if units else [])],
            log=copy / "inside.log", environment=environment,
        )  # fmt: skip
        return float(spent.out)
    finally:
        shutil.rmtree(copy)


def _cost(spent: ground.Spent) -> str:
    return f"{spent.cpu:.1f} CPU s, {spent.wall:.1f} s"


def page_bytes(run: Path) -> float:
    """How many bytes a page of a run has in the mean."""
    sizes = [
        one.length
        for unit in {found.parent for found in run.rglob("captures.jsonl*")}
        for one in archive.read_captures(unit)
        if one.purpose is Purpose.PAGE and one.reach is Reach.OK
    ]
    return sum(sizes) / max(1, len(sizes))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", default="", help="these alone; `many` stands for eighteen of them")
    parser.add_argument("--heavy", action="store_true", help="pages of real weight")
    parser.add_argument("--log", default="DEBUG", help="the peer's log level")
    parser.add_argument("--processes", type=int, default=1, help="crawl processes of ours side by side")
    options = parser.parse_args()
    compare(
        pages=options.pages, rounds=options.rounds, units=MANY if options.units == "many" else options.units,
        heavy=options.heavy, log=options.log, processes=options.processes,
    )  # fmt: skip
