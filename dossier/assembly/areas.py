"""Not seen is not missing: for each part of a site, whether we may speak of what it lacks.

An area is COMPLETE when all that leads to it was seen and read, PARTIAL when something that belongs to
it was not, UNREACHED when it is linked and none of it was seen, and ABSENT only when every place that
should lead to it was seen and none does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from dossier.assembly.columns import Sign
from dossier.assembly.lists import annual_gaps, year_gaps
from dossier.assembly.places import host_of
from dossier.assembly.terrain import Terrain, why
from dossier.model import Area, AreaCoverage, AreaState, Column, LinkPlace, PageKind, Reach, Unseen

_FEWEST_NAV_LINKS = 3
POLICY_COLUMNS = (Column.POLICY, Column.NORMATIVE, Column.POLICY_JOINT)
INTERPRETATION_COLUMNS = (Column.INTERPRETATION, Column.POLICY_JOINT)


def areas_of(terrain: Terrain, hints: Mapping[str, tuple[str, ...]]) -> dict[Area, AreaCoverage]:
    """The coverage of every area of one site; `hints` are the words that may lead to it (tables/columns.toml)."""
    disclosure, unit = (re.compile("|".join(map(re.escape, hints[name]))) for name in ("disclosure", "unit"))
    home = _home(terrain)
    navigation = _navigation(terrain, home)
    platform = _platform(terrain, home, navigation, disclosure)
    fronts = (home, platform)
    statutory = _leaf(terrain, Area.STATUTORY, (Column.STATUTORY,), fronts, disclosure)
    everywhere = (home, navigation, platform, statutory)
    functions = _leaf(
        terrain,
        Area.FUNCTIONS,
        (Column.FUNCTIONS, Column.ORGANS),
        everywhere,
        unit,
        aside=(Column.CONTACT,),
        members=True,
        strict=True,
    )
    found = (
        home,
        navigation,
        platform,
        _leaf(terrain, Area.GUIDE, (Column.GUIDE,), fronts, disclosure, members=True),
        _leaf(terrain, Area.RULES, (Column.RULES,), fronts, disclosure),
        statutory,
        annual_gaps(terrain, _leaf(terrain, Area.ANNUAL, (Column.ANNUAL,), fronts, disclosure, lists=True)),
        year_gaps(
            terrain,
            _leaf(terrain, Area.POLICY, POLICY_COLUMNS, everywhere, disclosure, lists=True),
            POLICY_COLUMNS,
        ),
        year_gaps(
            terrain,
            _leaf(terrain, Area.INTERPRETATION, INTERPRETATION_COLUMNS, everywhere, disclosure, lists=True),
            INTERPRETATION_COLUMNS,
        ),
        functions,
        _leaf(
            terrain,
            Area.LEADERS,
            (Column.LEADERS,),
            (*everywhere, functions),
            unit,
            members=True,
            strict=True,
        ),
        _leaf(
            terrain,
            Area.APPLICATION,
            (Column.APPLICATION,),
            fronts,
            disclosure,
            members=True,
            strict=True,
        ),
        _site(terrain),
    )
    return {coverage.area: _shown(coverage) for coverage in found}


def _shown(coverage: AreaCoverage) -> AreaCoverage:
    return msgspec.structs.replace(
        coverage, pages=coverage.pages[:_MOST_LISTED], unseen=coverage.unseen[:_MOST_LISTED]
    )


def _home(terrain: Terrain) -> AreaCoverage:
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
    return _weigh(Area.HOME, seen, unseen)


def _nav_links(terrain: Terrain, home: str) -> list[tuple[str, str]]:
    """Where the navigation leads, as (address, words)."""
    links = terrain.way_links(home)
    placed = [link for link in links if link.place in (LinkPlace.NAV, LinkPlace.HEADER)]
    chosen = (
        placed if len(placed) >= _FEWEST_NAV_LINKS else [link for link in links if 0 < len(link.text) <= 8]
    )
    return [(link.url, link.text) for link in chosen if terrain.on_site(link.url)]


def _navigation(terrain: Terrain, home: AreaCoverage) -> AreaCoverage:
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
    return _weigh(Area.NAVIGATION, dict.fromkeys(seen), unseen.values())


def _platform(
    terrain: Terrain, home: AreaCoverage, navigation: AreaCoverage, disclosure: re.Pattern[str]
) -> AreaCoverage:
    """The disclosure platform's front pages: what the home page, its columns and the platform itself call so."""
    seen: dict[str, None] = {}
    unseen: dict[str, Unseen] = {}
    fronts = {*home.pages, *navigation.pages}
    for sign in terrain.signs_to((Column.PLATFORM,)):
        if sign.source not in fronts and sign.link.place is LinkPlace.FOOTER:
            continue
        if hidden := _hidden(terrain, sign):
            unseen.setdefault(hidden.url, hidden)
        elif terrain.readable(sign.target):
            seen.setdefault(sign.target)
    for url in terrain.pages:
        if terrain.readable(url) and terrain.pages[url].kind is PageKind.PLATFORM:
            seen.setdefault(url)
    for url in seen:
        unseen.update(_inner_gaps(terrain, url))
    if seen or unseen:
        return _weigh(Area.PLATFORM, seen, unseen.values())
    return _nothing_found(terrain, Area.PLATFORM, (home, navigation), disclosure)


def _inner_gaps(terrain: Terrain, url: str, *, short: bool = False) -> dict[str, Unseen]:
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


def _leaf(
    terrain: Terrain,
    area: Area,
    columns: tuple[Column, ...],
    roots: tuple[AreaCoverage, ...],
    hint: re.Pattern[str],
    *,
    aside: tuple[Column, ...] = (),
    members: bool = False,
    strict: bool = False,
    lists: bool = False,
) -> AreaCoverage:
    """An area to which signs lead.

    `aside`: columns whose loss leaves the area partly seen, though they are not it. `members`: what its
    pages list belongs to it. `strict`: a root that was not seen may hold more of it. `lists`: its signs
    may stand for single items of a list, which are looked at later, by date.
    """
    seen = dict.fromkeys(terrain.pages_in(columns))
    unseen: dict[str, Unseen] = {}
    for sign in terrain.signs_to(columns):
        if lists and (sign.link.place is LinkPlace.LIST or (seen and _somebody_elses(terrain, sign))):
            continue
        if hidden := _hidden(terrain, sign):
            unseen.setdefault(hidden.url, hidden)
    for url in seen:
        unseen.update(_inner_gaps(terrain, url, short=not lists))
        if members:
            unseen.update(_unseen_items(terrain, url))
    if not seen and not unseen:
        found = _nothing_found(terrain, area, roots, hint)
    else:
        if strict and seen:
            unseen.update(_unseen_beyond(roots))
        found = _weigh(area, seen, unseen.values())
    beside = {hidden.url: hidden for sign in terrain.signs_to(aside) if (hidden := _hidden(terrain, sign))}
    if beside and found.state in (AreaState.COMPLETE, AreaState.ABSENT):
        return _weigh(area, found.pages, beside.values(), state=AreaState.PARTIAL)
    return found


def _hidden(terrain: Terrain, sign: Sign) -> Unseen | None:
    """What a sign names and was not seen; None where it was, or surely is not there."""
    if terrain.shows_front_door(sign.link.url):
        return Unseen(url=sign.link.url, text=sign.link.text, because="front-door")
    because = "" if terrain.readable(sign.target) else terrain.blindness(sign.target)
    return Unseen(url=sign.target, text=sign.link.text, because=because) if because else None


_HIGHER_AUTHORITY = re.compile(r"国务院|国家|中央|部委|各部|省政府|省委|省级|市政府|市委|市级|上级")


def _somebody_elses(terrain: Terrain, sign: Sign) -> bool:
    """Whether a sign beside the unit's own column leads to the documents of another government: another
    domain altogether, or another host under a name that says whose they are (“省政府文件”)."""
    host = host_of(sign.target)
    if host in terrain.hosts:
        return False
    akin = _domain(host) in {_domain(own) for own in terrain.hosts}
    return not akin or bool(_HIGHER_AUTHORITY.search(sign.link.text))


def _domain(host: str) -> str:
    labels = host.partition(":")[0].split(".")
    return ".".join(labels[-3:] if labels[-2:-1] == ["gov"] else labels[-2:])


def _unseen_items(terrain: Terrain, url: str) -> dict[str, Unseen]:
    """Entries of a page's own list that were not seen."""
    page = terrain.pages[url]
    if page.facts is None or page.kind in (PageKind.HOME, PageKind.PLATFORM):
        return {}
    return {
        item.url: Unseen(url=item.url, text=item.title, because=because)
        for item in page.facts.items
        if item.url
        and item.block == 0
        and terrain.on_site(item.url)
        and (because := terrain.blindness(item.url))
    }


def _unseen_beyond(roots: Iterable[AreaCoverage]) -> dict[str, Unseen]:
    """What the way to an area did not show, where whole pages of it were hidden."""
    return {
        link.url: link
        for root in roots
        if root.area is not Area.NAVIGATION and root.state in (AreaState.UNREACHED, AreaState.PARTIAL)
        for link in root.unseen
    }


def _nothing_found(
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
        return _weigh(area, searched, unseen.values(), state=state)
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


def _site(terrain: Terrain) -> AreaCoverage:
    """Everything within the budget: complete only where nothing at all was kept from us."""
    seen = [url for url in terrain.pages if terrain.on_site(url) and terrain.readable(url)]
    unseen = [
        Unseen(url=url, because=because)
        for url in terrain.pages
        if terrain.on_site(url) and (because := terrain.blindness(url))
    ]
    unseen += [
        Unseen(url=url, because=because)
        for url, because in terrain.skipped.items()
        if because in ("budget", "depth", "not-tried")
    ]
    coverage = _weigh(Area.SITE, seen, unseen)
    if terrain.truncated and coverage.state is AreaState.COMPLETE:
        return AreaCoverage(
            area=Area.SITE, state=AreaState.PARTIAL, pages=coverage.pages, because="抓取没有走完全站"
        )
    return coverage


_MOST_LISTED = 200


def _weigh(
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


def all_partial(areas: Mapping[Area, AreaCoverage], because: str) -> dict[Area, AreaCoverage]:
    """No area may be called complete or absent tonight, for a reason that concerns the whole site."""
    return {
        area: AreaCoverage(
            area=area,
            state=AreaState.UNREACHED if found.state is AreaState.UNREACHED else AreaState.PARTIAL,
            pages=found.pages,
            unseen=found.unseen,
            because="；".join(text for text in (because, found.because) if text),
        )
        for area, found in areas.items()
    }
