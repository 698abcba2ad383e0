"""Whoever waits for a crawl sees where it stands: one JSON line a second on standard output, and nothing else there."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from dossier.model import CrawlProgress


@dataclass(slots=True)
class Totals:
    """What the whole process has done so far."""

    units: int = 0
    units_done: int = 0
    pages: int = 0
    blocked: int = 0
    queued: int = 0
    bytes: int = 0


def say(event: str, totals: Totals, unit_id: str = "", note: str = "") -> None:
    """Writes one line of the progress stream."""
    line = CrawlProgress(
        at=datetime.now(UTC),
        event=event,
        unit_id=unit_id,
        units_done=totals.units_done,
        units=totals.units,
        pages=totals.pages,
        blocked=totals.blocked,
        queued=totals.queued,
        bytes=totals.bytes,
        note=note,
    )
    try:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        return  # nobody listens any more; the files are what counts
