"""机构职能信息缺少办公地址、办公时间、联系方式或负责人姓名。

## 查什么
机构职能、内设机构、联系我们、领导信息各页面（含附件）合起来，有没有办公地址、办公时间、联系电话、负责人姓名。

## 为什么要紧
条例第二十条第（二）项逐一列明了这四样，公众据此能找到机关、找到人。

## 看不见什么
页面上有该项字样而没有认出内容的，内容是图片或由脚本绘制的，只提示人工核对。
一个网站上有三处以上、且超过七成都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
在机构职能栏目写明所缺的项目。
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.accuse import absent, passed, seen, unsure
from checks.lenses.attached import unread_attachments
from checks.lenses.leaders import named_leaders
from checks.lenses.names import may_be_name
from checks.lenses.navigation import drawn_elsewhere, facts_of
from checks.lenses.organs import contact_pages, functions_pages, leaders_pages, speechless, words_of
from checks.lenses.own_words import all_own_words
from dossier.model import Area, Claim, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="functions-contact-incomplete",
    name="机构联系信息不全",
    topic=Topic.FUNCTIONS,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第二十条第（二）项",),
    claim=Claim.ABSENCE,
    needs=(Area.FUNCTIONS,),
    messages={"missing": "机构职能信息未见{what}"},
    remedy="在机构职能栏目补充办公地址、办公时间、联系方式、负责人姓名中所缺的项目。",
    plausible_share=0.7,
)


@dataclass(frozen=True)
class _Element:
    subject: str
    name: str
    filled: re.Pattern[str]
    """Words that state it."""
    near: re.Pattern[str]
    """Words that may stand for it in a form not foreseen."""


_ELEMENTS = (
    _Element(
        "address",
        "办公地址",
        re.compile(
            r"(?:地\s*址|办公地点|驻地|位于)[^\S\n]*[：:]?\s*(?!电话|传真|邮|办公|联系|时间)[一-鿿]{2,}.{0,20}(?:路|街|号|巷|道|楼|区|镇|大厦)"
        ),
        re.compile(r"(?:地\s*址|地\s*点)\s*[：:]|[一-鿿]{2,8}(?:路|街|大街)\s*\d+\s*号"),
    ),
    _Element(
        "hours",
        "办公时间",
        re.compile(
            r"(?:办公|工作|上班|接待|作息|受理)\s*时\s*间[^\S\n]*[：:]?[^\S\n]*[^\s：:].{0,40}\d|[上下]午\s*\d{1,2}\s*[：:点时]"
        ),
        re.compile(
            r"(?:办公|工作|上班|作息)\s*时\s*间\s*[：:]|法定工作日|\d{1,2}[：:]\d{2}\s*[-—–~至]+\s*\d{1,2}[：:]\d{2}"
        ),
    ),
    _Element(
        "phone",
        "联系电话",
        re.compile(
            r"(?:电\s*话|联系方式|热线|值班)[^\d\n]{0,12}\d{3,4}[）)]?[-—－\s]?\d{4,8}|0\d{2,3}[-—－]\d{7,8}"
        ),
        re.compile(r"(?:电\s*话|联系方式)\s*[：:]|(?<!\d)\d{7,8}(?!\d)"),
    ),
    _Element(
        "head",
        "负责人姓名",
        re.compile(
            r"(?:负责人|主要领导|局长|厅长|主任|市长|县长|书记|院长|会长|行长|台长|社长|处长|校长)[^\S\n]*(?:姓名)?(?:[^\S\n]*[：:]?[^\S\n]*|\s*\n\s*)(?P<name>[一-鿿·]{2,4})(?![一-鿿])"
        ),
        re.compile(
            r"负责人(?:姓名)?\s*[：:]|(?:局|厅|主任|市|书记)长?\s*[：:]|(?:法人代表|法定代表人|领导)\s*[：:]"
            r"|^[^\S\n]*(?!领导|姓名)[一-鿿·]{2,4}(?:[^\S\n]|[（(,，：:])+(?:党[组委]书记|(?:厅|局|市|县|院|台|会)长|主任)",
            re.MULTILINE,
        ),
    ),
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Across the pages that say who the unit is, each way to reach it is looked for."""
    functions = functions_pages(site)
    if not functions:
        return
    beside = (*contact_pages(site), *leaders_pages(site))
    pages = tuple({page.url: page for page in (*functions, *beside)}.values())
    texts = [(page, words_of(site, page)) for page in pages]
    named = named_leaders(site)
    led = named.sure or named.perhaps
    for element in _ELEMENTS:
        stated = _stated(element, texts) or _stated(
            element, ((page, all_own_words(site, page)) for page in pages)
        )
        if stated:
            yield passed(RULE, element.subject, page=stated[0], quote=stated[1])
        elif element.subject == "head" and led:
            yield passed(RULE, element.subject, page=led[0], quote=led[1])
        else:
            yield _missing(site, element, functions, pages, texts)


def _stated(element: _Element, texts: Iterable[tuple[Page, str]]) -> tuple[Page, str] | None:
    for page, words in texts:
        quote = facts_of(page).contacts.get(element.subject)
        if quote and (element.subject != "head" or may_be_name(_LAST_WORD.sub(r"\1", quote))):
            return page, quote
        for match in element.filled.finditer(_joined(words)):
            if may_be_name(match.groupdict().get("name", "—")):
                return page, match.group(0)
        under = _UNDER_HEADS.get(element.subject)
        if under and under[0].search(words) and (value := under[1].search(words)):
            return page, value.group(0)
    return None


_UNDER_HEADS = {
    "address": (
        re.compile(r"^\s*(?:办公)?(?:地\s*址|地\s*点)\s*$", re.MULTILINE),
        re.compile(r"[一-鿿]{2,16}(?:路|街|巷|道)\s*\d+\s*号.{0,20}"),
    ),
    "hours": (
        re.compile(r"^\s*(?:办公|工作|上班)时间\s*$", re.MULTILINE),
        re.compile(r".{0,12}\d{1,2}[：:]\d{2}\s*[-—–~至到]+\s*\d{1,2}[：:]\d{2}"),
    ),
}
"""A table of one row under its heads: the heads stand first, each on a line, and the values after them all."""


_LAST_WORD = re.compile(r"^.*?([一-鿿·]{2,4})$", re.DOTALL)
_LETTER_SPACED = re.compile(r"(?<![一-鿿])[一-鿿](?:[ \u3000\xa0]+[一-鿿])+(?![一-鿿])")


def _joined(words: str) -> str:
    """Labels set wide to fill their line (`局　　长：`, `地 址：`) as they are read."""
    return _LETTER_SPACED.sub(lambda wide: re.sub(r"\s", "", wide[0]), words)


def _missing(
    site: SiteSnapshot,
    element: _Element,
    functions: tuple[Page, ...],
    pages: tuple[Page, ...],
    texts: list[tuple[Page, str]],
) -> Outcome:
    near = [
        seen(page, words[max(0, match.start() - 10) : match.end() + 20].strip(), note="相近的字样")
        for page, words in texts
        if (match := element.near.search(words)) and not _left_blank(words, match)
    ]
    dim = any(
        drawn_elsewhere(page) or speechless(page) or unread_attachments(site, page) for page in functions
    )
    if near or dim:
        because = (
            "页面上有相近的字样，但没有认出内容，请人工核对"
            if near
            else "机构职能页面有图片、附件或脚本绘制的内容读不出文字，请人工打开核对"
        )
        return unsure(
            RULE,
            element.subject,
            "missing",
            because=because,
            page=functions[0],
            evidence=near[:5],
            what=element.name,
        )
    return absent(
        RULE, element.subject, "missing", searched=pages, looked_for=(element.name,), what=element.name
    )


def _left_blank(words: str, match: re.Match[str]) -> bool:
    """A label with nothing after it states nothing; a value at the end of its line is no label."""
    if not match[0].rstrip().endswith(("：", ":")):
        return False
    rest = words[match.end() :].split("\n", 1)[0]
    return not rest.strip(" ：:\t　;；。，,、-—_/无")
