"""What a site has published for some days its own search should find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from crawler.addresses import host_of
from crawler.site import Site
from dossier.model import Capture, PageFacts, PageKind

_FRESH_DAYS = 3
"""An index may lag behind; what was published just now is not asked for."""
_WORDS = re.compile(r"[\u4e00-\u9fff]{6,}")
_OPENING = re.compile(r"^(印发|转发|发布|公布|做好|开展|加强|推进)")
_LONGEST_WORDS = 14
_MOST_TITLES = 40


def note_title(site: Site, capture: Capture, facts: PageFacts) -> None:
    """Remembers the headline of an article that has stood for some days: what the site's index should know."""
    if facts.kind not in (PageKind.ARTICLE, PageKind.DOCUMENT, PageKind.INTERPRETATION) or not facts.title:
        return
    settled = site.world.job.as_of - timedelta(days=_FRESH_DAYS)
    if facts.published is None or facts.published > settled:
        return
    titles = site.titles.setdefault(host_of(capture.url), [])
    if len(titles) < _MOST_TITLES:
        titles.append(facts.title)


def words_to_ask(titles: Iterable[str]) -> Iterator[str]:
    """From each title its longest run of plain words, as people type them; the same words never twice."""
    told: set[str] = set()
    for title in titles:
        told_of = title.rpartition("关于")[2]
        runs = _WORDS.findall(_OPENING.sub("", told_of)) or _WORDS.findall(title)
        if not runs:
            continue
        words = max(runs, key=len)[:_LONGEST_WORDS]
        if words[:6] not in told:
            told.add(words[:6])
            yield words
