"""公文的附件打不开。

## 查什么
公文页面所附文件的链接，两次都显示不存在，或者打开的是一个报错网页而不是文件。

## 为什么要紧
正文常常就在附件里；附件打不开，等于没有公开。

## 看不见什么
拒绝访问、服务器繁忙、超时都不算打不开；只试过一次的提示人工核对。能打开而内容不对的附件看不出来。

## 怎样整改
重新上传附件并改正链接。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, seen, unsure
from checks.lenses.attached import FILE_ADDRESS, attachments_of
from checks.lenses.documents import PolicyDocument, policy_documents
from dossier.model import (
    Attachment,
    Claim,
    Outcome,
    Page,
    PageKind,
    Reach,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
)

RULE = Rule(
    id="document-attachment-broken",
    name="公文附件打不开",
    topic=Topic.DISCLOSURE,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第二十四条", "国办秘函〔2019〕19号 可用性"),
    claim=Claim.PRESENCE,
    messages={
        "gone": "公文《{title}》的附件“{text}”打不开：{url}",
        "error-page": "公文《{title}》的附件“{text}”打开后是报错网页而不是文件：{url}",
    },
    remedy="请重新上传附件并改正链接。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """What is attached must open; each file is named once, with the first document that offers it."""
    told: set[str] = set()
    for document in policy_documents(site):
        for item, held in attachments_of(site, document.page):
            if held is None or held.url in told:
                continue
            told.add(held.url)
            yield from _judge(document, item, held)


def _judge(document: PolicyDocument, item: Attachment, held: Page) -> Iterator[Outcome]:
    text = item.text or held.url.rsplit("/", 1)[-1]
    words: dict[str, Any] = {"title": document.title, "text": text, "url": held.url}
    shown = (seen(held, place="附件"), seen(document.page, item.text, place="所在公文页面"))
    error_page = held.ok and held.kind is PageKind.ERROR and bool(FILE_ADDRESS.search(held.url))
    if held.gone_twice:
        if document.doubt:
            yield unsure(
                RULE, held.url, "gone", because=document.doubt, evidence=shown, page_url=held.url, **words
            )
        else:
            yield fail(RULE, held.url, "gone", evidence=shown, page_url=document.url, **words)
    elif error_page and len(held.tries) >= 2 and not document.doubt:
        yield fail(RULE, held.url, "error-page", evidence=shown, page_url=document.url, **words)
    elif error_page or held.capture.reach is Reach.GONE:
        yield unsure(
            RULE,
            held.url,
            "error-page" if error_page else "gone",
            because="只试过一次，或不能肯定是附件，请人工打开附件核对",
            evidence=shown,
            page_url=document.url,
            **words,
        )
    elif held.ok:
        yield passed(RULE, held.url, page=held)
