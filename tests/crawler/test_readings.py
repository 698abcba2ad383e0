"""A reading is taken over from an earlier night only where it would come out the same again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.readings import EarlierReadings, Mark, dates_stand, write_mark
from dossier.archive import FactsRecord, LineFile, SameReading, read_facts
from dossier.model import Item, KnownPage, PageFacts, PageKind
from dossier.model.page import READER_VERSION

URL = "http://a.gov.cn/l/"
TONIGHT = Mark(reader=READER_VERSION, as_of=date(2020, 9, 30), vocabulary="v")
KNOWN = KnownPage(url=URL, sha256="ab" * 32, warc="r1/A01/A01-000.warc.gz", offset=7)


def _facts(shown: str) -> PageFacts:
    return PageFacts(
        url=URL,
        reader=READER_VERSION,
        encoding="utf-8",
        kind=PageKind.COLUMN,
        whole_text=shown,
        items=(Item(title="一", date=date(2020, 9, 3)),),
    )


def _night(runs: Path, mark: Mark, facts: PageFacts) -> None:
    folder = runs / "r1" / "A01"
    folder.mkdir(parents=True)
    write_mark(folder, mark)
    lines = LineFile(folder / "facts.jsonl")
    lines.add(FactsRecord(sha256="cd" * 32, url=URL, facts=_facts("别的")))
    lines.add(FactsRecord(sha256=KNOWN.sha256, url=URL, facts=facts))
    lines.close()


def _earlier(runs: Path, known: KnownPage = KNOWN) -> PageFacts | None:
    return EarlierReadings(runs, TONIGHT, {URL: known}).of(known, URL, URL)


def test_the_reading_of_an_unchanged_body_is_taken_over(tmp_path: Path) -> None:
    facts = _facts("一 2020-09-03")
    _night(tmp_path, Mark(reader=READER_VERSION, as_of=date(2020, 9, 29), vocabulary="v"), facts)
    assert _earlier(tmp_path) == facts


def test_a_file_that_our_own_reader_failed_to_read_is_read_anew(tmp_path: Path) -> None:
    mark = Mark(reader=READER_VERSION, as_of=date(2020, 9, 29), vocabulary="v")
    _night(tmp_path, mark, PageFacts(url=URL, reader=READER_VERSION, unreadable="no-reader"))
    assert _earlier(tmp_path) is None


def test_a_bomb_of_an_earlier_night_is_not_set_off_again(tmp_path: Path) -> None:
    bomb = PageFacts(url=URL, reader=READER_VERSION, unreadable="too-costly")
    _night(tmp_path, Mark(reader=READER_VERSION, as_of=date(2020, 9, 29), vocabulary="v"), bomb)
    assert _earlier(tmp_path) == bomb


def test_a_date_counted_back_from_another_night_is_read_anew(tmp_path: Path) -> None:
    _night(tmp_path, Mark(reader=READER_VERSION, as_of=date(2020, 9, 29), vocabulary="v"), _facts("一 09-03"))
    assert _earlier(tmp_path) is None


def test_on_the_same_day_a_date_without_its_year_means_the_same(tmp_path: Path) -> None:
    facts = _facts("一 09-03")
    _night(tmp_path, TONIGHT, facts)
    assert _earlier(tmp_path) == facts


@pytest.mark.parametrize(("reader", "vocabulary"), [(READER_VERSION - 1, "v"), (READER_VERSION, "other")])
def test_another_reader_or_vocabulary_reads_for_itself(tmp_path: Path, reader: int, vocabulary: str) -> None:
    _night(tmp_path, Mark(reader=reader, as_of=TONIGHT.as_of, vocabulary=vocabulary), _facts("一 2020-09-03"))
    assert _earlier(tmp_path) is None


def test_files_that_are_gone_or_torn_cost_only_a_reading(tmp_path: Path) -> None:
    assert _earlier(tmp_path) is None
    _night(tmp_path, TONIGHT, _facts("一 2020-09-03"))
    path = tmp_path / "r1" / "A01" / "facts.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    assert _earlier(tmp_path) is None


@pytest.mark.parametrize("shown", ["2020-09-03", "2020/9/3", "2020年9月3日", "2020.09.03", "2020 - 09 - 03"])
def test_a_date_stands_where_its_year_is_written(shown: str) -> None:
    assert dates_stand(_facts(f"一 {shown}"))


def test_a_reading_made_anew_that_says_the_same_is_written_as_a_reference(tmp_path: Path) -> None:
    facts, night = _facts("一 09-03"), Mark(reader=READER_VERSION, as_of=date(2020, 9, 29), vocabulary="v")
    _night(tmp_path, night, facts)
    earlier = EarlierReadings(tmp_path, TONIGHT, {URL: KNOWN})
    assert earlier.of(KNOWN, URL, URL) is None
    like = earlier.like(KNOWN, URL, URL, _facts("一 09-03"))
    assert like.startswith("r1@")
    assert earlier.like(KNOWN, URL, URL, _facts("二 09-03")) == ""
    (tmp_path / "r2" / "A01").mkdir(parents=True)
    lines = LineFile(tmp_path / "r2" / "A01" / "facts.jsonl")
    lines.add(SameReading(sha256=KNOWN.sha256, url=URL, like=like))
    lines.add(SameReading(sha256="ef" * 32, url=URL, like=like))
    lines.add(SameReading(sha256=KNOWN.sha256, url=URL, like="../r1@0"))
    lines.close()
    assert [one.facts for one in read_facts(tmp_path / "r2" / "A01")] == [facts]
    (tmp_path / "r1" / "A01" / "facts.jsonl").unlink()
    assert list(read_facts(tmp_path / "r2" / "A01")) == []
