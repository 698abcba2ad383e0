"""本年度发文字号有缺号。

## 查什么
同一机关代字、同一年份的发文字号，在网站和清单上看到的号码之间缺了哪些；缺的号在站内别的页面上提到过的，一并指出。
同一时段内有没标文号的公文，且数量不少于所缺的号，由“缺少发文字号”一项判断，这里不再问。

## 为什么要紧
缺号可能是应公开而未公开的公文，值得询问。

## 看不见什么
缺号完全可能是依法不公开或依申请公开的文件，所以本项只作提示，从不直接认定为问题。
平均每两个相邻的号之间缺了两个以上、站内又没有提到过时，说明本单位这一序列的公文多数本来就不上网，缺号不能说明什么，不作提示。

## 怎样整改
对照发文登记，说明缺号文件的公开属性；应主动公开的补充公开。
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from checks.accuse import not_applicable, passed, seen, unsure
from checks.lenses.documents import PolicyDocument, policy_documents
from checks.lenses.issuers import Origin
from checks.lenses.listed import row_evidence
from checks.lenses.navigation import facts_of, own_pages
from checks.lenses.titles import numbers_in, parse_number
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


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Numbers are given without gaps; what is not shown may be secret, or forgotten."""
    nameless = _nameless(site)
    most = site.tables.threshold("document-number-gap.most_missing")
    for series, found in _series(site).items():
        if len(found) < 2:
            continue
        missing = tuple(_missing(found, nameless))
        evidence = tuple(one.evidence for one in found.values())
        if not missing:
            yield passed(RULE, series, evidence=evidence)
            continue
        told = _mentioned(site, series, frozenset(missing))
        if not told and len(missing) > most * (len(found) - 1):
            yield not_applicable(RULE, series, "这一序列的公文多数不上网，缺号不能说明问题")
            continue
        yield unsure(
            RULE,
            series,
            "gap",
            because=_ask(told),
            evidence=(*evidence, *told.values()),
            page_url=evidence[0].url,
            series=series,
            seen=len(found),
            count=len(missing),
            missing=[str(n) for n in missing[:MOST_NAMED]],
        )


@dataclass(frozen=True)
class _Seen:
    """Where a number was seen, and the day of what bears it."""

    evidence: Evidence
    day: date | None = None


def _series(site: SiteSnapshot) -> dict[str, dict[int, _Seen]]:
    """The unit's series of the year, each number with where it was seen."""
    found: dict[str, dict[int, _Seen]] = defaultdict(dict)
    for document in policy_documents(site):
        number = document.number
        if (
            number
            and number.agency
            and number.year == site.as_of.year
            and document.origin is not Origin.FOREIGN
        ):
            one = _Seen(seen(document.page, document.number_text), _day(document))
            found[number.series].setdefault(number.serial, one)
    for row in site.listed or ():
        number = parse_number(row.number)
        if number and number.agency and number.year == site.as_of.year:
            found[number.series].setdefault(number.serial, _Seen(row_evidence(row)))
    return {series: dict(sorted(numbers.items())) for series, numbers in found.items()}


def _nameless(site: SiteSnapshot) -> tuple[date, ...]:
    """The days of the unit's own documents that show no number: another rule accuses them, and each may bear one that
    is missed here."""
    return tuple(
        day
        for document in policy_documents(site)
        if not document.number
        and not document.number_text
        and not document.doubt
        and document.origin is not Origin.FOREIGN
        and (day := _day(document)) is not None
    )


def _day(document: PolicyDocument) -> date | None:
    return document.facts.written or document.facts.published


def _missing(found: dict[int, _Seen], nameless: tuple[date, ...]) -> Iterator[int]:
    """The numbers between those seen, but for as many as documents without a number were made between the same days."""
    for low, high in pairwise(found):
        begin, end = found[low].day, found[high].day
        between = sum(begin <= day <= end for day in nameless) if begin and end else 0
        if high - low - 1 > between:
            yield from range(low + 1, high)


def _mentioned(site: SiteSnapshot, series: str, missing: frozenset[int]) -> dict[int, Evidence]:
    """Missing numbers that the site itself mentions somewhere: those documents exist."""
    found: dict[int, Evidence] = {}
    agency = series.partition("〔")[0]
    for page in own_pages(site):
        text = facts_of(page).text
        if agency not in text:
            continue
        for number in sorted(numbers_in(text)):
            if (
                number.year == site.as_of.year
                and number.agency.endswith(agency)
                and number.serial in missing
                and number.serial not in found
            ):
                found[number.serial] = seen(page, str(number), note="站内文字提到这个号")
    return dict(sorted(found.items()))


def _ask(told: dict[int, Evidence]) -> str:
    ask = "缺号可能是不公开或依申请公开的公文，请对照发文登记核对"
    if not told:
        return ask
    named = "、".join(str(n) for n in list(told)[:MOST_NAMED])
    return f"其中 {named} 号在站内别的页面上提到过，请先核对；{ask}"
