"""Lists of entries: a title that leads somewhere, and mostly a date beside it."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import date

import msgspec

from dossier.model import Item, LinkPlace
from dossier.reading.clicks import clicked_target
from dossier.reading.entries import Row, rows_of
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree

_OUT = {LinkPlace.NAV, LinkPlace.FOOTER, LinkPlace.HEADER, LinkPlace.BREADCRUMB, LinkPlace.PAGER}


@dataclass
class Lists:
    """The entries of a page and the blocks they stand in."""

    items: tuple[Item, ...] = ()
    anchors: tuple[int, ...] = ()
    """The number of each entry's anchor element, in step with `items`."""
    main: Node | None = None
    """The element around the main list."""
    main_rows: int = 0
    main_dated: int = 0
    links: set[int] = field(default_factory=set)
    """Numbers of the anchor elements that are entries."""


def lists_of(tree: Tree, regions: Regions, base: str, as_of: date) -> Lists:
    """All lists of a page; block 0 is the one that the page is about."""
    place = regions.place
    anchors = [n for n in tree.tagged("a") if place[n.i] not in _OUT and _leads(n)]
    clicked = _clicked_rows(tree, regions)
    if clicked:
        anchors = sorted((*anchors, *clicked), key=lambda node: node.i)
    if not anchors:
        return Lists()
    rows = rows_of(tree, anchors, base, as_of)
    blocks: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        blocks.setdefault(_block_key(row), []).append(row)
    kept = [block for block in blocks.values() if _is_list(block)]
    if not kept:
        return Lists()
    ranked = sorted(range(len(kept)), key=lambda n: -_rank(regions, kept[n]))
    main = _main_of(tree, regions, kept, ranked)
    order = [main, *(n for n in range(len(kept)) if n != main)]
    items: list[Item] = []
    anchors_in_order: list[int] = []
    for number, n in enumerate(order):
        for row in _with_pins(kept[n]):
            items.append(msgspec.structs.replace(row.item, block=number))
            anchors_in_order.append(row.link.i)
    first = kept[main]
    return Lists(
        items=tuple(items),
        anchors=tuple(anchors_in_order),
        main=first[0].container,
        main_rows=len(first),
        main_dated=sum(1 for row in first if row.item.date),
        links={row.link.i for block in kept for row in block},
    )


def _leads(node: Node) -> bool:
    return bool(node.get("href").strip()) or bool(clicked_target(node))


def _clicked_rows(tree: Tree, regions: Regions) -> list[Node]:
    """Rows that are opened by a click anywhere on them and hold no anchor that leads."""
    found: list[Node] = []
    for node in tree.odd:
        if node.tag == "a" or regions.place[node.i] in _OUT or not clicked_target(node):
            continue
        if any(_leads(inner) for inner in tree.within(node, "a")):
            continue
        if found and found[-1].i < node.i < found[-1].end:
            continue  # the row around it leads there
        found.append(node)
    return found


def _block_key(row: Row) -> tuple[int, str]:
    """Rows of one element belong together, and so do rows of like elements side by side (a list cut into fives)."""
    container = row.container
    if container.tag in ("ul", "ol", "table", "dl") and container.parent is not None:
        return container.parent.i, f"{container.tag} {_SERIAL.sub('', container.mark)} {container.hidden}"
    return container.i, f"{row.node.tag} {row.node.hidden}"


_SERIAL = re.compile(r"\d+")
"""Templates number the parts of a list (`lineu9_0`, `lineu9_1`): they are alike all the same."""


def _is_list(block: list[Row]) -> bool:
    dated = sum(1 for row in block if row.item.date)
    if dated:
        return True
    long = sum(1 for row in block if len(row.item.title) >= 8)
    if len(block) == 1 and long and block[0].node.tag in ("li", "tr", "dd"):
        # A column may hold one entry only, and show no date.
        return True
    return long >= 2 and long * 2 >= len(block)


_TITLE_PARTS = re.compile(r"[\s\-_|｜—–·,，]+")
_HEAD_PIECES = 16


def _main_of(tree: Tree, regions: Regions, kept: list[list[Row]], ranked: list[int]) -> int:
    """The list that the page is about: the weightiest, but for one that has the page's name over it and a box around both.

    A rail of the latest news beside a column of two entries is the longer list on every page of a site.
    """
    heaviest = kept[ranked[0]][0].node
    names = frozenset(_TITLE_PARTS.split(tree.html_title)) - {""}
    for n in ranked:
        box = _named_box(tree, kept[n], names)
        if box is None:
            continue
        if box.i <= heaviest.i < box.end:
            break
        dated = sum(1 for row in kept[n] if row.item.date)
        if dated * 2 > len(kept[n]) and regions.of(kept[n][0].node) is not LinkPlace.SIDE:
            return n
    return ranked[0]


def _named_box(tree: Tree, block: list[Row], names: frozenset[str]) -> Node | None:
    """The smallest element around a list and the page's own name right above it."""
    first, said = block[0].node, 0
    for i in range(first.t0 - 1, max(-1, first.t0 - _HEAD_PIECES), -1):
        words = tree.seen[i].strip()
        if words in names:
            return next((above for above in first.up() if above.t0 <= i), None)
        said += bool(words)
        if said >= 3:
            break
    return None


def _rank(regions: Regions, block: list[Row]) -> float:
    dated = sum(1 for row in block if row.item.date)
    size = sum(min(len(row.item.title), 30) for row in block) / 10
    score = dated * 4 + size
    if block[0].node.hidden:
        score *= 0.3
    if regions.of(block[0].node) is LinkPlace.SIDE or re.search(
        r"left|side|hot|right_?nav|menu", block[0].container.mark
    ):
        score *= 0.4
    return score


def _with_pins(block: list[Row]) -> list[Row]:
    """Entries that stand above newer ones are pinned there, said or not."""
    known = [row.item.date for row in block]
    for start in range(1, min(6, len(block) - 2)):
        rest = [day for day in known[start:] if day]
        head = [day for day in known[:start] if day]
        if (
            len(rest) >= 3
            and head
            and all(a >= b for a, b in itertools.pairwise(rest))
            and max(head) < rest[0]
        ):
            if all(a >= b for a, b in itertools.pairwise(known) if a and b):
                break
            for row in block[:start]:
                row.item = msgspec.structs.replace(row.item, pinned=True)
            break
    return block
