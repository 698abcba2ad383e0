"""The files as they are handed over: names, bytes, cells, page form."""

from __future__ import annotations

import base64
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import docx
import msgspec
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from report_sample import FINISHED, HOSTILE, RULES, sample_night

from desk.reports.docx_findings import shared_clauses
from desk.reports.pdf import find_browser, print_pdf
from desk.reports.sheets import CELL_LIMIT, Cell, Link, Sheet, write_workbook
from desk.reports.wording import beijing, clean, one_line, safe_link
from desk.reports.wording import LEDGER
from desk.reports.writing import write_papers

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DOCX_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("papers")
    write_papers(sample_night(), out=out, rules=RULES)
    return out


def test_a_night_leaves_the_files_that_the_contract_names(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    units = {
        f"{unit}.{kind}" for unit in ("A01", "A02", "B01", "B02", "B03") for kind in ("html", "docx", "xlsx")
    }
    assert names == units | {"summary.html", "summary.xlsx"}


def test_the_same_night_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    written = write_papers(sample_night(), out=tmp_path, rules=RULES)
    assert len(written) == 17
    for path in written:
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_papers_carry_the_time_at_which_the_night_ended(folder: Path) -> None:
    word = docx.Document(str(folder / "A02.docx"))
    assert word.core_properties.created.strftime("%Y-%m-%d %H:%M:%S") == "2020-11-20 04:41:07"
    book = openpyxl.load_workbook(folder / "summary.xlsx")
    assert book.properties.created.isoformat() == "2020-11-20T04:41:07"


def test_a_unit_id_that_is_no_file_name_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    night = sample_night()
    first = night.standings[0]
    bad = msgspec.structs.replace(first, unit=msgspec.structs.replace(first.unit, unit_id="../A01"))
    with pytest.raises(ValueError, match="文件名"):
        write_papers(msgspec.structs.replace(night, standings=(bad,)), out=tmp_path / "out", rules=RULES)
    assert not (tmp_path / "out").exists()


def test_no_cell_of_any_workbook_is_a_formula_and_every_link_is_plain(folder: Path) -> None:
    links = 0
    for path in folder.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (path.name, cell.coordinate)
                    assert not isinstance(cell.value, str) or cell.value == clean(cell.value)
                    if cell.hyperlink:
                        links += 1
                        target = cell.hyperlink.target
                        assert target.startswith(("http://", "https://")) or re.fullmatch(
                            r"[A-Z]\d+\.html", target
                        )
        with zipfile.ZipFile(path) as parts:
            assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
    assert links > 100


def test_a_hostile_title_is_written_as_text_with_its_apostrophe_kept(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "A02.xlsx")["问题清单"]
    hostile = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
    assert hostile
    assert {cell.data_type for cell in hostile} == {"s"}
    assert all(cell.quotePrefix for cell in hostile)
    assert hostile[0].value == clean(HOSTILE)


def test_the_summary_workbook_has_its_sheets_and_the_ledger_its_columns(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "summary.xlsx")
    assert book.sheetnames == ["总览", "问题台账", "待人工核查", "未能检测", "指标汇总"]
    ledger = book["问题台账"]
    assert tuple(cell.value for cell in ledger[3]) == LEDGER
    assert LEDGER[0] == "序号"
    assert LEDGER[-1] == "销号"
    assert len(LEDGER) == 17
    assert ledger.freeze_panes == "C4"
    assert ledger.auto_filter.ref is not None
    assert ledger.print_title_rows == "$3:$3"
    assert ledger.page_setup.orientation == "landscape"
    assert ledger.protection.sheet
    row = ledger[4]
    assert isinstance(row[8].value, datetime)
    assert isinstance(row[10].value, int | float)
    assert row[13].protection.locked is False
    assert row[12].protection.locked is True


def test_unranked_units_have_no_figures_beside_the_ranked_ones(folder: Path) -> None:
    rows = list(
        openpyxl.load_workbook(folder / "summary.xlsx")["总览"].iter_rows(min_row=4, values_only=True)
    )
    apart = [row for row in rows if row[1] == "不排名"]
    assert [row[2] for row in apart] == ["B02", "B03"]
    assert all(value is None for row in apart for value in row[4:8])
    assert [row[1] for row in rows if row[1] != "不排名"] == [1, 2, 1]


def test_the_ledger_total_is_the_sum_of_its_rows_and_of_the_scorecards(folder: Path) -> None:
    ledger = openpyxl.load_workbook(folder / "summary.xlsx")["问题台账"]
    rows = list(ledger.iter_rows(min_row=4, values_only=True))
    body, total = rows[:-1], rows[-1]
    assert total[0] == "合计"
    assert sum(Decimal(str(row[10])) for row in body) == Decimal(str(total[10]))
    assert Decimal(str(total[10])) == sum(s.scorecard.deducted for s in sample_night().standings)


def test_a_unit_workbook_has_its_five_sheets(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "A02.xlsx")
    assert book.sheetnames == ["评分表", "问题清单", "待核", "未能检测", "证据"]
    scores = list(book["评分表"].iter_rows(min_row=4, values_only=True))
    subtotals = [Decimal(str(row[8])) for row in scores if str(row[0]).endswith("小计")]
    assert sum(subtotals) == Decimal(str(scores[-1][8]))
    assert "暂定评分表，非官方" in book["评分表"]["A2"].value


def test_a_cell_never_passes_what_a_spreadsheet_can_hold(tmp_path: Path) -> None:
    rows = [
        ["\U0001f600" * 40_000],
        [Link("http://a.cn/" + "x" * 3000, "远")],
        [Link("file:///etc/passwd")],
        [Link("external:x/../y.html")],
    ]
    path = write_workbook(
        tmp_path / "x.xlsx",
        [Sheet("一", "题", ("列",), rows)],
        title="题",
        made=datetime(2020, 1, 1, tzinfo=UTC),
    )
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert len(sheet["A3"].value.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert sheet["A3"].value.endswith("…")
    assert [sheet[f"A{n}"].hyperlink for n in (4, 5, 6)] == [None, None, None]
    assert sheet["A5"].value == "file:///etc/passwd"


def test_an_address_too_long_for_its_cell_is_written_whole_and_the_rows_number_leads_there(tmp_path: Path) -> None:
    """A linked cell does not wrap in LibreOffice: what did not fit was cut in print."""
    short, long = "http://a.gov.cn/", "http://www.a.gov.cn/zwgk/fdzdgknr/202008/" + "t20200815_9876543210" * 3 + ".html"
    rows: list[list[Cell]] = [["A01-2020-0001", Link(short)], ["A01-2020-0002", Link(long)], [Link(long), Link(long, "网页")]]
    path = write_workbook(
        tmp_path / "x.xlsx",
        [Sheet("一", "题", ("问题编号", "网址"), rows, named_by=0), Sheet("二", "题", ("问题编号", "网址"), rows[:2])],
        title="题",
        made=datetime(2020, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    one, two = book["一"], book["二"]
    assert (one["A3"].hyperlink, one["B3"].hyperlink.target) == (None, short)
    assert (one["A4"].hyperlink.target, one["A4"].value) == (long, "A01-2020-0002")
    assert (one["B4"].hyperlink, one["B4"].value, one["B4"].alignment.wrap_text) == (None, long, True)
    assert one["B5"].hyperlink.target == long, "short words lead anywhere"
    assert (two["A4"].hyperlink, two["B4"].hyperlink, two["B4"].value) == (None, None, long)


def test_the_word_paper_has_the_official_page_form(folder: Path) -> None:
    word = docx.Document(str(folder / "A02.docx"))
    upright, wide = word.sections[0], word.sections[-1]
    millimetre = Mm(1)
    for got, wanted in (
        (upright.page_width, 210), (upright.page_height, 297), (upright.top_margin, 37), (upright.left_margin, 28),
        (upright.page_width - upright.left_margin - upright.right_margin, 156),
        (upright.page_height - upright.top_margin - upright.bottom_margin, 225),
        (wide.page_width, 297), (wide.page_width - wide.left_margin - wide.right_margin, 225),
    ):  # fmt: skip
        assert abs(got / millimetre - wanted) < 0.2, wanted
    assert wide.orientation == WD_ORIENT.LANDSCAPE
    body = word.styles["PaperBody"]
    assert body.font.size.pt == 16
    assert 28 <= body.paragraph_format.line_spacing.pt <= 30
    assert 'w:eastAsia="仿宋_GB2312"' in body.element.xml
    assert 'w:firstLineChars="200"' in body.element.xml
    title = word.styles["PaperTitle"]
    assert title.font.size.pt == 22
    assert 'w:eastAsia="方正小标宋简体"' in title.element.xml


def test_word_page_numbers_stand_on_the_outer_side(folder: Path) -> None:
    word = docx.Document(str(folder / "A02.docx"))
    assert word.settings.odd_and_even_pages_header_footer
    odd, even = word.sections[0].footer.paragraphs[0], word.sections[0].even_page_footer.paragraphs[0]
    assert odd.alignment == 2
    assert even.alignment == 0
    assert "".join(node.text or "" for node in odd._p.iter(DOCX_TEXT)) == "— 1 —"
    assert word.sections[-1].footer.is_linked_to_previous


def test_every_word_table_repeats_its_head_and_splits_no_row(folder: Path) -> None:
    word = docx.Document(str(folder / "A02.docx"))
    assert len(word.tables) >= 6
    for table in word.tables:
        xml = table._tbl.xml
        assert xml.count("<w:tblHeader/>") == 1
        assert xml.count("<w:cantSplit/>") == len(table.rows)


def test_the_word_paper_holds_all_sections_and_every_problem(folder: Path) -> None:
    word = docx.Document(str(folder / "A02.docx"))
    heads = [p.text for p in word.paragraphs if p.style is not None and p.style.name == "PaperHead1"]
    assert heads == [
        "一、检查概况",
        "二、建议得分",
        "三、问题清单",
        "四、待人工核查",
        "五、未能检测",
        "附1　指标评分表",
        "附2　证据清单",
    ]
    text = "".join(node.text or "" for node in word.element.body.iter(DOCX_TEXT))
    for standing in sample_night().standings:
        if standing.unit.unit_id == "A02":
            assert all(d.number in text for d in standing.deficiencies if d.verdict.value != "error")
    assert "<script>alert(1)</script>" in text
    assert "\x0b" not in text
    targets = [rel.target_ref for rel in word.part.rels.values() if rel.is_external]
    assert len(targets) > 40
    assert all(target.startswith(("http://", "https://")) for target in targets)


def test_a_working_that_many_findings_share_is_stated_once(folder: Path) -> None:
    assert shared_clauses(
        [("每处 0.5 分；共 9 处；本处计 0.5 分",), ("每处 0.5 分；共 9 处；本处计 0 分",)]
    ) == ("每处 0.5 分", "共 9 处")
    word = docx.Document(str(folder / "A02.docx"))
    late = next(table for table in word.tables if "超过20个工作日" in table.cell(1, 1).text)
    assert len(late.rows) == 11
    assert [late.cell(row, 3).text for row in (1, 9, 10)] == [
        "0.5\n每处 0.5 分",
        "0\n每处 0.5 分（已达封顶）",
        "0\n每处 0.5 分（已达封顶）",
    ]


def test_word_text_can_be_copied_as_it_stands(folder: Path) -> None:
    with zipfile.ZipFile(folder / "A02.docx") as parts:
        body = parts.read("word/document.xml").decode("utf-8")
        styles = parts.read("word/styles.xml").decode("utf-8")
    assert "\u200b" not in body
    assert "http://www.a02.gov.cn/zwgk/platform-column-missing/t20201012_00010.html" in body
    assert 'w:eastAsia="zh-CN"' in styles
    assert '<w:wordWrap w:val="0"/>' in styles


def test_a_whole_screenshot_is_carried_by_the_word_paper_and_a_torn_one_does_not_stop_it(
    tmp_path: Path,
) -> None:
    shots = tmp_path / "A02" / "screenshots"
    shots.mkdir(parents=True)
    (shots / "10.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 7)
    (shots / "11.png").write_bytes(PIXEL)
    (shots / "80.png").write_bytes(b"not a picture")
    write_papers(sample_night(evidence_root=str(tmp_path)), out=tmp_path / "out", rules=RULES)
    word = docx.Document(str(tmp_path / "out" / "A02.docx"))
    assert len(word.inline_shapes) == 1
    assert (tmp_path / "out" / "A02.html").read_text(encoding="utf-8").count("data:image/png") == 2


def test_links_are_plain_http_or_nothing() -> None:
    for bad in (
        "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.cn/x",
        "http://", "https:///x", 'http://a.cn/"onclick=x', "http://a.cn/\x0bx", "http://a.cn/ x", "http://a.cn/<b>", "http://[::1",
        "http://a.cn/" + "x" * 2000, "vbscript:x", "",
    ):  # fmt: skip
        assert safe_link(bad) == "", bad
    for good in (
        "http://www.a.gov.cn/",
        "https://www.a.gov.cn/zwgk/t2020.html?id=1&x=(2)#top",
        "http://政府.政务/中文.html",
    ):
        assert safe_link(good) == good


def test_foreign_texts_lose_only_what_breaks_documents() -> None:
    assert clean("甲\x0b乙\ud83d丙\U0001f600\u202e丁\tx\r\ny") == "甲乙丙\U0001f600丁\tx\ny"
    assert one_line("  甲 \n 乙  丙", 4) == "甲 乙…"
    assert beijing(datetime(2020, 11, 19, 20, 41, 7, tzinfo=UTC)) == "2020-11-20 04:41:07"
    assert beijing(FINISHED.replace(tzinfo=None)) == "2020-11-20 04:41:07"


@pytest.mark.browser
def test_reports_are_printed_where_a_browser_is_there(tmp_path: Path) -> None:
    if find_browser() is None:
        pytest.skip("no Chromium here")
    night = sample_night()
    written = write_papers(
        msgspec.structs.replace(night, standings=night.standings[3:]), out=tmp_path, rules=RULES, pdf=True
    )
    printed = [path for path in written if path.suffix == ".pdf"]
    assert [path.name for path in printed] == ["B02.pdf", "B03.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in printed)


def test_a_browser_that_cannot_print_leaves_no_file(folder: Path, tmp_path: Path) -> None:
    assert print_pdf(Path("/bin/false"), folder / "B02.html", tmp_path / "x.pdf") is None
    assert print_pdf(tmp_path / "none", folder / "B02.html", tmp_path / "x.pdf") is None
    assert not (tmp_path / "x.pdf").exists()
