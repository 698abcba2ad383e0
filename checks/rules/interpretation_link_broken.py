"""公文页面的解读链接打不开。

## 查什么
公文页面上所设的解读链接，两次都显示不存在。

## 为什么要紧
有链接而打不开，群众看不到解读。

## 看不见什么
拒绝访问、超时、服务器繁忙都不算；只试过一次的提示人工核对。

## 怎样整改
恢复解读页面，或改正链接。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, seen, unsure
from checks.lenses.documents import policy_documents
from checks.lenses.pairs import offered_links
from dossier.model import Claim, Outcome, Reach, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="interpretation-link-broken",
    name="解读链接打不开",
    topic=Topic.INTERPRETATION,
    severity=Severity.NORMAL,
    basis=("国办发〔2016〕80号", "晋政办发〔2020〕38号"),
    claim=Claim.PRESENCE,
    messages={"gone": "公文《{title}》的解读链接“{text}”打不开：{url}"},
    remedy="请恢复解读页面，或改正文件页面上的解读链接。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """An interpretation behind a dead link interprets nothing."""
    for document in policy_documents(site):
        for link in offered_links(document, site):
            target = site.page(link.url)
            if target is None:
                continue
            words: dict[str, Any] = {"title": document.title, "text": link.text or "解读", "url": target.url}
            shown = (seen(target, place="解读链接的目标"),)
            if target.gone_twice:
                yield fail(
                    RULE, document.url, "gone", page=document.page, quote=link.text, evidence=shown, **words
                )
            elif target.capture.reach is Reach.GONE:
                because = "只有一次显示不存在，请人工打开核对"
                yield unsure(
                    RULE, document.url, "gone", because=because, page=document.page, evidence=shown, **words
                )
            elif target.ok:
                yield passed(RULE, document.url, page=document.page, quote=link.text)
