"""Ruled tables of a PDF, read twice: only a figure on which two independent readers agree is kept as a figure.

The rules give the cells (pdfplumber); the characters in each cell are read by pdfminer and by PDFium. Where the
two differ, or a number runs across a rule, the cell holds `UNREAD`, so that no sum is ever made of it.
"""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from dossier.model import TableFacts
from dossier.reading.attached.letters import meant
from dossier.reading.attached.pdf_again import letters_of
from dossier.reading.attached.pdf_cells import tables_between
from dossier.reading.attached.pdf_content import Words
from dossier.reading.attached.pdf_drawn import drawn_on, each_once
from dossier.reading.attached.pdf_joining import FIGURE, Grid, bare, joined
from dossier.reading.attached.pdf_rules import rules_of

UNREAD = "\ufffd"
_NEAR = 2.5
"""Rules closer to each other than this many points are one rule."""
_MOST_CELLS = 6_000
_MOST_EDGES = 20_000
_SHADOW = 1.0
"""Points within which the same letter drawn again only makes it bold."""
_MARGINS = 12.0
"""Points that a cell keeps free at its sides."""
_MOST_WORK = 20_000_000
"""Characters times cells of one page; the prescribed table needs half a million."""


@dataclass(frozen=True)
class _Char:
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass
class _Cell:
    x0: float
    top: float
    x1: float
    bottom: float
    once: list[_Char] = field(default_factory=list)
    again: list[_Char] = field(default_factory=list)
    torn: bool = False


def tables_on(body: bytes, document: Any, numbers: tuple[int, ...]) -> tuple[TableFacts, ...]:
    """The ruled tables of these pages; one that goes on over the page's end is one."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it remarks on every font of a printer
    grids: list[Grid] = []
    words = Words()
    with pdfplumber.open(io.BytesIO(body), pages=[number + 1 for number in numbers]) as plumbed:
        for number, page in zip(numbers, plumbed.pages, strict=True):
            grids += _grids_of(page, words, document[number], number)
    return tuple(TableFacts(rows=tuple(grid.rows)) for grid in joined(grids) if len(grid.rows) >= 2)


def _grids_of(page: Any, words: Words, seen_again: Any, number: int) -> list[Grid]:
    drawn = drawn_on(page, words)
    if len(drawn.edges) > _MOST_EDGES:
        return []
    rules = rules_of(drawn.edges)
    if min(map(len, rules)) < 2:
        return []
    tables = [cells for cells in tables_between(rules) if len(cells) <= _MOST_CELLS]
    if not tables:
        return []
    once = [
        _Char((c.x0 + c.x1) / 2, (c.top + c.bottom) / 2, c.x1 - c.x0, c.bottom - c.top, meant(c.text))
        for c in each_once(drawn.letters)
    ]
    if len(once) * sum(map(len, tables)) > _MOST_WORK:
        return []
    again = _chars_again(page, seen_again)
    grids = []
    for boxes in tables:
        cells = [_Cell(*box) for box in boxes]
        _fill(cells, once, again)
        grid = _grid(cells)
        if grid is not None:
            grid.page = number
            grids.append(grid)
    if grids:
        grids[0].first_on_page = grids[-1].last_on_page = True
    return grids


def _chars_again(page: Any, seen_again: Any) -> list[_Char]:
    """PDFium's characters, moved to where the other reader measures from: the upper left corner as shown."""
    x0, y0, x1, y1 = page.page_obj.mediabox
    aside, down = page.mediabox[:2]
    chars: list[_Char] = []
    height = float(page.height)
    for text, left, bottom, right, top in letters_of(seen_again):
        x, y = (left + right) / 2, (bottom + top) / 2
        across, up = right - left, top - bottom
        match page.page_obj.rotate % 360:
            case 90:
                x, y, across, up = y - y0, x1 - x, up, across
            case 180:
                x, y = x1 - x, y1 - y
            case 270:
                x, y, across, up = y1 - y, x - x0, up, across
            case _:
                x, y = x - x0, y - y0
        char = _Char(aside + x, down + height - y, across, up, meant(text))
        if not chars or chars[-1].text != char.text or max(abs(chars[-1].x - char.x), abs(chars[-1].y - char.y)) > _SHADOW:  # fmt: skip
            chars.append(char)
    return chars


def _fill(cells: list[_Cell], once: list[_Char], again: list[_Char]) -> None:
    """Each character into the cell that holds its middle; a number that runs across a rule spoils both cells."""
    home_of = _homes(cells)
    for char in once:
        if (home := home_of(char)) is not None:
            home.once.append(char)
    homes = [home_of(char) for char in again]
    for char, home in zip(again, homes, strict=True):
        if home is not None:
            home.again.append(char)
    for (char, home), (after, next_home) in pairwise(zip(again, homes, strict=True)):
        if home is next_home or not (char.text.isdigit() and after.text.isdigit()):
            continue
        gap = after.x - after.width / 2 - (char.x + char.width / 2)
        if abs(after.y - char.y) < max(char.height, after.height) / 2 and gap < 0.25 * max(
            char.height, after.height
        ):
            for spoilt in (home, next_home):
                if spoilt is not None:
                    spoilt.torn = True


def _homes(cells: list[_Cell]) -> Callable[[_Char], _Cell | None]:
    """Asks for the first cell that holds a character's middle; what lies between two levels is looked for once."""
    levels = sorted({edge for cell in cells for edge in (cell.top, cell.bottom)})
    between: dict[int, list[_Cell]] = {}

    def home_of(char: _Char) -> _Cell | None:
        band = bisect_right(levels, char.y)
        beside = between.get(band)
        if beside is None:
            beside = between[band] = [cell for cell in cells if cell.top <= char.y < cell.bottom]
        return next((cell for cell in beside if cell.x0 <= char.x < cell.x1), None)

    return home_of


def _grid(cells: list[_Cell]) -> Grid | None:
    """Cells laid on the finest raster of their rules; None where they overlap."""
    xs = _rules([edge for cell in cells for edge in (cell.x0, cell.x1)])
    ys = _rules([edge for cell in cells for edge in (cell.top, cell.bottom)])
    width, height = len(xs) - 1, len(ys) - 1
    if width < 2 or height < 1 or width > 60 or height > 200:
        return None
    column_at = {edge: _place(xs, edge) for edge in {edge for cell in cells for edge in (cell.x0, cell.x1)}}
    row_at = {edge: _place(ys, edge) for edge in {edge for cell in cells for edge in (cell.top, cell.bottom)}}
    raster: list[list[str | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        text = _agreed(cell)
        for row in range(row_at[cell.top], row_at[cell.bottom]):
            for column in range(column_at[cell.x0], column_at[cell.x1]):
                if raster[row][column] is not None:
                    return None
                raster[row][column] = text
    rows = [tuple(UNREAD if text is None else text for text in row) for row in raster]
    return Grid(xs=xs, rows=rows)


def _rules(edges: list[float]) -> list[float]:
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > _NEAR:
            kept.append(edge)
    return kept


def _place(rules: list[float], edge: float) -> int:
    return min(range(len(rules)), key=lambda n: abs(rules[n] - edge))


def _agreed(cell: _Cell) -> str:
    """What a cell says, if both readers find the same figures in it; in words they may differ."""
    text = _in_lines(cell.once, cell.x1 - cell.x0)
    one, other = bare(text), bare("".join(char.text for char in cell.again))
    order = (
        list if FIGURE.match(one) else sorted
    )  # a number's digits in their order; among words, which they are
    figures, again = (order(re.findall(r"[\d.]", said)) for said in (one, other))
    return text if figures == again and bool(one) == bool(other) and not cell.torn else UNREAD


def _in_lines(chars: list[_Char], width: float) -> str:
    """Characters of one cell as lines from above; a number that went on below for want of room is one number."""
    lines: list[list[_Char]] = []
    for char in sorted(chars, key=lambda one: one.y):
        if lines and abs(lines[-1][0].y - char.y) < max(char.height, lines[-1][0].height) * 0.5:
            lines[-1].append(char)
        else:
            lines.append([char])
    text, before = "", list[_Char]()
    for line in lines:
        ordered = sorted(line, key=lambda one: one.x)
        room = width - (before[-1].x - before[0].x + before[0].width) - ordered[0].width if before else 0.0
        wrapped = room < _MARGINS and all(char.text.isdigit() for char in (*before, *ordered))
        text += ("" if wrapped or not before else "\n") + _line(ordered)
        before = ordered
    return text.strip()


def _line(ordered: list[_Char]) -> str:
    """A line's characters; a wide gap between two is kept as a space."""
    text = ordered[0].text
    for before, char in pairwise(ordered):
        gap = (char.x - char.width / 2) - (before.x + before.width / 2)
        text += (" " if gap > 0.6 * max(char.height, before.height) else "") + char.text
    return text
