"""A disk that fills up in a night is said, costs nobody a point, and the night goes on when there is room again."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_nights import Inspection, inspection
from small_disks import IN_A_ROOM_OF_ITS_OWN, small_disks

from desk import ingest, reports, stages
from desk.faults import say_fault

UNITS = ("A02", "B03")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Inspection]:
    with inspection(tmp_path / "home", units=UNITS) as made:
        yield made


def on_a_small_disk(inspected: Inspection, kilobytes: int, *words: str) -> subprocess.CompletedProcess[str]:
    """A command whose `data/` lies on a disk of so many kilobytes; what it wrote is copied out afterwards."""
    home = inspected.home
    script = (
        f"mount -t tmpfs -o size={kilobytes}k tmpfs '{home}/data' && cp -a '{home}/kept/.' '{home}/data/'; "
        f"'{sys.executable}' -m desk --home '{home}' --as-of 2020-09-30 {' '.join(words)}; code=$?; "
        f"cp -a '{home}/data/.' '{home}/kept/'; exit $code"
    )
    for name in ("data", "kept"):
        (home / name).mkdir(exist_ok=True)
    return subprocess.run(
        [*IN_A_ROOM_OF_ITS_OWN, "sh", "-c", script],
        check=False, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip


@pytest.mark.skipif(not small_disks(), reason="no small disk can be mounted here")
@pytest.mark.parametrize("kilobytes", [600, pytest.param(1100, marks=pytest.mark.slow)])
def test_a_disk_that_fills_up_in_the_crawl_or_in_ingest_is_said_and_nothing_is_accused(
    small: Inspection, kilobytes: int
) -> None:
    done = on_a_small_disk(small, kilobytes, "nightly")
    assert done.returncode == 1, (done.stdout, done.stderr[-2000:])
    assert "磁盘已满" in done.stderr, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    home = small.home
    shutil.rmtree(home / "data")
    (home / "kept").rename(home / "data")  # there is room again
    wanted = small.run("nightly", "--resume")
    assert wanted.exit_code in (0, 3), (wanted.output, wanted.exception)
    found = small.fails()
    assert small.run("evidence", "verify").exit_code in (0, 3)
    fresh = small.night("--fresh")
    assert fresh.exit_code in (0, 3)
    assert small.fails() == found


@pytest.mark.parametrize("where", ["ingest", "reports"])
def test_a_disk_that_is_full_at_a_later_stage_is_said_and_the_night_is_taken_up(
    small: Inspection, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "ingest":
        monkeypatch.setattr(ingest.archive, "read_captures", full)
    else:
        monkeypatch.setattr(stages, "write_reports", full)
    done = small.night()
    assert isinstance(done.exception, OSError)
    assert "磁盘已满" in say_fault(done.exception, None)
    monkeypatch.undo()
    again = small.night()
    assert "接着做" in again.output
    assert again.exit_code in (0, 3)
    assert len(small.runs) == 1
    assert (small.home / "reports" / small.runs[0] / "summary.html").is_file()
    assert reports
