"""The catalogue of 法定主动公开内容 is known by the items of the law that it names, each of which goes by many names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.lens import lens
from checks.lenses.navigation import facts_of
from checks.lenses.platform import FIXED_COLUMNS, platform_pages, unlinked_words
from dossier.model import Column, LinkPlace, Page, SiteSnapshot, StatutoryItem

LONGEST_LABEL = 48
FEWEST_ITEMS = 6
"""So many items of the law under its heading are a catalogue; a menu names two or three by chance."""
_FILLER = re.compile(r"[\s、，,·（）()“”\"及和与的等]|信息公开|公开|信息|情况|专栏|栏目")
_FRAME = frozenset({LinkPlace.NAV, LinkPlace.HEADER, LinkPlace.FOOTER, LinkPlace.BREADCRUMB})


@dataclass(frozen=True, eq=False)
class UnfoldedCatalogue:
    """A platform's front page that unfolds the catalogue in itself, under a heading that leads nowhere."""

    page: Page
    heading: str


@lens
def catalogues_on_platforms(site: SiteSnapshot) -> tuple[UnfoldedCatalogue, ...]:
    """The front pages of the platform that hold the catalogue themselves."""
    column = next(one for one in FIXED_COLUMNS if one.column is Column.STATUTORY)
    found: list[UnfoldedCatalogue] = []
    for page in platform_pages(site):
        facts = facts_of(page)
        unfolding = tuple(
            link.text for link in facts.links if not link.url and len(link.text) <= LONGEST_LABEL
        )
        heading = next(
            (words for words in (*unlinked_words(page), *unfolding) if column.near.search(words)), ""
        )
        if not heading or column.not_near.search(heading):
            continue
        dated = {item.title for item in facts.items if item.date is not None}
        names = [
            link.text
            for link in facts.links
            if link.url
            and link.place not in _FRAME
            and link.text not in dated
            and len(link.text) <= LONGEST_LABEL
        ]
        names += unlinked_words(page)
        labels = {bare_name(name): (name, page) for name in names if name}
        if sum(shown_as(item, labels) is not None for item in site.tables.statutory) >= FEWEST_ITEMS:
            found.append(UnfoldedCatalogue(page, heading))
    return tuple(found)


def shown_as(item: StatutoryItem, labels: Mapping[str, tuple[str, Page]]) -> tuple[str, Page] | None:
    """Where the item is shown: under one of its names, or under a long name that holds two of them."""
    single = next((found for label in (item.name, *item.labels) if (found := _find(label, labels))), None)
    if single:
        return single
    names = {bare_name(label) for label in item.labels}
    if spread := next(
        (found for bare, found in labels.items() if any(_spread(name, bare) for name in names)), None
    ):
        return spread
    return next(
        (
            found
            for bare, found in labels.items()
            if sum(len(name) >= 2 and name in bare for name in names) >= 2
        ),
        None,
    )


def wider(item: StatutoryItem, labels: Mapping[str, tuple[str, Page]]) -> tuple[str, Page] | None:
    """A column that may hold the item among others."""
    return next((found for label in item.near if (found := _find(label, labels))), None)


def _find(label: str, labels: Mapping[str, tuple[str, Page]]) -> tuple[str, Page] | None:
    """A shown name that is the label, or holds it and little else."""
    wanted = bare_name(label)
    if wanted in labels:
        return labels[wanted]
    if len(wanted) < 2:
        return None
    spare = 4 if len(wanted) == 2 else 8
    return next(
        (found for bare, found in labels.items() if wanted in bare and len(bare) <= len(wanted) + spare), None
    )


def _spread(name: str, bare: str) -> bool:
    """Whether a name of four characters stands in a longer one with another let into its middle: 土地征收 in 土地房屋征收."""
    return (
        len(name) == _WORDS_OF_TWO
        and len(name) < len(bare) <= 2 * len(name)
        and bare.startswith(name[:2])
        and bare.endswith(name[2:])
    )


_WORDS_OF_TWO = 4


def bare_name(name: str) -> str:
    return _FILLER.sub("", name) or name
