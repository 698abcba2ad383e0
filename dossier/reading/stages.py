"""A list that a script puts on the page needs a place there: an empty element that the script knows by its id, by
what is written on it for scripts to read, or by its own name; or one that says that it is loading."""

from __future__ import annotations

import re

from dossier.model import LinkPlace
from dossier.reading.regions import Regions
from dossier.reading.tree import Node, Tree

_PLACES = ("div", "ul", "ol", "dl", "tbody", "table", "section", "article")
_HOLDS = frozenset("a img iframe video audio object embed input select textarea button li tr dd".split())  # noqa: SIM905 - a list of tags
_LOADING = re.compile(
    r"[\s.。…]*(?:(?:正在|数据|内容|页面)*(?:加载|载入)中?|loading)?[\s.。…,，请稍候等后]*", re.IGNORECASE
)
_LOADS = re.compile(r"加载|载入|loading", re.IGNORECASE)
_FOR_SCRIPTS = re.compile(r"data-(?!v-|aos|wow|role|spm|sites|toggle|target|ride|animat|delay|tools)")
"""Attributes that are written for scripts to read, but for those of motion, of style and of sharing."""
_FILLS = re.compile(
    r"\.(?:html|append|prepend|appendTo)\(|innerHTML|insertAdjacent|appendChild|new\s+Vue|createApp|\.mount\(|\.render\("
)
_NAMED = re.compile(r"[#'\"]([^#'\"\s<>]{2,80})(?=['\"])")
"""What a script calls by name: `'news'`, `'#news'`."""
_MOST_INSIDE, _MOST_BEHIND = 40, 40
"""Elements inside an empty place, and beside it, that are looked at."""
_LIBRARY = re.compile(
    r"jquery|swiper|slide|bootstrap|layui|layer|respond|html5|share|jiucuo|conac|cnzz|baidu|\bta\.js|count|stat|analytics|"
    r"font|barrier|toolbar|wza|esd|jian|simplified|pagination|laypage|player|print|zoom|common|nav|header|foot|top|search",
    re.IGNORECASE,
)
_OUT = frozenset(
    {LinkPlace.NAV, LinkPlace.HEADER, LinkPlace.FOOTER, LinkPlace.SIDE, LinkPlace.BREADCRUMB, LinkPlace.PAGER}
)


def waits_for_script(tree: Tree, regions: Regions) -> bool:
    """Whether an empty element of the page's own part is what one of its scripts fills: it says that it loads, it
    carries words for scripts, a script names it, or one of the site's own stands right behind it."""
    own_tags = (node for tag, nodes in tree.by_tag.items() if "-" in tag for node in nodes)
    found = {node.i: node for node in (*tree.named, *tree.odd, *own_tags)}
    stages = [
        node
        for node in found.values()
        if (node.tag in _PLACES or "-" in node.tag)
        and not node.hidden
        and regions.place[node.i] not in _OUT
        and _is_bare(tree, node)
    ]
    if not stages or not tree.scripts:
        return False
    if any(_LOADS.search(tree.text(node)) for node in stages):
        return True
    if any(_is_own(node.get("src")) for node, _ in tree.scripts) and any(map(_is_for_scripts, stages)):
        return True
    filled = {name for _, code in tree.scripts if _FILLS.search(code) for name in _NAMED.findall(code)}
    if any(f".{name}" in filled for node in stages for name in node.get("class").split()):
        return True
    named = [node for node in stages if len(node.get("id")) > 1]
    return any(node.get("id") in filled or _own_script_follows(tree, node) for node in named)


def _is_for_scripts(node: Node) -> bool:
    """Whether an empty element is written for a script: `<div data-channel="12">`, `<news-list>`."""
    if _LIBRARY.search(f"{node.tag} {node.mark}"):
        return False
    return "-" in node.tag or any(value and _FOR_SCRIPTS.match(name) for name, value in node.attrs.items())


def _is_bare(tree: Tree, node: Node) -> bool:
    if node.end - node.i > _MOST_INSIDE:
        return False
    said = tree.text(node)
    return (
        len(said) <= 20
        and _LOADING.fullmatch(said) is not None
        and all(inner.tag not in _HOLDS for inner in tree.inside(node))
    )


def _own_script_follows(tree: Tree, node: Node) -> bool:
    """Whether one of the site's own scripts stands behind an element, with nothing between that says anything."""
    at = node.end
    for _ in range(_MOST_BEHIND):
        beside = tree.nodes[at] if at < len(tree.nodes) else None
        if beside is None or beside.parent is not node.parent:
            return False
        if beside.tag != "script":
            if tree.text(beside):
                return False
        elif _is_own(beside.get("src")):
            return True
        at = beside.end
    return False


def _is_own(source: str) -> bool:
    file = source.partition("?")[0].rpartition("/")[2]
    return bool(file) and not source.startswith("//") and _LIBRARY.search(file) is None
