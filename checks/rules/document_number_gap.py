"""本年度发文字号有缺号。

## 查什么
同一机关代字、同一年份的发文字号，在网站和清单上看到的号码之间缺了哪些。

## 为什么要紧
缺号可能是应公开而未公开的公文，值得询问。

## 看不见什么
缺号完全可能是依法不公开或依申请公开的文件，所以本项只作提示，从不直接认定为问题。
平均每两个相邻的号之间缺了两个以上时，说明本单位这一序列的公文多数本来就不上网，缺号不能说明什么，不作提示。

## 怎样整改
对照发文登记，说明缺号文件的公开属性；应主动公开的补充公开。
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checks.accuse import not_applicable, passed, seen, unsure
from checks.lenses.documents import policy_documents
from checks.lenses.issuers import Origin
from checks.lenses.listed import row_evidence
from checks.lenses.titles import parse_number
from dossier.model import Claim, Evidence, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-number-gap",
    name="发文字号缺号",
    topic=Topic.DISCLOSURE,
    severity=Severity.MINOR,
    basis=("晋政办函〔2020〕42号附件4第五项",),
    claim=Claim.PRESENCE,
    messages={"gap": "{series} 在网站和清单上见到 {seen} 个号，其间缺 {count} 个号：{missing}"},
    remedy="请对照发文登记说明缺号文件的公开属性；应主动公开的补充公开。",
)
MOST_NAMED = 30
MOST_MISSING = 2
"""For each step from one number shown to the next; where more are missing, a shown number is the exception and a gap tells
nothing."""


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Numbers are given without gaps; what is not shown may be secret, or forgotten."""
    found = _series(site)
    for series, numbers in found.items():
        if len(numbers) < 2:
            continue
        missing = [n for n in range(min(numbers), max(numbers)) if n not in numbers]
        evidence = tuple(numbers.values())
        if not missing:
            yield passed(RULE, series, evidence=evidence)
            continue
        if len(missing) > MOST_MISSING * (len(numbers) - 1):
            yield not_applicable(RULE, series, "这一序列的公文多数不上网，缺号不能说明问题")
            continue
        yield unsure(
            RULE,
            series,
            "gap",
            because="缺号可能是不公开或依申请公开的公文，请对照发文登记核对",
            evidence=evidence,
            page_url=evidence[0].url,
            series=series,
            seen=len(numbers),
            count=len(missing),
            missing=[str(n) for n in missing[:MOST_NAMED]],
        )


def _series(site: SiteSnapshot) -> dict[str, dict[int, Evidence]]:
    """The unit's series of the year, each number with where it was seen."""
    found: dict[str, dict[int, Evidence]] = defaultdict(dict)
    for document in policy_documents(site):
        number = document.number
        if (
            number
            and number.agency
            and number.year == site.as_of.year
            and document.origin is not Origin.FOREIGN
        ):
            found[number.series].setdefault(number.serial, seen(document.page, document.number_text))
    for row in site.listed or ():
        number = parse_number(row.number)
        if number and number.agency and number.year == site.as_of.year:
            found[number.series].setdefault(number.serial, row_evidence(row))
    return {series: dict(sorted(numbers.items())) for series, numbers in found.items()}
