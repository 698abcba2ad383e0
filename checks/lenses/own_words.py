"""A page also says things beside its main text: a second box, a caption, a table that stands apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from checks.lens import lens
from checks.lenses.navigation import facts_of, own_pages
from dossier.model import SiteSnapshot

SHORTEST_SENTENCE = 12
"""Shorter lines are labels, buttons and names."""
MOST_PAGES = 2
"""A line that more pages carry belongs to the frame they share."""


@lens
def lines_beside(site: SiteSnapshot) -> Mapping[str, tuple[str, ...]]:
    """For each page the lines outside its main text that are its own: no link's words, and on hardly another page."""
    apart = {
        page.url: _apart(page.facts.text, page.facts.whole_text) for page in own_pages(site) if page.facts
    }
    carried = Counter(line for lines in apart.values() for line in lines)
    found: dict[str, tuple[str, ...]] = {}
    for page in own_pages(site):
        lines = [line for line in apart[page.url] if carried[line] <= MOST_PAGES]
        if lines:
            linked = {"".join(link.text.split()) for link in facts_of(page).links if link.text}
            linked |= {"".join(item.title.split()) for item in facts_of(page).items}
            longest_first = sorted(linked, key=len, reverse=True)
            found[page.url] = tuple(line for line in lines if not _only_links(line, longest_first))
    return found


def _apart(text: str, whole: str) -> frozenset[str]:
    known = set(text.splitlines())
    return frozenset(
        line for line in whole.splitlines() if len(line) >= SHORTEST_SENTENCE and line not in known
    )


def _only_links(line: str, linked: Sequence[str]) -> bool:
    """Whether a line is a headline in somebody's list: it is judged where it is the headline.

    Most links of a page are short names, too short to be half of a sentence: the longest come first.
    """
    packed = "".join(line.split())
    for words in linked:
        if 2 * len(words) < len(packed):
            return False
        if words in packed:
            return True
    return False
