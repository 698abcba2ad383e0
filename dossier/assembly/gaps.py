"""What was kept from us: the weight of what was seen against what was not, and what may be said where nothing was found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dossier.assembly.columns import Sign
from dossier.assembly.terrain import Terrain, why
from dossier.model import Area, AreaCoverage, AreaState, Unseen


def weigh(
    area: Area, seen: Iterable[str], unseen: Iterable[Unseen], *, state: AreaState | None = None
) -> AreaCoverage:
    pages, links = tuple(seen), tuple(unseen)
    if state is None:
        if links:
            state = AreaState.PARTIAL if pages else AreaState.UNREACHED
        else:
            state = AreaState.COMPLETE if pages else AreaState.ABSENT
    return AreaCoverage(
        area=area,
        state=state,
        pages=pages,
        unseen=links,
        because="" if state is AreaState.COMPLETE else why(links),
    )


def hidden_by(terrain: Terrain, sign: Sign) -> Unseen | None:
    """What a sign names and was not seen; None where it was, or surely is not there."""
    if terrain.shows_front_door(sign.link.url):
        return Unseen(url=sign.link.url, text=sign.link.text, because="front-door")
    because = "" if terrain.readable(sign.target) else terrain.blindness(sign.target)
    return Unseen(url=sign.target, text=sign.link.text, because=because) if because else None


def inner_gaps(terrain: Terrain, url: str, *, short: bool = False) -> dict[str, Unseen]:
    """What a page that was read did not show of itself."""
    page = terrain.pages[url]
    facts = page.facts
    if facts is None or (short and len(facts.text) >= 200):
        return {}
    gaps = {
        part: Unseen(url=part, text=page.facts.title or "" if page.facts else "", because="include")
        for part in terrain.lacking.get(url, ())
    }
    if facts.script_lists:
        gaps[url] = Unseen(url=url, text=facts.title or "", because="shell")
    return gaps


def nothing_found(
    terrain: Terrain, area: Area, roots: tuple[AreaCoverage, ...], hint: re.Pattern[str]
) -> AreaCoverage:
    """No sign of an area: it is absent only if all that should have led to it was seen."""
    searched: dict[str, None] = {}
    unseen: dict[str, Unseen] = {}
    hidden = False
    for root in roots:
        searched.update(dict.fromkeys(root.pages))
        if root.area is Area.NAVIGATION:
            continue
        if root.state in (AreaState.PARTIAL, AreaState.UNREACHED):
            hidden = True
            unseen.update({link.url: link for link in root.unseen})
    for url in searched:
        unseen.update(_dark_ways(terrain, url, hint))
    if hidden or unseen:
        platform_only = [root for root in roots if root.state is AreaState.UNREACHED]
        state = AreaState.UNREACHED if len(platform_only) == len(roots) else AreaState.PARTIAL
        return weigh(area, searched, unseen.values(), state=state)
    return AreaCoverage(
        area=area,
        state=AreaState.ABSENT,
        pages=tuple(searched),
        because="应当通向它的页面都已看过，没有找到",
    )


def _dark_ways(terrain: Terrain, url: str, hint: re.Pattern[str]) -> dict[str, Unseen]:
    """Links of a page, of no known name, that were not seen and might lead to what is looked for."""
    dark: dict[str, Unseen] = {}
    named = {sign.target for sign in terrain.ways.signs}
    for link in terrain.way_links(url):
        target = terrain.places.find(link.url) or link.url
        if target in dark or not terrain.on_site(target) or terrain.readable(target):
            continue
        if target in named and not hint.search(link.text):
            continue
        if (terrain.truncated or not link.text or hint.search(link.text)) and (
            because := terrain.blindness(target)
        ):
            dark[target] = Unseen(url=target, text=link.text, because=because)
    return dark
