"""法定主动公开内容目录缺少条例规定的事项。

## 查什么
条例第二十条各项（设区的市政府另加第二十一条）在平台的法定主动公开内容目录里有没有对应的栏目。
事项及其常见叫法见 tables 中的事项表；平台、目录及其下各栏目的名称、链接文字中出现任何一种叫法即算有。

## 为什么要紧
条例第二十条、第二十一条逐项列明了行政机关应当主动公开的信息，缺一项公众就少一条去路。

## 看不见什么
目录由脚本绘制、没有看全时不作判断；名称与事项相近但不相同的、
目录里没有而网站别处有同名栏目的，提示人工核对。
一个网站上有三处以上、且超过半数都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
在法定主动公开内容目录中补设该事项的栏目并发布内容；本机关没有该项职能的，登记豁免。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checks.accuse import absent, not_applicable, passed, seen, unsure
from checks.lens import lens
from checks.lenses.catalogue import LONGEST_LABEL, bare_name, catalogues_on_platforms, shown_as, wider
from checks.lenses.navigation import column_name, facts_of, home_targets, own_pages
from checks.lenses.platform import platform_pages, unlinked_words
from dossier.model import (
    Area,
    Claim,
    Column,
    Link,
    Outcome,
    Page,
    PageKind,
    Rule,
    Severity,
    SiteSnapshot,
    StatutoryItem,
    Topic,
    UnitClass,
)

RULE = Rule(
    id="statutory-item-missing",
    name="法定主动公开内容缺项",
    topic=Topic.PLATFORM,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第二十条、第二十一条", "晋政办函〔2020〕42号附件4第六项"),
    claim=Claim.ABSENCE,
    needs=(Area.PLATFORM, Area.STATUTORY),
    messages={"missing": "法定主动公开内容目录未见“{item}”（条例{clause}）"},
    remedy="在法定主动公开内容目录中补设该事项的栏目并发布内容；确无该项职能的，请说明理由。",
    plausible_share=0.5,
)

_ALIKE = 0.6
_CLAUSES: Mapping[str, str] = {"20": "第二十条", "21": "第二十一条"}
_NUMERALS = "零一二三四五六七八九十"


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Each item of the law has its place in the catalogue."""
    catalogue = catalogue_pages(site)
    labels = shown_labels(site)
    like_the_law = _is_built_like_the_law(site, labels)
    for item in site.tables.statutory:
        if not _applies(site, item):
            if like_the_law and site.unit.unit_class in item.applies and not _shown(site, item, labels):
                yield unsure(
                    RULE,
                    item.code,
                    "missing",
                    because="名录外的单位，事项表没有列明它适用哪些事项；目录按条例逐项设置而独缺这一项，请人工核对是否适用",
                    page=catalogue[0],
                    item=item.name,
                    clause=clause(item.code),
                )
            continue
        if not catalogue:
            yield not_applicable(
                RULE, item.code, "没有找到法定主动公开内容目录，由“平台缺少固定栏目”一项判断"
            )
            continue
        where = shown_as(item, labels)
        if where:
            yield passed(RULE, item.code, page=where[1], quote=where[0])
            continue
        elsewhere = shown_as(item, other_columns(site))
        near = _nearest(item, labels) or wider(item, labels)
        if elsewhere:
            yield unsure(
                RULE,
                item.code,
                "missing",
                because=f"目录中没有，但网站另有栏目“{elsewhere[0]}”，请人工核对目录是否应当链接到它",
                evidence=(seen(elsewhere[1], elsewhere[0], note="目录以外的栏目"),),
                page_url=catalogue[0].url,
                item=item.name,
                clause=clause(item.code),
            )
        elif near:
            yield unsure(
                RULE,
                item.code,
                "missing",
                because="目录中有名称相近的栏目，请人工核对它是否就是这一项",
                evidence=(seen(near[1], near[0], note="名称相近"),),
                page_url=catalogue[0].url,
                item=item.name,
                clause=clause(item.code),
            )
        else:
            yield absent(
                RULE,
                item.code,
                "missing",
                searched=catalogue,
                looked_for=item.labels[:8],
                item=item.name,
                clause=clause(item.code),
            )


_MOST_OF_THE_LAW = 10


def _is_built_like_the_law(site: SiteSnapshot, labels: Mapping[str, tuple[str, Page]]) -> bool:
    """Whether a unit that the table of items does not know has a catalogue that goes by the items of the law."""
    known = any(site.unit.unit_id in (item.units or ()) for item in site.tables.statutory)
    if known or site.unit.unit_class is UnitClass.A or not labels:
        return False
    return sum(shown_as(item, labels) is not None for item in site.tables.statutory) >= _MOST_OF_THE_LAW


def _shown(site: SiteSnapshot, item: StatutoryItem, labels: Mapping[str, tuple[str, Page]]) -> bool:
    return bool(shown_as(item, labels) or wider(item, labels) or shown_as(item, other_columns(site)))


def clause(code: str) -> str:
    """`20-7` as the law is cited: 第二十条第（七）项."""
    article, _, number = code.partition("-")
    if not number.isdigit():
        return _CLAUSES.get(article, article)
    value = int(number)
    tens, ones = divmod(value, 10)
    words = ("十" if tens == 1 else "") + (_NUMERALS[ones] if ones else "")
    return f"{_CLAUSES.get(article, article)}第（{words}）项"


@lens
def catalogue_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """The pages that make up the catalogue: those of the column itself, and the platform that shows its tree."""
    own = [
        page
        for page in own_pages(site)
        if page.kind is PageKind.STATUTORY
        or (Column.STATUTORY in page.columns and page.kind is PageKind.COLUMN)
    ]
    own += [one.page for one in catalogues_on_platforms(site)]
    if not own:
        return ()
    return tuple({page.url: page for page in (*own, *platform_pages(site))}.values())


@lens
def shown_labels(site: SiteSnapshot) -> dict[str, tuple[str, Page]]:
    """Every short name in the catalogue: of its columns, links and undated entries; without filler → as shown, and where."""
    shown: dict[str, Page] = {}
    for page in _under_the_catalogue(site):
        facts = facts_of(page)
        dated = {item.title for item in facts.items if item.date is not None}
        names = [
            link.text
            for link in facts.links
            if link.text not in shown and link.text not in dated and not _beside(site, link)
        ]
        names += [item.title for item in facts.items if item.date is None]
        names += facts.breadcrumb
        names.append(column_name(page))
        if page.kind in (PageKind.STATUTORY, PageKind.PLATFORM):
            names += [line for line in facts.text.splitlines() if len(line) <= LONGEST_LABEL]
            names += unlinked_words(page)
        for name in names:
            if 0 < len(name) <= LONGEST_LABEL:
                shown.setdefault(name, page)
    labels: dict[str, tuple[str, Page]] = {}
    for name, page in shown.items():
        labels.setdefault(bare_name(name), (name, page))
    return labels


def _under_the_catalogue(site: SiteSnapshot) -> tuple[Page, ...]:
    """The catalogue's pages, and the columns that stand under it or under the platform."""
    found = {page.url: page for page in catalogue_pages(site)}
    for page in own_pages(site):
        if page.kind is PageKind.COLUMN and (
            page.columns & {Column.STATUTORY, Column.PLATFORM}
            or any(_UNDER.search(step) for step in facts_of(page).breadcrumb)
        ):
            found.setdefault(page.url, page)
    return tuple(found.values())


_UNDER = re.compile(r"主动公开|信息公开")
_BESIDE = frozenset({Column.CONTACT, Column.LEADERS})
"""The frame of every page names who to call and who leads: that is a part of item 二 and not its entry."""


def _beside(site: SiteSnapshot, link: Link) -> bool:
    target = site.page(link.url) if link.url else None
    if target is None or not target.columns & _BESIDE or target.columns & {Column.FUNCTIONS, Column.ORGANS}:
        return False
    return target.url in home_targets(site)


@lens
def other_columns(site: SiteSnapshot) -> dict[str, tuple[str, Page]]:
    """What the site's other columns are called: what is public there is missing in the catalogue only."""
    labels: dict[str, tuple[str, Page]] = {}
    for page in own_pages(site):
        if page.kind in (PageKind.COLUMN, PageKind.FUNCTIONS) and not page.columns & _BESIDE:
            name = column_name(page)
            if 0 < len(name) <= LONGEST_LABEL:
                labels.setdefault(bare_name(name), (name, page))
    return labels


def _applies(site: SiteSnapshot, item: StatutoryItem) -> bool:
    unit = site.unit
    if item.units is not None and not item.units & {unit.unit_id, unit.unit_class.value}:
        return False
    if item.code.startswith("21-") and unit.unit_class is not UnitClass.A:
        return False
    return unit.unit_class in item.applies


def _nearest(item: StatutoryItem, labels: Mapping[str, tuple[str, Page]]) -> tuple[str, Page] | None:
    """The shown name most like one of the item's labels, if it is like enough to ask."""
    best: tuple[float, tuple[str, Page]] | None = None
    pairs = [(_pairs(name), found) for name, found in labels.items()]
    for label in item.labels:
        wanted = _pairs(bare_name(label))
        if not wanted:
            continue
        for shown, found in pairs:
            likeness = 2 * len(wanted & shown) / (len(wanted) + len(shown)) if shown else 0.0
            if likeness >= _ALIKE and (best is None or likeness > best[0]):
                best = (likeness, found)
    return best[1] if best else None


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))
