"""A list read from the newest entry backwards is complete for a year once an older entry was reached."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from dossier.assembly.terrain import Terrain, why
from dossier.model import AreaCoverage, AreaState, Column, Item, PageKind, Unseen

_YEAR = re.compile(r"(?<!\d)(20\d\d|二[〇○零]\d|二[〇○零][一二][〇○零一二三四五六七八九])\s*年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

LIST_KINDS = frozenset(
    {PageKind.COLUMN, PageKind.OTHER, PageKind.STATUTORY, PageKind.RULES, PageKind.PLATFORM, PageKind.HOME}
)


def year_gaps(terrain: Terrain, found: AreaCoverage, columns: Iterable[Column]) -> AreaCoverage:
    """What of the assessment year's items in these columns was not seen."""
    opening = date(terrain.as_of.year, 1, 1)
    gaps: dict[str, Unseen] = {}
    wanted = frozenset(columns)
    for url in found.pages:
        page = terrain.pages[url]
        if page.facts is None or page.kind not in LIST_KINDS or not page.facts.items:
            continue
        if not terrain.ways.columns.get(url, frozenset()) & wanted:
            continue
        for item in page.facts.items:
            if item.block == 0 and (item.date is None or item.date >= opening):
                gaps.update(_unseen_item(terrain, item))
        if url not in terrain.ways.later_pages:
            gaps.update(_unseen_pages(terrain, url, opening))
    return _with_gaps(found, gaps)


def annual_gaps(terrain: Terrain, found: AreaCoverage) -> AreaCoverage:
    """What may be last year's annual report, or a list of reports that was not followed that far back."""
    last_year = terrain.as_of.year - 1
    gaps: dict[str, Unseen] = {}
    for url in found.pages:
        page = terrain.pages[url]
        if page.facts is None or page.kind not in LIST_KINDS or not page.facts.items:
            continue
        for item in page.facts.items:
            named = year_named(item.title)
            if named in (None, last_year) and item.block == 0:
                gaps.update(_unseen_item(terrain, item))
        if url not in terrain.ways.later_pages:
            gaps.update(_unseen_pages(terrain, url, date(last_year, 1, 1), by_name=True))
    return _with_gaps(found, gaps)


def year_named(title: str) -> int | None:
    """The year that a title names, in either way of writing."""
    match = _YEAR.search(title)
    if match is None:
        return None
    digits = match.group(1).translate(_DIGITS).replace("二", "2")
    return int(digits) if len(digits) == 4 else None


def _unseen_item(terrain: Terrain, item: Item) -> dict[str, Unseen]:
    if not item.url or not terrain.on_site(item.url):
        return {}
    because = terrain.blindness(item.url)
    return {item.url: Unseen(url=item.url, text=item.title, because=because)} if because else {}


def _unseen_pages(terrain: Terrain, first: str, opening: date, *, by_name: bool = False) -> dict[str, Unseen]:
    """Further pages of a list that were not seen, unless what was seen already reaches behind `opening`."""
    unseen: dict[str, Unseen] = {}
    oldest: date | None = None
    todo, been = [first], {first}
    while todo:
        page = terrain.pages.get(todo.pop())
        if page is None or page.facts is None:
            continue
        dates = [
            when
            for item in page.facts.items
            if item.block == 0 and not item.pinned and (when := _when(item, by_name=by_name))
        ]
        oldest = min([*dates, oldest] if oldest else dates, default=oldest)
        for further in page.facts.next_pages:
            target = terrain.places.find(further)
            if target in been:
                continue
            if target and terrain.readable(target):
                been.add(target)
                todo.append(target)
            elif because := terrain.blindness(further):
                unseen[further] = Unseen(url=further, text="下一页", because=because)
    return {} if oldest is not None and oldest < opening else unseen


def _when(item: Item, *, by_name: bool) -> date | None:
    """The date of an entry; for a report, the year that it is about."""
    if by_name and (named := year_named(item.title)):
        return date(named, 12, 31)
    return item.date


def _with_gaps(found: AreaCoverage, gaps: dict[str, Unseen]) -> AreaCoverage:
    if not gaps:
        return found
    unseen = tuple({link.url: link for link in (*found.unseen, *gaps.values())}.values())
    return msgspec.structs.replace(found, state=AreaState.PARTIAL, unseen=unseen, because=why(unseen))
