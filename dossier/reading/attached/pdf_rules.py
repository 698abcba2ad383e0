"""The rules drawn on a page of a PDF, and those that its printer left out where a table goes on elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dossier.reading.attached.pdf_drawn import Edge, near_each_other

TOLERANCE = 3.0
"""Points within which the table finder takes two rules to meet."""
_SKEW = 1.0
"""Points by which a rule may lean."""
_THICK = 5.0
"""What is shorter than this is the end of a thick rule, not a rule."""


class Rule(NamedTuple):
    """A drawn rule: where it lies, from where to where it reaches, and how long that is."""

    at: float
    begin: float
    end: float
    length: float


class Rules(NamedTuple):
    """The rules of a page: those that lie level, and those that stand upright."""

    level: list[Rule]
    upright: list[Rule]


def rules_of(edges: Iterable[Edge]) -> Rules:
    """The rules among edges, and those that close a table whose outermost rules are left out, as at a page's end."""
    level: list[Rule] = []
    upright: list[Rule] = []
    for edge in edges:
        if min(edge.width, edge.height) < _SKEW:
            if edge.width > edge.height:
                level.append(Rule(edge.top, edge.x0, edge.x1, edge.width))
            else:
                upright.append(Rule(edge.x0, edge.top, edge.bottom, edge.height))
    level = [rule for rule in merged(level, lying=True) if rule.length > _THICK]
    upright = [rule for rule in merged(upright) if rule.length > _THICK]
    return Rules([*level, *_ends(upright, level)], [*upright, *_ends(level, upright)])


def merged(rules: list[Rule], *, lying: bool = False) -> list[Rule]:
    """Rules side by side as one at their mean place, and those that go on where another ends as one, as pdfplumber does."""
    beside: dict[float, list[Rule]] = {}
    for near in near_each_other(rules, [rule.at for rule in rules], TOLERANCE):
        mean = sum(rule.at for rule in near) / len(near)
        for rule in near:
            at = rule.at + (mean - rule.at)
            beside.setdefault(at, []).append(Rule(at, *rule[1:]))
    whole: list[Rule] = []
    for _, parts in sorted(beside.items()):
        parts.sort(key=lambda rule: rule.begin)
        joined = parts[0]
        for rule in parts[1:]:
            if rule.begin > joined.end + TOLERANCE:
                whole.append(joined)
                joined = rule
            elif rule.end > joined.end:
                length = rule.end - joined.begin if lying else joined.length + (rule.end - joined.end)
                joined = Rule(joined.at, joined.begin, rule.end, length)
        whole.append(joined)
    return whole


def _ends(rules: list[Rule], across: list[Rule]) -> list[Rule]:
    """Lines to draw where rules end with nothing across their end: there a table, or one of its cells, was left open."""
    loose: dict[int, list[tuple[float, float]]] = {}
    for rule in rules:
        for end in (rule.begin, rule.end):
            if not any(
                abs(one.at - end) <= TOLERANCE and one.begin - TOLERANCE <= rule.at <= one.end + TOLERANCE
                for one in across
            ):
                loose.setdefault(round(end / TOLERANCE), []).append((end, rule.at))
    drawn: list[Rule] = []
    for ends in loose.values():
        at = sum(end for end, _ in ends) / len(ends)
        beside = [one for one in across if abs(one.at - at) <= TOLERANCE]
        reach = [at for _, at in ends] + [edge for one in beside for edge in (one.begin, one.end)]
        if len(ends) + len(beside) >= 2:
            begin, end = min(reach), max(reach)
            drawn.append(Rule(at, begin, end, end - begin))
    return drawn
