"""Working days as the yearly notices of 国务院办公厅 arrange them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dossier.calendar import work_calendar
from dossier.errors import BadInput
from dossier.home import Home


def own(tmp_path: Path, text: str) -> Home:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "calendar.toml").write_text(text, "utf-8")
    return Home(tmp_path)


# From the notices: (worked weekend days), (weekdays off).
WORKED = [
    "2019-02-02",
    "2019-02-03",
    "2019-04-28",
    "2019-05-05",
    "2019-09-29",
    "2019-10-12",
    "2020-01-19",
    "2020-04-26",
    "2020-05-09",
    "2020-06-28",
    "2020-09-27",
    "2020-10-10",
    "2021-02-07",
    "2021-02-20",
    "2021-04-25",
    "2021-05-08",
    "2021-09-18",
    "2021-09-26",
    "2021-10-09",
    "2022-01-29",
    "2022-01-30",
    "2022-04-02",
    "2022-04-24",
    "2022-05-07",
    "2022-10-08",
    "2022-10-09",
    "2023-01-28",
    "2023-01-29",
    "2023-04-23",
    "2023-05-06",
    "2023-06-25",
    "2023-10-07",
    "2023-10-08",
    "2024-02-04",
    "2024-02-18",
    "2024-04-07",
    "2024-04-28",
    "2024-05-11",
    "2024-09-14",
    "2024-09-29",
    "2024-10-12",
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]

OFF = [
    "2019-05-01",
    "2019-05-02",
    "2019-05-03",
    "2019-10-07",
    "2020-01-01",
    "2020-01-24",
    "2020-01-31",
    "2020-04-06",
    "2020-05-04",
    "2020-05-05",
    "2020-06-25",
    "2020-06-26",
    "2020-10-01",
    "2020-10-08",
    "2021-02-17",
    "2021-04-05",
    "2021-10-07",
    "2022-02-04",
    "2022-05-04",
    "2022-09-12",
    "2022-10-07",
    "2023-01-27",
    "2023-05-03",
    "2023-06-22",
    "2023-09-29",
    "2023-10-06",
    "2024-02-16",
    "2024-04-05",
    "2024-06-10",
    "2024-09-17",
    "2025-01-28",
    "2025-02-04",
    "2025-05-05",
    "2025-06-02",
    "2025-10-08",
    "2026-01-02",
    "2026-02-23",
    "2026-05-05",
    "2026-10-07",
]


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in WORKED])
def test_a_weekend_day_made_up_for_is_worked(tmp_path: Path, day: date) -> None:
    assert day.weekday() >= 5
    assert work_calendar(Home(tmp_path)).is_working_day(day)


@pytest.mark.parametrize("day", [date.fromisoformat(day) for day in OFF])
def test_a_holiday_on_a_weekday_is_off(tmp_path: Path, day: date) -> None:
    assert day.weekday() < 5
    assert not work_calendar(Home(tmp_path)).is_working_day(day)


def test_twenty_working_days_around_the_national_day_of_2020(tmp_path: Path) -> None:
    calendar = work_calendar(Home(tmp_path))
    assert calendar.add_working_days(date(2020, 9, 21), 20) == date(2020, 10, 23)
    assert calendar.working_days_between(date(2020, 9, 21), date(2020, 10, 23)) == 20
    assert calendar.working_days_between(date(2020, 9, 30), date(2020, 10, 8)) == 0


def test_a_year_not_yet_announced_is_said_to_be_unknown(tmp_path: Path) -> None:
    calendar = work_calendar(Home(tmp_path))
    assert calendar.covers(date(2019, 1, 1), date(2026, 12, 31))
    assert not calendar.covers(date(2026, 12, 31), date(2027, 1, 4))
    assert not calendar.covers(date(2003, 12, 31))


def test_a_home_may_add_the_next_year(tmp_path: Path) -> None:
    text = '[[year]]\nyear = 2027\nsource = "通知"\nholidays = ["2027-01-01", 2027-01-04]\nworkdays = ["2027-01-09"]\n'
    calendar = work_calendar(own(tmp_path, text))
    assert calendar.covers(date(2027, 6, 1))
    assert not calendar.is_working_day(date(2027, 1, 4))
    assert calendar.is_working_day(date(2027, 1, 9))
    assert calendar.is_working_day(date(2020, 1, 19))


def test_a_home_may_correct_a_day(tmp_path: Path) -> None:
    text = (
        '[[correction]]\ndate = "2020-03-02"\nworking = false\nsource = "x"\n'
        '[[correction]]\ndate = "2020-03-07"\nworking = true\nsource = "x"\n'
        '[[correction]]\ndate = "2020-01-19"\nworking = false\nsource = "x"\n'
        '[[correction]]\ndate = "2020-10-08"\nworking = true\nsource = "x"\n'
    )
    calendar = work_calendar(own(tmp_path, text))
    days = [date(2020, 3, 2), date(2020, 3, 7), date(2020, 1, 19), date(2020, 10, 8)]
    assert [calendar.is_working_day(day) for day in days] == [False, True, False, True]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('[[year]]\nyear = 2028\nsource = "x"\nholidays = ["2028-01-03"]\n', "缺年度", 2),
        ('[[year]]\nyear = 2027\nsource = "x"\nholidays = ["2026-01-01"]\n', "不在 2027 年", 4),
        ('[[year]]\nyear = 2027\nsource = "x"\nholidays = ["元旦"]\n', "不是日期", 4),
        (
            '[[year]]\nyear = 2027\nsource = "x"\nholidays = ["2027-01-01"]\nworkdays = ["2027-01-05"]\n',
            "不是周末",
            5,
        ),
        ('[[year]]\nyear = 2027\nsource = "x"\n', "没有写放假的日子", 1),
        ('[[correction]]\ndate = "2030-01-01"\nworking = true\nsource = "x"\n', "2030 年的安排还没有", 2),
        ('[[correction]]\ndate = "2020-01-01"\nsource = "x"\n', "缺少“working”", 1),
        ("[[years]]\nyear = 2027\n", "不认识的键“years”", 1),
    ],
)
def test_a_bad_calendar_is_refused_with_its_line(tmp_path: Path, text: str, what: str, line: int) -> None:
    with pytest.raises(BadInput) as caught:
        work_calendar(own(tmp_path, text))
    problem = caught.value.problems[0]
    assert what in problem.what
    assert problem.line == line
