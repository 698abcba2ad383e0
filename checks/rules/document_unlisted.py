"""网站上的公文没有列入清单。

## 查什么
网站上本考核年度、由本单位制发的公文，是否都在本单位报送的公文清单中（按文号、标题或网址对应）。

## 为什么要紧
清单应当列全本年度制发的公文；漏列使公开率无法核实。

## 看不见什么
没有报送清单的单位不查。制发机关不明、或清单中有相近标题的，提示人工核对。

## 怎样整改
把该公文补入清单，写明公开属性、链接和解读情况。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, not_applicable, passed, unsure
from checks.lenses.copies import copies
from checks.lenses.documents import PolicyDocument, documents_of_year
from checks.lenses.issuers import Origin
from checks.lenses.listed import may_be_listed, row_for
from checks.lenses.titles import nested
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-unlisted",
    name="公文未列入清单",
    topic=Topic.DISCLOSURE,
    severity=Severity.MINOR,
    basis=("晋政办函〔2020〕42号附件4第五项",),
    claim=Claim.PRESENCE,
    messages={"unlisted": "网站上的公文《{title}》{number} 不在本单位报送的 {rows} 行公文清单中"},
    remedy="请把该公文补入清单，写明公开属性、链接和解读情况。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A list that leaves out what the site itself shows is not the whole list."""
    if site.listed is None:
        return
    told: set[str] = set()
    for document in documents_of_year(site):
        if document.url in told:
            continue
        told |= copies(site)[document.url]
        yield _judge(site, document, len(site.listed))


def _judge(site: SiteSnapshot, document: PolicyDocument, rows: int) -> Outcome:
    page = document.page
    if row_for(site, document):
        return passed(RULE, page.url, page=page)
    if document.origin in (Origin.FOREIGN, Origin.LOCAL):
        return not_applicable(RULE, page.url, "不是本单位制发的公文")
    words: dict[str, Any] = {"title": document.title, "number": document.number_text, "rows": rows}
    quote = document.number_text or document.title
    if doubt := _doubt(site, document):
        return unsure(RULE, page.url, "unlisted", because=doubt, page=page, quote=quote, **words)
    return fail(RULE, page.url, "unlisted", page=page, quote=quote, **words)


def _doubt(site: SiteSnapshot, document: PolicyDocument) -> str:
    if document.doubt:
        return f"{document.doubt}，请人工判断"
    if document.origin is Origin.UNKNOWN:
        return "制发机关不明，请人工判断是否本单位公文"
    near = may_be_listed(site, document)
    return f"清单第 {near.line} 行《{nested(near.title)}》标题相近，请人工核对是否同一文件" if near else ""
