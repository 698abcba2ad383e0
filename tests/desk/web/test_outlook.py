"""What is taken to a meeting: the queue as a workbook, a unit's story, the page for the leadership, drafts of papers."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from conftest import Sitting
from desk_sample import NIGHT_2
from openpyxl import load_workbook

from desk import clock, period_papers, periods
from desk.caseload import load
from desk.installation import Installation
from desk.papers.text import PaperText, Para, wide
from dossier.store import Store, open_store

Seat = Callable[[str], Sitting]


@pytest.fixture
def begin_with(worked_home: Path) -> Path:
    return worked_home


def test_the_queue_is_saved_as_it_is_filtered_with_links_and_days(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    answer = sit("wang").get("/work.xlsx?stage=all&unit=A01")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    page = load_workbook(BytesIO(answer.data)).active
    lines = [row for row in page.iter_rows(min_row=4, values_only=True) if row[1]]
    wanted = {case.number for case in load(installation, kept, NIGHT_2).by_unit["A01"]}
    assert {str(row[1]) for row in lines} == wanted
    heads = [cell.value for cell in page[3]]
    state = heads.index("处理状态")
    assert {row[state] for row in lines} >= {"已确认", "不成立", "待处理"}
    assert all(row[heads.index("首次发现")].year == 2020 for row in lines)  # a day, no text


def test_an_empty_queue_is_an_empty_workbook(sit: Seat) -> None:
    answer = sit("wang").get("/work.xlsx?q=从来没有的词")
    assert answer.status_code == 200
    page = load_workbook(BytesIO(answer.data)).active
    assert "共0条" in str(page["A2"].value)


def test_a_finding_is_found_by_the_address_of_its_page(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    case = load(installation, kept, NIGHT_2).by_number["A01-2020-0002"]
    address = case.deficiency.outcome.evidence[0].url
    text = sit("wang").get(f"/work?stage=all&q={address}", follow_redirects=True).text
    assert "A01-2020-0002" in text
    assert "A02-2020-0002" not in text.split('class="centre')[0]


def test_the_story_of_a_unit_tells_what_was_done_and_nothing_of_others(sit: Seat) -> None:
    text = sit("wang").get("/unit/A01/story").text
    for words in (
        "与上一夜相比",
        "确认",
        "不成立",
        "整改说明",
        "发出整改通知",
        "录入“队伍与培训”0.50分：查阅资料",
        "wang",
    ):
        assert words in text, words
    assert "A02-2020" not in text
    assert "/drafts/ledger.xlsx?unit=A01" in text
    assert sit("wang").get("/unit/Z99/story").status_code == 404


def test_a_draft_is_written_in_every_form_that_it_has(sit: Seat) -> None:
    wang = sit("wang")
    begins = {"docx": b"PK", "xlsx": b"PK", "html": b"<!doctype html>"}
    for name, kinds in (("brief", "html docx"), ("bulletin", "html docx xlsx"), ("result", "html docx xlsx"), ("ledger", "xlsx")):  # fmt: skip
        for kind in kinds.split():
            answer = wang.get(f"/drafts/{name}.{kind}")
            assert answer.status_code == 200, (name, kind)
            assert answer.data.startswith(begins[kind])
            assert "sandbox" in answer.headers["Content-Security-Policy"]
    for path in ("/drafts/brief.xlsx", "/drafts/notice.docx", "/drafts/brief.exe"):
        assert wang.get(path).status_code == 404


def test_the_ledger_of_one_unit_holds_that_unit_alone(sit: Seat) -> None:
    page = load_workbook(BytesIO(sit("wang").get("/drafts/ledger.xlsx?unit=A02").data)).active
    numbers = {str(row[2]) for row in page.iter_rows(min_row=4, values_only=True) if row[2]}
    assert numbers == {"A02-2020-0002"}


def brief(installation: Installation) -> PaperText:
    with open_store(installation.home.database) as kept:
        found = load(installation, kept, NIGHT_2)
        return period_papers.brief_of(
            installation, kept, found, periods.quarter_of(NIGHT_2), day=NIGHT_2, made=clock.now()
        )


def test_the_brief_is_one_page_and_counts_only_what_people_confirmed(installation: Installation) -> None:
    text = brief(installation)
    said = [one.text for one in text.blocks if isinstance(one, Para)]
    assert "已确认问题2个，涉及2个单位" in said[2]
    assert "已通知限期整改2个" in said[3]
    lines = sum(math.ceil((wide(one) + 2) / 28) for one in said)
    assert 3 + lines + 3 <= 22, "title, text and signature stand on one page of 22 lines"


def test_the_morning_tells_of_the_mending_and_leads_there(sit: Seat) -> None:
    text = sit("wang").get("/morning").text
    assert "个已确认待通知" not in text, "both confirmed findings were told"
    assert 'href="/unit/A01/story"' in text
    sit("wang").decide("A01-2020-0003", "confirm")
    text = sit("wang").get("/morning").text
    assert "<b>1</b> 个已确认待通知" in text
