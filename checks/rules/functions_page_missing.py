"""没有机构职能页面。

## 查什么
从网站首页、导航栏目和政府信息公开平台出发，能不能到达介绍机构职能（机构概况、主要职责、内设机构等）的页面。

## 为什么要紧
机关职能、机构设置是条例第二十条第（二）项规定必须主动公开的信息，公众据此知道该找谁。

## 看不见什么
有链接而页面没有看到的，不判断；首页或平台没有看全、有名称相近的链接时，只提示人工核对。

## 怎样整改
设置“机构职能”栏目，公开机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, passed, unsure
from checks.lenses.navigation import nav_columns
from checks.lenses.organs import functions_pages
from checks.lenses.platform import front_pages, near_misses
from dossier.model import Area, Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="functions-page-missing",
    name="未公开机构职能",
    topic=Topic.FUNCTIONS,
    severity=Severity.MAJOR,
    basis=("《中华人民共和国政府信息公开条例》第二十条第（二）项", "晋政办函〔2020〕42号附件4第三项"),
    claim=Claim.ABSENCE,
    needs=(Area.HOME, Area.PLATFORM, Area.FUNCTIONS),
    messages={"missing": "从首页和政府信息公开平台都找不到介绍机构职能的页面"},
    remedy="设置“机构职能”栏目，公开机关职能、机构设置、办公地址、办公时间、联系方式和负责人姓名。",
)

_NEAR = re.compile(r"职能|职责|机构|概况|处室|科室|关于我|简介|三定")
_NOT_NEAR = re.compile(r"转变|医疗|培训|检测|中介|机构改革|事业单位招|直属|招聘|金融|登记|网点|留学")


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Whoever looks for the unit's duties must find a page about them."""
    subject = site.unit.unit_id
    found = functions_pages(site)
    if found:
        yield passed(RULE, subject, page=found[0])
        return
    searched = {page.url: page for page in (*front_pages(site), *(nav.page for nav in nav_columns(site)))}
    near = near_misses(front_pages(site), _NEAR, _NOT_NEAR)
    if near:
        yield unsure(
            RULE,
            subject,
            "missing",
            because="有名称相近的链接，请人工打开，看其中是否公开了机构职能",
            evidence=near,
            page_url=near[0].url,
        )
    else:
        yield absent(
            RULE,
            subject,
            "missing",
            searched=searched.values(),
            looked_for=("机构职能", "机构概况", "主要职责", "内设机构"),
        )
