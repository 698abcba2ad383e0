"""What could not be read is not in order: files without words, and reports whose table nobody could read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from made_sites import DEPARTMENT, attached, gone, page, said, site
from test_annual_rules import PROSE, figures, report

from checks.engine import message_of
from dossier.model import Channel, Page, Purpose, SiteRow, TableFacts, Verdict, WordingEntry

FAIL, UNSURE = Verdict.FAIL, Verdict.UNSURE
READING = ("wording-error", "personal-data-exposed")
FIGURES = "annual-report-figures-inconsistent"
HOST = "jyt.example.gov.cn"
OWN_HOST = msgspec.structs.replace(
    DEPARTMENT,
    sites=(SiteRow(unit_id="B07", channel=Channel.WEBSITE, name="省教育厅", url=f"http://{HOST}/"),),
)
HOME = page("", title="山西省教育厅", text="首页文字")


@pytest.mark.parametrize("rule", READING)
def test_files_without_words_are_asked_about_once_for_their_host(rule: str) -> None:
    files = [page(f"f/{n}.pdf", file=True, unreadable="scanned", text="") for n in range(3)]
    files.append(page("f/9.docx", file=True, unreadable="encrypted", text=""))
    files.append(page("f/8.pdf", file=True, truncated=True, text="前半部分"))
    found = said(rule, site(HOME, *files, unit=OWN_HOST))
    assert found[HOST].verdict is UNSURE
    assert found[HOST].data["count"] == 5
    assert "扫描件或图片 3 个" in message_of(found[HOST])
    assert {one.url for one in found[HOST].evidence} == {file.url for file in files}


@pytest.mark.parametrize("rule", READING)
def test_files_that_were_read_or_have_no_words_by_nature_are_not_asked_about(rule: str) -> None:
    files = (
        page("f/1.pdf", file=True, text="全部读出"),
        page("f/2.jpg", file=True, unreadable="media", text=""),
        gone("f/3.pdf"),
    )
    assert not said(rule, site(HOME, *files, unit=OWN_HOST))


def test_a_wrong_word_in_one_file_stands_beside_the_unread_others() -> None:
    entry = WordingEntry(wrong="帐户信息", right="账户信息", severity="一般", allowed=())
    made = site(
        HOME,
        page("f/1.pdf", file=True, text="请核对帐户信息。"),
        page("f/2.pdf", file=True, unreadable="scanned", text=""),
        unit=OWN_HOST,
    )
    made = replace(made, tables=msgspec.structs.replace(made.tables, wording=(entry,)))
    found = said("wording-error", made)
    assert {subject.rpartition(" ")[2]: one.verdict for subject, one in found.items()} == {
        "帐户信息": FAIL,
        HOST: UNSURE,
    }


def flattened() -> str:
    return "\n".join(" ".join(row) for row in figures().rows)


@pytest.mark.parametrize(
    "facts",
    [
        {"text": PROSE + flattened(), "tables": ()},
        {"text": PROSE, "tables": (), "attachments": (attached("nb/1.pdf"),)},
        {"tables": (figures(new=("\ufffd", 0, 0, 0, 0, 0, 12)),)},
        {"tables": (figures(new=("1\n2", 0, 0, 0, 0, 0, 13)),)},
    ],
    ids=["words only", "file not seen", "a figure that two readers differ on", "two figures in a cell"],
)
def test_a_table_that_could_not_be_read_is_neither_right_nor_wrong(facts: dict[str, object]) -> None:
    outcome = said(FIGURES, site(report(**facts)))["2019"]
    assert outcome.verdict is UNSURE
    assert outcome.because


def test_a_table_read_in_one_place_is_enough_where_its_copy_was_not_read() -> None:
    copy = page("nb/1.pdf", file=True, text=flattened(), tables=())
    made = site(report(attachments=(attached("nb/1.pdf"),)), copy)
    assert said(FIGURES, made)["2019"].verdict is Verdict.PASS


def with_file(table: TableFacts) -> tuple[Page, Page]:
    carrier = report(text=PROSE, tables=(), attachments=(attached("nb/1.pdf"),), published=date(2020, 1, 20))
    return carrier, page("nb/1.pdf", file=True, text=flattened(), tables=(table,))


def test_a_wrong_sum_in_a_file_is_shown_in_that_file() -> None:
    carrier, file = with_file(figures(left=(3, 0, 0, 0, 0, 0, 3)))
    outcome = said(FIGURES, site(carrier, file))["2019"]
    assert outcome.verdict is FAIL
    assert outcome.evidence[0].url == file.url
    assert outcome.page_url == carrier.url
    assert any("自然人：12+1≠11+3" in line for line in outcome.data["working"])


def test_right_sums_in_a_file_are_in_order() -> None:
    carrier, file = with_file(figures())
    assert said(FIGURES, site(carrier, file))["2019"].verdict is Verdict.PASS
    assert file.capture.purpose is Purpose.ATTACHMENT


def test_a_part_that_a_file_only_mentions_is_asked_about_and_one_it_never_names_is_missing() -> None:
    heads = (
        "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
        "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
    )  # fmt: skip
    for words, verdict in (("没有发生复议和诉讼。", UNSURE), ("", FAIL)):
        text = "\n".join(f"{head}\n{PROSE}{words}" for head in heads)
        carrier = report(text="附件下载", tables=(), attachments=(attached("nb/1.docx"),))
        file = page("nb/1.docx", file=True, text=text, tables=(figures(),))
        assert said("annual-report-incomplete", site(carrier, file))["4"].verdict is verdict
