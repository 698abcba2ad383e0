"""年度报告的申请情况表数据对不上。

## 查什么
“收到和处理政府信息公开申请情况”表中，每一列“本年新收＋上年结转”是否等于“办理结果总计＋结转下年度”，
每一行的总计是否等于各列之和。

## 为什么要紧
表中自己写明了勾稽关系；对不上说明统计有误，影响全省汇总。

## 看不见什么
表格在图片或扫描件中、格式与规定不同、有空格未填的，读不准，不作判断或提示人工核对。

## 怎样整改
核对申请登记台账，更正表格并重新公布。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, not_applicable, passed, unsure
from checks.lenses.annual import report_body, report_pages, report_year
from checks.lenses.applications_table import Sum, is_applications_table, read_applications, wrong_sums
from dossier.model import Claim, Outcome, Page, Rule, Severity, SiteSnapshot, TableFacts, Topic

RULE = Rule(
    id="annual-report-figures-inconsistent",
    name="年度报告数据不一致",
    topic=Topic.PLATFORM,
    severity=Severity.NORMAL,
    basis=("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号"),
    claim=Claim.PRESENCE,
    messages={"wrong": "{year} 年度报告的申请情况表对不上：{working}"},
    remedy="请核对申请登记台账，更正表格并重新公布年度报告。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The applications table states its own sums; they must come out."""
    year = report_year(site)
    tables = [
        (page, table)
        for page in report_pages(site)
        for table in report_body(site, page).tables
        if is_applications_table(table)
    ]
    if not tables:
        if report_pages(site):
            yield not_applicable(RULE, str(year), "没有读到申请情况表")
        return
    for page, table in tables:
        yield _judge(page, table, year)


def _judge(page: Page, table: TableFacts, year: int) -> Outcome:
    figures = read_applications(table)
    if figures is None:
        return not_applicable(RULE, str(year), "申请情况表的格式与规定不同，未能读出各栏数字")
    wrong = list(wrong_sums(figures))
    if not wrong:
        return passed(RULE, str(year), page=page)
    prescribed = [one for one in wrong if one.prescribed]
    firm = [one for one in prescribed if one.firm]
    words: dict[str, Any] = {"year": year, "working": _working(firm or prescribed or wrong)}
    quote = figures.new.label
    if firm:
        return fail(RULE, str(year), "wrong", page=page, quote=quote, place="申请情况表", **words)
    because = "有空格未填，或办理结果各项之和与总计不等，请人工核对"
    return unsure(
        RULE, str(year), "wrong", because=because, page=page, quote=quote, place="申请情况表", **words
    )


def _working(wrong: list[Sum]) -> list[str]:
    return [one.working for one in wrong[:8]]
