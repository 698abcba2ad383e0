"""The schedule of a night at 54, 1,500 and 14,000 sites, from measured unit costs. A simulation, not a measurement.

    python -m bench simulate

Every site is asked once in `delay` seconds until its pages (or its budget) are done; a machine's cores share what
is asked of them evenly. Site sizes are drawn from a log-normal; the seed is fixed.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import exp, log
from random import Random

from bench.ground import AS_OF

MEDIAN_PAGES, SPREAD = 900, 1.3
BUDGET = 3000
"""Pages of one unit in one night (`crawl.max_pages`)."""
DELAY = 1.0
CORES_USED = 0.8


@dataclass(frozen=True)
class Costs:
    """What one address costs, as measured on the practice province (docs/performance.md)."""

    cpu_ms: float
    enter_ms: float
    judge_ms: float
    archive_bytes: float
    database_bytes: float
    memory_mb_a_site: float
    asked: float = 1.0
    """Share of the addresses that is asked; the others wait their turn (`decisions/0008`)."""


FIRST = Costs(5.9, 0.5, 0.6, 8_400, 3_600, 1.0)
LATER = Costs(1.7, 0.2, 0.6, 470, 80, 1.0)
"""A night on which 2 % of the pages changed and the others answered 304. Measured, but for entering, which is taken high
(0.3 and 0.04 ms when quiet). Memory: what 54 sites take above six, for each of the others."""
SETTLED, BOUND = 0.6, 7
"""Share of a site that is settled texts and what hangs on them (an assumption: real sites were not seen here for so
long), and nights after which each of them is due (`crawl.revisit_nights`)."""
_WAITS = Costs(0.3, 0.1, 0.6, 25, 33, 1.0)
"""An address that was met and not asked: its reading taken over, a line in two lists (estimated from the stages)."""


def mixed(asked: float) -> Costs:
    """What an address costs in the mean of a night on which a share of them is asked."""

    def mean(one: float, other: float) -> float:
        return asked * one + (1 - asked) * other

    return Costs(
        mean(LATER.cpu_ms, _WAITS.cpu_ms), mean(LATER.enter_ms, _WAITS.enter_ms), LATER.judge_ms,
        mean(LATER.archive_bytes, _WAITS.archive_bytes), mean(LATER.database_bytes, _WAITS.database_bytes),
        LATER.memory_mb_a_site, asked,
    )  # fmt: skip


SETTLED_DOWN = mixed(1 - SETTLED + SETTLED / BOUND)
"""A night after some weeks."""


@dataclass(frozen=True)
class Outcome:
    pages: int
    hours: float
    bound_hours: float
    core_hours: float
    gigabytes: float
    database_gigabytes: float
    memory_gigabytes: float


def sites(count: int) -> list[int]:
    """Pages of each site, cut at the budget."""
    dice = Random(AS_OF.toordinal())
    return [min(BUDGET, max(60, int(exp(dice.gauss(log(MEDIAN_PAGES), SPREAD))))) for _ in range(count)]


def night(pages: list[int], cores: int, costs: Costs) -> Outcome:
    """One night. All sites run side by side; where they ask more than the cores can read, all slow down alike."""
    left = list(pages)
    heapq.heapify(left)
    most = cores * CORES_USED * 1000 / costs.cpu_ms
    now, done = 0.0, 0.0
    while left:
        rate = min(1 / DELAY / costs.asked, most / len(left))
        step = heapq.heappop(left) - done
        now += step / rate
        done += step
    total = sum(pages)
    after = total * (costs.enter_ms + costs.judge_ms) / 1000
    work = total * costs.cpu_ms / 1000 + after
    return Outcome(
        pages=total, hours=(now + after / (cores * CORES_USED)) / 3600, bound_hours=max(pages) * DELAY * costs.asked / 3600,
        core_hours=work / 3600, gigabytes=total * costs.archive_bytes / 1e9,
        database_gigabytes=total * costs.database_bytes / 1e9,
        memory_gigabytes=len(pages) * costs.memory_mb_a_site / 1000,
    )  # fmt: skip


def cores_for(pages: list[int], hours: float, costs: Costs) -> int:
    """The fewest cores with which a night ends in time."""
    return next(cores for cores in range(1, 10_000) if night(pages, cores, costs).hours <= hours)


def main(window_hours: float = 8.0) -> None:
    """A table for the first night, for one that asks all again, and for one on which settled texts wait their turn."""
    print(
        "| sites | night | pages | cores | hours (politeness alone) | core hours | archive, GB | database, GB | memory of the crawl, GB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for count in (54, 1_500, 14_000):
        drawn = sites(count)
        for title, costs in (("first", FIRST), ("all asked", LATER), ("texts wait", SETTLED_DOWN)):
            cores = max(2, cores_for(drawn, window_hours, costs))
            one = night(drawn, cores, costs)
            print(
                f"| {count:,} | {title} | {one.pages:,} | {cores} | {one.hours:.1f} ({one.bound_hours:.1f}) | {one.core_hours:.1f} "
                f"| {one.gigabytes:.2f} | {one.database_gigabytes:.2f} | {one.memory_gigabytes:.1f} |"
            )


if __name__ == "__main__":
    main()
