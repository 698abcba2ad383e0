"""没有公布上一年度政府信息公开工作年度报告。

## 查什么
法定期限过后（B 类 1 月 31 日，A 类 3 月 31 日），网站上是否有本单位上一年度的政府信息公开工作年度报告。
网站工作年度报表、下属单位和县区的报告不算。

## 为什么要紧
《政府信息公开条例》第四十九条规定必须按期公布年度报告。

## 看不见什么
年报栏目没有看全、报告链接本轮打不开、或报告以别的单位名称发布的，提示人工核对。

## 怎样整改
在政府信息公开年报栏目公布上一年度报告。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import absent, not_applicable, passed, seen, unsure
from checks.lenses.annual import (
    deadline,
    doubtful_reports,
    promised_reports,
    report_pages,
    report_year,
)
from dossier.model import Area, Claim, Column, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="annual-report-missing",
    name="未公布年度报告",
    topic=Topic.PLATFORM,
    severity=Severity.MAJOR,
    basis=("《中华人民共和国政府信息公开条例》第四十九条",),
    claim=Claim.ABSENCE,
    needs=(Area.ANNUAL,),
    messages={"missing": "未见 {year} 年政府信息公开工作年度报告，公布期限为 {deadline}"},
    remedy="请在政府信息公开年报栏目公布上一年度的政府信息公开工作年度报告。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Each year a unit reports on its own openness, by a day the law names."""
    year, due = report_year(site), deadline(site)
    subject = str(year)
    if site.as_of <= due:
        yield not_applicable(RULE, subject, f"公布期限 {due.isoformat()} 未到")
        return
    if reports := report_pages(site):
        yield passed(
            RULE, subject, page=reports[0], quote=reports[0].facts.title or "" if reports[0].facts else ""
        )
        return
    near = [seen(page, page.facts.title or "" if page.facts else "") for page in doubtful_reports(site)]
    near += [seen(promise.page, promise.link.text) for promise in promised_reports(site)]
    if near:
        because = "有标题相符的报告或链接，但打不开或署名与本单位不同，请人工核对"
        yield unsure(RULE, subject, "missing", because=because, evidence=near, year=year, deadline=due)
        return
    yield absent(
        RULE,
        subject,
        "missing",
        searched=_searched(site),
        looked_for=(f"{year}年政府信息公开工作年度报告",),
        year=year,
        deadline=due,
    )


def _searched(site: SiteSnapshot) -> list[Page]:
    shelves = list(site.in_column(Column.ANNUAL))
    doors = [page for _, url in site.homes if (page := site.page(url)) and page.ok]
    return [*shelves, *site.in_column(Column.PLATFORM), *doors]
