"""Most pages hold none of the words that a long pattern must hold: looking for the words first costs a hundredth.

A pattern that ignores case is slow in Python's engine, because no character may start it; a plain word in lower-case
bytes is found at the speed of memory.
"""

from __future__ import annotations

import re
from functools import lru_cache

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

    __slots__ = ("_pattern", "_words")

    def __init__(self, words: str, pattern: str = "", flags: int = 0) -> None:
        self._pattern = re.compile(pattern, flags)
        self._words = tuple(fold(word) for word in words.split())

    def finds(self, text: str, folded: bytes) -> bool:
        """Whether the pattern is in a text, given with its folded form."""
        return any(word in folded for word in self._words) and self._pattern.search(text) is not None


@lru_cache(maxsize=4096)
def needle_of(pattern: re.Pattern[str]) -> bytes:
    """The longest plain word that every match of a simple pattern holds, folded; empty where none can be told."""
    source = pattern.pattern
    if any(sign in source for sign in "(|") or not pattern.flags & re.IGNORECASE:
        return b""
    runs, at = [""], 0
    while at < len(source):
        sign = source[at]
        at += 1
        if sign == "[":
            close = source.find("]", at + 1)
            if close < 0 or "\\" in source[at:close]:
                return b""
            at = close + 1
            plain = False
        elif sign == "\\":
            sign = source[at : at + 1]
            at += 1
            plain = not sign.isalnum()
        else:
            plain = sign not in ".^$*+?{"
        repeated = source[at : at + 1]
        if sign == "{" or repeated == "{":
            at = source.find("}", at) + 1 or len(source)
        if plain and repeated not in ("?", "*", "{") and sign.lower() not in _UNSURE:
            runs[-1] += sign
        if runs[-1] and (not plain or repeated in ("?", "*", "{", "+") or sign.lower() in _UNSURE):
            runs.append("")
    longest = max(runs, key=len)
    return fold(longest) if len(fold(longest)) >= _SHORTEST else b""
