"""How much of one text stands word for word in another."""

from __future__ import annotations

from difflib import SequenceMatcher

from checks.lenses.titles import key_of

SHINGLE = 8
LEAST_TEXT = 200
"""Shorter texts share phrases by chance: titles, places, names of laws."""
LEAST_COPY, WHOLE = 80, 0.97
"""Of so many characters on, two texts that are the same from end to end are no chance."""


def _shingles(text: str) -> set[str]:
    packed = key_of(text)
    return {packed[n : n + SHINGLE] for n in range(len(packed) - SHINGLE + 1)}


def contained(text: str, original: str) -> float:
    """The share of `text` (0…1) that stands word for word in `original`, punctuation and spaces aside."""
    parts = _shingles(text)
    return len(parts & _shingles(original)) / len(parts) if parts else 0.0


def shared_passage(text: str, original: str) -> str:
    """The longest line of `text` that also stands in `original`, as `text` writes it."""
    whole = key_of(original)
    lines = sorted((line.strip() for line in text.splitlines()), key=len, reverse=True)
    for line in lines:
        if len(key_of(line)) >= SHINGLE and key_of(line) in whole:
            return line
    return next((line for line in lines if contained(line, original) >= 0.5), "")


def alike(one: str, other: str, least: float) -> bool:
    """Whether two titles share at least this much, in order; the cheap bounds are asked first."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least
