"""政府信息公开平台的固定栏目没有内容。

## 查什么
指南、制度、法定主动公开内容、年报四个栏目中，存在而打开后没有条目、没有附件、没有下级栏目、
也没有正文的栏目。

## 为什么要紧
有栏目而无内容，公众仍然看不到应当公开的信息（国办公开办函〔2019〕61号）。

## 看不见什么
内容由脚本绘制、内嵌页面没有取到、栏目页没有打开的，只提示人工核对。

## 怎样整改
在该栏目下发布相应内容；确无内容的，说明情况并指明去处。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.navigation import drawn_elsewhere, holds_something, host_of, unit_hosts
from checks.lenses.platform import FIXED_COLUMNS, FixedColumn, column_signposts
from dossier.model import Area, AreaState, Claim, Outcome, Page, PageKind, Rule, Severity, SiteSnapshot, Topic

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
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A column that exists must hold something."""
    for fixed in FIXED_COLUMNS:
        pages = _column_pages(site, fixed)
        if not pages:
            continue
        characters = int(site.tables.threshold("column-empty.characters"))
        full = next((page for page in pages if holds_something(site, page, characters)), None)
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
