"""The next crawl is told what has not changed, for how long, and what it may not leave unasked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
from made import BEGIN, HOME, capture, report, run, unit

from dossier import store
from dossier.model import Capture, KnownPage, Reach
from dossier.store import Store, open_store

PAGE, OTHER = HOME + "a.html", HOME + "b.html"


def _night(kept: Store, number: int, *captures: Capture) -> None:
    store.record_run(kept, run(number))
    store.ingest_unit(kept, f"R{number}", unit(), report(number), captures, ())


def _first(url: str, number: int, body: str = "same") -> Capture:
    return capture(url, number, body)


def _again(url: str, number: int, body: str = "same") -> Capture:
    return capture(url, number, body, revisit_of="R1/A01-000.warc.gz")


def _carried(url: str, number: int, then: int) -> Capture:
    return msgspec.structs.replace(_again(url, then), carried=f"R{then}") if number else _again(url, then)


def _told(
    kept: Store, number: int, *, as_of: date | None = None, now: datetime | None = None
) -> dict[str, KnownPage]:
    day = as_of or run(number).as_of
    return {
        one.url: one
        for one in store.known_pages(kept, "A01", as_of=day, now=now or BEGIN + timedelta(days=number))
    }


def test_it_is_told_how_long_a_page_has_stood_and_when_it_was_last_asked(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _night(kept, 1, _first(PAGE, 1), _first(OTHER, 1))
        for number in (2, 3):
            _night(kept, number, _again(PAGE, number), _first(OTHER, number, f"new {number}"))
        told = _told(kept, 4)
        assert (told[PAGE].stood, told[PAGE].since, told[PAGE].run) == (2, 1, "R3")
        assert (told[OTHER].stood, told[OTHER].since) == (0, 1), "what changes is new every time"
        assert store.known_pages(kept, "A01") is not None
        assert {one.run for one in store.known_pages(kept, "A01")} == {""}, "without a day nothing may wait"


def test_a_carried_page_was_not_seen_that_night(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _night(kept, 1, _first(PAGE, 1))
        for number in (2, 3):
            _night(kept, number, _again(PAGE, number))
        for number in (4, 5):
            _night(kept, number, _carried(PAGE, number, 3))
        seen = store.facts_for(kept, "R5", "A01").captures
        assert seen == (_carried(PAGE, 5, 3),), "with the moment and the place of the night it was asked"
        told = _told(kept, 6)[PAGE]
        assert (told.stood, told.since, told.run) == (2, 3, "R3")
        assert (told.warc, told.offset) == ("R1/A01/A01-000.warc.gz", 100)


def test_a_longer_pause_counts_by_its_days(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _night(kept, 1, _first(PAGE, 1))
        for number in (2, 3, 4, 5):
            _night(kept, number, _again(PAGE, number))
        assert _told(kept, 9, as_of=run(9).as_of, now=BEGIN + timedelta(days=6))[PAGE].since == 4
        assert _told(kept, 6, as_of=run(6).as_of, now=BEGIN + timedelta(days=12))[PAGE].since == 7
        assert _told(kept, 4)[PAGE].since > 1000, "from a date that lies ahead nothing can be told"


def test_nights_of_one_day_make_nobody_stable(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        for number in range(1, 6):
            store.record_run(kept, msgspec.structs.replace(run(number), as_of=date(2020, 9, 28)))
            one = _first(PAGE, 1) if number == 1 else _again(PAGE, number)
            store.ingest_unit(kept, f"R{number}", unit(), report(number), (one,), ())
        assert _told(kept, 6, as_of=date(2020, 9, 28))[PAGE].stood == 0


def test_what_was_not_well_lately_is_asked(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _night(kept, 1, _first(PAGE, 1), _first(OTHER, 1))
        for number in (2, 3):
            _night(kept, number, _again(PAGE, number), _again(OTHER, number))
        silent = Capture(
            unit_id="A01", asked_url=PAGE, at=BEGIN + timedelta(days=4), reach=Reach.SILENT, reason="timeout"
        )
        _night(kept, 4, silent, _again(PAGE, 4), _again(OTHER, 4))
        told = _told(kept, 5)
        assert (told[PAGE].run, told[OTHER].run) == ("", "R4")


def test_what_was_carried_from_a_night_that_is_not_known_was_not_seen(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        lost = msgspec.structs.replace(_again(PAGE, 1), carried="R0")
        _night(kept, 1, _first(OTHER, 1), lost)
        assert [one.asked_url for one in store.facts_for(kept, "R1", "A01").captures] == [OTHER]


def test_entering_a_night_with_carried_pages_again_changes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _night(kept, 1, _first(PAGE, 1), _first(OTHER, 1))
        for _ in range(2):
            _night(kept, 2, _again(OTHER, 2), _carried(PAGE, 2, 1))
            assert [one.carried for one in store.facts_for(kept, "R2", "A01").captures] == ["", "R1"]
