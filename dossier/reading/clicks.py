"""Where a click leads, as far as the attributes of an element and the scripts of its page tell."""

from __future__ import annotations

import re
from functools import lru_cache

from dossier.reading.tree import Node, Tree

_SCRIPT_TARGET = re.compile(
    r"""(?:(?:window\.|self\.|top\.|parent\.|document\.)?location(?:\.href)?\s*=\s*|location\.(?:assign|replace)\(\s*|window\.open\(\s*|\bopen\(\s*)(['"`])([^'"`]+)\1""",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*\+")
_AIMED = ("data-href", "data-link")
"""Attributes from which the scripts of many templates take the address of a row that is clicked."""
_CLICKED = frozenset("li tr td div dd dl p span h3 h4 a".split())  # noqa: SIM905 - a list of tags
A_PAGE = re.compile(
    r"(?:https?://[\w.\-]+(?::\d+)?|\.{0,2})/[^\s'\"<>{}]*|[\w\-./%]+\.(?:s?html?|jsp|aspx?|php|do)(?:\?[^\s'\"<>{}]*)?",
    re.IGNORECASE,
)
_READ_BY_SCRIPT = re.compile(
    r"""(?:attr|getAttribute)\(\s*['"](data-[\w-]+|rel|url|link)['"]\s*\)|\.data\(\s*['"]([\w-]+)['"]\s*\)|\bdataset\.([a-z]+)\b"""
)
_FETCHES = re.compile(
    r"\.load\(|\$\.(?:get|post|ajax)\(|\bfetch\(|\.open\(|location|\.src\s*=|attr\(\s*['\"]src"
)
_A_PART = re.compile(r"[^\s'\"<>{}?#]*(?:/|\.(?:s?html?|jsp|aspx?|php))(?:\?[^\s'\"<>{}]*)?", re.IGNORECASE)


def script_target(code: str) -> str:
    """The address to which an event handler leads, empty where it names none or has a script put its end to it."""
    found = _SCRIPT_TARGET.search(code)
    return found.group(2) if found and not _GOES_ON.match(code, found.end()) else ""


def sent_to(code: str) -> str:
    """Where a script sends the visitor on; half an address, to which it adds his path, tells the place well enough."""
    found = _SCRIPT_TARGET.search(code)
    return found.group(2) if found else ""


def clicked_target(node: Node, read: tuple[str, ...] = ()) -> str:
    """Where a click on an element that is no anchor leads, as far as its own attributes tell."""
    return (script_target(node.get("onclick")) if "onclick" in node.attrs else "") or aim(node, read)


def aim(node: Node, read: tuple[str, ...] = ()) -> str:
    """The address in an attribute from which a script takes it: one that templates use so, or one that a script of
    this page reads to fetch what it names (the panel of a tab)."""
    attrs = node.attrs
    if not attrs or node.tag not in _CLICKED:
        return ""
    for name in _AIMED:
        if name in attrs:
            value = node.get(name).strip()
            if A_PAGE.fullmatch(value):
                return value
    for name in read:
        if name in attrs and _A_PART.fullmatch(value := node.get(name).strip()):
            return value
    return ""


@lru_cache(maxsize=1)
def read_by_script(tree: Tree) -> tuple[str, ...]:
    """The attributes whose values the scripts of a page read, where they also fetch or open something."""
    names = {
        found[0] or f"data-{found[1] or found[2]}"
        for _, code in tree.scripts
        if ("data" in code or "ttr" in code) and _FETCHES.search(code)
        for found in _READ_BY_SCRIPT.findall(code)
    }
    return tuple(sorted(names))


_BINDS = re.compile(r"click|addEventListener|\.on\(|bind\(|live\(|delegate\(|tap\(")
_NAMED = re.compile(r"[#.'\"]([\w-]++)")
_BOX_OF_ANCHORS = re.compile(r"[#.]([\w-]++)(?=[^'\"\n]{0,40}\ba['\"]\s*\))")


def is_bound(tree: Tree, node: Node) -> bool:
    """Whether a script of the page itself names an anchor by its id or class and waits for a click on something, or waits
    for one on the anchors of a box around it: `$('.tabs a').click(…)`."""
    own, boxes = _bound(tree)
    if not own:
        return False
    if not own.isdisjoint(f"{node.get('id')} {node.get('class')}".split()):
        return True
    return any(
        not boxes.isdisjoint(f"{above.get('id')} {above.get('class')}".split())
        for above, _ in zip(node.up(), range(3), strict=False)
    )


@lru_cache(maxsize=1)
def _bound(tree: Tree) -> tuple[frozenset[str], frozenset[str]]:
    """Names of elements in the scripts that wait for clicks, and those of boxes for whose anchors they wait."""
    codes = [code for _, code in tree.scripts if code and _BINDS.search(code)]
    own, boxes = (
        frozenset(name for code in codes for name in pattern.findall(code))
        for pattern in (_NAMED, _BOX_OF_ANCHORS)
    )
    return own, boxes
