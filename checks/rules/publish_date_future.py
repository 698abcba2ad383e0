"""发布日期晚于检查日。

## 查什么
内容页的发布日期，或者列表中条目的日期，晚于检查日一天以上。

## 为什么要紧
国办秘函〔2019〕19号把发布时间失实列为问题；日期在将来，说明发布管理失当或为应付检查改动日期。

## 看不见什么
列表日期在将来而页面自己的日期正常的，可能是活动日期，只提示人工核对。
注明日期的内容页有两成以上（不少于十个）都在检查日以后，更像是检查日期设早了，一律只提示人工核对。

## 怎样整改
改正发布日期。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

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

FEWEST_AHEAD, SHARE_AHEAD = 10, 0.2
"""An office misdates a page or two; where so many pages are ahead of the day of inspection, that day is behind."""
_SHOWN = frozenset({DateSource.LABEL, DateSource.POSITION, DateSource.TAG})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Nothing can have been published tomorrow."""
    last = site.as_of + timedelta(days=int(site.tables.threshold("publish-date-future.days")))
    behind = _day_is_behind(site, last)
    for page in own_pages(site):
        if page.kind in CONTENT_KINDS:
            published = facts_of(page).published
            if published and published > last and facts_of(page).published_from in _SHOWN:
                title = facts_of(page).title or page.url
                yield _ahead(site, page, page.url, "page", title, published, _quote(page, published), behind)
        else:
            yield from _items(site, page, last, behind)


def _day_is_behind(site: SiteSnapshot, last: date) -> str:
    """Why the day of inspection is rather to be doubted than the site; empty where it is not."""
    dated = [
        published
        for page in own_pages(site)
        if page.kind in CONTENT_KINDS and (published := facts_of(page).published)
    ]
    ahead = sum(day > last for day in dated)
    if ahead < FEWEST_AHEAD or ahead <= SHARE_AHEAD * len(dated):
        return ""
    return (
        f"注明日期的 {len(dated)} 个内容页中有 {ahead} 个晚于检查日 {site.as_of}，请先核对检查日期是否设早了"
    )


def _items(site: SiteSnapshot, page: Page, last: date, behind: str) -> Iterator[Outcome]:
    for item in facts_of(page).items:
        if item.date is None or item.date <= last:
            continue
        target = site.page(item.url) if item.url else None
        subject = target.url if target else item.url or page.url
        own = facts_of(target).published if target and target.ok else None
        if own is not None and own > last:
            continue
        doubt = (
            own and f"列表日期在将来，而页面自己的日期是 {own.isoformat()}，请人工核对列表所示是不是发布日期"
        )
        quote = f"{item.title} {item.date.isoformat()}"
        yield _ahead(site, page, subject, "item", item.title, item.date, quote, doubt or behind)


def _ahead(
    site: SiteSnapshot, page: Page, subject: str, key: str, title: str, day: date, quote: str, doubt: str
) -> Outcome:
    if doubt:
        return unsure(
            RULE, subject, key, because=doubt, page=page, quote=quote, title=title, date=day, today=site.as_of
        )
    return fail(RULE, subject, key, page=page, quote=quote, title=title, date=day, today=site.as_of)


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
