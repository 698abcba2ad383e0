"""How far an entry of a list reaches around its link, and entries whose title is no link."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from dossier.reading import dates
from dossier.reading.tree import Node, Tree

OPENS = re.compile(
    r"^[\[【(（<《]?\s*(?:点击)?(?:查看|阅读|浏览)?(?:详情|详细|详细内容|全文|查看)\s*[>»]*\s*[\]】)）>》+]?[>»]*$"
)
"""What the one link of a card says: it opens the entry whose title stands above it."""
NEAR = 40
"""Nodes within which two links to one place belong to one entry."""
LONGEST_SORT = 8
"""Characters of the name of a sort of entries."""


def is_address(href: str) -> bool:
    return bool(href) and href[0] != "#" and not href.lower().startswith("javascript")


def row_of(node: Node, counts: list[int]) -> Node:
    """The largest element that still holds this entry alone; a table row or list entry at most."""
    current = node
    above = node.parent
    while above is not None:
        inside = counts[above.end] - counts[above.i]
        if above.tag in ("li", "tr", "dd"):
            if inside <= 4 and above.end - above.i < 80:
                return above
            return current
        if above.tag == "dl" and inside == 1 and current.tag == "dt":
            return above  # a definition list for each entry: its title and its date
        if inside > 1 or above.tag in ("ul", "ol", "table", "tbody", "body", "html", "dl", "form", "center"):
            return current
        current = above
        above = above.parent
    return current


def cards_of(
    tree: Tree, opening: list[Node], titled: list[tuple[Node, str, str]]
) -> Iterator[tuple[Node, Node, str]]:
    """Entries whose title is no link: a card with a heading, perhaps a summary, and 查看详情 below them."""
    by_href: dict[str, list[int]] = {}
    for node, _title_seen, href in titled:
        by_href.setdefault(href, []).append(node.i)
    opening = [
        node
        for node in opening
        if is_address(href := node.get("href").strip())
        and not any(abs(node.i - other) < NEAR for other in by_href.get(href, ()))
    ]
    if not opening:
        return
    counts = [0] * (len(tree.nodes) + 1)
    for node in (*opening, *(node for node, _title_seen, _href in titled)):
        counts[node.i + 1] += 1
    counts = list(itertools.accumulate(counts))
    for node in opening:
        row = row_of(node, counts)
        words = (line for line in tree.lines(row, hidden=bool(row.hidden)) if not _is_mark(line))
        title = next(words, "")
        # Words on the link's own line are the head of a block that the link shows more of.
        if len(title) >= LONGEST_SORT and not title.endswith(tree.text(node, hidden=bool(node.hidden))):
            yield row, node, title


def _is_mark(line: str) -> bool:
    """A serial number or a day before the title of an entry."""
    return dates.is_only_date(line) or not any(char.isalpha() for char in line)
