"""A page also says things beside its main text: a second box, a caption, a table that stands apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from checks.lens import lens
from checks.lenses.navigation import facts_of, own_pages
from dossier.model import Page, SiteSnapshot

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


_FRAME_PAGES, _FRAME_SHARE = 6, 5
"""A line on more pages than that, and on more than one in five, belongs to the frame: what an office says of itself it
says on several of its pages."""
_LABEL = 8
"""Characters of a label; the words it stands for are on the next line."""


@lens
def _frame_lines(site: SiteSnapshot) -> frozenset[str]:
    pages = own_pages(site)
    carried = Counter(line for page in pages for line in frozenset(facts_of(page).whole_text.splitlines()))
    most = max(_FRAME_PAGES, len(pages) // _FRAME_SHARE)
    return frozenset(line for line, number in carried.items() if number > most)


def all_own_words(site: SiteSnapshot, page: Page) -> str:
    """All that the eye sees of a page but for the frame that the site's pages share, the way to it, and the words of its
    links.

    Whoever lays a page out in boxes has its text in all of them, of which the main text is one: where something was not
    found there, it is looked for here before it is called lacking.
    """
    frame, facts = _frame_lines(site), facts_of(page)
    linked = sorted({"".join(link.text.split()) for link in facts.links if link.text}, key=len, reverse=True)
    lines = facts.whole_text.splitlines()
    kept: list[str] = []
    for line, below in zip(lines, (*lines[1:], ""), strict=True):
        own = line not in frame or (len(line) <= _LABEL and below not in frame)
        way = bool(facts.breadcrumb) and all(step in line for step in facts.breadcrumb)
        if own and not way and not _nothing_but_links(line, linked):
            kept.append(line)
    return "\n".join(kept)


def _nothing_but_links(line: str, linked: Sequence[str]) -> bool:
    rest = "".join(line.split())
    for words in linked:
        rest = rest.replace(words, "")
    return sum(char.isalnum() for char in rest) < 2
