"""The one clock of the desk. Everything below takes time as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today where the units are."""
    return now().astimezone(BEIJING).date()


def run_id_of(moment: datetime) -> str:
    """A run is named after the moment it started, Beijing time: sorts by time, readable by people."""
    return moment.astimezone(BEIJING).strftime("%Y%m%d-%H%M%S")
