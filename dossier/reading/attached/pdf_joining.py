"""A table that a page's end has cut in two is one table again."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_SAME_COLUMN = 4.0
"""Points by which a rule may stand elsewhere on the next page."""
_ENUMERATED = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）]|\d+[.．、])")
FIGURE = re.compile(r"^[\d\-—–/\\.,]+$")


@dataclass
class Grid:
    """One table on one page: its vertical rules and its rows, spans written out."""

    xs: list[float]
    rows: list[tuple[str, ...]]
    first_on_page: bool = False
    last_on_page: bool = False
    page: int = 0


def joined(grids: list[Grid]) -> list[Grid]:
    """Tables that a page's end has cut in two are put together again."""
    whole: list[Grid] = []
    for grid in grids:
        before = whole[-1] if whole else None
        goes_on = (
            before is not None and before.last_on_page and grid.first_on_page and grid.page == before.page + 1
        )
        if before is not None and goes_on and (xs := _common(before.xs, grid.xs)):
            upper, lower = _laid_out(before, xs), _laid_out(grid, xs)
            lower = _without_head(upper, lower)
            whole[-1] = Grid(xs, _mended(upper, lower), last_on_page=grid.last_on_page, page=grid.page)
        else:
            whole.append(grid)
    return whole


def _common(one: list[float], other: list[float]) -> list[float]:
    """All rules of both parts, where they are parts of one table: same edges, and one has no rule of its own."""
    if abs(one[0] - other[0]) > _SAME_COLUMN or abs(one[-1] - other[-1]) > _SAME_COLUMN:
        return []
    few, many = sorted((one, other), key=len)
    return many if all(any(abs(x - y) <= _SAME_COLUMN for y in many) for x in few) else []


def _laid_out(grid: Grid, xs: list[float]) -> list[tuple[str, ...]]:
    """A part's rows on the raster of the whole."""
    middles = [(left + right) / 2 for left, right in pairwise(xs)]
    columns = [
        next((n for n, (left, right) in enumerate(pairwise(grid.xs)) if left <= middle < right), 0)
        for middle in middles
    ]
    return [tuple(row[n] for n in columns) for row in grid.rows]


def _without_head(upper: list[tuple[str, ...]], lower: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The lower part without the heading rows that are printed again on each page."""
    known = {tuple(map(bare, row)) for row in upper[:4]}
    while lower and tuple(map(bare, lower[0])) in known:
        lower = lower[1:]
    return lower


def _mended(upper: list[tuple[str, ...]], lower: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Both parts; a row that the page's end cut through is one row again."""
    if not upper or not lower:
        return upper + lower
    last, first = upper[-1], lower[0]
    counted = [sum(bool(FIGURE.match(bare(cell))) for cell in row) for row in (last, first)]
    label = next((cell for cell in first if cell.strip() and not FIGURE.match(bare(cell))), "")
    if min(counted) or not max(counted) or _ENUMERATED.match(bare(label)):
        return upper + lower
    mended = tuple(
        a if bare(a) == bare(b) else "\n".join(part for part in (a, b) if part)
        for a, b in zip(last, first, strict=True)
    )
    return [*upper[:-1], mended, *lower[1:]]


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
