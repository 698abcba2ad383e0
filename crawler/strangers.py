"""A page that has nothing of its site may be somebody else's: on the way to us, for a moment, another may answer in its place.

A login page of our own network that came two or three times is no sign of an outage to anybody (`portal.py` needs several units
that say the same, or one that says it eight times). What it cannot have is a way to any place that the front door shows: nearly every page of a site has one.
"""

from __future__ import annotations

from crawler.frontier import Wanted
from crawler.site import Site
from dossier.model import PageFacts, Purpose

_LONGEST = 1000
"""Visible characters; who answers in everybody's place says little."""
_FEW, _OF_FEW, _SHARE = 5, 0.25, 0.05
"""Where more of a site's pages are so, that is how the site is made: pages for frames have no way back."""


def is_stranger(site: Site, wanted: Wanted, facts: PageFacts) -> bool:
    """Whether a page is short, lists nothing, and leads to no place that the unit's front doors lead to."""
    shown = site.front_links
    if not shown or wanted.purpose is not Purpose.PAGE or wanted.url in site.homes:
        return False
    if not site.in_scope(wanted.url):
        return False
    if any(link.url in shown or link.url in site.homes for link in facts.links):
        return False
    short = len(facts.whole_text) <= _LONGEST
    return short and not (facts.items or facts.includes or facts.data_sources or facts.script_lists)


def take_strangers(site: Site) -> list[Wanted]:
    """The strangers that were met since it was asked last, where they are few; what is the rule on a site is strange nowhere."""
    met = list(site.strangers)
    site.strangers.clear()
    site.strangers_met += len(met)
    return met if site.strangers_met <= max(min(_FEW, _OF_FEW * site.ok), _SHARE * site.ok) else []
