"""How many addresses a second link checkers ask over all hosts of the province, and how well they behave meanwhile.

    python -m bench.throughput                 # each at most two minutes
    python -m bench.throughput --seconds 60

Ours runs without a delay, with a quarter of a second (in which linkchecker as it comes asks one host two or three times) and
with the second that ships; the others as they come, told only where to begin. Counted is what the server saw.
`GONGKAI_LINKCHECKER` and `GONGKAI_LYCHEE` name the programs, else they are looked for in `PATH`; whoever is not installed is
left out. lychee does not follow links from page to page: it is given every page that ours found. linkinator is left out: it
gets nothing through a proxy, and the province is behind one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.robotparser import RobotFileParser

from bench import ground
from dossier import archive
from dossier.model import Purpose, Reach
from dossier.units import load_units
from practice.province import Province

DELAYS = (0.25, 1.0)
_BRIEF = (0.2375, 0.95)
"""Gaps shorter than this, in seconds, are counted: a twentieth below each delay, as clocks go."""
Row = tuple[str, str, float, str, int, str]


@dataclass(frozen=True)
class Seen:
    """What the server saw of one program."""

    name: str
    spent: ground.Spent
    log: list[Row]

    @property
    def rate(self) -> float:
        """Requests a second between the first and the last of them."""
        times = [row[2] for row in self.log]
        return len(times) / max(max(times) - min(times), 1e-9) if times else 0.0


def main(seconds: float) -> None:
    """One run of each over the same server, which has drawn all its pages before."""
    built = ground.build_province(pages=40)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # linkchecker gives up being root
        home = ground.practice_home(folder / "home", pages=40)
        cached = ground.kept_byte_code(folder)
        with ground.province(pages=40) as proxy:
            hasty = folder / "runs" / "hasty"
            spent = ground.crawl_once(ground.write_job(home, hasty, proxy), environment=cached)
            seen = [Seen("gongkai, no delay", spent, ground.asked_log(proxy, reset=True))]
            for delay in DELAYS:
                polite = ground.write_job(
                    home,
                    folder / "runs" / f"polite{delay:g}",
                    proxy,
                    delay_seconds=delay,
                    concurrency_per_host=2,
                )
                spent = ground.crawl_once(polite, environment=cached)
                seen.append(Seen(f"gongkai, delay {delay:g} s", spent, ground.asked_log(proxy, reset=True)))
            for program, command in _peers(home, _pages(hasty), folder).items():
                spent = ground.spend(
                    command, log=folder / f"{program}.log", environment=_through(proxy), timeout=seconds
                )
                seen.append(Seen(program, spent, ground.asked_log(proxy, reset=True)))
    print(ground.machine())
    print(
        "| program | requests (distinct) | a second | seconds | gaps to a host below "
        + " / ".join(f"{brief:g} s" for brief in _BRIEF)
        + " | most to one host within a second | forbidden by robots.txt |"
    )
    print("|---|---|---|---|---|---|---|")
    for one in seen:
        log = [row for row in one.log if row[0] in built.hosts]
        distinct = len({(host, path) for host, path, *_ in log})
        print(
            f"| {one.name} | {len(log)} ({distinct}) | {one.rate:.1f} | {one.spent.wall:.0f} | {_hasty(log)} | "
            f"{_busiest(log)} | {_forbidden(log, built)} |",
            flush=True,
        )


def _peers(home: Path, pages: Sequence[str], folder: Path) -> dict[str, list[str]]:
    """Name → command, of those that are installed."""
    fronts = [
        row.url
        for unit in load_units(home / "unit_sites.csv", ground.AS_OF)
        for row in unit.sites
        if row.url.startswith("http") and row.channel == "website"
    ]
    listed = folder / "pages.txt"
    listed.write_text("\n".join(pages), encoding="utf-8")
    commands = {
        "linkchecker": ["--no-status", "--output=none", *fronts],
        "lychee": ["--no-progress", "--format", "json", "--files-from", str(listed)],
    }
    found = {name: _program(name) for name in commands}
    return {name: [found[name], *rest] for name, rest in commands.items() if found[name]}


def _program(name: str) -> str:
    return os.environ.get(f"GONGKAI_{name.upper()}") or shutil.which(name) or ""


def _through(proxy: str) -> Mapping[str, str]:
    return {"http_proxy": proxy, "HTTP_PROXY": proxy, "no_proxy": "", "NO_PROXY": ""}


def _pages(run: Path) -> list[str]:
    """The pages that a crawl of ours found."""
    return [
        one.asked_url
        for unit in sorted({found.parent for found in run.rglob("captures.jsonl*")})
        for one in archive.read_captures(unit)
        if one.purpose is Purpose.PAGE and one.reach is Reach.OK
    ]


def _times(log: list[Row]) -> list[list[float]]:
    """When each host was asked, in order."""
    times: dict[str, list[float]] = defaultdict(list)
    for host, _, at, *_ in log:
        times[host].append(at)
    return [sorted(seen) for seen in times.values()]


def _hasty(log: list[Row]) -> str:
    gaps = [later - sooner for seen in _times(log) for sooner, later in pairwise(seen)]
    return " / ".join(str(sum(gap < brief for gap in gaps)) for brief in _BRIEF) + f" of {len(gaps)}"


def _busiest(log: list[Row]) -> int:
    """The most that one host was asked within any second."""
    return max(
        (bisect_left(seen, at + 1) - k for seen in _times(log) for k, at in enumerate(seen)), default=0
    )


def _forbidden(log: list[Row], built: Province) -> int:
    robots: dict[str, RobotFileParser] = {}
    for host in {row[0] for row in log}:
        robots[host] = RobotFileParser()
        robots[host].parse(built.hosts[host].robots.splitlines())
    return sum(
        path != "/robots.txt" and not robots[host].can_fetch(agent, f"http://{host}{path}")
        for host, path, _, agent, *_ in log
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="the longest that a peer may take")
    main(parser.parse_args().seconds)
