"""年度报告公布逾期。

## 查什么
上一年度政府信息公开工作年度报告的发布日期，是否在法定期限之后（B 类 1 月 31 日，A 类 3 月 31 日）。

## 为什么要紧
《政府信息公开条例》第四十九条规定了公布期限。

## 看不见什么
发布日期只见于列表或网址、几处矛盾、或没有日期的，不作判断，提示人工核对。

## 怎样整改
说明逾期原因，今后在期限之前公布。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, seen, unsure
from checks.lenses.annual import deadline, report_pages, report_year
from checks.lenses.documents import firm_publication
from checks.lenses.quotes import date_quote
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="annual-report-late",
    name="年度报告公布逾期",
    topic=Topic.PLATFORM,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第四十九条",),
    claim=Claim.PRESENCE,
    messages={"late": "{year} 年政府信息公开工作年度报告 {published} 公布，晚于期限 {deadline}"},
    remedy="请说明逾期原因，今后在法定期限之前公布年度报告。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A report that comes after its day is late, however good."""
    year, due = report_year(site), deadline(site)
    dated = sorted(
        (
            (day, page)
            for page in report_pages(site)
            if page.facts and (day := page.facts.published or page.list_date)
        ),
        key=lambda pair: pair[0],
    )
    if not dated:
        return
    day, page = dated[0]
    facts = page.facts
    if day <= due or facts is None:
        yield passed(RULE, str(year), page=page)
        return
    words: dict[str, Any] = {"year": year, "published": day, "deadline": due}
    shown = (seen(page, date_quote(facts, day, "published"), place="发布日期"),)
    others = [other for other in report_pages(site) if other.facts and firm_publication(other.facts) is None]
    if firm_publication(facts) is None or others:
        because = "发布日期只见于列表或网址、互相矛盾，或另有未标日期的同一报告，请人工核对"
        yield unsure(RULE, str(year), "late", because=because, evidence=shown, page_url=page.url, **words)
        return
    yield fail(RULE, str(year), "late", evidence=shown, page_url=page.url, **words)
