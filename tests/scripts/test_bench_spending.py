"""What a measured process costs is its own, whoever measures it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from bench.ground import spend

_WORK = "x = b'1' * 40_000_000; sum(range(3_000_000)); print('done')"


def test_the_peak_of_whoever_measures_is_not_counted_as_the_measured_process_own(tmp_path: Path) -> None:
    held = bytearray(300_000_000)
    held[::4096] = b"1" * len(held[::4096])
    nothing = spend([sys.executable, "-S", "-c", "pass"], log=tmp_path / "nothing")
    assert nothing.peak_mb < 60
    assert held[0]


def test_what_its_children_took_is_counted_with_it(tmp_path: Path) -> None:
    between = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {_WORK!r}]))"
    spent = spend([sys.executable, "-c", between], log=tmp_path / "log")
    assert (spent.code, spent.out) == (0, "done\n")
    assert 40 < spent.peak_mb < 200
    assert spent.cpu > 0


def test_one_that_takes_too_long_is_ended_and_says_so(tmp_path: Path) -> None:
    spent = spend([sys.executable, "-c", "import time; time.sleep(600)"], log=tmp_path / "log", timeout=1)
    assert spent.code == -signal.SIGKILL
    assert spent.wall < 60
