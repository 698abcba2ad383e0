"""解读没有链接到所解读的公文。

## 查什么
解读页面是否链接到它所解读的公文（公文页面、同一公文的另一页面或其附件都算）。

## 为什么要紧
国办秘函〔2019〕19号要求解读与文件相互关联，读者看了解读应能一步看到原文。

## 看不见什么
转载国家、省里或媒体的解读不查。站内找不到所解读的公文、或只能从正文推测的，提示人工核对。
链接由脚本绘制而未能渲染的，看不到。

## 怎样整改
在解读页面加上所解读公文的链接。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import absent, not_applicable, passed, unsure
from checks.lenses.drawn import drawn_by_script
from checks.lenses.issuers import Origin
from checks.lenses.pairs import (
    Bond,
    Interpretation,
    documents_of,
    interpretations,
    links_by_name,
    points_to,
)
from checks.lenses.shelved import shelved
from checks.lenses.titles import nested, quoted_titles
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="interpretation-backlink-missing",
    name="解读未链接原文",
    topic=Topic.INTERPRETATION,
    severity=Severity.MINOR,
    basis=("国办秘函〔2019〕19号 解读关联",),
    claim=Claim.ABSENCE,
    messages={"missing": "解读“{title}”没有链接到所解读的公文《{document}》"},
    remedy="请在解读页面加上所解读公文的链接。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Who reads what a document means should be one click from what it says."""
    for text in interpretations(site):
        yield _judge(site, text)


def _judge(site: SiteSnapshot, text: Interpretation) -> Outcome:
    page = text.page
    bound = documents_of(site, text)
    if any(points_to(site, text, pair.document) for pair in documents_of(site, text, Bond.MENTION)):
        return passed(RULE, page.url, page=page)
    if text.facts.sources or links_by_name(text):
        return passed(RULE, page.url, page=page)
    own = [pair.document for pair in bound if pair.document.origin in (Origin.OWN, Origin.LOCAL)]
    if own and not drawn_by_script(page):
        document = own[0]
        return absent(
            RULE,
            page.url,
            "missing",
            searched=[page],
            looked_for=(f"指向《{nested(document.title)}》的链接",),
            title=text.title,
            document=document.title,
        )
    document_title = own[0].title if own else (quoted_titles(text.title) or ("",))[0]
    if doubt := _doubt(site, text, bool(own)):
        return unsure(
            RULE,
            page.url,
            "missing",
            because=doubt,
            page=page,
            title=text.title,
            document=document_title or "未能确定",
        )
    return not_applicable(RULE, page.url, "转载的解读，或所解读的不是本单位公文")


def _doubt(site: SiteSnapshot, text: Interpretation, own: bool) -> str:
    if own:
        return "页面的相关链接由脚本绘制，未能读出，请在浏览器中核对"
    if text.origin is Origin.FOREIGN:
        return ""
    bound = documents_of(site, text, Bond.MENTION)
    if bound and all(pair.document.origin is Origin.FOREIGN for pair in bound):
        return ""
    if bound:
        return "只能大致看出解读的是哪份公文，请人工核对是否应设链接"
    if not quoted_titles(text.title) and not shelved(site, text):
        return ""  # answers to questions of daily life among other pages; no document is named
    if text.origin is Origin.OWN:
        return "站内没有找到所解读的公文，请人工核对"
    return ""
