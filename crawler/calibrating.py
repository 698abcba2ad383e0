"""Where an answer might mean 'not found', its place is asked for what cannot be there, and the two are compared."""

from __future__ import annotations

import asyncio

from crawler.addresses import host_of, is_deep, is_home, origin_of, same_page
from crawler.asking import asking_for
from crawler.frontier import Wanted
from crawler.keeping import keep
from crawler.notfound import NotFound, Trial, learn, place_of, random_addresses
from crawler.reach import Seen, challenge_in, looks_like_html, reach_of
from crawler.reader import facts_of
from crawler.site import Site
from dossier.model import PageKind, Purpose, Reach

_MOST_PLACES = 40
"""Places of one unit that are calibrated besides its hosts."""
_THIN = 200
"""A page with less text than this may be a 'not found' that does not say so."""


def needs_calibration(site: Site, wanted: Wanted, seen: Seen, reach: Reach) -> bool:
    """Whether a 200 answer is a page whose host should be asked how it says 'not found'."""
    if wanted.purpose not in (Purpose.PAGE, Purpose.ATTACHMENT, Purpose.IMAGE):
        return False
    if reach not in (Reach.OK, Reach.GONE, Reach.BROKEN) or not 200 <= seen.exchange.status < 300:
        return False
    if seen.facts is None or not seen.exchange.body.strip() or wanted.url in site.homes:
        return False
    return site.in_scope(wanted.url) and looks_like_html(seen.exchange)


async def how_not_found(site: Site, url: str, seen: Seen) -> NotFound:
    """How this place says 'not found': the host's general way, or where a page looks thin, its very place's way."""
    general = await _calibrated(site, f"{host_of(url)}", f"{origin_of(url)}/zq.html")
    facts = seen.facts
    suspicious = facts is not None and (
        facts.kind is PageKind.ERROR
        or (len(facts.text) < _THIN and not facts.items and not facts.attachments and not facts.forms)
        or seen.purpose is not Purpose.PAGE
        or (seen.redirected and is_deep(url) and not same_page(url, seen.exchange.url))
    )
    if not suspicious or is_home(url):
        return general
    place = place_of(url)
    if place not in site.not_found and len(site.not_found) > _MOST_PLACES + len(site.hosts):
        return general
    local = await _calibrated(site, place, url)
    return general if local.how in ("unknown", "status") and general.how == "soft" else local


async def _calibrated(site: Site, key: str, like: str) -> NotFound:
    if key not in site.not_found:
        site.not_found[key] = asyncio.ensure_future(_calibrate(site, like))
    return await asyncio.shield(site.not_found[key])


async def _calibrate(site: Site, like: str) -> NotFound:
    """Asks addresses that cannot exist; what cannot be learnt for certain is not learnt."""
    trials = []
    for url in random_addresses(like):
        wanted = Wanted(url, Purpose.CALIBRATION, 0)
        answer = await site.world.fetcher.ask(asking_for(site, wanted, None, ""))
        last = answer.last
        if answer.failure is not None or last is None or answer.left_to:
            failed = answer.failure
            reach, reason = (failed.reach, failed.reason) if failed else (Reach.OFF_SITE, "redirect")
            keep(site, wanted, answer, reach, reason, None)
            return NotFound("unknown")
        challenge = challenge_in(last, site.world.vocabulary.challenge_of)
        readable = 200 <= last.status < 300 and last.body.strip() and not challenge
        facts = await facts_of(site, wanted, last) if readable and looks_like_html(last) else None
        reach, reason = reach_of(
            Seen(url, Purpose.CALIBRATION, last, bool(answer.redirects), facts, challenge)
        )
        keep(site, wanted, answer, reach, reason, None)
        trials.append(Trial(url, last, reach, facts))
    return learn(tuple(trials), tuple(site.homes), site.home_print)
