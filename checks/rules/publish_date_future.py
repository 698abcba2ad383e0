"""发布日期晚于检查日。

## 查什么
内容页的发布日期，或者列表中条目的日期，晚于检查日一天以上。

## 为什么要紧
国办秘函〔2019〕19号把发布时间失实列为问题；日期在将来，说明发布管理失当或为应付检查改动日期。

## 看不见什么
列表日期在将来而页面自己的日期正常的，可能是活动日期，只提示人工核对。

## 怎样整改
改正发布日期。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from checks.accuse import fail, unsure
from checks.lenses.navigation import CONTENT_KINDS, facts_of, own_pages
from dossier.model import Claim, DateSource, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="publish-date-future",
    name="发布日期晚于检查日",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("国办秘函〔2019〕19号",),
    claim=Claim.PRESENCE,
    messages={
        "page": "“{title}”的发布日期为 {date}，晚于检查日 {today}",
        "item": "列表中“{title}”的日期为 {date}，晚于检查日 {today}",
    },
    remedy="改正该信息的发布日期。",
)

_SHOWN = frozenset({DateSource.LABEL, DateSource.POSITION, DateSource.TAG})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Nothing can have been published tomorrow."""
    last = site.as_of + timedelta(days=int(site.tables.threshold("publish-date-future.days")))
    for page in own_pages(site):
        facts = facts_of(page)
        if page.kind in CONTENT_KINDS and facts.published and facts.published > last:
            if facts.published_from in _SHOWN:
                yield fail(
                    RULE,
                    page.url,
                    "page",
                    page=page,
                    quote=_quote(page, facts.published),
                    title=facts.title or page.url,
                    date=facts.published,
                    today=site.as_of,
                )
        elif page.kind not in CONTENT_KINDS:
            yield from _items(site, page, last)


def _items(site: SiteSnapshot, page: Page, last: date) -> Iterator[Outcome]:
    for item in facts_of(page).items:
        if item.date is None or item.date <= last:
            continue
        target = site.page(item.url) if item.url else None
        subject = target.url if target else item.url or page.url
        own = facts_of(target).published if target and target.ok else None
        data: dict[str, Any] = {"title": item.title, "date": item.date, "today": site.as_of}
        quote = f"{item.title} {item.date.isoformat()}"
        if own is not None and own > last:
            continue
        if own is not None:
            yield unsure(
                RULE,
                subject,
                "item",
                because=f"列表日期在将来，而页面自己的日期是 {own.isoformat()}，请人工核对列表所示是不是发布日期",
                page=page,
                quote=quote,
                **data,
            )
        else:
            yield fail(RULE, subject, "item", page=page, quote=quote, **data)


def _quote(page: Page, day: date) -> str:
    """The date as the page writes it, where it can be found again."""
    words = facts_of(page).whole_text
    for form in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02}月{day.day:02}日",
        day.strftime("%Y/%m/%d"),
        day.strftime("%Y.%m.%d"),
    ):
        if form in words:
            return form
    return facts_of(page).tags.get("PubDate", day.isoformat())
