"""What was seen of a site, and for what was not seen, why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dossier.addresses import host_of
from dossier.assembly.columns import BESIDE_EVERYTHING, Sign, Ways
from dossier.assembly.places import Places, bare
from dossier.model import (
    Column,
    Link,
    LinkPlace,
    Page,
    PageKind,
    Purpose,
    Reach,
    Unseen,
)

REASONS: Mapping[str, str] = {
    Reach.REFUSED.value: "网站拒绝访问",
    Reach.BLOCKED.value: "被网站防护拦截",
    Reach.BROKEN.value: "服务器出错",
    Reach.SILENT.value: "没有应答",
    Reach.OFF_SITE.value: "跳转到其他网站",
    Reach.DISALLOWED.value: "robots.txt 不允许抓取",
    Reach.GONE.value: "只有一次显示不存在",
    "budget": "超出抓取页数上限",
    "depth": "层级过深",
    "trap": "疑似无尽链接",
    "off-site": "在登记主机之外",
    "not-tried": "没有抓取",
    "shell": "由脚本绘制，未能渲染",
    "front-door": "打开的是首页",
    "unreadable": "打开了但读不出内容",
    "include": "页面引用的公共部分没有取到",
}

_BLIND_KINDS = frozenset({PageKind.SHELL, PageKind.CHALLENGE, PageKind.ERROR, PageKind.MOVED})

WAY_PLACES = frozenset(
    {LinkPlace.NAV, LinkPlace.HEADER, LinkPlace.SIDE, LinkPlace.BODY, LinkPlace.MAIN, LinkPlace.FOOTER}
)


def _is_mute(page: Page) -> bool:
    """Whether an answer shows that something is wrong and does not say that there is nothing: no bytes at all, the
    front door, a page without a word of 'not found' that fits any address."""
    reason = page.capture.reason
    if reason == "soft-404:calibrated":
        return page.kind is not PageKind.ERROR
    return reason in ("empty", "soft-404:home")


@dataclass(frozen=True)
class Terrain:
    """All that coverage is worked out from."""

    pages: Mapping[str, Page]
    places: Places
    ways: Ways
    homes: tuple[str, ...]
    hosts: frozenset[str]
    skipped: Mapping[str, str]
    """Address → why the crawler did not ask it."""
    lacking: Mapping[str, tuple[str, ...]]
    truncated: bool
    """The crawl stopped before it had asked all it knew."""
    as_of: date
    parts: frozenset[str] = frozenset()
    """Parts of pages that were seen, each as part of the pages that load it."""

    def readable(self, url: str) -> bool:
        """Whether a page was seen and said something."""
        return url in self._readable

    @cached_property
    def _readable(self) -> frozenset[str]:
        return frozenset(
            url
            for url, page in self.pages.items()
            if page.ok and page.kind not in _BLIND_KINDS and not self._mute(page)
        )

    @staticmethod
    def _mute(page: Page) -> bool:
        return page.facts is not None and bool(page.facts.unreadable) and not page.facts.text

    def blindness(self, url: str) -> str:
        """Why an address was not seen; empty where it was seen, or is surely gone."""
        target = self.places.find(url)
        page = self.pages.get(target or "")
        if page is None and url in self.parts:
            return ""
        if page is None:
            if self.hosts and host_of(url) not in self.hosts:
                return "off-site"
            because = self.skipped.get(url, "not-tried")
            return "" if because == "duplicate" else because
        if page.capture.reach is not Reach.OK:
            if _is_mute(page):
                return "unreadable"
            return "" if page.gone_twice else page.capture.reach.value
        if page.facts is None and page.capture.purpose is Purpose.IMAGE:
            return ""
        if page.facts is None:
            return "off-site" if host_of(page.url) not in self.hosts else "unreadable"
        if page.kind is PageKind.SHELL:
            return "shell"
        if page.kind is PageKind.CHALLENGE:
            return Reach.BLOCKED.value
        if page.kind is PageKind.ERROR:
            return Reach.BROKEN.value
        if page.kind is PageKind.MOVED:
            return Reach.OFF_SITE.value
        return "unreadable" if self._mute(page) else ""

    @cached_property
    def beside_everything(self) -> frozenset[str]:
        """Addresses that the lists of many differently named columns show: what the frame of the site offers
        everywhere is no part of any column."""
        listed: dict[str, set[str]] = defaultdict(set)
        for page in self.pages.values():
            if page.facts is not None and page.kind is PageKind.COLUMN:
                for item in page.facts.items:
                    if item.url and item.date is None:
                        listed[item.url].add(page.facts.title or page.url)
        return frozenset(url for url, names in listed.items() if len(names) >= BESIDE_EVERYTHING)

    def shows_front_door(self, url: str) -> bool:
        """Whether something else than the home page is asked for here, and the home page is shown in its place."""
        home = self.places.find(url)
        if home is None or home not in self.homes:
            return False
        capture = self.pages[home].capture
        return bare(url) not in {bare(own) for own in (home, capture.url, *capture.redirects)}

    def on_site(self, url: str) -> bool:
        return host_of(url) in self.hosts

    def signs_to(self, columns: Iterable[Column]) -> tuple[Sign, ...]:
        """Links anywhere on the site whose words name one of these columns, each once for all pages that show it."""
        wanted = frozenset(columns)
        return tuple(sign for sign in self.ways.signs if sign.column in wanted)

    def pages_in(self, columns: Iterable[Column]) -> tuple[str, ...]:
        """Readable pages that stand in one of these columns, in crawl order."""
        wanted = frozenset(columns)
        return tuple(
            url
            for url in self.pages
            if self.ways.columns.get(url, frozenset()) & wanted and self.readable(url)
        )

    def way_links(self, url: str) -> tuple[Link, ...]:
        """Links of a page that lead on, not to one item of a list."""
        page = self.pages.get(url)
        if page is None or page.facts is None:
            return ()
        items = {item.url for item in page.facts.items if item.date is not None}
        return tuple(
            link
            for link in page.facts.links
            if link.url
            and link.place in WAY_PLACES
            and len(link.text) <= 20
            and link.url not in items
            and link.tag != "img"
        )


def why(unseen: Iterable[Unseen]) -> str:
    """Chinese reasons of unseen links, the most frequent first."""
    counts: dict[str, int] = {}
    for link in unseen:
        counts[link.because] = counts.get(link.because, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    return "、".join(f"{REASONS.get(key, key)} {count} 处" for key, count in ranked)
