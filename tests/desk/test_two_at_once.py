"""Two nights in one home at once are impossible, and a backup taken in the middle of one is a whole moment of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from bench.kill import ENDED, Calm, Ground, findings, ground
from bench.tree import Begun
from dossier import store
from dossier.store import Decision, decisions
from dossier.store.keeping import is_sound

REFUSED = 2
SAID = ("unit_id", "rule_id", "verdict", "subject", "page_url", "message", "deficiency_no")
NOW = datetime(2020, 10, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("province"), "A01,B01", 6, pictures=False, judges=1) as made:
        yield made


@pytest.fixture(scope="module")
def calm(place: Ground) -> Calm:
    """What a night finds that is alone."""
    home = place.copy("fresh", "calm")
    code, said = place.said(home, "nightly")
    assert code in ENDED, said
    return Calm(findings(place, home))


def runs_of(home: Path) -> list[tuple[str, str, str]]:
    """Each run's name, beginning and end, by the database."""
    with store.open_store(home / "data" / "gongkai.db") as kept:
        return [(str(a), str(b), str(c)) for a, b, c in kept.ask("SELECT run_id, started, finished FROM run")]


def test_while_a_night_runs_every_other_way_to_begin_one_is_refused(place: Ground, calm: Calm) -> None:
    home = place.copy("fresh", "alone")
    aside = home.with_name("the-same-home")
    aside.symlink_to(home)
    night = place.begin(home, "nightly", name="night.log")
    _until(lambda: list(home.glob("data/runs/*/run.json")), night)
    os.kill(night.pid, signal.SIGSTOP)  # however slow the others are to begin, it is not over before
    others = [
        place.begin(where, *words, name=f"other-{number}.log")
        for number, (where, words) in enumerate(
            ((home, ("nightly",)), (aside, ("nightly", "--fresh")), (home, ("nightly", "--resume")), (home, ("crawl",)))
        )
    ]  # fmt: skip
    assert [other.wait(300) for other in others] == [REFUSED] * len(others)
    os.kill(night.pid, signal.SIGCONT)
    for number in range(len(others)):
        said = (home / f"other-{number}.log").read_text("utf-8")
        assert "这里已有一次检查正在进行" in said
        assert "--home" in said
    assert night.wait(300) in ENDED
    assert len(runs_of(home)) == len(list((home / "data" / "runs").iterdir())) == 1
    assert findings(place, home) == calm.findings


def test_of_nights_that_begin_in_one_moment_no_two_overlap(place: Ground, calm: Calm) -> None:
    home = place.copy("fresh", "race")
    nights = [place.begin(home, "nightly", "--fresh", name=f"night-{number}.log") for number in range(4)]
    codes = [night.wait(300) for night in nights]
    done = [code for code in codes if code in ENDED]
    assert done
    assert sorted({*codes} - {*ENDED}) in ([], [REFUSED]), codes
    runs = sorted(runs_of(home), key=lambda one: one[1])
    assert len(runs) == len(done)
    assert all(sooner[2] <= later[1] for sooner, later in pairwise(runs))
    if len(runs) == 1:  # a second one, begun when the first was over, has seen the faults for two nights
        assert findings(place, home) == calm.findings
    assert is_sound(home / "data" / "gongkai.db") == ""


@pytest.mark.slow
def test_backups_in_the_middle_of_a_night_and_of_clicks_are_whole_moments(place: Ground) -> None:
    home = place.copy("fresh", "backed-up")
    assert place.said(home, "nightly")[0] in ENDED
    database = home / "data" / "gongkai.db"
    with store.open_store(database) as kept:
        (first,) = kept.one("SELECT run_id FROM run") or ("",)
        numbers = [str(one) for (one,) in kept.ask("SELECT number FROM deficiency WHERE number NOT NULL")]
    clicked: list[str] = []
    stop = threading.Event()

    def click() -> None:
        with store.open_store(database) as kept:
            while not stop.is_set():
                reason = f"第{len(clicked)}次"
                store.record_decision(
                    kept, Decision(deficiency_no=numbers[0], run_id=str(first), kind="defer", reason=reason, who="张三", at=NOW)
                )  # fmt: skip
                clicked.append(reason)
                time.sleep(0.01)

    person = threading.Thread(target=click)
    night = place.begin(
        home, "nightly", "--fresh", name="night.log"
    )  # forked before there is a second thread
    person.start()
    bounds = []
    try:
        _until(lambda: len(list((home / "data" / "runs").iterdir())) > 1, night)
        while night.poll() is None:
            before = len(clicked)
            code, said = _run(place, home, "backup", str(home / f"{len(bounds)}.zip"))
            assert code == 0, said
            bounds.append((before, len(clicked)))
    finally:
        stop.set()
        person.join()
    assert night.wait(300) in ENDED
    assert bounds
    for number, (before, after) in enumerate(bounds):
        new = place.folder / f"restored-{number}"
        new.mkdir()
        code, said = _run(place, new, "restore", str(home / f"{number}.zip"))
        assert code == 0, said
        with store.open_store(new / "data" / "gongkai.db") as kept:
            reasons = [one.reason for one in decisions(kept, numbers[0])]
        assert reasons == clicked[: len(reasons)], "not one moment of what was clicked"
        assert before <= len(reasons) <= after + 1
        assert _found(place, new, str(first)) == _found(place, home, str(first)) != ()
        code, said = _run(place, new, "evidence", "verify", "--run", str(first))
        assert code in ENDED, said


def _run(on: Ground, home: Path, *words: str) -> tuple[int, str]:
    """A command in a process that shares nothing with this one and its threads."""
    done = subprocess.run(
        [sys.executable, "-m", "desk", "--home", str(home), *on.options, *words],
        check=False, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def _found(on: Ground, home: Path, run_id: str) -> tuple[tuple[str, ...], ...]:
    """What a run says, whatever was decided since."""
    code, said = _run(on, home, "export", "findings", "--format", "jsonl", "--run", run_id)
    assert code == 0, said
    rows = (json.loads(line) for line in said.splitlines())
    return tuple(sorted(tuple(str(row[name]) for name in SAID) for row in rows))


def _until(there: Callable[[], object], night: Begun, seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < ends
        assert night.poll() is None, "the night ended first"
        time.sleep(0.01)
