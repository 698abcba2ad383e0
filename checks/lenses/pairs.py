"""A document and its interpretation find each other by link, by title or by number, from either side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from checks.lens import lens
from checks.lenses.attached import attachments_of
from checks.lenses.copies import copies
from checks.lenses.documents import PolicyDocument, headline, interpreting_pages, policy_documents
from checks.lenses.issuers import Origin, origin_of
from checks.lenses.likeness import alike
from checks.lenses.titles import (
    document_keys,
    inner_title,
    interpretation_core,
    interpretation_keys,
    key_of,
    numbers_in,
    quoted_titles,
    same_number,
    squeeze,
)
from dossier.model import Link, LinkPlace, Page, PageFacts, PageKind, SiteSnapshot

_OFFERED = re.compile(r"解读|图解|一图|读懂|看懂|答记者问|政策问答")
_GENERIC = re.compile(
    r"^(?:政策|文件|相关|文字|图片|图文|视频|音频|专家|部门|媒体|动漫|政策文件及|更多|查看|解读回应|解读与|\s)*"
    r"(?:解读|图解|政策问答|解读回应|解读材料)?(?:更多|>+|»)*$"
)


class Bond(IntEnum):
    """How sure it is that an interpretation is of a document."""

    MENTION = 1
    """Its text names the document's title or number."""
    TITLE = 2
    """Its title is the document's, but for the words that call it an interpretation."""
    LINK = 3
    """One links to the other as such."""


@dataclass(frozen=True, eq=False)
class Interpretation:
    """A page that interprets a document."""

    page: Page
    facts: PageFacts
    title: str
    keys: frozenset[str]
    """Names of what its title says it interprets."""
    origin: Origin

    @property
    def url(self) -> str:
        return self.page.url


@dataclass(frozen=True, eq=False)
class Pair:
    document: PolicyDocument
    interpretation: Interpretation
    bond: Bond


@lens
def interpretations(site: SiteSnapshot) -> tuple[Interpretation, ...]:
    """Every page of the site that interprets a document, in crawl order."""
    return tuple(
        Interpretation(
            page=page,
            facts=page.facts,
            title=headline(page),
            keys=interpretation_keys(headline(page)),
            origin=origin_of(site.unit, page.facts),
        )
        for page in site.pages.values()
        if page.facts and page.url in interpreting_pages(site)
    )


def offered_links(document: PolicyDocument, site: SiteSnapshot) -> tuple[Link, ...]:
    """The links a document page offers as its own interpretation."""
    return _offers(site)[document.url]


@lens
def _offers(site: SiteSnapshot) -> Mapping[str, tuple[Link, ...]]:
    return {document.url: _offers_of(document, site) for document in policy_documents(site)}


def _offers_of(document: PolicyDocument, site: SiteSnapshot) -> tuple[Link, ...]:
    """What a document page links to as its interpretation.

    The column's name in the navigation is none, and neither is the next item of a joint column, which
    interprets some other document.
    """
    facts = document.facts
    offered = {link.url: link for link in facts.interpretations if link.url}
    for link in facts.links:
        if not link.url or link.url in offered or link.hidden or link.place in _AROUND:
            continue
        text = squeeze(link.text)
        target = site.page(link.url)
        if target and target.url in interpreting_pages(site):
            if link.place is LinkPlace.MAIN or document.keys & interpretation_keys(link.text):
                offered[link.url] = link
        elif _OFFERED.search(text) and not _GENERIC.match(text) and document.keys & interpretation_keys(text):
            offered[link.url] = link
    return tuple(link for link in offered.values() if not _of_another(site, document, link))


_AROUND = (
    LinkPlace.NAV,
    LinkPlace.HEADER,
    LinkPlace.FOOTER,
    LinkPlace.BREADCRUMB,
    LinkPlace.PAGER,
)
_TEXTS = (
    PageKind.DOCUMENT,
    PageKind.INTERPRETATION,
    PageKind.ARTICLE,
    PageKind.SHELL,
    PageKind.OTHER,
)
_FRAME_SHARE = 0.5
"""What more than half of a site's pages link to belongs to their frame, not to a document."""
FEWEST_PAGES = 10
_NEIGHBOUR = re.compile(r"^(?:上|下)一?(?:篇|条|页)[:：]?")


def _of_another(site: SiteSnapshot, document: PolicyDocument, link: Link) -> bool:
    """Whether a link that speaks of 解读 leads to a column or to the interpretation of another document."""
    target = site.page(link.url)
    if target and ((target.ok and target.kind not in _TEXTS) or target.url == document.url):
        return True
    known = target.url if target else link.url
    if len(site.inbound.get(known, ())) > max(FEWEST_PAGES, _FRAME_SHARE * len(site.pages)):
        return True
    keys = interpretation_keys(_NEIGHBOUR.sub("", squeeze(link.text)))
    if target and target.ok:
        keys |= interpretation_keys(headline(target))
    if keys & document.keys:
        return False
    if _NEIGHBOUR.match(squeeze(link.text)):
        return True
    named = {url for key in keys for url in _named(site).get(key, ())}
    return bool(named - copies(site)[document.url])


@lens
def _named(site: SiteSnapshot) -> Mapping[str, tuple[str, ...]]:
    """Every key of a document with the pages that go by it."""
    named: dict[str, list[str]] = defaultdict(list)
    for document in policy_documents(site):
        for key in document.keys:
            named[key].append(document.url)
    return {key: tuple(urls) for key, urls in named.items()}


def interpreted_by_file(site: SiteSnapshot, document: PolicyDocument) -> str:
    """The name of an attachment that is the document's interpretation, if it has one."""
    for item, _ in attachments_of(site, document.page):
        if _OFFERED.search(squeeze(item.text)):
            return item.text
    return ""


@lens
def pairs(site: SiteSnapshot) -> tuple[Pair, ...]:
    """Every document with every interpretation of it, each with the strongest bond that ties them."""
    bonds: dict[tuple[str, str], Bond] = {}
    documents = {document.url: document for document in policy_documents(site)}
    texts = {text.url: text for text in interpretations(site)}
    for one, other, bond in (*_by_link(site, documents, texts), *_by_name(site, documents, texts)):
        for url in copies(site)[one]:
            tie = (url, other)
            bonds[tie] = max(bond, bonds.get(tie, bond))
    return tuple(
        Pair(documents[one], texts[other], bond)
        for (one, other), bond in sorted(bonds.items(), key=lambda b: b[0])
    )


def _by_link(
    site: SiteSnapshot, documents: Mapping[str, PolicyDocument], texts: Mapping[str, Interpretation]
) -> Iterator[tuple[str, str, Bond]]:
    for url, document in documents.items():
        for link in offered_links(document, site):
            target = site.page(link.url)
            if target and target.url in texts:
                yield url, target.url, Bond.LINK
    for url, text in texts.items():
        for link in text.facts.sources:
            target = site.page(link.url)
            if target and target.url in documents:
                yield target.url, url, Bond.LINK


def _by_name(
    site: SiteSnapshot, documents: Mapping[str, PolicyDocument], texts: Mapping[str, Interpretation]
) -> Iterator[tuple[str, str, Bond]]:
    named = _named(site)
    numbered: dict[tuple[int, int], list[PolicyDocument]] = defaultdict(list)
    for document in documents.values():
        if document.number and document.number.year:
            numbered[document.number.year, document.number.serial].append(document)
    for url, text in texts.items():
        for key in text.keys:
            for one in named.get(key, ()):
                yield one, url, Bond.TITLE
        words = f"{text.title}\n{text.facts.text}"
        for quoted in quoted_titles(squeeze(words)):
            for key in document_keys(quoted):
                for one in named.get(key, ()):
                    yield one, url, Bond.MENTION
        for number in numbers_in(words):
            for document in numbered.get((number.year, number.serial), ()):
                if document.number and same_number(document.number, number):
                    yield document.url, url, Bond.MENTION


def pairs_of(site: SiteSnapshot, document: PolicyDocument, least: Bond = Bond.MENTION) -> tuple[Pair, ...]:
    """The interpretations of one document."""
    return tuple(p for p in _by_document(site).get(document.url, ()) if p.bond >= least)


def documents_of(site: SiteSnapshot, text: Interpretation, least: Bond = Bond.TITLE) -> tuple[Pair, ...]:
    """The documents that one interpretation interprets."""
    return tuple(p for p in _by_interpretation(site).get(text.url, ()) if p.bond >= least)


@lens
def _by_document(site: SiteSnapshot) -> Mapping[str, tuple[Pair, ...]]:
    grouped: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs(site):
        grouped[pair.document.url].append(pair)
    return {url: tuple(group) for url, group in grouped.items()}


@lens
def _by_interpretation(site: SiteSnapshot) -> Mapping[str, tuple[Pair, ...]]:
    grouped: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs(site):
        grouped[pair.interpretation.url].append(pair)
    return {url: tuple(group) for url, group in grouped.items()}


def points_to(site: SiteSnapshot, text: Interpretation, document: PolicyDocument) -> bool:
    """Whether an interpretation links to a document: its page, a copy of it, or its attachment."""
    wanted = set(copies(site)[document.url])
    for url in tuple(wanted):
        page = site.page(url)
        if page:
            wanted |= {page.capture.url, *(item.url for item, _ in attachments_of(site, page))}
    for link in (*text.facts.sources, *text.facts.links):
        if not link.url or link.hidden:
            continue
        target = site.page(link.url)
        if link.url in wanted or (target and target.url in wanted):
            return True
    return any(item.url in wanted for item, _ in attachments_of(site, text.page))


def links_by_name(text: Interpretation) -> bool:
    """Whether an interpretation has a link whose words are the title of what it interprets."""
    return any(
        link.url and not link.hidden and link.place in _INSIDE and text.keys & document_keys(link.text)
        for link in text.facts.links
    )


_INSIDE = (LinkPlace.MAIN, LinkPlace.BODY, LinkPlace.SIDE, LinkPlace.LIST)


def non_text(text: Interpretation) -> bool:
    """Whether an interpretation comes in another form than mere text."""
    return bool(text.facts.media) or any(
        _OTHER_FORMS.search(squeeze(told))
        for told in (text.title, *(file.text for file in text.facts.attachments))
    )


_OTHER_FORMS = re.compile(r"图解|一图|长图|图读|视频|音频|动漫|动画|H5|h5|发布会|访谈|直播|微课|海报")


def near_misses(site: SiteSnapshot, document: PolicyDocument) -> tuple[Interpretation, ...]:
    """Interpretations that may be meant for a document, though neither link nor full title says so."""
    wanted = key_of(inner_title(document.title))
    found: list[Interpretation] = []
    for text in interpretations(site):
        if documents_of(site, text):
            continue
        core = key_of(interpretation_core(text.title))
        if len(core) < SHORTEST_NAME or not wanted:
            continue
        if core in wanted or wanted in core or alike(core, wanted, ALIKE):
            found.append(text)
    return tuple(found)


SHORTEST_NAME = 4
ALIKE = 0.6
"""Two titles that share this much may be the same thing in other words."""


def interpreted_inside(document: PolicyDocument) -> bool:
    """Whether a document page has a passage of its own that is headed 解读."""
    lines = (squeeze(line) for line in document.facts.text.splitlines())
    return any(len(line) <= 14 and _OFFERED.search(line) for line in lines)
