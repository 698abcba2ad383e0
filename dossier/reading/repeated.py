"""The pages of a site repeat its frame: a box met twice, letter for letter, is not walked a third time.

A box is known by what the parser writes when asked for its mark-up, which tells everything that the walk asks. What is
kept of it does not change; each page gets elements of its own.
"""

from __future__ import annotations

from typing import final

from dossier.reading.guard import Veils
from dossier.reading.tree import Node, Tree

BOXES = frozenset("div ul ol dl table header nav footer section aside center form main".split())  # noqa: SIM905
"""Elements that a frame is made of."""
DEPTH = 2
"""How deep a box stands that is looked at: right in the page's body. Looking deeper found hardly more
elements on real pages, and has its price on every page."""
_FEWEST = 160
"""Characters of mark-up below which walking a box is as cheap as knowing it."""
_MOST_KEPT, _LARGEST = 1_500_000, 100_000
"""Characters kept of all boxes together, and of one: its mark-up and what its elements say. Menus have some 5,000."""
_MOST_MET = 16_384
_LONGEST_SAID = 2_000
_UNCLEAR = ("<svg", "<math", "<xmp", "<plaintext", "<noembed", "<noframes")
"""Inside these the parser writes text as it writes mark-up, so that two boxes may look alike."""


@final
class Part:
    """A box as it stands on every page: its elements with their places counted from its own."""

    __slots__ = (
        "by_tag", "comments", "elements", "named", "odd", "pieces", "scripts", "seen", "veiled", "weight",
    )  # fmt: skip

    def __init__(self, tree: Tree, box: Node, marks: Marks) -> None:
        first, begin = box.i, box.t0
        nodes = tree.nodes[first : box.end]
        self.pieces = tree.pieces[begin : box.t1]
        self.veiled = _numbers(tree.veiled, marks.veiled, first)
        self.seen = tree.seen[begin : box.t1] if self.veiled else self.pieces
        self.elements = [
            (
                node.tag, node.attrs, node.parent.i - first if node.parent is not None else -1, node.end - first,
                node.t0 - begin, node.t1 - begin, node.hidden, node.mark,
                _said(self.seen[node.t0 - begin : node.t1 - begin]),
            )
            for node in nodes
        ]  # fmt: skip
        self.weight = len(marks.key[0]) + sum(len(element[-1] or "") for element in self.elements)
        self.by_tag: dict[str, list[int]] = {}
        for number, node in enumerate(nodes):
            self.by_tag.setdefault(node.tag, []).append(number)
        self.named = _numbers(tree.named, marks.named, first)
        self.odd = _numbers(tree.odd, marks.odd, first)
        self.scripts = [(node.i - first, code) for node, code in tree.scripts[marks.scripts :]]
        self.comments = [
            (words, number - first, piece - begin) for words, number, piece in tree.comments[marks.comments :]
        ]


@final
class Marks:
    """How much of a tree was there when the walk came to a box that it has met before."""

    __slots__ = ("comments", "key", "named", "number", "odd", "scripts", "veiled")

    def __init__(self, key: tuple[str, Veils], tree: Tree) -> None:
        self.key = key
        self.number = len(tree.nodes)
        self.named = len(tree.named)
        self.odd = len(tree.odd)
        self.veiled = len(tree.veiled)
        self.scripts = len(tree.scripts)
        self.comments = len(tree.comments)


_parts: dict[tuple[str, Veils], Part] = {}
_met: set[int] = set()


def forget() -> None:
    """From now on no box was met before."""
    _parts.clear()
    _met.clear()


def part_of(key: tuple[str, Veils]) -> Part | None:
    """What is kept of a box."""
    return _parts.get(key)


def is_met_again(key: tuple[str, Veils]) -> bool:
    """Whether a box was met before, on this page or another; from now on it was."""
    if len(key[0]) < _FEWEST:
        return False
    sign = hash(key)
    if sign in _met:
        return True
    if len(_met) >= _MOST_MET:
        _met.clear()
    _met.add(sign)
    return False


def keep(tree: Tree, box: Node, marks: Marks) -> None:
    """Keeps a box that the walk has just left, unless it is too large or could be mistaken for another."""
    source = marks.key[0]
    if len(source) > _LARGEST or any(sign in source for sign in _UNCLEAR) or "<title" in source:
        return
    part = Part(tree, box, marks)
    if part.weight > _LARGEST:
        return
    if sum(other.weight for other in _parts.values()) + part.weight > _MOST_KEPT:
        _parts.clear()
    _parts[marks.key] = part


def put(tree: Tree, part: Part, parent: Node | None) -> None:
    """Puts a box where the walk stands; what it says to the eye is still to be added by the walk."""
    nodes = tree.nodes
    first, begin = len(nodes), len(tree.pieces)
    above = parent
    for tag, attrs, outer, end, t0, t1, hidden, mark, said in part.elements:
        if outer >= 0:
            above = nodes[first + outer]
        nodes.append(
            Node(tag, attrs, above, len(nodes), first + end, begin + t0, begin + t1, hidden, mark, said)
        )
    for tag, numbers in part.by_tag.items():
        found = [nodes[first + number] for number in numbers]
        same = tree.by_tag.get(tag)
        if same is None:
            tree.by_tag[tag] = found
        else:
            same.extend(found)
    tree.named.extend([nodes[first + number] for number in part.named])
    tree.odd.extend([nodes[first + number] for number in part.odd])
    tree.scripts.extend([(nodes[first + number], code) for number, code in part.scripts])
    tree.comments.extend([(words, first + number, begin + piece) for words, number, piece in part.comments])
    if part.veiled:
        tree.veiled.extend([nodes[first + number] for number in part.veiled])
        if tree.seen is tree.pieces:
            tree.seen = tree.pieces.copy()
    if tree.seen is not tree.pieces:
        tree.seen.extend(part.seen)
    tree.pieces.extend(part.pieces)


def _numbers(nodes: list[Node], begin: int, first: int) -> list[int]:
    return [node.i - first for node in nodes[begin:]]


def _said(pieces: list[str]) -> str | None:
    text = " ".join("".join(pieces).split())
    return text if len(text) <= _LONGEST_SAID else None
