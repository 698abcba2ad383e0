"""A command with all the processes below it: begun without loading its libraries anew, watched, and struck down.

Reads Linux's `/proc`; on other systems nothing below a command is seen.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_ROLES = (
    (b"attached.worker", "reader"),
    (b"-m\0crawler", "crawl"),
    (b"chrom", "browser"),
    (b"headless", "browser"),
    (b"playwright", "driver"),
    (b"multiprocessing", "judge"),
)
_STEP = 0.02
_TICKS = os.sysconf("SC_CLK_TCK")


class Begun:
    """One `gongkai` command in a process of its own, forked from one that has everything loaded."""

    def __init__(self, words: list[str], log: Path) -> None:
        sys.stdout.flush()
        self.pid = os.fork()
        self.code: int | None = None
        if self.pid == 0:
            _be(words, log)

    def poll(self) -> int | None:
        """Its exit code once it has ended; negative for the signal it died of."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, most: float) -> int:
        ends = time.monotonic() + most
        while (code := self.poll()) is None:
            if time.monotonic() > ends:
                self.kill()
                raise TimeoutError(f"no end after {most:.0f} s")
            time.sleep(_STEP)
        return code

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        while self.poll() is None:
            time.sleep(_STEP)

    def until(self, cpu_seconds: float, chance: random.Random) -> bool:
        """Waits until the command and all below it have worked so long; False where it ended before.

        Work and not time is what is waited for: how far a night has come then does not depend on who else is busy.
        """
        while self.poll() is None:
            if cpu_of(self.pid) >= cpu_seconds:
                time.sleep(chance.uniform(0, 2 * _STEP))
                return self.poll() is None
            time.sleep(_STEP)
        return False


def _be(words: list[str], log: Path) -> None:
    """Becomes the command; never returns."""
    from desk.cli import main

    code = 70
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        random.seed()
        sys.argv = ["gongkai", *words]
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def below(pid: int) -> dict[int, str]:
    """All processes below one, with what each is for."""
    found: dict[int, str] = {}
    for child in _children(pid):
        with contextlib.suppress(OSError):
            line = Path(f"/proc/{child}/cmdline").read_bytes()
            found[child] = next((role for sign, role in _ROLES if sign in line), "other")
        found |= below(child)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):  # it may have ended meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def cpu_of(pid: int) -> float:
    """Seconds that a process and all below it, those that ended too, have worked."""
    return _cpu(pid) + sum(map(_cpu, below(pid)))


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def strike(begun: Begun, chance: random.Random, *, only: str = "") -> str:
    """Kills one process of a command, any of them alike, or all at once; whose turn it was."""
    beside = below(begun.pid)
    picks: list[Callable[[], str]] = [lambda: "desk", lambda: "all"]
    roles = sorted(set(beside.values()))
    picks += [lambda role=role: role for role in roles]  # type: ignore[misc]
    target = only or chance.choice(picks)()
    if target in ("desk", "all"):
        begun.kill()
    for pid, role in beside.items():
        if target in ("all", role):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return target
