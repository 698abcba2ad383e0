"""首页没有政府信息公开入口。

## 查什么
网站首页（含导航、页头、页脚）是否有“政府信息公开”或“政务公开”入口，名称变体见栏目词表。

## 为什么要紧
国办公开办函〔2019〕61号要求各单位在门户网站设置政府信息公开平台并提供清楚的入口。

## 看不见什么
入口由脚本绘制而未能渲染、首页的公共部分没有取到时，只提示人工核对，不作判断。

## 怎样整改
在首页显著位置设置“政府信息公开”入口，链接到本单位政府信息公开平台首页。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.navigation import home_pages
from checks.lenses.platform import near_misses, platform_entries
from dossier.model import Area, Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

_NEAR = re.compile(r"公开|政务信息")
_NOT_NEAR = re.compile(r"公开招聘|公开选|公开征|公开遴选|公开日|公开课|公开发行|政务服务")

RULE = Rule(
    id="platform-entry-missing",
    name="首页无政府信息公开入口",
    topic=Topic.PLATFORM,
    severity=Severity.MAJOR,
    basis=("国办公开办函〔2019〕61号", "《中华人民共和国政府信息公开条例》第二十四条"),
    claim=Claim.ABSENCE,
    needs=(Area.HOME,),
    messages={"missing": "首页未见“政府信息公开”或“政务公开”入口"},
    remedy="在首页显著位置设置“政府信息公开”入口，链接到本单位政府信息公开平台首页。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A visitor who lands on the home page must find the way to what is disclosed."""
    subject = site.unit.unit_id
    homes = home_pages(site)
    entries = platform_entries(site)
    if entries:
        yield passed(RULE, subject, page=entries[0].source, quote=entries[0].link.text)
        return
    near = near_misses(homes, _NEAR, _NOT_NEAR)
    if near:
        yield unsure(
            RULE,
            subject,
            "missing",
            because="首页有名称相近的链接，请人工打开，看它是否通向政府信息公开平台",
            evidence=near,
            page_url=homes[0].url,
        )
    elif homes:
        yield absent(RULE, subject, "missing", searched=homes, looked_for=("政府信息公开", "政务公开"))
