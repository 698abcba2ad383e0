"""A page as its reader has it: elements in order, with what the eye sees kept apart from what it does not."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from typing import final

number_of = attrgetter("i")
"""Its place among all elements of the page."""
EVERYDAY = frozenset(
    "href target class title style id rel name alt src content width height border align valign cellpadding "  # noqa: SIM905
    "cellspacing colspan rowspan bgcolor color size face type charset value http-equiv lang".split()
)
"""Attributes that no framework, handler or data source hides behind."""


@final
class Node:
    """One element. Its text is a stretch of the page's pieces, its descendants a stretch of the page's nodes.

    A plain class with slots: a page has hundreds, it is as quickly made as a msgspec struct, and `make fast` can
    compile it, which a struct cannot be.
    """

    __slots__ = ("attrs", "end", "hidden", "i", "mark", "parent", "said", "t0", "t1", "tag")

    def __init__(
        self,
        tag: str,
        attrs: dict[str, str | None],
        parent: Node | None,
        i: int,
        end: int,
        t0: int,
        t1: int,
        hidden: str,
        mark: str,
        said: str | None = None,
    ) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.i = i
        self.end = end
        self.t0 = t0
        self.t1 = t1
        self.hidden = hidden
        self.mark = mark
        """Class and id in lower case: what a template's author called this part."""
        self.said = said
        """Its visible text once somebody asked for it; `Tree.text` keeps it here."""

    def get(self, name: str) -> str:
        """An attribute, empty where it is lacking."""
        return self.attrs.get(name) or ""

    def up(self) -> Iterator[Node]:
        """Its parent, the parent's parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


class Tree:
    """All elements of a page in document order, its text pieces, its scripts and its comment marks.

    What most readers look for (elements of one tag, elements with unusual attributes) is sorted out in the one
    walk that makes the tree, so that nobody walks it again for them.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.by_tag: dict[str, list[Node]] = {}
        self.named: list[Node] = []
        """Elements with a class or an id."""
        self.odd: list[Node] = []
        """Elements with attributes other than the everyday ones: handlers, frameworks, data."""
        self.veiled: list[Node] = []
        """Elements that the eye cannot see."""
        self.pieces: list[str] = []
        self.seen: list[str] = self.pieces
        """The same pieces, empty where the eye cannot see them; the very list where nothing is hidden."""
        self.scripts: list[tuple[Node, str]] = []
        self.comments: list[tuple[str, int, int]] = []
        """Comment text, with the number of nodes and pieces before it."""
        self.html_title = ""
        self.truncated = False
        self.shown = ""
        """All that the eye sees, the pieces joined."""
        self.at: list[int] = [0]
        """Where in `shown` each piece begins, and the end."""
        self._sizes: list[int] | None = None
        self._paths: dict[int, str] = {}

    @property
    def sizes(self) -> list[int]:
        """How many characters the eye sees in each piece, white space at its ends left out."""
        if self._sizes is None:
            self._sizes = [0 if piece == "\n" or piece == " " else len(piece.strip()) for piece in self.seen]
        return self._sizes

    def tagged(self, *tags: str) -> list[Node]:
        """All elements with these tags in document order."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        lists = [self.by_tag[tag] for tag in tags if tag in self.by_tag]
        if len(lists) <= 1:
            return lists[0] if lists else []
        return sorted(chain.from_iterable(lists), key=number_of)

    def text(self, node: Node, *, hidden: bool = False) -> str:
        """All text inside an element, white space folded to one space."""
        if hidden and self.pieces is not self.seen:
            return " ".join("".join(self.pieces[node.t0 : node.t1]).split())
        said = node.said
        if said is None:
            at = self.at
            said = node.said = " ".join(self.shown[at[node.t0] : at[node.t1]].split())
        return said

    def lines(self, node: Node, *, hidden: bool = False) -> list[str]:
        """Text inside an element, a line for each block; lines without text left out."""
        if hidden and self.pieces is not self.seen:
            return lines_in("".join(self.pieces[node.t0 : node.t1]))
        return lines_in(self.between(node.t0, node.t1))

    def between(self, begin: int, end: int) -> str:
        """What the eye sees of the pieces from one number to another."""
        at, last = self.at, len(self.at) - 1
        return self.shown[at[min(begin, last)] : at[min(end, last)]]

    def within(self, node: Node, tag: str) -> list[Node]:
        """Its descendants with one tag in document order."""
        every = self.by_tag.get(tag)
        if every is None:
            return []
        begin = bisect_right(every, node.i, key=number_of)
        return every[begin : bisect_left(every, node.end, begin, key=number_of)]

    def near(self, signs: re.Pattern[str], reach: int) -> bytearray:
        """For each piece, whether one of the signs begins in it or in one of the next: a sieve for what to look at."""
        flags = bytearray(len(self.at) + reach)
        mark = b"\x01" * reach
        found = signs.search(self.shown)
        while found is not None:
            piece = bisect_right(self.at, found.start()) - 1
            begin = max(0, piece + 1 - reach)
            flags[begin : piece + 1] = mark[: piece + 1 - begin]
            found = signs.search(self.shown, self.at[piece + 1])  # one sign in a piece is as good as many
        return flags

    def inside(self, node: Node) -> list[Node]:
        """Its descendants in document order."""
        return self.nodes[node.i + 1 : node.end]

    def children(self, node: Node) -> list[Node]:
        """Elements directly inside it."""
        found, i = [], node.i + 1
        while i < node.end:
            child = self.nodes[i]
            found.append(child)
            i = child.end
        return found

    def path(self, node: Node) -> str:
        """Where the element stands, for evidence: `html/body/div[3]/a`."""
        known = self._paths.get(node.i)
        if known is not None:
            return known
        above = [node]
        for outer in node.up():
            above.append(outer)
            if outer.i in self._paths or len(above) > 80:
                break
        for current in reversed(above):
            if current.i in self._paths:
                continue
            parent = current.parent
            if parent is None or parent.i not in self._paths:
                self._paths[current.i] = current.tag
                continue
            same = [child for child in self.children(parent) if child.tag == current.tag]
            several = len(same) > 1
            for number, child in enumerate(same, 1):
                self._paths[child.i] = (
                    f"{self._paths[parent.i]}/{child.tag}{f'[{number}]' if several else ''}"
                )
        return self._paths[node.i]


def lines_in(text: str) -> list[str]:
    """The lines of a text with white space folded; lines without text left out."""
    return [" ".join(words) for part in text.split("\n") if part and (words := part.split())]
