"""A box whose name says that it is part of a page's frame may hold the page: what it says is believed before its name."""

from __future__ import annotations

import re
from itertools import accumulate

from dossier.model import LinkPlace
from dossier.reading.tree import Node, Tree

HEAD_PIECES = 8
_CRUMB_TEXT = re.compile(
    r"^[\W_]{0,4}(您?(当前|现在|目前)?(的|所在的?|在)?位置(是|：|:)?|当前(位置|页面|栏目)|您(现在|目前|当前)?(所在|在)|现在位置|所在位置|你的?位置|你现在|您访问的)"
)
_CRUMB_HOME = re.compile(r"^(网站)?(首页|主页)\s*[>＞»›]")
OWN_PLACE = {
    "footer": LinkPlace.FOOTER,
    "nav": LinkPlace.NAV,
    "header": LinkPlace.HEADER,
    "aside": LinkPlace.SIDE,
}
_LEAST_SAID = 24
"""Characters that are no link's, from which on a box says something."""
_LEAST_SAID_IN_A_MENU = 60
"""The same of a box with the name of a menu that stands above others."""
_LEAST_SAID_IN_A_FOOT = 200
_LONGEST_ENTRY = 9


def misnamed_box(tree: Tree, places: list[LinkPlace], paths: list[Node]) -> Node | None:
    """The box, called by its name a part of the frame, that says much more than all that is left outside the frame."""
    body = LinkPlace.BODY
    framed = [
        node
        for node, place in zip(tree.nodes, places, strict=True)
        if place is not body and (node.parent is None or places[node.parent.i] is body)
    ]
    suspects = [node for node in framed if node.tag not in OWN_PLACE and node.t1 - node.t0 >= 2]
    if not suspects:
        return None
    said = _said(tree)
    left = said[-1] - sum(said[node.t1] - said[node.t0] for node in framed)
    told = [(weight, node) for node in suspects if (weight := _told(tree, framed, places, paths, said, node))]
    for weight, node in sorted(told, key=lambda one: -one[0]):
        if places[node.i] is LinkPlace.HEADER:
            # A header stands above the content; what nothing follows but the foot is no header.
            after = said[-1] - said[node.t1] - sum(said[n.t1] - said[n.t0] for n in framed if n.t0 >= node.t1)
            if after <= 1:
                return node
        elif weight >= 4 * left:
            return node
    return None


def _told(
    tree: Tree, framed: list[Node], places: list[LinkPlace], paths: list[Node], said: list[int], node: Node
) -> int:
    """How much a box says that is no link's, 0 where that is next to nothing.

    In one with a menu's name what is short may be an entry opened by a script, and a greeting may stand above other
    menus; in one with a foot's name an address may stand above the foot proper.
    """
    weight, place = said[node.t1] - said[node.t0], places[node.i]
    if place is LinkPlace.FOOTER:
        follows = any(other.t0 >= node.t1 and places[other.i] is place for other in framed)
        return weight if follows and weight >= _LEAST_SAID_IN_A_FOOT else 0
    if place in (LinkPlace.BREADCRUMB, LinkPlace.PAGER):
        return weight if weight >= _LEAST_SAID and not starts_path(tree, node) else 0
    weight -= sum(said[path.t1] - said[path.t0] for path in paths if node.t0 <= path.t0 < node.t1)
    if weight < _LEAST_SAID or place is not LinkPlace.NAV:
        return weight if weight >= _LEAST_SAID else 0
    weight -= sum(
        size
        for number, size in enumerate(tree.sizes[node.t0 : node.t1], node.t0)
        if size <= _LONGEST_ENTRY and said[number + 1] > said[number]
    )
    above = any(other.t0 >= node.t1 and places[other.i] is not LinkPlace.FOOTER for other in framed)
    return weight if weight >= (_LEAST_SAID_IN_A_MENU if above else _LEAST_SAID) else 0


def _said(tree: Tree) -> list[int]:
    """Running sums of the characters that are no link's."""
    sizes = tree.sizes.copy()
    for node in tree.tagged("a"):
        sizes[node.t0 : node.t1] = [0] * (node.t1 - node.t0)
    return [0, *accumulate(sizes)]


def starts_path(tree: Tree, node: Node) -> bool:
    """Whether a box begins with the way to the page."""
    head = tree.between(node.t0, min(node.t1, node.t0 + HEAD_PIECES)).strip()[:16]
    if "页" in head and _CRUMB_HOME.match(head):
        return True
    return ("位置" in head or "当前" in head or "所在" in head) and bool(_CRUMB_TEXT.match(head))
