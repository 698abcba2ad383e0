"""The rules drawn on a page of a PDF, and those that its printer left out where a table goes on elsewhere."""

from __future__ import annotations

from typing import Any, NamedTuple

TOLERANCE = 3.0
"""Points within which the table finder takes two rules to meet."""
_SKEW = 1.0
"""Points by which a rule may lean."""
_THICK = 5.0
"""What is shorter than this is the end of a thick rule, not a rule."""


def rules_of(page: Any) -> dict[str, Any]:
    """The rules drawn on a page, and those that close a table whose outermost rules are left out, as at a page's end."""
    from pdfplumber.table import merge_edges

    straight = [
        {**edge, "orientation": "h" if edge["width"] > edge["height"] else "v"}
        for edge in page.edges
        if min(edge["width"], edge["height"]) < _SKEW
    ]
    edges = merge_edges(straight, TOLERANCE, TOLERANCE, TOLERANCE, TOLERANCE)
    upright = [
        _Rule(e["x0"], e["top"], e["bottom"])
        for e in edges
        if e["orientation"] == "v" and e["height"] > _THICK
    ]
    level = [
        _Rule(e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h" and e["width"] > _THICK
    ]
    return {
        "horizontal_strategy": "explicit",
        "vertical_strategy": "explicit",
        "explicit_horizontal_lines": [_line_object(rule, "h") for rule in (*level, *_ends(upright, level))],
        "explicit_vertical_lines": [_line_object(rule, "v") for rule in (*upright, *_ends(level, upright))],
    }


class _Rule(NamedTuple):
    """A drawn rule: where it lies, and from where to where it reaches."""

    at: float
    begin: float
    end: float


def _ends(rules: list[_Rule], across: list[_Rule]) -> list[_Rule]:
    """Lines to draw where rules end with nothing across their end: there a table, or one of its cells, was left open."""
    loose: dict[int, list[tuple[float, float]]] = {}
    for rule in rules:
        for end in (rule.begin, rule.end):
            if not any(
                abs(one.at - end) <= TOLERANCE and one.begin - TOLERANCE <= rule.at <= one.end + TOLERANCE
                for one in across
            ):
                loose.setdefault(round(end / TOLERANCE), []).append((end, rule.at))
    drawn: list[_Rule] = []
    for ends in loose.values():
        at = sum(end for end, _ in ends) / len(ends)
        beside = [one for one in across if abs(one.at - at) <= TOLERANCE]
        reach = [at for _, at in ends] + [edge for one in beside for edge in (one.begin, one.end)]
        if len(ends) + len(beside) >= 2:
            drawn.append(_Rule(at, min(reach), max(reach)))
    return drawn


def _line_object(rule: _Rule, way: str) -> dict[str, Any]:
    """A rule as the table finder wants to be told of it."""
    at, begin, end = rule
    x0, x1, top, bottom = (begin, end, at, at) if way == "h" else (at, at, begin, end)
    return {
        "object_type": "line", "orientation": way, "x0": x0, "x1": x1, "top": top, "bottom": bottom,
        "doctop": top, "width": x1 - x0, "height": bottom - top,
    }  # fmt: skip
