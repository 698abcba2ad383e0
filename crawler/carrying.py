"""What has not changed for long is not asked every night; what it said when it was last asked leads on from there.

A page that was the same on several visits waits as long as it has stood, up to a bound; each night takes its share of
those that wait, by a hash of their addresses. Never left unasked: the places rules need (home pages, columns and their
paging, everything but settled texts and what hangs on them), what is new, changed lately or was not well, what
something stands against, and what tonight itself makes doubtful.
"""

from __future__ import annotations

import hashlib
from datetime import date

from crawler.addresses import identity
from crawler.following import follow
from crawler.frontier import Wanted
from crawler.site import Site
from crawler.stirring import PIECES, is_settled
from dossier.archive import archive_is_there
from dossier.model import Capture, KnownPage, PageFacts, Purpose, Reach

_HANGING = frozenset({Purpose.ATTACHMENT, Purpose.IMAGE, Purpose.EXTERNAL})
"""What is no page of its own: only files are read, and only those of settled texts may wait."""


def watch_frontier(site: Site) -> None:
    """Lets the queue tell what need not be asked. A recheck, and a night for which it is switched off, asks everything."""
    if site.crawl_links and site.world.job.settings.revisit_nights > 1:
        site.frontier.may_stay = lambda wanted, short: may_stay(site, wanted, short=short)
        site.frontier.waited = lambda wanted: site.known[identity(wanted.url)].since
        site.frontier.known_pages = sum(
            one.purpose is Purpose.PAGE and one.seen for one in site.known.values()
        )


def may_stay(site: Site, wanted: Wanted, *, short: bool) -> bool:
    """Whether an address need not be asked tonight; `short`: the budget does not reach for all that may wait."""
    key = identity(wanted.url)
    known = site.known.get(key)
    if (
        known is None
        or not known.run
        or wanted.attempt != 1
        or key in site.stirred
        or known.url != wanted.url
        or known.purpose is not wanted.purpose
        or not waits(known, site.world.job.as_of, site.world.job.settings.revisit_nights, short=short)
        or not _body_is_there(site, known)
    ):
        return False
    if wanted.purpose in _HANGING:
        return wanted.purpose is not Purpose.ATTACHMENT or (
            identity(wanted.referrer) in site.settled and _said(site, known) is not None
        )
    if wanted.purpose is not Purpose.PAGE or wanted.rank not in PIECES or wanted.url in site.homes:
        return False
    facts = _said(site, known)
    return facts is not None and is_settled(facts)


def interval(stood: int, longest: int) -> int:
    """After how many nights a page is due that was the same for `stood` nights: 1, 2, 4 … and at last `longest`."""
    return min(longest, 1 << max(0, stood.bit_length() - 1)) if stood > 1 else 1


def waits(known: KnownPage, tonight: date, longest: int, *, short: bool = False) -> bool:
    """Whether a page is not yet due."""
    own = interval(known.stood, longest)
    if own < 2 or known.since >= longest:
        return False
    if short:
        return True  # the bound holds for all; within it need decides
    turn = (tonight.toordinal() + spread(known.url)) % own == 0
    return known.since < own and not turn


def spread(url: str) -> int:
    """A number by which addresses are dealt over the nights."""
    return int.from_bytes(hashlib.blake2b(url.encode(errors="replace"), digest_size=4).digest(), "big")


def _said(site: Site, known: KnownPage) -> PageFacts | None:
    return site.earlier.of(known, known.url, known.final_url or known.url)


def _body_is_there(site: Site, known: KnownPage) -> bool:
    if known.warc not in site.there:
        site.there[known.warc] = archive_is_there(site.world.runs_dir / known.warc)
    return site.there[known.warc]


def carry(site: Site, wanted: Wanted) -> None:
    """Notes an address as met and not asked, and takes in what it led to when it was last asked."""
    key = identity(wanted.url)
    known = site.known[key]
    site.carried[key] = wanted
    site.carryings += 1
    site.archive.carry(wanted.url, known.run)
    if wanted.purpose is not Purpose.PAGE:
        return
    facts = _said(site, known)
    if facts is not None:
        then = Capture(
            unit_id=site.job.unit.unit_id, asked_url=wanted.url, at=site.started, reach=Reach.OK,
            final_url=known.final_url, sha256=known.sha256, carried=known.run,
        )  # fmt: skip
        follow(site, wanted, then, facts)
