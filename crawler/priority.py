"""A visitor with little time looks first where the rules look: the disclosure platform, its columns, the newest documents."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from dossier.model import Column, Link, LinkPlace, PageFacts, PageKind, Purpose
from dossier.reading.vocabulary import Vocabulary

HOME, PLATFORM, ORGAN, POLICY, NEWS, DOCUMENT, MORE_POLICY, FILE, ITEM, MORE, REST, PICTURE, EXTERNAL = range(
    13
)

_RANK_OF = {
    Column.HOME: HOME,
    Column.PLATFORM: PLATFORM,
    Column.GUIDE: PLATFORM,
    Column.RULES: PLATFORM,
    Column.STATUTORY: PLATFORM,
    Column.ANNUAL: PLATFORM,
    Column.APPLICATION: PLATFORM,
    Column.FUNCTIONS: ORGAN,
    Column.ORGANS: ORGAN,
    Column.LEADERS: ORGAN,
    Column.CONTACT: ORGAN,
    Column.SITEMAP: ORGAN,
    Column.POLICY: POLICY,
    Column.NORMATIVE: POLICY,
    Column.INTERPRETATION: POLICY,
    Column.POLICY_JOINT: POLICY,
    Column.NEWS: NEWS,
    Column.NOTICE: NEWS,
    Column.NEW_MEDIA: NEWS,
    Column.SEARCH: REST,
}
_FIXED = frozenset(column for column, rank in _RANK_OF.items() if rank in (PLATFORM, ORGAN))
_POLICY = frozenset(column for column, rank in _RANK_OF.items() if rank == POLICY)
_FRAMES = frozenset({"iframe", "frame"})


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that a page gave us, and how much we want to see it."""

    url: str
    purpose: Purpose
    rank: int
    day: date | None = None
    """Newest first within a rank."""
    text: str = ""
    deeper: int = 1


def leads_of(facts: PageFacts, vocabulary: Vocabulary, met: Container[str] = ()) -> Iterator[Lead]:
    """All that one page leads to, most telling mention first; the same address may come more than once. Addresses
    `met` before are left out where a page lists or links them."""
    column = facts.column
    on_fixed = column in _FIXED or facts.kind in (PageKind.PLATFORM, PageKind.STATUTORY)
    on_policy = column in _POLICY
    if facts.moved_to:
        yield Lead(facts.moved_to, Purpose.PAGE, HOME)
    for url in facts.includes:
        yield Lead(url, Purpose.INCLUDE, HOME, deeper=0)
    for url in facts.data_sources:
        yield Lead(url, Purpose.DATA, PLATFORM if on_fixed else POLICY if on_policy else NEWS, deeper=0)
    for attachment in facts.attachments:
        yield Lead(attachment.url, Purpose.ATTACHMENT, FILE, text=attachment.text)
    for link in (*facts.interpretations, *facts.sources):
        yield Lead(link.url, Purpose.PAGE, DOCUMENT, text=link.text)
    for item in facts.items:
        if item.url and item.url not in met:
            rank = ORGAN if on_fixed else DOCUMENT if on_policy or item.number else ITEM
            rank = min(rank, _rank_of_text(item.title, vocabulary, REST))
            yield Lead(item.url, Purpose.PAGE, rank, item.date, item.title)
    for url in facts.next_pages:
        yield Lead(url, Purpose.PAGE, POLICY if on_fixed else MORE_POLICY if on_policy else MORE, deeper=0)
    for link in facts.links:
        if link.url and link.url not in met:
            yield _lead_of_link(link, facts, vocabulary, on_fixed=on_fixed, on_policy=on_policy)


def _lead_of_link(
    link: Link, facts: PageFacts, vocabulary: Vocabulary, *, on_fixed: bool, on_policy: bool
) -> Lead:
    if link.tag == "img":
        return Lead(link.url, Purpose.IMAGE, PICTURE, text=link.text)
    if link.tag in _FRAMES:
        return Lead(link.url, Purpose.PAGE, NEWS, text=link.text)
    rank = _rank_of_text(link.text, vocabulary, REST)
    if rank == REST:
        if link.place is LinkPlace.NAV:
            rank = NEWS
        elif link.place is LinkPlace.PAGER:
            rank = MORE_POLICY if on_fixed or on_policy else MORE
        elif on_fixed and link.place in (LinkPlace.LIST, LinkPlace.MAIN, LinkPlace.SIDE, LinkPlace.BODY):
            rank = POLICY
        elif on_policy and link.place is LinkPlace.LIST:
            rank = DOCUMENT
        elif link.place is LinkPlace.LIST or facts.kind is PageKind.HOME:
            rank = ITEM
    return Lead(link.url, Purpose.PAGE, rank, text=link.text, deeper=int(link.place is not LinkPlace.PAGER))


def _rank_of_text(text: str, vocabulary: Vocabulary, otherwise: int) -> int:
    column = vocabulary.column_of(text) if text else None
    return _RANK_OF.get(column, otherwise) if column is not None else otherwise
