"""The shards of a night as processes of this machine."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from desk.engines import Shard, Watch
from desk.resume import held, stop_leftovers
from dossier.model import CrawlProgress

_Events = queue.Queue[tuple[int, CrawlProgress | None]]


class LocalProcesses:
    """One `python -m crawler` for each shard, all at once."""

    def width(self, wanted: int) -> int:
        return wanted

    def settle(self, folder: Path) -> None:
        """End the crawl processes that a killed desk left behind: two must not write into one folder."""
        stop_leftovers(folder)

    def run(self, folder: Path, shards: Sequence[Shard], watch: Watch) -> list[int]:
        """Start every process, pass on their progress lines until all have ended, and return their exit codes."""
        events: _Events = queue.Queue()
        processes: list[subprocess.Popen[bytes]] = []
        with contextlib.ExitStack() as locks:
            try:
                for one in shards:
                    process = _start(folder, one, locks)
                    processes.append(process)
                    reading = (one.number, process, events)
                    threading.Thread(target=_read_progress, args=reading, daemon=True).start()
                open_streams = len(processes)
                while open_streams:
                    number, event = events.get()
                    if event is None:
                        open_streams -= 1
                    else:
                        watch(number, event)
                return [process.wait() for process in processes]
            finally:
                for process in processes:
                    _end(process)


def _start(folder: Path, shard: Shard, locks: contextlib.ExitStack) -> subprocess.Popen[bytes]:
    jobs = folder / "jobs"
    path = jobs / f"{shard.number}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(shard.job), indent=1))
    lock = locks.enter_context(held(jobs / f"{shard.number}.lock"))
    with (jobs / f"{shard.number}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", str(path)],
            stdout=subprocess.PIPE, stderr=log, env=os.environ, pass_fds=(lock.fileno(),),
        )  # fmt: skip
    lock.write(str(process.pid).encode())
    lock.flush()
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


def _read_progress(number: int, process: subprocess.Popen[bytes], events: _Events) -> None:
    decode = msgspec.json.Decoder(CrawlProgress).decode
    assert process.stdout is not None
    try:
        for line in process.stdout:
            try:
                events.put((number, decode(line)))
            except msgspec.DecodeError:
                continue  # a stray print of a library; the log has the rest
    except ValueError:
        pass  # closed under us while stopping
    finally:
        events.put((number, None))
