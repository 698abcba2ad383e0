"""What a paper says, before it takes a form: plain values that can be kept and drawn again to the same bytes."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import msgspec


class Para(msgspec.Struct, frozen=True, kw_only=True, tag="para"):
    """One paragraph."""

    text: str
    kind: str = "body"
    """`body`, `to` (主送), `head1`, `head2`, `note`, `annex` (附件说明), `annex_mark` (附件1), `annex_title`, `contact` (附注)."""


class Grid(msgspec.Struct, frozen=True, kw_only=True, tag="grid"):
    """One table; its cells are texts as they are shown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    """Millimetres; 156 upright, 225 on a wide page."""
    caption: str = ""
    right: tuple[int, ...] = ()
    """Columns of figures."""
    links: tuple[int, ...] = ()
    """Columns of addresses."""
    small: tuple[int, ...] = ()
    bold: tuple[int, ...] = ()
    """Rows of sums."""


class Bars(msgspec.Struct, frozen=True, kw_only=True, tag="bars"):
    """One chart of upright bars; a group of bars for every name."""

    caption: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of a page."""

    words: str
    body: bytes
    """PNG or JPEG."""


class Pair(msgspec.Struct, frozen=True, kw_only=True, tag="pair"):
    """Two pictures beside each other: before and after."""

    caption: str
    left: Shot
    right: Shot


class Turn(msgspec.Struct, frozen=True, kw_only=True, tag="turn"):
    """From here on a new page, wide or upright."""

    landscape: bool


class Sign(msgspec.Struct, frozen=True, kw_only=True, tag="sign"):
    """落款: who, and the day."""

    office: str
    day: date


Block = Para | Grid | Bars | Pair | Turn | Sign


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet of a workbook; the kind of a column says what its texts are."""

    name: str
    title: str
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    """`text`, `name` (names the row), `link`, `day`, `points`, `whole`, `open` (the unit fills it in)."""
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""


class PaperText(msgspec.Struct, frozen=True, kw_only=True):
    """One paper, whole."""

    kind: str
    template: str
    """The form that draws it, with its version."""
    title: tuple[str, ...]
    """Lines, broken by sense."""
    number: str = ""
    made: datetime
    """Papers carry this as their time, so that the same value gives the same bytes."""
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    """Of the workbook beside it."""

    @property
    def heading(self) -> str:
        return "".join(self.title)


def annex(mark: str, title: str) -> tuple[Para, Para]:
    """The head of an annex: its mark at the left edge, its title in the middle."""
    return Para(text=mark, kind="annex_mark"), Para(text=title, kind="annex_title")


def wide(text: str) -> float:
    """Its width in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)


def keep(text: PaperText) -> bytes:
    """The paper as JSON."""
    return msgspec.json.encode(text)


def read_back(value: bytes) -> PaperText:
    return msgspec.json.decode(value, type=PaperText)
