"""点了没有反应的链接。

## 查什么
导航和列表中看得见的链接，地址为空、`#` 或 `javascript:;`，又没有任何脚本处理点击。

## 为什么要紧
国办秘函〔2019〕19号的链接可用性要求：看着像链接，点了什么也不发生，等于没有内容。

## 看不见什么
带下拉菜单、选项卡、分享、打印等作用的，以及有点击处理的，不算；导航中的同一处只记一次。

## 怎样整改
给链接填上正确的地址，没有内容的撤下。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import fail, unsure
from checks.lenses.navigation import facts_of, home_pages, nav_columns, own_pages
from dossier.model import Claim, Link, LinkPlace, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="fake-link",
    name="空链接",
    topic=Topic.UPKEEP,
    severity=Severity.MINOR,
    basis=("国办秘函〔2019〕19号 网站链接可用性",),
    claim=Claim.PRESENCE,
    messages={"nowhere": "“{text}”看着是链接，点了没有反应（地址写作“{raw}”）"},
    remedy="给该链接填上正确的地址；没有内容的，撤下链接。",
)

_FUNCTIONS = re.compile(
    r"顶部|上一|下一|首页|末页|尾页|更多|展开|收起|登录|注册|无障碍|关怀|长者|适老|繁体|简体|繁體|收藏|打印|关闭|分享|返回|搜索|检索"
    r"|English|APP|客户端|微信|微博|抖音|头条|手机版|移动版|二维码|公众号|字号|大 ?中 ?小|暂停|播放|请选择|切换|[A-Za-z]{1,3}|^\W*$|^\d+$",
    re.IGNORECASE,
)
_ACCUSED = frozenset({LinkPlace.NAV, LinkPlace.HEADER, LinkPlace.LIST})
_ACCUSED_IN_LISTS = frozenset({LinkPlace.BODY, LinkPlace.SIDE, LinkPlace.MAIN})
"""Places where a link counts only as an entry of a list (`li`)."""


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A link that the eye takes for one and the hand does not."""
    told: set[str] = set()
    homes = home_pages(site)
    ordered = {page.url: page for page in (*homes, *own_pages(site))}
    for page in ordered.values():
        for link in facts_of(page).links:
            if link.url:
                continue
            if not _goes_nowhere(page, link) and not (
                page in homes and _stands_in_the_menu(site, page, link)
            ):
                continue
            if link.place is not LinkPlace.LIST:
                if link.text in told:
                    continue
                told.add(link.text)
            yield _of(page, link)


def _of(page: Page, link: Link) -> Outcome:
    subject = f"{page.url} {link.text}"
    because = ""
    if link.place in (LinkPlace.NAV, LinkPlace.HEADER) and _another_follows(page, link):
        because = "导航中的这一处可能是展开下级菜单的标题，请人工把鼠标移上去看"
    elif _is_tab(page, link):
        because = "这一处可能是切换内容的标签（脚本写在页面之外时看不出来），请人工点一下看"
    if because:
        return unsure(
            RULE,
            subject,
            "nowhere",
            because=because,
            page=page,
            quote=link.text,
            place=link.at,
            text=link.text,
            raw=link.raw,
        )
    return fail(
        RULE,
        subject,
        "nowhere",
        page=page,
        quote=link.text,
        place=link.at,
        text=link.text,
        raw=link.raw,
    )


def _stands_in_the_menu(site: SiteSnapshot, page: Page, link: Link) -> bool:
    """Whether it is a cell between cells that lead to columns: the menu of a page laid out in tables, which no name marks."""
    if link.place is not LinkPlace.BODY or not _CELL.search(link.at) or not _leads_nowhere(page, link):
        return False
    links = facts_of(page).links
    at = next(n for n, one in enumerate(links) if one is link)
    columns = {nav.page.url for nav in nav_columns(site)}
    beside = (*links[max(0, at - 2) : at], *links[at + 1 : at + 3])
    return len(beside) >= _FEWEST_BESIDE and all(
        one.place is link.place
        and 0 < len(one.text) <= _LONGEST_TAB
        and (target := site.page(one.url)) is not None
        and (target.url in columns or target.url == page.url)
        for one in beside
    )


_CELL = re.compile(r"/td\[\d+\]/a$")
_FEWEST_BESIDE = 3
_LONGEST_TAB = 8
"""Characters of a tab's heading; longer texts are headlines."""


def _is_tab(page: Page, link: Link) -> bool:
    """Whether it may be one of a row of tabs: a short name, beside others that go nowhere either. What
    switches tabs is often bound by class in a script file that no reading of the page shows."""
    if len(link.text) > _LONGEST_TAB:
        return False
    alike = {
        other.text
        for other in facts_of(page).links
        if not other.url
        and not other.handler
        and other.tag == link.tag
        and 0 < len(other.text) <= _LONGEST_TAB
        and other.place is link.place
    }
    return len(alike) >= 2


def _another_follows(page: Page, link: Link) -> bool:
    """Whether the next link of the page is in the same place and may be an entry under this one."""
    links = facts_of(page).links
    number = next(n for n, one in enumerate(links) if one is link)
    return number + 1 < len(links) and links[number + 1].place is link.place and bool(links[number + 1].url)


def _goes_nowhere(page: Page, link: Link) -> bool:
    return (
        link.place in _ACCUSED or (link.place in _ACCUSED_IN_LISTS and "/li" in link.at)
    ) and _leads_nowhere(page, link)


def _leads_nowhere(page: Page, link: Link) -> bool:
    return (
        not link.url
        and link.tag in ("a", "area")
        and bool(link.text)
        and not link.hidden
        and not link.handler
        and _empty(link.raw)
        and not _FUNCTIONS.search(link.text)
        and not _opens_a_menu(page, link)
    )


def _empty(raw: str) -> bool:
    bare = "".join(raw.split()).lower()
    return bare in (
        "",
        "#",
        "##",
        "###",
        "#none",
        "#nogo",
        "javascript:",
        "javascript:;",
        "javascript:void(0)",
        "javascript:void(0);",
        "javascript:;;",
        "javascript:void()",
        "javascript:void();",
    )


def _opens_a_menu(page: Page, link: Link) -> bool:
    """A heading of a menu has other links inside its own entry."""
    entry, _, last = link.at.rpartition("/")
    if not last or "li" not in entry.rpartition("/")[2]:
        return False
    return any(
        other.at.startswith(f"{entry}/") and other.at != link.at and other.url
        for other in facts_of(page).links
    )
