"""Cells between the rules of a page, and the tables that they make.

The way of pdfplumber's table finder (which has it from Tabula and A. Nurminen's thesis), on plain numbers: the same
rules give the same cells in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dossier.reading.attached.pdf_rules import TOLERANCE, Rule, Rules, merged

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Point = tuple[float, float]


@dataclass
class _Crossing:
    """Where rules cross: which upright ones, and which level ones."""

    upright: set[Rule] = field(default_factory=set)
    level: set[Rule] = field(default_factory=set)


def tables_between(rules: Rules) -> list[list[Box]]:
    """The cells of each table, tables from above."""
    level = [_exact(rule) for rule in rules.level]
    upright = [_exact(rule) for rule in rules.upright if rule.begin != rule.end]
    crossings = _crossings(
        [rule for rule in merged(upright) if rule.length >= TOLERANCE],
        [rule for rule in merged(level, lying=True) if rule.length >= TOLERANCE],
    )
    return sorted(
        _together(_cells(crossings)), key=lambda cells: min((top, left) for left, top, _, _ in cells)
    )


def _exact(rule: Rule) -> Rule:
    return rule._replace(length=rule.end - rule.begin)


def _crossings(upright: list[Rule], level: list[Rule]) -> dict[Point, _Crossing]:
    found: dict[Point, _Crossing] = {}
    level.sort(key=lambda rule: (rule.at, rule.begin))
    for v in sorted(upright, key=lambda rule: (rule.at, rule.begin)):
        for h in level:
            if (
                v.begin <= h.at + TOLERANCE
                and v.end >= h.at - TOLERANCE
                and h.begin - TOLERANCE <= v.at <= h.end + TOLERANCE
            ):
                crossing = found.setdefault((v.at, h.at), _Crossing())
                crossing.upright.add(v)
                crossing.level.add(h)
    return found


def _cells(crossings: dict[Point, _Crossing]) -> list[Box]:
    """For each crossing the smallest cell whose upper left corner it is."""
    points = sorted(crossings)
    columns: dict[float, list[Point]] = {}
    lines: dict[float, list[Point]] = {}
    for point in points:
        columns.setdefault(point[0], []).append(point)
        lines.setdefault(point[1], []).append(point)
    cells: list[Box] = []
    for point in points[:-1]:
        here = crossings[point]
        below = [
            other
            for other in _after(columns[point[0]], point)
            if not here.upright.isdisjoint(crossings[other].upright)
        ]
        right = [
            other
            for other in _after(lines[point[1]], point)
            if not here.level.isdisjoint(crossings[other].level)
        ]
        cell = next(
            (
                (point[0], point[1], x, y)
                for _, y in below
                for x, _ in right
                if _closes(crossings, (x, y), (x, point[1]), (point[0], y))
            ),
            None,
        )
        if cell is not None:
            cells.append(cell)
    return cells


def _after(points: list[Point], point: Point) -> list[Point]:
    return points[points.index(point) + 1 :]


def _closes(crossings: dict[Point, _Crossing], corner: Point, above: Point, beside: Point) -> bool:
    """Whether rules run to a cell's lower right corner from the two corners next to it."""
    end = crossings.get(corner)
    return (
        end is not None
        and not end.upright.isdisjoint(crossings[above].upright)
        and not end.level.isdisjoint(crossings[beside].level)
    )


def _together(cells: Iterable[Box]) -> list[list[Box]]:
    """Cells in groups that touch at corners; what touches no other is no table."""
    left = list(cells)
    tables: list[list[Box]] = []
    while left:
        table: list[Box] = []
        corners: set[Point] = set()
        grown = True
        while grown:
            grown = False
            others: list[Box] = []
            for cell in left:
                x0, top, x1, bottom = cell
                own = ((x0, top), (x0, bottom), (x1, top), (x1, bottom))
                if not table or not corners.isdisjoint(own):
                    table.append(cell)
                    corners.update(own)
                    grown = True
                else:
                    others.append(cell)
            left = others
        tables.append(table)
    return [table for table in tables if len(table) > 1]
