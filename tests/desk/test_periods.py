"""Quarters and years: their first and last days, and what belongs to which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from desk.periods import before, compare, quarter_of, year_of


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        ("2020-01-01", "2020年第一季度", "2020-01-01", "2020-03-31"),
        ("2020-06-30", "2020年第二季度", "2020-04-01", "2020-06-30"),
        ("2020-09-30", "2020年第三季度", "2020-07-01", "2020-09-30"),
        ("2020-12-31", "2020年第四季度", "2020-10-01", "2020-12-31"),
    ],
)
def test_a_day_lies_in_its_quarter(day: str, name: str, first: str, last: str) -> None:
    found = quarter_of(date.fromisoformat(day))
    assert (found.name, found.first.isoformat(), found.last.isoformat()) == (name, first, last)
    assert date.fromisoformat(day) in found


def test_the_period_before_a_first_quarter_is_last_years_fourth() -> None:
    assert before(quarter_of(date(2021, 2, 3))).name == "2020年第四季度"
    assert before(year_of(2021)) == year_of(2020)


def test_every_day_lies_in_one_quarter_and_quarters_touch() -> None:
    day = date(2019, 1, 1)
    while day < date(2027, 1, 1):
        found = quarter_of(day)
        assert found.first == day
        day = date.fromordinal(found.last.toordinal() + 1)


def test_what_was_not_scored_before_is_not_compared() -> None:
    one, two = compare({"A01": Decimal(90), "A02": Decimal(80)}, {"A01": Decimal("92.5")})
    assert one.moved == Decimal("-2.5")
    assert two.moved is None
