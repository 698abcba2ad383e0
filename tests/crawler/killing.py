"""The browser of a crawl is found among the processes below one, and killed as a fault of its own or lack of memory would."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path


def below(pid: int) -> Iterator[tuple[int, bytes]]:
    """Every process below one, with its command line (Linux's `/proc`)."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                with contextlib.suppress(OSError):
                    yield child, Path(f"/proc/{child}/cmdline").read_bytes()
                yield from below(child)


def kill_browser(what: str = "browser") -> int:
    """Kills the main process of each browser below this process, or what drives it; how many."""
    killed = 0
    for pid, line in list(below(os.getpid())):
        main = b"remote-debugging-pipe" in line and b"--type=" not in line
        if main if what == "browser" else b"playwright/driver" in line:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed
