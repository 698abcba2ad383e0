"""The foot of a page is known by where it stands and by what every foot says."""

from __future__ import annotations

import re

from dossier.model import LinkPlace
from dossier.reading.dates import FULL
from dossier.reading.tree import Node, Tree

_FOOT_TEXT = re.compile(
    r"ICP备|ICP证|主办单位|主\s*办[：:]|承办|标识码|版权所有|公网安备|技术支持|版权|Copyright|网站地图|联系我们"
)
_AFTER_A_FOOT = 30
_LONGEST_FOOT = 1200
_FEWEST_FOOT_WORDS = 3


def closes_the_page(tree: Tree, node: Node) -> bool:
    """Below a short page a foot with its lists of other sites is the larger part of it: it is known by standing last, by
    what every foot says, and by bearing no date. Names of other sites do not count to its length."""
    if len(tree.between(node.t1, len(tree.pieces)).strip()) > _AFTER_A_FOOT:
        return False
    text = tree.text(node)
    if len(set(_FOOT_TEXT.findall(text))) < _FEWEST_FOOT_WORDS:
        return False
    length = len(text)
    if length >= _LONGEST_FOOT:
        length -= sum(len(tree.text(link)) for link in tree.within(node, "a") if _leads_out(link))
    return length < _LONGEST_FOOT and not FULL.search(tree.text(node, hidden=True))


def _leads_out(link: Node) -> bool:
    return link.get("href").startswith(("http://", "https://"))


def find_footer(tree: Tree, footers: list[Node], place: list[LinkPlace]) -> list[Node]:
    """The footers by name, else the last blocks of the page that speak like one."""
    named = [node for node in footers if _FOOT_TEXT.search(tree.text(node, hidden=True))]
    if named:
        return named
    total = len(tree.pieces)
    best: Node | None = None
    for node in tree.nodes:
        if (
            node.tag in ("div", "table", "td", "p", "center", "ul", "section")
            and node.t0 > total * 0.45
            and node.t1 > node.t0
        ):
            if node.t1 - node.t0 > total * 0.35:
                continue
            text = tree.text(node)
            if len(text) < 1500 and len(set(_FOOT_TEXT.findall(text))) >= 2:
                best = node
                break
    if best is None:
        return footers
    for i in range(best.i, best.end):
        if place[i] is not LinkPlace.BREADCRUMB:
            place[i] = LinkPlace.FOOTER
    return [best]
