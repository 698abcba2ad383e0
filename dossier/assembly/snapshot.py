"""The snapshot of one unit on one night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from dossier.assembly.areas import all_partial, areas_of
from dossier.assembly.cms import cms_of
from dossier.assembly.columns import Namer, find_ways
from dossier.assembly.pages import Gathered, gather
from dossier.assembly.places import Places, hosts_of
from dossier.assembly.shape import redesign
from dossier.assembly.terrain import REASONS, Terrain
from dossier.assembly.walls import walled
from dossier.model import (
    AccountFacts,
    Capture,
    Column,
    Coverage,
    Exemption,
    ListedDocument,
    PageFacts,
    PageKind,
    ProbeSample,
    Purpose,
    Reach,
    RuleTables,
    SiteRow,
    SiteSnapshot,
    Unit,
    UnitReport,
    WorkCalendar,
)
from dossier.reasons import in_words

_NEVER_SEEN = frozenset({"network-down", "crashed", "no-address"})
_FINISHES: Mapping[str, str] = {
    "network-down": "抓取时本机网络不通",
    "crashed": "抓取程序中断，没有收尾",
    "no-address": "没有登记网站地址",
    "home-unseen": "首页没有打开",
    "blocked": "抓取中途被网站防护拦截",
    "budget": "抓取达到页数或时间上限",
}
_CUT_SHORT = ("budget", "depth", "not-tried")
_SHRUNK = 0.5
"""Less than half of what earlier nights saw is not the same site seen again."""
_MOST_ANSWERED = 0.8
"""With so many good answers among what was asked, what was not asked may be taken to be there."""


def assemble(
    unit: Unit,
    *,
    run_id: str,
    as_of: date,
    report: UnitReport | None,
    captures: Iterable[Capture],
    facts_of: Callable[[Capture], PageFacts | None],
    calendar: WorkCalendar,
    tables: RuleTables,
    vocabulary: Namer,
    listed: Iterable[ListedDocument] | None = None,
    probes: Iterable[ProbeSample] = (),
    accounts: Iterable[AccountFacts] = (),
    exemptions: Iterable[Exemption] = (),
    history: Mapping[str, float] | None = None,
) -> SiteSnapshot:
    """One unit's site as it was seen in one run: what the rules judge."""
    gathered = gather(captures, facts_of)
    places = Places(gathered.pages, gathered.aliases)
    ways = find_ways(gathered.pages, places, vocabulary)
    homes = _homes(unit, gathered, places)
    home_urls = tuple(dict.fromkeys(url for _, url in homes))
    pages = {
        url: msgspec.structs.replace(
            page,
            columns=ways.columns.get(url, frozenset()) | ({Column.HOME} if url in home_urls else frozenset()),
            list_date=ways.list_dates.get(url),
        )
        for url, page in gathered.pages.items()
    }
    pages = walled(pages, ways.columns, home_urls)
    past = dict(history or {})
    terrain = Terrain(
        pages=pages,
        places=places,
        ways=ways,
        homes=home_urls,
        hosts=hosts_of(unit),
        skipped={skip.url: skip.because for skip in report.skipped} if report else {},
        lacking=gathered.lacking,
        parts=gathered.parts,
        truncated=_truncated(report),
        as_of=as_of,
    )
    return SiteSnapshot(
        unit=unit,
        run_id=run_id,
        as_of=as_of,
        pages=pages,
        coverage=msgspec.structs.replace(
            _coverage(unit, report, terrain, past, vocabulary.hints),
            cms=cms_of(pages, tables.cms, terrain.hosts),
        ),
        calendar=calendar,
        tables=tables,
        inbound=ways.inbound,
        homes=homes,
        aliases=_all_aliases(gathered, places),
        listed=tuple(listed) if listed is not None else None,
        probes=tuple(probes),
        accounts=tuple(accounts),
        exemptions=tuple(exemptions),
        certificates=dict(report.certificates) if report else {},
        history=past,
        frozen_structure=redesign(pages, past),
    )


def _homes(unit: Unit, gathered: Gathered, places: Places) -> tuple[tuple[SiteRow, str], ...]:
    """Each website row with the page it opens; a notice that the site moved is followed to where it points."""
    homes: list[tuple[SiteRow, str]] = []
    for row in unit.websites:
        url = places.find(row.url)
        if url is None:
            continue
        page = gathered.pages[url]
        if page.kind is PageKind.MOVED and page.facts and page.facts.moved_to:
            url = places.find(page.facts.moved_to) or url
        homes.append((row, url))
    return tuple(homes)


def _truncated(report: UnitReport | None) -> bool:
    if report is None:
        return True
    return report.finish != "finished" or any(report.skipped_counts.get(key) for key in _CUT_SHORT)


def _all_aliases(gathered: Gathered, places: Places) -> dict[str, str]:
    """Every address by which a page was linked, so that a rule can follow a link as written."""
    met: set[str] = set()
    for page in gathered.pages.values():
        if page.facts is not None:
            met.update([link.url for link in page.facts.links])
            met.update([link.url for link in page.facts.interpretations])
            met.update([item.url for item in page.facts.items])
    others = met - gathered.pages.keys() - gathered.aliases.keys()
    return gathered.aliases | {url: found for url in others if (found := places.find(url))}


def _coverage(
    unit: Unit,
    report: UnitReport | None,
    terrain: Terrain,
    history: Mapping[str, float],
    hints: Mapping[str, tuple[str, ...]],
) -> Coverage:
    """How much of the site was seen, and why not more."""
    reaches = Counter(
        page.capture.reach.value
        for page in terrain.pages.values()
        if page.capture.purpose is not Purpose.EXTERNAL
    )
    asked = report.asked if report and report.asked else sum(reaches.values())
    finish = report.finish if report else "crashed"
    seen = _seen(terrain)
    carried = [page.capture.at for page in terrain.pages.values() if page.capture.carried]
    blind = _blind(report, terrain)
    areas = areas_of(terrain, hints)
    doubt = "" if blind else _doubtful(unit, seen, history)
    if doubt:
        areas = all_partial(areas, doubt)
    return Coverage(
        areas=areas,
        asked=asked,
        ok=report.ok if report and report.ok else reaches.get(Reach.OK.value, 0),
        reaches=dict(reaches),
        skipped=dict(report.skipped_counts) if report else {},
        finish=finish,
        because=blind or doubt or (report.because if report else "") or _FINISHES.get(finish, ""),
        inspected=not blind,
        carried=len(carried),
        oldest_carried=min(carried, default=None),
    )


def _seen(terrain: Terrain) -> int:
    """How many pages of the site were read. What was not asked tonight counts as far as what was asked answered well:
    a site that shuts its doors must not look whole because we did not knock."""
    own = [url for url in terrain.pages if terrain.on_site(url)]
    asked = [url for url in own if not terrain.pages[url].capture.carried]
    read = sum(terrain.readable(url) for url in own)
    well = sum(not terrain.blindness(url) for url in asked) / max(1, len(asked))
    if len(asked) == len(own) or well >= _MOST_ANSWERED:
        return read
    carried = len(own) - len(asked)
    return read - round(carried * (1 - well))


def _blind(report: UnitReport | None, terrain: Terrain) -> str:
    """Why nothing may be said of this unit tonight; empty where its home page was seen."""
    if report is None:
        return "抓取没有收尾，本轮不作判断"
    if report.finish in _NEVER_SEEN:
        return report.because or _FINISHES[report.finish]
    readable = [url for url in terrain.homes if terrain.readable(url)]
    if readable and not all(_leads_nowhere(url, terrain) for url in readable):
        return ""
    if readable:
        return "首页上没有任何栏目、列表和站内链接，不像网站首页（可能正在维护，或要求登录）"
    if not terrain.homes:
        return report.because or _FINISHES.get(report.finish, "") or "首页没有打开"
    url = terrain.homes[0]
    page = terrain.pages[url]
    if page.kind is PageKind.MOVED:
        where = page.facts.moved_to if page.facts else ""
        return f"首页只说网站已迁移{'到 ' + where if where else ''}，请核对网站名录"
    why = REASONS.get(terrain.blindness(url), "首页显示不存在")
    reason = f"（{in_words(page.capture.reason)}）" if page.capture.reason else ""
    return f"首页没有看到：{why}{reason}"


_BARE = 600
"""Characters; who says more on a front door has something to show."""


def _leads_nowhere(url: str, terrain: Terrain) -> bool:
    """Whether a front door is shut: a few words, and no way on but a login. Then the site behind it was not seen."""
    facts = terrain.pages[url].facts
    if facts is None or len(facts.whole_text) > _BARE or facts.items:
        return False
    if facts.includes or facts.data_sources or facts.script_lists or facts.attachments or facts.media:
        return False
    if any(form.purpose == "login" for form in facts.forms):
        return True
    return not any(link.url and link.url != url and terrain.on_site(link.url) for link in facts.links)


def _doubtful(unit: Unit, seen: int, history: Mapping[str, float]) -> str:
    """Why what was seen is too little to be the whole site."""
    least = sum(row.min_pages for row in unit.websites)
    if seen < least:
        return f"只看到 {seen} 个页面，少于名录登记的最少页数 {least}，视为没有看全"
    usual = history.get("pages", 0)
    if usual >= 10 and seen < usual * _SHRUNK:
        return f"只看到 {seen} 个页面，往常约 {usual:.0f} 个，视为没有看全"
    return ""
