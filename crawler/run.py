"""One job is one process: all its units at once, because politeness makes every single one of them slow."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess

from crawler.addresses import host_of, with_variants
from crawler.browser import Browser
from crawler.fetch import Fetcher
from crawler.guard import Guard, OutwardResolver
from crawler.heads import bound_heads
from crawler.hosts import Hosts
from crawler.identity import honest_agent
from crawler.network import NetworkWatch
from crawler.progress import Totals, say
from crawler.reach import Failure
from crawler.settings import for_job
from crawler.site import ReadPage, World, addressed, host_name
from crawler.unitcrawl import inspect
from dossier.archive import write_report
from dossier.errors import NetworkDown
from dossier.home import Home
from dossier.model import CrawlJob, PageFacts, UnitReport
from dossier.reading.vocabulary import load_vocabulary

log = logging.getLogger("gongkai.crawler")

EXIT_DONE, EXIT_FAULT, EXIT_NETWORK_DOWN = 0, 1, 4
_TICK_SECONDS = 1.0
NETWORK_DOWN = "本机网络不通，本次没有检查到任何单位，不作为依据。"


class SiteSpider(Spider):
    """The one spider: for any unit's site."""

    name = "gongkai"

    def __init__(self, *, job: CrawlJob, read: ReadPage, read_data: Any, outcome: list[int]) -> None:
        super().__init__()
        self.job = job
        self.read = read
        self.read_data = read_data
        self.outcome = outcome

    async def start(self) -> AsyncIterator[Any]:
        """Everything happens in here; the engine only moves bytes for it."""
        try:
            self.outcome.append(await run_job(self.crawler, self.job, self.read, self.read_data))
        except Exception:  # the process must end with its exit code, not hang in the reactor
            log.exception("the crawl broke")
            self.outcome.append(EXIT_FAULT)
        requests: tuple[Any, ...] = ()
        for request in requests:  # an async generator, as Scrapy wants it, that asks for nothing
            yield request


def crawl(job: CrawlJob, read: ReadPage | None = None, read_data: Any = None) -> int:
    """Runs a job to its end in this process; returns the exit code. A process can do this once."""
    job = _with_proxy(job)
    if read is None:
        read, read_data = _real_reading()
    outcome: list[int] = []
    bound_heads()
    process = AsyncCrawlerProcess(for_job(job.settings))
    for name in ("scrapy", "twisted", "asyncio"):  # after Scrapy has set its own to DEBUG
        logging.getLogger(name).setLevel(logging.WARNING)
    process.crawl(SiteSpider, job=job, read=read, read_data=read_data, outcome=outcome)
    process.start()
    return outcome[0] if outcome else EXIT_FAULT


async def run_job(crawler: Any, job: CrawlJob, read: ReadPage, read_data: Any) -> int:
    """All units of a job, side by side, under one watch of our own network."""
    crawl_settings = job.settings
    hosts = Hosts(crawl_settings.delay_seconds, crawl_settings.concurrency_per_host)
    fetcher = Fetcher(crawler, crawl_settings, hosts)
    totals = Totals(units=len(job.units))
    watch = NetworkWatch(
        crawl_settings.proxy,
        job.control_urls,
        _answers_with(fetcher),
        lambda event: say("network", totals, note=event),
        patience_seconds=float(os.environ.get("GONGKAI_NETWORK_PATIENCE", "600")),
        step_seconds=float(os.environ.get("GONGKAI_NETWORK_STEP", "5")),
    )
    fetcher.ready = watch.ready
    agent = crawl_settings.user_agent or honest_agent(crawl_settings.contact)
    world = World(
        job=job,
        agent=agent,
        fetcher=fetcher,
        hosts=hosts,
        watch=watch,
        vocabulary=load_vocabulary(Home(Path(job.home))),
        read=read,
        read_data=read_data or _no_data,
        totals=totals,
        browser=Browser(crawl_settings.proxy, agent, crawl_settings.timeout_seconds)
        if crawl_settings.browser
        else None,
        guard=Guard(resolves=not crawl_settings.proxy),
    )
    if not crawl_settings.proxy:
        OutwardResolver.trusted = _listed_hosts(job)
    say("start", totals)
    if not await watch.is_up():
        say("network", totals, note="down")
        say("end", totals)
        return EXIT_NETWORK_DOWN
    ticking = asyncio.ensure_future(_tick(world))
    try:
        return await _all_units(world)
    finally:
        ticking.cancel()
        if world.browser is not None:
            await world.browser.close()
        say("end", totals)


async def _all_units(world: World) -> int:
    """Crawls every unit. A unit that nobody answered for is closed last, when it is certain that it was not us."""
    silent: list[UnitReport] = []
    anyone = False

    async def one(index: int) -> None:
        nonlocal anyone
        job = world.job.units[index]
        report, answered = await inspect(world, job)
        anyone |= answered
        if answered or report.finish in ("no-address", "network-down", "crashed"):
            _close(world, report)
        else:
            silent.append(report)

    await asyncio.gather(*(one(index) for index in range(len(world.job.units))))
    inspected = sum(bool(addressed(job)) for job in world.job.units)
    everybody_silent = inspected > 0 and not anyone
    if everybody_silent and not world.watch.lost and await _is_one_name(world, silent):
        everybody_silent = False
    down = world.watch.lost or everybody_silent
    for report in silent:
        if down:
            report = msgspec.structs.replace(report, finish="network-down", because=NETWORK_DOWN)
        _close(world, report)
    return EXIT_NETWORK_DOWN if down else EXIT_DONE


async def _is_one_name(world: World, silent: list[UnitReport]) -> bool:
    """Whether only one site was asked and a living proxy said that its name does not resolve: that is about the name."""
    return (
        len(silent) == 1
        and bool(world.job.settings.proxy)
        and "（dns）" in silent[0].because
        and await world.watch.is_up()
    )


def _close(world: World, report: UnitReport) -> None:
    write_report(Path(world.job.out) / report.unit_id, report)
    world.totals.units_done += 1
    say("unit", world.totals, report.unit_id, report.finish)


async def _tick(world: World) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        world.totals.queued = sum(len(frontier) for frontier in world.frontiers)
        say("tick", world.totals)


def _listed_hosts(job: CrawlJob) -> frozenset[str]:
    """Every host that the unit list or the settings name: these may lead wherever they lead."""
    listed = {
        host
        for each in job.units
        for row in each.unit.sites
        for host in (host_of(row.url), *map(host_name, row.extra_hosts))
    }
    return with_variants(listed | {host_of(url) for url in job.control_urls})


def _answers_with(fetcher: Fetcher) -> Callable[[str], Any]:
    async def answers(url: str) -> bool:
        got = await fetcher.exchange_at_once(url)
        return not isinstance(got, Failure) and got.status not in (502, 504)

    return answers


def _with_proxy(job: CrawlJob) -> CrawlJob:
    """The job with the environment's proxy where it names none."""
    if job.settings.proxy:
        return job
    names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")
    proxy = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return msgspec.structs.replace(job, settings=msgspec.structs.replace(job.settings, proxy=proxy))


def _no_data(_: bytes, **__: Any) -> PageFacts | None:
    return None


def _real_reading() -> tuple[ReadPage, Any]:
    reading: Any = import_module("dossier.reading")
    return reading.read, getattr(reading, "read_data", None)


__all__ = ["EXIT_DONE", "EXIT_FAULT", "EXIT_NETWORK_DOWN", "NetworkDown", "SiteSpider", "crawl", "run_job"]
