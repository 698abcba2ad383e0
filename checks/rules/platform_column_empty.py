"""政府信息公开平台的固定栏目没有内容。

## 查什么
指南、制度、法定主动公开内容、年报四个栏目中，存在而打开后没有条目、没有附件、没有下级栏目、
也没有正文的栏目。

## 为什么要紧
有栏目而无内容，公众仍然看不到应当公开的信息（国办公开办函〔2019〕61号）。

## 看不见什么
内容由脚本绘制、内嵌页面没有取到、栏目页没有打开的，只提示人工核对。
一个网站上有三处以上、且超过半数都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
在该栏目下发布相应内容；确无内容的，说明情况并指明去处。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.holding import holds_something, own_links
from checks.lenses.navigation import (
    drawn_elsewhere,
    facts_of,
    unit_hosts,
)
from checks.lenses.platform import FIXED_COLUMNS, FixedColumn, column_signposts
from dossier.addresses import host_of
from dossier.model import (
    Area,
    AreaState,
    Claim,
    Column,
    Outcome,
    Page,
    PageKind,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
)

RULE = Rule(
    id="platform-column-empty",
    name="政府信息公开平台的固定栏目没有内容",
    topic=Topic.PLATFORM,
    severity=Severity.MAJOR,
    basis=("国办公开办函〔2019〕61号", "《中华人民共和国政府信息公开条例》第二十四条"),
    claim=Claim.ABSENCE,
    needs=(Area.PLATFORM,),
    messages={"empty": "“{column}”栏目打开后没有任何内容"},
    remedy="在该栏目下发布应当公开的内容，使公众一次点击即可看到。",
    plausible_share=0.5,
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A column that exists must hold something."""
    for fixed in FIXED_COLUMNS:
        pages = _column_pages(site, fixed)
        if not pages:
            continue
        characters = int(site.tables.threshold("column-empty.characters"))
        full = next((page for page in pages if _holds(site, fixed, page, characters)), None)
        covered = site.coverage.areas.get(fixed.area)
        if full:
            yield passed(RULE, fixed.subject, page=full)
        elif any(drawn_elsewhere(page) for page in pages):
            yield _ask(fixed, pages, "栏目内容由脚本绘制或由未取到的部分构成，请人工打开核对")
        elif covered and covered.state is AreaState.PARTIAL:
            yield _ask(fixed, pages, f"该栏目没有看全（{covered.because}），请人工打开核对")
        else:
            yield absent(
                RULE,
                fixed.subject,
                "empty",
                searched=pages,
                looked_for=("条目", "附件", "下级栏目", "正文"),
                column=fixed.name,
            )


def _holds(site: SiteSnapshot, fixed: FixedColumn, page: Page, characters: int) -> bool:
    """Whether the column offers anything of its own, beyond the tree that every column of the platform shows;
    where that tree is the catalogue, it is what the column of 法定主动公开内容 holds."""
    if not holds_something(site, page, characters):
        return False
    if fixed.column is Column.STATUTORY:
        return True
    tree = _common_tree(site, page)
    facts = facts_of(page)
    listed = [item for item in facts.items if _target(site, item.url) not in tree]
    linked = [link for link in own_links(site, page) if _target(site, link.url) not in tree]
    if listed or linked:
        return True
    return bool(
        facts.attachments
        or facts.media
        or facts.tables
        or any(form.purpose != "search" for form in facts.forms)
        or len("".join(facts.text.split())) >= characters
    )


def _common_tree(site: SiteSnapshot, page: Page) -> frozenset[str]:
    """The platform's own parts, and what all its other columns link to as well."""
    others = {
        other.url: other
        for fixed in FIXED_COLUMNS
        for other in _column_pages(site, fixed)
        if other.url != page.url and host_of(other.url) == host_of(page.url)
    }
    parts = {one.url for one in site.in_column(Column.PLATFORM, Column.APPLICATION) if one.kind in _PARTS}
    tree = frozenset({page.url, *others, *parts})
    if len(others) < _FEWEST_COLUMNS:
        return tree
    links = (
        frozenset(_target(site, link.url) for link in facts_of(other).links if link.url)
        for other in others.values()
    )
    return tree | frozenset.intersection(*links)


_PARTS = frozenset({PageKind.PLATFORM, PageKind.APPLICATION})
_FEWEST_COLUMNS = 2
"""With fewer other columns nothing tells what they have in common."""


def _target(site: SiteSnapshot, url: str) -> str:
    found = site.page(url)
    return found.url if found else url


def _column_pages(site: SiteSnapshot, fixed: FixedColumn) -> tuple[Page, ...]:
    """The pages that the platform, the home page or the navigation offer as this column."""
    hosts = unit_hosts(site)
    targets = {
        sign.target.url: sign.target
        for sign in column_signposts(site, fixed)
        if sign.target and sign.target.ok and host_of(sign.target.url) in hosts
    }
    return tuple(page for page in targets.values() if page.kind is not PageKind.SHELL)


def _ask(fixed: FixedColumn, pages: tuple[Page, ...], because: str) -> Outcome:
    return unsure(RULE, fixed.subject, "empty", because=because, page=pages[0], column=fixed.name)
