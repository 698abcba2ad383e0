"""What a page leads to is taken in: addresses worth asking, in the order of their worth."""

from __future__ import annotations

from crawler.addresses import is_web, same_page, shape, without_fragment
from crawler.frontier import Wanted
from crawler.priority import DOCUMENT, EXTERNAL, ITEM, NEWS, ORGAN, PLATFORM, POLICY, Lead, leads_of
from crawler.site import Site
from crawler.stirring import note_reading
from crawler.titles import note_title
from dossier.model import Capture, PageFacts, PageKind, Purpose

_MOST_HOMES = 24
"""Front doors of one unit: a notice that one moved may lead to the next notice, and so on in a circle."""
_THIN = 200
_PARTS = (Purpose.DATA, Purpose.INCLUDE)
_RANK_IN_PART = {PLATFORM: ORGAN, POLICY: DOCUMENT, NEWS: ITEM}
"""What a list fetched by itself leads to is as wanted as if it stood on the page that shows it."""


def follow(site: Site, wanted: Wanted, capture: Capture, facts: PageFacts, *, rendered: bool = False) -> None:
    """Takes in what a page leads to; a copy of a page seen before leads nowhere new."""
    if wanted.purpose is Purpose.SEARCH:
        site.drawn_by_script[wanted.url] = facts.kind is PageKind.SHELL or facts.script_lists
        return
    if capture.final_url and not same_page(capture.final_url, wanted.url):
        site.frontier.mark(capture.final_url)
    if wanted.purpose is Purpose.ATTACHMENT or facts.kind in (PageKind.ERROR, PageKind.CHALLENGE):
        return
    if wanted.url in site.homes and _is_another_door(site, facts.moved_to):
        site.homes.append(facts.moved_to)
    if not rendered and (facts.kind is PageKind.SHELL or (facts.script_lists and not facts.data_sources)):
        site.shells.append(wanted)
    elif not rendered and facts.script_lists and not facts.items:
        for source in facts.data_sources:
            site.fed.setdefault(source, []).append(wanted)
    if not site.in_scope(capture.url):
        return
    note_reading(site, wanted, capture, facts)
    if wanted.purpose is Purpose.PAGE:
        note_title(site, capture, facts)
    own_shape = shape(wanted.url)
    listed = "\n".join(item.title for item in facts.items)
    content = f"{facts.title or facts.html_title}\n{facts.text}\n{listed}{facts.moved_to}"
    anchors = "\n".join(link.text for link in facts.links)
    copy = wanted.purpose is Purpose.PAGE and site.frontier.is_copy(
        f"{content}\n{facts.whole_text}\n{anchors}"
    )
    found = 0
    for lead in leads_of(facts, site.world.vocabulary, site.frontier.met):
        if not site.crawl_links and lead.purpose not in _PARTS:
            continue  # a recheck sees its pages whole, and no others
        new = _wanted_of(site, wanted, facts, lead)
        if new is None or site.frontier.knows(new.url):
            continue
        if copy and new.purpose is Purpose.PAGE:
            site.frontier.mark(new.url)
            site.frontier.skip(new, "duplicate")
        elif site.frontier.add(new, lead.day) and new.purpose is Purpose.PAGE and shape(new.url) != own_shape:
            found += 1
    if wanted.purpose is Purpose.PAGE:
        brought = content if len(content) > _THIN // 4 else content + facts.whole_text
        site.frontier.learnt(wanted.url, brought, leads=found)


def _is_another_door(site: Site, url: str) -> bool:
    """Whether a notice on the front door leads to one that was not yet knocked at."""
    return bool(url) and site.in_scope(url) and url not in site.homes and len(site.homes) < _MOST_HOMES


def _wanted_of(site: Site, wanted: Wanted, facts: PageFacts, lead: Lead) -> Wanted | None:
    if not is_web(lead.url):
        return None
    purpose, rank = lead.purpose, lead.rank
    if not site.in_scope(lead.url) and purpose in (Purpose.PAGE, Purpose.IMAGE):
        purpose, rank = Purpose.EXTERNAL, EXTERNAL
    elif wanted.purpose in _PARTS and purpose is Purpose.PAGE:
        rank = min(rank, _RANK_IN_PART.get(wanted.rank, rank))
    return Wanted(
        url=without_fragment(lead.url),
        purpose=purpose,
        rank=rank,
        depth=wanted.depth + lead.deeper,
        referrer=wanted.url,
        text=lead.text,
        encoding=facts.encoding,
    )
