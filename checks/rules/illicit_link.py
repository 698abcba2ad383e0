"""暗链和不良链接。

## 查什么
用隐藏手法（不显示、零尺寸、移出屏幕）放在页面里、指向外站的链接；链接文字或落地页标题含有词表中
赌博、色情词语的外站链接。

## 为什么要紧
国办秘函〔2019〕19号：出现反动、暴力、色情、赌博等内容的，单项否决；暗链往往说明网站已被入侵。

## 看不见什么
指向政府、教育网站和社交平台（tables/illicit.toml 的 trusted）的隐藏链接（下拉菜单、分享按钮）不算；同一目标在别处明着链接的不算；
词语出现在“打击、整治”一类语境中的，只提示人工核对。

## 怎样整改
立即删除该链接，排查入侵途径并修补。
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import Any

from checks.accuse import fail, seen, unsure
from checks.lens import lens
from checks.lenses.navigation import facts_of, known_as, own_pages, unit_hosts
from dossier.addresses import host_of
from dossier.model import Claim, Link, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="illicit-link",
    name="暗链或不良链接",
    topic=Topic.UPKEEP,
    severity=Severity.MAJOR,
    basis=("国办秘函〔2019〕19号 单项否决“严重错误”",),
    claim=Claim.PRESENCE,
    messages={
        "hidden": "页面中藏有指向外站的链接“{text}”（{how}）：{target}",
        "words": "链接“{text}”指向的外站含有“{word}”：{target}",
    },
    remedy="立即删除该链接，排查网站是否被入侵并修补漏洞。",
)

_AGAINST = re.compile(
    r"打击|整治|严查|专项|防范|拒绝|远离|禁止|反赌|禁赌|涉赌|案|举报|警示|治理|查处|宣传|危害|戒"
)
_HOW = {
    "display-none": "设为不显示",
    "hidden-attribute": "设为隐藏",
    "zero-size": "尺寸为零",
    "off-screen": "移出屏幕",
}
_CUNNING = frozenset({"zero-size", "off-screen"})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A link that only machines are meant to see was not put there by the office."""
    landings = _landings(site)
    for page in own_pages(site):
        for link in facts_of(page).links:
            if link.url in landings:
                word = _first_word(site.tables.illicit_words, link.text, landings[link.url])
                if (word or link.hidden) and (said := _of(site, page, link, word)):
                    yield said


@lens
def _landings(site: SiteSnapshot) -> Mapping[str, str]:
    """Addresses of foreign hosts that the site links to, each with the title of the page there: few, and the same on every
    page of a frame."""
    hosts = unit_hosts(site)
    return {
        url: _landing(site.page(url))
        for url in known_as(site)
        if url.startswith(("http://", "https://")) and _foreign(hosts, url)
    }


def _landing(target: Page | None) -> str:
    return (
        (target.facts.title or target.facts.html_title or "") if target and target.ok and target.facts else ""
    )


def _of(site: SiteSnapshot, page: Page, link: Link, word: str) -> Outcome | None:
    target = site.page(link.url)
    landing = _landing(target)
    url = target.url if target else link.url
    trusted = _trusted(site, link.url)
    data: dict[str, Any] = {"text": link.text or link.url, "target": url}
    how = _HOW.get(link.hidden, link.hidden)
    if word and not trusted:
        evidence = (seen(target, landing),) if target and word in landing else ()
        if _AGAINST.search(link.text or landing) and not link.hidden:
            return unsure(
                RULE,
                url,
                "words",
                because="词语可能出现在打击、整治一类的语境中，请人工打开核对",
                page=page,
                quote=link.text,
                place=link.at,
                evidence=evidence,
                word=word,
                **data,
            )
        return fail(
            RULE,
            url,
            "words",
            page=page,
            quote=link.text,
            place=link.at,
            evidence=evidence,
            word=word,
            **data,
        )
    if trusted or not link.hidden or url in openly_linked(site):
        return None
    if link.hidden in _CUNNING or not (link.opener or _menu_like(site, page, link)):
        return fail(
            RULE, url, "hidden", page=page, quote=link.text or link.url, place=link.at, how=how, **data
        )
    return unsure(
        RULE,
        url,
        "hidden",
        because=(
            f"这一区域旁边只有“{link.opener}”几个字，可能是点开它才显示的菜单，请人工查看网页核对"
            if link.opener
            else "与本站或政府网站的链接一起放在不显示的区域，可能是下拉菜单，请人工查看网页核对"
        ),
        page=page,
        quote=link.text or link.url,
        place=link.at,
        how=how,
        **data,
    )


@lru_cache(maxsize=1 << 14)
def _first_word(words: tuple[str, ...], *texts: str) -> str:
    """The first of these words that stands in one of the texts; the links of a site's frame are the same on every page."""
    return next((word for word in words if any(word in text for text in texts)), "")


def _trusted(site: SiteSnapshot, url: str) -> bool:
    return _is_one_of(site.tables.trusted_hosts, host_of(url))


@lru_cache(maxsize=1 << 12)
def _is_one_of(ends: tuple[str, ...], host: str) -> bool:
    """Whether a host is one of these or stands below one; a site's frame leads to the same few from every page."""
    return f".{host}".endswith(tuple(f".{end}" for end in ends))


def _foreign(hosts: Container[str], url: str) -> bool:
    host = host_of(url)
    return bool(host) and host not in hosts


@lens
def openly_linked(site: SiteSnapshot) -> frozenset[str]:
    """Foreign targets that the site also shows to the eye."""
    hosts = unit_hosts(site)
    return frozenset(
        target.url if (target := site.page(link.url)) else link.url
        for page in own_pages(site)
        for link in facts_of(page).links
        if link.url and not link.hidden and _foreign(hosts, link.url)
    )


def _menu_like(site: SiteSnapshot, page: Page, link: Link) -> bool:
    """Whether links of the unit or of other authorities are hidden in the same block of the page, or in its
    sister block: the panels of one row of tabs are built alike, and one of them may hold three foreign names."""
    hosts, block = unit_hosts(site), _block(link)
    return any(
        other.hidden
        and other.hidden not in _CUNNING
        and other.url
        and _sisters(_block(other), block)
        and (not _foreign(hosts, other.url) or _trusted(site, other.url))
        for other in facts_of(page).links
    )


def _sisters(one: str, other: str) -> bool:
    """Whether two places are the same, or one step apart: two entries of the same row, built alike below."""
    if one == other:
        return True
    steps, others = one.split("/"), other.split("/")
    if len(steps) != len(others):
        return False
    apart = [n for n, (step, its) in enumerate(zip(steps, others, strict=True)) if step != its]
    return (
        len(apart) == 1
        and 2 < apart[0] < len(steps) - 1
        and steps[apart[0]].partition("[")[0] == others[apart[0]].partition("[")[0]
    )


def _block(link: Link) -> str:
    """The block that a link stands in: its list, where it is an entry of one, else what holds it."""
    above = link.at.rpartition("/")[0]
    while above.rpartition("/")[2].partition("[")[0] in ("li", "p", "span", "td", "dd", "tr", "option"):
        above = above.rpartition("/")[0]
    return above
