"""A year's report as offices hang it on its page: a Word document or a PDF with the prescribed tables in it."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx

from practice import files
from practice.annual import Grid, opening, report_parts
from practice.content import attach
from practice.model import Leaf, Site

_LEFT, _TOP, _BOTTOM, _WIDTH = 36.0, 800.0, 60.0, 522.0
_SMALL = 7.0
Placed = tuple[int, int, str, int, int]


def carry(site: Site, leaf: Leaf, form: str) -> None:
    """The report moves from its page into a file; the page only hands it on."""
    leaf.extra["carried"], leaf.inserts = form, []
    leaf.attachments = []
    make: Callable[[Site, Leaf], bytes] = pdf_report if form == "pdf" else word_report
    attach(site, leaf, form, leaf.title).body = lambda: make(site, leaf)


def placed(grid: Grid) -> list[Placed]:
    """Each cell with its place on the raster: row, column, words, columns and rows that it spans."""
    taken: set[tuple[int, int]] = set()
    found: list[Placed] = []
    for y, row in enumerate(grid):
        x = 0
        for text, across, down in row:
            while (y, x) in taken:
                x += 1
            taken |= {(y + b, x + a) for a in range(across) for b in range(down)}
            found.append((y, x, text, across, down))
            x += across
    return found


def word_report(site: Site, leaf: Leaf) -> bytes:
    """The report as a Word document, its tables with merged cells."""
    document = docx.Document()
    document.add_heading(leaf.title, level=1)
    document.add_paragraph(opening(leaf))
    for heading, blocks in report_parts(site, leaf):
        document.add_heading(heading, level=2)
        for block in blocks:
            if isinstance(block, str):
                document.add_paragraph(block)
                continue
            cells = placed(block)
            width = max(x + across for _, x, _, across, _ in cells)
            table = document.add_table(len(block), width, style="Table Grid")
            rows = [row.cells for row in table.rows]
            for y, x, text, across, down in cells:
                first = rows[y][x]
                if across > 1 or down > 1:
                    first = first.merge(rows[y + down - 1][x + across - 1])
                first.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Press:
    """A page that fills from above."""

    def __init__(self) -> None:
        self.sheets: list[files.Sheet] = []
        self.words: list[tuple[float, float, float, str]] = []
        self.rules: list[tuple[float, float, float, float]] = []
        self.y = _TOP

    def turn(self) -> None:
        self.sheets.append(files.Sheet(tuple(self.words), tuple(self.rules)))
        self.words, self.rules, self.y = [], [], _TOP

    def say(self, text: str, size: float) -> None:
        for line in _wrapped(text, int(_WIDTH // size)):
            if self.y < _BOTTOM:
                self.turn()
            self.words.append((_LEFT, self.y, size, line))
            self.y -= size * 1.7

    def rule(self, grid: Grid) -> None:
        """A table with all its rules; one that finds no room begins a page of its own."""
        cells = placed(grid)
        width = max(x + across for _, x, _, across, _ in cells)
        labels = 3 if width == 10 else 0
        narrow = 44.0 if labels else _WIDTH / width
        wide = [44.0, 54.0, _WIDTH - 98.0 - narrow * 7] if labels else []
        xs = [_LEFT]
        for n in range(width):
            xs.append(xs[-1] + (wide[n] if n < labels else narrow))
        heights = [_SMALL * 1.4 * 2 + 2] * len(grid)
        for y, x, text, across, down in cells:
            if down == 1:
                lines = len(_wrapped(text, int((xs[x + across] - xs[x] - 4) // _SMALL)))
                heights[y] = max(heights[y], lines * _SMALL * 1.4 + 4)
        if self.y - sum(heights) < _BOTTOM:
            self.turn()
        ys = [self.y + 6]
        for height in heights:
            ys.append(ys[-1] - height)
        for y, x, text, across, down in cells:
            left, right, top, bottom = xs[x], xs[x + across], ys[y], ys[y + down]
            self.rules += [(left, top, right, top), (left, bottom, right, bottom)]
            self.rules += [(left, top, left, bottom), (right, top, right, bottom)]
            for n, line in enumerate(_wrapped(text, int((right - left - 4) // _SMALL))):
                self.words.append((left + 2, top - _SMALL * 1.4 * (n + 1), _SMALL, line))
        self.y = ys[-1] - 20


def _wrapped(text: str, most: int) -> list[str]:
    return [text[n : n + most] for n in range(0, len(text), most)]


def pdf_report(site: Site, leaf: Leaf) -> bytes:
    """The report as a PDF with a text layer and ruled tables."""
    press = _Press()
    press.say(leaf.title, 14)
    press.say(opening(leaf), 10)
    for heading, blocks in report_parts(site, leaf):
        press.say(heading, 11)
        for block in blocks:
            if isinstance(block, str):
                press.say(block, 10)
            else:
                press.rule(block)
    press.turn()
    return files.pdf_of(press.sheets)
