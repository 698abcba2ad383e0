"""What the eye does not see is put away for now, or was never meant to be seen."""

from __future__ import annotations

import re
from functools import lru_cache

from dossier.reading.tree import Node, Tree

_MOST_OPENING = 24
_SHOWS = re.compile(
    r"""[.#]([\w-]{3,})["']\s*\)\s*\.(?:stop\([^)]*\)\s*\.)?(?:show|toggle|slideDown|slideToggle|fadeIn|fadeToggle)\("""
)


def opener_of(tree: Tree, node: Node) -> str:
    """A heading and the panel that it opens stand alone together in one element; hidden links put in by strangers
    have the whole page around them."""
    block = _panel(node)
    return "" if block is node else _heading_over(tree, block)


@lru_cache(maxsize=8)
def _heading_over(tree: Tree, panel: Node) -> str:
    """Asked again for each link of a panel."""
    holder = panel.parent
    if holder is None or holder.tag in ("body", "html") or panel.i == holder.i + 1:
        return ""
    words = tree.text(holder)
    return words if 0 < len(words) <= _MOST_OPENING else ""


def why_hidden(tree: Tree, node: Node) -> str:
    """Hidden itself or by what it stands in. Tabs and menus that open on a touch are hidden only for now, as is a
    panel under its own heading that a script of the page itself shows by its name."""
    if node.hidden:
        return "" if node.hidden == "display-none" and _is_shown(tree, node) else node.hidden
    if node.tag == "a" and node.end > node.i + 1:
        first = tree.nodes[node.i + 1]
        if first.hidden and all(inner.hidden for inner in tree.inside(node)) and not tree.text(node):
            return first.hidden
    return ""


def _is_shown(tree: Tree, node: Node) -> bool:
    panel = _panel(node)
    return (
        panel is not node
        and not _shown_by_script(tree).isdisjoint(panel.mark.split())
        and bool(_heading_over(tree, panel))
    )


@lru_cache(maxsize=1)
def _shown_by_script(tree: Tree) -> frozenset[str]:
    """The names of what the scripts of a page show; asked again for each of its hidden links."""
    return frozenset(found for _, code in tree.scripts for found in _SHOWS.findall(code))


def _panel(node: Node) -> Node:
    """The outermost hidden element around a hidden one."""
    panel = node
    for above in node.up():
        if not above.hidden:
            break
        panel = above
    return panel
