"""Units deliver their document lists in many shapes; what cannot be read is said, row by row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from desk.import_list import read_list
from dossier.errors import BadInput, Problem

HEAD = [
    "序号",
    "公文全称",
    "文号",
    "公开属性",
    "牵头起草部门",
    "主动公开公文链接",
    "解读文件链接",
    "是否为非纯文字解读",
]
ONE = [
    "1",
    "关于做好招生工作的通知",
    "晋教办〔2020〕3号",
    "主动公开",
    "基教处",
    "http://b02/a.html",
    "http://b02/j.html",
    "是",
]
TWO = ["2", "关于预算的批复", "晋教财〔2020〕9号", "依申请公开", "财务处", "/", "", ""]


def as_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8", separator: str = ",") -> Path:
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    return path


def as_xlsx(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def refused(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadInput) as caught:
        read_list(path)
    assert all(problem.mend for problem in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gbk", ","), ("utf-8", "\t"), ("gbk", ";")],
)
def test_a_csv_list_is_read_in_its_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    first, second = read_list(as_csv(tmp_path / "l.csv", [HEAD, ONE, TWO], encoding, separator))
    assert first.title == "关于做好招生工作的通知"
    assert (first.number, first.disclosure, first.drafter) == ("晋教办〔2020〕3号", "主动公开", "基教处")
    assert (first.url, first.interpretation_url, first.non_text) == (
        "http://b02/a.html",
        "http://b02/j.html",
        "是",
    )
    assert (first.line, second.line) == (2, 3)
    assert (second.disclosure, second.url, second.interpretation_url) == ("依申请公开", "", "")


def test_a_header_is_found_below_titles_and_under_other_names(tmp_path: Path) -> None:
    rows = [
        ["山西省教育厅2020年制发非涉密公文详情列表"],
        ["填报单位：省教育厅", "", "", "", "2020年11月"],
        [],
        [
            "序 号",
            "文件名称",
            "发文字号",
            "公开属性\n（主动/依申请/不予）",
            "起草处室",
            "公文链接（超链接）",
            "解读链接",
            "非纯文字解读",
        ],
        ONE,
    ]
    (document,) = read_list(as_xlsx(tmp_path / "l.xlsx", rows))
    assert (document.number, document.drafter, document.url) == (
        "晋教办〔2020〕3号",
        "基教处",
        "http://b02/a.html",
    )
    assert document.line == 5


def test_the_target_of_a_hyperlink_is_the_address(tmp_path: Path) -> None:
    path = as_xlsx(
        tmp_path / "l.xlsx", [HEAD, [*ONE[:5], "点击查看", "解读", ""], [*TWO[:5], "查看", "", ""]]
    )
    book = openpyxl.load_workbook(path)
    book.active["F2"].hyperlink = "http://b02/linked.html"
    book.active["G2"] = '=HYPERLINK("http://b02/formula.html","解读")'
    book.active["F3"].hyperlink = "file:///C:/Users/x/9号.doc"
    book.save(path)
    first, second = read_list(path)
    assert first.url == "http://b02/linked.html"
    assert first.interpretation_url == "http://b02/formula.html"
    assert second.url == ""


def test_every_sheet_with_a_header_is_read_and_groups_are_not_documents(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    first.title = "晋教发"
    for row in [
        HEAD,
        ["一、晋教发"],
        ONE,
        [],
        HEAD,
        ["2", *TWO[1:]],
        ["合计", "2件"],
        ["备注：以上为非涉密公文"],
    ]:
        first.append(row)
    second = book.create_sheet("晋教函")
    for row in [HEAD, ["1", "关于提案的答复", "晋教函〔2020〕1号", "不予公开", "", "", "", ""]]:
        second.append(row)
    book.create_sheet("填表说明").append(["请如实填写"])
    book.save(tmp_path / "l.xlsx")
    documents = read_list(tmp_path / "l.xlsx")
    assert [document.number for document in documents] == [
        "晋教办〔2020〕3号",
        "晋教财〔2020〕9号",
        "晋教函〔2020〕1号",
    ]
    assert documents[2].disclosure == "不予公开"


def test_cells_merged_downward_belong_to_each_row(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "l.xlsx", [HEAD, ONE, [*TWO[:4], "", *TWO[5:]]])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("E2:E3")
    book.save(path)
    assert [document.drafter for document in read_list(path)] == ["基教处", "基教处"]


def test_a_group_heading_merged_across_the_table_is_no_document(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "l.xlsx", [HEAD, ["", "晋教发〔2020〕"], ONE])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:H2")
    book.save(path)
    assert len(read_list(path)) == 1


def test_the_same_row_twice_is_one_document(tmp_path: Path) -> None:
    assert len(read_list(as_csv(tmp_path / "l.csv", [HEAD, ONE, ONE]))) == 1


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ([*ONE[:3], "", *ONE[4:]], "公开属性", "没有填写公开属性"),
        ([*ONE[:3], "看情况", *ONE[4:]], "公开属性", "“看情况”不认识"),
        (["1", "", *ONE[2:]], "公文全称", "没有公文全称"),
        (["1", "关于某事的通知", "", "", "", "", "", ""], "公开属性", "没有填写公开属性"),
    ],
)
def test_a_broken_row_is_refused_with_its_place(
    tmp_path: Path, row: list[str], column: str, what: str
) -> None:
    (problem,) = refused(as_csv(tmp_path / "l.csv", [HEAD, TWO, row]))
    assert (problem.line, problem.column) == (3, column)
    assert what in problem.what
    assert problem.file.endswith("l.csv")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    rows = [[*row[:3], *row[4:]] for row in (HEAD, ONE)]
    (problem,) = refused(as_csv(tmp_path / "l.csv", rows))
    assert (problem.line, problem.column) == (1, "公开属性")


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([["甲", "乙"], ["1", "2"]], "没有找到表头"),
        ([], "没有找到表头"),
        ([HEAD], "没有一份公文"),
    ],
)
def test_a_list_without_documents_is_refused(tmp_path: Path, rows: list[list[str]], what: str) -> None:
    assert what in refused(as_csv(tmp_path / "l.csv", rows))[0].what
    assert what in refused(as_xlsx(tmp_path / "l.xlsx", rows))[0].what


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    for name, content, what in [
        ("a.xlsx", b"xx", "不是可以读的 xlsx"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "不支持“.xls”"),
        ("a.csv", b"a,b\0c", "不是文本文件"),
        ("b.csv", "公文,文号\n".encode() + b"\xff\xff\xff", "既不是 UTF-8 也不是 GBK"),
    ]:
        (tmp_path / name).write_bytes(content)
        assert what in refused(tmp_path / name)[0].what
    assert "不存在" in refused(tmp_path / "none.csv")[0].what


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.b02.gov.cn/a/t1.html", "http://www.b02.gov.cn/a/t1.html"),
        ("网址：http://b02.gov.cn/a.html。", "http://b02.gov.cn/a.html"),
        ("见附件", ""),
        ("—", ""),
    ],
)
def test_an_address_is_taken_only_where_there_is_one(tmp_path: Path, text: str, address: str) -> None:
    (document,) = read_list(as_csv(tmp_path / "l.csv", [HEAD, [*ONE[:5], text, "", ""]]))
    assert document.url == address


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("公开", "主动公开"),
        ("主动公开（删减）", "主动公开"),
        ("此件公开发布", "主动公开"),
        ("依申请", "依申请公开"),
        ("不公开", "不予公开"),
    ],
)
def test_a_disclosure_attribute_is_read_as_people_write_it(tmp_path: Path, given: str, read: str) -> None:
    (document,) = read_list(as_csv(tmp_path / "l.csv", [HEAD, [*ONE[:3], given, *ONE[4:]]]))
    assert document.disclosure == read
