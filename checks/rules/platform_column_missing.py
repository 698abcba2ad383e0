"""政府信息公开平台缺少固定栏目。

## 查什么
政府信息公开平台首页（以及网站首页、导航栏目）有没有通向下列四个固定栏目的链接：政府信息公开指南、
政府信息公开制度、法定主动公开内容、政府信息公开年报。各栏目的名称变体见栏目词表，用了变体名称的算有。
平台把各栏目放在同一页的标签里的（四个名称有三个以上不带链接地列在平台页上），标签即算入口。
平台上名称笼统（如“制度建设”）而所列多为信息公开制度的栏目也算有。

## 为什么要紧
国办公开办函〔2019〕61号规定政府信息公开平台由这四个栏目组成，名称和位置相对固定，公众才找得到。

## 看不见什么
链接在、但目标打不开的，不算缺栏目；平台由脚本绘制、没有看全或有名称相近的链接时，只提示人工核对。

## 怎样整改
在平台首页补设所缺栏目，使用61号规定的名称，并保证从平台首页一次点击可达。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, not_applicable, passed, seen, unsure
from checks.lenses.catalogue import catalogues_on_platforms
from checks.lenses.navigation import facts_of
from checks.lenses.platform import (
    FIXED_COLUMNS,
    column_signposts,
    front_pages,
    near_misses,
    platform_pages,
    tabs_on,
)
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Claim,
    Column,
    Evidence,
    Outcome,
    Page,
    PageKind,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
)

RULE = Rule(
    id="platform-column-missing",
    name="政府信息公开平台缺少固定栏目",
    topic=Topic.PLATFORM,
    severity=Severity.MAJOR,
    basis=("国办公开办函〔2019〕61号",),
    claim=Claim.ABSENCE,
    needs=(Area.HOME, Area.PLATFORM),
    messages={"missing": "政府信息公开平台未见“{column}”栏目"},
    remedy="在政府信息公开平台首页补设所缺的固定栏目，使用国办公开办函〔2019〕61号规定的名称。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A platform consists of four columns; each is looked for by itself."""
    platform = platform_pages(site)
    for fixed in FIXED_COLUMNS:
        if not platform:
            yield not_applicable(RULE, fixed.subject, "没有找到政府信息公开平台，由“平台入口”一项判断")
            continue
        ways = column_signposts(site, fixed)
        if ways:
            yield passed(RULE, fixed.subject, page=ways[0].source, quote=ways[0].link.text)
            continue
        unfolded = catalogues_on_platforms(site) if fixed.column is Column.STATUTORY else ()
        if unfolded:
            yield passed(RULE, fixed.subject, page=unfolded[0].page, quote=unfolded[0].heading)
            continue
        tab = next((page for page in platform if fixed.subject in tabs_on(page)), None)
        if tab is not None:
            yield passed(RULE, fixed.subject, page=tab, quote=tabs_on(tab)[fixed.subject])
            continue
        shelf = _by_what_it_holds(site, platform) if fixed.column is Column.RULES else None
        if shelf:
            yield passed(RULE, fixed.subject, page=shelf[0], quote=shelf[1])
            continue
        searched = front_pages(site)
        near = near_misses(searched, fixed.near, fixed.not_near)
        covered = site.coverage.areas.get(fixed.area)
        if near:
            because = "平台上有名称相近的链接，请人工打开，看它是否就是这个栏目"
        elif covered and covered.state not in (AreaState.ABSENT, AreaState.COMPLETE):
            because = f"通向该栏目的地方没有看全（{covered.because}），请人工打开平台首页核对"
        else:
            because = ""
        if because:
            yield unsure(
                RULE,
                fixed.subject,
                "missing",
                because=because,
                evidence=near,
                page=platform[0],
                column=fixed.name,
            )
        else:
            yield absent(
                RULE,
                fixed.subject,
                "missing",
                searched=searched,
                looked_for=(fixed.name,),
                near=_elsewhere(site, covered),
                column=fixed.name,
            )


_OF_RULES = re.compile(r"制度|规定|依据")
_OF_DISCLOSURE = re.compile(r"公开|发布|保密审查")


def _by_what_it_holds(site: SiteSnapshot, platform: tuple[Page, ...]) -> tuple[Page, str] | None:
    """A column of the platform with a general name (制度建设) most of whose entries are rules of disclosure."""
    for source in platform:
        for link in facts_of(source).links:
            target = site.page(link.url) if link.url and _OF_RULES.search(link.text) else None
            if target is None or not target.ok or target.kind is not PageKind.COLUMN:
                continue
            titles = [item.title for item in facts_of(target).items]
            if titles and 2 * sum(bool(_OF_DISCLOSURE.search(title)) for title in titles) > len(titles):
                return source, link.text
    return None


def _elsewhere(site: SiteSnapshot, covered: AreaCoverage | None) -> tuple[Evidence, ...]:
    """Pages of the kind that the site has, though nothing on the platform leads there."""
    if covered is None or covered.state is not AreaState.COMPLETE:
        return ()
    pages = [page for url in covered.pages[:3] if (page := site.page(url))]
    return tuple(
        seen(page, note="网站别处的同类页面，平台、首页和导航栏目都没有通向它的链接") for page in pages
    )
