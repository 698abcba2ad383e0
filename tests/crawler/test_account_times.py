"""What platforms call a time is a day in Beijing, counted from the run's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.account_times import BEIJING, day_of, day_of_stamp, run_clock

NOW = datetime(2020, 9, 30, 0, 30, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tue Sep 15 10:20:30 +0800 2020", date(2020, 9, 15)),
        ("Tue Sep 15 23:20:30 +0000 2020", date(2020, 9, 16)),
        ("2020-09-15", date(2020, 9, 15)),
        ("2020年9月5日 08:00", date(2020, 9, 5)),
        ("09-15", date(2020, 9, 15)),
        ("12-31", date(2019, 12, 31)),
        ("02-29", date(2020, 2, 29)),
        ("9月29日", date(2020, 9, 29)),
        ("昨天 10:20", date(2020, 9, 29)),
        ("前天", date(2020, 9, 28)),
        ("今天 00:10", date(2020, 9, 30)),
        ("3小时前", date(2020, 9, 29)),
        ("20 分钟前", date(2020, 9, 30)),
        ("40分钟前", date(2020, 9, 29)),
        ("刚刚", date(2020, 9, 30)),
        ("3天前", date(2020, 9, 27)),
        ("2020-09-15T22:00:00Z", date(2020, 9, 16)),
        ("Tue, 15 Sep 2020 10:00:00 +0800", date(2020, 9, 15)),
    ],
)
def test_times_are_understood_as_platforms_write_them(text: str, day: date) -> None:
    assert day_of(text, NOW) == day


@pytest.mark.parametrize(
    "text", ["", "2周前", "去年", "13-45", "2020-13-01", "第15期", "2020", "99999999小时前"]
)
def test_what_is_not_understood_is_no_day(text: str) -> None:
    assert day_of(text, NOW) is None


def test_29_february_lies_in_the_last_leap_year() -> None:
    assert day_of("02-29", datetime(2023, 1, 5, 8, tzinfo=BEIJING)) == date(2020, 2, 29)


def test_the_clock_of_a_run_is_its_day_at_the_hour_of_the_fetch() -> None:
    fetched = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
    assert run_clock(date(2020, 9, 30), fetched) == datetime(2020, 9, 30, 4, 15, tzinfo=BEIJING)


def test_a_stamp_counts_seconds_or_milliseconds() -> None:
    assert day_of_stamp(1600185600) == day_of_stamp("1600185600000") == date(2020, 9, 16)
    assert day_of_stamp(12) is None
    assert day_of_stamp(True) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    found = day_of(text, NOW)
    assert found is None or isinstance(found, date)


def test_what_only_looks_like_a_count_of_seconds_is_none() -> None:
    assert day_of_stamp("1598918400") is not None
    for said in ("¹", "²³", "9" * 5000, "", "-1", "1598918400.5"):
        assert day_of_stamp(said) is None
