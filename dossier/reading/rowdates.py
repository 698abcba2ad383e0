"""The date beside an entry of a list, in the ways in which sites show it."""

from __future__ import annotations

import itertools
import re
from datetime import date

from dossier.reading import dates
from dossier.reading.tree import Node, Tree

_COMPACT = re.compile(r"[\[(（【]?\s*(?:19|20)\d{6}\s*[\])）】]?")


def date_in_titles(tree: Tree, row: Node) -> date | None:
    """The full date that some rows keep in a title attribute beside a short one."""
    for node in tree.nodes[row.i + 1 : min(row.end, row.i + 21)]:
        if node.tag != "a":
            value = node.attrs.get("title")
            if value and dates.is_only_date(value):
                return dates.first_date(value)
    return None


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
    for line in lines:
        if len(line) <= 80:
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


_YEAR, _MONTH_DAY = re.compile(r"((?:19|20)\d{2})年?"), re.compile(r"(\d{1,2})[-./月](\d{1,2})日?")


def split_date(lines: list[str]) -> date | None:
    """`15` over `2020-06`, `2020-06` over `15`, or `06-15` over `2020`: a calendar leaf."""
    for first, second in itertools.pairwise(lines):
        for day, month in ((first, second), (second, first)):
            found = re.fullmatch(r"((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\s*月?", month)
            if found and re.fullmatch(r"\d{1,2}日?", day):
                return dates.make(found.group(1), found.group(2), day.rstrip("日"))
            year, rest = _YEAR.fullmatch(month), _MONTH_DAY.fullmatch(day)
            if year and rest:
                return dates.make(year[1], rest[1], rest[2])
    return None
