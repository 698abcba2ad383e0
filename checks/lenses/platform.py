"""The disclosure platform with its fixed columns, as far as it was seen, and what came near to a missing one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from checks.accuse import seen
from checks.lens import lens
from checks.lenses.navigation import CONTENT_KINDS, facts_of, home_pages, nav_columns
from dossier.model import Area, Column, Evidence, Link, Page, PageKind, SiteSnapshot


class Signpost(msgspec.Struct, frozen=True, eq=False):
    """A link that leads, by its words or its target, to a column."""

    source: Page
    link: Link
    target: Page | None
    """None where the target was not asked."""


@dataclass(frozen=True)
class FixedColumn:
    """One of the four columns that 61号 fixes."""

    subject: str
    name: str
    column: Column
    area: Area
    near: re.Pattern[str]
    """Words of a link that might be meant for it."""
    not_near: re.Pattern[str]


_SINGLE_PIECES = CONTENT_KINDS | {PageKind.ANNUAL_REPORT}

FIXED_COLUMNS: tuple[FixedColumn, ...] = (
    FixedColumn(
        "guide",
        "政府信息公开指南",
        Column.GUIDE,
        Area.GUIDE,
        re.compile(r"指南|指引"),
        re.compile(r"办事|服务|申请|申报|办理|投资|旅游|使用|便民|政务服务"),
    ),
    FixedColumn(
        "rules",
        "政府信息公开制度",
        Column.RULES,
        Area.RULES,
        re.compile(
            r"公开.{0,6}(?:制度|规定|办法|法规|条例|依据)|(?:制度|法规|依据).{0,4}公开|^(?:制度|规定|法规|依据)"
        ),
        re.compile(r"通知|会议|印发"),
    ),
    FixedColumn(
        "statutory",
        "法定主动公开内容",
        Column.STATUTORY,
        Area.STATUTORY,
        re.compile(r"主动公开|公开(?:内容|目录|事项|清单)|信息目录|法定公开"),
        re.compile(r"通知|方案|意见|标准"),
    ),
    FixedColumn(
        "annual",
        "政府信息公开年报",
        Column.ANNUAL,
        Area.ANNUAL,
        re.compile(r"年报|年度.{0,6}报告|公开.{0,4}报告"),
        re.compile(r"网站|法治|预算|决算|统计|财务|审计|通知"),
    ),
)


@lens
def platform_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """The front pages of the platform that were read."""
    covered = site.coverage.areas.get(Area.PLATFORM)
    urls = covered.pages if covered and covered.state.value in ("complete", "partial") else ()
    found = {
        page.url: page
        for url in urls
        if (page := site.page(url))
        and page.ok
        and (Column.PLATFORM in page.columns or page.kind is PageKind.PLATFORM)
    }
    return tuple(found.values())


@lens
def front_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """Where the way to disclosure must be shown: the home pages and the platform."""
    found = {page.url: page for page in (*platform_pages(site), *home_pages(site))}
    return tuple(found.values())


def signposts(
    site: SiteSnapshot, sources: tuple[Page, ...], column: Column, area: Area
) -> tuple[Signpost, ...]:
    """Links of these pages to a column: their target stands in it, or was not seen but is named so."""
    return _leading_to(site, _ways_from(site, sources), column, area)


def _ways_from(site: SiteSnapshot, sources: Iterable[Page]) -> tuple[Signpost, ...]:
    """All links of these pages that lead away from them."""
    return tuple(
        Signpost(source=source, link=link, target=target)
        for source in sources
        for link in facts_of(source).links
        if link.url and not ((target := site.page(link.url)) and target.url == source.url)
    )


def _leading_to(
    site: SiteSnapshot, ways: Iterable[Signpost], column: Column, area: Area
) -> tuple[Signpost, ...]:
    covered = site.coverage.areas.get(area)
    named = {link.url for link in covered.unseen if link.text} if covered else set()
    return tuple(
        way
        for way in ways
        if (way.target and column in way.target.columns)
        or (way.target.url if way.target else way.link.url) in named
    )


@lens
def platform_entries(site: SiteSnapshot) -> tuple[Signpost, ...]:
    """The entries to the platform on the home pages."""
    return signposts(site, home_pages(site), Column.PLATFORM, Area.PLATFORM)


@lens
def _main_ways(site: SiteSnapshot) -> tuple[Signpost, ...]:
    """Where the front pages and the navigation's pages lead; asked for every column by several rules."""
    sources = {page.url: page for page in (*front_pages(site), *(nav.page for nav in nav_columns(site)))}
    return _ways_from(site, sources.values())


def column_signposts(site: SiteSnapshot, fixed: FixedColumn) -> tuple[Signpost, ...]:
    """The ways to one of the four columns from the platform, the home page or the navigation's pages.

    A single report among the notices is not the column of reports; on the platform itself it may be.
    """
    return _column_signposts(site)[fixed.subject]


@lens
def _column_signposts(site: SiteSnapshot) -> Mapping[str, tuple[Signpost, ...]]:
    platform = {page.url for page in platform_pages(site)}
    return {
        fixed.subject: tuple(
            sign
            for sign in _leading_to(site, _main_ways(site), fixed.column, fixed.area)
            if sign.source.url in platform or sign.target is None or sign.target.kind not in _SINGLE_PIECES
        )
        for fixed in FIXED_COLUMNS
    }


def near_misses(
    pages: tuple[Page, ...], near: re.Pattern[str], not_near: re.Pattern[str] | None = None
) -> tuple[Evidence, ...]:
    """Links whose words come near to what is looked for; a person should look at them."""
    found: dict[str, Evidence] = {}
    for page in pages:
        news = {item.url for item in facts_of(page).items if item.url and item.date is not None}
        for link in facts_of(page).links:
            text = "".join(link.text.split())
            if (
                0 < len(text) <= 20
                and link.url not in news
                and near.search(text)
                and not (not_near and not_near.search(text))
                and text not in found
            ):
                found[text] = seen(
                    page, link.text, note=f"名称相近的链接：{link.text} {link.url or link.raw}"
                )
    for page in pages:
        for line in unlinked_words(page):
            if near.search(line) and not (not_near and not_near.search(line)) and line not in found:
                found[line] = seen(page, line, note=f"页面上没有链接的字样：{line}")
    return tuple(found.values())[:5]


_FEWEST_TABS, _LONGEST_TAB = 3, 14


def tabs_on(page: Page) -> dict[str, str]:
    """The fixed columns whose names stand on a page without leading to another, where it shows most of them so: a platform
    that holds its columns in one page, behind tabs. Column → the words of its tab."""
    here = ["".join(link.text.split()) for link in facts_of(page).links if not link.url and link.text]
    words = [line for line in (*unlinked_words(page), *here) if len(line) <= _LONGEST_TAB]
    found = {
        fixed.subject: line
        for fixed in FIXED_COLUMNS
        for line in words
        if fixed.near.search(line) and not fixed.not_near.search(line)
    }
    return found if len(found) >= _FEWEST_TABS else {}


_LONGEST_ROW = 80
_PROSE = re.compile(r"[。，；：？！,;:?!]")


def unlinked_words(page: Page) -> tuple[str, ...]:
    """Short words of a page that are no link's: the tabs of a page that holds its columns in itself, one by one
    or in a row."""
    facts = facts_of(page)
    known = {"".join(words.split()) for link in facts.links for words in (link.text,) if words.strip()}
    known |= {"".join(item.title.split()) for item in facts.items}
    known |= {"".join(step.split()) for step in (*facts.breadcrumb, facts.title or "") if step.strip()}
    longest_first = sorted((words for words in known if len(words) > 1), key=len, reverse=True)
    rest: dict[str, None] = {}
    for line in facts.whole_text.splitlines():
        words = "".join(line.split())
        if not 1 < len(words) <= _LONGEST_ROW or _PROSE.search(words):
            continue
        if any(one.startswith(words.rstrip(".…")) for one in longest_first):
            continue
        for one in longest_first:
            words = words.replace(one, " ")
        rest.update(dict.fromkeys(part for part in words.split() if not any(sign.isdigit() for sign in part)))
    return tuple(rest)
