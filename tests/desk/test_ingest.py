"""The files of a run can be read into the database as often as one likes, and rebuilt from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from nights import BEGIN, HOME, dump, report, unit

from desk.ingest import ingest
from dossier import store
from dossier.archive import ArchiveWriter, Exchange, FactsRecord, LineFile, append_account, write_report
from dossier.home import Home
from dossier.model import AccountFacts, Capture, KnownPage, PageFacts, Reach
from dossier.model.page import READER_VERSION
from dossier.reading import Vocabulary, load_vocabulary, read
from dossier.store import Store, open_store

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>关于做好防汛工作的通知--测试市人民政府</title></head><body>
<h1>关于做好防汛工作的通知</h1><div class="content"><p>发布时间：2020-09-01</p><p>{}</p></div></body></html>"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    return load_vocabulary(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def body(url: str) -> bytes:
    return PAGE.format(f"{url}：请各单位认真贯彻落实，确保安全度汛。" * 3).encode()


def crawl(
    runs: Path,
    vocabulary: Vocabulary,
    number: int = 1,
    *,
    reader: int = READER_VERSION,
    read_too: bool = True,
    known: dict[str, KnownPage] | None = None,
) -> Path:
    """A run folder as the crawler leaves it: two pages, one dead link, one account."""
    folder = runs / f"R{number}"
    unit_folder = folder / "A01"
    as_of = date(2020, 9, 28 + number)
    with ArchiveWriter(unit_folder, "A01") as writer:
        lines = LineFile(unit_folder / "facts.jsonl")
        for url in (HOME, HOME + "a.html"):
            exchange = Exchange(
                url=url,
                at=BEGIN,
                status=200,
                response_headers=(("Content-Type", "text/html"),),
                body=body(url),
            )
            placed = writer.add(
                Capture(
                    unit_id="A01", asked_url=url, final_url=url, at=BEGIN, reach=Reach.OK, status=200,
                    content_type="text/html",
                ),
                [exchange],
                (known or {}).get(url),
            )  # fmt: skip
            facts = read(body(url), url=url, content_type="text/html", as_of=as_of, vocabulary=vocabulary)
            if read_too:
                facts = msgspec.structs.replace(facts, reader=reader)
                lines.add(FactsRecord(sha256=placed.sha256, url=url, facts=facts))
        lines.close()
        writer.add(
            Capture(unit_id="A01", asked_url=HOME + "x", at=BEGIN, reach=Reach.SILENT, reason="timeout")
        )
    append_account(unit_folder, AccountFacts(unit_id="A01", channel="weibo", account_id="7", state="open"))
    write_report(unit_folder, report(number))
    run_file = {
        "run_id": folder.name,
        "as_of": as_of,
        "started": BEGIN,
        "settings": {"crawl": {}},
        "tables": {},
    }
    (folder / "run.json").write_bytes(msgspec.json.encode(run_file))
    return folder


def facts_of(kept: Store, url: str, number: int = 1) -> PageFacts | None:
    seen = store.facts_for(kept, f"R{number}", "A01")
    return seen.facts_of(next(one for one in seen.captures if one.asked_url == url))


def test_a_run_folder_becomes_a_run(tmp_path: Path, kept: Store, vocabulary: Vocabulary) -> None:
    folder = crawl(tmp_path / "runs", vocabulary)
    done = ingest(kept, folder, [unit()], vocabulary=vocabulary)
    assert [(one.closed, one.captures, one.read_again, one.trouble) for one in done] == [(True, 3, 0, ())]
    run = store.run_info(kept, "R1")
    assert run is not None
    assert (run.as_of, run.settings) == (date(2020, 9, 29), '{"crawl":{}}')
    found = facts_of(kept, HOME)
    assert found is not None
    assert found.title == "关于做好防汛工作的通知"
    assert facts_of(kept, HOME + "x") is None
    assert [one.account_id for one in store.accounts_of(kept, "R1", "A01")] == ["7"]


def test_ingesting_a_run_again_changes_no_row(tmp_path: Path, kept: Store, vocabulary: Vocabulary) -> None:
    folder = crawl(tmp_path / "runs", vocabulary)
    ingest(kept, folder, [unit()], vocabulary=vocabulary)
    rows = dump(kept.path)
    ingest(kept, folder, [unit()], vocabulary=vocabulary)
    assert dump(kept.path) == rows


@pytest.mark.parametrize("left", [{"reader": READER_VERSION - 1}, {"read_too": False}], ids=["older", "none"])
def test_a_body_without_a_reading_of_today_is_read_from_the_archive(
    tmp_path: Path, kept: Store, vocabulary: Vocabulary, left: dict[str, int]
) -> None:
    folder = crawl(tmp_path / "runs", vocabulary, **left)  # type: ignore[arg-type]  # one of two flags
    done = ingest(kept, folder, [unit()], vocabulary=vocabulary)
    assert done[0].read_again == 2
    found = facts_of(kept, HOME)
    assert found is not None
    assert (found.reader, found.title) == (READER_VERSION, "关于做好防汛工作的通知")
    again = ingest(kept, folder, [unit()], vocabulary=vocabulary)
    assert again[0].read_again == 0


def test_an_old_reading_serves_where_the_body_is_lost(
    tmp_path: Path, kept: Store, vocabulary: Vocabulary
) -> None:
    folder = crawl(tmp_path / "runs", vocabulary, reader=READER_VERSION - 1)
    for archive in (folder / "A01").glob("*.warc.gz"):
        archive.unlink()
    done = ingest(kept, folder, [unit()], vocabulary=vocabulary)
    assert len(done[0].trouble) == 2
    found = facts_of(kept, HOME)
    assert found is not None
    assert found.reader == READER_VERSION - 1


def test_a_second_night_over_an_unchanged_site_stores_no_body_and_no_reading_twice(
    tmp_path: Path, kept: Store, vocabulary: Vocabulary
) -> None:
    ingest(kept, crawl(tmp_path / "runs", vocabulary, 1), [unit()], vocabulary=vocabulary)
    known = {page.url: page for page in store.known_pages(kept, "A01")}
    assert set(known) == {HOME, HOME + "a.html"}
    second = crawl(tmp_path / "runs", vocabulary, 2, known=known, read_too=False)
    done = ingest(kept, second, [unit()], vocabulary=vocabulary)
    assert done[0].read_again == 0, "the reading of the first night serves"
    assert kept.ask("SELECT count(*) FROM facts") == [(2,)]
    revisit = store.facts_for(kept, "R2", "A01").captures[0]
    assert revisit.revisit_of == "R1/A01-000.warc.gz"
    assert facts_of(kept, HOME, 2) == facts_of(kept, HOME, 1)
    third = {page.url: page for page in store.known_pages(kept, "A01")}
    assert third[HOME].warc == known[HOME].warc, "the body still stands in the first night"


def test_the_database_can_be_built_again_from_the_files(
    tmp_path: Path, kept: Store, vocabulary: Vocabulary
) -> None:
    folder = crawl(tmp_path / "runs", vocabulary)
    ingest(kept, folder, [unit()], vocabulary=vocabulary)
    with open_store(tmp_path / "again.db") as again:
        ingest(again, folder, [unit()], vocabulary=vocabulary)
    built = [row for row in dump(tmp_path / "again.db") if "_sqlite_migrations" not in row]
    assert built == [row for row in dump(kept.path) if "_sqlite_migrations" not in row]


def test_a_unit_with_torn_files_costs_the_others_nothing(
    tmp_path: Path, kept: Store, vocabulary: Vocabulary
) -> None:
    folder = crawl(tmp_path / "runs", vocabulary)
    for unit_id, name, content in (
        ("B01", "unit.json", b"{"),
        ("B02", "captures.jsonl", b'{"unit_id": 3}\n'),
    ):
        shutil.copytree(folder / "A01", folder / unit_id)
        (folder / unit_id / name).write_bytes(content)
    units = [unit("B01"), unit("B02"), unit("B03"), unit("A01")]
    done = {one.unit_id: one for one in ingest(kept, folder, units, vocabulary=vocabulary)}
    assert not done["B01"].closed
    assert "抓取清单" in done["B02"].trouble[0]
    assert (done["B03"].closed, done["B03"].captures) == (False, 0)
    assert (done["A01"].closed, done["A01"].captures) == (True, 3)
