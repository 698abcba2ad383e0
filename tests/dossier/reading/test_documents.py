"""Document numbers and metadata blocks as they really stand on pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import PageFacts, PageKind
from dossier.reading.numbers import number_alone, number_in_row
from dossier.reading.publication import signed_of

Make = Callable[..., PageFacts]
TEXT = "为贯彻落实有关要求，经研究同意，现就有关事项通知如下，请认真遵照执行。" * 8


def document(block: str, body: str, title: str = "示例厅关于印发管理办法的通知") -> str:
    return (
        f"<title>{title}-示例厅</title><div class='pos'>当前位置：<a href='/'>首页</a> &gt; <a href='/zcwj/'>政策文件</a></div>"
        f"{block}<h1>{title}</h1><div>发布日期：2020-05-06 来源：示例厅</div><div id='zoom'>{body}<p>{TEXT}</p></div>"
    )


def test_a_block_with_split_labels_is_read_with_its_empty_values(page: Make) -> None:
    block = """<ul class="trt-row"><li>索&ensp;引&ensp;号：<font>PZ00108-3000-2018-00057</font></li>
      <li>发文机关： <font>示例厅</font></li><li>成文日期：2018-04-16</li>
      <li>标&ensp;&ensp;&ensp;&ensp;题： <font>关于下达资金的通知</font></li><li>发文字号： <font>岚农发2018.186</font></li>
      <li>主题分类：</li><li>发布日期：2018-04-17</li><li>有&ensp;效&ensp;性： <em>有效</em></li></ul>"""
    facts = page(document(block, ""))
    assert facts.index_number == "PZ00108-3000-2018-00057"
    assert facts.document_number == "岚农发2018.186"
    assert (facts.written, facts.validity, facts.issuer) == (date(2018, 4, 16), "有效", "示例厅")
    names = {field.name: field.value for field in facts.metadata}
    assert names["topic"] == ""
    assert names["published"] == "2018-04-17"
    assert facts.kind is PageKind.DOCUMENT


def test_a_block_in_table_cells_is_read_with_empty_cells(page: Make) -> None:
    block = """<table><tr><th>索 引 号：</th><td>012345678/2020-00012</td><th>主题分类：</th><td></td></tr>
      <tr><th>名&nbsp;&nbsp;称：</th><td colspan=3>示例厅关于印发管理办法的通知</td></tr>
      <tr><td>发文字号</td><td>晋教办〔2020〕15号</td><td>成文日期</td><td>2020年4月30日</td></tr></table>"""
    facts = page(document(block, ""))
    assert facts.document_number == "晋教办〔2020〕15号"
    assert facts.document_number_from == "metadata"
    assert facts.written == date(2020, 4, 30)
    assert {field.name: field.value for field in facts.metadata}["topic"] == ""


def test_all_labels_in_one_cell_are_told_apart(page: Make) -> None:
    block = "<table><tr><td>索引号: 002482082/2024-00332 文件编号: 发布机构: 示例省教育厅 成文日期: 2024-08-12</td></tr></table>"
    facts = page(document(block, ""))
    assert facts.index_number == "002482082/2024-00332"
    assert facts.document_number is None
    assert facts.issuer == "示例省教育厅"


def test_labels_without_values_in_a_guide_are_no_block(page: Make) -> None:
    body = "<p>目录由以下要素组成：</p><table><tr><td>序号</td><td>索引号</td><td>信息名称</td><td>公开形式</td><td>生成日期</td></tr></table>"
    facts = page(document("", body, "示例县政府信息公开指南"))
    assert facts.metadata == ()
    assert facts.kind is PageKind.GUIDE


def test_a_block_in_a_comment_does_not_exist(page: Make) -> None:
    facts = page(
        document("<!--<table><tr><td><b>索 引 号：</b>000747761/2016-00054</td></tr></table>-->", "")
    )
    assert facts.index_number is None
    assert facts.metadata == ()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("柘政办〔<span lang='EN-US'>2018</span>〕<span lang='EN-US'>42</span>号", "柘政办〔2018〕42号"),
        ("柘政办〔<font>2015</font><font>〕</font><font>57</font><font>号</font>", "柘政办〔2015〕57号"),
        ("晋政办发[2020]38号", "晋政办发〔2020〕38号"),
        ("晋政办发（2020）38号", "晋政办发〔2020〕38号"),
        ("晋政办发(2020)38号", "晋政办发〔2020〕38号"),
        ("晋政办发【2020】38 号", "晋政办发〔2020〕38号"),
        ("晋政办发［2020］38号", "晋政办发〔2020〕38号"),
        ("（晋政办发〔2020〕38号）", "晋政办发〔2020〕38号"),
        ("岚农发2018.186", "岚农发2018.186"),
    ],
)
def test_the_number_at_the_head_of_the_text_is_its_own(page: Make, line: str, wanted: str) -> None:
    facts = page(document("", f"<p style='text-align:center'>{line}</p>"))
    assert (facts.document_number, facts.document_number_from) == (wanted, "head")
    assert facts.kind is PageKind.DOCUMENT


@pytest.mark.parametrize(
    "body",
    [
        "<p>根据《关于推进政务公开的通知》（国办发〔2020〕17号）精神，结合实际，制定本方案。</p>",
        "<p>按照晋政办发〔2020〕38号要求，各单位要抓好落实。</p>",
        "<p>相关文件：《关于加强管理的意见》（晋政发〔2019〕3号）</p>",
    ],
)
def test_a_number_that_is_only_cited_is_not_its_own(page: Make, body: str) -> None:
    assert page(document("", body)).document_number is None


def test_a_document_that_is_only_an_attachment_is_a_document(page: Make) -> None:
    html = (
        "<title>关于下达资金的通知</title><ul><li>索引号：A-1/2020-1</li><li>发文字号：晋财资〔2020〕9号</li><li>成文日期：2020-03-04</li></ul>"
        "<h1>关于下达资金的通知</h1><p>来源：示例厅　时间：2020-03-05</p><div class='article_content'>详见附件电子全文</div>"
        "<div class='article_attachment'><a href='/files/a.pdf' title='资金表.pdf'>资金表.pdf</a></div>"
    )
    facts = page(html)
    assert facts.kind is PageKind.DOCUMENT
    assert [attachment.url for attachment in facts.attachments] == ["http://www.example.gov.cn/files/a.pdf"]


def test_a_number_alone_needs_nothing_else_in_its_line() -> None:
    assert number_alone("晋政办发〔2020〕38号") == "晋政办发〔2020〕38号"
    assert number_alone("见晋政办发〔2020〕38号文件规定") == ""
    assert number_in_row("示例文件 晋政发〔2020〕1号") != ""


def test_a_number_at_the_end_of_the_headline_is_its_own_unless_it_follows_another_title(page: Make) -> None:
    own = document("", "", "示例厅关于某事项的通知（晋财资〔2021〕5号）")
    assert page(own).document_number == "晋财资〔2021〕5号"
    cited = document("", "", "关于落实《示例办法》（晋财资〔2021〕5号）")
    assert page(cited).document_number is None


def test_a_number_in_its_own_line_of_an_interpretation_is_only_cited(page: Make) -> None:
    html = document(
        "", "<p>近日，省政府办公厅印发了</p><p>（晋政办发〔2020〕38号）</p>", "《示例省管理办法》政策解读"
    )
    facts = page(html)
    assert facts.document_number is None
    assert facts.kind is PageKind.INTERPRETATION


def test_labels_in_brackets_need_no_colon(page: Make) -> None:
    block = "<div><p>【索引号】990100000/2020-00101</p><p>【发文机关】示例市人民政府</p><p>【成文日期】2020-02-05</p><p>【发文字号】清政发〔2020〕1号</p></div>"
    facts = page(document(block, ""))
    assert (facts.index_number, facts.document_number) == ("990100000/2020-00101", "清政发〔2020〕1号")


def test_labels_in_square_brackets_on_one_line_are_read_one_by_one(page: Make) -> None:
    block = "<p><span>[ 索引号 ]</span><span>990100000/2020-00101</span> <span>[ 发文机关 ]</span><span>示例市人民政府</span> <span>[ 成文日期 ]</span><span>2020-02-05</span> <span>[ 发文字号 ]</span><span>清政发〔2020〕1号</span></p>"
    facts = page(document(block, ""))
    assert (facts.index_number, facts.document_number) == ("990100000/2020-00101", "清政发〔2020〕1号")
    assert facts.issuer == "示例市人民政府"


def test_the_day_of_writing_is_under_the_letter_that_hands_an_annex_on() -> None:
    text = "\n".join(
        [
            "示政办〔2020〕3号",
            "各县（区）人民政府：",
            "《示例工作方案》已经市政府同意，现印发给你们，请认真贯彻执行。",
            "2020年5月22日",
            "示例工作方案",
            *(f"第{n}条，各单位按照要求推进示例工作。" for n in range(60)),
        ]
    )
    assert signed_of(text) == date(2020, 5, 22)
    assert signed_of(text.replace("现印发给你们，请认真贯彻执行", "以下日期只是正文里的一行")) is None


@pytest.mark.parametrize("after", ["附件", "附 件：", "附表1", "（此件公开发布）"])
def test_the_date_before_the_annexes_is_the_day_of_writing(after: str) -> None:
    annex = [f"第{n}条 各单位按职责分工做好有关工作，主动研究提出问题，认真落实。" for n in range(40)]
    letter = [f"第{n}段 为加强协调配合，切实形成监管合力，建立联席会议制度。" for n in range(35)]
    text = "\n".join([*letter, "附件：联席会议制度", "2018年5月21日", after, "联席会议制度", *annex])
    assert signed_of(text) == date(2018, 5, 21)
    assert signed_of(text.replace(f"\n{after}\n", "\n会议定于当日召开\n")) is None
