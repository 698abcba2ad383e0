"""Where the public is told how to ask for information: the guide, the application pages and what they offer."""

from __future__ import annotations

import re

from checks.lens import lens
from checks.lenses.attached import attached_text
from checks.lenses.holding import is_part, own_links
from checks.lenses.navigation import CONTENT_KINDS, facts_of, unit_hosts
from checks.lenses.platform import platform_pages, tabs_on, unlinked_words
from dossier.addresses import host_of
from dossier.model import Column, Page, PageKind, SiteSnapshot

_FRONTS = frozenset({PageKind.HOME, PageKind.PLATFORM, PageKind.SEARCH})
SAYING_KINDS = frozenset({PageKind.GUIDE, PageKind.APPLICATION, PageKind.FORM})


def _standing_in(site: SiteSnapshot, column: Column) -> tuple[Page, ...]:
    hosts = unit_hosts(site)
    return tuple(
        page
        for page in site.in_column(column)
        if page.kind not in _FRONTS and Column.HOME not in page.columns and host_of(page.url) in hosts
    )


@lens
def guide_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """政府信息公开指南, as a page, a list with the guide in it, or a file."""
    return _standing_in(site, Column.GUIDE)


@lens
def application_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """依申请公开 pages and their forms."""
    return _standing_in(site, Column.APPLICATION)


@lens
def speaking_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """The pages that themselves tell the public how to apply; not replies or cases listed beside them.

    A platform that holds its columns in one page holds the guide there too.
    """
    inside = (
        [page for page in platform_pages(site) if _holds_the_guide(page)] if not guide_pages(site) else []
    )
    pages = {page.url: page for page in (*guide_pages(site), *application_pages(site), *inside)}
    spoken = {url: page for url, page in pages.items() if is_speaking(page)}
    parts = (
        *_parts_of(site, guide_pages(site), _PART),
        *_parts_of(site, application_pages(site), _SHORT_PART),
    )
    return tuple((spoken | {part.url: part for part in parts if part.url not in pages}).values())


_PART, _SHORT_PART = 20, 10
"""Characters of the name of a part of the guide, and of one of the entry, beside which replies and cases stand."""
_OTHER_KINDS = _FRONTS | {PageKind.DOCUMENT, PageKind.INTERPRETATION, PageKind.ANNUAL_REPORT}


def _parts_of(site: SiteSnapshot, pages: tuple[Page, ...], longest: int) -> tuple[Page, ...]:
    """Pages of their own on which a guide that is told in sections has these."""
    return tuple(
        part
        for page in pages
        for link in own_links(site, page)
        if 0 < len(link.text) <= longest
        and (part := site.page(link.url)) is not None
        and part.ok
        and part.facts is not None
        and part.kind not in _OTHER_KINDS
        and part.facts.published is None
        and is_part(page, part)
    )


_OF_A_GUIDE = re.compile(r"本指南|公开指南")
_SHORTEST_GUIDE, _FEWEST_CONTACTS = 200, 2


def _holds_the_guide(page: Page) -> bool:
    """Whether a page carries the text of a guide, and not only its name: the text says so itself, or it tells where to
    apply below a tab of that name."""
    facts = facts_of(page)
    if len(facts.text) < _SHORTEST_GUIDE:
        return False
    if _OF_A_GUIDE.search(facts.text):
        return True
    return len(facts.contacts) >= _FEWEST_CONTACTS and (
        "guide" in tabs_on(page) or any(_OF_A_GUIDE.search(words) for words in unlinked_words(page))
    )


def is_speaking(page: Page) -> bool:
    """Whether a page is the guide or the entry itself, and not one piece among others in the column."""
    title = facts_of(page).title
    if not title:
        return True  # the panel of a tab bears its name there
    return page.kind in SAYING_KINDS or page.kind not in CONTENT_KINDS or "指南" in title or "依申请" in title


def words_of(site: SiteSnapshot, page: Page) -> str:
    """What a page says in its own part, its tables and files included."""
    facts = facts_of(page)
    cells = "\n".join(" ".join(row) for table in facts.tables for row in table.rows)
    return "\n".join((facts.title or "", facts.text, cells, attached_text(site, page)))
