"""年度报告的申请情况表数据对不上。

## 查什么
“收到和处理政府信息公开申请情况”表中，每一列“本年新收＋上年结转”是否等于“办理结果总计＋结转下年度”，
每一行的总计是否等于各列之和。网页、DOCX、PDF、XLSX 里的表都读。

## 为什么要紧
表中自己写明了勾稽关系；对不上说明统计有误，影响全省汇总。

## 看不见什么
表格在图片或扫描件中、没有框线、格式与规定不同、有空格未填的，读不准，提示人工核对，不算对不上。
PDF 里的每个数字由两种读法各读一遍，不一致的不用。

## 怎样整改
核对申请登记台账，更正表格并重新公布。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, not_applicable, passed, unsure
from checks.lenses.annual import ReportBody, report_body, report_pages, report_year
from checks.lenses.applications_table import (
    ApplicationsTable,
    Sum,
    is_applications_table,
    read_applications,
    speaks_of_applications,
    wrong_sums,
)
from dossier.model import Claim, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="annual-report-figures-inconsistent",
    name="年度报告数据不一致",
    topic=Topic.PLATFORM,
    severity=Severity.NORMAL,
    basis=("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号"),
    claim=Claim.PRESENCE,
    messages={
        "wrong": "{year} 年度报告的申请情况表对不上：{working}",
        "unread": "{year} 年度报告的申请情况表未能读出，没有核对",
    },
    remedy="请核对申请登记台账，更正表格并重新公布年度报告。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The applications table states its own sums; they must come out."""
    year = report_year(site)
    bodies = [report_body(site, page) for page in report_pages(site)]
    if not bodies:
        return
    found = [
        (body, holder, read_applications(table))
        for body in bodies
        for holder, table in zip(body.holders, body.tables, strict=True)
        if is_applications_table(table)
    ]
    read = [(body, holder, table) for body, holder, table in found if table is not None]
    for body, holder, table in read:
        yield _judge(body, holder, table, year)
    if not read:
        yield _unread(bodies, year, seen=bool(found))


def _judge(body: ReportBody, holder: Page, table: ApplicationsTable, year: int) -> Outcome:
    wrong = list(wrong_sums(table))
    if not wrong:
        return passed(RULE, str(year), page=holder)
    prescribed = [one for one in wrong if one.prescribed]
    firm = [one for one in prescribed if one.firm]
    words: dict[str, Any] = {"year": year, "working": _working(firm or prescribed or wrong)}
    where: dict[str, Any] = {
        "page": holder, "page_url": body.page.url, "quote": table.new.label, "place": "申请情况表",
    }  # fmt: skip
    if firm:
        return fail(RULE, str(year), "wrong", **where, **words)
    because = "有空格未填，或办理结果各项之和与总计不等，请人工核对"
    return unsure(RULE, str(year), "wrong", because=because, **where, **words)


def _unread(bodies: list[ReportBody], year: int, *, seen: bool) -> Outcome:
    """What is to be said where no table could be read with certainty: nothing is in order that nobody read."""
    body = next((one for one in bodies if speaks_of_applications(one.text)), bodies[0])
    if seen or speaks_of_applications(body.text):
        because = "申请情况表的格式与规定不同，或读不准，未能读出各栏数字，请打开报告核对"
    elif hidden := next((one.hidden for one in bodies if one.hidden), ""):
        because = f"{hidden}，申请情况表可能在其中，请打开报告核对"
    else:
        return not_applicable(RULE, str(year), "没有读到申请情况表")
    return unsure(RULE, str(year), "unread", because=because, page=body.page, year=year)


def _working(wrong: list[Sum]) -> list[str]:
    return [one.working for one in wrong[:8]]
