"""How much of an answer a visitor would see, told without taking the page apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPAQUE = re.compile(r"(?i)<(?:(script|style|noscript|title)\b|!--)")
"""What begins here is not shown up to its own end."""
_END = {name: re.compile(rf"(?i)</{name}\s*>") for name in ("script", "style", "noscript", "title")}
_END["--"] = re.compile("-->")
_TAG = re.compile(r"<[^>]*+>")
_FIRST = 2_000
"""So much of a piece is looked at first: most pages show more than any challenge does in their first lines."""


def visible_length(text: str, bound: int) -> int:
    """The characters that a reader sees, or some number beyond the bound where there are more."""
    size = 0
    for piece in _unhidden(text[:200_000]):
        first = piece.rfind(">", 0, _FIRST) + 1
        for part in (piece[:first], piece[first:]):
            last = part.rfind(">") + 1
            size += len("".join((_TAG.sub("", part[:last]) + part[last:]).split()))
            if size > bound:
                return size
    return size


def _unhidden(text: str) -> Iterator[str]:
    """A page without what scripts, styles and comments hold. What is never closed is looked for once and not from every
    place where it is opened: a page of 60 KB of nothing but `<!--` took half a minute (2026-11-30)."""
    at = clear = 0
    endless: set[str] = set()
    found = _OPAQUE.search(text)
    while found is not None:
        begin, end = found.start(), 0
        if text.rfind("<", clear, begin) <= text.rfind(">", clear, begin):  # else it stands inside a tag
            name = (found[1] or "--").lower()
            if name not in endless and name in _END:
                closed = _END[name].search(text, found.end())
                if closed is None:
                    endless.add(name)
                else:
                    yield text[at:begin]
                    at = end = closed.end()
        clear = end or text.find(">", begin) + 1
        found = _OPAQUE.search(text, clear) if clear else None
    yield text[at:]
