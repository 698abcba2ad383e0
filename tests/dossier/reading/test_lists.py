"""Lists in every order and tag that was seen."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest

from dossier.model import Column, PageFacts, PageKind

Make = Callable[..., PageFacts]
URL = "http://www.example.gov.cn/tzgg/index.shtml"
NAMES = (
    "关于做好企业年度报告工作的通知",
    "关于开展专项资金申报工作的公告",
    "关于公布评审结果的公示",
    "关于召开工作会议的通知",
)


def column(rows: str, more: str = "") -> str:
    return (
        "<html><head><title>通知公告 -- 示例厅</title><meta name='ColumnName' content='通知公告'></head><body>"
        f"<div class='crumb-nav'>当前位置：<a href='/'>首页</a>&gt;<a href='./'>通知公告</a></div>{rows}{more}</body></html>"
    )


def rows(template: str) -> str:
    return (
        "<ul class='list'>"
        + "".join(template.format(n=n, t=t, d=20 - n) for n, t in enumerate(NAMES))
        + "</ul>"
    )


@pytest.mark.parametrize(
    "template",
    [
        "<li><span>2020-10-{d}</span><a href='./202010/t{n}.shtml' target='_blank'>{t}</a></li>",
        "<li><i></i><a href='./202010/t{n}.shtml' title='{t}'>{t}</a><em>2020-10-{d}</em></li>",
        "<li>\t <a target='_parent'  href='./202010/t{n}.shtml' title='{t}'>  {t}</a><span class='date'>[2020-10-{d}]</span></li>",
        "<li><img src='/a.png'><a href='./202010/t{n}.shtml'><p>{t}</p></a><span>2020年10月{d}日</span></li>",
        "<a href='./202010/t{n}.shtml'><li><div><p>{t}</p></div><span>2020-10-{d}</span></li></a>",
        "<li><a href='./202010/t{n}.shtml'>{t}</a> <span>\n      2020-10-{d}\n   </span></li>",
        "<li><!--span class='time'>2018-09-30</span--><a href='./202010/t{n}.shtml'>{t}</a><span class='time'>2020-10-{d}</span></li>",
        "<div class='line1'></div><li><a href='./202010/t{n}.shtml'>{t}<span>2020/10/{d}</span></a></li>",
        "<li><a href='./202010/t{n}.shtml'>{t}</a> <font size=2>(202010{d})</font></li>",
        "<li><a href='./202010/t{n}.shtml'>{t}</a><span title='2020-10-{d}'>10-{d}</span></li>",
        "<li><a href='/tzgg/202010/t{n}.shtml'>{t}</a><b>2020-10</b><strong>{d}</strong></li>",
        "<li><a href='./202010/t{n}.shtml'>{t}</a><span>成文：2020-03-11</span><span>发布：2020-10-{d}</span></li>",
        "<dt><a href='./202010/t{n}.shtml'>{t}</a></dt><dd>摘要：会议指出，要抓好落实。</dd><dd>2020-10-{d}</dd>",
        "<li onclick=\"location.href='./202010/t{n}.shtml'\"><a onclick=\"window.open('./202010/t{n}.shtml')\">{t}</a><span>2020-10-{d}</span></li>",
    ],
)
def test_a_row_gives_title_address_and_date(page: Make, template: str) -> None:
    around = "dl" if template.startswith("<dt") else "ul"
    template = template.replace("<b>2020-10</b><strong>{d}</strong>", "<p>2020-10</p><p>{d}</p>")
    facts = page(column(rows(template).replace("ul", around)), url=URL)
    items = [item for item in facts.items if item.block == 0]
    assert [item.title for item in items] == list(NAMES)
    assert [item.date for item in items] == [date(2020, 10, 20 - n) for n in range(4)]
    assert items[1].url == "http://www.example.gov.cn/tzgg/202010/t1.shtml"
    assert facts.kind is PageKind.COLUMN
    assert facts.column is Column.NOTICE


def test_a_cut_title_is_completed_from_the_title_attribute(page: Make) -> None:
    html = column(
        "<ul><li><a href='a.html' title='关于《山西省某煤矿资源开发利用方案》评审结果的公示'>关于《山西省某煤矿资源开发利...</a><span>2020-01-02</span></li></ul>"
    )
    assert page(html, url=URL).items[0].title == "关于《山西省某煤矿资源开发利用方案》评审结果的公示"


def test_table_rows_and_block_rows_are_entries(page: Make) -> None:
    table = (
        "<table>"
        + "".join(
            f"<tr><td>{n + 1}</td><td><a href='{n}.html'>{t}</a></td><td>晋教〔2020〕{n + 1}号</td><td>2020-03-0{9 - n}</td></tr>"
            for n, t in enumerate(NAMES)
        )
        + "</table>"
    )
    items = page(column(table), url=URL).items
    assert [item.number for item in items] == [f"晋教〔2020〕{n + 1}号" for n in range(4)]
    blocks = (
        "<div class='sxinfo-pubfiles'>"
        + "".join(
            f"<div class='sxinfo-pubfiles-item'><a href='{n}.html'>{t}</a><span>2020-03-0{9 - n}</span></div>"
            for n, t in enumerate(NAMES)
        )
        + "</div>"
    )
    assert len([item for item in page(column(blocks), url=URL).items if item.date]) == 4


def test_pinned_entries_are_told_by_their_age(page: Make) -> None:
    days = ("2025-08-28", "2026-08-13", "2026-09-15", "2026-09-15", "2026-09-14", "2026-09-11")
    html = (
        "<ul>"
        + "".join(
            f"<li><span>{day}</span><a href='{n}.html'>关于第{n}号事项的公告通知</a></li>"
            for n, day in enumerate(days)
        )
        + "</ul>"
    )
    assert [item.pinned for item in page(column(html), url=URL).items] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_list_in_order_has_no_pinned_entry(page: Make) -> None:
    html = rows("<li><a href='{n}.html'>{t}</a><span>2020-10-{d}</span></li>")
    assert not any(item.pinned for item in page(column(html), url=URL).items)


def test_the_other_tab_is_hidden_and_apart(page: Make) -> None:
    html = rows("<li><a href='{n}.html'>{t}</a><span>2020-10-{d}</span></li>") + (
        "<ul style='display: none'><li><a href='x.html'>另一栏目的结果公示文件</a><span>2020-11-11</span></li></ul>"
    )
    other = next(item for item in page(column(html), url=URL).items if item.url.endswith("x.html"))
    assert other.hidden
    assert other.block != 0


def test_menus_and_footers_are_no_entries(page: Make) -> None:
    menu = (
        "<div class='nav'><ul>"
        + "".join(f"<li><a href='/{n}/'>栏目名称{n}</a></li>" for n in range(9))
        + "</ul></div>"
    )
    foot = "<div class='footer'><ul><li><a href='/a'>国务院部门网站一览表</a></li><li><a href='/b'>省级人民政府网站一览</a></li></ul>主办单位：示例厅</div>"
    html = column(menu + rows("<li><a href='{n}.html'>{t}</a><span>2020-10-{d}</span></li>"), foot)
    assert len(page(html, url=URL).items) == 4


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (
            '<script>createPageHTML(3,0,"index","shtml");function createPageHTML(a,b){}</script>',
            ["index_1.shtml", "index_2.shtml"],
        ),
        (
            '<script>function createPageHTML(_nPageCount,_n){}\ncreatePageHTML(3,0,"index","shtml","50")</script>',
            ["index_1.shtml", "index_2.shtml"],
        ),
        (
            "<div class='pages'><a title='Total record'>&nbsp;<b>32</b></a><a href='index_2.html'>2</a><a href='index_2.html'>下一页</a></div>",
            ["index_2.html"],
        ),
        ("<div class='page'><a class='next' href='index_2.html'>下一页</a></div>", ["index_2.html"]),
        (
            f"<div id='pages'>{base64.b64encode(quote('<a href=index_2.html>2</a>').encode()).decode()}</div>",
            ["index_2.html"],
        ),
        (
            "<script>var countPage = 3//共多少页\nvar currentPage=0;function createPage(){}</script>",
            ["index_1.shtml", "index_2.shtml"],
        ),
    ],
)
def test_the_next_pages_are_found(page: Make, more: str, wanted: list[str]) -> None:
    html = column(rows("<li><a href='{n}.html'>{t}</a><span>2020-10-{d}</span></li>"), more)
    assert [address.rsplit("/", 1)[-1] for address in page(html, url=URL).next_pages] == wanted


def test_a_column_of_one_entry_without_date_is_not_empty(page: Make) -> None:
    facts = page(column("<ul><li><a href='1.html'>示例省教育厅政府信息公开指南</a></li></ul>"), url=URL)
    assert [item.title for item in facts.items] == ["示例省教育厅政府信息公开指南"]


@pytest.mark.parametrize("tag", ["", "<meta name='ColumnDescription' content='发展规划'>"])
def test_a_list_of_a_single_entry_is_a_list_and_its_date_not_the_pages(page: Make, tag: str) -> None:
    facts = page(
        f"<html><head><title>发展规划-示例厅</title>{tag}</head><body><div class='nav'><a href='/'>首页</a>"
        "<a href='/a/'>政务公开</a><a href='/b/'>互动</a></div><div class='path'>当前位置：<a href='/'>首页</a>&gt;"
        "<a href='/x/'>法定主动公开内容</a>&gt;发展规划</div><div class='main'><h3>发展规划</h3><ul>"
        "<li><span>2020-07-30</span><a href='/info/1005/88.htm'>示例厅2020年重点工作计划</a></li></ul>"
        "<div class='pb'>共1页 1/1 下页</div></div></body></html>",
        url="http://www.example.gov.cn/zwgk/x03.htm",
    )
    assert facts.kind not in (PageKind.ARTICLE, PageKind.DOCUMENT)
    assert [item.title for item in facts.items] == ["示例厅2020年重点工作计划"]
