"""What was carried into a night is followed to the night it was had: by verification, reading anew, and judging again."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from homes import BEGIN, PAGES, SITE, crawled, night, written_run
from nights import unit

from desk.backup import _chosen
from desk.evidence import check_run, seal
from desk.ingest import ingest
from dossier import archive, store
from dossier.archive import ArchiveWriter, pack_unit, read_body, read_carried, write_report
from dossier.home import Home
from dossier.model import Capture, Reach, UnitReport
from dossier.reading import load_vocabulary
from dossier.store import Store, open_store

WAITS = PAGES[2]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data" / "gongkai.db") as opened:
        yield opened


def carrying(home: Home, number: int, then: str) -> Path:
    """A night on which one address was silent and one was met and not asked."""
    folder = written_run(home, number)
    at = BEGIN + timedelta(days=number)
    with ArchiveWriter(folder / "A01", "A01") as writer:
        writer.add(Capture(unit_id="A01", asked_url=SITE + "x", at=at, reach=Reach.SILENT, reason="timeout"))
        writer.carry(WAITS, then)
    pack_unit(folder / "A01")
    write_report(
        folder / "A01",
        UnitReport(unit_id="A01", run_id=f"R{number}", started=at, finished=at, finish="finished"),
    )
    return folder


def entered(home: Home, kept: Store, number: int, then: str) -> tuple[str, ...]:
    folder = carrying(home, number, then)
    (one,) = ingest(kept, folder, [unit()], vocabulary=load_vocabulary(home))
    seal(kept, home, folder.name, BEGIN + timedelta(days=number, hours=1))
    return one.trouble


def test_a_carried_page_is_followed_to_its_night(tmp_path: Path, kept: Store) -> None:
    home = Home(tmp_path)
    night(home, kept, 1)
    night(home, kept, 2)
    assert entered(home, kept, 3, "R2") == ()
    seen = store.facts_for(kept, "R3", "A01")
    silent, carried = seen.captures
    assert (silent.asked_url, carried.asked_url) == (SITE + "x", WAITS)
    assert (carried.carried, carried.at) == ("R2", BEGIN + timedelta(days=2))
    assert seen.facts_of(carried) is not None
    assert b"<title>" in read_body(home.runs, "R3", "A01", carried)
    assert archive.place_of("R3", "A01", carried).startswith("R2/A01/A01-revisits-000.warc@")
    assert check_run(kept, home, "R3").faults == []


def test_a_carried_page_whose_night_is_gone_is_a_fault_and_was_not_seen(tmp_path: Path, kept: Store) -> None:
    home = Home(tmp_path)
    night(home, kept, 1)
    entered(home, kept, 2, "R1")
    archive.manifest_file(home.run("R1") / "A01").unlink()
    assert [found for _, found in read_carried(home.run("R2") / "A01")] == [None]
    assert any("R1" in fault and "沿用" in fault for fault in check_run(kept, home, "R2").faults)
    (trouble,) = entered(home, kept, 3, "R1")
    assert "沿用" in trouble
    assert [one.asked_url for one in store.facts_for(kept, "R3", "A01").captures] == [SITE + "x"]


def test_a_damaged_list_of_carried_pages_is_a_fault(tmp_path: Path, kept: Store) -> None:
    home = Home(tmp_path)
    night(home, kept, 1)
    entered(home, kept, 2, "R1")
    path = archive.carried_file(home.run("R2") / "A01")
    assert path.name == "carried.jsonl.gz"
    path.write_bytes(gzip.compress(b"")[:9])
    faults = check_run(kept, home, "R2").faults
    assert any("carried.jsonl.gz" in fault and "读不出来" in fault for fault in faults)
    assert any("carried.jsonl.gz" in fault and "摘要不符" in fault for fault in faults)


def test_a_backup_takes_along_the_night_that_a_page_was_carried_from(tmp_path: Path, kept: Store) -> None:
    home = Home(tmp_path)
    night(home, kept, 1)
    entered(home, kept, 2, "R1")
    home.units_csv.write_text("", encoding="utf-8")
    chosen = {
        path.relative_to(home.runs).as_posix()
        for path in _chosen(home, ("R1", "R2"), {("R2", "A01")}, everything=False)
        if path.is_relative_to(home.runs)
    }
    assert {"R2/A01/carried.jsonl.gz", "R1/A01/captures.jsonl", "R1/A01/A01-000.warc.gz"} <= chosen


def test_a_line_torn_by_a_kill_carries_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    crawled(home, 1)
    folder = home.run("R2") / "A01"
    with ArchiveWriter(folder, "A01") as writer:
        writer.carry(WAITS, "R1")
        writer.carry(PAGES[0], "R1")
    path = folder / archive.CARRIED
    path.write_bytes(path.read_bytes()[:-9])
    assert [line.url for line, _ in read_carried(folder)] == [WAITS]
