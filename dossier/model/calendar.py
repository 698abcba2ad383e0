"""Chinese working days as data, so that judging needs no calendar library."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec


class WorkCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """Working days in the sense of 国务院办公厅's yearly holiday notices: weekends, holidays and 调休."""

    first_year: int
    last_year: int
    holidays: frozenset[date] = frozenset()
    """Weekdays that are off."""
    workdays: frozenset[date] = frozenset()
    """Weekend days that are worked (调休)."""

    def covers(self, *days: date) -> bool:
        """Whether the official arrangement of every year touched is known."""
        return all(self.first_year <= day.year <= self.last_year for day in days)

    def is_working_day(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 if `end` is not later."""
        days = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start` (`start` itself is not counted)."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day
