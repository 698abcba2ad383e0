"""What a night saw takes little room, and comes out as it went in, also where an earlier version kept it otherwise."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from made import HOME, capture, facts, report, run, unit

from dossier import store
from dossier.store import Store, open_store
from dossier.store.sights import Sight, _packed, _unpacked, sights_of

WHOLE = st.integers(-(2**63), 2**63 - 1)
ROW = st.tuples(WHOLE, st.none() | WHOLE, WHOLE, WHOLE, st.none() | WHOLE, WHOLE, st.none() | WHOLE)
OLD = (
    "INSERT INTO seen (visit_no, seq, capture_id, facts_id, at, elapsed_ms, warc_id, offset, from_visit) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@given(st.lists(ROW, max_size=20))
def test_every_number_comes_back(
    rows: list[tuple[int, int | None, int, int, int | None, int, int | None]],
) -> None:
    sights = [Sight(7, seq, *row) for seq, row in enumerate(rows)]
    assert _unpacked(7, _packed(sights)) == sights


def _three_nights(kept: Store) -> None:
    """A page asked on two nights and carried into the third; another that was gone on the second."""
    for number in (1, 2, 3):
        store.record_run(kept, run(number))
        page = capture(HOME, number)
        if number == 3:
            page = msgspec.structs.replace(capture(HOME, 2), carried="R2")
        pages = (page, capture(HOME + "gone", number, status=404 if number == 2 else 200))
        readings = [(HOME, page.sha256, facts(HOME))]
        store.ingest_unit(kept, f"R{number}", unit(), report(number), pages, readings)


def _all_said(kept: Store) -> list[object]:
    runs = ("R1", "R2", "R3")
    return [
        [store.facts_for(kept, one, "A01").captures for one in runs],
        [store.seen_at(kept, one, "A01", HOME).captures for one in runs],
        list(store.known_pages(kept, "A01")),
        store.bodies_of(kept, "A01", runs),
    ]


def test_nights_that_an_earlier_version_kept_row_by_row_are_read_as_well(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _three_nights(kept)
        said = _all_said(kept)
        nights = sights_of(kept, (1, 2))
        with kept.writing():
            kept.put("DELETE FROM sights WHERE visit_no < 3")
            kept.put_many(OLD, nights)
        assert sights_of(kept, (1, 2)) == nights
        assert _all_said(kept) == said


def test_an_old_night_that_is_entered_again_is_kept_in_the_new_way_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        _three_nights(kept)
        nights = sights_of(kept, (1,))
        with kept.writing():
            kept.put("DELETE FROM sights WHERE visit_no = 1")
            kept.put_many(OLD, nights)
        page = capture(HOME, 1)
        store.ingest_unit(kept, "R1", unit(), report(1), (page,), [(HOME, page.sha256, facts(HOME))])
        assert kept.ask("SELECT count(*) FROM seen") == [(0,)]
        assert len(store.facts_for(kept, "R1", "A01").captures) == 1


def test_an_unchanged_night_of_a_thousand_pages_takes_less_than_ten_bytes_a_page() -> None:
    sights = [
        Sight(9, n, 5000 + n + n % 3, 4000 + n, 10**15 + n * 730_117 + n * n % 9973, 40 + n * 7 % 300, 12, n * 360 + n % 50, None)
        for n in range(1000)
    ]  # fmt: skip
    assert len(_packed(sights)) < 10_000
