"""页面缺少规定的标签。

## 查什么
各类页面是否带有规定的 meta 标签：全部页面 SiteName、SiteDomain、SiteIDCode；栏目页另有 ColumnName、ColumnType；
内容页另有 ArticleTitle、PubDate、ContentSource。某类页面中缺少任一标签的达到规定比例，记一条。

## 为什么要紧
《政府网站发展指引》附件《网站标签规范》要求，便于识别和集约管理。

## 看不见什么
只看已抓取到的页面；标签名称大小写、常见错拼不影响判断。

## 怎样整改
按《政府网站发展指引》附件的规范在网页模板中补齐标签。
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from checks.accuse import absent, passed, unsure
from checks.lenses.navigation import (
    CONTENT_KINDS,
    column_pages,
    drawn_elsewhere,
    facts_of,
    home_pages,
    own_pages,
)
from dossier.model import Claim, Outcome, Page, PageFacts, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="page-tags-missing",
    name="网页标签缺失",
    topic=Topic.UPKEEP,
    severity=Severity.MINOR,
    basis=("《政府网站发展指引》（国办发〔2017〕47号）附件",),
    claim=Claim.ABSENCE,
    messages={"missing": "{kind}共查 {total} 个，{lacking} 个缺少规定标签：{tags}"},
    remedy="按《政府网站发展指引》附件的规范在网页模板中补齐标签。",
)

_EVERY = ("SiteName", "SiteDomain", "SiteIDCode")
_KINDS = (
    ("home", "首页", _EVERY),
    ("column", "栏目页", (*_EVERY, "ColumnName", "ColumnType")),
    ("content", "内容页", (*_EVERY, "ArticleTitle", "PubDate", "ContentSource")),
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A template either carries its labels or does not; each kind of page is asked once."""
    limit = site.tables.threshold("page-tags-missing.share")
    for subject, name, wanted in _KINDS:
        pages = _pages(site, subject)
        if not pages:
            continue
        lacking = [page for page in pages if _lacks(page, wanted)]
        if len(lacking) < limit * len(pages) or not lacking:
            yield passed(RULE, subject, page=min(pages, key=lambda page: page.url))
            continue
        counts = Counter(tag for page in lacking for tag in _lacks(page, wanted))
        data: dict[str, Any] = {
            "kind": name,
            "total": len(pages),
            "lacking": len(lacking),
            "tags": [tag for tag in wanted if counts[tag]],
        }
        if (
            subject == "content"
            and len(pages) < _FEWEST
            and any(drawn_elsewhere(page) for page in column_pages(site))
        ):
            because = f"列表由脚本绘制，内容页只看到 {len(pages)} 个，不足以代表全站，请人工多看几页的源代码"
            yield unsure(RULE, subject, "missing", because=because, page=lacking[0], **data)
        elif all(facts_of(page).truncated for page in lacking):
            yield unsure(
                RULE,
                subject,
                "missing",
                because="这些页面没有读全，请人工查看网页源代码开头的 meta 标签",
                page=lacking[0],
                **data,
            )
        else:
            yield absent(RULE, subject, "missing", searched=lacking, looked_for=data["tags"], **data)


_FEWEST = 3
"""Content pages by which a template may be judged where lists were not seen."""


def _pages(site: SiteSnapshot, subject: str) -> tuple[Page, ...]:
    if subject == "home":
        return home_pages(site)
    homes = {page.url for page in home_pages(site)}
    if subject == "column":
        return tuple(
            page for page in column_pages(site) if page.url not in homes and not _is_a_part(facts_of(page))
        )
    return tuple(
        page
        for page in own_pages(site)
        if page.kind in CONTENT_KINDS and page.url not in homes and _was_published(page)
    )


def _is_a_part(facts: PageFacts) -> bool:
    """Whether it is the panel that a tab brings into another page: such a part has neither a title nor a foot."""
    return not facts.html_title and not facts.tags and facts.footer is None


def _was_published(page: Page) -> bool:
    """Whether it is one text of a day: what stands without a date, as the parts of a catalogue do, bears a column's labels."""
    facts = facts_of(page)
    return facts.published is not None or "ArticleTitle" in facts.tags or "PubDate" in facts.tags


def _lacks(page: Page, wanted: tuple[str, ...]) -> tuple[str, ...]:
    tags = {name.lower() for name in facts_of(page).tags}
    return tuple(tag for tag in wanted if tag.lower() not in tags)
