"""What the headers of an answer mean, where the server meant anything."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_WHOLE = re.compile(r"[0-9]{1,15}")
"""Python calls `²` a digit, of which no number is made, and refuses to make a number of thousands of digits."""


def whole_number(said: str) -> int | None:
    """The number that a header gives; None where it is none that a server could mean."""
    text = said.strip()
    return int(text) if _WHOLE.fullmatch(text) else None


@lru_cache(maxsize=256)
def moment(said: str) -> datetime | None:
    """The time that a header names, with its zone; None where it cannot be read."""
    try:
        found = parsedate_to_datetime(said.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
