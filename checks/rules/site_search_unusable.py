"""站内搜索不可用。

## 查什么
网站首页有没有搜索框或搜索入口；用站内刚看到、发布已有几天的标题去搜，是否两次都出错，或者每次都说什么也没搜到。

## 为什么要紧
《政府网站发展指引》要求提供站内搜索；条例第二十四条要求平台具备信息检索功能。

## 看不见什么
robots.txt 不许试搜的不作判断；搜索时被拦截或限流的、结果由脚本绘制而没有浏览器可用的，只提示人工试搜。
结果页既没有列出这个标题、也没有说没搜到的，同样只提示人工试搜。

## 怎样整改
在首页设置搜索框，保证能搜到已发布的信息。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes, urlsplit

from checks.accuse import absent, fail, not_applicable, passed, seen, unsure
from checks.lenses.navigation import facts_of, home_pages, own_pages
from checks.lenses.titles import key_of
from dossier.addresses import host_of
from dossier.model import (
    Area,
    Claim,
    Column,
    Outcome,
    Page,
    PageKind,
    Purpose,
    Reach,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
)

RULE = Rule(
    id="site-search-unusable",
    name="站内搜索不可用",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("《政府网站发展指引》（国办发〔2017〕47号）", "《中华人民共和国政府信息公开条例》第二十四条"),
    claim=Claim.ABSENCE,
    needs=(Area.HOME,),
    messages={
        "no-box": "网站首页没有搜索框或搜索入口",
        "untried": "首页有搜索框，搜索结果没有试成",
        "error": "站内搜索打不开：搜索“{words}”时{reason}",
        "finds-nothing": "站内搜索搜不到站内已有的内容：搜索“{words}”没有结果",
    },
    remedy="在首页设置站内搜索，保证能搜到已发布的信息。",
)

_FEWEST_SEARCHES = 2
_LEAST_HEAD = 6
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_NOTHING = re.compile(
    r"(没有|未能?|暂无|无法|查无|无)(搜索|检索|查询|查找|查|找|搜)?(到|得)?(任何|符合条件的?|匹配的?|相关的?|有关的?|您要的?|该)*"
    r"(内容|结果|信息|记录|数据|文档|文章|网页|页面)|"
    r"(共|找到|搜索到|检索到|查询到|为您找到|相关结果|命中)(约|相关|到)*[^0-9\n]{0,6}[0０]\s*(条|个|篇|项)|"
    r"[0０]\s*条(相关)?(结果|记录|信息)|抱歉.{0,20}(没有|未)找到",
)
_SOMETHING = re.compile(
    r"(找到|搜索到|搜到|检索到|查询到|查到|命中)(约|相关|了|到)*[^0-9\n]{0,6}[1-9][\d,]*\s*(条|个|篇|项)|"
    r"[1-9][\d,]*\s*(条|个|篇|项)(相关)?(搜索|检索|查询)?结果"
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """What cannot be searched is found by those who already know where it is."""
    for page in home_pages(site):
        host = host_of(page.url)
        if not _offers_search(site, page):
            elsewhere = next(
                (one for one in own_pages(site) if host_of(one.url) == host and _has_box(one)), None
            )
            if elsewhere:
                yield passed(RULE, host, page=elsewhere)
            elif facts_of(page).includes or facts_of(page).script_lists:
                yield unsure(
                    RULE,
                    host,
                    "no-box",
                    because="首页有没有取到或由脚本绘制的部分，请人工打开首页看有没有搜索框",
                    page=page,
                )
            else:
                yield absent(
                    RULE, host, "no-box", searched=(page,), looked_for=("搜索框", "站内搜索", "检索")
                )
            continue
        yield _judge_results(page, host, _results(site, page, host))


def _results(site: SiteSnapshot, home: Page, host: str) -> tuple[Page, ...]:
    """The searches that were tried from a home page."""
    return tuple(
        found
        for found in site.pages.values()
        if found.capture.purpose is Purpose.SEARCH
        and (found.capture.referrer == home.url or host_of(found.url) == host)
    )


def _judge_results(home: Page, host: str, results: tuple[Page, ...]) -> Outcome:
    answered = next((found for found in results if _finds(found)), None)
    if answered:
        return passed(RULE, host, page=answered)
    if results and all(found.capture.reach is Reach.DISALLOWED for found in results):
        return not_applicable(RULE, host, "网站有搜索框，而 robots.txt 不许程序试搜，本轮没有试")
    words = "”“".join(dict.fromkeys(word for found in results if (word := words_of(found))))
    shown = tuple(seen(found, note="试搜的结果页") for found in results[:3])
    if results and all(_fails(found) for found in results):
        reason = f"返回 {results[0].capture.status}" if results[0].capture.status else "页面报错"
        return fail(
            RULE, host, "error", page=home, quote="", evidence=shown, page_url=results[0].url,
            words=words, reason=reason,
        )  # fmt: skip
    empty = [found for found in results if _says_nothing(found)]
    if len(empty) >= _FEWEST_SEARCHES and len(empty) == len(results):
        quoted = tuple(seen(found, _says_nothing(found), note="试搜的结果页") for found in empty[:3])
        return fail(
            RULE, host, "finds-nothing", page=home, evidence=quoted, page_url=empty[0].url, words=words
        )  # fmt: skip
    return unsure(
        RULE, host, "untried", because=_why_untried(results), page=home, evidence=shown
    )  # fmt: skip


def words_of(page: Page) -> str:
    """The words that were searched for, as the address of the search tells them."""
    parts = urlsplit(page.url)
    told = [
        parts.fragment.partition("search=")[2],
        *(part.partition("=")[2] for part in parts.query.split("&")),
    ]
    for value in told:
        raw = unquote_to_bytes(value.replace("+", " "))
        for codec in ("utf-8", "gb18030"):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if _CHINESE.search(text):
                return text
            break
    return ""


def _finds(page: Page) -> bool:
    """Whether a result shows a title with the words searched for, or the head of it where titles are cut, or the
    page lists results and says how many it found."""
    words = key_of(words_of(page))
    if not page.ok or not words:
        return False
    facts = facts_of(page)
    for title in (*(item.title for item in facts.items), *(link.text for link in facts.links)):
        key = key_of(title)
        if words in key or (len(key) >= _LEAST_HEAD and key.endswith(words[:_LEAST_HEAD])):
            return True
    return bool(facts.items and _SOMETHING.search(f"{facts.text}\n{facts.whole_text}"))


def _fails(page: Page) -> bool:
    """Whether a search broke on every one of at least two tries; being turned away or slowed down is no fault."""
    return len(page.tries) >= 2 and all(
        one.reach is Reach.GONE
        or (one.reach is Reach.BROKEN and one.status is not None and one.status >= 500 and one.status != 503)
        for one in page.tries
    )


def _says_nothing(page: Page) -> str:
    """The words by which a result page says that there is nothing; empty where it does not say so."""
    if not page.ok:
        return ""
    facts = facts_of(page)
    if facts.kind is PageKind.SHELL or facts.script_lists:
        return ""
    found = _NOTHING.search(f"{facts.text}\n{facts.whole_text}")
    return found.group(0) if found else ""


def _why_untried(results: tuple[Page, ...]) -> str:
    ask = "请人工用网站上的一个标题试搜，看能否搜到"
    if not results:
        return f"搜索结果没有自动试成，{ask}"
    reaches = {found.capture.reach for found in results}
    if Reach.DISALLOWED in reaches:
        return f"网站的 robots.txt 不许自动试搜，{ask}"
    if reaches & {Reach.BLOCKED, Reach.REFUSED, Reach.SILENT, Reach.BROKEN}:
        return f"试搜时被拒绝、超时或出错，没有得到肯定的结果，{ask}"
    return f"结果页没有列出所搜的标题，也没有说没有搜到，{ask}"


def _offers_search(site: SiteSnapshot, page: Page) -> bool:
    facts = facts_of(page)
    if _has_box(page):
        return True
    return any(
        (target := site.page(link.url)) is not None and Column.SEARCH in target.columns
        for link in facts.links
        if link.url
    ) or any("搜索" in link.text or "检索" in link.text for link in facts.links)


def _has_box(page: Page) -> bool:
    facts = facts_of(page)
    return facts.search_box or any(form.purpose == "search" for form in facts.forms)
