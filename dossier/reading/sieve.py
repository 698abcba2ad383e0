"""Most pages hold none of the words that a long pattern must hold: looking for the words first costs a hundredth.

A pattern that ignores case is slow in Python's engine, because no character may start it; a plain word in lower-case
bytes is found at the speed of memory.
"""

from __future__ import annotations

import re

_UNSURE = frozenset("isk")
"""Letters that Unicode also writes in ways (ı, ſ, K) that lower-case bytes do not show."""
_SHORTEST = 3


def fold(text: str) -> bytes:
    """A text as lower-case bytes, to look for words in; only ASCII letters are folded."""
    return text.encode("utf-8", "surrogatepass").lower()


class Sieve:
    """A pattern, and the words of which a text must hold at least one for the pattern to match.

    Without a pattern the words are all that is looked for.
    """

    __slots__ = ("_pattern", "words")

    def __init__(self, words: str, pattern: str = "", flags: int = 0) -> None:
        self._pattern = re.compile(pattern, flags)
        self.words = tuple(fold(word) for word in words.split())

    @classmethod
    def before(cls, pattern: re.Pattern[str]) -> Sieve:
        """The pattern behind those of its own words that every match holds; without words it is always asked."""
        made = cls("")
        made._pattern, made.words = pattern, needles_of(pattern)
        return made

    def finds(self, text: str, folded: bytes) -> bool:
        """Whether the pattern is in a text, given with its folded form."""
        if self.words:
            for word in self.words:
                if word in folded:
                    break
            else:
                return False
        return self._pattern.search(text) is not None


_ITEM = re.compile(
    r"(?:\((?:\?:)?(?P<group>[^()\[\]\\]*)\)|(?P<set>\[\^?\]?[^\]\\]*\])|\\(?P<escaped>.)|(?P<plain>[^()\[\]\\]))"
    r"(?P<often>[?*+]|\{[^}]*\})?\??",
    re.DOTALL,
)
"""One piece of a simple pattern: a group without groups in it, a set of letters, or a letter; and how often it comes."""
_SIGNS = frozenset(".^$*+?{}|")


def needles_of(pattern: re.Pattern[str]) -> tuple[bytes, ...]:
    """Plain words, folded, of which every match of a simple pattern holds at least one; none where none can be told."""
    source = pattern.pattern
    items = list(_ITEM.finditer(source))
    if sum(len(item.group()) for item in items) != len(source) or not pattern.flags & re.IGNORECASE:
        return ()
    told: list[tuple[bytes, ...]] = []
    run = ""
    for item in items:
        sign, often = item["escaped"] or item["plain"] or "", item["often"]
        if sign == "|" and item["plain"]:
            return ()
        if _is_plain(sign, escaped=bool(item["escaped"])) and often in (None, "+"):
            run += sign
            if often is None:
                continue
        told.append((fold(run),))
        run = ""
        words = (item["group"] or "").split("|")
        if often in (None, "+") and all(all(map(_is_plain, word)) for word in words):
            told.append(tuple(fold(word) for word in words))
    told.append((fold(run),))
    best = max(told, key=lambda words: min(map(len, words)))
    return best if min(map(len, best)) >= _SHORTEST else ()


def _is_plain(sign: str, *, escaped: bool = False) -> bool:
    """Whether a letter of a pattern stands for itself, and lower-case bytes show every way of writing it."""
    if not sign or sign.lower() in _UNSURE or not (sign.isascii() or sign.lower() == sign.upper()):
        return False
    return not sign.isalnum() if escaped else sign not in _SIGNS
