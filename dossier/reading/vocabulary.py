"""Sites call the same 栏目 by many names; the names, and the looks of blocked and broken pages, are tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dossier.model import Column
from dossier.reading.sieve import Sieve, fold
from dossier.reading.visible import visible_length

CLEAN = re.compile(
    r"[\s\u200b\ufeff\ue000-\uf8ff>》»›→▶·•|:：\[\]【】＞…+]+|\.{2,}|(更多|more|MORE|More|查看更多|首页>)$"
)
"""What stands around the name of a 栏目 in a label and is no part of it."""
_TITLE_CUT = re.compile(r"\s*(?:--+|——|[-–—_|｜_])\s*")


@dataclass(frozen=True)
class ColumnLabels:
    """The names of one 栏目."""

    column: Column
    exact: frozenset[str]
    contains: tuple[str, ...]
    not_contains: tuple[str, ...]
    longest: int


@dataclass(frozen=True)
class ChallengeSign:
    """How one kind of protection shows itself."""

    name: str
    status: frozenset[int]
    header: tuple[tuple[str, re.Pattern[str]], ...]
    body: tuple[Sieve, ...]
    body_all: tuple[Sieve, ...]
    longest: int
    needs_empty: bool


@dataclass(frozen=True)
class Vocabulary:
    """All that reading takes from tables."""

    columns: tuple[ColumnLabels, ...]
    challenges: tuple[ChallengeSign, ...]
    error_exact_titles: tuple[re.Pattern[str], ...]
    error_titles: tuple[re.Pattern[str], ...]
    error_phrases: tuple[re.Pattern[str], ...]
    error_longest: int
    moved_phrases: tuple[re.Pattern[str], ...]
    moved_longest: int
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`disclosure`, `unit`: words of a link that was not seen and may lead to what is looked for."""
    _exact: Mapping[str, Column] = field(default_factory=dict)
    _seen: dict[str, Column | None] = field(default_factory=dict, compare=False, repr=False)

    def column_of(self, text: str) -> Column | None:
        """The 栏目 that a link's label, a breadcrumb step or a page title names; None where none is named."""
        if not text or len(text) > 200:
            return None
        if text in self._seen:
            return self._seen[text]
        if len(self._seen) > 50_000:
            self._seen.clear()
        column = self._seen[text] = self._look_up(text)
        return column

    def _look_up(self, text: str) -> Column | None:
        label = CLEAN.sub("", text)
        known = self._exact.get(label)
        if known is not None:
            return known
        size = len(label)
        for labels in self.columns:
            if (
                size <= labels.longest
                and any(word in label for word in labels.contains)
                and not any(word in label for word in labels.not_contains)
            ):
                return labels.column
        return None

    def column_of_title(self, text: str) -> Column | None:
        """The 栏目 of a page from its <title>: each part of `栏目--网站` is tried, the site's name last."""
        for part in _TITLE_CUT.split(text):
            column = self.column_of(part)
            if column is not None:
                return column
        return None

    def challenge_of(
        self,
        text: str,
        status: int | None,
        headers: Mapping[str, str] | None = None,
        *,
        visible: int | None = None,
    ) -> str | None:
        """The protection that answered instead of the site, or None. `visible` counts the characters a reader sees."""
        bound = max((sign.longest or 1_000_000 for sign in self.challenges), default=0)
        seen = visible_length(text, bound) if visible is None else visible
        if seen > bound:
            return None
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        folded = fold(text)

        for sign in self.challenges:
            if sign.longest and seen > sign.longest:
                continue
            if sign.needs_empty and seen > 60:
                continue
            if sign.status and status is not None and status not in sign.status:
                continue
            if any(pattern.search(lowered.get(name, "")) for name, pattern in sign.header):
                return sign.name
            if sign.body_all and not all(one.finds(text, folded) for one in sign.body_all):
                continue
            if sign.body and not any(one.finds(text, folded) for one in sign.body):
                continue
            if sign.body or sign.body_all:
                return sign.name
        return None

    def error_of(self, title: str, text: str, status: int | None = None) -> str | None:
        """The sign by which a page says itself that it is not there or broken, or None."""
        name = title.strip()
        text = " ".join(text.split())
        size = len(text)
        if any(pattern.search(name) for pattern in self.error_exact_titles):
            return f"title:{name[:40]}"
        if 0 < len(name) <= 40 and size <= 3 * self.error_longest:
            for pattern in self.error_titles:
                if pattern.search(name):
                    return f"title:{name[:40]}"
        if size <= self.error_longest:
            for pattern in self.error_phrases:
                found = pattern.search(text)
                if found:
                    return f"phrase:{found.group(0)[:40]}"
        if status is not None and status >= 400 and size <= self.error_longest:
            return f"status:{status}"
        return None

    def moved_of(self, text: str) -> str | None:
        """The words by which a short page says that the site moved, or None."""
        text = " ".join(text.split())
        if len(text) > self.moved_longest:
            return None
        for pattern in self.moved_phrases:
            found = pattern.search(text)
            if found:
                return found.group(0)[:40]
        return None
