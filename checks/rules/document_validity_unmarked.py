"""规范性文件没有标明有效性。

## 查什么
行政规范性文件栏目中的文件页面，是否标明有效、失效、废止、已修改或尚未生效。

## 为什么要紧
规范性文件直接约束群众和企业，是否仍然有效必须一看便知。

## 看不见什么
有效性只在列表中标注、或由脚本填写的看不到。正文写明有效期而未标状态的，提示人工核对。
法规、规章和文件合用的栏目中，意见、方案之类是否属于规范性文件，提示人工判断。
这项要求未能核对到原文，评分时请以评估机关的口径为准。

## 怎样整改
在文件页面的信息要素表中标明有效性，并在清理后及时更新。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.block import labelled_value, value_of, value_without_label
from checks.lenses.documents import PolicyDocument, policy_documents
from checks.lenses.drawn import block_drawn_by_script
from checks.lenses.needs import is_normative, surely_normative
from checks.lenses.titles import squeeze
from dossier.model import DRAWN, Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-validity-unmarked",
    name="规范性文件未标有效性",
    topic=Topic.DISCLOSURE,
    severity=Severity.MINOR,
    basis=("规范性文件要素（未核对原文）",),
    claim=Claim.ABSENCE,
    messages={"unmarked": "规范性文件《{title}》未标明有效性"},
    remedy="请在文件页面标明有效、失效、废止、已修改或尚未生效，并在清理后及时更新。",
)
_TERM = re.compile(r"有效期|自.{2,14}起(?:失效|废止)|有效至|已(?:废止|失效)|继续有效|现行有效")
_SHELF = re.compile(r"废止|失效|现行有效")
_MARK = re.compile(
    r"[（(\[【〔](?:此件|本文件?|该文件?)?(?:已经?|现行|继续|全文|尚未)?(?:废止|失效|有效|修改|生效)[）)\]】〕]"
)
"""A mark beside the title (“（已废止）”); a title that is about repeals has none."""


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A reader of a binding document must see at once whether it still binds."""
    for document in policy_documents(site):
        if not is_normative(site, document):
            continue
        page, status = document.page, _status(document)
        if status == DRAWN:
            drawn = "有效性一栏里是一张没有文字说明的图片，请人工打开看它写的是什么"
            yield unsure(RULE, page.url, "unmarked", because=drawn, page=page, title=document.title)
        elif status:
            yield passed(RULE, page.url, page=page, quote=status)
        elif doubt := _doubt(site, document):
            yield unsure(RULE, page.url, "unmarked", because=doubt, page=page, title=document.title)
        else:
            yield absent(
                RULE,
                page.url,
                "unmarked",
                searched=[page],
                looked_for=("有效性", "时效", "有效", "失效", "废止"),
                title=document.title,
            )


def _status(document: PolicyDocument) -> str:
    facts = document.facts
    shelf = next((part for part in facts.breadcrumb if _SHELF.search(part)), "")
    mark = _MARK.search(document.title)
    stated = facts.validity or value_of(facts, "validity") or labelled_value(facts, "validity")
    return stated or (mark[0] if mark else "") or shelf


def _doubt(site: SiteSnapshot, document: PolicyDocument) -> str:
    if document.doubt:
        return f"{document.doubt}，请人工判断是否属于规范性文件"
    if not surely_normative(site, document):
        return "它列在法规、规章和文件合用的栏目中，请人工判断是否属于规范性文件"
    if block_drawn_by_script(document.page):
        return "信息要素由脚本填写，未能读出，请在浏览器中核对"
    if bare := value_without_label(document.facts):
        return f"页面写有“{bare}”而读不到它的标签，标签可能是图片，请人工核对"
    stated = _TERM.search(squeeze(document.facts.text)) or _SHELF.search(document.title)
    return f"页面写有“{stated[0]}”，请人工判断是否算标明有效性" if stated else ""
