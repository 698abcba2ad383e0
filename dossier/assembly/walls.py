"""One answer under many names: a login page, a notice of maintenance, a guard that no table knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from dossier.assembly.places import host_of
from dossier.model import Column, Page, Purpose, Reach

FEWEST_NAMES = 3
"""So many different columns do not say the same in the same bytes."""
LONGEST_ANSWER = 600
"""Characters; a wall says little, and lists nothing."""
_SIGN = "same-answer"
_ONE_HOME = "soft-404:home"
_ALL_HOME = "sent-home"
"""What the crawler calls an address that leads to the home page: gone, until very many do."""


def walled(
    pages: Mapping[str, Page], columns: Mapping[str, frozenset[Column]], homes: Collection[str]
) -> dict[str, Page]:
    """The pages, those as blocked that all showed one short answer where differently named columns were to be seen.

    What stands behind the wall was not seen, and nobody may say that it is missing.
    """
    alike: dict[str, list[str]] = {}
    for url, page in pages.items():
        if url not in homes and _may_be_a_wall(page):
            alike.setdefault(page.capture.sha256, []).append(url)
    walls = {
        url
        for same in alike.values()
        if len({columns[url] for url in same if columns.get(url)}) >= FEWEST_NAMES
        for url in same
    }
    turning = {host_of(url) for url, page in pages.items() if page.capture.reason == _ALL_HOME}
    return {
        url: _blocked(page) if url in walls else _turned_away(page) if host_of(url) in turning else page
        for url, page in pages.items()
    }


def _turned_away(page: Page) -> Page:
    """Where a host sent very many addresses to its home page, the first of them say no more than the rest."""
    tries = tuple(
        msgspec.structs.replace(one, reach=Reach.BROKEN, reason=_ALL_HOME) if one.reason == _ONE_HOME else one
        for one in page.tries
    )
    return msgspec.structs.replace(page, capture=tries[-1], tries=tries) if tries != page.tries else page


def _may_be_a_wall(page: Page) -> bool:
    facts = page.facts
    return (
        page.ok
        and facts is not None
        and page.capture.purpose is Purpose.PAGE
        and bool(page.capture.sha256)
        and not facts.items
        and not facts.includes
        and not facts.data_sources
        and not facts.script_lists
        and len(facts.whole_text) <= LONGEST_ANSWER
    )


def _blocked(page: Page) -> Page:
    capture = msgspec.structs.replace(page.capture, reach=Reach.BLOCKED, reason=_SIGN)
    return msgspec.structs.replace(page, capture=capture)
