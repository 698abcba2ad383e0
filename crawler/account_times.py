"""Platforms say when a post was made in their own words, and most of them count back from now.

"Now" is the run's clock: the as-of date with the time of day of the fetch, in Beijing time. Shapes as of 2026-11.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEIBO = re.compile(
    r"^[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<time>\d{2}:\d{2}:\d{2}) "
    r"(?P<zone>[+-]\d{4}) (?P<year>\d{4})$"
)
_CLOCK = r"(?:[ T]*\d{1,2}:\d{2}(?::\d{2})?)?"
_FULL = re.compile(rf"^(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_CLOCK}$")
_MONTH_DAY = re.compile(rf"^(\d{{1,2}})[-/.月](\d{{1,2}})日?{_CLOCK}$")
_DAY_WORD = re.compile(rf"^(今天|昨天|前天){_CLOCK}$")
_AGO = re.compile(r"^(\d{1,4})\s*(秒|分钟|小时|天)(?:钟)?前$")
_ZONED = re.compile(r"\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2}|GMT|UTC)$")
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}
_UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


def run_clock(as_of: date, fetched: datetime) -> datetime:
    """What "now" means on pages of a run: its as-of date at the time of day of the fetch."""
    return datetime.combine(as_of, fetched.astimezone(BEIJING).time(), BEIJING)


def day_of(text: str, now: datetime) -> date | None:
    """The day in Beijing that a platform's words name; None where they are not understood."""
    text = " ".join(text.split()).removeprefix("发布于").removeprefix("发布时间：").strip()
    try:
        return _absolute(text, now) or _relative(text, now)
    except (ValueError, OverflowError):
        return None


def day_of_stamp(stamp: object) -> date | None:
    """The day of a count of seconds (or milliseconds) since 1970."""
    if isinstance(stamp, str) and stamp.isdecimal() and len(stamp) < 20:
        stamp = int(stamp)
    if isinstance(stamp, bool) or not isinstance(stamp, int | float):
        return None
    seconds = stamp / 1000 if stamp > 100_000_000_000 else stamp
    if not 946_684_800 <= seconds <= 4_102_444_800:  # 2000 to 2100
        return None
    return datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING).date()


def _absolute(text: str, now: datetime) -> date | None:
    if found := _WEIBO.match(text):
        month = _MONTHS.index(found["month"]) + 1
        said = f"{found['year']}-{month:02d}-{int(found['day']):02d} {found['time']} {found['zone']}"
        return datetime.strptime(said, "%Y-%m-%d %H:%M:%S %z").astimezone(BEIJING).date()
    if found := _FULL.match(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_DAY.match(text):
        return _latest_before(int(found[1]), int(found[2]), now.date())
    if not _ZONED.search(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment.astimezone(BEIJING).date() if moment.tzinfo else moment.date()


def _relative(text: str, now: datetime) -> date | None:
    if text in ("刚刚", "刚才"):
        return now.date()
    if found := _DAY_WORD.match(text):
        return (now - timedelta(days=_DAYS_BACK[found[1]])).date()
    if found := _AGO.match(text):
        return (now - timedelta(**{_UNITS[found[2]]: int(found[1])})).date()
    return None


def _latest_before(month: int, day: int, today: date) -> date | None:
    """The last such day that is not yet to come; 29 February may lie some years back."""
    for year in range(today.year, today.year - 8, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            if (month, day) == (2, 29):
                continue
            return None
        if found <= today:
            return found
    return None
