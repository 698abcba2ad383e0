"""The date beside an entry of a list, in the ways in which sites show it."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from datetime import date

from dossier.reading import dates
from dossier.reading.tree import Node, Tree

_COMPACT = re.compile(r"[\[(（【]?\s*(?:19|20)\d{6}\s*[\])）】]?")


def date_in_titles(tree: Tree, row: Node) -> date | None:
    """The full date that some rows keep in an attribute beside a short one."""
    for node in tree.nodes[row.i + 1 : min(row.end, row.i + 21)]:
        if node.tag == "time":
            made = dates.first_date(node.get("datetime"))
            if made:
                return made
        if node.tag != "a":
            value = node.attrs.get("title")
            if value and dates.is_only_date(value):
                return dates.first_date(value)
    return None


_PUBLISHED = re.compile(r"(?:发布|公布|公开)(?:日期|时间)?\s*[:：]\s*(?=\d{4})")
"""Beside the day of writing a row may tell the day of publication (`成文日期：… 发布日期：…`): that one counts."""


def date_in(lines: list[str], as_of: date, url: str) -> date | None:
    short: date | None = None
    for line in lines:
        if _COMPACT.fullmatch(line):
            made = dates.any_date(line)
            if made:
                return made
        if dates.is_only_date(line):
            made = dates.first_date(line)
            if made:
                return made
            short = short or dates.row_date(line, as_of)
    told = [line for line in lines if len(line) <= 80]
    for line in told:
        if "布" in line or "公开" in line:
            said = _PUBLISHED.search(line)
            made = dates.first_date(line[said.end() :]) if said else None
            if made:
                return made
    for line in told:
        made = dates.first_date(line)
        if made:
            return made
    if short:
        return dates.year_of_address(short, url)
    for line in lines:
        if len(line) <= 20:
            made = dates.ago(line, as_of)
            if made:
                return made
    return None


_YEAR_MONTH, _LEAF_DAY = (
    re.compile(r"((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\s*月?"),
    re.compile(r"\d{1,2}日?"),
)
_YEAR, _MONTH_DAY = re.compile(r"((?:19|20)\d{2})年?"), re.compile(r"(\d{1,2})[-./月](\d{1,2})日?")


def split_date(lines: list[str]) -> date | None:
    """`15` over `2020-06`, `2020-06` over `15`, or `06-15` over `2020`: a calendar leaf."""
    for first, second in itertools.pairwise(lines):
        if not (first[:1].isdecimal() and second[:1].isdecimal()):
            continue  # both parts of a leaf begin with a figure
        for day, month in ((first, second), (second, first)):
            found = _YEAR_MONTH.fullmatch(month)
            if found and _LEAF_DAY.fullmatch(day):
                return dates.make(found.group(1), found.group(2), day.rstrip("日"))
            year, rest = _YEAR.fullmatch(month), _MONTH_DAY.fullmatch(day)
            if year and rest:
                return dates.make(year[1], rest[1], rest[2])
    return None


def last_of(said: list[str], as_of: date) -> date | None:
    """Of several dates that stand alone in a row (written, published) the last is that of its publication."""
    days = [day for piece in said if dates.is_only_date(piece) and (day := dates.first_date(piece))]
    return max((day for day in days if day <= as_of), default=days[0]) if len(days) >= 2 else None


_MONTH_HEAD = re.compile(r"^[ \t]*((?:19|20)\d{2})\s?[年\-./]\s?(1[0-2]|0?[1-9])\s?月?[ \t]*$", re.MULTILINE)
_DAY = re.compile(r"[\[(（]?(3[01]|[12]\d|0?[1-9])日?[\])）]?")


class Months:
    """The headings of a list that is cut into months (`2020年11月`), under which each row shows its day alone."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._heads: list[tuple[int, str, str]] | None = None

    def day_under(self, said: list[str], at: int) -> date | None:
        """The date of a row that begins at this character and shows a day, by the last heading above it."""
        day = next((found[1] for piece in said if (found := _DAY.fullmatch(piece))), None)
        if day is None:
            return None
        if self._heads is None:
            self._heads = [(one.start(), one[1], one[2]) for one in _MONTH_HEAD.finditer(self._tree.shown)]
        above = bisect_left(self._heads, (at, "", "")) - 1
        return dates.make(self._heads[above][1], self._heads[above][2], day) if above >= 0 else None
