"""What is drawn on a page of a PDF as pdfminer sees it: straight edges and characters, and nothing else of it.

The same numbers as pdfplumber's objects have, to the last bit, without a dictionary of thirty entries for each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.pdffont import PDFUnicodeNotDefined

from dossier.reading.attached.pdf_content import Interpreter, Words

T = TypeVar("T")

_DOUBLED = 1.0
"""Points within which the same letter of the same font drawn again is the same letter."""


class Edge(NamedTuple):
    """A drawn edge, measured from the upper left corner of the page as shown."""

    x0: float
    top: float
    x1: float
    bottom: float
    width: float
    height: float


class Letter(NamedTuple):
    """A drawn character; `kind` is what it must share with another to be the same one drawn again."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    kind: tuple[object, ...]


@dataclass
class Drawn:
    """The edges of lines, of rectangles and of other paths, and the characters, each in the order of drawing."""

    lines: list[Edge] = field(default_factory=list)
    sides: list[Edge] = field(default_factory=list)
    bends: list[Edge] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    @property
    def edges(self) -> list[Edge]:
        return [*self.lines, *self.sides, *self.bends]


def drawn_on(page: Any, words: Words) -> Drawn:
    """Everything drawn on one page as pdfplumber has opened it."""
    device = _Eye(page.pdf.rsrcmgr, pageno=page.page_number)
    device.aside, down = page.mediabox[:2]
    device.height, device.down = page.height, down
    interpreter = Interpreter(page.pdf.rsrcmgr, device)
    interpreter.words = words
    interpreter.process_page(page.page_obj)
    return device.drawn


class _Eye(PDFLayoutAnalyzer):
    """Takes what pdfminer's interpreter draws and keeps what tables are made of."""

    aside: float
    down: float
    height: float

    def __init__(self, manager: Any, pageno: int) -> None:
        super().__init__(manager, pageno=pageno)
        self.drawn = Drawn()

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        """Edges of a path: pdfminer's own telling apart of lines, rectangles and the rest."""
        shape = "".join([segment[0] for segment in path])
        if shape.count("m") > 1:
            if shape[0] == "m":
                for part in re.finditer(r"m[^m]+", shape):
                    self.paint_path(gstate, stroke, fill, evenodd, path[part.start() : part.end()])
            return
        if shape[:1] != "m":
            return
        a, b, c, d, e, f = self.ctm
        start = path[0]
        points = []
        for segment in path:
            x, y = (start if segment[0] == "h" else segment)[-2:]
            points.append((a * x + c * y + e, b * x + d * y + f))
        if len(shape) > 3 and shape[-2:] == "lh" and points[-2] == points[0]:
            shape = shape[:-2] + "h"
            points.pop()
        if shape in ("ml", "mlh"):
            self._line(points[0], points[1])
        elif shape in ("mlllh", "mllll") and _is_box(points):
            self._box(points[0], points[2])
        else:
            self._bends(points)

    def _line(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        x0, x1 = (one[0], other[0]) if one[0] <= other[0] else (other[0], one[0])
        y0, y1 = (one[1], other[1]) if one[1] <= other[1] else (other[1], one[1])
        top, bottom = (self.height - y1) + self.down, (self.height - y0) + self.down
        self.drawn.lines.append(Edge(x0 + self.aside, top, x1 + self.aside, bottom, x1 - x0, y1 - y0))

    def _box(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        x0, x1 = (one[0], other[0]) if one[0] <= other[0] else (other[0], one[0])
        y0, y1 = (one[1], other[1]) if one[1] <= other[1] else (other[1], one[1])
        top, bottom = (self.height - y1) + self.down, (self.height - y0) + self.down
        width, height = x1 - x0, y1 - y0
        left, right = x0 + self.aside, x1 + self.aside
        self.drawn.sides += (
            Edge(left, top, right, top, width, 0),
            Edge(left, top + height, right, bottom, width, 0),
            Edge(left, top, left, bottom, 0, height),
            Edge(right, top, right, bottom, 0, height),
        )

    def _bends(self, points: list[tuple[float, float]]) -> None:
        placed = [(self.aside + x, self.down + self.height - y) for x, y in points]
        for (x0, y0), (x1, y1) in pairwise(placed):
            self.drawn.bends.append(
                Edge(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), abs(x0 - x1), abs(y0 - y1))
            )

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,  # noqa: ARG002 - as pdfminer calls it
        graphicstate: Any,  # noqa: ARG002 - as pdfminer calls it
    ) -> float:
        """One character's place; the advance to the next."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, cid)
        advance: float = font.char_width(cid) * fontsize * scaling
        upwards = font.is_vertical()
        if upwards:
            vx, vy = font.char_disp(cid)
            vx = fontsize * 0.5 if vx is None else vx * fontsize * 0.001
            vy = (1000 - vy) * fontsize * 0.001
            left, low, right, high = -vx, vy + rise + advance, -vx + fontsize, vy + rise
        else:
            descent = font.get_descent() * fontsize
            left, low, right, high = 0, descent + rise, advance, descent + rise + fontsize
        a, b, c, d, e, f = matrix
        across = a * left + c * low + e, a * right + c * low + e, a * right + c * high + e, a * left + c * high + e  # fmt: skip
        up = b * left + d * low + f, b * right + d * low + f, b * right + d * high + f, b * left + d * high + f  # fmt: skip
        x0, y0, x1, y1 = min(across), min(up), max(across), max(up)
        size = x1 - x0 if upwards else y1 - y0
        upright = a * d * scaling > 0 and b * c <= 0
        self.drawn.letters.append(
            Letter(
                x0 + self.aside,
                (self.height - y1) + self.down,
                x1 + self.aside,
                (self.height - y0) + self.down,
                text,
                (upright, text, str(font.fontname), size),
            )
        )
        return advance


def _is_box(points: list[tuple[float, float]]) -> bool:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), last = points
    return points[0] == last and (
        (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
    )


def each_once(letters: list[Letter]) -> list[Letter]:
    """Characters without those that only make others bold, in the order of drawing."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, letter in enumerate(letters):
        alike.setdefault(letter.kind, []).append(number)
    kept: list[int] = []
    for numbers in alike.values():
        if len(numbers) == 1:
            kept.append(numbers[0])
            continue
        for level in near_each_other(numbers, [letters[n].top for n in numbers], _DOUBLED):
            kept += (
                min(same, key=lambda n: (letters[n].top, letters[n].x0))
                for same in near_each_other(level, [letters[n].x0 for n in level], _DOUBLED)
            )
    return [letters[n] for n in sorted(kept)]


def near_each_other(things: list[T], places: list[float], near: float) -> list[list[T]]:
    """Things in groups, each within reach of the next in its group, as pdfplumber clusters them."""
    groups: list[list[T]] = []
    group_at: dict[float, list[T]] = {}
    before = 0.0
    for place in sorted(set(places)):
        if not groups or place > before + near:
            groups.append([])
        group_at[place] = groups[-1]
        before = place
    for thing, place in zip(things, places, strict=True):
        group_at[place].append(thing)
    return groups
