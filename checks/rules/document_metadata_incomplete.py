"""公文的信息要素不全。

## 查什么
公文页面的信息要素（元数据）中，索引号、发文机关、成文日期、发布日期、标题是否都有内容。
发布日期、标题在页面别处写明的也算有；没有要素表的，看页面上（标题、落款等处）是否写明。一页只记一次，列出所缺各项。

## 为什么要紧
要素是检索、统计和核对公文的依据，缺一项就少一条找到它的路。

## 看不见什么
要素表由脚本填写、未能渲染时，看到的是空表，只提示人工核对。标签用了生僻叫法的，也可能认不出来。
一个网站上有三处以上、且超过八成都如此时，更像是没有读懂这种版式，也只提示人工核对；要素表的其他各项都读到了、页面上又确无所缺标签的除外。

## 怎样整改
在发布系统中补录所缺要素，并检查模板是否显示。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from checks.accuse import absent, passed, unsure
from checks.lenses.block import (
    has_value,
    labelled_value,
    surely_without,
    value_of,
    value_without_label,
)
from checks.lenses.documents import PolicyDocument, headline, policy_documents
from checks.lenses.drawn import block_drawn_by_script
from checks.lenses.issuers import Origin
from checks.lenses.quotes import days_shown, shown_days
from dossier.model import Claim, DateSource, Outcome, PageFacts, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-metadata-incomplete",
    name="公文要素不全",
    topic=Topic.DISCLOSURE,
    severity=Severity.MINOR,
    basis=("《中华人民共和国政府信息公开条例》第十二条", "公文要素"),
    claim=Claim.ABSENCE,
    messages={"missing": "公文《{title}》的信息要素缺少：{fields}"},
    remedy="请补录所缺的信息要素，并检查页面模板是否将其显示出来。",
    plausible_share=0.8,
)
FIELDS = {
    "index_number": "索引号",
    "issuer": "发文机关",
    "written": "成文日期",
    "published": "发布日期",
    "title": "标题",
}


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The block above a 公文 should answer who, when, and under what index."""
    for document in policy_documents(site):
        page = document.page
        lacking = [name for name in FIELDS if not _shown(document, name)]
        missing = [FIELDS[name] for name in lacking]
        if not missing:
            yield passed(RULE, page.url, page=page)
        elif doubt := _doubt(document):
            yield unsure(
                RULE, page.url, "missing", because=doubt, page=page, title=document.title, fields=missing
            )
        else:
            yield absent(
                RULE,
                page.url,
                "missing",
                searched=[page],
                looked_for=missing,
                firm=surely_without(document.facts, lacking),
                title=document.title,
                fields=missing,
            )


def _shown(document: PolicyDocument, name: str) -> bool:
    facts = document.facts
    if value_of(facts, name):
        return True
    if name == "title":
        return bool(headline(document.page))
    if name == "published":
        return facts.published is not None and _visible(facts, facts.published)
    if labelled_value(facts, name):
        return True
    if facts.metadata:
        return False
    if name == "written":
        return facts.written is not None
    if name == "index_number":
        return has_value(facts.index_number)
    return has_value(facts.issuer) or _signed(document)


def _signed(document: PolicyDocument) -> bool:
    """Whether the headline or the signature names who issued the document."""
    tail = "".join(document.facts.text.splitlines()[-4:])
    return document.origin is not Origin.UNKNOWN and bool(
        re.search(
            r"^[\u4e00-\u9fff]{2,20}(?:厅|局|委|委员会|部|院|政府|办公室)(?:办公室)?关于", document.title
        )
        or re.search(r"(?:厅|局|委员会|政府|办公室)\s*\d{4}年\d{1,2}月\d{1,2}日", tail)
    )


def _visible(facts: PageFacts, day: date) -> bool:
    """Whether a reader finds the day of publication on the page, and not merely the 成文日期 once more."""
    if facts.published_from is DateSource.LABEL:
        return True
    elsewhere = sum(bool(shown_days(entry.value) & {day}) for entry in facts.metadata)
    return days_shown(facts, day) > elsewhere


def _doubt(document: PolicyDocument) -> str:
    facts = document.facts
    if document.doubt:
        return f"{document.doubt}，请人工判断是否应有公文要素"
    if block_drawn_by_script(document.page):
        return "信息要素由脚本填写，未能读出，请在浏览器中核对"
    if not facts.metadata and ("索引号" in facts.whole_text or "索 引 号" in facts.whole_text):
        return "页面上有要素标签而未能读成要素表，请人工核对"
    if bare := value_without_label(facts):
        return f"页面写有“{bare}”而读不到它的标签，标签可能是图片，请人工核对"
    if not facts.metadata and document.origin is Origin.FOREIGN:
        return "疑为转载其他机关的文件，请人工核对是否应由本单位标注要素"
    return ""
