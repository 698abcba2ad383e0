"""Pages whose templates know no headings, no colons and no links in the source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]

_MENU = (
    "<div class='nav'><ul>"
    + "".join(f"<li><a href='/{n}/'>栏目名称{n}</a></li>" for n in range(8))
    + "</ul></div>"
)
_TEXT = "<p>" + "为进一步做好有关工作，经研究，现就有关事项通知如下，请认真抓好落实。" * 6 + "</p>"


def test_a_headline_in_large_print_is_believed_before_a_title_that_every_page_has(page: Make) -> None:
    seen = page(
        "<html><head><title>示例省统计局</title></head><body><table><tr><td>当前位置：<a href='/'>首页</a> → "
        "<a href='/list.asp?id=3'>统计数据</a></td></tr><tr><td align=center><FONT size=4 color=#cc0000><B>"
        "2019年一季度主要经济指标</B></FONT></td></tr><tr><td align=center>[2019-04-22] 阅读次数：358</td></tr>"
        f"<tr><td>{_TEXT}</td></tr></table></body></html>"
    )
    assert seen.title == "2019年一季度主要经济指标"


@pytest.mark.parametrize(
    "row",
    [
        "<li><label>{0}</label><em>{1}</em></li>",
        "<li><strong>{0}</strong><span>{1}</span></li>",
        "<div><span>{0}</span> <span>{1}</span></div>",
    ],
)
def test_labels_and_values_are_told_apart_without_a_colon_between_them(page: Make, row: str) -> None:
    fields = (
        ("索引", "111400000/2020-00012"),
        ("发布机构", "示例省人社厅"),
        ("文号", "晋人社发〔2020〕50号"),
        ("成文日期", "二〇二〇年六月八日"),
        ("发布日期", "2020-08-14"),
    )
    block = "".join(row.format(*pair) for pair in fields)
    seen = page(
        f"<body><ul class='info'>{block}</ul><h1>关于启用电子证书的通告</h1><div class='content'>{_TEXT}</div></body>"
    )
    assert seen.index_number == "111400000/2020-00012"
    assert (seen.issuer, seen.document_number) == ("示例省人社厅", "晋人社发〔2020〕50号")
    assert (seen.written, seen.published) == (date(2020, 6, 8), date(2020, 8, 14))


def test_an_empty_field_does_not_take_the_next_one_for_its_value(page: Make) -> None:
    rows = (
        ("索引号", ""),
        ("发布机构", "示例省人社厅"),
        ("文号", ""),
        ("成文日期", "2020-06-08"),
        ("标题", "关于启用电子证书的通告"),
    )
    block = "".join(
        f"<div class='row'><div class='c1'>{k}</div><div class='c2'>{v}</div></div>" for k, v in rows
    )
    seen = page(
        f"<body><div class='box'>{block}</div><h1>关于启用电子证书的通告</h1><div class='content'>{_TEXT}</div></body>"
    )
    assert {field.name: field.value for field in seen.metadata} == {
        "index_number": "",
        "issuer": "示例省人社厅",
        "document_number": "",
        "written": "2020-06-08",
        "title": "关于启用电子证书的通告",
    }


@pytest.mark.parametrize(
    "rows",
    [
        '[{"title":"关于召开会议的通知","url":"/tz/2.html","date":"2020-09-02"},{"title":"放假安排","url":"/tz/1.html","date":"2020-08-01"}]',
        "[{title:'关于召开会议的通知',url:'/tz/2.html',date:'2020-09-02'},{title:'放假安排',url:'/tz/1.html',date:'2020-08-01'},]",
    ],
)
def test_a_list_that_a_script_keeps_as_an_array_is_read_without_running_it(page: Make, rows: str) -> None:
    seen = page(
        "<head><title>通知公告</title></head><body>"
        + _MENU
        + "<h2>通知公告</h2><ul id='lst'></ul><script>var listData="
        f'{rows};for(var i=0;i<listData.length;i++)h+="<li><a href=\'"+listData[i].url+"\'></a></li>";'
        "document.getElementById('lst').innerHTML=h;</script></body>",
        url="http://www.example.gov.cn/tz/",
    )
    assert seen.kind is PageKind.COLUMN
    assert [(item.title, item.url, item.date) for item in seen.items] == [
        ("关于召开会议的通知", "http://www.example.gov.cn/tz/2.html", date(2020, 9, 2)),
        ("放假安排", "http://www.example.gov.cn/tz/1.html", date(2020, 8, 1)),
    ]
    assert not seen.script_lists


def test_a_menu_kept_as_an_array_is_no_list(page: Make) -> None:
    seen = page(
        "<body><h2>通知公告</h2><script>var menu=[{name:'首页',url:'/'},{name:'机构',url:'/jg/'}];</script></body>"
    )
    assert not seen.items


@pytest.mark.parametrize(
    ("code", "sources"),
    [
        ("fetch('/api/list/tz?page='+p)", ("http://www.example.gov.cn/api/list/tz?page=1",)),
        ("fetch('/api/list?channel='+id)", ()),
    ],
)
def test_an_address_that_a_script_completes_is_asked_for_its_first_page_or_not_at_all(
    page: Make, code: str, sources: tuple[str, ...]
) -> None:
    seen = page(
        f"<body><h2>通知公告</h2><ul id='l'></ul><script>{code}</script></body>",
        url="http://www.example.gov.cn/tz/",
    )
    assert seen.data_sources == sources
