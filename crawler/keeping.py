"""Every attempt leaves its line and its bytes, and every body read leaves its facts."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.addresses import host_of, identity
from crawler.fetch import Answer
from crawler.frontier import Wanted
from crawler.headers import moment, whole_number
from crawler.site import Site
from dossier.archive import Exchange, FactsRecord, SameReading
from dossier.model import Capture, KnownPage, PageFacts, Purpose, Reach

_SILENT_LIMIT, _HANG_UP_LIMIT = 8, 24
"""A server that hangs up is at least there, and may do so on some pages only."""
_REFUSED_LIMIT = 15
_OLDEST = 366 * 86_400


def keep(
    site: Site,
    wanted: Wanted,
    answer: Answer,
    reach: Reach,
    reason: str,
    known: KnownPage | None,
    *,
    length: int = 0,
    content_type: str = "",
) -> Capture:
    """Archives one attempt and writes its manifest line."""
    last = answer.last
    capture = Capture(
        unit_id=site.job.unit.unit_id,
        asked_url=wanted.url,
        at=last.at if last is not None else datetime.now(UTC),
        reach=reach,
        reason=reason,
        final_url=answer.final_url,
        status=last.status if last is not None and answer.failure is None else None,
        purpose=wanted.purpose,
        attempt=wanted.attempt,
        redirects=answer.redirects,
        content_type=content_type or (last.header("content-type") if last is not None else ""),
        length=length,
        etag=last.header("etag") if last is not None else "",
        last_modified=last.header("last-modified") if last is not None else "",
        elapsed_ms=answer.elapsed_ms,
        referrer=wanted.referrer,
        depth=wanted.depth,
    )
    if known is None and last is not None and last.status != 304:
        known = site.known.get(
            identity(wanted.url)
        )  # asked without conditions; the same body is kept once all the same
    capture = site.archive.add(capture, answer.exchanges, known)
    totals = site.world.totals
    size = sum(len(each.body) for each in answer.exchanges)
    site.bytes += size
    totals.bytes += size
    totals.pages += wanted.purpose is Purpose.PAGE
    totals.blocked += reach in (Reach.BLOCKED, Reach.REFUSED)
    return capture


def write_facts(
    site: Site, capture: Capture, facts: PageFacts | None, known: KnownPage | None = None
) -> None:
    """Writes what was read of a body; where it is `known` and says what it said when it was first kept, only that."""
    if facts is None or not capture.sha256:
        return
    key = (capture.sha256, facts.url)
    if key in site.facts_written:
        return
    site.facts_written.add(key)
    like = ""
    if known is not None and known.sha256 == capture.sha256:
        like = site.earlier.like(known, capture.asked_url, capture.final_url or capture.asked_url, facts)
    if like:
        site.facts_file.add(SameReading(sha256=capture.sha256, url=facts.url, like=like))
    else:
        site.facts_file.add(FactsRecord(sha256=capture.sha256, url=facts.url, facts=facts))


def note_clock(site: Site, got: Exchange) -> None:
    """How far a host's clock is from ours, by the freshest answer: what a cache kept carries the hour at which it was kept."""
    date = moment(got.header("date"))
    if date is None:
        return
    ahead = (date - got.at).total_seconds() + min(whole_number(got.header("age")) or 0, _OLDEST)
    host = host_of(got.url)
    site.clocks[host] = max(site.clocks.get(host, ahead), ahead)


def count_moods(site: Site, wanted: Wanted, capture: Capture) -> None:
    """A host that falls silent or turns us away time after time is left in peace."""
    host = host_of(wanted.url)
    if capture.reach is Reach.SILENT:
        site.silent_run[host] += 1
        limit = _HANG_UP_LIMIT if capture.reason == "reset" else _SILENT_LIMIT
        if site.silent_run[host] >= limit and host in site.hosts:
            site.closed.setdefault(host, "silent")
        return
    site.silent_run[host] = 0
    if capture.reach in (Reach.BLOCKED, Reach.REFUSED) or capture.status == 429:
        site.refused_run[host] += 1
        if site.refused_run[host] >= _REFUSED_LIMIT and host in site.hosts:
            site.closed.setdefault(host, "blocked")
    elif capture.reach is Reach.OK:
        site.refused_run[host] = 0
