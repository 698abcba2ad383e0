"""Accusations against the truth, class by class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.links.classes import ALIVE, BY_NAME, CLASSES, DEAD, class_of


@dataclass(slots=True)
class Tally:
    """What one checker accused."""

    accused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Class → accused addresses, at most as many as it has links."""
    others: list[str] = field(default_factory=list)
    """Accused addresses that are no link of the bench."""

    def count(self, name: str) -> int:
        return min(len(self.accused.get(name, ())), BY_NAME[name].count)

    def sum(self, truth: str) -> int:
        return sum(self.count(each.name) for each in CLASSES if each.truth == truth)

    @property
    def precision(self) -> float:
        right, wrong = self.sum(DEAD), self.sum(ALIVE) + len(self.others)
        return right / (right + wrong) if right + wrong else 1.0

    @property
    def recall(self) -> float:
        return self.sum(DEAD) / sum(each.count for each in CLASSES if each.truth == DEAD)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def tally(urls: Iterable[str]) -> Tally:
    """Sorts accused addresses into classes."""
    counted = Tally()
    for url in urls:
        path = urlsplit(url.strip()).path
        name = class_of(path)
        if name:
            counted.accused[name].add(path.rstrip("/").rpartition("/")[2] + "?" + urlsplit(url.strip()).query)
        elif path not in ("/nowhere/at-all.html", "/error.html"):
            counted.others.append(url)
    return counted
