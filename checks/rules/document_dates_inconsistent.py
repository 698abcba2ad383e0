"""公文的日期自相矛盾。

## 查什么
公文页面的发布日期早于成文日期，或者其中一个晚于检查日期。

## 为什么要紧
日期错误使人无法判断文件何时成立、是否按时公开，条例第六条要求信息准确。

## 看不见什么
发布日期只见于网址或列表、或几处日期互相矛盾时，可能是读错，只提示人工核对。

## 怎样整改
对照文件原件改正成文日期或发布日期。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, not_applicable, passed, seen, unsure
from checks.lenses.documents import PolicyDocument, firm_publication, policy_documents
from checks.lenses.quotes import date_quote
from dossier.model import Claim, Evidence, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-dates-inconsistent",
    name="公文日期矛盾",
    topic=Topic.DISCLOSURE,
    severity=Severity.MINOR,
    basis=("《中华人民共和国政府信息公开条例》第六条",),
    claim=Claim.PRESENCE,
    messages={
        "reversed": "公文《{title}》的发布日期 {published} 早于成文日期 {written}",
        "written-future": "公文《{title}》的成文日期 {written} 晚于检查日期 {as_of}",
        "published-future": "公文《{title}》的发布日期 {published} 晚于检查日期 {as_of}",
    },
    remedy="请对照文件原件改正成文日期或发布日期。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Nothing is published before it was written, or on a day that has not come."""
    for document in policy_documents(site):
        page, facts = document.page, document.facts
        if facts.written is None and facts.published is None:
            yield not_applicable(RULE, page.url, "成文日期和发布日期都不明")
            continue
        key = _fault(site, document)
        words: dict[str, Any] = {
            "title": document.title,
            "written": facts.written or "不明",
            "published": facts.published or "不明",
            "as_of": site.as_of,
        }
        if not key:
            yield passed(RULE, page.url, page=page)
        elif doubt := _doubt(document, key):
            yield unsure(RULE, page.url, key, because=doubt, evidence=_shown(document), **words)
        else:
            yield fail(RULE, page.url, key, evidence=_shown(document), page_url=page.url, **words)


def _fault(site: SiteSnapshot, document: PolicyDocument) -> str:
    written, published = document.facts.written, document.facts.published
    if written and written > site.as_of:
        return "written-future"
    if published and published > site.as_of:
        return "published-future"
    return "reversed" if written and published and published < written else ""


def _doubt(document: PolicyDocument, key: str) -> str:
    facts = document.facts
    if document.doubt:
        return f"{document.doubt}，请人工判断"
    if key == "written-future":
        return ""
    if facts.dates_conflict:
        return f"页面上的发布日期互相矛盾（{facts.dates_conflict}），请人工核对"
    return "" if firm_publication(facts) else "发布日期只见于网址或列表，请打开页面核对"


def _shown(document: PolicyDocument) -> tuple[Evidence, ...]:
    facts, shown = document.facts, []
    if facts.written:
        shown.append(seen(document.page, date_quote(facts, facts.written, "written"), place="成文日期"))
    if facts.published:
        shown.append(seen(document.page, date_quote(facts, facts.published, "published"), place="发布日期"))
    return tuple(shown)
