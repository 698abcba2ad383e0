"""Most sites of units run on one of a dozen publishing systems, and their addresses give it away.

A fact of the site for the desk's statistics (how each rule fares on each system). No rule reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from dossier.addresses import host_of
from dossier.model import CmsSigns, Page

CLEARLY = 2
"""The first must have so many times the addresses of the second: a site in the middle of a move has two systems."""


def cms_of(pages: Mapping[str, Page], signs: Sequence[CmsSigns], hosts: Iterable[str] = ()) -> str:
    """The name of the publishing system; empty where nothing speaks clearly for one. `hosts` are the unit's own."""
    named = {_generator(page) for page in pages.values() if page.facts} - {""}
    for one in signs:
        if any(_any(one.generator).search(name) for name in named) and one.generator:
            return one.name
    own = set(hosts)
    met = {url for page in pages.values() for url in _addresses(page)}
    places = {_behind_the_host(url) for url in met if not own or host_of(url) in own} - {""}
    counts = sorted(
        ((_how_many(places, _any(one.paths)), one) for one in signs if one.paths), key=lambda pair: -pair[0]
    )
    if not counts:
        return ""
    (most, first), second = counts[0], counts[1][0] if len(counts) > 1 else 0
    return first.name if most >= first.least and most >= CLEARLY * second else ""


def _addresses(page: Page) -> Iterable[str]:
    """The addresses by which a page of the site stands, and of what it loads."""
    facts = page.facts
    loads = (*facts.data_sources, *facts.includes, *facts.next_pages) if facts else ()
    return (page.url, page.capture.url, *loads)


def _behind_the_host(url: str) -> str:
    """What follows the host in an address; empty where it has no path."""
    found = _PATH.match(url)
    return found[1] if found else ""


_PATH = re.compile(r"\w+://[^/?#]*(/[^?#]*(?:\?[^#]+)?)")


def _how_many(places: Iterable[str], pattern: re.Pattern[str]) -> int:
    return sum(pattern.search(place) is not None for place in places)


def _generator(page: Page) -> str:
    return page.facts.tags.get("Generator", "") if page.facts else ""


@cache
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
