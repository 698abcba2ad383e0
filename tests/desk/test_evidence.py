"""Evidence that anybody changed, dropped or slipped in is named; what was never sealed is not called sound."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homes import PAGES, body, crawled, night, small_home, written_run
from nights import unit
from warcio.archiveiterator import ArchiveIterator

from desk.cli import main
from desk.evidence import check_chain, check_run, seal
from desk.evidence_sheet import export_finding
from desk.ingest import ingest
from desk.installation import Installation
from dossier import store
from dossier.archive import BodyMissing, close_folder, excerpt, read_captures
from dossier.archive.repair import TAIL, members
from dossier.errors import BadInput
from dossier.home import Home
from dossier.reading import load_vocabulary
from dossier.store.sights import keep_sights, sights_of

NOW = datetime(2020, 10, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "home"
    small_home(root)
    return root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(made, tmp_path / "home")))


def faults(home: Home, run_id: str = "R2") -> list[str]:
    with store.open_store(home.database) as kept:
        return [*check_chain(kept, home), *check_run(kept, home, run_id).faults]


def said(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["gongkai", "--home", str(home.root), *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0), capsys.readouterr().out


def test_an_untouched_home_is_sound(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert faults(home, "R1") == faults(home) == []
    code, words = said(home, monkeypatch, capsys, "evidence", "verify", "--all")
    assert (code, words.count("存档完好")) == (0, 2)


@pytest.mark.parametrize(
    "name",
    ["A01/A01-revisits-000.warc.gz", "A01/captures.jsonl.gz", "A01/facts.jsonl", "A01/unit.json", "run.json", "manifest.json"],
)  # fmt: skip
def test_any_flipped_bit_is_named(home: Home, name: str) -> None:
    path = home.run("R2") / name
    content = bytearray(path.read_bytes())
    for place in (0, len(content) // 3, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1 << (place % 8)
        path.write_bytes(changed)
        assert any(name in fault for fault in faults(home)), place
    path.write_bytes(content)
    assert faults(home) == []


@pytest.mark.parametrize(
    "name", ["A01/A01-revisits-000.warc.gz", "A01/facts.jsonl", "run.json", "manifest.json"]
)
def test_a_missing_file_is_named(home: Home, name: str) -> None:
    (home.run("R2") / name).unlink()
    assert any(name in fault and "不在" in fault for fault in faults(home))


def test_a_missing_unit_is_named(home: Home) -> None:
    shutil.rmtree(home.run("R2") / "A01")
    assert any("A01/captures.jsonl.gz：文件不在了" in fault for fault in faults(home))


def test_a_missing_run_is_named(home: Home) -> None:
    shutil.rmtree(home.run("R1"))
    assert any("R1" in fault for fault in faults(home))


def test_an_added_file_is_named(home: Home) -> None:
    crawled(home, 2, "A02")
    assert any("A02/unit.json：清单中没有的文件" in fault for fault in faults(home))


def test_an_added_record_is_named_even_where_the_manifest_was_made_to_fit(home: Home) -> None:
    folder = home.run("R2") / "A01"
    path = folder / "A01-revisits-000.warc.gz"
    path.write_bytes(path.read_bytes() * 2)
    found = faults(home)
    assert any("A01-revisits-000.warc.gz：内容与封存时的摘要不符" in fault for fault in found)
    assert any("清单中没有的应答记录" in fault for fault in found)


def test_a_manifest_written_anew_does_not_fit_the_chain(home: Home) -> None:
    (home.run("R1") / "A01" / "facts.jsonl").write_bytes(b"")
    with contextlib.closing(sqlite3.connect(home.database)) as forger:
        forger.execute("DROP TRIGGER manifest_is_never_erased")
        forger.execute("DELETE FROM manifest WHERE run_id = 'R1'")
        forger.commit()
    (home.run("R1") / "manifest.json").unlink()
    with store.open_store(home.database) as kept:
        seal(kept, home, "R1", NOW)
        assert check_run(kept, home, "R1").faults == []
        assert any("链条在此断开" in fault for fault in check_chain(kept, home))


def test_a_database_that_differs_from_the_list_is_named(home: Home) -> None:
    with store.open_store(home.database) as kept, kept.writing():
        (last,) = kept.ask("SELECT max(no) FROM visit")[0]
        keep_sights(kept, last, [one for one in sights_of(kept, (last,)) if one.seq != 1])
    assert any("数据库缺 1 条" in fault for fault in faults(home))


def test_a_seal_is_never_changed(home: Home) -> None:
    with contextlib.closing(sqlite3.connect(home.database)) as forger:
        for word in ("UPDATE manifest SET sha256 = sha256", "DELETE FROM manifest"):
            with pytest.raises(sqlite3.IntegrityError):
                forger.execute(word)


def test_sealing_again_changes_nothing(home: Home) -> None:
    before = (home.run("R2") / "manifest.json").read_bytes()
    with store.open_store(home.database) as kept:
        chain = store.seals(kept)
        seal(kept, home, "R2", NOW)
        assert store.seals(kept) == chain
    assert (home.run("R2") / "manifest.json").read_bytes() == before


def test_a_run_without_a_manifest_cannot_be_verified(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.open_store(home.database) as kept:
        night(home, kept, 3, sealed=False)
    code, words = said(home, monkeypatch, capsys, "evidence", "verify")
    assert code == 3
    assert "无法核验" in words
    assert "完好" not in words


def test_unsound_evidence_ends_with_2_and_names_run_file_and_address(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.run("R1") / "A01" / "A01-000.warc.gz"
    first = read_captures(path.parent)[1]
    content = bytearray(path.read_bytes())
    content[first.offset + 200] ^= 16
    path.write_bytes(content)
    code, words = said(home, monkeypatch, capsys, "evidence", "verify", "--run", "R1")
    assert code == 2
    assert "A01/A01-000.warc.gz" in words
    assert "发现" in words


def test_an_interrupted_unit_is_said_but_is_no_forgery(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home", nights=1)
    folder = written_run(home, 2)
    part = crawled(home, 2, closed=False)
    with (part / "A01-000.warc.gz").open("ab") as end:
        end.write(b"\x1f\x8b\x08\x00torn")
    assert close_folder(part) == ("A01-000.warc.gz",)
    with store.open_store(home.database) as kept:
        ingest(kept, folder, [unit()], vocabulary=load_vocabulary(home))
        seal(kept, home, "R2", NOW)
        checked = check_run(kept, home, "R2")
    assert checked.faults == []
    assert any("unit.json" in note and "中断" in note for note in checked.notes)


def test_what_is_whole_in_a_torn_archive_is_kept_and_the_rest_lies_beside_it(tmp_path: Path) -> None:
    home = small_home(tmp_path / "home", nights=1)
    path = home.run("R1") / "A01" / "A01-000.warc.gz"
    content = path.read_bytes()
    ends = [0, *(end for _, end in members(path))]
    assert ends[-1] == len(content)
    for cut in (ends[2] + 5, ends[3], ends[3] + 1, len(content) - 1):
        path.write_bytes(content[:cut])
        tail = path.with_name(path.name + TAIL)
        tail.unlink(missing_ok=True)
        close_folder(path.parent)
        whole = max(end for end in ends if end <= cut)
        assert path.read_bytes() == content[:whole]
        assert (tail.read_bytes() if tail.exists() else b"") == content[whole:cut]


def test_a_torn_last_line_is_cut_off_and_kept(tmp_path: Path) -> None:
    (tmp_path / "captures.jsonl").write_bytes(b'{"a":1}\n{"b":')
    assert close_folder(tmp_path) == ("captures.jsonl",)
    assert (tmp_path / "captures.jsonl").read_bytes() == b'{"a":1}\n'
    assert (tmp_path / f"captures.jsonl{TAIL}").read_bytes() == b'{"b":'
    assert close_folder(tmp_path) == ()


def exported(home: Home, out: Path, run_id: str | None = None) -> int:
    installation = Installation.of(home=home.root, as_of=NOW.date())
    with store.open_store(home.database) as kept:
        return export_finding(kept, installation, "A01-2020-0001", out, run_id=run_id, at=NOW)


def test_one_finding_leaves_the_house_with_all_it_rests_on(home: Home, tmp_path: Path) -> None:
    assert exported(home, tmp_path / "e.zip") == 1
    shutil.rmtree(home.root)  # it must open without us
    with zipfile.ZipFile(tmp_path / "e.zip") as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"
    }
    answers = {}
    for record in ArchiveIterator(io.BytesIO(files["evidence.warc.gz"])):
        if record.rec_type == "response":
            answers[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
    assert answers == {PAGES[1]: body(PAGES[1])}  # night 2 had it as a revisit; the body came along
    digest = hashlib.sha256(body(PAGES[1])).hexdigest()
    tonight = [json.loads(line) for line in gzip.decompress(files["captures.jsonl.gz"]).splitlines()]
    line = next(one for one in tonight if one["asked_url"] == PAGES[1])
    first = [json.loads(line) for line in files["R1/captures.jsonl"].splitlines()]
    original = next(one for one in first if f"R1/A01/{one.get('warc')}@{one.get('offset')}" == line["like"])
    assert original["sha256"] == digest
    for before, name in (("", "captures.jsonl.gz"), ("R1/", "captures.jsonl")):
        manifest = json.loads(files[f"{before}manifest.json"])
        listed = {file["path"]: file["sha256"] for file in manifest["files"]}
        assert listed[f"A01/{name}"] == sums[f"{before}{name}"]
    assert [one["sha256"] for one in json.loads(files["chain.json"])][-1] == sums["manifest.json"]


def test_the_sheet_says_what_where_when_and_carries_no_foreign_script(home: Home, tmp_path: Path) -> None:
    exported(home, tmp_path / "e")
    sheet = (tmp_path / "e" / "index.html").read_text("utf-8")
    for word in (
        "A01-2020-0001",
        "测试市人民政府",
        PAGES[1],
        "北京时间",
        "存档完好",
        "《",
        hashlib.sha256(body(PAGES[1])).hexdigest(),
    ):
        assert word in sheet
    assert "&lt;script&gt;" in sheet
    assert "<script" not in sheet
    assert 'src="http' not in sheet
    assert "<link" not in sheet


def test_a_finding_can_be_shown_as_an_earlier_run_saw_it(home: Home, tmp_path: Path) -> None:
    assert exported(home, tmp_path / "e.zip", "R1") == 1
    with pytest.raises(BadInput, match="没有发现"):
        exported(home, tmp_path / "f.zip", "R7")


def test_what_is_not_there_is_said(home: Home, tmp_path: Path) -> None:
    installation = Installation.of(home=home.root, as_of=NOW.date())
    with store.open_store(home.database) as kept, pytest.raises(BadInput, match="没有编号"):
        export_finding(kept, installation, "A01-2020-9999", tmp_path / "e.zip", run_id=None, at=NOW)
    (home.run("R1") / "A01" / "A01-000.warc.gz").unlink()
    with pytest.raises(BadInput, match="证据不全"):
        exported(home, tmp_path / "e.zip")
    assert not (tmp_path / "e.zip").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_bytes(b"")
    with pytest.raises(BadInput):
        exported(home, tmp_path / "full")


def test_no_place_leads_out_of_the_runs(home: Home) -> None:
    with pytest.raises(BodyMissing):
        excerpt(home.runs, ["../../etc/passwd@0"], "x")
