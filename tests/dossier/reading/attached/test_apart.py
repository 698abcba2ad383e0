"""Whatever a file does to its parser, it does it to a process of its own, and the next file is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dossier.model import PageFacts
from dossier.reading.attached import apart as module
from dossier.reading.attached.apart import Apart, limits_here
from dossier.reading.files import read_attachment

from .hostile import BOMBS, sound, torn
from .test_formats import TEXT, docx

CAN_LIMIT = sys.platform.startswith("linux")


@pytest.fixture
def beside() -> Iterator[Apart]:
    made = Apart(wall_seconds=60, cpu_seconds=4)
    yield made
    made.close()


def says(reader: Apart, body: bytes = b"") -> str:
    return reader.read(body or docx(), "a.docx", "").text


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_no_more_than_itself(bomb: str, beside: Apart) -> None:
    make, faults = BOMBS[bomb]
    said = beside.read(make(), "P0201.doc", "")
    assert said.fault in faults
    assert len(said.text) <= 1_000_000
    assert TEXT in says(beside)


def test_torn_files_never_break_more_than_their_own_reading(beside: Apart) -> None:
    for name, body in sound().items():
        for seed in range(12):
            said = beside.read(torn(body, seed), name, "")
            assert said.fault in {"", "broken", "format", "encrypted", "too-costly", "scanned", "garbled"}, (
                name,
                seed,
            )
    assert TEXT in says(beside)


def test_many_files_are_read_by_one_process(beside: Apart) -> None:
    for _ in range(20):
        assert TEXT in says(beside)
    assert beside.started == 1


def test_a_process_that_is_killed_between_files_is_started_again(beside: Apart) -> None:
    assert TEXT in says(beside)
    beside._process.kill()  # type: ignore[union-attr]
    assert TEXT in says(beside)
    assert beside.started == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_file_that_holds_its_process_is_given_up(beside: Apart) -> None:
    assert TEXT in says(beside)
    beside.wall_seconds = 2
    os.kill(beside._process.pid, signal.SIGSTOP)  # type: ignore[union-attr]
    assert beside.read(docx(), "a.docx", "").fault == "too-costly"
    assert TEXT in says(beside)


def test_a_process_that_dies_of_a_file_costs_that_file_only(
    beside: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = [sys.executable, "-c", DIES]
    start = module._start
    monkeypatch.setattr(module, "_start", lambda: piped(dying))
    assert beside.read(docx(), "a.docx", "").fault == "too-costly"
    monkeypatch.setattr(module, "_start", start)
    assert TEXT in says(beside)


DIES = """
import sys, msgspec
from dossier.reading.attached.apart import Limits, framed, unframed
framed(sys.stdout.buffer, msgspec.msgpack.encode(Limits()))
unframed(sys.stdin.buffer)
"""
LIES = DIES + "framed(sys.stdout.buffer, b'x' * 99)"


def piped(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_an_answer_that_is_none_is_not_believed(beside: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_start", lambda: piped([sys.executable, "-c", LIES]))
    assert beside.read(docx(), "a.docx", "").fault == "too-costly"


def test_where_no_process_starts_the_file_is_unread_and_not_at_fault(
    beside: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_start", lambda: piped([sys.executable, "-c", "pass"]))
    assert beside.read(docx(), "a.docx", "").fault == "no-reader"


def test_a_process_that_is_killed_before_its_first_word_is_started_once_more(
    beside: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, started = module._start, [0]

    def start() -> subprocess.Popen[bytes]:
        started[0] += 1
        return piped([sys.executable, "-c", "pass"]) if started[0] == 1 else true()

    monkeypatch.setattr(module, "_start", start)
    assert not beside.read(docx(), "a.docx", "").fault
    assert beside.started == 2


@pytest.mark.skipif(not CAN_LIMIT, reason="needs the limits of Linux")
def test_an_origin_of_many_bombs_gets_less_time_each(beside: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    granted: list[float] = []
    monkeypatch.setattr(beside, "_ask", lambda _, seconds: granted.append(seconds))
    for _ in range(5):
        beside.read(b"x", "a.pdf", "", origin="bad.gov.cn")
    beside.read(b"x", "a.pdf", "", origin="good.gov.cn")
    asked = granted[::2]
    assert asked[0] == asked[-1] == beside.wall_seconds
    assert asked[3] < beside.wall_seconds / 5


@pytest.mark.skipif(not CAN_LIMIT, reason="needs the limits of Linux")
def test_a_parser_that_swells_or_spins_is_stopped_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for what in ("x = bytearray(3_000_000_000)", "while True: pass"):
        code = SERVES.format(what=what)
        monkeypatch.setattr(module, "_start", lambda code=code: piped([sys.executable, "-c", code]))
        reader = Apart(wall_seconds=60, cpu_seconds=1)
        assert reader.read(docx(), "a.docx", "").fault in ("too-costly", "broken")
        reader.close()


SERVES = """
from dossier.reading.attached import worker
def extract(body, name, content_type=""):
    {what}
worker.extract = extract
worker.main()
"""


def test_many_threads_are_served_one_after_the_other(beside: Apart) -> None:
    heard: list[str] = []
    threads = [threading.Thread(target=lambda: heard.append(says(beside))) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(heard) == 6
    assert all(TEXT in text for text in heard)
    assert beside.started == 1


def test_what_the_system_holds_the_process_to_is_known() -> None:
    limits = limits_here()
    if CAN_LIMIT:
        assert limits.cpu
        assert limits.memory_bytes == module.MEMORY_BYTES


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_the_process_does_not_outlive_a_caller_that_was_killed() -> None:
    code = (
        "import os, signal\nfrom dossier.reading.attached.apart import Apart\nbeside = Apart()\n"
        "beside.read(b'%PDF-', 'a.pdf', '')\nprint(beside._process.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert _ends(int(done.stdout))


def _ends(pid: int) -> bool:
    for _ in range(300):
        state = Path(f"/proc/{pid}/stat")
        try:
            os.kill(pid, 0)
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_no_parser_of_files_is_ever_loaded_where_the_crawler_runs() -> None:
    code = (
        "import sys\nfrom dossier.reading.files import read_attachment\n"
        f"facts = read_attachment({docx()!r}, url='http://a.gov.cn/a.docx', content_type='')\n"
        f"assert {TEXT!r} in facts.text\n"
        "print([name for name in ('pypdfium2', 'pdfplumber', 'openpyxl', 'xlrd', 'olefile', 'striprtf', 'docx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_files_of_a_size_beyond_all_sense_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    monkeypatch.setattr("dossier.reading.files.read_apart", lambda body, *_: asked.append(body))
    facts: PageFacts = read_attachment(
        b"%PDF-" + b"x" * 60_000_001, url="http://a.gov.cn/a.pdf", content_type=""
    )
    assert facts.unreadable == "too-large"
    assert not asked


def test_the_limits_say_so_where_a_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from dossier.reading.attached import worker

    nothing: ModuleType | None = None
    monkeypatch.setattr(worker, "_resource", lambda: nothing)
    limits = worker.bounded(module.Limits())
    assert limits.memory_bytes == 0
    assert not limits.cpu
