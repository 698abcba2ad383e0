"""What people decided comes back row for row, with the evidence it stands on; a bad backup changes nothing."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homes import UNITS, night, small_home

from desk.backup import backup
from desk.evidence import check_chain, check_run
from desk.restore import restore
from dossier import store
from dossier.archive import read_body, read_captures
from dossier.errors import BadInput
from dossier.home import Home
from dossier.store import Decision, Note

NOW = datetime(2020, 10, 2, 1, 0, tzinfo=UTC)
NUMBER = "A01-2020-0001"


def decided(home: Home, run_id: str = "R2") -> None:
    with store.open_store(home.database) as kept:
        store.record_decision(
            kept, Decision(deficiency_no=NUMBER, run_id=run_id, kind="dismiss", reason="已电话核实", who="张三", at=NOW)
        )  # fmt: skip
        store.add_note(kept, Note(deficiency_no=NUMBER, text="=1+1 也是文字", who="李四", at=NOW))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = small_home(tmp_path / "home")
    made.settings_toml.write_text("[report]\noffice = '办公室'\n", "utf-8")
    (made.root / "tables").mkdir()
    (made.root / "tables" / "calendar.toml").write_text("# 没有更正\n", "utf-8")
    (made.data / "imports").mkdir()
    (made.data / "imports" / "shot.png").write_bytes(b"\x89PNG picture")
    (made.reports / "R2").mkdir(parents=True)
    (made.reports / "R2" / "A01.html").write_text("<p>报告</p>", "utf-8")
    decided(made)
    return made


def everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "nightly.lock"
    }


def test_a_home_comes_back_row_for_row_and_byte_for_byte(home: Home, tmp_path: Path) -> None:
    before, rows = everything(home.root), store.row_digests(home.database)
    done = backup(home, tmp_path / "b.zip", at=NOW)
    assert everything(home.root) == before
    assert (done.decisions, done.runs) == (1, 1)
    again = Home(tmp_path / "new")
    restored = restore(again, tmp_path / "b.zip", at=NOW)
    assert (restored.decisions, restored.aside) == (1, None)
    assert store.row_digests(again.database) == rows
    assert rows["decision"][0] == rows["note"][0] == 1
    after = everything(again.root)
    for name in ("unit_sites.csv", "settings.toml", "tables/calendar.toml", "data/imports/shot.png", "reports/R2/A01.html",
                 "data/runs/R2/A01/A01-revisits-000.warc.gz", "data/runs/R2/A01/captures.jsonl.gz", "data/runs/R2/manifest.json",
                 "data/runs/R1/A01/A01-000.warc.gz"):  # fmt: skip
        assert after[name] == before[name], name
    assert not [name for name in after if name.startswith(("precious", ".restore"))]


def test_restored_evidence_can_be_shown_and_what_was_left_out_is_said(home: Home, tmp_path: Path) -> None:
    with store.open_store(home.database) as kept:
        night(home, kept, 3)
    backup(home, tmp_path / "b.zip", at=NOW)
    again = Home(tmp_path / "new")
    restore(again, tmp_path / "b.zip", at=NOW)
    for capture in read_captures(again.run("R2") / "A01"):
        if capture.sha256:  # R2's pages are revisits: their bodies stand in R1's archive, which came along
            assert hashlib.sha256(read_body(again.runs, "R2", "A01", capture)).hexdigest() == capture.sha256
    with store.open_store(again.database) as kept:
        assert check_chain(kept, again) == []
        assert check_run(kept, again, "R2").word == "存档完好"
        lacking = check_run(kept, again, "R1")
        assert (lacking.faults, lacking.word) == ([], "无法核验")
        assert any("没有随备份恢复" in one for one in lacking.unverifiable)


def test_all_evidence_can_be_carried(home: Home, tmp_path: Path) -> None:
    with store.open_store(home.database) as kept:
        night(home, kept, 3)
    backup(home, tmp_path / "b.zip", at=NOW, everything=True)
    again = Home(tmp_path / "new")
    restore(again, tmp_path / "b.zip", at=NOW)
    with store.open_store(again.database) as kept:
        assert [check_run(kept, again, run).word for run in ("R1", "R2", "R3")] == ["存档完好"] * 3
    assert everything(again.runs) == everything(home.runs)


def test_a_backup_while_others_write_is_one_moment(home: Home, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with store.open_store(home.database) as kept:
            while not stop.is_set():
                store.add_note(kept, Note(deficiency_no=NUMBER, text="又一条", who="王五", at=NOW))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup(home, tmp_path / f"{number}.zip", at=NOW)
    finally:
        stop.set()
        writer.join()
    counts = []
    for number in range(3):
        again = Home(tmp_path / f"new-{number}")
        restore(again, tmp_path / f"{number}.zip", at=NOW)
        counts.append(store.row_digests(again.database)["note"][0])
    assert counts == sorted(counts)
    assert counts[-1] > 1


def test_a_backup_is_for_its_owner_alone(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0


def test_a_backup_that_breaks_leaves_the_last_one_as_it_was(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    before = everything(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        backup(home, tmp_path / "b.zip", at=NOW)
    assert everything(tmp_path) == before


def test_a_home_with_data_is_not_overwritten(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    before = everything(home.root)
    with pytest.raises(BadInput, match="已有数据"):
        restore(home, tmp_path / "b.zip", at=NOW)
    assert everything(home.root) == before


def test_a_forced_restore_puts_what_was_there_aside(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    rows = store.row_digests(home.database)
    with store.open_store(home.database) as kept:
        store.add_note(kept, Note(deficiency_no=NUMBER, text="备份之后", who="张三", at=NOW))
        night(home, kept, 3)
    later, runs = store.row_digests(home.database), everything(home.runs)
    home.units_csv.write_text(UNITS + "# 改坏了\n", "utf-8")
    done = restore(home, tmp_path / "b.zip", at=NOW, force=True)
    assert store.row_digests(home.database) == rows
    assert home.units_csv.read_text("utf-8") == UNITS
    assert done.aside is not None
    assert store.row_digests(done.aside / "data" / "gongkai.db") == later
    assert everything(done.aside / "data" / "runs") == runs
    assert (done.aside / "unit_sites.csv").is_file()


def test_a_restore_that_breaks_half_way_is_undone(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    with store.open_store(home.database) as kept:
        store.add_note(kept, Note(deficiency_no=NUMBER, text="备份之后", who="张三", at=NOW))
    before = everything(home.root)
    moved = 0
    rename = Path.rename

    def breaks(self: Path, target: Path) -> Path:
        nonlocal moved
        moved += 1
        if moved == 6:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", breaks)
    with pytest.raises(OSError, match="Input/output"):
        restore(home, tmp_path / "b.zip", at=NOW, force=True)
    assert everything(home.root) == before


def test_a_clean_checkout_takes_a_backup(home: Home, tmp_path: Path) -> None:
    """A new installation has a unit list and tables of its own, but no data."""
    backup(home, tmp_path / "b.zip", at=NOW)
    again = Home(tmp_path / "new")
    again.root.mkdir()
    again.units_csv.write_text(UNITS.replace("测试", "别的"), "utf-8")
    done = restore(again, tmp_path / "b.zip", at=NOW)
    assert again.units_csv.read_text("utf-8") == UNITS
    assert done.aside is not None
    assert "别的" in (done.aside / "unit_sites.csv").read_text("utf-8")


def test_every_torn_backup_is_refused_and_nothing_is_made(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    content = (tmp_path / "b.zip").read_bytes()
    before = everything(tmp_path)
    for cut in range(0, len(content), max(1, len(content) // 25)):
        (tmp_path / "b.zip").write_bytes(content[:cut])
        with pytest.raises(BadInput) as caught:
            restore(Home(tmp_path / "new"), tmp_path / "b.zip", at=NOW)
        assert all(problem.mend for problem in caught.value.problems)
        assert not (tmp_path / "new").exists()
    (tmp_path / "b.zip").write_bytes(content)
    assert everything(tmp_path) == before


def test_a_flipped_bit_anywhere_in_a_file_is_refused(home: Home, tmp_path: Path) -> None:
    backup(home, tmp_path / "b.zip", at=NOW)
    content = (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip") as zipped:
        places = [
            info.header_offset + 80 + info.compress_size // 2
            for info in zipped.infolist()
            if info.file_size > 500
        ]
    for place in places:
        (tmp_path / "b.zip").write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(BadInput):
            restore(Home(tmp_path / "new"), tmp_path / "b.zip", at=NOW)
        assert not (tmp_path / "new").exists()


def test_a_backup_by_a_later_version_is_refused(home: Home, tmp_path: Path) -> None:
    with sqlite3.connect(home.database) as later:
        later.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongkai', 'from_the_future', 'x')"
        )
    later.close()
    with pytest.raises(store.StoreTooNew):
        backup(home, tmp_path / "b.zip", at=NOW)


def test_links_are_not_followed_into_a_backup(home: Home, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("秘密", "utf-8")
    (home.data / "imports" / "link.png").symlink_to(tmp_path / "secret")
    backup(home, tmp_path / "b.zip", at=NOW)
    with zipfile.ZipFile(tmp_path / "b.zip") as zipped:
        assert "data/imports/link.png" not in zipped.namelist()
