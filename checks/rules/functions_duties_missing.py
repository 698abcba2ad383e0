"""机构职能页面没有职责或者没有内设机构。

## 查什么
机构职能各页面（含附件）的文字里有没有本机关的职能、职责，有没有内设机构。

## 为什么要紧
条例第二十条第（二）项要求公开机关职能和机构设置，只有一个空标题不算公开。

## 看不见什么
内容是图片、视频或读不出文字的附件时，内容由脚本绘制、下级页面没有看全时，只提示人工核对。

## 怎样整改
在机构职能栏目中写明主要职责和各内设机构的名称、职责。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.accuse import absent, passed, unsure
from checks.lenses.attached import unread_attachments
from checks.lenses.navigation import drawn_elsewhere, facts_of
from checks.lenses.organs import functions_pages, speechless, words_of
from checks.lenses.own_words import all_own_words
from dossier.model import Area, Claim, Column, Outcome, Page, Rule, Severity, SiteSnapshot, Topic, UnitClass

RULE = Rule(
    id="functions-duties-missing",
    name="机构职能内容不全",
    topic=Topic.FUNCTIONS,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第二十条第（二）项", "晋政办函〔2020〕42号附件4第三项"),
    claim=Claim.ABSENCE,
    needs=(Area.FUNCTIONS,),
    messages={"missing": "机构职能页面未见{what}"},
    remedy="在机构职能栏目中补充主要职责和内设机构。",
)


@dataclass(frozen=True)
class _Part:
    subject: str
    name: str
    words: re.Pattern[str]
    looked_for: tuple[str, ...]


_PARTS = (
    _Part(
        "duties",
        "职能、职责",
        re.compile(r"职责|职能|负责(?!人)|主管|拟订|组织实施"),
        ("职责", "职能", "负责"),
    ),
    _Part(
        "organs",
        "内设机构",
        re.compile(
            r"内设机构|内设处室|内设科室|处室|科室|机构设置|[一-鿿]{2,12}[处科股室]\s*(?:[：:（(]|$)"
            r"|^\s*[一-鿿]{2,12}[处科股室][\s　]+(?:主要)?(?:负责|承担|承办|组织|指导|拟订|协助)"
            r"|[一-鿿]{2,10}[处科股室]、[一-鿿]{2,10}[处科股室](?:[、，。；和及]|\s|$)",
            re.MULTILINE,
        ),
        ("内设机构", "处室", "科室"),
    ),
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A functions page tells what the unit does and of what it consists."""
    pages = functions_pages(site)
    if not pages:
        return
    for part in _PARTS:
        found = next((hit for page in pages if (hit := _said(site, page, part, words_of(site, page)))), None)
        found = found or next(
            (hit for page in pages if (hit := _said(site, page, part, all_own_words(site, page)))), None
        )
        if found:
            yield passed(RULE, part.subject, page=found[0], quote=found[1])
        elif any(
            drawn_elsewhere(page) or speechless(page) or unread_attachments(site, page) for page in pages
        ):
            yield unsure(
                RULE,
                part.subject,
                "missing",
                because="机构职能页面有图片、附件或脚本绘制的内容读不出文字，请人工打开核对",
                page=pages[0],
                what=part.name,
            )
        else:
            yield absent(
                RULE, part.subject, "missing", searched=pages, looked_for=part.looked_for, what=part.name
            )


_OF_AN_ORGAN = re.compile(
    r"[一-鿿]{1,12}(?:[处科股室]|办公室|党委)(?:[（(][^（()）\n]{0,120}[）)]|[\s：:]{1,3}(?:主要)?(?:负责|承担|承办|组织|指导|拟订|协助|主管)[^。；;\n]{0,200})"
)
"""What one inner organ does (`财务处（负责资产管理）`, `法规科：承担……`) is not what the unit is for."""


_BODIES = re.compile(r"(?:工作|组成|政府|市直|所属)(?:部门|机构|单位)|直属机构")
_BODY = re.compile(r"市[一-鿿]{2,12}?(?:局|委员会|委)")
_FEWEST_BODIES = 3


def _bodies_of_a_city(words: str) -> str:
    """A city's government consists of its departments: their names, where they are said to be that."""
    named = dict.fromkeys(_BODY.findall(words))
    said = _BODIES.search(words)
    return (
        f"{said[0]}：{'、'.join([*named][:_FEWEST_BODIES])}" if said and len(named) >= _FEWEST_BODIES else ""
    )


_PROMISE = re.compile(
    r"[^。；！\n]*(?:正在(?:整理|建设|更新|完善|维护|编制|修订)|敬请期待|建设中|暂无内容)[^。；！\n]*"
)
"""What will be told is not told yet."""


def _of_duties(title: str) -> bool:
    """Whether a page says of itself that it is about duties: that a catalogue lists it under 机构设置 as well puts no
    organ on it."""
    return bool(re.search(r"职能|职责", title)) and not re.search(
        r"机构设置|设置|内设|处室|科室|机构$", title
    )


def _said(site: SiteSnapshot, page: Page, part: _Part, words: str) -> tuple[Page, str] | None:
    """Where a page says it: in its own words beyond its title, or as a page of inner organs."""
    facts = facts_of(page)
    body = _PROMISE.sub("", words.removeprefix(facts.title or ""))
    headings = {facts.title or "", *facts.breadcrumb}
    body = "\n".join(line for line in body.splitlines() if line.strip() not in headings)
    if part.subject == "duties":
        body = _OF_AN_ORGAN.sub("", body)
    match = part.words.search(body)
    if match:
        return page, body[max(0, match.start() - 10) : match.end() + 30].strip()
    if (
        part.subject == "organs"
        and site.unit.unit_class is UnitClass.A
        and (bodies := _bodies_of_a_city(body))
    ):
        return page, bodies
    told = _PROMISE.sub("", facts.text)
    if (
        part.subject == "organs"
        and Column.ORGANS in page.columns
        and not _of_duties(facts.title or "")
        and len("".join(told.split())) >= 30
    ):
        return page, facts.title or ""
    return None
