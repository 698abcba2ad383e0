"""Who a unit is: its functions pages, the pages beside them, and all that they say."""

from __future__ import annotations

from checks.lens import lens
from checks.lenses.attached import attached_text
from checks.lenses.holding import is_part, own_links
from checks.lenses.names import is_name
from checks.lenses.navigation import facts_of, stands_in, unit_hosts
from dossier.addresses import host_of
from dossier.model import Column, LinkPlace, Page, PageKind, SiteSnapshot

_SHORT = 10
"""Characters of the name of a part; longer ones are titles."""
_PARTS = frozenset({PageKind.COLUMN, PageKind.OTHER, PageKind.ARTICLE})
_TOO_COMMON = frozenset({PageKind.HOME, PageKind.PLATFORM, PageKind.SEARCH})


def _standing_in(site: SiteSnapshot, *columns: Column) -> tuple[Page, ...]:
    hosts = unit_hosts(site)
    return tuple(
        page
        for page in site.in_column(*columns)
        if page.kind not in _TOO_COMMON and host_of(page.url) in hosts and Column.HOME not in page.columns
    )


@lens
def functions_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """The pages on which the unit says what it is for, with those of its inner organs and what these lead to under
    short names of their own."""
    named = _standing_in(site, Column.FUNCTIONS, Column.ORGANS)
    found = {page.url: page for page in named}
    for page in named:
        for link in own_links(site, page):
            part = site.page(link.url)
            if (
                part is not None
                and part.ok
                and 0 < len(link.text) <= _SHORT
                and part.kind in _PARTS
                and is_part(page, part)
                and not stands_in(part)
            ):
                found.setdefault(part.url, part)
    return tuple(found.values())


@lens
def leaders_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """The pages on which the unit names its leaders, with those of single leaders to which they lead by a name."""
    named = _standing_in(site, Column.LEADERS)
    found = {page.url: page for page in named}
    for page in named:
        for link in own_links(site, page):
            part = site.page(link.url)
            if (
                part is not None
                and part.ok
                and part.facts is not None
                and is_name("".join(link.text.split()))
                and part.kind not in _TOO_COMMON
            ):
                found.setdefault(part.url, part)
    return tuple(found.values())


@lens
def contact_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """Pages of contact facts that stand beside the functions pages."""
    return _standing_in(site, Column.CONTACT)


def words_of(site: SiteSnapshot, page: Page) -> str:
    """All that a page says in its own part, files attached to it included."""
    facts = facts_of(page)
    cells = "\n".join(" ".join(row) for table in facts.tables for row in table.rows)
    items = "\n".join(item.title for item in facts.items)
    return "\n".join((facts.title or "", facts.text, cells, items, attached_text(site, page)))


def speechless(page: Page) -> bool:
    """A page whose content is a picture, a film or a file that could not be read."""
    facts = facts_of(page)
    if len("".join(facts.text.split())) >= 60:
        return False
    pictured = any(link.tag in ("iframe", "img") and link.place is LinkPlace.MAIN for link in facts.links)
    return bool(facts.media or facts.attachments or pictured)
