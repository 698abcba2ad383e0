"""外部链接打不开。

## 查什么
页面上指向外单位网站的链接，间隔两次访问都返回 404、410，或者域名两次都不存在。

## 为什么要紧
国办秘函〔2019〕19号把链接可用性列为检查指标；失效的外链还可能被他人抢注，变成不良网站的入口。

## 看不见什么
外站拒绝访问、限流、出错、超时，一概不算打不开。
外单位的网站一个也没有应答、域名都解析不了，或者连中国政府网这类必定存在的域名也解析不了，说明是检查所用的网络看不到外站，不据此指出问题。

## 怎样整改
改正或撤下该链接。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import fail, not_applicable, seen, surely_gone
from checks.lenses.navigation import twin_hosts
from checks.lenses.outside_names import unknown_names_believed
from checks.rules.link_broken import MOST_PAGES, reason_of
from dossier.addresses import host_of
from dossier.model import Claim, Outcome, Page, Purpose, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="external-link-broken",
    name="外部链接打不开",
    topic=Topic.UPKEEP,
    severity=Severity.MINOR,
    basis=("国办秘函〔2019〕19号 网站链接可用性",),
    claim=Claim.PRESENCE,
    messages={"gone": "外部链接“{text}”打不开（{reason}），有 {count} 个页面链接到它：{pages}"},
    remedy="改正或撤下该外部链接。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A signpost to a house that is no more."""
    hosts = twin_hosts(site)
    for page in site.pages.values():
        outside = page.capture.purpose is Purpose.EXTERNAL or (
            page.capture.purpose is not Purpose.SEARCH and host_of(page.url) not in hosts
        )
        if not outside or not _dead(page):
            continue
        if _nameless(page) and not unknown_names_believed(site):
            yield not_applicable(RULE, page.url, "检查所用的网络解析不了外单位的域名，看不到这个网站")
            continue
        sources = [
            (source, text) for url, text in site.inbound.get(page.url, ()) if (source := site.page(url))
        ]
        if not sources:
            continue
        first, text = sources[0]
        yield fail(
            RULE,
            page.url,
            "gone",
            page=first,
            quote=text,
            evidence=(
                seen(page, note=reason_of(page)),
                *(seen(source, words) for source, words in sources[1:MOST_PAGES]),
            ),
            page_url=page.url,
            text=text or page.url,
            reason=reason_of(page),
            count=len({source.url for source, _ in sources}),
            pages=list(dict.fromkeys(source.url for source, _ in sources))[:MOST_PAGES],
        )


def _dead(page: Page) -> bool:
    """Only a clear 404 or 410, or a name that does not exist, twice."""
    if not surely_gone(page):
        return False
    return (
        _nameless(page)
        or page.capture.status in (404, 410)
        or page.capture.reason.startswith(("status-404", "status-410"))
    )


def _nameless(page: Page) -> bool:
    return page.capture.reason.startswith("dns")
