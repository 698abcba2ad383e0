"""解读形式单一，非纯文字解读太少。

## 查什么
本考核年度发布的解读中，图解、视频、音频、动漫、H5、发布会、访谈等非纯文字形式所占比例。
少于 5 篇不计算；低于 70% 的记为不足。

## 为什么要紧
附件4第五项要求标明是否为非纯文字解读；形式多样才便于群众理解。

## 看不见什么
70% 这个数未核对原文，见阈值表。发布在其他平台的解读看不到；转载的解读计入与否会影响结论的，提示人工核对。
同一篇解读有两个网址的，只算一篇。

## 怎样整改
增加图解、视频、问答访谈等形式的解读。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, not_applicable, passed, seen, unsure
from checks.lenses.documents import documents_of_year
from checks.lenses.issuers import Origin
from checks.lenses.pairs import Interpretation, interpretations, non_text, offered_links
from checks.lenses.shelved import of_a_document
from dossier.model import Area, AreaState, Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="interpretation-text-only",
    name="非纯文字解读不足",
    topic=Topic.INTERPRETATION,
    severity=Severity.NORMAL,
    basis=("晋政办函〔2020〕42号附件4第五项", "晋政办发〔2020〕38号（未核对原文）"),
    claim=Claim.PRESENCE,
    messages={"few": "本年度 {count} 篇解读中非纯文字的 {rich} 篇，占 {share}%，低于 {limit}%"},
    remedy="请增加图解、视频、访谈等形式的解读。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Not everybody reads long texts; interpretations should come in other forms too."""
    unit = site.unit.unit_id
    year = _once([text for text in interpretations(site) if _day_year(text) == site.as_of.year])
    own = [text for text in year if text.origin is not Origin.FOREIGN]
    surely = [text for text in own if of_a_document(site, text)]
    verdicts = {
        _enough(site, own, 0),
        _enough(site, surely, 0),
        _enough(site, year, 0),
        _enough(site, own, _unseen(site)),
    }
    if verdicts <= {None}:
        yield not_applicable(RULE, unit, "本年度解读太少，不计算比例")
        return
    if False not in verdicts:
        yield passed(RULE, unit, evidence=[seen(text.page, text.title) for text in own])
        return
    rich = [text for text in own if non_text(text)]
    words: dict[str, Any] = {
        "count": len(own),
        "rich": len(rich),
        "share": round(100 * len(rich) / len(own)) if own else 0,
        "limit": round(100 * site.tables.threshold("interpretation-text-only.share")),
    }
    evidence = [seen(text.page, text.title, note="非纯文字" if non_text(text) else "纯文字") for text in own]
    if doubt := _doubt(site, len(verdicts)):
        yield unsure(RULE, unit, "few", because=doubt, evidence=evidence, **words)
    else:
        yield fail(RULE, unit, "few", evidence=evidence, page_url=evidence[0].url, **words)


def _once(texts: list[Interpretation]) -> list[Interpretation]:
    """A text that a site shows at two addresses is one interpretation."""
    return list(
        {(text.title, text.facts.published, text.facts.text): text for text in reversed(texts)}.values()
    )[::-1]


def _day_year(text: Interpretation) -> int | None:
    day = text.facts.published or text.page.list_date
    return day.year if day else None


def _enough(site: SiteSnapshot, texts: list[Interpretation], unseen: int) -> bool | None:
    """Whether the share is reached; None where there are too few to count."""
    if len(texts) + unseen < site.tables.threshold("interpretation-text-only.least"):
        return None
    rich = sum(non_text(text) for text in texts) + unseen
    return rich / (len(texts) + unseen) >= site.tables.threshold("interpretation-text-only.share")


def _unseen(site: SiteSnapshot) -> int:
    """Interpretations that documents of the year link to and nobody read: they may be films."""
    urls = {link.url for document in documents_of_year(site) for link in offered_links(document, site)}
    return sum(1 for url in urls if (page := site.page(url)) is None or not (page.ok or page.gone_twice))


def _doubt(site: SiteSnapshot, ways: int) -> str:
    if site.coverage.state(Area.INTERPRETATION) in (AreaState.PARTIAL, AreaState.UNREACHED):
        return "解读栏目没有看全，比例可能不准，请人工核对"
    if ways > 1:
        return "转载的、未能打开的或看不出解读哪份公文的解读是否计入会影响结论，请人工核对"
    return ""
