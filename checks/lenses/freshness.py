"""How new a list is: the newest date that it, or what it lists, shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from checks.lenses.navigation import facts_of, unit_hosts
from dossier.addresses import host_of
from dossier.model import DateSource, Item, Page, SiteSnapshot


@dataclass(frozen=True)
class Freshness:
    """What is known of the newest entry of a list."""

    newest: date | None
    title: str = ""
    dated: int = 0
    """Entries whose date is known."""
    hidden: tuple[str, ...] = ()
    """Entries without a date here whose own page was not seen: one of them may be newer."""


def freshness(site: SiteSnapshot, page: Page, items: tuple[Item, ...]) -> Freshness:
    """The newest date among entries, by the list or by the entry's own page; dates to come do not count."""
    newest: tuple[date, str] | None = None
    dated = 0
    hidden: list[str] = []
    last = site.as_of + timedelta(days=int(site.tables.threshold("publish-date-future.days")))
    for item in items:
        target = site.page(item.url) if item.url else None
        own = _own_date(target) if target and target.ok and target.url != page.url else None
        known = [day for day in (item.date, own) if day is not None and day <= last]
        if known:
            dated += 1
            day = max(known)
            if newest is None or day > newest[0]:
                newest = (day, item.title)
        elif (
            item.date is None
            and item.url
            and host_of(item.url) in unit_hosts(site)
            and (target is None or not (target.ok or target.gone_twice))
        ):
            hidden.append(item.title)
    return Freshness(
        newest=newest[0] if newest else None,
        title=newest[1] if newest else "",
        dated=dated,
        hidden=tuple(hidden),
    )


def _own_date(page: Page) -> date | None:
    facts = facts_of(page)
    return None if facts.published_from is DateSource.ADDRESS else facts.published


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
