"""解读发布迟缓。

## 查什么
公文的第一篇解读比公文晚多少个工作日发布；超过 3 个工作日的记为迟缓。与公文同日或更早发布的不算。

## 为什么要紧
国办发〔2016〕80号要求解读与文件同步；晚到的解读赶不上群众的疑问。

## 看不见什么
“3 个工作日”未核对原文，见阈值表。解读栏目没有看全、日期不明或互相矛盾的，可能另有更早的解读，提示人工核对。

## 怎样整改
今后将解读与文件同步起草、同步审签、同步发布。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from checks.accuse import fail, not_applicable, passed, seen, unsure
from checks.lenses.copies import copies
from checks.lenses.documents import PolicyDocument, firm_publication, policy_documents
from checks.lenses.issuers import Origin
from checks.lenses.pairs import Bond, Interpretation, offered_links, pairs_of
from checks.lenses.quotes import date_quote
from dossier.model import Area, AreaState, Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="interpretation-late",
    name="解读发布迟缓",
    topic=Topic.INTERPRETATION,
    severity=Severity.MINOR,
    basis=("国办发〔2016〕80号",),
    claim=Claim.PRESENCE,
    messages={
        "late": "公文《{title}》{published}发布，最早的解读“{text}”{interpreted}发布，晚 {days} 个工作日，超过 {limit} 个"
    },
    remedy="请将解读与文件同步起草、同步审签、同步发布。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """An interpretation is due with its document, not after the questions."""
    told: set[str] = set()
    for document in policy_documents(site):
        if document.url in told:
            continue
        told |= copies(site)[document.url]
        texts = [pair.interpretation for pair in pairs_of(site, document, Bond.TITLE)]
        if not texts or document.origin in (Origin.FOREIGN, Origin.LOCAL):
            continue
        yield _judge(site, document, texts)


def _judge(site: SiteSnapshot, document: PolicyDocument, texts: list[Interpretation]) -> Outcome:
    limit = int(site.tables.threshold("interpretation-late.working_days"))
    published = _published(site, document)
    dated = sorted(
        ((text.facts.published, text) for text in texts if text.facts.published), key=lambda pair: pair[0]
    )
    if published is None or not dated:
        return not_applicable(RULE, document.url, "公文或解读的发布日期不明，无法计算")
    day, first = dated[0]
    covered = site.calendar.covers(published, day)
    days = site.calendar.working_days_between(published, day)
    if (day - published).days <= limit or (covered and days <= limit):
        return passed(RULE, document.url, page=first.page)
    words: dict[str, Any] = {
        "title": document.title,
        "published": published,
        "text": first.title,
        "interpreted": day,
        "days": days,
        "limit": limit,
    }
    shown = (
        seen(document.page, date_quote(document.facts, published, "published"), place="公文发布日期"),
        seen(first.page, date_quote(first.facts, day, "published"), place="解读发布日期"),
    )
    doubt = _doubt(site, document, texts) or ("" if covered else "日期超出工作日历的年份范围")
    if doubt:
        return unsure(
            RULE, document.url, "late", because=doubt, evidence=shown, page_url=document.url, **words
        )
    return fail(RULE, document.url, "late", evidence=shown, page_url=document.url, **words)


def _published(site: SiteSnapshot, document: PolicyDocument) -> date | None:
    """The latest day on which any copy of the document was published: the kindest to the unit."""
    days = [
        page.facts.published
        for url in copies(site)[document.url]
        if (page := site.page(url)) and page.facts and page.facts.published
    ]
    return max(days, default=None)


def _doubt(site: SiteSnapshot, document: PolicyDocument, texts: list[Interpretation]) -> str:
    if document.doubt:
        return f"{document.doubt}，请人工判断"
    if document.origin is Origin.UNKNOWN:
        return "制发机关不明，请人工判断是否本单位公文"
    if firm_publication(document.facts) is None or any(
        firm_publication(text.facts) is None for text in texts
    ):
        return "公文或某篇解读的发布日期不确切，请人工核对"
    if site.coverage.state(Area.INTERPRETATION) in (AreaState.PARTIAL, AreaState.UNREACHED):
        return "解读栏目没有看全，可能另有更早的解读"
    for link in offered_links(document, site):
        target = site.page(link.url)
        if target is None or not target.ok:
            return "公文页面还链接了本轮没有看到的解读，可能更早，请人工核对"
    known = {text.url for text in texts}
    first = min(text.facts.published for text in texts if text.facts.published)
    for pair in pairs_of(site, document):
        day = pair.interpretation.facts.published
        if pair.interpretation.url not in known and day and day < first:
            return "另有更早发布、提到本文件的解读，请人工核对是否就是它的解读"
    return ""
