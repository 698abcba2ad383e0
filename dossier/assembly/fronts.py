"""The front doors of a site, of which everything else is reached: its home pages, their navigation, its platform."""

from __future__ import annotations

import re

from dossier.assembly.gaps import hidden_by, inner_gaps, nothing_found, weigh
from dossier.assembly.terrain import Terrain
from dossier.model import Area, AreaCoverage, LinkPlace, PageKind, Reach, Unseen

_FEWEST_NAV_LINKS = 3


def home_pages(terrain: Terrain) -> AreaCoverage:
    """The home pages, with all that they load into themselves."""
    seen = [url for url in terrain.homes if terrain.readable(url)]
    unseen = [
        Unseen(url=url, text="首页", because=terrain.blindness(url) or Reach.GONE.value)
        for url in terrain.homes
        if url not in seen
    ]
    for url in seen:
        unseen += [
            Unseen(url=part, text="首页的公共部分", because="include")
            for part in terrain.lacking.get(url, ())
        ]
        facts = terrain.pages[url].facts
        if facts and facts.script_lists and len(_nav_links(terrain, url)) < _FEWEST_NAV_LINKS:
            unseen.append(Unseen(url=url, text="首页", because="shell"))
        elif facts and not terrain.way_links(url):
            unseen.append(Unseen(url=url, text="首页", because="unreadable"))
    return weigh(Area.HOME, seen, unseen)


def _nav_links(terrain: Terrain, home: str) -> list[tuple[str, str]]:
    """Where the navigation leads, as (address, words)."""
    links = terrain.way_links(home)
    placed = [link for link in links if link.place in (LinkPlace.NAV, LinkPlace.HEADER)]
    chosen = (
        placed if len(placed) >= _FEWEST_NAV_LINKS else [link for link in links if 0 < len(link.text) <= 8]
    )
    return [(link.url, link.text) for link in chosen if terrain.on_site(link.url)]


def navigation_of(terrain: Terrain, home: AreaCoverage) -> AreaCoverage:
    """The columns that the home page's navigation leads to, first page each."""
    seen = list(home.pages)
    unseen: dict[str, Unseen] = {link.url: link for link in home.unseen}
    for front in home.pages:
        for url, text in _nav_links(terrain, front):
            target = terrain.places.find(url)
            if target and terrain.readable(target):
                seen.append(target)
            elif because := terrain.blindness(url):
                unseen.setdefault(url, Unseen(url=url, text=text, because=because))
    return weigh(Area.NAVIGATION, dict.fromkeys(seen), unseen.values())


def platform_of(
    terrain: Terrain, home: AreaCoverage, navigation: AreaCoverage, disclosure: re.Pattern[str]
) -> AreaCoverage:
    """The disclosure platform's front pages: what the home page, its columns and the platform itself call so."""
    seen: dict[str, None] = {}
    unseen: dict[str, Unseen] = {}
    fronts = {*home.pages, *navigation.pages}
    for sign in terrain.ways.to_platform:
        if sign.source not in fronts and sign.link.place is LinkPlace.FOOTER:
            continue
        if hidden := hidden_by(terrain, sign):
            unseen.setdefault(hidden.url, hidden)
        elif terrain.readable(sign.target):
            seen.setdefault(sign.target)
    for url in terrain.pages:
        if terrain.readable(url) and terrain.pages[url].kind is PageKind.PLATFORM:
            seen.setdefault(url)
    for url in seen:
        unseen.update(inner_gaps(terrain, url))
    if seen or unseen:
        return weigh(Area.PLATFORM, seen, unseen.values())
    return nothing_found(terrain, Area.PLATFORM, (home, navigation), disclosure)
