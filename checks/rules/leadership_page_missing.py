"""没有领导信息页面。

## 查什么
市政府网站，以及导航中设有领导栏目的部门网站，有没有页面列出领导姓名和职务。

## 为什么要紧
条例第二十条第（二）项要求公开负责人姓名；国办秘函〔2019〕19号把领导信息列为网站应有内容。

## 看不见什么
领导页面没有看到、内容是图片或由脚本绘制的，只提示人工核对。部门网站没有领导栏目的，本项不适用。

## 怎样整改
设置领导信息栏目，列出领导姓名、职务和分工。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accuse import absent, not_applicable, passed, unsure
from checks.lenses.attached import unread_attachments
from checks.lenses.leaders import named_leaders
from checks.lenses.navigation import drawn_elsewhere
from checks.lenses.organs import functions_pages, leaders_pages, speechless
from checks.lenses.platform import front_pages, near_misses
from dossier.model import (
    Area,
    AreaState,
    Claim,
    Outcome,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
    UnitClass,
)

RULE = Rule(
    id="leadership-page-missing",
    name="未公开领导信息",
    topic=Topic.FUNCTIONS,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第二十条第（二）项", "国办秘函〔2019〕19号"),
    claim=Claim.ABSENCE,
    needs=(Area.HOME, Area.LEADERS),
    messages={
        "missing": "网站上找不到列出领导姓名和职务的页面",
        "nameless": "领导信息页面没有列出领导的姓名和职务",
    },
    remedy="设置领导信息栏目，列出领导姓名、职务和分工。",
)

_NEAR = re.compile(r"领导|班子|市长|厅长|局长|主任之窗|负责人")
_NOT_NEAR = re.compile(r"活动|讲话|信箱|留言|小组|接待|干部|批示|会议|调研")


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A government says by whom it is led."""
    subject = site.unit.unit_id
    pages = leaders_pages(site)
    if not pages:
        if site.unit.unit_class is not UnitClass.A:
            yield not_applicable(RULE, subject, "部门网站没有设领导栏目")
            return
        yield _no_page(site, subject)
        return
    named = named_leaders(site)
    if named.sure:
        yield passed(RULE, subject, page=named.sure[0], quote=named.sure[1])
    elif named.perhaps:
        yield unsure(
            RULE,
            subject,
            "nameless",
            because="职务旁边的字认不出是不是姓名，请人工打开核对",
            page=named.perhaps[0],
            quote=named.perhaps[1],
        )
    elif any(drawn_elsewhere(page) or speechless(page) or unread_attachments(site, page) for page in pages):
        yield unsure(
            RULE,
            subject,
            "nameless",
            because="领导信息页面有图片、附件或脚本绘制的内容读不出文字，请人工打开核对",
            page=pages[0],
        )
    else:
        yield absent(RULE, subject, "nameless", searched=pages, looked_for=("姓名", "职务"))


def _no_page(site: SiteSnapshot, subject: str) -> Outcome:
    fronts = front_pages(site)
    near = near_misses(fronts, _NEAR, _NOT_NEAR)
    if near and site.coverage.state(Area.LEADERS) is AreaState.ABSENT:
        return unsure(
            RULE,
            subject,
            "missing",
            because="有名称相近的链接，请人工打开，看其中是否列出领导",
            evidence=near,
            page_url=near[0].url,
        )
    searched = {page.url: page for page in (*fronts, *functions_pages(site))}
    return absent(
        RULE, subject, "missing", searched=searched.values(), looked_for=("领导信息", "领导之窗", "政府领导")
    )
