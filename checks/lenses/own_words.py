"""A page also says things beside its main text: a second box, a caption, a table that stands apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from checks.lens import lens
from checks.lenses.navigation import facts_of, own_pages
from dossier.model import PageFacts, SiteSnapshot

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
            found[page.url] = tuple(_no_headlines(lines, facts_of(page)))
    return found


def _apart(text: str, whole: str) -> frozenset[str]:
    known = set(text.splitlines())
    return frozenset(
        line for line in whole.splitlines() if len(line) >= SHORTEST_SENTENCE and line not in known
    )


def _no_headlines(lines: Iterable[str], facts: PageFacts) -> Iterator[str]:
    """The lines without headlines in somebody's list: such a line is judged where it is the headline.

    Most links of a page are short names, too short to be half of a sentence, and are left out first.
    """
    packed = {line: "".join(line.split()) for line in lines}
    half = min(map(len, packed.values())) / 2
    texts = (*(link.text for link in facts.links if link.text), *(item.title for item in facts.items))
    said = "\n".join(packed.values())
    linked = {one for text in texts if len(text) >= half and (one := "".join(text.split())) in said}
    for line, words in packed.items():
        if not any(2 * len(one) >= len(words) and one in words for one in linked):
            yield line
