"""No unit stays unseen for long without somebody being told why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dossier import store
from dossier.model import Unit
from dossier.store import Store


@dataclass(frozen=True)
class UnseenLong:
    """A unit that was not inspected for too many days."""

    unit: Unit
    last: date | None
    """As-of date of the last run that inspected it; None: never."""
    because: str
    """Chinese, as the last visit stated it; empty where nobody said why."""


def unseen_long(kept: Store, units: Sequence[Unit], today: date, days: int) -> tuple[UnseenLong, ...]:
    """Listed units whose site no run has inspected for more than `days` days; those without a reason first."""
    nights = [run for run in reversed(store.runs(kept)) if run.kind != "recheck" and run.as_of <= today]
    if not nights:
        return ()
    found = []
    for unit in units:
        last: date | None = None
        because = ""
        for night in nights:
            coverage = store.coverage_of(kept, night.run_id, unit.unit_id)
            if coverage is not None and coverage.inspected:
                last = night.as_of
                break
            if not because:
                closing = store.report_of(kept, night.run_id, unit.unit_id)
                because = (coverage.because if coverage else "") or (closing.because if closing else "")
        began = last or nights[-1].as_of
        if (today - began).days > days:
            found.append(UnseenLong(unit, last, because))
    return tuple(sorted(found, key=lambda one: bool(one.because)))


def say_unseen_long(
    kept: Store, units: Sequence[Unit], today: date, days: int, say: Callable[[str], None]
) -> tuple[UnseenLong, ...]:
    """Tell who was unseen for too long, with the reason or that there is none."""
    found = unseen_long(kept, units, today, days)
    if found:
        silent = sum(not one.because for one in found)
        say(f"{len(found)} 个单位超过 {days} 天没有看到，其中 {silent} 个没有说明原因：")
    for one in found:
        when = f"最后一次是 {one.last.isoformat()}" if one.last else "从未看到"
        say(f"  {one.unit.unit_id} {one.unit.short_name}：{when}；{one.because or '没有说明原因，请核查'}")
    return found
