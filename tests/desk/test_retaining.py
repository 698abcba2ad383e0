"""What nothing rests on goes after its time; what something rests on can be shown for ever."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from homes import BEGIN, PAGES, SITE, body, night, small_home, written_run
from nights import unit

from desk import clock, retaining
from desk.cli import main
from desk.evidence import check_chain, check_run, seal
from desk.ingest import ingest
from dossier import archive, store
from dossier.archive import ArchiveWriter, BodyMissing, Exchange, pack_unit, read_body, write_report
from dossier.home import Home
from dossier.model import Capture, Reach, UnitReport
from dossier.reading import load_vocabulary
from dossier.store import Store

FIRST, LAST = 1, 20
OLD = SITE + "old-{}.html"


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twenty nights: one page with a fault that never changed, and on each night a page that was there on no other."""
    home = small_home(tmp_path_factory.mktemp("lived"), nights=1)
    with store.open_store(home.database) as kept:
        _alone(home, kept, 2, "screenshots")
        for number in range(3, LAST):
            _alone(home, kept, number)
        night(home, kept, LAST)
    return home


@pytest.fixture
def home(lived_in: Home, tmp_path: Path) -> Home:
    shutil.copytree(lived_in.root, tmp_path / "home")
    return Home(tmp_path / "home")


def _alone(home: Home, kept: Store, number: int, pictures: str = "") -> None:
    """A night that saw the pages of the first night unchanged, and one of its own."""
    folder = written_run(home, number) / "A01"
    at = BEGIN + timedelta(days=number)
    known = {one.url: one for one in store.known_pages(kept, "A01")}
    with ArchiveWriter(folder, "A01") as writer:
        for url in (OLD.format(number), *PAGES):
            moved = Exchange(url=url + "?from", at=at, status=302, response_headers=(("Location", url),))
            answer = Exchange(
                url=url, at=at, status=200, response_headers=(("Content-Type", "text/html"),), body=body(url)
            )
            ways = [moved, answer] if url.startswith(SITE + "old") else [answer]
            writer.add(
                Capture(
                    unit_id="A01", asked_url=ways[0].url, final_url=url, at=at, reach=Reach.OK, status=200,
                    content_type="text/html", redirects=(ways[0].url,) if len(ways) > 1 else (),
                ),
                ways, known.get(url),
            )  # fmt: skip
    (folder / "facts.jsonl").write_bytes(b"")
    if pictures:
        (folder / pictures).mkdir()
        (folder / pictures / "one.png").write_bytes(b"png")
    pack_unit(folder)
    write_report(
        folder,
        UnitReport(unit_id="A01", run_id=f"R{number}", started=at, finished=at, finish="finished"),
    )
    ingest(kept, folder.parent, [unit()], vocabulary=load_vocabulary(home))
    store.finish_run(kept, f"R{number}", at)
    seal(kept, home, f"R{number}", at)


NOW = BEGIN + timedelta(days=LAST + 31)


def _body_of(home: Home, run: str, url: str) -> bytes:
    folder = home.run(run) / "A01"
    capture = next(one for one in archive.read_captures(folder) if one.final_url == url)
    return read_body(home.runs, run, "A01", capture)


def test_a_preview_names_what_would_go_and_touches_nothing(home: Home) -> None:
    before = {path: path.read_bytes() for path in home.runs.rglob("*") if path.is_file()}
    with store.open_store(home.database) as kept:
        plans = retaining.plan(kept, home, days=30, now=NOW)
    assert {one.run.run_id for one in plans} == {"R2", "R3", "R4", "R5", "R6"}
    assert all(one.units["A01"].removed == 1 for one in plans)
    words = retaining.in_words(plans, 30)
    assert "共 5 个批次" in words
    assert "R2" in words
    assert {path: path.read_bytes() for path in home.runs.rglob("*") if path.is_file()} == before


def test_what_nothing_rests_on_goes_and_the_rest_still_proves_itself(home: Home) -> None:
    listed = archive.read_captures(home.run("R2") / "A01")
    with store.open_store(home.database) as kept:
        done = retaining.apply(kept, home, days=30, now=NOW)
        assert done.faults == []
        assert done.runs == ["R2", "R3", "R4", "R5", "R6"]
        for number in range(FIRST, LAST + 1):
            checked = check_run(kept, home, f"R{number}")
            assert (checked.faults, checked.unverifiable) == ([], [])
            assert any("按保存期限精简" in note for note in checked.notes) == (2 <= number <= 6)
        assert check_chain(kept, home) == []
        assert retaining.plan(kept, home, days=30, now=NOW) == []
        assert store.seals(kept)[-1].run_id == "R6/thinned"
    assert archive.read_captures(home.run("R2") / "A01") == listed, "every attempt keeps its line"
    with pytest.raises(BodyMissing, match="精简"):
        _body_of(home, "R2", OLD.format(2))
    assert not (home.run("R2") / "A01" / "A01-000.warc.gz").exists()
    assert not (home.run("R2") / "A01" / "screenshots" / "one.png").exists()
    for run in ("R1", "R2", f"R{LAST}"):
        assert _body_of(home, run, PAGES[1]) == body(PAGES[1]), (
            "unchanged since the first night, and shown by a fault"
        )
    assert _body_of(home, "R12", OLD.format(12)) == body(OLD.format(12)), "the last nights stay whole"


def test_a_page_that_a_young_night_only_carries_is_kept_where_it_stands(home: Home) -> None:
    waits, run = OLD.format(3), f"R{LAST + 1}"
    with store.open_store(home.database) as kept:
        folder, at = written_run(home, LAST + 1) / "A01", BEGIN + timedelta(days=LAST + 1)
        with ArchiveWriter(folder, "A01") as writer:
            writer.carry(waits + "?from", "R3")
        pack_unit(folder)
        write_report(
            folder, UnitReport(unit_id="A01", run_id=run, started=at, finished=at, finish="finished")
        )
        ingest(kept, folder.parent, [unit()], vocabulary=load_vocabulary(home))
        store.finish_run(kept, run, at)
        seal(kept, home, run, at)
        done = retaining.apply(kept, home, days=30, now=NOW)
        assert done.faults == []
        assert "R4" in done.runs, "a night of the same age whose own page nobody carries"
        assert "R3" not in done.runs, "all that it has is still needed"
        (carried,) = store.facts_for(kept, run, "A01").captures
        assert check_run(kept, home, run).faults == []
        assert store.facts_for(kept, run, "A01").facts_of(carried) is not None
    assert (carried.carried, carried.final_url) == ("R3", waits)
    assert read_body(home.runs, run, "A01", carried) == body(waits)
    with pytest.raises(BodyMissing, match="精简"):
        _body_of(home, "R4", OLD.format(4))


def test_a_changed_bit_of_what_was_kept_is_still_named(home: Home) -> None:
    with store.open_store(home.database) as kept:
        retaining.apply(kept, home, days=30, now=NOW)
        for name in ("A01-000.thin.warc.gz", "thinned.json", "captures.jsonl.gz", "A01-revisits-000.warc.gz"):
            path = home.run("R2") / "A01" / name
            content = bytearray(path.read_bytes())
            for place in (0, len(content) // 2, len(content) - 1):
                changed = bytearray(content)
                changed[place] ^= 4
                path.write_bytes(changed)
                assert any(name in fault for fault in check_run(kept, home, "R2").faults), (name, place)
            path.write_bytes(content)
            path.rename(path.with_name("away"))
            assert any(name in fault for fault in check_run(kept, home, "R2").faults), name
            path.with_name("away").rename(path)
        assert check_run(kept, home, "R2").faults == []


def test_a_removal_that_broke_off_is_ended(home: Home) -> None:
    gone = home.run("R3") / "A01" / "A01-000.warc.gz"
    whole = gone.read_bytes()
    with store.open_store(home.database) as kept:
        retaining.apply(kept, home, days=30, now=NOW)
        gone.write_bytes(whole)  # as if killed between the seal and the removal
        retaining.apply(kept, home, days=30, now=NOW)
        assert not gone.exists()
        assert check_run(kept, home, "R3").faults == []


def test_unsound_evidence_is_left_alone(home: Home) -> None:
    path = home.run("R4") / "A01" / "unit.json"
    path.write_bytes(path.read_bytes() + b" ")
    with store.open_store(home.database) as kept:
        done = retaining.apply(kept, home, days=30, now=NOW)
    assert any("R4" in fault for fault in done.faults)
    assert "R4" not in done.runs
    assert (home.run("R4") / "A01" / "A01-000.warc.gz").is_file()


def test_a_night_that_a_decision_rests_on_stays_whole(home: Home) -> None:
    with store.open_store(home.database) as kept:
        number = store.past_of(kept, "A01", f"R{LAST}", with_this=True)[0].number
        store.record_decision(
            kept,
            store.Decision(
                deficiency_no=number, run_id="R5", kind="defer", reason="等补充材料", who="甲", at=NOW,
            ),
        )  # fmt: skip
        plans = retaining.plan(kept, home, days=30, now=NOW)
        assert "R5" not in {one.run.run_id for one in plans}
    assert _body_of(home, "R5", OLD.format(5)) == body(OLD.format(5))


def test_nothing_is_thinned_unless_it_was_asked_for(home: Home) -> None:
    with store.open_store(home.database) as kept:
        assert retaining.plan(kept, home, days=0, now=NOW) == []
        assert "全部保留" in retaining.in_words([], 0)


def test_the_command_shows_before_it_does_and_refuses_a_slip_of_the_hand(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["gongkai", "--home", str(home.root), "retain", *words])
        monkeypatch.setattr(clock, "now", lambda: NOW)
        with pytest.raises(SystemExit) as left:
            main()
        got = capsys.readouterr()
        return int(left.value.code or 0), got.out + got.err

    code, words = said()
    assert (code, "没有超过 730 天" in words, "只是预览" in words) == (0, True, True)
    code, words = said("--set", "retain.archive_days=3")
    assert (code, "太短" in words) == (2, True)
    code, words = said("--set", "retain.archive_days=30")
    assert (code, "共 5 个批次" in words, "只是预览" in words) == (0, True, True)
    assert (home.run("R2") / "A01" / "A01-000.warc.gz").is_file()
    code, words = said("--set", "retain.archive_days=30", "--apply")
    assert (code, "已精简 5 个批次" in words, "整理数据库" in words) == (0, True, True)
    assert not (home.run("R2") / "A01" / "A01-000.warc.gz").exists()
