"""公文公开超过法定期限。

## 查什么
公文页面的发布日期比成文日期晚多少个工作日（法定节假日和调休按国务院办公厅的安排计算）；超过 20 个工作日的记为逾期。

## 为什么要紧
《政府信息公开条例》第二十六条要求主动公开的信息自形成之日起 20 个工作日内公开。

## 看不见什么
只有网址或列表里的日期、几处日期互相矛盾、年份超出工作日历范围的，不作判断，提示人工核对。
转载其他机关的文件，形成与公开不是同一机关的事，不适用。网站迁移时改写的日期也看不出来。

## 怎样整改
核对成文日期与发布日期；确属逾期的，说明原因并改进发布流程，以后在 20 个工作日内公开。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, not_applicable, passed, seen, unsure
from checks.lenses.documents import PolicyDocument, firm_publication, policy_documents
from checks.lenses.issuers import Origin
from checks.lenses.quotes import date_quote
from dossier.model import Claim, Evidence, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-publication-late",
    name="公文公开逾期",
    topic=Topic.DISCLOSURE,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第二十六条",),
    claim=Claim.PRESENCE,
    messages={
        "late": "公文《{title}》{written}成文，{published}发布，相隔 {days} 个工作日，超过 {limit} 个工作日"
    },
    remedy="请核对两个日期；确属逾期的，说明原因，并改进发布流程，在形成之日起 20 个工作日内公开。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """What a government writes, it owes to the public within twenty working days."""
    limit = int(site.tables.threshold("document-publication-late.working_days"))
    for document in policy_documents(site):
        page, written, published = document.page, document.facts.written, document.facts.published
        if written is None or published is None:
            yield not_applicable(RULE, page.url, "成文日期或发布日期不明，无法计算")
            continue
        if document.origin is Origin.FOREIGN:
            yield not_applicable(RULE, page.url, "转载其他机关的文件，公开期限不由本单位承担")
            continue
        days = site.calendar.working_days_between(written, published)
        words: dict[str, Any] = {
            "title": document.title,
            "written": written,
            "published": published,
            "limit": limit,
        }
        covered = site.calendar.covers(written, published)
        if (covered and days <= limit) or (not covered and (published - written).days <= limit):
            yield passed(RULE, page.url, page=page)
        elif doubt := _doubt(site, document):
            yield unsure(RULE, page.url, "late", because=doubt, evidence=_shown(document), days=days, **words)
        else:
            yield fail(
                RULE, page.url, "late", evidence=_shown(document), page_url=page.url, days=days, **words
            )


def _shown(document: PolicyDocument) -> tuple[Evidence, ...]:
    facts, shown = document.facts, []
    if facts.written:
        shown.append(seen(document.page, date_quote(facts, facts.written, "written"), place="成文日期"))
    if facts.published:
        shown.append(seen(document.page, date_quote(facts, facts.published, "published"), place="发布日期"))
    return tuple(shown)


def _doubt(site: SiteSnapshot, document: PolicyDocument) -> str:
    facts = document.facts
    if facts.published and facts.published > site.as_of:
        return "发布日期晚于检查日期，日期本身有误，请先核对日期"
    if facts.dates_conflict:
        return f"页面上的发布日期互相矛盾（{facts.dates_conflict}），请人工核对"
    if firm_publication(facts) is None:
        return "发布日期只见于网址或列表，请打开页面核对"
    if facts.written and facts.published and not site.calendar.covers(facts.written, facts.published):
        return "日期超出工作日历的年份范围，无法准确计算工作日"
    if document.doubt:
        return f"{document.doubt}，请人工判断"
    return ""
