"""Whatever a person hands in, a bad file is refused with place and mend in Chinese, and nothing is changed."""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path

import pytest
from bad_files import CASES, GOOD_UNITS, Bad

from desk.cli import main
from dossier.store import open_store

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ADVICE = re.compile(r"请|应|可|写|填|只|要")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    (made / "unit_sites.csv").write_text(GOOD_UNITS, "utf-8")
    with open_store(made / "data" / "gongkai.db"):
        pass
    return made


def everything(folder: Path) -> dict[str, str]:
    """Every file and folder below a folder, files with their digests."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else ""
        for path in folder.rglob("*")
    }


def called(home: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["gongkai", "--home", str(home), "--as-of", "2020-09-30", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 150
    assert len({bad.name for bad in CASES}) == len(CASES)


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_in_chinese_and_changes_nothing(
    bad: Bad, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.chdir(scratch)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    words = bad.make(home, scratch)
    before = everything(tmp_path)
    begun = time.monotonic()
    code = called(home, words, monkeypatch)
    said = capsys.readouterr()
    assert code == 2, said.err + said.out
    assert time.monotonic() - begun < 20
    assert bad.place in said.err
    assert "Traceback" not in said.err
    for line in said.err.strip().split("\n"):
        assert len(line) < 2000
    assert CHINESE.search(said.err)
    assert ADVICE.search(said.err)
    assert "还没有任何批次" not in said.err
    assert everything(tmp_path) == before


def test_a_good_home_is_not_refused_for_its_files(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(home, ["judge"], monkeypatch) == 2
    assert "还没有任何批次" in capsys.readouterr().err  # all was read; there is only nothing to judge


def test_files_that_may_not_be_read_are_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (home / "unit_sites.csv").chmod(0)
    assert called(home, ["judge"], monkeypatch) == 2
    assert "unit_sites.csv" in capsys.readouterr().err
