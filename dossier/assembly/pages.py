"""Attempts become pages: one address, all its tries, what was read, and the parts it loads into itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from dossier.assembly.places import Places, safe_bare
from dossier.model import Capture, Footer, Link, LinkPlace, Page, PageFacts, PageKind, Purpose, Reach, Via
from dossier.reading.numbered import further_pages

PAGE_PURPOSES = frozenset({Purpose.PAGE, Purpose.ATTACHMENT, Purpose.IMAGE, Purpose.EXTERNAL, Purpose.SEARCH})
PART_PURPOSES = frozenset({Purpose.INCLUDE, Purpose.DATA})


@dataclass(frozen=True)
class Gathered:
    """What a night's attempts amount to."""

    pages: dict[str, Page]
    aliases: dict[str, str]
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Page → parts (includes, list data) that it loads and that were not seen."""
    parts: frozenset[str] = frozenset()
    """Parts that were seen: they have no page of their own, and are no unseen place."""


def gather(captures: Iterable[Capture], facts_of: Callable[[Capture], PageFacts | None]) -> Gathered:
    """Pages in crawl order, redirects followed into aliases, includes and list data merged in."""
    tries: dict[str, list[Capture]] = {}
    part_tries: dict[str, list[Capture]] = {}
    for capture in _in_order(captures):
        if capture.purpose in PAGE_PURPOSES:
            tries.setdefault(capture.asked_url, []).append(capture)
        elif capture.purpose in PART_PURPOSES:
            part_tries.setdefault(capture.asked_url, []).append(capture)

    raw = {url: _page(url, attempts, facts_of) for url, attempts in tries.items()}
    pages, aliases = _fold(raw)
    parts = {url: _page(url, attempts, facts_of) for url, attempts in part_tries.items()}
    lacking: dict[str, tuple[str, ...]] = {}
    places = Places(pages, aliases)
    for url, page in pages.items():
        if page.facts and (page.facts.includes or page.facts.data_sources):
            whole, missing = _with_parts(page.facts, parts, pages, places)
            pages[url] = msgspec.structs.replace(page, facts=whole)
            if missing:
                lacking[url] = missing
    whole_parts = frozenset(
        url for url, part in parts.items() if part.capture.reach is Reach.OK and part.facts
    )
    return Gathered(pages=pages, aliases=aliases, lacking=lacking, parts=whole_parts)


def _in_order(captures: Iterable[Capture]) -> list[Capture]:
    """In the order of the night: by their moments, and what was only carried into it where the crawl met it.

    An address that was asked after all is known by that alone.
    """
    told = list(captures)
    asked = {one.asked_url for one in told if not one.carried}
    timed: list[tuple[datetime, Capture]] = []
    latest = datetime.min.replace(tzinfo=UTC)
    for one in told:
        if not one.carried:
            latest = one.at
            timed.append((one.at, one))
        elif one.asked_url not in asked:
            timed.append((latest, one))
    return [one for _, one in sorted(timed, key=lambda pair: pair[0])]


def _page(url: str, attempts: list[Capture], facts_of: Callable[[Capture], PageFacts | None]) -> Page:
    """The last attempt counts, except that a failure to look again does not undo what was seen."""
    chosen = attempts[-1]
    if chosen.reach not in (Reach.OK, Reach.GONE):
        seen = [one for one in attempts if one.reach is Reach.OK]
        gone = [one for one in attempts if one.reach is Reach.GONE]
        if seen and (chosen.via is Via.BROWSER or not gone):
            chosen = seen[-1]
    ordered = (*(one for one in attempts if one is not chosen), chosen)
    facts = facts_of(chosen) if chosen.sha256 or chosen.reach is Reach.OK else None
    return Page(url=url, capture=chosen, tries=ordered, facts=facts)


def _fold(raw: Mapping[str, Page]) -> tuple[dict[str, Page], dict[str, str]]:
    """Two addresses that ended at one, or differ only in dress and gave the same bytes, are one page."""
    pages: dict[str, Page] = {}
    aliases: dict[str, str] = {}
    ended: dict[str, str] = {}
    dressed: dict[str, str] = {}
    for url, page in raw.items():
        if page.capture.reach is not Reach.OK or page.capture.purpose is Purpose.SEARCH:
            pages[url] = page
            continue
        final = _routed(url, page.capture.url)
        dress = safe_bare(url)
        same_end = ended.get(final)
        same_dress = dressed.get(dress)
        if same_end and _same_answer(pages[same_end], page):
            aliases[url] = same_end
            continue
        if same_dress and page.capture.sha256 and pages[same_dress].capture.sha256 == page.capture.sha256:
            aliases[url] = same_dress
            aliases.setdefault(final, same_dress)
            continue
        pages[url] = page
        ended.setdefault(final, url)
        dressed.setdefault(dress, url)
    for final, url in ended.items():
        if final not in pages:
            aliases.setdefault(final, url)
    return pages, aliases


def _same_answer(first: Page, second: Page) -> bool:
    """One address asked twice within a night may change a little; only a page and an error differ in kind."""
    return first.facts is not None or second.facts is None


def _routed(asked: str, final: str) -> str:
    """A fragment that routes is not sent to the server, and must not be lost for that."""
    _, mark, fragment = asked.partition("#")
    return f"{final}#{fragment}" if mark and "#" not in final else final


def _with_parts(
    facts: PageFacts, parts: Mapping[str, Page], pages: Mapping[str, Page], places: Places
) -> tuple[PageFacts, tuple[str, ...]]:
    """A page with what it loads into itself, and the parts of it that stayed out of sight.

    In the facts of a snapshot `includes` and `data_sources` name only the parts that were not seen.
    """
    missing: list[str] = []

    def part(url: str, *, data: bool = False) -> PageFacts | None:
        page = parts.get(url) or pages.get(places.find(url) or "")
        if (
            page is None
            or page.capture.reach is not Reach.OK
            or page.facts is None
            or (data and _is_no_data(page))
        ):
            missing.append(url)
            return None
        return page.facts

    whole = facts
    for url in facts.includes:
        if found := part(url):
            whole = _include(whole, found)
            if _is_blank(found):
                kept = tuple(link for link in whole.links if link.tag not in _FRAMES or link.url != url)
                whole = msgspec.structs.replace(whole, links=kept)
    drawn = [found for url in facts.data_sources if (found := part(url, data=True))]
    for found in drawn:
        whole = _draw(whole, found)
    if drawn and len(drawn) == len(facts.data_sources) and any(found.items for found in drawn):
        whole = msgspec.structs.replace(whole, script_lists=False)
    return (
        msgspec.structs.replace(
            whole,
            includes=tuple(url for url in facts.includes if url in missing),
            data_sources=tuple(url for url in facts.data_sources if url in missing),
        ),
        tuple(missing),
    )


_FRAMES = ("iframe", "frame")
_NO_PARTS = (PageKind.SHELL, PageKind.CHALLENGE, PageKind.ERROR, PageKind.MOVED)
_HARDLY_A_WORD = 30


def _is_blank(part: PageFacts) -> bool:
    """Whether a part that was read holds nothing: the frame that shows it is then an empty place, and no link."""
    held = part.items or part.attachments or part.media or part.tables or part.forms or part.links
    unread = (
        part.script_lists or part.includes or part.data_sources or part.truncated or part.kind in _NO_PARTS
    )
    return not held and not unread and len("".join(part.whole_text.split())) < _HARDLY_A_WORD


def _is_no_data(page: Page) -> bool:
    """Whether a page came where the data of a list were asked for: a notice, a login; an empty list comes as data."""
    return page.facts is not None and not page.facts.items and "html" in page.capture.content_type.lower()


_FOOT_WORDS: Mapping[str, re.Pattern[str]] = {
    "party_mark": re.compile(r"党政机关|conac"),
    "error_report": re.compile(r"找错|jiucuo"),
    "site_code": re.compile(r"标识码"),
    "icp": re.compile(r"ICP", re.IGNORECASE),
    "police": re.compile(r"公网安备|公安备案"),
    "sitemap": re.compile(r"网站地图|站点地图|网站导航"),
    "organiser": re.compile(r"主办|版权所有"),
    "contact": re.compile(r"联系|电话"),
}
"""By which a scrap of a footer, too small to be read as one, shows an element."""


def _include(page: PageFacts, part: PageFacts) -> PageFacts:
    return msgspec.structs.replace(
        page,
        links=page.links + _not_yet(page, _in_place(part)),
        items=page.items or (part.items if any(item.date for item in part.items) else ()),
        footer=_footers(page.footer, part.footer or _scrap(part)),
        next_pages=page.next_pages or part.next_pages or tuple(further_pages(part.links, page.url)),
        site_name=page.site_name or part.site_name,
        site_code=page.site_code or part.site_code,
        site_code_tag=page.site_code_tag or part.site_code_tag,
        search_box=page.search_box or part.search_box,
        forms=page.forms + tuple(form for form in part.forms if form not in page.forms),
        contacts={**part.contacts, **page.contacts},
        whole_text="\n".join(text for text in (page.whole_text, part.whole_text or part.text) if text),
        script_lists=page.script_lists or part.script_lists,
    )


def _not_yet(page: PageFacts, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links that a page does not show already: what a browser has drawn holds its parts once."""
    shown = {(link.url, link.text) for link in page.links}
    return tuple(link for link in links if (link.url, link.text) not in shown)


def _in_place(part: PageFacts) -> tuple[Link, ...]:
    """The links of a part: what it holds is not the main text of every page that loads it."""
    place = LinkPlace.FOOTER if part.footer else LinkPlace.BODY
    return tuple(
        msgspec.structs.replace(link, place=place) if link.place is LinkPlace.MAIN else link
        for link in part.links
    )


def _scrap(part: PageFacts) -> Footer | None:
    """The elements of a footer that a part shows, where the part as a whole is not a footer."""
    words = "\n".join((part.whole_text, *(f"{link.text} {link.url}" for link in part.links)))
    shown: dict[str, bool | None] = {
        name: True if words_of.search(words) else None for name, words_of in _FOOT_WORDS.items()
    }
    return Footer(**shown) if any(shown.values()) else None


def _footers(own: Footer | None, part: Footer | None) -> Footer | None:
    """What either shows is there; what the page left to the part is as the part says."""
    if own is None or part is None:
        return own or part
    merged: dict[str, bool | None] = {}
    for name in Footer.__struct_fields__:
        here, there = getattr(own, name), getattr(part, name)
        merged[name] = True if here or there else (here if there is None else there if here is None else here)
    return Footer(**merged)


def _draw(page: PageFacts, data: PageFacts) -> PageFacts:
    known = {(item.title, item.url) for item in page.items}
    fresh = tuple(item for item in data.items if (item.title, item.url) not in known)
    return msgspec.structs.replace(
        page,
        items=page.items + fresh,
        links=page.links + data.links,
        next_pages=page.next_pages + tuple(url for url in data.next_pages if url not in page.next_pages),
    )
