"""首页长期没有更新。

## 查什么
首页各信息列表中的条目，以列表所示日期和条目自身页面的发布日期为准，最新一条距检查日是否超过期限。

## 为什么要紧
国办秘函〔2019〕19号：首页栏目两周内没有信息更新的，单项否决。没有注明日期的，视为未更新。

## 看不见什么
列表由脚本绘制而未能渲染、条目没有日期且页面没有看到时，只提示人工核对。置顶的旧条目不影响判断，取最新日期。

## 怎样整改
及时在首页发布本单位工作动态等信息，并注明发布日期。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.freshness import freshness
from checks.lenses.navigation import drawn_elsewhere, facts_of
from dossier.addresses import host_of
from dossier.model import Area, Claim, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="home-stale",
    name="首页长期未更新",
    topic=Topic.UPKEEP,
    severity=Severity.MAJOR,
    basis=("国办秘函〔2019〕19号 单项否决“首页不更新”",),
    claim=Claim.PRESENCE,
    needs=(Area.HOME,),
    messages={
        "stale": "首页最新信息为 {newest}（{title}），距检查日已 {days} 天，超过 {limit} 天",
        "undated": "首页信息没有可辨认的日期",
    },
    remedy="在首页及时发布信息并注明日期，两周内至少更新一次。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A home page whose newest entry is weeks old is a closed office."""
    for _, url in site.homes:
        page = site.page(url)
        if page and page.ok:
            yield _of(site, page)


def _of(site: SiteSnapshot, page: Page) -> Outcome:
    host = host_of(page.url)
    limit = int(site.tables.threshold("home-stale.days"))
    found = freshness(site, page, facts_of(page).items)
    if found.newest and found.newest >= site.as_of - timedelta(days=limit):
        return passed(RULE, host, page=page, quote=f"{found.newest.isoformat()} {found.title}")
    if found.newest is None:
        return unsure(
            RULE,
            host,
            "undated",
            because="首页列表没有读到日期，请人工打开首页看最近的信息是哪一天的",
            page=page,
        )
    data: dict[str, Any] = {
        "newest": found.newest,
        "title": found.title,
        "days": (site.as_of - found.newest).days,
        "limit": limit,
    }
    quote = f"{found.newest.isoformat()} {found.title}"
    if found.hidden or drawn_elsewhere(page):
        because = (
            f"首页有 {len(found.hidden)} 条信息没有日期且页面没有看到（如“{found.hidden[0]}”），请人工核对其日期"
            if found.hidden
            else "首页有列表由脚本绘制而没有看到，请人工打开首页核对"
        )
        return unsure(RULE, host, "stale", because=because, page=page, quote=quote, **data)
    return fail(RULE, host, "stale", page=page, quote=quote, **data)
