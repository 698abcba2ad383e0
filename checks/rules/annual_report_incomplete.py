"""年度报告内容不全。

## 查什么
上一年度报告是否具备规定的六个部分：总体情况、主动公开、收到和处理申请、复议诉讼、主要问题及改进、其他事项；
是否至少有一张规定的表格。报告在附件中的，读附件。

## 为什么要紧
国办公开办函〔2019〕60号、〔2021〕30号规定了统一格式。

## 看不见什么
附件读不出来、报告是图片、页面没有读全、文件里提到某部分而没有认出标题的，提示人工核对。标题用词不同、但看得出是该部分的，算有。

## 怎样整改
按统一格式补齐所缺部分或表格，重新公布。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.annual import (
    PARTS,
    PartSeen,
    ReportBody,
    has_prescribed_table,
    parts_seen,
    report_body,
    report_pages,
    report_year,
)
from checks.lenses.titles import squeeze
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="annual-report-incomplete",
    name="年度报告内容不全",
    topic=Topic.PLATFORM,
    severity=Severity.NORMAL,
    basis=("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号"),
    claim=Claim.ABSENCE,
    messages={
        "part": "{year} 年度报告缺少第 {number} 部分“{part}”",
        "tables": "{year} 年度报告没有规定的统计表",
    },
    remedy="请按统一格式补齐年度报告所缺的部分或表格，重新公布。",
)
FIRST_YEAR = 2019
"""The uniform format begins with the report on this year (60号)."""


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A report has six parts and its tables, on the page or in its file."""
    year = report_year(site)
    if year < FIRST_YEAR:
        return
    bodies = [report_body(site, page) for page in report_pages(site)]
    if not bodies:
        return
    body = max(bodies, key=lambda one: len(squeeze(one.text)))
    hidden = next((one.hidden for one in bodies if one.hidden), "")
    seen = parts_seen(body.text)
    styled = sum(how is PartSeen.HEADING for how in seen.values()) >= 3
    for number, part, _ in PARTS:
        yield _part(body, year, number, part, seen[number], _doubt(hidden, styled))
    if has_prescribed_table(body) or any(map(has_prescribed_table, bodies)):
        yield passed(RULE, "tables", page=body.page)
    elif doubt := _doubt(hidden, styled):
        yield unsure(RULE, "tables", "tables", because=doubt, page=body.page, year=year)
    else:
        looked_for = ("收到和处理政府信息公开申请情况表", "主动公开情况表", "行政复议、行政诉讼情况表")
        yield absent(RULE, "tables", "tables", searched=[body.page], looked_for=looked_for, year=year)


def _part(body: ReportBody, year: int, number: str, part: str, how: PartSeen, doubt: str) -> Outcome:
    if how in (PartSeen.HEADING, PartSeen.SHORT_LINE):
        return passed(RULE, number, page=body.page)
    if how is PartSeen.MENTION and body.from_file and not doubt:
        doubt = "报告文件中提到了这一部分，但没有认出它的标题，请打开报告核对"
    if doubt:
        return unsure(
            RULE, number, "part", because=doubt, page=body.page, year=year, number=number, part=part
        )
    return absent(
        RULE, number, "part", searched=[body.page], looked_for=(part,), year=year, number=number, part=part
    )


def _doubt(hidden: str, styled: bool) -> str:
    if hidden:
        return f"{hidden}，所缺内容可能在其中，请打开报告核对"
    if not styled:
        return "报告的分段方式未能辨认，请人工核对"
    return ""
