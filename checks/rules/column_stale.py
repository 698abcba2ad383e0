"""栏目长期没有更新。

## 查什么
动态、要闻类栏目最新条目超过 14 天，通知公告、政策文件类栏目最新条目超过 6 个月。以列表日期和条目页面的
发布日期中较新者为准，看栏目已抓取的各页。

## 为什么要紧
国办秘函〔2019〕19号：动态、要闻类栏目两周内、通知公告和政策文件类栏目六个月内应有更新。

## 看不见什么
列表由脚本绘制、条目没有日期且页面没有看到时，只提示人工核对。专题专栏随主题结束，
挂在动态栏目之下也不按动态栏目要求，扫黑除恶、主题教育一类的动态栏目也是；登上级文件的栏目只提示人工核对；法律、法规、规章的栏目随立法更新，不作要求。只汇集下级栏目信息的上级栏目页不另作要求，由各下级栏目各自负责。确无信息可发的栏目，可登记豁免。

## 怎样整改
及时更新该栏目；长期无内容可发的，归并或撤下栏目。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.documents import shelf_of_laws
from checks.lenses.freshness import freshness, months_before
from checks.lenses.holding import is_part
from checks.lenses.navigation import (
    column_name,
    column_pages,
    drawn_elsewhere,
    facts_of,
    later_pages,
    listings,
    stands_in,
)
from dossier.model import Claim, Column, Item, Outcome, Page, PageKind, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="column-stale",
    name="栏目长期未更新",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("国办秘函〔2019〕19号 单项否决“栏目不更新”",),
    claim=Claim.PRESENCE,
    messages={
        "stale": "“{column}”栏目最新信息为 {newest}（{title}），距检查日已 {days} 天，超过{limit}",
        "undated": "“{column}”栏目的信息没有可辨认的日期",
    },
    remedy="及时更新该栏目；长期无内容可发的，归并或撤下栏目。",
)

_TOPIC = re.compile(r"专题|专栏|专区|扫黑除恶|主题教育|学习教育|专项(?:斗争|行动|整治)|巡视整改")
_FROM_ABOVE = re.compile(
    r"^(?:上级|国家|中央|国务院|部委|省级|省政府|省委)[^级]{0,6}(?:文件|政策|法规|规定|制度)"
)
"""What others issue does not come when this office wishes."""
_SLOW = frozenset({Column.NOTICE, Column.POLICY, Column.NORMATIVE, Column.POLICY_JOINT})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Each column that should move is asked for its newest entry."""
    for page in column_pages(site):
        columns = stands_in(page)
        if not facts_of(page).items or Column.HOME in columns or _shows_its_parts(site, page):
            continue
        if columns & _SLOW and shelf_of_laws(column_name(page)):
            continue
        if columns & _SLOW:
            months = int(site.tables.threshold("column-stale.notice_months"))
            yield _of(site, page, columns, months_before(site.as_of, months), f" {months} 个月")
        elif Column.NEWS in columns and not _of_one_topic(page):
            days = int(site.tables.threshold("column-stale.news_days"))
            yield _of(site, page, columns, site.as_of - timedelta(days=days), f" {days} 天")


def _shows_its_parts(site: SiteSnapshot, page: Page) -> bool:
    """A landing page whose entries all come from columns below it, each of which answers for itself."""
    shown, later = listings(site), later_pages(site)
    targets = [site.page(item.url) for item in facts_of(page).items if item.url]
    return bool(targets) and all(
        target is not None
        and any(
            listed.holder.kind is PageKind.COLUMN
            and listed.holder.url not in later
            and stands_in(listed.holder) & (_SLOW | {Column.NEWS})
            and is_part(page, listed.holder)
            for listed in shown.get(target.url, ())
        )
        for target in targets
    )


def _of_one_topic(page: Page) -> bool:
    """A 专题 ends with its topic, whatever news column the site hangs it under."""
    return any(_TOPIC.search(name) for name in (column_name(page), *facts_of(page).breadcrumb))


def _of(site: SiteSnapshot, page: Page, columns: frozenset[Column], since: date, limit: str) -> Outcome:
    pages, unseen = _whole_list(site, page)
    items = tuple(item for part in pages for item in _own_items(site, part, columns))
    found = freshness(site, page, items)
    name = column_name(page)
    if found.newest and found.newest >= since:
        return passed(RULE, page.url, page=page, quote=f"{found.newest.isoformat()} {found.title}")
    if found.newest is None:
        return unsure(
            RULE,
            page.url,
            "undated",
            because="栏目列表没有读到日期，请人工打开栏目看最近的信息是哪一天的",
            page=page,
            column=name,
        )
    data: dict[str, Any] = {
        "column": name,
        "newest": found.newest,
        "title": found.title,
        "days": (site.as_of - found.newest).days,
        "limit": limit,
    }
    quote = f"{found.newest.isoformat()} {found.title}"
    if found.hidden or drawn_elsewhere(page):
        because = "栏目中有信息没有日期且页面没有看到，或列表由脚本绘制，请人工打开栏目核对"
        return unsure(RULE, page.url, "stale", because=because, page=page, quote=quote, **data)
    if columns & _SLOW and _FROM_ABOVE.search(name):
        because = "栏目登的是上级的文件，多久没有新文件不由本单位决定，请人工核对是否应当更新"
        return unsure(RULE, page.url, "stale", because=because, page=page, quote=quote, **data)
    if unseen and _rising(items):
        because = "列表由旧到新排列而后面的页没有看到，请人工翻到最后一页核对"
        return unsure(RULE, page.url, "stale", because=because, page=page, quote=quote, **data)
    return fail(RULE, page.url, "stale", page=page, quote=quote, **data)


def _whole_list(site: SiteSnapshot, first: Page) -> tuple[tuple[Page, ...], bool]:
    """The pages of a list that were seen, and whether there are more."""
    pages, todo, unseen = {first.url: first}, list(facts_of(first).next_pages), False
    while todo:
        page = site.page(todo.pop())
        if page is None or not page.ok:
            unseen = True
        elif page.url not in pages:
            pages[page.url] = page
            todo.extend(facts_of(page).next_pages)
    return tuple(pages.values()), unseen


def _own_items(site: SiteSnapshot, page: Page, columns: frozenset[Column]) -> Iterator[Item]:
    """Entries of the column itself: its main list, and entries of other blocks that stand in the same column."""
    for item in facts_of(page).items:
        if item.block == 0:
            yield item
            continue
        target = site.page(item.url) if item.url else None
        if target and target.ok and stands_in(target) & columns:
            yield item


def _rising(items: tuple[Item, ...]) -> bool:
    """Whether a list runs from old to new."""
    dates = [item.date for item in items if item.date and not item.pinned]
    return len(dates) >= 2 and dates[0] < dates[-1]
