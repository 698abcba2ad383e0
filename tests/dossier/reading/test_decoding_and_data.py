"""Encodings that are not what they say, lists that come as data, files, and bytes that mean harm."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.errors import BadInput
from dossier.home import Home
from dossier.model import Column, PageFacts, PageKind
from dossier.reading import Vocabulary, contract_json, decode, load_vocabulary, read, read_data

from .conftest import AS_OF

Make = Callable[..., PageFacts]
TEXT = "关于做好政府信息公开工作的通知，请各单位认真贯彻执行。"
HTML = f"<html><head><meta charset='gb2312'><title>{TEXT}</title></head><body><p>{TEXT * 5}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        (HTML.encode("utf-8"), "", "utf-8"),
        (HTML.encode("utf-8"), "text/html; charset=gbk", "utf-8"),
        (HTML.encode("utf-8-sig"), "", "utf-8"),
        (HTML.encode("utf-16"), "", "utf-16"),
        (HTML.encode("gb18030"), "", "gb18030"),
        (HTML.replace("<meta charset='gb2312'>", "").encode("gbk"), "", "gb18030"),
        (HTML.replace("gb2312", "utf-8").encode("gbk"), "", "gb18030"),
        (HTML.encode("utf-8")[:-1] + "字".encode()[:2], "", "utf-8"),
        ((HTML + "镕" * 3).encode("gb18030"), "text/html; charset=GB2312", "gb18030"),
    ],
)
def test_bytes_are_read_for_what_they_are(body: bytes, header: str, encoding: str) -> None:
    text, found = decode(body, header)
    assert TEXT in text
    assert found == encoding


def test_big5_is_read_where_it_is_declared() -> None:
    assert "政府資訊公開" in decode("<meta charset=big5>政府資訊公開的法律".encode("big5"))[0]


def test_a_list_of_the_xinhua_kind_is_read(vocabulary: Vocabulary) -> None:
    data = {
        "datasource": [
            {"title": "甲文件", "publishUrl": "../20260911/a/c.html", "publishTime": "2026-09-11 12:04:01"},
            {"publishUrl": "x"},
        ]
    }
    facts = read_data(
        json.dumps(data).encode(), url="http://a.gov.cn/xwzx/ds_1.json", as_of=AS_OF, vocabulary=vocabulary
    )
    assert facts is not None
    assert [(item.title, item.url, item.date) for item in facts.items] == [
        ("甲文件", "http://a.gov.cn/20260911/a/c.html", date(2026, 9, 11))
    ]


def test_data_that_was_mangled_is_put_right(vocabulary: Vocabulary) -> None:
    body = json.dumps(
        [{"title": "关于公告的通知".encode().decode("latin-1"), "url": "/a", "date": "2020-01-02"}],
        ensure_ascii=False,
    ).encode()
    facts = read_data(body, url="http://a.gov.cn/d.json", as_of=AS_OF, vocabulary=vocabulary)
    assert facts is not None
    assert facts.items[0].title == "关于公告的通知"


@pytest.mark.parametrize(
    "body",
    [
        '{"data":{"data":[{"gk_doctitle":"关于<em style=\'color:red\'>发布</em>标准的公告","docpuburl":"http://z.gov.cn/1.shtml","docpubtime":"2026-06-11 15:04:39"}]}}',
        '{"data":{"html":"<ul><li><a href=\\"http://z.gov.cn/1.shtml\\" title=\\"关于发布标准的公告\\">关于发布..</a><span>2026-06-11</span></li></ul>"}}',
        "<datastore><nextgroup><![CDATA[<a href=x>]]></nextgroup><recordset><record><![CDATA[<li><a href='http://z.gov.cn/1.shtml'>关于发布标准的公告</a><span>2026-06-11</span></li>]]></record></recordset></datastore>",
        'callback([{"Title":"关于发布标准的公告","linkUrl":"http://z.gov.cn/1.shtml","pubDate":1781107200000}]);',
        '{"list":"[{\\"title\\":\\"关于发布标准的公告\\",\\"url\\":\\"http://z.gov.cn/1.shtml\\",\\"time\\":\\"2026-06-11\\"}]"}',
    ],
)
def test_other_kinds_of_data_are_read(body: str, vocabulary: Vocabulary) -> None:
    facts = read_data(body.encode(), url="http://z.gov.cn/api", as_of=AS_OF, vocabulary=vocabulary)
    assert facts is not None
    assert [(item.title, item.url, item.date) for item in facts.items] == [
        ("关于发布标准的公告", "http://z.gov.cn/1.shtml", date(2026, 6, 11))
    ]


def test_data_without_a_list_is_none(vocabulary: Vocabulary) -> None:
    for body in (b"", b"{}", b"[1,2]", b"not json", b'{"code":500,"msg":"x"}', b"[" * 5000):
        assert read_data(body, url="http://z.gov.cn/api", as_of=AS_OF, vocabulary=vocabulary) is None


def test_addresses_of_data_and_empty_lists_are_told(page: Make) -> None:
    html = (
        "<ul><li v-for='i in list'></li></ul><script>$.get('/api/list.json',function(){}); axios.get('/gov/openSearch/getZwgkList?siteId=13')</script>"
        f"<p>{TEXT * 9}</p>"
    )
    facts = page(html)
    assert facts.script_lists
    assert "http://www.example.gov.cn/api/list.json" in facts.data_sources
    assert any("getZwgkList" in address for address in facts.data_sources)


def _docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph(TEXT)
    document.add_table(1, 1).cell(0, 0).text = "表中文字"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([TEXT, 3])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_files_are_read_by_what_they_are(page: Make) -> None:
    assert TEXT in page(_docx(), url="http://a.gov.cn/P1.docx").text
    assert "表中文字" in page(_docx(), url="http://a.gov.cn/download?id=1").text
    assert TEXT in page(_xlsx(), url="http://a.gov.cn/P1.xlsx").text
    assert TEXT in page(TEXT.encode("gbk"), url="http://a.gov.cn/P1.txt", content_type="text/plain").text
    pdf = b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj 4 0 obj<</Length 60>>stream\nBT /F1 24 Tf 20 100 Td (Annual report 2020) Tj ET\nendstream endobj trailer<</Root 1 0 R>>"
    assert "Annual report 2020" in page(pdf, url="http://a.gov.cn/P1.pdf").text


@pytest.mark.parametrize(
    ("body", "url", "why"),
    [
        (b"%PDF-1.4 broken", "http://a.gov.cn/a.pdf", "broken"),
        (b"PK\x03\x04 broken", "http://a.gov.cn/a.docx", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "http://a.gov.cn/a.doc", "broken"),
        (b"Rar!\x1a\x07", "http://a.gov.cn/a.rar", "format"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(page: Make, body: bytes, url: str, why: str) -> None:
    assert page(body, url=url).unreadable == why


def test_an_error_page_in_place_of_a_file_is_a_page(page: Make) -> None:
    facts = page(
        "<html><title>404 Not Found</title><body>404 Not Found</body></html>", url="http://a.gov.cn/a.pdf"
    )
    assert facts.kind is PageKind.ERROR


def test_the_names_of_columns_are_known(vocabulary: Vocabulary) -> None:
    known = {
        "政府信息公开制度文件": Column.RULES, "公开制度": Column.RULES, "信息公开规定": Column.RULES, "公开年度报告": Column.ANNUAL,
        "政府信息依申请公开": Column.APPLICATION, "\ue6a3机构职能": Column.FUNCTIONS, "政 策 文 件": Column.POLICY, "政策文件及解读": Column.POLICY_JOINT,
        "行政规范性文件": Column.NORMATIVE, "通知公告 >>": Column.NOTICE, "工作动态 更多": Column.NEWS, "首页": Column.HOME, "领导之窗": Column.LEADERS,
        "政府信息公开指南": Column.GUIDE, "办事指南": None, "2019年政府网站年度工作报表": None, "领导活动": Column.NEWS, "关于印发政策解读方案的通知": None,
        "历年年报": Column.ANNUAL, "主动公开事项": Column.STATUTORY, "信息公开条例": Column.RULES, "本局概况": Column.FUNCTIONS,
        "数据解读": None, "历史动态": None, "县区动态": Column.NEWS,
    }  # fmt: skip
    assert {name: vocabulary.column_of(name) for name in known} == known


def test_a_bad_table_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "columns.toml").write_text(
        '[[column]]\nkey = "nonsense"\nexact = ["甲"]\n', encoding="utf-8"
    )
    with pytest.raises(BadInput) as refused:
        load_vocabulary(Home(tmp_path))
    problem = refused.value.problems[0]
    assert problem.file.endswith("columns.toml")
    assert problem.line == 1
    assert "nonsense" in problem.what
    assert problem.mend
    (tmp_path / "tables" / "columns.toml").write_text('[[column]]\nkey = "guide\n', encoding="utf-8")
    with pytest.raises(BadInput, match="第 2 行"):
        load_vocabulary(Home(tmp_path))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=st.binary(max_size=400))
def test_no_bytes_break_the_reader(body: bytes, vocabulary: Vocabulary) -> None:
    for url in ("http://a.gov.cn/", "http://a.gov.cn/x/t20200101_1.html"):
        assert contract_json(read(body, url=url, as_of=AS_OF, vocabulary=vocabulary))["kind"]
    read_data(body, url="http://a.gov.cn/d", as_of=AS_OF, vocabulary=vocabulary)


PIECES = [
    "<div class='footer'>",
    "<table><tr>",
    "<td rowspan=0 colspan=99999>",
    "</td>",
    "<a href='http://[x'>",
    "<li>",
    "<ul style='display:none'>",
    "<form>",
    "<input>",
    "发布日期：2020-02-31",
    "索引号：",
    "文号",
    "〔2020〕",
    "<!--",
    "-->",
    "<script>createPageHTML(99999999,0,'','')",
    "</script>",
    "<title>",
    "<iframe src=a>",
    "&#0;",
    "\ud83d\ude00",
    "<p>" * 5,
    "当前位置：",
    "<select><option value='/x'>",
    "下一页",
    "联系电话",
    "<h1>",
    "</h1>",
    "二〇二〇年十三月",
]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_mixture_of_markup_breaks_the_reader(pieces: list[str], vocabulary: Vocabulary) -> None:
    body = "".join(pieces).encode("utf-8", "surrogatepass")
    assert read(body, url="http://a.gov.cn/x.html", as_of=AS_OF, vocabulary=vocabulary).url


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<div>" * 60_000 + "x" + "</div>" * 60_000,
        "<font size=1><p>" * 20_000,
        "<b><i><a href=x>" * 20_000,
        "<table><tr><td>" * 8_000,
        "<ul><li><a href='/a.html'>关于通知的标题内容</a><span>2020-01-02</span></li></ul>" * 8_000,
        "<a href='" + "a/" * 100_000 + "!'>x</a>",
        "位置" * 100_000,
        "<p>发布时间：" + " " * 200_000 + "</p>",
        "<p>" + "索引号：" * 50_000 + "</p>",
        "联系电话" * 50_000 + "<title>政府信息公开指南</title><h1>政府信息公开指南</h1>",
        "<span>" * 30_000 + "2020-01-01" * 3_000,
        "<form action='/f'><select>" + "<option>x" * 200_000 + "</select></form>",
        "<form action='/s'><input name=q></form>" * 20_000,
        "".join(f"<style>.a{n}{{display:none}}</style>" for n in range(40_000)),
        "".join(f"<label for=x{n}>姓名{n}</label><input id=x{n}>" for n in range(15_000)),
    ],
)
def test_harmful_pages_take_bounded_time(html: str, vocabulary: Vocabulary) -> None:
    started = time.process_time()
    read(html.encode(), url="http://a.gov.cn/x.html", as_of=AS_OF, vocabulary=vocabulary)
    assert time.process_time() - started < 10
