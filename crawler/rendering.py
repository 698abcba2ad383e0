"""Which pages of a unit are opened in the browser, and what becomes of what it shows."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

from crawler.addresses import host_of, is_deep
from crawler.asking import is_allowed, lets_out
from crawler.following import follow
from crawler.frontier import Wanted
from crawler.keeping import write_facts
from crawler.reader import facts_of
from crawler.site import Site
from dossier.archive import Exchange
from dossier.model import Capture, PageFacts, PageKind, Purpose, Reach, Via

_FEWEST = 10
"""So many pages may be rendered even of a small site."""
_FRONT = 2
"""Links from the home page: columns of the navigation and of the platform come before the many shelves of a catalogue."""


async def render_some(site: Site) -> bool:
    """Opens pages drawn by script, best first, within the browser's share; whether they led anywhere new."""
    browser = site.world.browser
    if browser is None or not site.shells:
        return False
    share = site.world.job.settings.browser_share
    waiting = sorted(site.shells, key=lambda wanted: (wanted.depth > _FRONT, wanted.rank, wanted.depth))
    site.shells.clear()
    before = len(site.frontier)
    for wanted in waiting:
        room = max(_FEWEST, int(share * site.asked)) - site.rendered
        if room <= 0 or site.late or browser.missing:
            site.shells.append(wanted)
            continue
        await _render(site, wanted)
    return len(site.frontier) > before


async def _render(site: Site, wanted: Wanted) -> None:
    browser = site.world.browser
    assert browser is not None
    if not await is_allowed(site, wanted.url):
        return
    started = monotonic()
    async with site.world.hosts.gate(host_of(wanted.url)).turn():
        await site.world.watch.ready()
        shown = await browser.render(wanted.url, partial(lets_out, site))
    if shown is None:
        site.shells.append(wanted)
        return
    site.rendered += 1
    exchange = Exchange(
        url=shown.url,
        at=datetime.now(UTC),
        status=shown.status,
        response_headers=(("Content-Type", "text/html; charset=utf-8"), ("X-Gongkai-Via", "browser")),
        body=shown.html,
        elapsed_ms=int((monotonic() - started) * 1000),
    )
    facts = await facts_of(site, wanted, exchange)
    seen = 200 <= shown.status < 300 and facts is not None and _is_content(facts)
    if not seen or facts is None or _was_sent_away(site, wanted, shown.url):
        return  # what plain fetching found stands
    capture = site.archive.add(
        Capture(
            unit_id=site.job.unit.unit_id,
            asked_url=wanted.url,
            at=exchange.at,
            reach=Reach.OK,
            final_url=shown.url,
            status=shown.status,
            via=Via.BROWSER,
            purpose=Purpose.PAGE,
            content_type="text/html; charset=utf-8",
            elapsed_ms=exchange.elapsed_ms,
            referrer=wanted.referrer,
            depth=wanted.depth,
        ),
        [exchange],
    )
    write_facts(site, capture, facts)
    follow(site, wanted, capture, facts, rendered=True)


def _is_content(facts: PageFacts) -> bool:
    return facts.kind not in (PageKind.SHELL, PageKind.CHALLENGE, PageKind.ERROR)


def _was_sent_away(site: Site, wanted: Wanted, url: str) -> bool:
    """Whether the script led elsewhere: to a foreign host, or from a certain thing to the front door."""
    if not site.in_scope(url):
        return True
    parts = urlsplit(url)
    return is_deep(wanted.url) and not is_deep(url) and not parts.fragment
