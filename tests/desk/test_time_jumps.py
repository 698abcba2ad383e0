"""A night whose clock ran ahead does not stand before, behind or above the nights that came after it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from dossier import store
from dossier.store import RunInfo, Store, open_store


def night(kept: Store, name: str, started: datetime) -> None:
    store.record_run(kept, RunInfo(run_id=name, as_of=date(2020, 10, 1), started=started, kind="nightly"))


def test_later_nights_come_after_it_whatever_its_clock_said(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, "R1", datetime(2020, 10, 1, 1, tzinfo=UTC))
        night(kept, "AHEAD", datetime(2021, 11, 5, 1, tzinfo=UTC))
        night(kept, "R3", datetime(2020, 10, 3, 1, tzinfo=UTC))
        assert [run.run_id for run in store.earlier_runs(kept, "R3")] == ["R1"]
        assert [run.run_id for run in store.earlier_runs(kept, "AHEAD")] == ["R1"]
        latest = store.latest_run(kept)
        assert latest is not None
        assert latest.run_id == "R3"


def test_nights_of_one_day_are_ordered_by_their_hour_however_they_were_entered(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, "NOON", datetime(2020, 10, 1, 12, tzinfo=UTC))
        night(kept, "MORNING", datetime(2020, 10, 1, 3, tzinfo=UTC))
        latest = store.latest_run(kept)
        assert latest is not None
        assert latest.run_id == "NOON"
