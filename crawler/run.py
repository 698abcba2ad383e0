"""One job is one process: all its units at once, because politeness makes every single one of them slow."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from crawler.addresses import host_of, with_variants
from crawler.browser import Browser
from crawler.fetch import Fetcher
from crawler.guard import Guard, Outward
from crawler.hosts import Hosts
from crawler.identity import honest_agent, plain_headers
from crawler.network import NetworkWatch
from crawler.portal import Portal
from crawler.progress import Totals, say
from crawler.reach import Failure
from crawler.site import ReadPage, World, addressed, host_name
from crawler.unitcrawl import CUT_SHORT, inspect
from dossier.archive import pack_unit, read_report, write_report
from dossier.errors import NetworkDown
from dossier.home import Home
from dossier.model import CrawlJob, PageFacts, UnitReport
from dossier.reading.vocabulary_tables import load_vocabulary
from dossier.reasons import NOBODY_SEEN, in_words

log = logging.getLogger("gongkai.crawler")

EXIT_DONE, EXIT_FAULT, EXIT_NETWORK_DOWN = 0, 1, 4
_TICK_SECONDS = 1.0
_TOLD = (signal.SIGINT, signal.SIGTERM)
_BY_PROXY = frozenset({502, 503, 504})
"""What a proxy says when it is its own way out that is closed."""
PORTAL = (
    "看到的不是该单位网站：不同单位的网站应答了同一张网页（本机网络的认证页或被劫持），本次结果不作为依据。"
)
_SMALL = 5
"""A site of which no more pages were seen is closed last, when it is certain that it was the site."""


def crawl(job: CrawlJob, read: ReadPage | None = None, read_data: Any = None) -> int:
    """Runs a job to its end in this process; returns the exit code. A process can do this once."""
    job = _with_proxy(job)
    if read is None:
        read, read_data = _real_reading()
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    try:
        return asyncio.run(_until_told(job, read, read_data))
    except asyncio.CancelledError:
        return EXIT_FAULT


async def _until_told(job: CrawlJob, read: ReadPage, read_data: Any) -> int:
    """Whoever ends this process is obeyed: what is open is closed. Told twice, it ends at once."""
    loop, running = asyncio.get_running_loop(), asyncio.current_task()
    assert running is not None

    def end() -> None:
        for number in _TOLD:
            loop.remove_signal_handler(number)
        running.cancel()

    with contextlib.suppress(
        NotImplementedError, RuntimeError
    ):  # not on every system, nor outside the main thread
        for number in _TOLD:
            loop.add_signal_handler(number, end)
    return await run_job(job, read, read_data)


async def run_job(job: CrawlJob, read: ReadPage, read_data: Any) -> int:
    """All units of a job, side by side, under one watch of our own network."""
    crawl_settings = job.settings
    hosts = Hosts(crawl_settings.delay_seconds, crawl_settings.concurrency_per_host)
    fetcher = Fetcher(crawl_settings, hosts)
    totals = Totals(units=len(job.units))
    watch = NetworkWatch(
        crawl_settings.proxy,
        job.control_urls,
        lambda url: _answers(world, url),
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
    world.portal = Portal(
        lambda url: fetcher.exchange(url, plain_headers(agent), 131_072),
        fetcher.exchange_at_once,
        watch.wait_out,
        units=len(job.units),
        proxied=bool(crawl_settings.proxy),
    )
    if not crawl_settings.proxy:
        Outward.trusted = _listed_hosts(job)
    say("start", totals)
    if not await watch.is_up():
        say("network", totals, note="down")
        await fetcher.close()
        say("end", totals)
        return EXIT_NETWORK_DOWN
    ticking = asyncio.ensure_future(_tick(world))
    try:
        return await _all_units(world)
    finally:
        ticking.cancel()
        if world.browser is not None:
            await world.browser.close()
        await fetcher.close()
        say("end", totals)


async def _all_units(world: World) -> int:
    """Crawls every unit. A unit that nobody answered for, or hardly, is closed last, when it is certain that it was not us."""
    silent: list[UnitReport] = []
    doubtful: list[UnitReport] = []
    heard: set[str] = set()
    anyone = False

    async def one(index: int) -> None:
        nonlocal anyone
        job = world.job.units[index]
        report, answered = await inspect(world, job)
        anyone |= answered
        if answered and report.finish != "blocked":
            heard.add(report.unit_id)
        if answered and report.ok <= _SMALL and report.finish not in ("network-down", "crashed"):
            doubtful.append(report)
        elif answered or report.finish in ("no-address", "network-down", "crashed"):
            _close(world, _unless_tainted(world, report))
        else:
            silent.append(report)

    await asyncio.gather(*(one(index) for index in range(len(world.job.units))))
    alike = await world.portal.everybody_alike(heard) if world.portal is not None else frozenset()
    for report in doubtful:
        _close(world, _taken_back(report) if report.unit_id in alike else _unless_tainted(world, report))
    _take_back_closed(world, alike - {report.unit_id for report in doubtful}, PORTAL)
    if alike and alike >= heard:
        anyone = False
    inspected = sum(bool(addressed(job)) for job in world.job.units)
    everybody_silent = inspected > 0 and not anyone
    one_alone = inspected == 1 and not alike and not world.watch.lost
    if everybody_silent and one_alone and await _is_one_name(world, silent):
        everybody_silent = False
    wronged = await world.watch.wrongly_held()
    down = world.watch.lost or everybody_silent
    for report in silent:
        if down:
            report = msgspec.structs.replace(report, finish="network-down", because=NOBODY_SEEN)
        _close(world, report)
    _take_back_closed(world, wronged - {report.unit_id for report in silent}, CUT_SHORT)
    return EXIT_NETWORK_DOWN if down else EXIT_DONE


def _unless_tainted(world: World, report: UnitReport) -> UnitReport:
    tainted = world.portal is not None and world.portal.is_tainted(report.unit_id)
    return _taken_back(report) if tainted and report.finish != "crashed" else report


def _take_back_closed(world: World, units: Iterable[str], because: str) -> None:
    """Units that were closed before it was known who had answered for them, or that nobody could answer any more."""
    for unit_id in units:
        report = read_report(Path(world.job.out) / unit_id)
        if report is not None and report.finish not in ("crashed", "no-address"):
            write_report(Path(world.job.out) / unit_id, _taken_back(report, because))


def _taken_back(report: UnitReport, because: str = PORTAL) -> UnitReport:
    return msgspec.structs.replace(report, finish="network-down", because=because)


async def _is_one_name(world: World, silent: list[UnitReport]) -> bool:
    """Whether only one site was asked and a living proxy said that its name does not resolve: that is about the name."""
    return (
        len(silent) == 1
        and bool(world.job.settings.proxy)
        and f"（{in_words('dns')}）" in silent[0].because
        and await world.watch.is_up()
    )


def _close(world: World, report: UnitReport) -> None:
    folder = Path(world.job.out) / report.unit_id
    pack_unit(folder)
    write_report(folder, report)
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


async def _answers(world: World, url: str) -> bool:
    """Whether an address answers for itself, and not our proxy or a portal in its place."""
    got = await world.fetcher.exchange_at_once(url)
    if isinstance(got, Failure) or (world.portal is not None and world.portal.is_lie(got)):
        return False
    return not (world.job.settings.proxy and got.status in _BY_PROXY)


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


__all__ = ["EXIT_DONE", "EXIT_FAULT", "EXIT_NETWORK_DOWN", "NetworkDown", "crawl", "run_job"]
