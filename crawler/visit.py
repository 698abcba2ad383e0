"""One address of a unit: asked, judged, kept, read once, and its leads taken in."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace

from crawler.addresses import (
    host_of,
    identity,
    is_home,
    origin_of,
    same_page,
    wire_as_gbk,
)
from crawler.asking import asking_for
from crawler.calibrating import how_not_found, needs_calibration
from crawler.fetch import Answer
from crawler.following import follow
from crawler.frontier import Wanted
from crawler.keeping import count_moods, keep, note_clock, write_facts
from crawler.notfound import Print, print_of
from crawler.portal import Heard
from crawler.reach import Failure, Seen, challenge_in, looks_like_html, reach_of
from crawler.reader import facts_of
from crawler.site import Site
from crawler.strangers import is_stranger
from dossier.archive import BY_PORTAL, BodyMissing, Exchange, archive_is_there, record_answer
from dossier.model import Capture, KnownPage, PageFacts, PageKind, Purpose, Reach

_MOST_REPEATS = 2
_MOST_OUTAGES = 3
_SECOND_LOOK = frozenset({Reach.GONE, Reach.BROKEN, Reach.SILENT})
_NEVER_SECOND = frozenset({"too-large", "bad-address", "inner-address"})
_MANY_SENT_HOME, _SENT_HOME_SHARE = 10, 0.3
"""A site that sends so many visitors home, or shows one page for so many addresses and for any other, turns us
away or is under repair, rather than saying that its pages are gone."""
_BY_PORTAL = Failure(Reach.SILENT, BY_PORTAL)
_UNREAD = frozenset({Purpose.IMAGE, Purpose.EXTERNAL, Purpose.ROBOTS})


async def visit(site: Site, wanted: Wanted, *, on_wire: str = "") -> Capture:
    """Asks an address, and again at once where its server only asked for patience; the capture that stands."""
    capture, facts = await _attempt(site, wanted, on_wire=on_wire)
    second = wanted.attempt == 2 and wanted.purpose is not Purpose.SEARCH
    if second and capture.reach in (Reach.GONE, Reach.BROKEN):
        on_wire = wire_as_gbk(wanted.url)
        if on_wire:
            capture, facts = await _attempt(site, wanted, on_wire=on_wire)
    site.asked += wanted.attempt == 1
    count_moods(site, wanted, capture)
    if capture.reach is Reach.OK:
        site.ok += 1
        if facts is not None:
            if wanted.url in site.homes:
                site.home_facts[capture.sha256, facts.url] = facts
                site.front_links.update(link.url for link in facts.links)
            elif wanted.attempt == 1 and not capture.revisit_of and is_stranger(site, wanted, facts):
                site.strangers.append(wanted)
            follow(site, wanted, capture, facts)
    if wanted.purpose is Purpose.DATA and not (facts is not None and facts.items):
        site.shells += [page for page in site.fed.pop(wanted.url, ()) if page not in site.shells]
    if wanted.attempt == 1 and _needs_second_look(wanted, capture):
        site.again.append(replace(wanted, before=capture.reach))
    elif wanted.before not in (None, capture.reach) and capture.reach in (Reach.GONE, Reach.BROKEN):
        site.again.append(replace(wanted, attempt=1, before=None))  # heard once, where twice is asked for
    return capture


def _needs_second_look(wanted: Wanted, capture: Capture) -> bool:
    """Whether what was heard may be held against a unit if it is heard twice; for an outside address that did not answer
    in time it never is, and waiting for it once more holds up all that is still to be asked."""
    if capture.reach not in _SECOND_LOOK or capture.reason in _NEVER_SECOND:
        return False
    return not (wanted.purpose is Purpose.EXTERNAL and capture.reason == "timeout")


async def _attempt(site: Site, wanted: Wanted, *, on_wire: str = "") -> tuple[Capture, PageFacts | None]:
    known = site.known.get(identity(wanted.url)) if wanted.attempt == 1 and not on_wire else None
    outages = repeats = 0
    while True:
        answer = await site.world.fetcher.ask(asking_for(site, wanted, known, on_wire))
        if answer.failure is not None and answer.failure.reach is Reach.SILENT:
            ours = await site.world.watch.is_ours(
                host_of(wanted.url), answer.failure.reason, foreign=wanted.purpose is Purpose.EXTERNAL
            )
            if ours and outages < _MOST_OUTAGES:
                outages += 1
                continue  # it was our line that was dead: this try never was one
            site.world.watch.hold_against(site.job.unit.unit_id)
        elif (heard := answer.last) is not None and wanted.purpose is not Purpose.EXTERNAL:
            if await _portal_spoke(site, wanted, answer):
                outages += 1
                if outages <= _MOST_OUTAGES:
                    continue
                if site.world.portal is not None:
                    site.world.portal.settled(site.job.unit.unit_id, wanted.url)
                answer = replace(answer, failure=_BY_PORTAL)
                return await _judge(site, wanted, answer, known)
            note_clock(site, heard)
            site.world.watch.heard(host_of(heard.url), origin_of(heard.url) + "/")
        last = answer.last
        if (
            last is not None
            and last.status == 304
            and known is not None
            and (known.etag or known.last_modified)
        ):
            done = await _unchanged(site, wanted, answer, known)
            if done is not None:
                return done
            known = None
            continue
        if last is None or repeats >= _MOST_REPEATS or not _asks_for_patience(site, wanted, last):
            return await _judge(site, wanted, answer, known)
        repeats += 1
        keep(site, wanted, answer, Reach.BROKEN, f"status-{last.status}", None)


async def _portal_spoke(site: Site, wanted: Wanted, answer: Answer) -> bool:
    """Whether somebody on our own line answered in the site's place."""
    portal = site.world.portal
    if portal is None:
        return False
    one = Heard(wanted.url, lambda: _take_back(site, wanted), direct=len(answer.exchanges) == 1)
    return await portal.speaks(one, site.job.unit.unit_id, answer, home=wanted.url in site.homes)


def _take_back(site: Site, wanted: Wanted) -> None:
    """What was heard of an address was not its site's: a line says so, which voids those before it, and it is asked anew.

    A unit that is closed by then cannot be asked, and all of it is taken back.
    """
    if site.archive.closed:
        return
    keep(site, wanted, Answer(wanted.url, failure=_BY_PORTAL), _BY_PORTAL.reach, _BY_PORTAL.reason, None)
    site.not_found.clear()  # how this site says that a page is not there may have been learnt from the portal
    site.anew.append(replace(wanted, attempt=1, before=None))


def _asks_for_patience(site: Site, wanted: Wanted, last: Exchange) -> bool:
    """Whether to wait in place. A page's own 503 comes again in the shared second round, holding nobody up."""
    if wanted.purpose is Purpose.EXTERNAL or site.late:
        return False
    if last.status == 503:
        return bool(last.header("retry-after")) or wanted.url in site.homes
    return last.status == 429


async def _unchanged(
    site: Site, wanted: Wanted, answer: Answer, known: KnownPage
) -> tuple[Capture, PageFacts | None] | None:
    """A 304: the facts are read from the body that was kept; None where that body is not to be had."""
    last = answer.last
    assert last is not None
    facts = None if wanted.purpose in _UNREAD else site.earlier.of(known, wanted.url, last.url)
    if (facts is not None or wanted.purpose in _UNREAD) and _stands(site, known):
        length, kind = known.length, known.content_type
        return keep(site, wanted, answer, Reach.OK, "", known, length=length, content_type=kind), facts
    try:
        place = f"{known.warc}@{known.offset}"
        body, content_type = await asyncio.to_thread(record_answer, site.world.runs_dir, place, known.sha256)
    except (BodyMissing, ValueError):
        return None
    whole = Exchange(
        url=last.url, at=last.at, status=200, body=body, response_headers=(("Content-Type", content_type),)
    )
    facts = None if wanted.purpose in _UNREAD else await facts_of(site, wanted, whole)
    capture = keep(site, wanted, answer, Reach.OK, "", known, length=len(body), content_type=content_type)
    write_facts(site, capture, facts, known)
    return capture, facts


def _stands(site: Site, known: KnownPage) -> bool:
    """Whether what is to be said of a kept body is known without opening it, and the body is still there."""
    if known.length < 0:
        return False
    if known.warc not in site.there:
        site.there[known.warc] = archive_is_there(site.world.runs_dir / known.warc)
    return site.there[known.warc]


async def _judge(
    site: Site, wanted: Wanted, answer: Answer, known: KnownPage | None
) -> tuple[Capture, PageFacts | None]:
    last = answer.last
    if answer.failure is not None:
        return keep(site, wanted, answer, answer.failure.reach, answer.failure.reason, known), None
    assert last is not None
    if answer.left_to:
        return keep(site, wanted, answer, Reach.OFF_SITE, "redirect", known), None
    challenge = challenge_in(last, site.world.vocabulary.challenge_of)
    facts = earlier = None
    readable = 200 <= last.status < 300 and last.body.strip() and not challenge
    if readable and (
        wanted.purpose not in _UNREAD or (wanted.purpose is Purpose.IMAGE and looks_like_html(last))
    ):
        if known is not None and _same_body(last, known):
            earlier = site.earlier.of(known, wanted.url, last.url)
        facts = earlier or await facts_of(site, wanted, last)
    seen = Seen(
        asked_url=wanted.url,
        purpose=wanted.purpose,
        exchange=last,
        redirected=bool(answer.redirects),
        facts=facts,
        challenge=challenge,
        homes=tuple(site.homes),
        home_sha256=site.home_print.sha256 if site.home_print else "",
    )
    reach, reason = reach_of(seen)
    if needs_calibration(site, wanted, seen, reach):
        not_found = await how_not_found(site, last.url if not answer.redirects else wanted.url, seen)
        mark: Print | None = print_of(last, facts) if not_found.how in ("soft", "home") else None
        reach, reason = reach_of(replace(seen, not_found=not_found, fingerprint=mark))
    if reason == "soft-404:home" or (reason == "wrong-type" and answer.redirects and is_home(last.url)):
        site.sent_home += 1
        if site.sent_home >= _MANY_SENT_HOME and site.sent_home > _SENT_HOME_SHARE * site.asked:
            reach, reason = Reach.BROKEN, "sent-home"
    elif reason == "soft-404:calibrated" and (facts is None or facts.kind is not PageKind.ERROR):
        site.same_answer += 1
        if site.same_answer >= _MANY_SENT_HOME and site.same_answer > _SENT_HOME_SHARE * site.asked:
            reach, reason = Reach.BROKEN, "same-answer"
    mute = _says_nothing(reason, facts) if reach is Reach.GONE else _is_front_door(site, wanted, answer)
    if mute and _seen_before(site, wanted.url):
        reach, reason = Reach.BROKEN, "was-there"
    capture = keep(site, wanted, answer, reach, reason, known)
    if facts is not None and facts is not earlier and reach is not Reach.BLOCKED:
        write_facts(site, capture, facts, known)
    return capture, facts


_MUTE = ("empty", "wrong-type", "soft-404:home")


def _says_nothing(reason: str, facts: PageFacts | None) -> bool:
    """Whether an answer means 'not there' without saying so: blank, the front door, a page that fits any address."""
    if reason == "soft-404:calibrated":
        return facts is None or facts.kind is not PageKind.ERROR
    return reason in _MUTE


def _is_front_door(site: Site, wanted: Wanted, answer: Answer) -> bool:
    """Whether a column was asked for and the front door was shown."""
    return (
        bool(answer.redirects)
        and answer.last is not None
        and wanted.purpose is Purpose.PAGE
        and not any(same_page(wanted.url, home) for home in site.homes)
        and any(same_page(answer.last.url, home) for home in site.homes)
    )


def _seen_before(site: Site, url: str) -> bool:
    """Whether the thing itself, and not the front door, was there on one of the nights before: then a mute
    answer may be tonight's mood."""
    known = site.known.get(identity(url))
    doors = [site.known.get(identity(home)) for home in site.homes]
    return (
        known is not None
        and known.seen
        and all(door is None or door.sha256 != known.sha256 for door in doors)
    )


def _same_body(exchange: Exchange, known: KnownPage) -> bool:
    return bool(known.warc) and hashlib.sha256(exchange.body).hexdigest() == known.sha256
