"""Both captures of a recheck side by side: as the page was before, and as it was seen again."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from desk.papers.recheck_table import telling
from desk.reports.wording import unseen_reason
from desk.web.archived import LONGEST, mark, quoted_text
from dossier import store
from dossier.model import Reach
from dossier.store import Recheck, SeenUnit, Sighting, Store


@dataclass(frozen=True)
class Half:
    """One page as one run saw it."""

    sighting: Sighting
    title: str
    paragraphs: tuple[Markup, ...]
    quoted: bool
    """Whether the words that were quoted as the fault stand in it."""
    words: str
    """Chinese: how it was reached, where it has no text."""


def halves(
    kept: Store, unit_id: str, look: Recheck, quotes: tuple[str, ...], at: str = ""
) -> list[tuple[str, Half | None, Half | None]]:
    """Address → before and after. Texts are read for one page alone: the named one, else the first."""
    before = {one.url: one for one in look.before}
    after = {one.url: one for one in look.after}
    urls = list(dict.fromkeys([*after, *before]))
    first = next((one.url for one in reversed(telling(look)) if one), "")
    chosen = at if at in urls else first
    seen: dict[str, SeenUnit] = {}

    def half(one: Sighting | None, url: str) -> Half | None:
        if one is None:
            return None
        if url != chosen:
            return Half(one, "", (), False, _reached(one))
        if one.run_id not in seen:
            seen[one.run_id] = store.facts_for(kept, one.run_id, unit_id)
        return _half(seen[one.run_id], one, quotes)

    ordered = [chosen, *(url for url in urls if url != chosen)] if urls else []
    return [(url, half(before.get(url), url), half(after.get(url), url)) for url in ordered]


def _half(seen: SeenUnit, one: Sighting, quotes: tuple[str, ...]) -> Half:
    for capture in reversed(seen.captures):
        if capture.asked_url == one.url and capture.sha256 == one.sha256 and capture.sha256:
            facts = seen.facts_of(capture)
            if facts is None:
                break
            text, quote = quoted_text(facts, next(iter(quotes), ""))
            paragraphs, quoted = mark(text[:LONGEST], quote)
            return Half(one, facts.title or facts.html_title or "", paragraphs, quoted, _reached(one))
    return Half(one, "", (), False, _reached(one))


def _reached(one: Sighting) -> str:
    state = "打开" if one.reach == Reach.OK.value else unseen_reason(one.reach)
    return state + (f"（应答 {one.status}）" if one.status else "")
