"""A night killed at any moment is finished by the next: what was closed stays, nothing is lost, nothing stands twice."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from homes import BEGIN, UNITS, crawled, written_run
from nights import dump

from bench.kill import ENDED, Calm, Ground, faults, findings, ground
from bench.tree import below
from desk import crawling, fetching, resume, stages
from desk.installation import Installation
from desk.resume import goes_on, is_closed, set_aside, stop_leftovers, unfinished
from dossier import store
from dossier.archive import read_captures, record_body
from dossier.errors import BadInput, NetworkDown
from dossier.home import Home
from dossier.model import UnitJob

AS_OF = date(2020, 9, 29)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.root.mkdir()
    made.units_csv.write_text(UNITS, "utf-8")
    return made


def installation(home: Home, units: str = "A01,A02") -> Installation:
    return Installation.of(
        home=home.root, as_of=AS_OF, units=units, overrides=("report.screenshots=false", "judge.processes=1")
    )


def broken_off(home: Home, number: int = 1, kind: str = "nightly") -> Path:
    """A night of two units of which one was closed, and the other was in the midst of it."""
    folder = written_run(home, number, kind=kind, units=("A01", "A02"))
    (folder / "jobs").mkdir()
    crawled(home, number)
    torn = crawled(home, number, "A02", closed=False)
    with (torn / "A02-000.warc.gz").open("ab") as end:
        end.write(b"\x1f\x8b\x08\x00torn")
    with (torn / "captures.jsonl").open("ab") as end:
        end.write(b'{"unit_id": "A0')
    return folder


def fake_crawl(home: Home, number: int, asked: list[str]) -> object:
    """In place of the crawl processes: notes who was asked for, and leaves what a crawl leaves."""

    def crawl(jobs: Sequence[UnitJob], **_: object) -> None:
        for job in jobs:
            asked.append(job.unit.unit_id)
            crawled(home, number, job.unit.unit_id)

    return crawl


def test_a_killed_night_is_finished_and_closed_units_are_not_fetched_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = broken_off(home)
    whole = (folder / "A01" / "A01-000.warc.gz").read_bytes()
    asked: list[str] = []
    monkeypatch.setattr(crawling, "crawl", fake_crawl(home, 1, asked))
    night = stages.nightly(installation(home), resume=True)
    assert (night.run_id, asked) == ("R1", ["A02"])
    assert (folder / "A01" / "A01-000.warc.gz").read_bytes() == whole
    aside = folder / "aside" / "A02-1"
    assert len(read_captures(aside)) == len(read_captures(folder / "A02")) == 4
    assert (aside / "A02-000.warc.gz.torn").read_bytes() == b"\x1f\x8b\x08\x00torn"
    assert (aside / "captures.jsonl.torn").read_bytes() == b'{"unit_id": "A0'
    with store.open_store(home.database) as kept:
        assert [len(store.facts_for(kept, "R1", unit).captures) for unit in ("A01", "A02")] == [4, 4]
        run = store.run_info(kept, "R1")
        assert run is not None
        assert run.finished
        assert unfinished(kept, home) is None


def test_taking_up_a_night_at_any_later_stage_changes_no_row(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(home)
    asked: list[str] = []
    monkeypatch.setattr(crawling, "crawl", fake_crawl(home, 1, asked))
    for stage in ("judge", "suggest", "report"):
        with monkeypatch.context() as death:

            def dies(*_: object) -> None:
                raise RuntimeError("killed")

            death.setattr(stages, stage, dies)
            with pytest.raises(RuntimeError, match="killed"):
                stages.nightly(installation(home), resume=True)
    stages.nightly(installation(home), resume=True)
    rows = [row for row in dump(home.database) if 'INSERT INTO "run"' not in row]
    with store.open_store(home.database) as kept:
        run = store.run_info(kept, "R1")
        assert run is not None
        fetching.crawl_on(installation(home), kept, run)
        stages.judge(installation(home), kept, "R1")
        stages.suggest(installation(home), kept, "R1")
    assert [row for row in dump(home.database) if 'INSERT INTO "run"' not in row] == rows
    assert asked == ["A02"]


def test_bodies_of_a_crawl_set_aside_are_no_longer_where_they_stood(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the files were entered, but before they were sealed: the crawl goes on, and places are entered anew."""
    broken_off(home)
    monkeypatch.setattr(crawling, "crawl", fake_crawl(home, 1, []))
    with store.open_store(home.database) as kept:
        run = resume.run_of(home.run("R1"))
        store.record_run(kept, run)
        fetching.ingest(
            kept, home.run("R1"), installation(home).units, vocabulary=installation(home).vocabulary
        )
        fetching.crawl_on(installation(home), kept, run)
        for page in store.known_pages(kept, "A02"):
            path, offset = page.warc, page.offset
            assert store.seal_of(kept, "R1") is not None
            assert record_body(home.runs, f"{path}@{offset}", page.sha256)


def test_a_night_goes_on_by_itself_only_where_it_is_the_same(home: Home) -> None:
    broken_off(home)
    with store.open_store(home.database) as kept:
        found = unfinished(kept, home)
    assert found is not None
    assert (found.run.run_id, found.units) == ("R1", ("A01", "A02"))
    started = BEGIN + timedelta(days=1)
    same = {"now": started + timedelta(hours=11), "as_of": AS_OF, "units": ["A02", "A01"], "kind": "nightly"}
    assert goes_on(found, **same)  # type: ignore[arg-type]  # the fields are the caller's
    for other in (
        {"now": started + timedelta(hours=13)}, {"now": started - timedelta(hours=1)}, {"as_of": date(2020, 9, 30)},
        {"units": ["A01"]}, {"kind": "demo"},
    ):  # fmt: skip
        assert not goes_on(found, **(same | other))  # type: ignore[arg-type]  # the fields are the caller's


def test_an_old_or_other_run_is_left_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off(home, kind="crawl")
    with store.open_store(home.database) as kept:
        assert unfinished(kept, home) is None
    (home.run("R2.network-down")).mkdir()
    (home.run("R3")).mkdir()
    (home.run("R3") / "run.json").write_bytes(b'{"run_id": "R')
    with store.open_store(home.database) as kept:
        assert unfinished(kept, home) is None


def test_an_outage_while_going_on_leaves_the_night_to_be_taken_up_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = broken_off(home)

    def down(jobs: Sequence[UnitJob], **_: object) -> None:
        raise NetworkDown("本机网络不通")

    monkeypatch.setattr(crawling, "crawl", down)
    with pytest.raises(NetworkDown):
        stages.nightly(installation(home), resume=True)
    assert folder.is_dir()
    assert is_closed(folder, "A01")
    with store.open_store(home.database) as kept:
        assert store.run_info(kept, "R1") is None
        assert unfinished(kept, home) is not None


def test_a_torn_closing_record_closes_nothing(home: Home) -> None:
    folder = broken_off(home)
    (folder / "A01" / "unit.json").write_bytes(b'{"unit_id": "A0')
    assert not is_closed(folder, "A01")
    assert set_aside(folder, "A01") == folder / "aside" / "A01-1"
    crawled(home, 1)
    assert set_aside(folder, "A01") == folder / "aside" / "A01-2"
    assert set_aside(folder, "A09") is None


def sleeper(
    folder: Path, *, ignores: bool = False, called: str = "crawler"
) -> tuple[subprocess.Popen[bytes], Path]:
    """A process that looks like a crawl and holds its lock, whoever started it being gone."""
    path = folder / "jobs" / "0.lock"
    code = "import signal,sys,time\n" + ("signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if ignores else "")
    with path.open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, "-c", code + "print('up', flush=True)\ntime.sleep(60)", called],
            pass_fds=(lock.fileno(),), stdout=subprocess.PIPE,
        )  # fmt: skip
        lock.write(str(process.pid).encode())
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    return process, path


@pytest.mark.parametrize("ignores", [False, True])
def test_a_crawl_that_outlived_its_desk_is_ended_before_the_night_goes_on(
    home: Home, monkeypatch: pytest.MonkeyPatch, ignores: bool
) -> None:
    monkeypatch.setattr(resume, "_PATIENCE_SECONDS", 0.5)
    folder = broken_off(home)
    process, path = sleeper(folder, ignores=ignores)
    stop_leftovers(folder)
    assert process.wait(timeout=5) == (-signal.SIGKILL if ignores else -signal.SIGTERM)
    assert not path.exists()


def test_a_lock_that_is_held_by_nobody_we_know_stops_the_night(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "_PATIENCE_SECONDS", 0.2)
    folder = broken_off(home)
    (folder / "jobs" / "0.lock").write_bytes(
        str(os.getpid()).encode()
    )  # this process is no crawl, and must live
    with (folder / "jobs" / "0.lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadInput, match="还在运行"):
            stop_leftovers(folder)


def test_a_program_that_only_looks_into_a_folder_of_that_name_is_not_killed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "_PATIENCE_SECONDS", 0.2)
    folder = broken_off(home)
    process, _ = sleeper(folder, called="tests/crawler/test_run.py")
    try:
        with pytest.raises(BadInput, match="还在运行"):
            stop_leftovers(folder)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_a_number_that_another_process_has_now_is_not_killed(home: Home) -> None:
    folder = broken_off(home)
    (folder / "jobs" / "0.lock").write_bytes(str(os.getpid()).encode())
    stop_leftovers(folder)
    assert not (folder / "jobs" / "0.lock").exists()


UNITS_OF_A_REAL_NIGHT = "A01,B01"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(
        tmp_path_factory.mktemp("province"), UNITS_OF_A_REAL_NIGHT, 6, pictures=False, judges=1
    ) as made:
        yield made


@pytest.fixture(scope="module")
def calm(place: Ground) -> tuple[Path, Calm]:
    """A home whose night was left in peace."""
    home = place.copy("fresh", "calm")
    code, said = place.said(home, "nightly")
    assert code in ENDED, said
    return home, Calm(findings(place, home))


@pytest.mark.slow
@pytest.mark.parametrize("target", ["desk", "crawl"])
def test_a_real_night_that_is_killed_ends_like_one_left_in_peace(
    place: Ground, calm: tuple[Path, Calm], target: str
) -> None:
    home = place.copy("fresh", f"killed-{target}")
    night = place.begin(home, "nightly", name="night.log")
    until = time.monotonic() + 60
    while not list(home.glob("data/runs/*/*/captures.jsonl")) and time.monotonic() < until:
        time.sleep(0.02)
    if target == "desk":
        night.kill()
        code, said = place.said(home, "nightly", "--resume")
        assert code in ENDED, said
    else:
        os.kill(next(pid for pid, role in below(night.pid).items() if role == "crawl"), signal.SIGKILL)
        assert night.wait(300) in ENDED
        assert "重新抓取" in (home / "night.log").read_text("utf-8")
    assert faults(place, home, calm[1]) == []


def test_ten_times_over_a_real_run_is_once(
    calm: tuple[Path, Calm],
) -> None:
    home, _ = calm
    there = Installation.of(
        home=home, as_of=date(2020, 9, 30), units=UNITS_OF_A_REAL_NIGHT, overrides=("judge.processes=1",)
    )  # fmt: skip
    rows = dump(there.home.database)
    with store.open_store(there.home.database) as kept:
        latest = store.latest_run(kept)
        assert latest is not None
        folder = there.home.run(latest.run_id)
        for _ in range(10):
            done = fetching.ingest(kept, folder, there.units, vocabulary=there.vocabulary)
            assert all(one.closed and not one.trouble for one in done)
            stages.judge(there, kept, latest.run_id)
            stages.suggest(there, kept, latest.run_id)
    assert dump(there.home.database) == rows
