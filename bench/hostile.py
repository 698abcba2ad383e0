"""What the worst a site can send costs us: hostile pages, together and each in a crawl of its own, beside a crawl without.

The cases are those of the tests (`tests/crawler/test_hostile.py`, `hostile_wire.py`, `hostile_pages.py`), through the real
crawler and the real reading; answers are bounded as there. CPU and peak memory by the kernel's account of the crawl
process and its reader of files; the time that one answer took by the captures' own word.

    python -m bench.hostile --together         # all of a group behind one home page
    python -m bench.hostile                    # each alone, the worst of them last
    python -m bench.hostile --group pages --part 1/3
    python -m bench.hostile --only gzip-bomb,deep-nesting
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from bench.ground import ROOT, Spent, spend
from dossier.archive import read_captures
from dossier.model import Channel, CrawlJob, CrawlSettings, SiteRow, Unit, UnitClass, UnitJob

sys.path.append(str(ROOT))

from tests.crawler.hostile import Wicked, Wild
from tests.crawler.hostile_pages import PAGES
from tests.crawler.hostile_wire import WIRE
from tests.crawler.test_hostile import BAD, CASES, GOOD, LIMIT

GROUPS: dict[str, dict[str, Wicked]] = {"bodies": CASES, "wire": WIRE, "pages": PAGES}
_SHOWN = 5


@dataclass(frozen=True)
class Cost:
    """What one crawl took."""

    name: str
    spent: Spent
    answer_seconds: float
    """The longest that one answer of the site held a place."""
    asked: int


def crawled(folder: Path, name: str, cases: dict[str, Wicked]) -> Cost:
    """One crawl over a site whose home page leads to these, and over a plain one."""
    out = folder / name / "data" / "runs" / "r1"
    out.mkdir(parents=True)
    with Wild(cases) as wild:
        job = CrawlJob(
            run_id="r1",
            as_of=date(2020, 12, 1),
            out=str(out),
            home=str(folder / name),
            settings=CrawlSettings(
                proxy=wild.proxy, delay_seconds=0.0, retry_wait_seconds=0.0, timeout_seconds=3.0, browser=False,
                max_body_bytes=LIMIT, max_pages=700, max_external=60, concurrency_per_host=4,
            ),
            units=(UnitJob(unit=_unit("A01", f"{BAD}/")), UnitJob(unit=_unit("A02", f"{GOOD}/"))),
        )  # fmt: skip
        path = folder / name / "job.json"
        path.write_bytes(msgspec.json.encode(job))
        spent = spend([sys.executable, "-m", "crawler", str(path)], log=folder / name / "log", timeout=600)
    captures = read_captures(out / "A01")
    return Cost(name, spent, max((one.elapsed_ms for one in captures), default=0) / 1000, len(captures))


def _unit(unit_id: str, url: str) -> Unit:
    row = SiteRow(unit_id=unit_id, channel=Channel.WEBSITE, name="网站", url=url)
    return Unit(unit_id=unit_id, unit_class=UnitClass.A, short_name=unit_id, full_name=unit_id, sites=(row,))


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gongkai-hostile-") as folder:
        yield Path(folder)


def _line(cost: Cost, bare: Cost) -> str:
    more, swollen = cost.spent.cpu - bare.spent.cpu, cost.spent.peak_mb - bare.spent.peak_mb
    return (
        f"{cost.name:32} code {cost.spent.code} cpu {more:+6.2f} s, memory {swollen:+6.0f} MB (peak {cost.spent.peak_mb:.0f}), "
        f"longest answer {cost.answer_seconds:5.1f} s, whole crawl {cost.spent.wall:6.1f} s, {cost.asked} asked"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--group", choices=sorted(GROUPS), action="append")
    parser.add_argument("--part", default="1/1", help="which part of the cases, of how many")
    parser.add_argument("--only", default="", help="names of cases")
    parser.add_argument("--together", action="store_true")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    cases = [
        (name, act)
        for group in options.group or GROUPS
        for n, (name, act) in enumerate(GROUPS[group].items())
        if n % parts == part - 1 and (not options.only or name in options.only.split(","))
    ]
    with _place() as folder:
        bare = crawled(folder, "nothing-hostile", {})
        print(_line(bare, bare), flush=True)
        if options.together:
            for group in options.group or GROUPS:
                print(
                    _line(crawled(folder, f"all {len(GROUPS[group])} {group}", GROUPS[group]), bare),
                    flush=True,
                )
            return 0
        costs = []
        for name, act in cases:
            costs.append(crawled(folder, name, {name: act}))
            print(_line(costs[-1], bare), flush=True)
    broken = [cost for cost in costs if cost.spent.code != 0]
    for word, worst in (
        ("memory", sorted(costs, key=lambda one: -one.spent.peak_mb)),
        ("CPU", sorted(costs, key=lambda one: -one.spent.cpu)),
        ("time", sorted(costs, key=lambda one: -one.spent.wall)),
    ):
        print(f"\nworst by {word}:", *(_line(one, bare) for one in worst[:_SHOWN]), sep="\n  ")
    print(f"{len(costs)} cases, {len(broken)} ended badly {[one.name for one in broken]}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
