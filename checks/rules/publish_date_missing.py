"""内容页没有发布日期。

## 查什么
列表中的文章、文件、解读等内容页，页面文字、PubDate 标签和列表三处都没有发布日期。

## 为什么要紧
国办秘函〔2019〕19号：未注明发布日期的视为未更新；公众也无从判断信息新旧。

## 看不见什么
日期由脚本写入或页面有相近的日期字样而没有认准的，只提示人工核对。机构职能、联系我们之类常设页面不查。
一个网站上有三处以上、且超过三成都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
在内容页标题下注明发布日期。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lens import lens
from checks.lenses.navigation import (
    CONTENT_KINDS,
    FRAME_PLACES,
    drawn_elsewhere,
    facts_of,
    home_pages,
    listings,
    own_pages,
)
from dossier.model import (
    Claim,
    Column,
    DateSource,
    Outcome,
    Page,
    PageFacts,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
)

RULE = Rule(
    id="publish-date-missing",
    name="内容页无发布日期",
    topic=Topic.UPKEEP,
    severity=Severity.MINOR,
    basis=("国办秘函〔2019〕19号（未注明发布日期的视为未更新）",),
    claim=Claim.ABSENCE,
    messages={"missing": "“{title}”没有注明发布日期"},
    remedy="在内容页标题下注明发布日期，并填写 PubDate 标签。",
    plausible_share=0.3,
)

_STANDING = frozenset(
    {
        Column.HOME,
        Column.PLATFORM,
        Column.GUIDE,
        Column.APPLICATION,
        Column.FUNCTIONS,
        Column.ORGANS,
        Column.LEADERS,
        Column.CONTACT,
        Column.SITEMAP,
        Column.SEARCH,
        Column.NEW_MEDIA,
    }
)
_NEAR = re.compile(
    r"(?:发布|发表|更新|日期|时间|上传|录入)[^\n\d]{0,12}((?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}|\d{1,2}-\d{1,2}|今天|昨天|\d+\s*(?:小时|分钟|天)前)"
)
_ANY_DATE = re.compile(r"20\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}")


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """News without a day is no news."""
    lists, shown = listings(site), _shown_on_the_front_page(site)
    for page in own_pages(site):
        facts = facts_of(page)
        if page.kind not in CONTENT_KINDS or page.columns & _STANDING or _is_a_column_by_its_labels(facts):
            continue
        if page.url not in lists and not (page.url in shown and _is_one_text(facts)):
            continue
        holders = [listed.holder for listed in lists.get(page.url, ())]
        title = facts.title or (lists[page.url][0].title if holders else "")
        told = facts.published is not None and facts.published_from is not DateSource.ADDRESS
        if (
            told
            or page.list_date
            or any(name.lower() == "pubdate" and value for name, value in facts.tags.items())
        ):
            yield passed(RULE, page.url, page=page)
            continue
        near = _near(page)
        if near or drawn_elsewhere(page):
            because = (
                "页面上有相近的日期字样，没有认准是不是发布日期，请人工打开核对"
                if near
                else "页面有由脚本绘制的部分，请人工打开核对有没有发布日期"
            )
            yield unsure(RULE, page.url, "missing", because=because, page=page, quote=near, title=title)
        else:
            yield absent(
                RULE,
                page.url,
                "missing",
                searched=(page, *holders[:3]),
                looked_for=("发布日期", "发布时间", "PubDate"),
                title=title,
            )


@lens
def _shown_on_the_front_page(site: SiteSnapshot) -> frozenset[str]:
    """What the home pages show outside their menus, be it by a picture or in a banner."""
    return frozenset(
        target.url
        for home in home_pages(site)
        for link in facts_of(home).links
        if link.url
        and (link.place not in FRAME_PLACES or len(link.text) >= _A_TITLE)
        and (target := site.page(link.url)) is not None
    )


_A_TITLE = 12
"""Characters from which on a link's words are a title, even in a frame: names of columns are shorter."""


def _is_a_column_by_its_labels(facts: PageFacts) -> bool:
    """Whether a page is labelled as the column that its headline names, and not as an article."""
    tags = {name.lower(): value.strip() for name, value in facts.tags.items()}
    labelled = tags.get("columnname")
    return bool(labelled) and labelled == facts.title and not tags.get("articletitle")


def _is_one_text(facts: PageFacts) -> bool:
    """Whether a page is labelled as an article and says where it is from: then it is one, listed or not."""
    return "ArticleTitle" in facts.tags and bool(facts.source)


def _near(page: Page) -> str:
    """A date beside a word for publishing, or at the very head of the page, that the reader did not take."""
    facts = facts_of(page)
    words = facts.whole_text or facts.text
    match = _NEAR.search(words)
    if match:
        return match.group(0)
    title = facts.title or ""
    start = words.find(title) + len(title) if title and title in words else 0
    head = words[start : start + 80].split(facts.text[:20], 1)[0] if facts.text else words[start : start + 80]
    match = _ANY_DATE.search(head)
    return match.group(0) if match else ""
