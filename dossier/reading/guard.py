"""What must be known of a page before it is parsed: rules of style that hide, and nesting that would choke a parser."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

DEPTH_BOUND = 900
OPTION_BOUND = 5000
"""The parser compares the options of a list with each other: 10,000 took 0.6 s, 20,000 took 2.5 s (2026-11)."""
_LONGEST_TAG, _MOST_ATTRIBUTES = 8000, 500
_LONG_TAG = re.compile(r"<[a-zA-Z][^>]{8000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ATTRIBUTE = re.compile(r"[^\s=\"']+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"']+))?")
_STYLE_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^[.#][\w\-]+$")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "option",
        "dt",
        "dd",
    ]
)
_FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)


_STYLE = re.compile(r"<style[^>]*>", re.IGNORECASE)
_STYLE_END = re.compile(r"</style>", re.IGNORECASE)
_STYLE_BOUND = 60_000


class Veils(NamedTuple):
    """What the page's own style hides on the usual screen, and what it shows all the same."""

    hides: frozenset[str] = frozenset()
    """Simple selectors: `.x`, `#y`."""
    shows: frozenset[frozenset[str]] = frozenset()
    """Sets of classes which together undo it: `.pane.on` is the open one of the `.pane`s."""


def veils_of(html: str) -> Veils:
    """What the style sheets inside a page hide."""
    if "<style" not in html and "<STYLE" not in html:
        return Veils()
    hides: set[str] = set()
    shows: set[frozenset[str]] = set()
    begin = _STYLE.search(html)
    while begin:
        end = _STYLE_END.search(html, begin.end(), begin.end() + _STYLE_BOUND + len("</style>"))
        if end is None:
            begin = _STYLE.search(html, begin.start() + 1)
            continue
        block = html[begin.end() : end.start()]
        if "none" in block:
            more = _hidden_by(block)
            hides.update(more.hides)
            if len(shows) < _MOST_OPENED:
                shows.update(more.shows)
        begin = _STYLE.search(html, end.end())
    return Veils(frozenset(hides), frozenset(shows))


@lru_cache(maxsize=256)
def _hidden_by(block: str) -> Veils:
    """What one block of style hides; pages of a site carry the same blocks."""
    hides: set[str] = set()
    shows: set[frozenset[str]] = set()
    for selectors, body in _STYLE_RULE.findall(_outside_media(block)):
        style = "".join(body.lower().split())
        if "display:" not in style:
            continue
        names = [selector.strip().split("*/")[-1].strip() for selector in selectors.split(",")]
        if "display:none" in style:
            hides.update(name for name in names if _SIMPLE.match(name))
        else:
            own = (name.split()[-1] for name in names if name)
            opened = (frozenset(name[1:].split(".")) for name in own if _JOINED.fullmatch(name))
            shows.update(islice(opened, _MOST_OPENED - len(shows)))
    return Veils(frozenset(hides), frozenset(shows))


_MOST_OPENED = 100
"""Such rules of a page that are looked at; templates have a handful."""
_JOINED = re.compile(r"(?:\.[\w-]+){2,}")
"""Two and more classes of one element: stronger than the rule on one of them."""


def _outside_media(css: str) -> str:
    """Rules for a certain screen say nothing about the usual one."""
    if "@" not in css:
        return css
    kept, depth, skip = [], 0, False
    for part in re.split(r"([{}]|@[a-z\-]+)", css):
        if part.startswith("@") and depth == 0:
            skip = part in ("@media", "@supports", "@keyframes", "@-webkit-keyframes", "@font-face")
        if part == "{":
            depth += 1
        if not skip:
            kept.append(part)
        if part == "}":
            depth -= 1
            if depth <= 0:
                depth, skip = 0, False
    return "".join(kept)


def _few_attributes(tag: re.Match[str]) -> str:
    """A tag of thousands of attributes keeps its first; parsers compare each with all (100,000: minutes, 2026-11).

    Words inside quotes are no attributes, and a tag whose quotes are not closed yet is left as it is.
    """
    text = tag.group()
    if text.count('"') % 2 or text.count("'") % 2 or len(_QUOTED.sub("", text).split()) <= _MOST_ATTRIBUTES:
        return text
    kept = [
        found.group() for found, _ in zip(_ATTRIBUTE.finditer(text), range(_MOST_ATTRIBUTES), strict=False)
    ]
    return " ".join(kept)


def bounded(html: str) -> tuple[str, bool]:
    """Nesting beyond any sense, and lists to choose from without end, make a parser slow: such tags are dropped."""
    html = _LONG_TAG.sub(_few_attributes, html) if len(html) > _LONGEST_TAG else html
    opens = html.count("<")
    if opens < 12_000 and (opens < 1500 or opens - 2 * html.count("</") < 1500):
        return html, False
    depth = formatting = options = 0
    kept: list[str] = []
    last = 0
    for found in _TAG.finditer(html):
        name = found.group(2).lower()
        options += name == "option" and not found.group(1)
        surplus = name == "option" and not found.group(1) and options > OPTION_BOUND
        if name in _VOID and not surplus:
            continue
        if found.group(1):
            depth = max(0, depth - 1)
            if name in _FORMATTING:
                formatting = max(0, formatting - 1)
            continue
        if surplus or depth >= DEPTH_BOUND or (name in _FORMATTING and formatting >= 200):
            kept.append(html[last : found.start()])
            close = html.find(">", found.end(), found.end() + 2000)
            last = close + 1 if close >= 0 else found.end()
            continue
        depth += 1
        if name in _FORMATTING:
            formatting += 1
    if not kept:
        return html, False
    return "".join((*kept, html[last:])), True
