"""Files of strangers are taken apart in a process of their own, one for each process that asks.

It is started with the first file, lives as long as its caller, and is ended and started anew where a file breaks
it, swells in it beyond its memory, or keeps it longer than its time. Such a file is `too-costly`; the next one
finds a fresh process. Nothing of a file ever runs in the process that asked.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import msgspec

from dossier.reading.attached.said import NO_READER, Said

WALL_SECONDS = 60.0
CPU_SECONDS = 20.0
START_SECONDS = 60.0
MEMORY_BYTES = 1_000_000_000
"""Address space. Measured 2026-11-23: 37 MB before the first file, 170 MB at a report of 300 pages."""
ANSWER_BOUND = 16_000_000
_QUESTION_BOUND = 80_000_000
_PATIENCE, _SHORT = 3, 0.1
"""After so many files that broke or held the process, one origin's next ones get this share of the time."""
_FILES_A_LIFE = 2_000
"""A process that has read so many is ended in good order: parsers forget to give memory back."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the system holds the process to; zero and false where it cannot."""

    memory_bytes: int = MEMORY_BYTES
    cpu: bool = True


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One file to be read."""

    body: bytes
    name: str
    content_type: str
    cpu_seconds: float


class Apart:
    """The process beside this one, and the way to it. Many threads may ask; one at a time is served."""

    def __init__(self, *, wall_seconds: float = WALL_SECONDS, cpu_seconds: float = CPU_SECONDS) -> None:
        self.wall_seconds = wall_seconds
        self.cpu_seconds = cpu_seconds
        self.limits: Limits | None = None
        self.started = 0
        """How many processes there have been."""
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._served = 0
        self._turn = threading.Lock()
        self._trouble: Counter[str] = Counter()

    def read(self, body: bytes, name: str, content_type: str, origin: str = "") -> Said:
        """What a file says; `too-costly` where saying it took more than a file may take."""
        with self._turn:
            share = _SHORT if self._trouble[origin] >= _PATIENCE else 1.0
            question = Asked(
                body=body,
                name=name,
                content_type=content_type,
                cpu_seconds=max(1.0, self.cpu_seconds * share),
            )
            seconds = max(2.0, self.wall_seconds * share)
            message, begun, begins = msgspec.msgpack.encode(question), time.monotonic(), True
            for patience in (min(seconds, self.cpu_seconds) / 4, 0.0):  # it may have died of another's ills
                try:
                    said, begins = self._ask(message, seconds), True
                except OSError:  # killed before it had said a word, or there is none
                    said, begins, patience = None, False, patience and START_SECONDS / 2
                if said is not None:
                    return said
                if time.monotonic() - begun >= patience:
                    break
            if not begins:
                return Said(fault=NO_READER)
            self._trouble[origin] += 1
            return Said(fault="too-costly")

    def close(self) -> None:
        """Ends the process."""
        with self._turn:
            self._end()

    def _ask(self, question: bytes, seconds: float) -> Said | None:
        if self._served >= _FILES_A_LIFE:
            self._end()
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(seconds, process.kill)
        late.start()
        try:
            framed(process.stdin, question)
            answer = unframed(process.stdout, ANSWER_BOUND + 1000)
            said = msgspec.msgpack.decode(answer, type=Said) if answer is not None else None
        except (OSError, ValueError, msgspec.DecodeError):
            said = None
        finally:
            late.cancel()
        self._served += 1
        if said is None:
            self._end()
        return said

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and self._owner == os.getpid() and process.poll() is None:
            return process
        if process is not None and self._owner == os.getpid():
            self._end()
        self._process = process = _start()
        self._owner, self._served = os.getpid(), 0
        self.started += 1
        assert process.stdout is not None
        late = threading.Timer(START_SECONDS, process.kill)
        late.start()
        try:
            hello = unframed(process.stdout)
        finally:
            late.cancel()
        if hello is None:
            self._end()
            raise OSError("the process that reads attachments does not start")
        self.limits = msgspec.msgpack.decode(hello, type=Limits)
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if process.poll() is None:
            process.kill()
        process.wait()


def _start() -> subprocess.Popen[bytes]:
    import dossier

    home = str(Path(dossier.__file__).parent.parent)
    kept = (
        "PATH",
        "SYSTEMROOT",
        "SystemRoot",
        "LANG",
        "LC_ALL",
        "HOME",
        "TMPDIR",
        "TEMP",
        "TMP",
        "PYTHONHOME",
        "PYTHONPYCACHEPREFIX",
    )
    surroundings = {name: os.environ[name] for name in kept if name in os.environ}
    path = os.environ.get("PYTHONPATH", "")
    surroundings["PYTHONPATH"] = os.pathsep.join(part for part in (home, path) if part)
    return subprocess.Popen(
        [sys.executable, "-B", "-P", "-m", "dossier.reading.attached.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings,
        start_new_session=True,
    )


def framed(pipe: BinaryIO | object, message: bytes) -> None:
    """Writes one message: its length, then itself."""
    pipe.write(len(message).to_bytes(8, "big"))  # type: ignore[union-attr]
    pipe.write(message)  # type: ignore[union-attr]
    pipe.flush()  # type: ignore[union-attr]


def unframed(pipe: object, bound: int = _QUESTION_BOUND) -> bytes | None:
    """One message; None where the other side is gone, or says more than it may."""
    length = _exactly(pipe, 8)
    if length is None:
        return None
    size = int.from_bytes(length, "big")
    return _exactly(pipe, size) if size <= bound else None


def _exactly(pipe: object, size: int) -> bytes | None:
    pieces: list[bytes] = []
    while size > 0:
        piece: bytes = pipe.read(min(size, 1 << 20))  # type: ignore[attr-defined]
        if not piece:
            return None
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


_beside = Apart()
atexit.register(_beside.close)


def read_apart(body: bytes, name: str, content_type: str, origin: str = "") -> Said:
    """What a file says, asked of this process's own reader of files."""
    return _beside.read(body, name, content_type, origin)


def limits_here() -> Limits:
    """What this system holds the reader of files to; starts it where it does not run yet."""
    _beside.read(b"", "", "")
    assert _beside.limits is not None
    return _beside.limits
