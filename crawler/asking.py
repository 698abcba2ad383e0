"""How an address is asked: with which headers, how far redirects are followed, and whether robots.txt allows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from crawler.addresses import host_of, is_web, origin_of
from crawler.fetch import Asking
from crawler.frontier import Wanted
from crawler.identity import browser_headers, plain_headers
from crawler.keeping import keep
from crawler.reach import Failure, Seen, reach_of
from crawler.robots import RobotsFile, robots_of
from crawler.site import Site
from dossier.model import KnownPage, Purpose, Reach

EXTERNAL_BYTES = 131_072
"""Of a foreign page only whether it is there is wanted."""


def asking_for(site: Site, wanted: Wanted, known: KnownPage | None, on_wire: str) -> Asking:
    world = site.world
    if wanted.attempt == 1:
        headers = plain_headers(world.agent)
    else:
        headers = browser_headers(world.agent, wanted.referrer)
    if known is not None and known.warc and known.sha256:
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
    external = wanted.purpose is Purpose.EXTERNAL
    return Asking(
        url=wanted.url,
        headers=headers,
        limit=EXTERNAL_BYTES if external else world.job.settings.max_body_bytes,
        may_follow=_bounds_of(site, wanted),
        allowed=partial(is_allowed, site),
        lets_out=partial(lets_out, site),
        on_wire=on_wire,
    )


def _bounds_of(site: Site, wanted: Wanted) -> Callable[[str], bool]:
    """Pages stay on the unit's hosts; files and foreign pages, and the home page itself, may be sent on anywhere."""
    if wanted.purpose not in (Purpose.PAGE, Purpose.CALIBRATION) or wanted.url in site.homes:
        return is_web
    return site.in_scope


async def lets_out(site: Site, url: str) -> bool:
    """Whether an address leads out of our own house, or to the unit's own."""
    return await site.world.guard.lets_out(url, site.hosts)


async def is_allowed(site: Site, url: str) -> bool:
    """Whether robots.txt lets us ask; foreign hosts are visited once, as by anyone who follows a link."""
    host = host_of(url)
    if host not in site.hosts or host in site.ignores_robots:
        return True
    origin = origin_of(url)
    book = site.world.robots
    if origin not in book:
        book[origin] = asyncio.ensure_future(_ask_robots(site, origin))
    asked = book[origin]
    rules = asked.result() if asked.done() else await asyncio.shield(asked)
    return rules.allows(url)


async def _ask_robots(site: Site, origin: str) -> RobotsFile:
    wanted = Wanted(f"{origin}/robots.txt", Purpose.ROBOTS, 0)
    asking = Asking(wanted.url, plain_headers(site.world.agent), 600_000)
    answer = await site.world.fetcher.ask(asking)
    last = answer.last
    if last is not None and last.status == 429:  # its host's gate waits as long as it was asked to
        keep(site, wanted, answer, Reach.BROKEN, "status-429", None)
        answer = await site.world.fetcher.ask(asking)
        last = answer.last
    if last is None:
        failed = answer.failure or Failure(Reach.SILENT, "connection")
        keep(site, wanted, answer, failed.reach, failed.reason, None)
        return RobotsFile()
    reach, reason = reach_of(Seen(wanted.url, Purpose.ROBOTS, last))
    keep(site, wanted, answer, reach, reason, None)
    rules = robots_of(last.status, last.header("content-type"), last.body)
    site.world.hosts.gate(host_of(origin)).slow_to(rules.crawl_delay)
    return rules
