"""公开指南或依申请公开页面仍按旧条例表述。

## 查什么
指南和依申请公开页面是否仍写着 2019 年修订前的规定：15 个工作日答复，申请须为生产、生活、科研等特殊需要，
收取检索费、复制费、邮寄费，或者以国务院令第492号为依据。

## 为什么要紧
2019 年修订的条例取消了“三需要”（第二十九条），第三十三条改为 20 个工作日，第四十二条规定不收取费用；
仍按旧规定公布，会误导甚至阻碍申请人。

## 看不见什么
讲征求第三方意见、行政复议期限等其他事项的 15 日不算；引述旧规定而说明已经修改的不算；
有更新的指南并存、或者只是栏目中的一篇文章时，只提示人工核对。

## 怎样整改
按照现行条例（国务院令第711号）修订公开指南和依申请公开说明。
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from checks.accuse import fail, passed, seen, unsure
from checks.lenses.attached import attachments_of
from checks.lenses.navigation import CONTENT_KINDS, facts_of
from checks.lenses.requests import guide_pages, is_speaking, speaking_pages, words_of
from dossier.model import Claim, Evidence, Outcome, Page, PageKind, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="application-guide-outdated",
    name="公开指南仍按旧条例表述",
    topic=Topic.APPLICATION,
    severity=Severity.NORMAL,
    basis=("《中华人民共和国政府信息公开条例》（2019年修订）第二十九条、第三十三条、第四十二条",),
    claim=Claim.PRESENCE,
    messages={"outdated": "页面仍有修订前条例的表述：{what}"},
    remedy="按照现行条例（国务院令第711号）修订指南：20 个工作日内答复，不要求说明特殊需要，不收取检索、复制、邮寄费。",
)

_SENTENCE = re.compile(r"[^。；;！？\n]+")
_FIFTEEN = re.compile(r"(?:15|１５|十五)\s*个?\s*工作日")
_ANSWER = re.compile(r"答复|回复|收到申请|收到之日|登记之日|受理之日|申请之日|予以提供|办结|延长|延期")
_OTHER_TERM = re.compile(
    r"第三方|征求|意见书|复议|诉讼|补正|移送|更正|投诉|举报|申诉|公布|备案|缴纳|领取|公告"
)
_NEEDS = re.compile(r"生产[、，,和及与]?\s*生活[、，,和及与]?\s*科研.{0,8}(?:特殊|自身)?需要")
_FEES = re.compile(
    r"(?:检索|复制|邮寄)\s*(?:[、，,和及与]\s*(?:检索|复制|邮寄|递送)\s*)*(?:等)?(?:成本)?费|收取.{0,12}(?:检索|复制|邮寄)"
)
_OLD_DECREE = re.compile(r"国务院(?:令)?\s*第?\s*[（(]?\s*(?:492|４９２)\s*[）)]?\s*号")
_NEW_DECREE = re.compile(r"(?<![\d-])711(?!\d)|７１１|2019\s*年.{0,12}修订|修订后")
_DENIED = re.compile(
    r"不再|不得|不收|不予收|免收|免费|取消|删除|无需|无须|不需要|不要求|不必|修改前|原条例|旧条例|原《|此前|曾经|已废止|停止执行|停止施行"
)


IN_FORCE = date(2019, 5, 15)
"""国务院令第711号: the revised 条例 is in force from this day."""


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The law of 2019 must be the law that the guide tells, from the day on which it came into force."""
    if site.as_of < IN_FORCE:
        return
    pages = {page.url: page for page in speaking_pages(site)}
    carried = _carried(site, pages.values())
    for page in pages.values():
        if page.url in carried:
            continue
        found = old_law(words_of(site, page))
        if not found:
            yield passed(RULE, page.url, page=page)
            continue
        what = list(found)
        quotes: tuple[Evidence, ...] = tuple(seen(page, quote) for quote in found.values())
        newer = _newer_guide(site, page)
        if newer:
            yield unsure(
                RULE,
                page.url,
                "outdated",
                because=f"另有较新的指南 {newer.url}，请人工核对这一页是否仍在使用",
                evidence=quotes,
                page_url=page.url,
                what=what,
            )
        elif page.kind in CONTENT_KINDS and not _is_the_guide(page):
            yield unsure(
                RULE,
                page.url,
                "outdated",
                because="这是栏目中的一篇文章，请人工核对它是不是现行的指南或申请说明",
                evidence=quotes,
                page_url=page.url,
                what=what,
            )
        else:
            yield fail(RULE, page.url, "outdated", evidence=quotes, page_url=page.url, what=what)


def _carried(site: SiteSnapshot, pages: Iterable[Page]) -> frozenset[str]:
    """Files that one of these pages offers: they are judged with their page, as one statement and not as two."""
    return frozenset(
        held.url
        for page in pages
        for _, held in attachments_of(site, page)
        if held is not None and held.url != page.url
    )


def old_law(words: str) -> dict[str, str]:
    """What of the law before 2019 a text still states: name of the provision → the sentence."""
    found: dict[str, str] = {}
    for match in _SENTENCE.finditer(words):
        sentence = match.group(0).strip()
        if _DENIED.search(sentence):
            continue
        if _FIFTEEN.search(sentence) and _ANSWER.search(sentence) and not _OTHER_TERM.search(sentence):
            found.setdefault("15 个工作日答复", sentence)
        if _NEEDS.search(sentence):
            found.setdefault("生产、生活、科研等特殊需要", sentence)
        if _FEES.search(sentence):
            found.setdefault("收取检索、复制、邮寄费", sentence)
        if _OLD_DECREE.search(sentence) and not _NEW_DECREE.search(words):
            found.setdefault("以国务院令第492号为依据", sentence)
    return found


def _newer_guide(site: SiteSnapshot, page: Page) -> Page | None:
    """Another guide, dated later and free of the old law; the page that tells how to apply is no guide that it replaces."""
    if "指南" not in (facts_of(page).title or "") and page.kind is not PageKind.GUIDE:
        return None
    mine = facts_of(page).published or page.list_date
    for other in guide_pages(site):
        theirs = facts_of(other).published or other.list_date
        if (
            other.url != page.url
            and is_speaking(other)
            and theirs
            and mine
            and theirs > mine
            and "指南" in (facts_of(other).title or "")
            and not old_law(words_of(site, other))
        ):
            return other
    return None


def _is_the_guide(page: Page) -> bool:
    """Whether its title says so; the panel of a tab has none of its own and is what the tab says."""
    title = facts_of(page).title or ""
    return not title or "指南" in title or "依申请公开" in title
