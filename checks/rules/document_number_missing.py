"""公文没有发文字号。

## 查什么
政策文件、规范性文件栏目中的公文页面，是否在信息要素表或文首标出发文字号（文号、文件编号等叫法同样算数）。
正文只在附件中的，也看标题和附件开头。

## 为什么要紧
发文字号是公文的身份。没有文号，群众无法核对、引用，也无法据以申请公开。

## 看不见什么
扫描件里的文号读不出来；公告、目录、法律法规本就可能没有文号；要素表由脚本填写的页面看不到内容。
这些情形只提示人工核对。
一个网站上有三处以上、且超过八成都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
在文件页面的信息要素表中补录发文字号，并与文件正文一致。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, not_applicable, passed, unsure
from checks.lenses.attached import unread_attachments
from checks.lenses.block import surely_without, value_of
from checks.lenses.documents import (
    CARRIER_LENGTH,
    PolicyDocument,
    body_length,
    law_itself,
    numberless_by_nature,
    policy_documents,
)
from checks.lenses.drawn import block_drawn_by_script
from checks.lenses.issuers import Origin
from dossier.model import Claim, Outcome, PageFacts, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-number-missing",
    name="公文无发文字号",
    topic=Topic.DISCLOSURE,
    severity=Severity.MINOR,
    basis=("晋政办函〔2020〕42号附件4第五项", "《中华人民共和国政府信息公开条例》第十二条"),
    claim=Claim.ABSENCE,
    messages={"missing": "公文《{title}》未标发文字号"},
    remedy="请在文件页面的信息要素表中补录发文字号，并与文件正文一致。",
    plausible_share=0.8,
)
LOOKED_FOR = ("发文字号", "文号", "文件编号")


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A 公文 is known by its number; the page that shows it should show that too."""
    for document in policy_documents(site):
        page, title = document.page, document.title
        if document.number_text:
            yield passed(RULE, page.url, page=page, quote=document.number_text)
        elif law_itself(title):
            yield not_applicable(RULE, page.url, "法律、法规本身不用发文字号")
        elif doubt := _doubt(site, document):
            yield unsure(RULE, page.url, "missing", because=doubt, page=page, title=title)
        else:
            firm = surely_without(document.facts, ("document_number",))
            yield absent(
                RULE, page.url, "missing", searched=[page], looked_for=LOOKED_FOR, firm=firm, title=title
            )


def _doubt(site: SiteSnapshot, document: PolicyDocument) -> str:
    if document.doubt:
        return f"{document.doubt}，请人工判断是否应有文号"
    if block_drawn_by_script(document.page):
        return "页面要素由脚本填写，未能读出，请在浏览器中核对文号"
    if value_of(document.facts, "document_number") or _says_none(document.facts):
        return "要素表写明的内容不是通常的文号（如“无”），请人工核对该文件是否确无文号"
    if numberless_by_nature(document.title):
        return "公告、目录等可能本无文号，请人工核对"
    carrier = body_length(document.page) <= CARRIER_LENGTH
    if carrier and unread_attachments(site, document.page):
        return "正文在附件中而附件未能读出，文号可能在附件里，请打开附件核对"
    if document.origin is Origin.FOREIGN and not document.facts.metadata:
        return "疑为转载其他机关的文件，请人工核对是否应由本单位标注文号"
    return ""


_NONE = re.compile(
    r"(?:发文字号|文件编号|文\s*号)\s*[:：]?\s*(?:暂?无|/)(?:文号)?\s*(?:$|\n|[\u4e00-\u9fff]{2,4}[:：])"
)


def _says_none(facts: PageFacts) -> bool:
    """Whether the page itself says that the document has no number."""
    return bool(_NONE.search(facts.whole_text)) or any(
        entry.name == "document_number" and "无" in entry.value for entry in facts.metadata
    )
