"""应解读的公文没有解读。

## 查什么
本考核年度由本单位制发、属于规范性文件或办法、规定、细则、意见、方案、规划、措施的公文（清单写明有解读的也算），
其页面是否链接解读，站内解读页面是否提到它的标题或文号。两个方向有一个对得上就不算缺。

## 为什么要紧
国办发〔2016〕80号、晋政办发〔2020〕38号要求文件与解读同步发布，让群众看得懂。

## 看不见什么
解读栏目没有看全时一律提示人工核对。发布不足 3 个工作日的文件尚未到期，不查。
任免、表彰、会议、批复、废止等不需要解读的文件不查；只因放在规范性文件栏目中而标题像一般工作通知的，只提示人工核对，
本单位规范性文件另有文号序列（如“晋某规”）而它不在其中的，不查；转载其他机关的文件，解读由制发机关负责，不查。

## 怎样整改
组织起草部门补发解读，并在文件页面与解读页面之间互设链接。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import absent, not_applicable, passed, seen, unsure
from checks.lenses.copies import copies, copies_of
from checks.lenses.documents import PolicyDocument, documents_of_year
from checks.lenses.drawn import drawn_by_script
from checks.lenses.issuers import Origin
from checks.lenses.listed import row_for
from checks.lenses.needs import needs_interpretation, notice_of_work, still_in_time
from checks.lenses.pairs import (
    interpretations,
    interpreted_by_file,
    interpreted_inside,
    near_misses,
    offered_links,
    pairs_of,
)
from dossier.model import Area, Claim, Column, Outcome, Page, PageKind, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="interpretation-missing",
    name="公文缺少解读",
    topic=Topic.INTERPRETATION,
    severity=Severity.NORMAL,
    basis=("国办发〔2016〕80号", "晋政办发〔2020〕38号"),
    claim=Claim.ABSENCE,
    needs=(Area.INTERPRETATION, Area.POLICY),
    messages={"missing": "公文《{title}》{number} 没有解读：文件页面无解读链接，站内解读也未提到它"},
    remedy="请组织起草部门补发解读，并在文件页面与解读页面之间互设链接。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A document that changes people's lives comes with an explanation of it."""
    told: set[str] = set()
    for document in documents_of_year(site):
        if document.url not in told:
            told |= copies(site)[document.url]
            yield _judge(site, document)


def _judge(site: SiteSnapshot, document: PolicyDocument) -> Outcome:
    page = document.page
    row = row_for(site, document)
    named = bool(row and row.interpretation_url.strip())
    if not named and not needs_interpretation(site, document):
        return not_applicable(RULE, page.url, "不属于必须解读的文件")
    if found := _found(site, document):
        return passed(RULE, page.url, page=page, quote=found)
    if document.origin in (Origin.FOREIGN, Origin.LOCAL):
        return not_applicable(RULE, page.url, "不是本单位制发的公文，解读由制发机关负责")
    in_time = still_in_time(site, document)
    if in_time:
        return not_applicable(RULE, page.url, "发布不久，解读期限未到")
    near = [
        seen(text.page, text.title, note="标题相近，未能肯定是本文件的解读")
        for text in near_misses(site, document)
    ]
    words: dict[str, Any] = {"title": document.title, "number": document.number_text}
    doubt = _doubt(document, bool(near), named, in_time is None)
    if doubt:
        return unsure(RULE, page.url, "missing", because=doubt, page=page, evidence=near, **words)
    return absent(
        RULE,
        page.url,
        "missing",
        searched=[page, *_searched(site)],
        looked_for=[part for part in (document.title, document.number_text) if part],
        **words,
    )


def _found(site: SiteSnapshot, document: PolicyDocument) -> str:
    """What shows that an interpretation exists, on any copy of the document or in an interpretation."""
    if pair := next(iter(pairs_of(site, document)), None):
        return pair.interpretation.title
    for one in copies_of(site, document):
        if link := next(iter(offered_links(one, site)), None):
            return link.text or link.url
        if file := interpreted_by_file(site, one):
            return file
    return ""


def _searched(site: SiteSnapshot) -> list[Page]:
    shelves = [
        page
        for page in site.in_column(Column.INTERPRETATION, Column.POLICY_JOINT)
        if page.kind is PageKind.COLUMN
    ]
    return [*shelves, *(text.page for text in interpretations(site))]


def _doubt(document: PolicyDocument, near: bool, named: bool, undated: bool) -> str:
    if document.doubt:
        return f"{document.doubt}，请人工判断是否需要解读"
    if not named and notice_of_work(document):
        return "只因放在规范性文件栏目中而要求解读，标题像一般的工作通知，请人工判断是否需要解读"
    if near:
        return "站内有标题相近的解读，请人工核对是否就是本文件的解读"
    if named:
        return "清单写明了解读链接而站内没有找到，请打开清单所列链接核对"
    if drawn_by_script(document.page):
        return "页面的相关链接由脚本绘制，未能读出，请在浏览器中核对有无解读"
    if interpreted_inside(document):
        return "页面正文中有“解读”段落，请人工判断是否算作解读"
    if undated:
        return "发布日期不明，无法判断解读期限是否已过，请人工核对"
    if document.origin is Origin.UNKNOWN:
        return "制发机关不明，请人工判断是否本单位公文"
    return ""
