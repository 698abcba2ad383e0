"""The tables of a paper as a workbook that opens clean in Excel and WPS."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from desk.papers.text import PaperText
from desk.reports.sheets import Blank, Cell, Link, Sheet, write_workbook


def book_bytes(text: PaperText) -> bytes:
    """The workbook; the same value gives the same bytes."""
    sheets = [
        Sheet(
            one.name, one.title, one.heads, [_row(one.kinds, row) for row in one.rows],
            total=_row(one.kinds, one.total) if one.total else (), note=one.note,
            protected="open" in one.kinds, large=len(one.heads) > 10,
            named_by=one.kinds.index("name") if "name" in one.kinds else None,
        )
        for one in text.tables
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="gongkai-paper-") as folder:
        path = Path(folder) / "paper.xlsx"
        return write_workbook(path, sheets, title=text.heading, made=text.made).read_bytes()


def _row(kinds: tuple[str, ...], row: tuple[str, ...]) -> list[Cell]:
    return [_cell(kind, text) for kind, text in zip(kinds, row, strict=True)]


def _cell(kind: str, text: str) -> Cell:
    if kind == "open" and not text:
        return Blank()
    if not text:
        return None
    match kind:
        case "link":
            return Link(text)
        case "day":
            return date.fromisoformat(text)
        case "points":
            return Decimal(text)
        case "whole":
            return int(text) if text.lstrip("-").isdigit() else text
        case _:
            return text
