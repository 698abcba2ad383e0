"""Not seen is not missing: for each part of a site, whether we may speak of what it lacks.

An area is COMPLETE when all that leads to it was seen and read, PARTIAL when something that belongs to
it was not, UNREACHED when it is linked and none of it was seen, and ABSENT only when every place that
should lead to it was seen and none does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from dossier.addresses import host_of
from dossier.assembly.columns import Sign
from dossier.assembly.fronts import home_pages, navigation_of, platform_of
from dossier.assembly.gaps import hidden_by, inner_gaps, nothing_found, weigh
from dossier.assembly.lists import annual_gaps, year_gaps
from dossier.assembly.terrain import Terrain
from dossier.model import Area, AreaCoverage, AreaState, Column, LinkPlace, PageKind, Reach, Unseen

POLICY_COLUMNS = (Column.POLICY, Column.NORMATIVE, Column.POLICY_JOINT)
INTERPRETATION_COLUMNS = (Column.INTERPRETATION, Column.POLICY_JOINT)
_MOST_LISTED = 200


def areas_of(terrain: Terrain, hints: Mapping[str, tuple[str, ...]]) -> dict[Area, AreaCoverage]:
    """The coverage of every area of one site; `hints` are the words that may lead to it (tables/columns.toml)."""
    disclosure, unit = (re.compile("|".join(map(re.escape, hints[name]))) for name in ("disclosure", "unit"))
    home = home_pages(terrain)
    navigation = navigation_of(terrain, home)
    platform = platform_of(terrain, home, navigation, disclosure)
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
        if hidden := hidden_by(terrain, sign):
            unseen.setdefault(hidden.url, hidden)
    for url in seen:
        unseen.update(inner_gaps(terrain, url, short=not lists))
        if members:
            unseen.update(_unseen_items(terrain, url))
    if not seen and not unseen:
        found = nothing_found(terrain, area, roots, hint)
    else:
        if strict and seen:
            unseen.update(_unseen_beyond(roots))
        found = weigh(area, seen, unseen.values())
    beside = {hidden.url: hidden for sign in terrain.signs_to(aside) if (hidden := hidden_by(terrain, sign))}
    if beside and found.state in (AreaState.COMPLETE, AreaState.ABSENT):
        return weigh(area, found.pages, beside.values(), state=AreaState.PARTIAL)
    return found


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
    """Entries of a page's own list that were not seen. A part of the frame that robots.txt closes to everybody (a calendar
    beside each list) is none of them; one that failed or was kept from us may be."""
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
        and not (because == Reach.DISALLOWED.value and item.url in terrain.beside_everything)
    }


def _unseen_beyond(roots: Iterable[AreaCoverage]) -> dict[str, Unseen]:
    """What the way to an area did not show, where whole pages of it were hidden."""
    return {
        link.url: link
        for root in roots
        if root.area is not Area.NAVIGATION and root.state in (AreaState.UNREACHED, AreaState.PARTIAL)
        for link in root.unseen
    }


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
    coverage = weigh(Area.SITE, seen, unseen)
    if terrain.truncated and coverage.state is AreaState.COMPLETE:
        return AreaCoverage(
            area=Area.SITE, state=AreaState.PARTIAL, pages=coverage.pages, because="抓取没有走完全站"
        )
    return coverage


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
