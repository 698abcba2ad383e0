"""One unit is inspected: its front door first, then what the rules need, then a second look at all that seemed dead."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from crawler.accounts import account_rows, see_accounts
from crawler.addresses import host_of, is_web
from crawler.carrying import carry, watch_frontier
from crawler.certificates import certificate_of
from crawler.closing import finish_of, report_of
from crawler.frontier import Wanted
from crawler.homes import knock, unseen_homes
from crawler.priority import EXTERNAL, FILE, PICTURE, PLATFORM
from crawler.rendering import render_some
from crawler.searching import search_some
from crawler.site import Site, World, addressed, open_site
from crawler.stirring import note_answer
from crawler.strangers import take_strangers
from crawler.visit import visit
from dossier.errors import NetworkDown
from dossier.model import Capture, Purpose, Reach, UnitJob, UnitReport

log = logging.getLogger("gongkai.crawler")

_MOST_FOREIGN_AT_ONCE = 8
_MOST_ROUNDS = 4
_MOST_CARRIED_AT_ONCE = 16
"""Then the other units have their turn: carrying asks nobody, and waits for nothing."""
CUT_SHORT = "检查中途本机网络不通，本次结果不作为依据。"
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".svg", ".webp", ".ico")
_FILES = (
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".wps", ".et", ".ofd", ".rtf", ".txt",
    ".csv", ".zip", ".rar", ".7z", ".ceb",
)  # fmt: skip


async def inspect(world: World, job: UnitJob) -> tuple[UnitReport, bool]:
    """Crawls one unit; returns its report (not yet written) and whether any of its sites ever answered."""
    started = datetime.now(UTC)
    unit_id, run_id = job.unit.unit_id, world.job.run_id
    if not addressed(job):
        if account_rows(job):
            await _only_accounts(world, job)
        because = "名册中没有这个单位的网站地址，无法检查。"
        return (
            UnitReport(
                unit_id=unit_id,
                run_id=run_id,
                started=started,
                finished=datetime.now(UTC),
                finish="no-address",
                because=because,
                browser="unneeded",
                rows=job.unit.sites,
            ),
            False,
        )
    site = open_site(world, job)
    watch_frontier(site)
    watched = asyncio.ensure_future(_certificates(site))
    accounts = asyncio.ensure_future(see_accounts(site))
    try:
        finish, because = await _crawl(site)
    except NetworkDown:
        finish, because = "network-down", CUT_SHORT
    except Exception:  # one unit's crash must not cost the others their night
        log.exception("crawl of %s broke", unit_id)
        finish, because = "crashed", "检查程序在这个单位上出错中断，本次结果不完整。"
    finally:
        await _in_time(site, accounts)
        site.archive.close()
        site.facts_file.close()
        site.earlier.close()
    certificates = await _settled(watched)
    return report_of(site, started, finish, because, certificates), _answered(site)


async def _only_accounts(world: World, job: UnitJob) -> None:
    """A unit without a website still speaks through its accounts."""
    site = open_site(world, job)
    try:
        await _in_time(site, asyncio.ensure_future(see_accounts(site)))
    finally:
        site.archive.close()
        site.facts_file.close()
        site.earlier.close()


async def _in_time(site: Site, accounts: asyncio.Task[None]) -> None:
    """Accounts have the unit's time and no more; what was seen of them until then is kept."""
    await asyncio.wait([accounts], timeout=max(1.0, site.deadline - monotonic()))
    accounts.cancel()
    await asyncio.gather(accounts, return_exceptions=True)


def _answered(site: Site) -> bool:
    return any(reach not in (Reach.SILENT, "") for reach, _ in site.home_reaches.values()) or bool(
        site.job.seeds and (site.ok or site.bytes)
    )


async def _crawl(site: Site) -> tuple[str, str]:
    if site.job.seeds:
        accounts = {row.url for row in account_rows(site.job)}
        for url in site.job.seeds:
            if url not in accounts:
                _want(site, url, depth=0)
        await _rounds(site)
        await render_some(site)
        _count_unasked(site)
        heard = site.ok or not site.silent_run
        return ("finished", "") if heard else ("home-unseen", "复查的地址一个也没有应答。")
    if not await knock(site):
        return unseen_homes(site)
    for url in site.job.extra:
        _want(site, url, depth=1)
    await render_some(site)
    for _ in range(_MOST_ROUNDS):
        await _rounds(site)
        more = await render_some(site)
        if not await search_some(site) and not more:
            break
    _count_unasked(site)
    return finish_of(site)


def _want(site: Site, url: str, depth: int) -> None:
    """Takes in an address that somebody named, guessing from its looks what it is."""
    if not is_web(url):
        site.frontier.skip(Wanted(url, Purpose.PAGE, PLATFORM), "not-tried")
        return
    path = urlsplit(url).path.lower()
    if path.endswith(_FILES):
        purpose, rank = Purpose.ATTACHMENT, FILE
    elif not site.in_scope(url):
        purpose, rank = Purpose.EXTERNAL, EXTERNAL
    elif path.endswith(_PICTURES):
        purpose, rank = Purpose.IMAGE, PICTURE
    else:
        purpose, rank = Purpose.PAGE, PLATFORM
    site.frontier.add(Wanted(url, purpose, rank, depth))


async def _rounds(site: Site) -> None:
    """Asks all that waits; then, after one shared pause, all that looked dead once more; until nothing is left."""
    for _ in range(_MOST_ROUNDS):
        await _drain(site, deque())
        doubted = take_strangers(site) + [wanted for wanted in site.again if wanted.attempt == 1]
        second = site.anew + [replace(wanted, attempt=2) for wanted in doubted]
        site.anew.clear()
        site.again.clear()
        site.closed = {host: why for host, why in site.closed.items() if why == "blocked"}
        site.silent_run.clear()
        if site.late or not (second or _open_waiting(site)):
            break
        if second:
            await asyncio.sleep(
                min(site.world.job.settings.retry_wait_seconds, max(0.0, site.deadline - monotonic()))
            )
        await _drain(site, deque(second))


def _count_unasked(site: Site) -> None:
    if len(site.frontier):
        site.frontier.give_up("budget" if site.late else "not-tried")


def _open_waiting(site: Site) -> bool:
    return any(host not in site.closed for host in site.frontier.hosts())


async def _drain(site: Site, again: deque[Wanted]) -> None:
    """Keeps each host as busy as it may be kept, until nothing more may be asked."""
    running: dict[asyncio.Task[Capture], str] = {}
    busy: Counter[str] = Counter()

    def begin(wanted: Wanted) -> None:
        host = host_of(wanted.url)
        running[asyncio.ensure_future(visit(site, wanted))] = host
        busy[host] += 1

    try:
        while True:
            carried = site.carryings
            if not site.late:
                for wanted in _next(site, again, busy):
                    begin(wanted)
            if site.carryings > carried:
                await asyncio.sleep(0)
                continue
            if not running:
                return
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                host = running.pop(task)
                busy[host] -= 1
                if not busy[host]:
                    del busy[host]  # a site may link to hundreds of hosts, which are counted each time
                note_answer(site, task.result())
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _next(site: Site, again: deque[Wanted], busy: Counter[str]) -> list[Wanted]:
    """What may be begun now, second tries first."""
    per_host = site.world.job.settings.concurrency_per_host
    begun: list[Wanted] = []
    before = site.carryings
    plus: Counter[str] = Counter()
    foreign = sum(count for host, count in busy.items() if host not in site.hosts)

    def room(host: str) -> bool:
        if host in site.hosts:
            return busy[host] + plus[host] < per_host
        return foreign < _MOST_FOREIGN_AT_ONCE and busy[host] + plus[host] < 1

    for _ in range(len(again)):
        wanted = again.popleft()
        host = host_of(wanted.url)
        if site.closed.get(host):
            continue  # its first try stands
        if room(host):
            begun.append(wanted)
            plus[host] += 1
            foreign += host not in site.hosts
        else:
            again.append(wanted)
    for host in site.frontier.hosts():
        while host not in site.closed and room(host):
            taken = site.frontier.take(host)
            if taken is None:
                break
            if taken.stays:
                carry(site, taken)
                if site.carryings - before >= _MOST_CARRIED_AT_ONCE:
                    return begun
                continue
            begun.append(taken)
            plus[host] += 1
            foreign += host not in site.hosts
    return begun


async def _certificates(site: Site) -> dict[str, str]:
    """What is wrong with the certificates of the unit's https sites; hosts that show none are left out."""
    hosts = {
        (host_of(row.url), urlsplit(row.url).port or 443)
        for row in addressed(site.job)
        if row.url.lower().startswith("https://")
    }
    found = {}
    for host, port in sorted(hosts):
        state = await certificate_of(host, port, site.world.job.settings.proxy)
        if state:
            found[host] = state
    return found


async def _settled(task: asyncio.Task[dict[str, str]]) -> dict[str, str]:
    try:
        async with asyncio.timeout(60):
            return await task
    except TimeoutError:
        return {}
