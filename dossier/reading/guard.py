"""What must be known of a page before it is parsed: rules of style that hide, and nesting that would choke a parser."""

from __future__ import annotations

import re

DEPTH_BOUND = 900
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


def hiding_selectors(html: str) -> frozenset[str]:
    """Simple selectors (`.x`, `#y`) that the page's own style hides on the usual screen."""
    if "<style" not in html and "<STYLE" not in html:
        return frozenset()
    found: set[str] = set()
    shown: set[str] = set()
    for block in re.findall(r"(?is)<style[^>]*>(.{0,60000}?)</style>", html):
        if "none" not in block:
            continue
        for selectors, body in _STYLE_RULE.findall(_outside_media(block)):
            hides = "display:none" in "".join(body.lower().split())
            for selector in selectors.split(","):
                selector = selector.strip().split("*/")[-1].strip()
                if _SIMPLE.match(selector):
                    (found if hides else shown).add(selector)
    return frozenset(found)


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


def bounded(html: str) -> tuple[str, bool]:
    """Nesting beyond any sense makes every parser slow: the tags that open too deep are dropped."""
    opens = html.count("<")
    unclosed = opens - 2 * html.count("</")
    if unclosed < 1500 and opens < 12_000:
        return html, False
    depth = formatting = 0
    kept: list[str] = []
    last = 0
    for found in _TAG.finditer(html):
        name = found.group(2).lower()
        if name in _VOID:
            continue
        if found.group(1):
            depth = max(0, depth - 1)
            if name in _FORMATTING:
                formatting = max(0, formatting - 1)
            continue
        if depth >= DEPTH_BOUND or (name in _FORMATTING and formatting >= 200):
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
