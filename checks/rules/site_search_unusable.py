"""站内搜索不可用。

## 查什么
网站首页有没有搜索框或搜索入口；用站内刚看到的标题去搜，是否出错或什么也搜不到。

## 为什么要紧
《政府网站发展指引》要求提供站内搜索；条例第二十四条要求平台具备信息检索功能。

## 看不见什么
搜索框由脚本绘制、搜索结果需要浏览器才能看到的，只提示人工试搜。

## 怎样整改
在首页设置搜索框，保证能搜到已发布的信息。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import absent, passed, seen, unsure
from checks.lenses.navigation import facts_of, home_pages, host_of, own_pages
from dossier.model import Area, Claim, Column, Outcome, Page, Purpose, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="site-search-unusable",
    name="站内搜索不可用",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("《政府网站发展指引》（国办发〔2017〕47号）", "《中华人民共和国政府信息公开条例》第二十四条"),
    claim=Claim.ABSENCE,
    needs=(Area.HOME,),
    messages={
        "no-box": "网站首页没有搜索框或搜索入口",
        "untried": "首页有搜索框，搜索结果没有试成",
    },
    remedy="在首页设置站内搜索，保证能搜到已发布的信息。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """What cannot be searched is found by those who already know where it is."""
    for page in home_pages(site):
        host = host_of(page.url)
        if not _offers_search(site, page):
            elsewhere = next(
                (one for one in own_pages(site) if host_of(one.url) == host and _has_box(one)), None
            )
            if elsewhere:
                yield passed(RULE, host, page=elsewhere)
            elif facts_of(page).includes or facts_of(page).script_lists:
                yield unsure(
                    RULE,
                    host,
                    "no-box",
                    because="首页有没有取到或由脚本绘制的部分，请人工打开首页看有没有搜索框",
                    page=page,
                )
            else:
                yield absent(
                    RULE, host, "no-box", searched=(page,), looked_for=("搜索框", "站内搜索", "检索")
                )
            continue
        results = [
            found
            for found in site.pages.values()
            if found.capture.purpose is Purpose.SEARCH and host_of(found.url) == host
        ]
        answered = next((found for found in results if found.ok and facts_of(found).items), None)
        if answered:
            yield passed(RULE, host, page=answered)
        else:
            yield unsure(
                RULE,
                host,
                "untried",
                because="搜索结果没有自动试成，请人工用网站上的一个标题试搜，看能否搜到",
                page=page,
                evidence=tuple(seen(found, note="试搜的结果页") for found in results[:3]),
            )


def _has_box(page: Page) -> bool:
    facts = facts_of(page)
    return facts.search_box or any(form.purpose == "search" for form in facts.forms)


def _offers_search(site: SiteSnapshot, page: Page) -> bool:
    facts = facts_of(page)
    if _has_box(page):
        return True
    return any(
        (target := site.page(link.url)) is not None and Column.SEARCH in target.columns
        for link in facts.links
        if link.url
    ) or any("搜索" in link.text or "检索" in link.text for link in facts.links)
