"""A path without a label is known by its ends: it sets out from the home page and arrives at the page itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dossier.model import LinkPlace
from dossier.reading.links import absolute
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree

_BETWEEN = re.compile(r"[\s>＞»›→/\\|]+")
_MARKS = frozenset(">＞»›→/\\")
_FRONT = re.compile(r"/?(?:(?:index|default|main)\.\w+)?", re.IGNORECASE)
_LONGEST = 120
_FEWEST_STEPS, _MOST_STEPS = 2, 7


def adopt_path(tree: Tree, regions: Regions, url: str, base: str) -> None:
    """Where no path is marked as one, the innermost row of links from the home page down to this page is it."""
    if regions.crumbs:
        return
    for node in tree.tagged("div", "p", "ul", "ol", "td", "span", "section", "dl"):
        if regions.place[node.i] is LinkPlace.BODY and _is_path(tree, node, url, base):
            regions.crumbs.append(node)
            for i in range(node.i, node.end):
                regions.place[i] = LinkPlace.BREADCRUMB
            return


def _is_path(tree: Tree, node: Node, url: str, base: str) -> bool:
    if not 2 < node.t1 - node.t0 < 60:
        return False
    links = tree.within(node, "a")
    if not _FEWEST_STEPS <= len(links) <= _MOST_STEPS:
        return False
    text = tree.text(node)
    if len(text) > _LONGEST or _MARKS.isdisjoint(text):
        return False
    left = text
    for link in links:
        left = left.replace(tree.text(link), " ", 1)
    first, last = absolute(base, links[0].get("href")), absolute(base, links[-1].get("href"))
    return (
        _BETWEEN.fullmatch(left) is not None
        and last == url
        and first != last
        and _FRONT.fullmatch(urlsplit(first).path) is not None
        and urlsplit(first).netloc == urlsplit(url).netloc
    )
