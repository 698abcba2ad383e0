"""Whether a column holds anything of its own, beyond the frame that all pages of a site share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from checks.lens import lens
from checks.lenses.navigation import (
    FRAME_PLACES,
    column_name,
    column_pages,
    column_references,
    facts_of,
    home_pages,
    home_targets,
    known_as,
    own_pages,
)
from dossier.model import Column, Link, LinkPlace, Page, SiteSnapshot

_NO_CONTENT = frozenset({LinkPlace.FOOTER, LinkPlace.BREADCRUMB, LinkPlace.PAGER})
_FRAME_REFERENCES = 3
_FEWEST_CATALOGUE_LINKS = 3


@lens
def frame_counts(site: SiteSnapshot) -> dict[str, dict[str, int]]:
    """Target → how many times each column page links there."""
    times: dict[str, dict[str, int]] = {}
    for page in column_pages(site):
        for target, number in _times(site, page).items():
            times.setdefault(target, {})[page.url] = number
    return times


def _others(references: Mapping[str, frozenset[str]], target: str, page: Page) -> int:
    """How many other pages link to a target."""
    pages = references.get(target, frozenset())
    return len(pages) - (page.url in pages)


def _usually(times: dict[str, int], page: Page) -> int:
    """How many times the other column pages that link somewhere usually do so (the middle value)."""
    numbers = sorted(number for url, number in times.items() if url != page.url)
    return numbers[(len(numbers) - 1) // 2] if numbers else 0


def _times(site: SiteSnapshot, page: Page) -> Counter[str]:
    known = known_as(site)
    return Counter(
        known[link.url]
        for link in facts_of(page).links
        if link.url and link.tag != "img" and link.place not in _NO_CONTENT
    )


def _leads_up(page: Page, link: Link, target: str) -> bool:
    """A step of the way back, by its words or by a folder around the page's own; an address with a query tells none,
    and what lies in the same folder lies beside the page, not above it."""
    folder, _, name = target.rpartition("/")
    beside = folder == page.url.rpartition("/")[0] and not _INDEX.match(name)
    around = "?" not in target and not beside and page.url.startswith(f"{folder}/")
    return around or link.text in facts_of(page).breadcrumb


_INDEX = re.compile(r"(?:(?:index|default|main|list)\.\w+)?$", re.IGNORECASE)


def own_links(site: SiteSnapshot, page: Page) -> tuple[Link, ...]:
    """Links that a page has of its own, beyond the frame that it shares with other columns: those that few
    columns have, and those of the common menu that it shows once more in its own part.

    Where a link stands is not believed here: a list that looks like a menu is still what the column holds.
    """
    references, known = column_references(site), known_as(site)
    times, here, homes = frame_counts(site), _times(site, page), {home.url for home in home_pages(site)}
    many = min(_FRAME_REFERENCES, max(1, len(column_pages(site)) - 1))
    catalogue = _is_catalogue(site, page)
    links: list[Link] = []
    for link in facts_of(page).links:
        if not link.url or link.tag == "img" or link.place in _NO_CONTENT:
            continue
        target = known[link.url]
        shared = target in home_targets(site) if catalogue else _others(references, target, page) >= many
        once_more = (
            link.place not in FRAME_PLACES
            and not catalogue
            and target not in homes
            and here[target] > _usually(times.get(target, {}), page)
            and not _leads_up(page, link, target)
        )
        if target != page.url and (once_more or not shared):
            links.append(link)
    return tuple(links)


def holds_something(site: SiteSnapshot, page: Page, characters: int) -> bool:
    """Whether a column page offers anything: an item, a file, a sub-column, or text of its own."""
    facts = facts_of(page)
    return bool(
        _holds_entries(site, page)
        or facts.attachments
        or any(form.purpose != "search" for form in facts.forms)
        or facts.media
        or facts.tables
        or len("".join(facts.text.split())) >= characters
        or _leads_on(site, page)
        or _has_parts(site, page)
    )


def _leads_on(site: SiteSnapshot, page: Page) -> bool:
    """Whether a column has links of its own. A catalogue needs several; those of its own part count where one is its own
    at all, for a short one leads to columns of the common menu too."""
    own = own_links(site, page)
    if not own or not _is_catalogue(site, page) or len(own) >= _FEWEST_CATALOGUE_LINKS:
        return bool(own)
    inside = {
        link.url
        for link in facts_of(page).links
        if link.url and link.tag != "img" and link.place not in FRAME_PLACES | _NO_CONTENT
    }
    return len(inside) >= _FEWEST_CATALOGUE_LINKS


def _has_parts(site: SiteSnapshot, page: Page) -> bool:
    """Whether a column links to columns below it."""
    return any(
        part is not None and part.ok and is_part(page, part)
        for link in facts_of(page).links
        if link.url and link.place not in _NO_CONTENT
        for part in (site.page(link.url),)
    )


def is_part(page: Page, part: Page) -> bool:
    """A page stands below a column where it names it on its way up, or lies in its folder (that of `/zt/index.htm`, or of
    `/zt.htm`, is `/zt/`); an address with a query has none: `list.do?id=2` lies beside `list.do?id=1`."""
    if part.facts is None or part.url == page.url:
        return False
    if column_name(page) in part.facts.breadcrumb[1:-1]:
        return True
    if "?" in page.url:
        return False
    folder = page.url.rpartition("/")[0]
    if part.url.startswith(f"{_ENDING.sub('', page.url)}/"):
        return True
    return (
        folder.count("/") > _ROOT and part.url.startswith(f"{folder}/") and bool(_INDEX.match(_file_of(page)))
    )


_ENDING = re.compile(r"(?<=[^/])\.s?html?$", re.IGNORECASE)
_ROOT = 2
"""Slashes of an address without a folder (`https://host`)."""


def _file_of(page: Page) -> str:
    return page.url.partition("?")[0].rpartition("/")[2]


def _is_catalogue(site: SiteSnapshot, page: Page) -> bool:
    """The list of the statutory items, and not the page of one of them, which shows that list beside its own part."""
    way = facts_of(page).breadcrumb[:-1]
    return Column.STATUTORY in page.columns and not (way and not _catalogue_names(site).isdisjoint(way))


@lens
def _catalogue_names(site: SiteSnapshot) -> frozenset[str]:
    return frozenset(
        column_name(page) for page in own_pages(site) if facts_of(page).column is Column.STATUTORY
    )


def _holds_entries(site: SiteSnapshot, page: Page) -> bool:
    """Entries of a list, unless all of them stand on most other columns too: such a list belongs to the frame."""
    items = facts_of(page).items
    if any(not item.url for item in items):
        return True
    references, times, here = column_references(site), frame_counts(site), _times(site, page)
    most = max(_FRAME_REFERENCES, len(column_pages(site)) // 2)
    for item in items:
        found = site.page(item.url)
        target = found.url if found else item.url
        if _others(references, target, page) < most or here[target] > _usually(times.get(target, {}), page):
            return True
    return False
