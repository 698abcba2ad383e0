"""Our crawl, which reads, judges reach, archives and records, against a stock Scrapy spider that keeps nothing.

    python -m bench crawl

Both go through the same practice province without delays, in turn, each in a process of its own.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from bench import ground
from bench.commands import gongkai


def main(pages: int = 40, rounds: int = 5, units: str = "") -> None:
    """Interleaved rounds; ratios are taken within a round. `units` keeps it to some."""
    only = frozenset(filter(None, units.split(",")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Byte code is kept, as on any machine where the product is installed, for both.
        cached = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "pyc")}
        home = ground.practice_home(folder / "home", pages=pages)
        ours, stock, asked, theirs, judged = [], [], 0, 0, []
        with ground.province(pages=pages) as proxy:
            for number in range(rounds + 1):
                out = folder / "runs" / "bench"
                shutil.rmtree(out, ignore_errors=True)
                own = ground.crawl_once(ground.write_job(home, out, proxy, only=only), environment=cached)
                asked = len(ground.asked_log(proxy, reset=True))
                peer = ground.spend(
                    [sys.executable, "-m", "bench.peers", proxy, str(home / "unit_sites.csv"), "--only", units],
                    log=folder / "stock.log", environment=cached,
                )  # fmt: skip
                ground.asked_log(proxy, reset=True)
                theirs = json.loads(peer.out)["answers"]
                if number:  # the first round warms the server's cache and the byte code
                    ours.append(own)
                    stock.append(peer)
            gongkai(home, "crawl", proxy=proxy, units=units)
            gongkai(home, "judge", units=units)
            judged = [
                gongkai(home, "judge", settings=("judge.processes=1",), units=units)
                for _ in range(min(3, rounds))
            ]
        pairs = list(zip(ours, stock, strict=True))
        print(f"ours {asked} requests, stock {theirs}; {ground.machine()}")
        say, middle = ground.say, ground.middle
        say("CPU s, ours", "–", middle([one.cpu for one in ours], ".1f"))
        say("CPU s, stock spider", "–", middle([one.cpu for one in stock], ".1f"))
        say("wall s, ours", "–", middle([one.wall for one in ours], ".1f"))
        say("wall s, stock spider", "–", middle([one.wall for one in stock], ".1f"))
        say("CPU, ours / stock", "≤ 0.5", middle([a.cpu / b.cpu for a, b in pairs]))
        say("wall, ours / stock", "≤ 0.5", middle([a.wall / b.wall for a, b in pairs]))
        say("CPU a request, ours / stock", "–", middle([a.cpu / asked / (b.cpu / theirs) for a, b in pairs]))
        say(
            "judging all units / CPU of the crawl",
            "≤ 0.10",
            middle([one.cpu / ours[0].cpu for one in judged]),
        )
        say("peak memory of the crawl process, MB", "≤ 250", middle([one.peak_mb for one in ours], ".0f"))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *sys.argv[3:4])
