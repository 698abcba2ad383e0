"""Deadlines in working days, counted by hand from the official calendars of 2019 to 2026."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desk.rectification import deadline
from dossier.calendar import work_calendar
from dossier.home import Home

CASES = [
    # issued, working days, last day
    ("2019-01-28", 10, "2019-02-14"),  # 春节 4–10 February, 2 and 3 February worked
    ("2019-04-26", 3, "2019-04-30"),  # Sunday 28 April worked
    ("2019-09-27", 5, "2019-10-10"),  # Sunday 29 September worked, 1–7 October off
    ("2019-10-11", 1, "2019-10-12"),  # a worked Saturday is a last day
    ("2020-01-17", 5, "2020-01-23"),  # Sunday 19 January worked
    ("2020-01-22", 5, "2020-02-06"),  # 春节 prolonged to 2 February
    ("2020-04-30", 3, "2020-05-08"),  # 1–5 May off
    ("2020-09-21", 20, "2020-10-23"),  # 1–8 October off, 27 September and 10 October worked
    ("2020-09-30", 15, "2020-10-28"),
    ("2021-02-05", 5, "2021-02-18"),  # Sunday 7 February worked, 11–17 February off
    ("2021-09-17", 2, "2021-09-22"),  # Saturday 18 worked, 19–21 中秋
    ("2022-01-28", 3, "2022-02-07"),  # 29 and 30 January worked, 31 January – 6 February off
    ("2022-09-30", 2, "2022-10-09"),  # 1–7 October off, 8 and 9 October worked
    ("2023-01-20", 3, "2023-01-30"),  # 21–27 January off, 28 and 29 worked
    ("2023-09-28", 2, "2023-10-08"),  # 29 September – 6 October off, 7 and 8 October worked
    ("2024-02-09", 2, "2024-02-19"),  # 10–17 February off, Sunday 18 worked
    ("2024-09-13", 2, "2024-09-18"),  # Saturday 14 worked, 15–17 off
    ("2025-01-24", 3, "2025-02-05"),  # Sunday 26 worked, 28 January – 4 February off
    ("2025-09-30", 3, "2025-10-11"),  # 1–8 October off, Saturday 11 worked
    ("2026-02-13", 2, "2026-02-24"),  # Saturday 14 worked, 15–23 off
    ("2026-09-30", 3, "2026-10-10"),  # 1–7 October off, Saturday 10 worked
    ("2026-12-01", 10, "2026-12-15"),
]


@pytest.mark.parametrize(("start", "days", "last"), CASES)
def test_a_deadline_is_the_nth_working_day_after_the_notice(
    tmp_path: Path, start: str, days: int, last: str
) -> None:
    found = deadline(work_calendar(Home(tmp_path)), date.fromisoformat(start), days)
    assert (found.day.isoformat(), found.known) == (last, True)


def test_a_deadline_in_a_year_without_calendar_is_marked(tmp_path: Path) -> None:
    found = deadline(work_calendar(Home(tmp_path)), date(2026, 12, 28), 15)
    assert found.day.year == 2027
    assert not found.known


def test_a_deadline_never_falls_on_a_day_off(tmp_path: Path) -> None:
    calendar = work_calendar(Home(tmp_path))
    for start in range(date(2019, 1, 1).toordinal(), date(2026, 11, 1).toordinal(), 5):
        day = date.fromordinal(start)
        last = deadline(calendar, day, 10).day
        assert calendar.is_working_day(last)
        assert calendar.working_days_between(day, last) == 10
