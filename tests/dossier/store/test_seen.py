"""What a run saw goes in once and comes out as it was."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import HOME, capture, dump, facts, night, report, run, sha, unit

from dossier import store
from dossier.model import Capture, PageFacts, Purpose, Reach, Via
from dossier.store import open_store


def test_a_capture_comes_out_as_it_went_in(tmp_path: Path) -> None:
    odd = capture(
        HOME + "a",
        reach=Reach.GONE,
        body=None,
        reason="soft-404:home",
        via=Via.BROWSER,
        purpose=Purpose.ATTACHMENT,
        attempt=2,
        redirects=(HOME + "b", HOME + "c"),
        depth=3,
        screenshot="screenshots/1.png",
        last_modified="Mon, 28 Sep 2020 10:00:00 GMT",
        revisit_of="R0/A01-000.warc.gz",
    )
    silent = Capture(unit_id="A01", asked_url=HOME + "s", at=odd.at, reach=Reach.SILENT, reason="timeout")
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        store.ingest_unit(kept, "R1", unit(), report(), (odd, silent, odd), ())
        assert store.facts_for(kept, "R1", "A01").captures == (odd, silent, odd)
        assert store.report_of(kept, "R1", "A01") == report()
        assert store.units_of(kept, "R1") == (unit(),)


def test_facts_come_out_as_they_went_in(tmp_path: Path) -> None:
    page = capture(HOME)
    read = facts(HOME, items=2, links=(HOME + "a",))
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        store.ingest_unit(kept, "R1", unit(), report(), (page,), [(HOME, page.sha256, read)])
        seen = store.facts_for(kept, "R1", "A01")
        assert seen.facts_of(page) == read
        assert seen.facts_of(capture(HOME, body="other")) is None


def test_entering_a_run_again_changes_no_row(tmp_path: Path) -> None:
    page = capture(HOME)
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        for _ in range(2):
            store.ingest_unit(kept, "R1", unit(), report(), (page,), [(HOME, page.sha256, facts(HOME))])
            rows = dump(tmp_path / "g.db")
        store.ingest_unit(kept, "R1", unit(), report(), (page,), [(HOME, page.sha256, facts(HOME))])
        assert dump(tmp_path / "g.db") == rows
        assert any('INSERT INTO "sights"' in row for row in rows)


def test_an_unchanged_page_costs_a_mark_and_not_a_copy(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        for number in (1, 2, 3):
            store.record_run(kept, run(number))
            page = capture(HOME, number)
            store.ingest_unit(
                kept, f"R{number}", unit(), report(number), (page,), [(HOME, page.sha256, facts(HOME))]
            )
        count = {
            name: kept.ask(f"SELECT count(*) FROM {name}")[0][0]
            for name in ("facts", "capture", "sights", "seen")
        }
    assert count == {"facts": 1, "capture": 1, "sights": 3, "seen": 0}


def test_a_page_that_was_not_read_again_keeps_its_reading_of_the_earlier_night(tmp_path: Path) -> None:
    first, second = capture(HOME, 1), capture(HOME, 2)
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run(1))
        store.ingest_unit(kept, "R1", unit(), report(1), (first,), [(HOME, first.sha256, facts(HOME))])
        store.record_run(kept, run(2))
        store.ingest_unit(kept, "R2", unit(), report(2), (second,), ())
        assert store.facts_for(kept, "R2", "A01").facts_of(second) == facts(HOME)
        assert store.known_facts(kept, [second, capture(HOME, 2, body="new")]) == {(HOME, second.sha256)}


def test_the_same_bytes_read_otherwise_on_another_day_are_both_kept(tmp_path: Path) -> None:
    """`3小时前` on an unchanged page is another date on another night."""
    with open_store(tmp_path / "g.db") as kept:
        for number in (1, 2):
            store.record_run(kept, run(number))
            page = capture(HOME, number)
            read = msgspec.structs.replace(facts(HOME), published=date(2020, 9, 28 + number))
            store.ingest_unit(
                kept, f"R{number}", unit(), report(number), (page,), [(HOME, page.sha256, read)]
            )
        for number in (1, 2):
            found = store.facts_for(kept, f"R{number}", "A01").facts_of(capture(HOME, number))
            assert found is not None
            assert found.published == date(2020, 9, 28 + number)


def test_a_value_that_misbehaves_does_not_lose_the_night(tmp_path: Path) -> None:
    bad = capture(HOME + "\ud83d", reason="\udc00x", elapsed_ms=2**80, content_type="text/\x00html")
    read = msgspec.structs.replace(facts(bad.asked_url), title="半个\ud83d字", tags={"\udc00": "v"})
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        store.ingest_unit(
            kept, "R1", unit(), report(), (bad, capture(HOME)), [(bad.asked_url, bad.sha256, read)]
        )
        found = store.facts_for(kept, "R1", "A01")
        assert found.captures[1] == capture(HOME)
        assert found.captures[0].elapsed_ms == 2**63 - 1
        mended = found.facts_of(found.captures[0])
        assert mended is not None
        assert mended.title == "半个?字"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(), min_size=6, max_size=6),
    numbers=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3),
    reach=st.sampled_from(Reach),
    status=st.none() | st.integers(0, 999),
)
def test_any_capture_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    numbers: list[int],
    reach: Reach,
    status: int | None,
) -> None:
    one = capture(
        HOME + texts[0], reach=reach, status=status, reason=texts[1], content_type=texts[2], etag=texts[3],
        last_modified=texts[4], screenshot=texts[5], elapsed_ms=numbers[0], offset=numbers[1], length=numbers[2],
    )  # fmt: skip
    with open_store(tmp_path_factory.mktemp("db") / "g.db") as kept:
        store.record_run(kept, run())
        store.ingest_unit(kept, "R1", unit(), report(), (one,), ())
        assert store.facts_for(kept, "R1", "A01").captures == (one,)


def test_the_next_night_asks_only_for_what_changed_since_the_last_whole_answer(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run(1))
        store.ingest_unit(
            kept, "R1", unit(), report(1), (capture(HOME, 1), capture(HOME + "a", 1, offset=500)), ()
        )
        store.record_run(kept, run(2))
        again = capture(HOME, 2, revisit_of="R1/A01-000.warc.gz", etag='"e2"')
        gone = capture(HOME + "a", 2, body=None, reach=Reach.GONE)
        store.ingest_unit(kept, "R2", unit(), report(2), (again, gone), ())
        known = {page.url: page for page in store.known_pages(kept, "A01")}
    assert set(known) == {HOME, HOME + "a"}
    assert known[HOME].etag == '"e2"'
    assert (known[HOME].warc, known[HOME].offset) == ("R1/A01/A01-000.warc.gz", 100)
    assert (known[HOME + "a"].warc, known[HOME + "a"].offset) == ("R1/A01/A01-000.warc.gz", 500)
    assert known[HOME].sha256 == sha(HOME + "same")


def test_nights_are_compared_with_the_median_of_earlier_whole_nights(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        for number, pages in enumerate((10, 14, 12, 1), start=1):
            night(
                kept, number, captures=[capture(f"{HOME}{n}", number) for n in range(pages)],
                inspected=pages > 1,
            )  # fmt: skip
        assert store.history(kept, "A01", before="R1") == {}
        assert store.history(kept, "A01", before="R4") == {"pages": 12, "items": 60, "dated_items": 55}
        assert store.history(kept, "A01")["pages"] == 12, "a night that saw nothing is no measure"


def test_a_unit_whose_crawl_was_never_closed_is_entered_without_a_report(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        store.ingest_unit(kept, "R1", unit(), None, (), ())
        assert store.report_of(kept, "R1", "A01") is None
        assert store.units_of(kept, "R1") == (unit(),)


def test_half_a_unit_is_never_entered(tmp_path: Path) -> None:
    def broken() -> object:
        yield (HOME, sha(HOME + "same"), facts(HOME))
        raise OSError("disk")

    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        rows = dump(tmp_path / "g.db")
        with pytest.raises(OSError, match="disk"):
            store.ingest_unit(kept, "R1", unit(), report(), (capture(HOME),), broken())  # type: ignore[arg-type]  # a generator
        assert dump(tmp_path / "g.db") == rows


def test_a_reader_reads_while_another_process_writes(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as writer, open_store(tmp_path / "g.db") as reader:
        store.record_run(writer, run(1))
        with writer.writing():
            writer.put("UPDATE run SET note = 'x'")
            assert [one.note for one in store.runs(reader)] == [""]
        assert [one.note for one in store.runs(reader)] == ["x"]
    assert sqlite3.connect(tmp_path / "g.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_page_facts_of_an_older_reader_do_not_count_as_known(tmp_path: Path) -> None:
    page = capture(HOME)
    old: PageFacts = facts(HOME, reader=0)
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run())
        store.ingest_unit(kept, "R1", unit(), report(), (page,), [(HOME, page.sha256, old)])
        assert store.known_facts(kept, [page]) == set()
        store.ingest_unit(kept, "R1", unit(), report(), (page,), [(HOME, page.sha256, facts(HOME))])
        assert store.facts_for(kept, "R1", "A01").facts_of(page) == facts(HOME)
