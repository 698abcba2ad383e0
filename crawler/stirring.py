"""Tonight's own answers tell what has to be asked although it has not changed for long."""

from __future__ import annotations

from crawler.addresses import identity
from crawler.frontier import Wanted
from crawler.priority import DOCUMENT, ITEM, REST
from crawler.site import Site
from dossier.model import Capture, PageFacts, PageKind, Reach

_SETTLED = frozenset({PageKind.ARTICLE, PageKind.DOCUMENT, PageKind.INTERPRETATION})
"""Pages that are one piece of a column; every other kind is a place, or not understood."""
PIECES = frozenset({DOCUMENT, ITEM, REST})
"""How pages are wanted that are no place by what the links to them say."""


def is_settled(facts: PageFacts) -> bool:
    """Whether a page is one finished text, and no place where others come and go."""
    return (
        facts.kind in _SETTLED and not facts.next_pages and not facts.data_sources and not facts.script_lists
    )


def note_answer(site: Site, capture: Capture) -> None:
    """What tonight's answers make doubtful is asked after all: the page that led to something that is not there."""
    if capture.reach is Reach.GONE and capture.referrer:
        stir(site, capture.referrer)


def note_reading(site: Site, wanted: Wanted, capture: Capture, facts: PageFacts) -> None:
    """Remembers finished texts by tonight's reading, and stirs the entries that a changed list shows differently."""
    key = identity(wanted.url)
    if is_settled(facts) and wanted.rank in PIECES:
        site.settled.add(key)
    known = site.known.get(key)
    if known is None or known.sha256 == capture.sha256 or not facts.items:
        return
    before = site.earlier.of(known, known.url, known.final_url or known.url)
    shown = {(one.url, one.title, one.date, one.number) for one in before.items} if before else set()
    for one in facts.items:
        if one.url and (one.url, one.title, one.date, one.number) not in shown:
            stir(site, one.url)


def stir(site: Site, url: str) -> None:
    """Has an address asked tonight, be it met already or later."""
    key = identity(url)
    if key in site.stirred:
        return
    site.stirred.add(key)
    waited = site.carried.pop(key, None)
    if waited is not None:
        site.frontier.ask_after_all(waited)
