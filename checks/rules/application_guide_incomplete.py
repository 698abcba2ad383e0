"""公开指南和依申请公开页面缺少受理机构的要素。

## 查什么
政府信息公开指南和依申请公开页面（含附件）合起来，有没有受理机构的名称、办公地址、办公时间、
联系电话、传真号码、互联网联系方式。

## 为什么要紧
条例第十二条逐一列明了指南应当包括的这些内容，缺一样，申请人就少一条联系的路。

## 看不见什么
指南是扫描件或图片、页面由脚本绘制、由脚本打开、没有看全的，以及有字样而没有认出内容的，只提示人工核对。
一个网站上有三处以上、且超过四成都如此时，更像是没有读懂这种版式，也只提示人工核对。

## 怎样整改
在公开指南中补充所缺的要素并保持更新。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.accuse import absent, passed, seen, unsure
from checks.lenses.attached import attachments_of
from checks.lenses.issuers import own_names
from checks.lenses.navigation import drawn_elsewhere, facts_of
from checks.lenses.organs import speechless
from checks.lenses.own_words import all_own_words
from checks.lenses.requests import speaking_pages, words_of
from dossier.model import Area, Claim, Evidence, Outcome, Page, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="application-guide-incomplete",
    name="公开指南要素不全",
    topic=Topic.APPLICATION,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》第十二条",),
    claim=Claim.ABSENCE,
    needs=(Area.GUIDE, Area.APPLICATION),
    messages={"missing": "政府信息公开指南和依申请公开页面未见受理机构的{what}"},
    remedy="在政府信息公开指南中补充受理机构的名称、办公地址、办公时间、联系电话、传真号码、互联网联系方式。",
    plausible_share=0.4,
)


@dataclass(frozen=True)
class _Element:
    subject: str
    name: str
    filled: re.Pattern[str]
    near: re.Pattern[str]
    may_be_none: bool = False
    """An office may say that it has none (“传真：无”): whether that will do is for a person to say."""


_ELEMENTS = (
    _Element(
        "name",
        "机构名称",
        re.compile(
            r"(?:机构|单位|部门)(?:名称)?[^\S\n]*(?:[：:]|为|是)[^\S\n]*[一-鿿]{3,}|由[一-鿿]{4,}(?:办公室|科|处|中心)(?:负责)?受理"
        ),
        re.compile(
            r"(?:受理|工作|公开|申请)(?:机构|单位|部门)\s*[：:]|机构名称|(?:办公室|政务公开[科处]|信息中心).{0,4}(?:负责|受理|承担)"
        ),
    ),
    _Element(
        "address",
        "办公地址",
        re.compile(
            r"(?:地\s*址|地点|设在|设于|位于|地处)[^\S\n]*[：:]?[^\S\n]*[一-鿿]{2,}.{0,24}(?:路|街|\d\s*号|巷|道|楼|区|镇|大厦)"
        ),
        re.compile(r"(?:地\s*址|地\s*点)\s*[：:]|[一-鿿]{2,8}(?:路|街|大街)\s*\d+\s*号"),
    ),
    _Element(
        "hours",
        "办公时间",
        re.compile(
            r"(?:办公|工作|受理|上班|接待|接收)\s*时\s*间[^\S\n]*[：:]?[^\S\n]*[^\s：:].{0,40}\d|[上下]午\s*\d{1,2}\s*[：:点时]"
        ),
        re.compile(
            r"时\s*间\s*[：:](?!\s*(?:19|20)\d{2})|法定工作日|\d{1,2}[：:]\d{2}\s*[-—–~至]+\s*\d{1,2}[：:]\d{2}"
        ),
    ),
    _Element(
        "phone",
        "联系电话",
        re.compile(r"(?:电\s*话|热线)[^\d\n]{0,14}\d{3,4}[）)]?[-—－\s]?\d{4,8}"),
        re.compile(r"(?:电\s*话|热线)(?:号码)?\s*[：:]|(?<!\d)0\d{2,3}[-—－]\d{7,8}"),
    ),
    _Element(
        "fax",
        "传真号码",
        re.compile(r"传\s*真[^\d\n]{0,10}\d{3,4}[）)]?[-—－\s]?\d{4,8}"),
        re.compile(r"传\s*真(?:号码)?\s*[：:]"),
        may_be_none=True,
    ),
    _Element(
        "internet",
        "互联网联系方式",
        re.compile(
            r"[\w.+-]+@[\w-]+\.[\w.]+|(?:网址|网站|网上申请|在线申请|互联网).{0,20}(?:https?://|www\.)"
        ),
        re.compile(
            r"(?:邮\s*箱|E-?mail|互联网\S{0,8}|网址|网上\S{0,6})\s*[：:]|https?://|www\.", re.IGNORECASE
        ),
    ),
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Whoever wants to apply must learn from the guide where to turn."""
    pages = speaking_pages(site)
    if not pages:
        return
    texts = [(page, words_of(site, page)) for page in pages]
    for element in _ELEMENTS:
        stated = _stated(site, element, texts) or _stated(
            site, element, [(page, all_own_words(site, page)) for page in pages]
        )
        if stated:
            yield passed(RULE, element.subject, page=stated[0], quote=stated[1])
            continue
        near = _near(element, texts)
        dim = [
            page
            for page in pages
            if drawn_elsewhere(page)
            or speechless(page)
            or _opened_by_script(page)
            or _unread_files(site, page)
        ]
        if near or dim:
            because = (
                "有相近的字样，但没有认出内容，请人工核对"
                if near
                else f"{dim[0].url} 有图片、附件或脚本绘制、脚本打开的内容读不出文字，请人工打开核对"
            )
            yield unsure(
                RULE,
                element.subject,
                "missing",
                because=because,
                page=pages[0],
                evidence=near,
                what=element.name,
            )
        else:
            yield absent(
                RULE,
                element.subject,
                "missing",
                searched=pages,
                looked_for=(element.name,),
                what=element.name,
            )


def _opened_by_script(page: Page) -> bool:
    """Whether a page only lists the guide, and a script that was not run opens it."""
    return any(not item.url and "指南" in item.title for item in facts_of(page).items)


_FORM_FILE = re.compile(r"申请(?:表|书)|表格|样表|文本格式")


def _unread_files(site: SiteSnapshot, page: Page) -> bool:
    """Whether a file of the page may say more: not the form itself, and not one that surely is not there."""
    return any(
        held is None or not held.ok or bool(held.facts and (held.facts.unreadable or held.facts.truncated))
        for offered, held in attachments_of(site, page)
        if not _FORM_FILE.search(offered.text) and not (held and held.gone_twice)
    )


def _in_own_name(site: SiteSnapshot, words: str) -> re.Match[str] | None:
    """A guide written as running text says that the office, by its own name, takes the applications."""
    names = "|".join(re.escape(name) for name in own_names(site.unit))
    return re.search(rf"(?:{names})[一-鿿]{{0,12}}(?:负责|承担|受理|接收|办理)", words) if names else None


def _stated(site: SiteSnapshot, element: _Element, texts: list[tuple[Page, str]]) -> tuple[Page, str] | None:
    for page, words in texts:
        quote = facts_of(page).contacts.get(element.subject)
        if quote:
            return page, quote
        match = element.filled.search(words)
        if match is None and element.subject == "name":
            match = _in_own_name(site, words)
        if match:
            return page, match.group(0)
    if element.subject == "internet":
        form = next(
            (
                page
                for page, _ in texts
                if any(form.purpose == "application" for form in facts_of(page).forms)
            ),
            None,
        )
        return (form, "在线申请表") if form else None
    return None


_NUMBER_ALONE = re.compile(r"^[^\S\n]*([（(]?0\d{2,3}[）)]?[-—－ ]?\d{7,8})[^\S\n]*$", re.MULTILINE)


def _near(element: _Element, texts: list[tuple[Page, str]]) -> tuple[Evidence, ...]:
    """Words that may state it in a form not foreseen; a label with nothing after it does not. Of two numbers that stand
    alone, under the heads of a table or beside a sign, one may be that of the fax."""
    found: list[Evidence] = []
    for page, words in texts:
        if element.subject == "fax" and len(numbers := dict.fromkeys(_NUMBER_ALONE.findall(words))) >= 2:
            found.append(seen(page, list(numbers)[-1], note="没有写明是电话还是传真的号码"))
            continue
        for match in element.near.finditer(words):
            rest = words[match.end() :].split("\n", 1)[0]
            stands = element.subject in ("address", "hours") and not match[0].rstrip().endswith(
                ("：", ":", "机构名称", "号码")
            )
            if stands or rest.strip(" ：:\t　;；。，,、-—_/号码" + ("" if element.may_be_none else "无")):
                quote = words[max(0, match.start() - 10) : match.end() + 20].strip()
                found.append(seen(page, quote, note="相近的字样"))
                break
    return tuple(found[:5])
