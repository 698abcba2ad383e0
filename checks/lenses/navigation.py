"""How a visitor gets about: home pages, the columns of the navigation, and which pages are only a list's continuation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.lens import lens
from dossier.addresses import host_of
from dossier.model import Column, Link, LinkPlace, Page, PageFacts, PageKind, Purpose, SiteSnapshot

CONTENT_KINDS = frozenset({PageKind.ARTICLE, PageKind.DOCUMENT, PageKind.INTERPRETATION})
FRAME_PLACES = frozenset(
    {LinkPlace.NAV, LinkPlace.HEADER, LinkPlace.FOOTER, LinkPlace.BREADCRUMB, LinkPlace.PAGER}
)
_FEWEST_NAV_LINKS = 3


@dataclass(frozen=True)
class NavColumn:
    """A page to which the navigation leads."""

    page: Page
    source: Page
    text: str


@dataclass(frozen=True)
class Listed:
    """An item of a list, with the page that shows it."""

    holder: Page
    title: str


@lens
def unit_hosts(site: SiteSnapshot) -> frozenset[str]:
    """Every host under which the unit is known to publish."""
    named = [host_of(row.url) for row in site.unit.websites]
    further = [host.lower() for row in site.unit.websites for host in row.extra_hosts]
    return frozenset(host for host in (*named, *further) if host)


@lens
def twin_hosts(site: SiteSnapshot) -> frozenset[str]:
    """The unit's hosts with and without www: a visitor takes them for one site."""
    return unit_hosts(site) | {_twin(host) for host in unit_hosts(site)}


def twin_page(site: SiteSnapshot, page: Page) -> Page | None:
    """The same address with www where it has none, or without."""
    host = host_of(page.url)
    return site.page(page.url.replace(host, _twin(host), 1)) if host else None


def _twin(host: str) -> str:
    return host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"


@lens
def home_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """The home pages that were seen."""
    found = {url: page for _, url in site.homes if (page := site.page(url)) and page.ok}
    return tuple(found.values())


def facts_of(page: Page) -> PageFacts:
    """The facts of a page that was read."""
    assert page.facts is not None, page.url
    return page.facts


@lens
def own_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """Pages of the unit's own hosts that were read, files left out."""
    hosts = unit_hosts(site)
    return tuple(
        page
        for page in site.pages.values()
        if page.ok and page.capture.purpose is Purpose.PAGE and host_of(page.url) in hosts
    )


@lens
def nav_columns(site: SiteSnapshot) -> tuple[NavColumn, ...]:
    """The pages that the home pages' navigation leads to and that were read, each once."""
    found: dict[str, NavColumn] = {}
    for home in home_pages(site):
        for link in nav_links(home):
            page = site.page(link.url)
            if page and page.ok and page.url != home.url and host_of(page.url) in unit_hosts(site):
                found.setdefault(page.url, NavColumn(page=page, source=home, text=link.text))
    return tuple(found.values())


def nav_links(home: Page) -> tuple[Link, ...]:
    """Links of the navigation; where a page marks none as such, its short links."""
    links = [link for link in facts_of(home).links if link.url and link.tag not in ("iframe", "frame")]
    placed = [link for link in links if link.place in (LinkPlace.NAV, LinkPlace.HEADER)]
    if len(placed) >= _FEWEST_NAV_LINKS:
        return tuple(placed)
    return tuple(
        link
        for link in links
        if 0 < len(link.text) <= 8 and link.place not in (LinkPlace.LIST, LinkPlace.FOOTER)
    )


@lens
def later_pages(site: SiteSnapshot) -> frozenset[str]:
    """Second and further pages of lists."""
    following: dict[str, set[str]] = {}
    for page in site.pages.values():
        if page.ok and page.facts:
            targets = {found.url for url in page.facts.next_pages if (found := site.page(url))}
            following[page.url] = targets - {page.url}
    later: set[str] = set()
    firsts = following.keys() - {url for targets in following.values() for url in targets}
    for first in firsts:
        todo = list(following[first])
        while todo:
            url = todo.pop()
            if url not in later and url not in firsts:
                later.add(url)
                todo.extend(following.get(url, ()))
    later.update(url for url in site.pages if url not in later and _is_numbered(site, url))
    return frozenset(later)


_NUMBERED_FILE = re.compile(
    r"^(?P<folder>.*/)(?P<stem>index|list|default)_?(?P<number>\d+)(?P<ending>\.\w+)$", re.IGNORECASE
)
_NUMBERED_QUERY = re.compile(
    r"(?<=[?&])(?:page|pageno|pageindex|pagenum|currentpage|curpage)=\d+&?", re.IGNORECASE
)


def _is_numbered(site: SiteSnapshot, url: str) -> bool:
    """Whether an address is by its own shape a further page of a list whose pager may have been cut
    (`index_10.html`, `?page=3`): it shows old entries by its nature."""
    file = _NUMBERED_FILE.match(url)
    if file:
        first = (file["folder"], f"{file['folder']}{file['stem']}{file['ending']}")
        return file["stem"].lower() == "index" or any(site.page(one) for one in first)
    bare = _NUMBERED_QUERY.sub("", url).rstrip("?&")
    return bare != url and site.page(bare) is not None


@lens
def column_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """First pages of columns on the unit's own hosts."""
    later = later_pages(site)
    homes = frozenset(home.capture.sha256 for home in home_pages(site))
    return tuple(
        page
        for page in own_pages(site)
        if page.kind is PageKind.COLUMN and page.url not in later and page.capture.sha256 not in homes
    )


@lens
def listings(site: SiteSnapshot) -> dict[str, tuple[Listed, ...]]:
    """Target page → the lists that show it."""
    found: dict[str, list[Listed]] = {}
    for page in site.pages.values():
        if not page.ok or page.facts is None:
            continue
        for item in page.facts.items:
            target = site.page(item.url) if item.url else None
            if target and target.url != page.url:
                found.setdefault(target.url, []).append(Listed(holder=page, title=item.title))
    return {url: tuple(lists) for url, lists in found.items()}


@lens
def known_as(site: SiteSnapshot) -> Mapping[str, str]:
    """Every address that is linked to → the address under which its page is known, else itself."""
    met = {link.url for page in site.pages.values() if page.facts for link in page.facts.links}
    return {url: target.url if (target := site.page(url)) else url for url in met}


@lens
def column_references(site: SiteSnapshot) -> dict[str, frozenset[str]]:
    """Target → the pages other than articles that link there: what very many of them link to is their common frame."""
    known = known_as(site)
    found: dict[str, set[str]] = {}
    for page in own_pages(site):
        if page.kind in CONTENT_KINDS or page.kind is PageKind.HOME:
            continue
        for target in {known[link.url] for link in facts_of(page).links if link.url}:
            found.setdefault(target, set()).add(page.url)
    return {url: frozenset(pages) for url, pages in found.items()}


@lens
def home_targets(site: SiteSnapshot) -> frozenset[str]:
    """All that the home pages link to."""
    return frozenset(
        target.url if (target := site.page(link.url)) else link.url
        for page in home_pages(site)
        for link in facts_of(page).links
        if link.url
    )


def drawn_elsewhere(page: Page) -> bool:
    """Whether part of a page is drawn by a script or loaded from somewhere and was not seen."""
    facts = facts_of(page)
    return facts.script_lists or bool(facts.includes) or bool(facts.data_sources) or facts.truncated


def column_name(page: Page) -> str:
    """What a column page calls itself."""
    facts = facts_of(page)
    crumbs = facts.breadcrumb
    return (
        facts.tags.get("ColumnName")
        or facts.title
        or (crumbs[-1] if crumbs else "")
        or facts.html_title
        or page.url
    )


def stands_in(page: Page) -> frozenset[Column]:
    """The columns of a page: its own word where it has one, else what leads to it."""
    own = facts_of(page).column
    return frozenset({own}) if own is not None else page.columns
