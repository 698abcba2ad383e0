"""A quote is what a person would find on the page with the search key."""

from __future__ import annotations

import re
from datetime import date

from checks.lenses.block import value_of
from dossier.model import PageFacts


def date_quote(facts: PageFacts, day: date, name: str = "") -> str:
    """A date as the page writes it, with the words before it on its line."""
    if name and (value := value_of(facts, name)):
        return value
    written = re.compile(
        rf"[^\n]{{0,12}}{day.year}\s*[-年./]\s*0?{day.month}\s*[-月./]\s*0?{day.day}(?!\d)\s*日?"
    )
    for text in (facts.whole_text, facts.text):
        match = written.search(text)
        if match:
            return match[0].strip()
    return ""


_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)")


def shown_days(text: str) -> frozenset[date]:
    """Every day that a text writes out."""
    found: set[date] = set()
    for year, month, day in _DAY.findall(text):
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return frozenset(found)


def days_shown(facts: PageFacts, day: date) -> int:
    """On how many lines of the page a day is written out."""
    return sum(day in shown_days(line) for line in facts.whole_text.splitlines())
