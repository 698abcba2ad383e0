"""公文页面没有内容。

## 查什么
公文页面既没有正文（不少于 30 字），也没有附件。

## 为什么要紧
只有标题、没有内容的公开等于没有公开，条例第六条要求及时、准确地公开。

## 看不见什么
正文由脚本绘制、以图片或视频呈现、或嵌在别处的，看不到文字，只提示人工核对。
一个网站上有三处以上、且超过三成都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
补发文件正文或附件，并检查发布模板。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.attached import attachments_of
from checks.lenses.documents import PolicyDocument, body_length, policy_documents
from checks.lenses.drawn import drawn_by_script
from dossier.model import Claim, LinkPlace, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="document-body-empty",
    name="公文页面无正文",
    topic=Topic.DISCLOSURE,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第六条",),
    claim=Claim.ABSENCE,
    messages={"empty": "公文《{title}》的页面正文只有 {characters} 字，且没有附件"},
    remedy="请补发文件正文或附件，并检查发布模板是否正常显示。",
    plausible_share=0.3,
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A title alone discloses nothing."""
    least = int(site.tables.threshold("document-body-empty.characters"))
    for document in policy_documents(site):
        page, length = document.page, body_length(document.page)
        if length >= least or attachments_of(site, page):
            yield passed(RULE, page.url, page=page)
        elif doubt := _doubt(document):
            yield unsure(
                RULE, page.url, "empty", because=doubt, page=page, title=document.title, characters=length
            )
        else:
            yield absent(
                RULE,
                page.url,
                "empty",
                searched=[page],
                looked_for=("正文", "附件"),
                title=document.title,
                characters=length,
            )


def _doubt(document: PolicyDocument) -> str:
    facts = document.facts
    if document.doubt:
        return f"{document.doubt}，请人工判断"
    if drawn_by_script(document.page) or (facts.includes and not facts.text):
        return "页面内容由脚本绘制，未能读出，请在浏览器中核对"
    if facts.media:
        return "正文以图片或音视频呈现，读不出文字，请人工核对"
    if any(_sentence(line, document) for line in facts.whole_text.splitlines()):
        return "页面上另有成句的文字，未能肯定不是正文，请人工核对"
    if facts.truncated:
        return "页面过长未读全，请人工核对"
    if any(
        link.tag in ("iframe", "embed", "object") and link.place is LinkPlace.MAIN for link in facts.links
    ):
        return "正文嵌入了其他页面，读不出文字，请人工核对"
    return ""


_END = re.compile(r"[。；！？]$")
_FRAME = re.compile(
    r"版权|备案|标识码|主办|承办|地址|邮编|电话|浏览器|分辨率|当前位置|扫一扫|请输入|发布日期|发布时间|来源|浏览|打印|您的位置|技术支持"
)


def _sentence(line: str, document: PolicyDocument) -> bool:
    """Whether a line of the page reads like text of the document and not like the page's frame."""
    words = line.strip()
    return (
        len(words) >= LEAST_SENTENCE
        and bool(_END.search(words))
        and not _FRAME.search(words)
        and document.title not in words
    )


LEAST_SENTENCE = 25
