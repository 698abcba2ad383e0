"""没有依申请公开入口。

## 查什么
政府信息公开平台首页和网站首页有没有“依申请公开”入口（名称变体见栏目词表）。

## 为什么要紧
条例第二十九条保障公众申请获取政府信息的权利；国办公开办函〔2019〕61号要求平台设置依申请公开入口。

## 看不见什么
入口在、页面打不开的，不算没有入口；平台没有看全、有名称相近的链接时，只提示人工核对。

## 怎样整改
在政府信息公开平台首页设置“依申请公开”入口。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, passed, seen, unsure
from checks.lenses.navigation import facts_of
from checks.lenses.platform import front_pages, near_misses, platform_pages, signposts
from checks.lenses.requests import application_pages
from dossier.model import Area, Claim, Column, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="application-entry-missing",
    name="无依申请公开入口",
    topic=Topic.APPLICATION,
    severity=Severity.MAJOR,
    basis=("《中华人民共和国政府信息公开条例》第二十九条", "国办公开办函〔2019〕61号"),
    claim=Claim.ABSENCE,
    needs=(Area.HOME, Area.PLATFORM),
    messages={"missing": "政府信息公开平台首页和网站首页均未见“依申请公开”入口"},
    remedy="在政府信息公开平台首页设置“依申请公开”入口，说明申请方式并提供申请表。",
)

_NEAR = re.compile(r"申请.{0,4}公开|公开.{0,4}申请|信息.{0,2}申请|^(?:我要|在线|网上)申请$")
_NOT_NEAR = re.compile(r"职称|资格|专利|行政许可")


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The right to ask needs a door."""
    subject = site.unit.unit_id
    fronts = front_pages(site)
    ways = signposts(site, fronts, Column.APPLICATION, Area.APPLICATION)
    if ways:
        yield passed(RULE, subject, page=ways[0].source, quote=ways[0].link.text)
        return
    if not fronts:
        return
    near = near_misses(fronts, _NEAR, _NOT_NEAR)
    if near:
        yield unsure(
            RULE,
            subject,
            "missing",
            because="有名称相近的链接，请人工打开，看它是否就是依申请公开入口",
            page=fronts[0],
            evidence=near,
        )
        return
    elsewhere = tuple(
        seen(page, facts_of(page).title or "", note="网站别处的依申请公开页面，两个首页都没有通向它的链接")
        for page in application_pages(site)[:3]
    )
    if elsewhere and not platform_pages(site):
        yield unsure(
            RULE,
            subject,
            "missing",
            because="没有认出政府信息公开平台的首页，而网站别处有依申请公开页面，请人工看它的入口是否在平台首页上",
            page=fronts[0],
            evidence=elsewhere,
        )
        return
    yield absent(
        RULE,
        subject,
        "missing",
        searched=fronts,
        looked_for=("依申请公开", "信息公开申请"),
        near=elsewhere,
    )
