"""Who runs the shards of a crawl: processes of this machine, or the workers of a cluster.

A shard is a `CrawlJob`; its result is a folder of files, closed unit by unit. An engine takes shards to wherever
they run and sees to it that their files lie in the run's folder at the end. What is made of an exit code, of a
crash and of our own outage is decided in one place for all engines: `desk.crawling`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from dossier.errors import BadInput, Problem
from dossier.model import CrawlJob, CrawlProgress, Unit
from dossier.settings import Settings

Watch = Callable[[int, CrawlProgress], None]
"""Told of every progress line, with the number of its shard."""

NAMES = ("local", "dask")


@dataclass(frozen=True)
class Shard:
    """Units that are crawled together by one process; every host belongs to one shard only."""

    number: int
    job: CrawlJob

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset[str]().union(*(hosts_of(one.unit) for one in self.job.units))


class Engine(Protocol):
    """Where shards run."""

    def width(self, wanted: int) -> int:
        """How many shards to make, when the settings ask for so many processes."""
        ...

    def settle(self, folder: Path) -> None:
        """Return when no crawl of an earlier attempt at this run still writes; what it finished is in the folder."""
        ...

    def run(self, folder: Path, shards: Sequence[Shard], watch: Watch) -> list[int]:
        """Crawl every shard; returns their exit codes, in order. Units that were closed lie in the folder."""
        ...


def engine_of(settings: Settings) -> Engine:
    """The engine that the settings name. Raises BadInput for one that is unknown or lacks its address."""
    from desk.engines.local import LocalProcesses

    chosen = settings.engine
    if chosen.name == "local":
        return LocalProcesses()
    if chosen.name != "dask":
        raise BadInput([Problem("engine.name", f"不认识的执行方式“{chosen.name}”", "可用 local 或 dask")])
    if not chosen.scheduler:
        raise BadInput(
            [Problem("engine.scheduler", "没有写调度器的地址", "例如 --scheduler tcp://10.0.0.5:8786")]
        )
    from desk.engines.cluster import DaskCluster

    return DaskCluster(chosen.scheduler, chosen.share)


def hosts_of(unit: Unit) -> frozenset[str]:
    """Every host of a unit's websites. The platforms of accounts are everybody's: they are asked once or
    twice a unit, and would draw all units into one shard."""
    named = {urlsplit(row.url).netloc.lower() for row in unit.websites if row.url}
    return frozenset(named | {host.lower() for row in unit.websites for host in row.extra_hosts})


__all__ = ["NAMES", "Engine", "Shard", "Watch", "engine_of", "hosts_of"]
