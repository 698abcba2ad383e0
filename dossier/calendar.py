"""Which days are worked in China: the yearly notices of 国务院办公厅, weekends and 调休."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from chinese_calendar import constants

from dossier.home import Home
from dossier.model import WorkCalendar
from dossier.tables.source import Entry, entries, open_table, top


def work_calendar(home: Home) -> WorkCalendar:
    """The calendar library's years, with the home's further years and corrections on top."""
    file = open_table(home.table("calendar.toml"))
    top(file).only("year", "correction")
    off = set(cast(Mapping[date, Any], constants.holidays))
    worked = set(cast(Mapping[date, Any], constants.workdays))
    known = off | worked
    first, last = min(day.year for day in known), max(day.year for day in known)
    for entry in entries(file, file.data, "year", "年度"):
        entry.only("year", "source", "holidays", "workdays")
        year = entry.whole("year")
        entry.label = f"{year} 年"
        entry.text("source")
        holidays = _days(entry, "holidays", year)
        workdays = _days(entry, "workdays", year)
        if not entry.data.get("holidays"):
            entry.say("没有写放假的日子", '请写明 holidays = ["2027-01-01", …]')
        for day in sorted(holidays & workdays):
            entry.say(f"{day} 既放假又上班", "请在一处去掉")
        for day in sorted(day for day in workdays if day.weekday() < 5):
            entry.say(f"{day} 不是周末，不必写成调休上班", "请核对日期", "workdays")
        if year > last + 1:
            entry.say(f"与已有的 {last} 年之间缺年度", f"请先补上 {last + 1} 年", "year")
        elif year < first:
            entry.say(f"早于日历库最早的 {first} 年", "请去掉这一年度", "year")
        else:
            off = {day for day in off if day.year != year} | holidays
            worked = {day for day in worked if day.year != year} | workdays
            last = max(last, year)
    for entry in entries(file, file.data, "correction", "更正"):
        entry.only("date", "working", "source")
        entry.text("source")
        working = entry.flag("working", True)
        if "working" not in entry.data:
            entry.say("缺少“working”", "请写明 working = true（上班）或 false（放假）")
        corrected = _day(entry, "date", entry.data.get("date"))
        if corrected is None:
            continue
        if not first <= corrected.year <= last:
            entry.say(f"{corrected.year} 年的安排还没有", "请先用 [[year]] 补上该年度", "date")
        (off.discard if working else off.add)(corrected)
        (worked.add if working else worked.discard)(corrected)
    file.refuse()
    return WorkCalendar(
        first_year=first,
        last_year=last,
        holidays=frozenset(day for day in off if day.weekday() < 5),
        workdays=frozenset(day for day in worked if day.weekday() >= 5),
    )


def _day(entry: Entry, key: str, value: object) -> date | None:
    if type(value) is date:
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    entry.say(f"“{key}”里的 {value!r} 不是日期", '请写成 "2027-01-01" 的样子', key)
    return None


def _days(entry: Entry, key: str, year: int) -> set[date]:
    given = entry.data.get(key, [])
    if not isinstance(given, list):
        entry.say(f"“{key}”应为一组日期", f'请写成 {key} = ["{year}-01-01"]', key)
        return set()
    days = {day for value in given if (day := _day(entry, key, value))}
    for day in sorted(day for day in days if day.year != year):
        entry.say(f"{day} 不在 {year} 年", "请写到它自己的年度里", key)
    return days
