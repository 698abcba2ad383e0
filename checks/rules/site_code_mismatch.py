"""网站标识码不对。

## 查什么
首页底部的网站标识码是否为 10 位数字（或 bm 加 8 位数字），与名录登记的、与网页 SiteIDCode 标签的是否一致。

## 为什么要紧
《政府网站发展指引》规定一个网站一个标识码，公众和监管据此识别真伪。

## 看不见什么
首页没有标识码的，由“首页底部要素缺失”检查；名录没有登记标识码时只比格式和标签。

## 怎样整改
按核发的标识码改正首页底部和网页标签。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import fail, passed, unsure
from checks.lenses.navigation import facts_of
from dossier.addresses import host_of
from dossier.model import Claim, Outcome, Page, Rule, Severity, SiteRow, SiteSnapshot, Topic

RULE = Rule(
    id="site-code-mismatch",
    name="网站标识码不符",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("《政府网站发展指引》（国办发〔2017〕47号）",),
    claim=Claim.PRESENCE,
    messages={
        "malformed": "首页底部的网站标识码“{shown}”不合规定格式",
        "listed": "首页底部的网站标识码“{shown}”与名录登记的“{listed}”不一致",
        "tag": "首页底部的网站标识码“{shown}”与 SiteIDCode 标签“{tag}”不一致",
    },
    remedy="按核发的网站标识码改正首页底部和 SiteIDCode 标签。",
)

_FORM = re.compile(r"^(?:\d{10}|bm\d{8})$", re.IGNORECASE)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A site has one code, the same wherever it is written."""
    for row, url in site.homes:
        page = site.page(url)
        if page and page.ok and facts_of(page).site_code:
            yield _of(row, page)


def _of(row: SiteRow, page: Page) -> Outcome:
    facts = facts_of(page)
    host = host_of(page.url)
    written = facts.site_code or ""
    shown = _bare(written)
    listed = _bare(row.site_code)
    tag = _bare(facts.site_code_tag or "")
    if not _FORM.match(shown):
        return fail(RULE, host, "malformed", page=page, quote=written, shown=shown)
    if listed and shown.lower() != listed.lower():
        return fail(RULE, host, "listed", page=page, quote=written, shown=shown, listed=listed)
    if tag and tag.lower() != shown.lower():
        if tag.lower().endswith(shown.lower()) or shown.lower() in tag.lower():
            return unsure(
                RULE,
                host,
                "tag",
                because="标签中含有同一标识码但写法不同，请人工核对网页源代码",
                page=page,
                quote=written,
                shown=shown,
                tag=tag,
            )
        return fail(
            RULE, host, "tag", page=page, quote=f"{written} / {facts.site_code_tag}", shown=shown, tag=tag
        )
    return passed(RULE, host, page=page, quote=written)


def _bare(code: str) -> str:
    return "".join(code.split())
