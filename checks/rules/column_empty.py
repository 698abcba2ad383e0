"""栏目没有内容。

## 查什么
从首页、栏目导航或上级栏目的落地页到达的栏目页，没有条目、没有下级栏目、没有附件，自己的文字也不足规定字数。
写明本单位（本年度）没有该类信息的（“本局不收取任何费用”），不算空白。

## 为什么要紧
国办秘函〔2019〕19号：空白栏目达到一定数量单项否决；有栏目无内容，公众白跑一趟。

## 看不见什么
内容由脚本绘制、内嵌页面没有取到、页面被拦截或打不开的，不判断或只提示人工核对；只有图片和几个字的（如新媒体的二维码）也只提示。
一个网站上有三处以上、且超过半数都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
补充内容；长期无内容可发的，归并或撤下栏目。
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lens import lens
from checks.lenses.holding import holds_something, is_part, own_links
from checks.lenses.leaders import names_a_leader
from checks.lenses.navigation import (
    column_name,
    column_pages,
    drawn_elsewhere,
    facts_of,
    home_pages,
    later_pages,
    nav_columns,
    own_pages,
)
from checks.lenses.platform import FIXED_COLUMNS, column_signposts
from checks.lenses.titles import squeeze
from dossier.model import (
    Claim,
    Column,
    LinkPlace,
    Outcome,
    Page,
    PageKind,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
)

RULE = Rule(
    id="column-empty",
    name="空白栏目",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("国办秘函〔2019〕19号 单项否决“栏目不更新”（空白栏目）",),
    claim=Claim.ABSENCE,
    messages={"empty": "“{column}”栏目打开后没有任何内容"},
    remedy="补充栏目内容；长期无内容可发的，归并或撤下栏目。",
    plausible_share=0.5,
)

_COLUMN_KINDS = frozenset({PageKind.COLUMN, PageKind.OTHER, PageKind.STATUTORY, PageKind.RULES})
_OF_THE_OFFICE = frozenset({PageKind.LEADERS, PageKind.FUNCTIONS})
"""Such pages may be one picture (a chart, a row of portraits): empty only where there is none."""
_NAV_PLACES = frozenset({LinkPlace.NAV, LinkPlace.HEADER, LinkPlace.SIDE})
_OWN_PLACES = frozenset({LinkPlace.MAIN, LinkPlace.BODY, LinkPlace.LIST})
_NO_LISTS = frozenset({Column.HOME, Column.PLATFORM, Column.SEARCH, Column.SITEMAP, Column.APPLICATION})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A door that is painted on the wall."""
    characters = int(site.tables.threshold("column-empty.characters"))
    for page in _offered(site):
        said = _says_there_is_none(page) or _says_where(page) or _says_who(page)
        if said or holds_something(site, page, characters):
            yield passed(RULE, page.url, page=page)
        elif drawn_elsewhere(page):
            yield unsure(
                RULE,
                page.url,
                "empty",
                because="栏目内容由脚本绘制或由没有取到的部分构成，请人工打开核对",
                page=page,
                column=column_name(page),
            )
        elif _pictured(site, page) and _says_what_it_shows(page):
            yield unsure(
                RULE,
                page.url,
                "empty",
                because="栏目里只有图片和几个字，请人工打开看图片是不是栏目的内容",
                page=page,
                column=column_name(page),
            )
        else:
            yield absent(
                RULE,
                page.url,
                "empty",
                searched=(page,),
                looked_for=("条目", "下级栏目", "附件", "正文"),
                column=column_name(page),
            )


_NONE = re.compile(
    r"(?:我|本)(?:市|厅|局|委|办|院|会|中心|单位|部门|机关|年度?|级)[^。；\n]{0,16}?(?:无|没有|不涉及|不收取|不存在|未发生|未收取|未产生|停征|取消)"
)


def _says_there_is_none(page: Page) -> bool:
    """Whether a unit says in so many words that it has none of what the column is for (`本局不收取任何费用`)."""
    return _NONE.search(facts_of(page).text) is not None


_REACHED = re.compile(r"(?<!\d)(?:0\d{2,3}[)）\s\-—－]{1,2}\d{7,8}|1[3-9]\d{9})(?!\d)|\w@[\w\-]+\.\w")


def _says_where(page: Page) -> bool:
    """Whether a page that is to say how the office is reached does so, in however few words (`联系我们`)."""
    return Column.CONTACT in page.columns and _REACHED.search(facts_of(page).text) is not None


def _says_who(page: Page) -> bool:
    """Whether a page that is to name the leaders does so: two names with their posts are few words."""
    return Column.LEADERS in page.columns and names_a_leader(page)


_NOTHING = re.compile(r"暂无|没有|无(?:内容|数据|信息|记录)|建设中|敬请期待|更新中|整理中")
_SHORTEST_CAPTION = 4


def _says_what_it_shows(page: Page) -> bool:
    """Whether words of its own stand with the picture of a column (`微信公众号：山西科技` under a code to scan)."""
    words = squeeze(facts_of(page).text).removeprefix(squeeze(column_name(page)))
    return len(words) >= _SHORTEST_CAPTION and not _NOTHING.search(words)


def _offered(site: SiteSnapshot) -> tuple[Page, ...]:
    """Column pages to which the navigation of the home page or of another column, a landing page or a block of the home
    page leads."""
    fixed = {
        sign.target.url
        for column in FIXED_COLUMNS
        for sign in column_signposts(site, column)
        if sign.target is not None
    }
    reached: dict[str, Page] = {nav.page.url: nav.page for nav in nav_columns(site)}
    for source in (*home_pages(site), *column_pages(site), *site.of_kind(PageKind.PLATFORM)):
        for link in facts_of(source).links:
            if link.url and link.place in _NAV_PLACES and link.tag not in _DRAWN_IN_PLACE:
                target = site.page(link.url)
                if target and target.ok:
                    reached.setdefault(target.url, target)
    for page in (*_under_hubs(site, tuple(reached.values())), *_named_on_the_home_page(site)):
        reached.setdefault(page.url, page)
    own = {page.url for page in own_pages(site)}
    later = later_pages(site)
    return tuple(
        page
        for page in reached.values()
        if page.url in own
        and page.url not in later
        and page.url not in fixed
        and (page.kind in _COLUMN_KINDS or (page.kind in _OF_THE_OFFICE and not _pictured(site, page)))
        and not page.columns & _NO_LISTS
    )


_DRAWN_IN_PLACE = ("img", "iframe", "frame")
"""What a page shows in its own frame leads nowhere: a head or a search box drawn from a page of its own is no column."""
_FEWEST_PARTS = 2
_LONGEST_NAME = 12


def _under_hubs(site: SiteSnapshot, columns: tuple[Page, ...]) -> Iterator[Page]:
    """Columns to which only a landing page leads: one that is reached by the navigation, lists nothing itself and
    names its parts."""
    for hub in columns:
        if hub.kind not in _COLUMN_KINDS or any(item.date for item in facts_of(hub).items):
            continue
        parts = [
            part
            for link in own_links(site, hub)
            if len(link.text) <= _LONGEST_NAME and (part := site.page(link.url)) is not None and part.ok
        ]
        if len({part.url for part in parts}) < _FEWEST_PARTS and not any(
            is_part(hub, part) for part in parts
        ):
            continue
        yield from (part for part in parts if _is_a_column(hub, part) and not _pictured(site, part))


def _is_a_column(hub: Page, part: Page) -> bool:
    """Whether what a landing page leads to is a column by its own word, or by standing below the landing page."""
    return part.kind is PageKind.COLUMN and (
        bool(facts_of(part).tags.get("ColumnName")) or is_part(hub, part)
    )


def _named_on_the_home_page(site: SiteSnapshot) -> Iterator[Page]:
    """Columns that a block or a row of the home page leads to by their very name. A special topic may be one picture."""
    for home in home_pages(site):
        for link in facts_of(home).links:
            if link.url and link.place in _OWN_PLACES and not link.hidden:
                target = site.page(link.url)
                if (
                    target is not None
                    and target.ok
                    and target.kind is PageKind.COLUMN
                    and squeeze(link.text) == squeeze(column_name(target))
                    and not _pictured(site, target)
                ):
                    yield target


def _pictured(site: SiteSnapshot, page: Page) -> bool:
    """Whether a picture of its own stands on a page: the mark of the house above each page is none."""
    return any(
        link.tag in ("img", "iframe")
        and link.place in _OWN_PLACES
        and link.url not in _pictures_of_the_frame(site)
        for link in facts_of(page).links
    )


@lens
def _pictures_of_the_frame(site: SiteSnapshot) -> frozenset[str]:
    """Pictures that stand on most of a site's columns."""
    columns = column_pages(site)
    often = Counter(
        url
        for page in columns
        for url in {link.url for link in facts_of(page).links if link.tag == "img" and link.url}
    )
    return frozenset(
        url for url, times in often.items() if times >= _FEWEST_ALIKE and 2 * times > len(columns)
    )


_FEWEST_ALIKE = 3
"""Columns on which a picture stands, from which on it may belong to the frame."""
