"""In which 栏目 a page stands is told by the page, by the links that lead to it and by the lists that hold it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import msgspec

from dossier.assembly.places import Places
from dossier.model import Column, Link, LinkPlace, Page, PageKind, Purpose

WAYPOINTS = frozenset({Column.HOME, Column.PLATFORM, Column.SITEMAP, Column.SEARCH})
"""Columns that everything stands under: they are not handed down."""

TEXT_KINDS = frozenset({PageKind.ARTICLE, PageKind.DOCUMENT, PageKind.INTERPRETATION})

SINGLE_KINDS = TEXT_KINDS | {PageKind.ANNUAL_REPORT, PageKind.FORM, PageKind.OTHER}
"""Pages that are one piece of a column and hold no list of their own."""

LISTS_OF_ALL_SORTS = frozenset({PageKind.HOME, PageKind.PLATFORM, PageKind.SEARCH})
"""Pages whose lists belong to many columns."""

_OF_KIND: Mapping[PageKind, Column] = {
    PageKind.HOME: Column.HOME,
    PageKind.PLATFORM: Column.PLATFORM,
    PageKind.GUIDE: Column.GUIDE,
    PageKind.RULES: Column.RULES,
    PageKind.STATUTORY: Column.STATUTORY,
    PageKind.ANNUAL_REPORT: Column.ANNUAL,
    PageKind.FUNCTIONS: Column.FUNCTIONS,
    PageKind.LEADERS: Column.LEADERS,
    PageKind.APPLICATION: Column.APPLICATION,
    PageKind.INTERPRETATION: Column.INTERPRETATION,
    PageKind.SEARCH: Column.SEARCH,
}


class Namer(Protocol):
    """The part of the vocabulary that tells a 栏目 by its name."""

    @property
    def hints(self) -> Mapping[str, tuple[str, ...]]:
        """Words of a link that may lead to what is looked for."""
        ...

    def column_of(self, text: str) -> Column | None:
        """The 栏目 that a label names, if any."""
        ...


class Sign(msgspec.Struct, frozen=True, gc=False):
    """A link whose words name a 栏目: it should lead there, whether or not the target was seen."""

    source: str
    link: Link
    column: Column
    target: str
    """Address in `pages` where it is known, else the link's own."""


@dataclass(frozen=True)
class Ways:
    """How one gets about on a site."""

    inbound: Mapping[str, tuple[tuple[str, str], ...]]
    signs: tuple[Sign, ...]
    """Of those that differ in nothing but the page that shows them the first: a frame repeats a few dozen on every page."""
    to_platform: tuple[Sign, ...]
    """Those of every page that name the platform."""
    columns: Mapping[str, frozenset[Column]]
    list_dates: Mapping[str, date]
    later_pages: frozenset[str] = field(default_factory=frozenset)
    """Pages that are the second or a later page of a list."""


_BY_ITSELF = "（页面自动跳转）"
MOST_INBOUND = 200
"""A link in the page frame is found on every page; two hundred of them prove it."""


def find_ways(pages: Mapping[str, Page], places: Places, vocabulary: Namer) -> Ways:
    """One walk over all links."""
    named: dict[str, Column | None] = {}
    inbound: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    signs: dict[tuple[object, ...], Sign] = {}
    to_platform: list[Sign] = []
    for url, page in pages.items():
        if not page.ok or page.facts is None or page.capture.purpose is Purpose.SEARCH:
            continue  # what a search answered is no way about the site
        is_text = page.kind in TEXT_KINDS
        led: set[tuple[str, Column]] = set()
        for link in _links_of(page):
            target = places.find(link.url) or link.url
            if target == url:
                continue
            came = inbound[target]
            if len(came) < MOST_INBOUND:
                came[url, link.text] = None
            if is_text and link.place is LinkPlace.MAIN:
                continue  # a word in the text of an article is not a signpost
            if link.text not in named:
                named[link.text] = vocabulary.column_of(link.text)
            column = named[link.text]
            if column is None or (target, column) in led:
                continue
            led.add((target, column))
            says = (link.url, link.text, link.place, target, column)
            if says not in signs:
                signs[says] = Sign(url, link, column, target)
            if column is Column.PLATFORM:
                to_platform.append(Sign(url, link, column, target))
    columns, later = _columns(pages, places, signs.values(), vocabulary.column_of)
    return Ways(
        inbound={target: tuple(came) for target, came in inbound.items()},
        signs=tuple(signs.values()),
        to_platform=tuple(to_platform),
        columns=columns,
        list_dates=_list_dates(pages, places),
        later_pages=later,
    )


def _links_of(page: Page) -> Iterable[Link]:
    """Every link of a page, those of its items, attachments and interpretations included, each address and text once."""
    facts = page.facts
    if facts is None:
        return ()
    links: dict[tuple[str, str], Link] = {}
    for link in facts.links:
        if link.url:
            links.setdefault((link.url, link.text), link)
    known = {url for url, _ in links}
    for item in facts.items:
        if item.url and item.url not in known:
            links.setdefault(
                (item.url, item.title), Link(url=item.url, text=item.title, place=LinkPlace.LIST)
            )
    for attachment in facts.attachments:
        if attachment.url not in known:
            links.setdefault(
                (attachment.url, attachment.text),
                Link(url=attachment.url, text=attachment.text, place=LinkPlace.MAIN),
            )
    for link in (*facts.interpretations, *facts.sources):
        if link.url and link.url not in known:
            links.setdefault((link.url, link.text), link)
    if facts.moved_to and facts.moved_to not in known:
        links.setdefault((facts.moved_to, _BY_ITSELF), Link(url=facts.moved_to, text=_BY_ITSELF))
    return links.values()


def _columns(
    pages: Mapping[str, Page],
    places: Places,
    signs: Iterable[Sign],
    column_of: Callable[[str], Column | None],
) -> tuple[dict[str, frozenset[Column]], frozenset[str]]:
    own: dict[str, set[Column]] = {url: set() for url in pages}
    under: dict[str, set[Column]] = {url: set() for url in pages}
    for url, page in pages.items():
        if page.facts is None or not page.ok:
            continue
        if page.facts.column is not None:
            own[url].add(page.facts.column)
        if page.kind in _OF_KIND:
            own[url].add(_OF_KIND[page.kind])
        for crumb in page.facts.breadcrumb:
            column = column_of(crumb)
            if column is not None and column not in WAYPOINTS:
                under[url].add(column)
    for sign in signs:
        if sign.target in own and sign.column is not Column.HOME and not _overruled(pages[sign.target], sign):
            own[sign.target].add(sign.column)
    later = _hand_on_to_later_pages(pages, places, own, under)
    listed = _hand_down_to_items(pages, places, own, under)
    columns = {
        url: frozenset(own[url] | under[url] | listed.get(url, set()))
        for url in pages
        if own[url] or under[url] or url in listed
    }
    return columns, later


def _overruled(page: Page, sign: Sign) -> bool:
    """A column that calls itself one of policy documents at large is not made one of 规范性文件 by the words
    of a catalogue that leads there: what it lists are documents of every sort."""
    own = page.facts.column if page.facts else None
    return sign.column is Column.NORMATIVE and own in (Column.POLICY, Column.POLICY_JOINT)


def _hand_on_to_later_pages(
    pages: Mapping[str, Page], places: Places, own: dict[str, set[Column]], under: dict[str, set[Column]]
) -> frozenset[str]:
    """The second page of a list stands where the first stands."""
    following = {
        url: [found for further in page.facts.next_pages if (found := places.find(further)) and found != url]
        for url, page in pages.items()
        if page.ok and page.facts and page.facts.next_pages
    }
    firsts = following.keys() - {later for laters in following.values() for later in laters}
    later: set[str] = set()
    for first in firsts:
        todo = list(following[first])
        while todo:
            url = todo.pop()
            if url in later or url in firsts:
                continue
            later.add(url)
            own[url] |= own[first]
            under[url] |= under[first]
            todo.extend(following.get(url, ()))
    return frozenset(later)


BESIDE_EVERYTHING = 5
"""Columns that list an entry, from which on it is known to be listed beside all of them."""


def _hand_down_to_items(
    pages: Mapping[str, Page],
    places: Places,
    own: Mapping[str, set[Column]],
    under: Mapping[str, set[Column]],
) -> dict[str, set[Column]]:
    """What a column page lists stands in that column."""
    listed: dict[str, set[Column]] = {}

    def stands_alone(target: str) -> bool:
        """A column with a name of its own is not made another by a link in somebody's list."""
        return bool(own[target]) and pages[target].kind not in SINGLE_KINDS

    for url, page in pages.items():
        if not page.ok or page.facts is None or page.kind in LISTS_OF_ALL_SORTS or page.kind in SINGLE_KINDS:
            continue
        given = (own[url] or under[url]) - WAYPOINTS
        if not given:
            continue
        for item in page.facts.items:
            target = places.find(item.url)
            if target and target != url and item.block == 0 and not item.hidden and not stands_alone(target):
                listed.setdefault(target, set()).update(given)
    # What the lists of so many columns hold is a rail of the latest that the site shows beside everything.
    return {
        target: columns
        for target, columns in listed.items()
        if len(columns) < BESIDE_EVERYTHING or not (own[target] | under[target]) - WAYPOINTS
    }


def _list_dates(pages: Mapping[str, Page], places: Places) -> dict[str, date]:
    """The date beside a link in a list; a column's own list is believed before a home page's block."""
    dates: dict[str, tuple[int, date]] = {}
    for page in pages.values():
        if not page.ok or page.facts is None:
            continue
        rank = 1 if page.kind in (PageKind.HOME, PageKind.PLATFORM) else 0
        for item in page.facts.items:
            target = places.find(item.url)
            if target is None or item.date is None:
                continue
            known = dates.get(target)
            if known is None or rank < known[0]:
                dates[target] = (rank, item.date)
    return {url: found for url, (_, found) in dates.items()}
