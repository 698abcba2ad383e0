"""清单所列主动公开的公文打不开。

## 查什么
本单位报送的公文清单中，标为主动公开的每一行是否有超链接，链接是否打得开。

## 为什么要紧
清单是考核的依据；没有链接或链接失效，等于没有公开到位。

## 看不见什么
没有报送清单的单位不查。只试过一次、拒绝访问、超时或本轮没有打开的链接，只提示人工核对。

## 怎样整改
在清单中补上可以打开的网页链接，或恢复该页面。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.listed import link_of, open_row, row_evidence, subject_of
from dossier.model import Claim, ListedDocument, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="listed-document-unreachable",
    name="清单所列公文打不开",
    topic=Topic.DISCLOSURE,
    severity=Severity.NORMAL,
    basis=("晋政办函〔2020〕42号附件4第五项",),
    claim=Claim.PRESENCE,
    messages={
        "no-link": "清单第 {line} 行《{title}》标为主动公开，但没有超链接",
        "gone": "清单第 {line} 行《{title}》的链接打不开：{url}",
        "unseen": "清单第 {line} 行《{title}》的链接本轮没有看到：{url}",
    },
    remedy="请在清单中填写可以打开的网页链接，或恢复该页面。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """What a unit's own list calls public must be a click away."""
    for row in site.listed or ():
        if open_row(row) and subject_of(row):
            yield _judge(site, row)


def _judge(site: SiteSnapshot, row: ListedDocument) -> Outcome:
    subject, url = subject_of(row), link_of(row)
    words: dict[str, Any] = {"line": row.line, "title": row.title, "url": row.url}
    if not url:
        if ("." in row.url and "/" in row.url) or row.url.lower().startswith("www."):
            because = "清单中填的像是网址但不完整，请人工打开核对"
            return unsure(RULE, subject, "no-link", because=because, evidence=(row_evidence(row),), **words)
        return fail(RULE, subject, "no-link", evidence=(row_evidence(row),), **words)
    page = site.page(url)
    if page is None:
        because = "本轮没有访问这个链接，请人工打开核对"
        return unsure(RULE, subject, "unseen", because=because, evidence=(row_evidence(row),), **words)
    if page.gone_twice:
        return fail(RULE, subject, "gone", page=page, evidence=(row_evidence(row),), **words)
    if page.ok:
        return passed(RULE, subject, page=page)
    because = f"链接本轮没有打开（{page.capture.reason or page.capture.reach.value}），请人工核对"
    return unsure(RULE, subject, "unseen", because=because, page=page, evidence=(row_evidence(row),), **words)
