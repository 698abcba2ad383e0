"""When the program itself breaks, a person reads a sentence, and a developer finds the rest in a file."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from bad_files import GOOD_UNITS

from desk import installation
from desk.cli import main
from desk.faults import LOG, say_fault
from dossier.home import Home
from dossier.store import open_store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "unit_sites.csv").write_text(GOOD_UNITS, "utf-8")
    with open_store(tmp_path / "data" / "gongkai.db"):
        pass
    return tmp_path


def left_with(home: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["gongkai", "--home", str(home), *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def broken(error: BaseException) -> object:
    def check(_: object) -> None:
        raise error

    return check


def test_a_fault_is_one_chinese_sentence_and_a_log(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GONGKAI_DEBUG", raising=False)
    monkeypatch.setattr(installation.Installation, "check", broken(ZeroDivisionError("division by zero")))
    assert left_with(home, monkeypatch, "judge") == 1
    said = capsys.readouterr().err
    assert "程序出错，没有做完" in said
    assert "Traceback" not in said
    assert str(home / "data" / LOG) in said
    assert "ZeroDivisionError: division by zero" in (home / "data" / LOG).read_text("utf-8")


def test_a_developer_sees_the_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGKAI_DEBUG", "1")
    monkeypatch.setattr(installation.Installation, "check", broken(ZeroDivisionError()))
    assert left_with(home, monkeypatch, "judge") == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_says_so_and_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installation.Installation, "check", broken(KeyboardInterrupt()))
    assert left_with(home, monkeypatch, "judge") == 1
    assert capsys.readouterr().err.strip() == "已中断。"
    assert not (home / "data" / LOG).exists()


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "权限"),
        (sqlite3.OperationalError("database is locked"), "占用"),
        (sqlite3.OperationalError("database or disk is full"), "磁盘已满"),
        (sqlite3.DatabaseError("database disk image is malformed"), "gongkai restore"),
        (sqlite3.DatabaseError("file is not a database"), "gongkai restore"),
    ],
)
def test_faults_that_a_person_can_mend_are_said_with_the_mend(
    home: Path, error: Exception, word: str
) -> None:
    assert word in say_fault(error, Home(home))


def test_a_broken_database_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "data" / "gongkai.db").write_bytes(b"no database at all" * 100)
    assert left_with(home, monkeypatch, "judge") == 1
    assert "gongkai restore" in capsys.readouterr().err


def test_a_database_of_a_later_version_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    later = sqlite3.connect(home / "data" / "gongkai.db")
    later.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongkai', 'from_the_future', 'x')"
    )
    later.commit()
    later.close()
    assert left_with(home, monkeypatch, "judge") == 2
    assert "升级" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["desk", "desk.cli"])
def test_the_commands_are_there_however_the_program_is_started(module: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", module, "--help"], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    for name in ("nightly", "backup", "restore", "evidence", "probe"):
        assert name in said


STOPPED = """import signal
from desk import cli
cli.registered().main = lambda **_: signal.raise_signal(signal.SIGTERM)
cli.main()"""


def test_sigterm_ends_like_ctrl_c() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED], check=False, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr.strip()) == (1, "已中断。")
