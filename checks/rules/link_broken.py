"""站内链接打不开。

## 查什么
本单位主机上的页面、图片、附件链接，间隔两次访问都明确表示不存在（404、410，或者页面自己说不存在）；
附件、图片两次都只给出报错网页或者空文件的，也算打不开。一个目标记一条，列出链接到它的页面。

## 为什么要紧
国办秘函〔2019〕19号把链接可用性列为检查指标，公众点了却打不开。

## 看不见什么
拒绝访问、被防护拦截、服务器出错、超时都不算不存在。政策文件的附件同时由“公文附件打不开”检查，只扣一次分。

## 怎样整改
恢复该页面，或者改正、撤下指向它的链接。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, seen, unsure
from checks.lenses.attached import FILE_ADDRESS
from checks.lenses.navigation import twin_hosts, twin_page, unit_hosts
from dossier.addresses import host_of
from dossier.model import Claim, Evidence, Outcome, Page, Purpose, Reach, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="link-broken",
    name="站内链接打不开",
    topic=Topic.UPKEEP,
    severity=Severity.MINOR,
    basis=("国办秘函〔2019〕19号 网站链接可用性",),
    claim=Claim.PRESENCE,
    messages={"gone": "链接“{text}”打不开（{reason}），有 {count} 个页面链接到它：{pages}"},
    remedy="恢复该页面或文件，或者改正、撤下指向它的链接。",
)

MOST_PAGES = 20
_LINKED = frozenset({Purpose.PAGE, Purpose.ATTACHMENT, Purpose.IMAGE})
_FILES = frozenset({Purpose.ATTACHMENT, Purpose.IMAGE})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """One finding for each dead target, however many pages lead to it."""
    hosts = unit_hosts(site)
    homes = {url for _, url in site.homes}
    for page in site.pages.values():
        if (
            page.capture.reach is Reach.GONE
            and page.capture.purpose in _LINKED
            and (host_of(page.url) in hosts or _is_only_twin(site, page))
            and page.url not in homes
        ):
            yield from accuse_target(RULE, site, page)


def _is_only_twin(site: SiteSnapshot, page: Page) -> bool:
    """Linked with www where the unit's host has none (or without), and not under the unit's host as well."""
    return host_of(page.url) in twin_hosts(site) and twin_page(site, page) is None


def accuse_target(rule: Rule, site: SiteSnapshot, page: Page) -> Iterator[Outcome]:
    """The finding on one dead target, with the pages that lead to it."""
    linking = ((site.page(url), text) for url, text in site.inbound.get(page.url, ()))
    sources = [(source, text) for source, text in linking if source is not None and source.ok]
    if not sources:
        return
    first, text = sources[0]
    data: dict[str, Any] = {
        "text": text or page.url,
        "reason": reason_of(page),
        "count": len({source.url for source, _ in sources}),
        "pages": list(dict.fromkeys(source.url for source, _ in sources))[:MOST_PAGES],
    }
    evidence: tuple[Evidence, ...] = (
        seen(page, (page.facts.title or "") if page.facts else "", note=reason_of(page)),
        *(seen(source, words) for source, words in sources[1:MOST_PAGES]),
    )
    if page.gone_twice and says_gone(page):
        yield fail(
            rule, page.url, "gone", page=first, quote=text, evidence=evidence, page_url=page.url, **data
        )
    else:
        because = (
            "目标返回的内容不对，但没有明确说不存在，请人工打开核对"
            if page.gone_twice
            else "只有一次显示不存在，请人工再打开一次核对"
        )
        yield unsure(
            rule,
            page.url,
            "gone",
            because=because,
            page=first,
            quote=text,
            evidence=evidence,
            page_url=page.url,
            **data,
        )


def says_gone(page: Page) -> bool:
    """Whether the answer itself says that there is nothing: its status, its words, or an empty file in its place."""
    capture = page.capture
    if capture.status in (404, 410) or capture.reason.startswith(("status-404", "status-410", "soft-404")):
        return True
    is_file = capture.purpose in _FILES or bool(FILE_ADDRESS.search(page.url))
    return is_file and all(one.reason in ("wrong-type", "empty") for one in page.tries[-2:])


def reason_of(page: Page) -> str:
    """Why a target counts as gone, in Chinese."""
    reason = page.capture.reason
    if reason.startswith("dns"):
        return "域名不存在"
    if reason.startswith("soft-404:home"):
        return "跳转到首页，与访问不存在的地址时相同"
    if reason.startswith("soft-404"):
        return "页面显示内容不存在"
    if reason.startswith("wrong-type"):
        return "打开的不是文件，而是显示内容不存在的网页"
    if reason == "wrong-type":
        return "给出的是报错网页，不是文件"
    if reason == "empty":
        return "内容是空的"
    return f"返回 {page.capture.status}" if page.capture.status else "不存在"
