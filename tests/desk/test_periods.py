"""Quarters and years: their first and last days, and what belongs to which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from desk.caseload import Case
from desk.counting import assessed_year, counts_in
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


@dataclass
class Found:
    """What `counts_in` looks at."""

    deficiency: Any
    events: tuple[Any, ...]


@pytest.mark.parametrize(
    ("first", "last", "decided", "years"),
    [
        ("2020-09-01", "2020-12-30", ["2020-10-01"], {2020}),
        ("2020-12-30", "2021-01-08", ["2021-01-10"], {2020}),  # assessed at the turn of the year
        ("2020-09-01", "2021-03-01", ["2020-10-01"], {2020}),  # still there, nobody has spoken anew
        ("2020-09-01", "2021-03-01", ["2020-10-01", "2021-03-02"], {2020, 2021}),
        ("2020-09-01", "2020-12-01", ["2020-10-01", "2021-03-02"], {2020}),  # gone before the new year
        ("2021-02-01", "2021-03-01", ["2021-03-02"], {2021}),
    ],
)
def test_a_deficiency_costs_in_the_year_to_which_it_belongs(
    first: str, last: str, decided: list[str], years: set[int]
) -> None:
    seen = SimpleNamespace(first_at=date.fromisoformat(first), last_at=date.fromisoformat(last))
    events = tuple(
        SimpleNamespace(kind="confirm", at=datetime.fromisoformat(day + "T08:00+08:00")) for day in decided
    )
    case = cast(Case, Found(seen, events))
    assert {year for year in (2019, 2020, 2021, 2022) if counts_in(case, year)} == years


@pytest.mark.parametrize(
    ("today", "year"),
    [
        ("2020-11-01", 2020),
        ("2021-01-27", 2020),
        ("2021-03-31", 2020),
        ("2021-04-01", 2021),
        ("2026-11-23", 2026),
    ],
)
def test_an_old_table_that_still_serves_counts_the_faults_of_today(today: str, year: int) -> None:
    assert assessed_year(2020, date.fromisoformat(today)) == year
