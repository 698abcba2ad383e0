"""Dates of rows that lists show in parts, and what is the head of an article and what of its site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import process_time

import pytest

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]

URL = "http://www.example.gov.cn/news/"


def _list(rows: str) -> str:
    return f"<html><head><title>工作动态</title></head><body><div>当前位置：<a href='/'>首页</a> &gt; 工作动态</div>{rows}</body></html>"


def test_a_day_alone_belongs_to_the_month_above_it(page: Make) -> None:
    rows = (
        "<h4>2020年11月</h4><ul><li><span>22日</span><a href='a1.html'>某县扎实做好水利工作</a></li>"
        "<li><span>3日</span><a href='a2.html'>某县召开水利工作推进会</a></li></ul>"
        "<h4>2020年10月</h4><ul><li><span>30日</span><a href='a3.html'>某县开展水利宣传活动</a></li></ul>"
    )
    days = [item.date for item in page(_list(rows), url=URL).items]
    assert days == [date(2020, 11, 22), date(2020, 11, 3), date(2020, 10, 30)]


def test_a_day_alone_without_a_month_above_it_is_no_date(page: Make) -> None:
    rows = "".join(
        f"<li><span>{n}日</span><a href='a{n}.html'>某县召开第{n}次水利工作会议</a></li>" for n in (5, 6, 7)
    )
    assert [item.date for item in page(_list(f"<ul>{rows}</ul>"), url=URL).items] == [None, None, None]


@pytest.mark.parametrize(
    ("row", "around"),
    [
        (
            (
                "<article><h4><a href='/news/2019/12/{n}/'>某县召开第{n}次水利工作会议</a></h4>"
                "<time datetime='2019-12-{n}'>12月{n}日</time></article>"
            ),
            "<div>{}</div>",
        ),
        (
            "<li><a href='/news/2019/12/{n}/'>某县召开第{n}次水利工作会议</a><span>12-{n}</span></li>",
            "<ul>{}</ul>",
        ),
    ],
    ids=["a-time-element-is-believed-before-the-short-date-shown", "a-december-folder-is-not-january"],
)
def test_a_short_date_is_completed_from_where_the_year_stands(page: Make, row: str, around: str) -> None:
    rows = "".join(row.format(n=n) for n in (12, 11, 10))
    days = [item.date for item in page(_list(around.format(rows)), url=URL).items]
    assert days == [date(2019, 12, 12), date(2019, 12, 11), date(2019, 12, 10)]


def test_of_a_written_and_a_published_date_in_one_row_the_published_one_counts(page: Make) -> None:
    rows = "".join(
        f"<div class='tr'><span><a href='a{n}.html'>某县水利局关于第{n}项工作的通知</a></span><span>某水发〔2020〕{n}号</span>"
        f"<span>2020-10-1{n}</span><span>2020-10-2{n}</span></div>"
        for n in (3, 2, 1)
    )
    days = [item.date for item in page(_list(f"<div>{rows}</div>"), url=URL).items]
    assert days == [date(2020, 10, 23), date(2020, 10, 22), date(2020, 10, 21)]


def test_a_list_kept_in_a_script_stands_beside_the_menu_that_is_in_the_page(page: Make) -> None:
    menu = "".join(
        f"<p><a href='/m{n}.html'>{name}</a></p>"
        for n, name in enumerate(
            ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报")
        )
    )
    rows = ",".join(
        f'{{"title": "某县水利局关于第{n}项工作的通知", "url": "/docs/{n}.html", "date": "2020-10-1{n}"}}'
        for n in (3, 2, 1)
    )
    facts = page(
        _list(f"<div>{menu}</div><div id='L'></div><script>var rows=[{rows}];draw(rows);</script>"), url=URL
    )
    assert [item.date for item in facts.items][:3] == [
        date(2020, 10, 13),
        date(2020, 10, 12),
        date(2020, 10, 11),
    ]


def test_large_print_above_the_path_is_the_name_of_the_site(page: Make) -> None:
    text = (
        "<p>根据《中华人民共和国政府信息公开条例》编制本指南，公民、法人或者其他组织可以申请获取政府信息。</p>"
        * 3
    )
    facts = page(
        "<html><head><title>政府信息公开指南</title></head><body><div><h1>某县标准化研究推进办公室</h1></div>"
        f"<p class='nav'>您的位置：<a href='/'>主页</a>&gt;政府信息公开指南</p><div><p>政府信息公开指南</p>{text}</div></body></html>",
        url="http://www.example.gov.cn/guide.htm",
    )
    assert facts.title == "政府信息公开指南"
    assert facts.kind is PageKind.GUIDE


def test_what_stands_beside_the_text_inside_its_article_belongs_to_it(page: Make) -> None:
    facts = page(
        "<html><head><title>图解：某县水利局关于水利工作的实施意见</title><meta name='ArticleTitle' "
        "content='图解：某县水利局关于水利工作的实施意见'></head><body><nav><a href='/'>首页</a></nav><main><article>"
        "<header><h2>图解：某县水利局关于水利工作的实施意见</h2><p>2020年11月3日</p></header><div><img src='a.jpg'></div>"
        "<aside><h5>解读的文件</h5><ul><li><a href='/docs/1.html'>某县水利局关于水利工作的实施意见</a></li></ul></aside>"
        "</article></main></body></html>",
        url="http://www.example.gov.cn/intp/2020/11/1042/",
    )
    assert facts.kind is PageKind.INTERPRETATION
    assert [link.url for link in facts.sources] == ["http://www.example.gov.cn/docs/1.html"]


def test_a_site_code_of_eleven_figures_is_read_as_it_stands(page: Make) -> None:
    foot = "<div class='footer'>主办单位：某县水利局 网站标识码：14000001740 晋ICP备00000001号</div>"
    facts = page(
        f"<html><head><title>某县水利局</title></head><body><p>欢迎</p>{foot}</body></html>",
        url="http://www.example.gov.cn/",
    )
    assert facts.site_code == "14000001740"


def test_numbers_that_lead_to_the_same_address_but_for_the_number_are_the_pager(page: Make) -> None:
    rows = "".join(
        f"<li><a href='/web/2020/{n}.html'>某县水利局关于第{n}项工作的通知</a><span>2020-10-{n}</span></li>"
        for n in (13, 12, 11)
    )
    pager = "<div style='text-align:center'><a href='{0}'>1</a><a href='{1}'>2</a><a href='{2}'>[3]</a><a href='/rl/2.html'>2</a></div>"
    for url, second, third in (
        ("http://www.example.gov.cn/web/wenjian.html", "/web/wenjian_2.html", "/web/wenjian_3.html"),
        ("http://www.example.gov.cn/docs", "/docs/p2", "/docs/p3"),
        ("http://www.example.gov.cn/docs/main.htm", "/docs/main1.htm", "/docs/main2.htm"),
        (
            "http://www.example.gov.cn/list.jsp?t=tree&id=17",
            "/list.jsp?a=2&t=tree&id=17",
            "/list.jsp?a=3&t=tree&id=17",
        ),
    ):
        first = url.removeprefix("http://www.example.gov.cn")
        facts = page(_list(f"<ul>{rows}</ul>{pager.format(first, second, third)}"), url=url)
        assert facts.next_pages == (f"http://www.example.gov.cn{second}", f"http://www.example.gov.cn{third}")


def test_the_first_page_follows_no_other(page: Make) -> None:
    rows = "<li><a href='/web/2019/1.html'>某县水利局关于第1项工作的通知</a><span>2019-06-18</span></li>"
    pager = "<div class='page'><a href='/web/wenjian.html'>1</a><a href='/web/wenjian_2.html'>2</a></div>"
    facts = page(_list(f"<ul>{rows}</ul>{pager}"), url="http://www.example.gov.cn/web/wenjian_2.html")
    assert facts.next_pages == ()


def test_an_address_alone_under_its_label_is_read(page: Make) -> None:
    text = "<p>为了便于公民、法人和其他组织获取政府信息，编制本指南。</p>" * 2
    facts = page(
        "<html><head><title>政府信息公开指南_某县水利局</title></head><body><div>当前位置：<a href='/'>首页</a> &gt; 政府信息公开指南</div>"
        f"<div class='TRS_Editor'>{text}<dl><dt>地址</dt><dd>城关镇人民路12号</dd><dt>电话</dt><dd>0350-1234567</dd></dl></div></body></html>",
        url="http://www.example.gov.cn/zn/",
    )
    assert "人民路12号" in facts.contacts["address"]


def test_the_day_and_the_weather_at_the_head_of_a_page_are_neither_entry_nor_date(page: Make) -> None:
    clock = "<div class='tq'><span>2020年11月24日 星期二 农历十月初十</span><span>晴 -3℃~8℃</span><a href='http://www.gov.cn'>中国政府网</a></div>"
    links = "".join(
        f"<p><a href='/s{n}/'>{name}</a></p>"
        for n, name in enumerate(("法规文件", "规划计划", "统计信息", "财政预决算"))
    )
    facts = page(
        f"<html><head><title>法定主动公开内容</title><meta name='ColumnName' content='法定主动公开内容'></head><body>{clock}"
        f"<div>您的位置：<a href='/'>首页</a> &gt; 法定主动公开内容</div><div>{links}</div></body></html>",
        url="http://www.example.gov.cn/page/stat.html",
    )
    assert facts.kind is PageKind.STATUTORY
    assert [item.date for item in facts.items if item.date] == []


def test_the_sort_of_an_entry_before_its_title_is_no_entry_of_its_own(page: Make) -> None:
    rows = "".join(
        f"<div class='row'><a class='cat' href='/news/'>[动态]</a><a href='/news/{n}.html'>某县召开第{n}次水利工作会议</a>"
        f"<p>11月{n - 2}日，某县召开水利工作会议，听取有关情况汇报…</p><p>发布时间：2020-11-{n}　阅读：12</p></div>"
        for n in (22, 20, 18)
    )
    facts = page(_list(rows), url=URL)
    assert [(item.title, item.date) for item in facts.items] == [
        (f"某县召开第{n}次水利工作会议", date(2020, 11, n)) for n in (22, 20, 18)
    ]


def test_the_head_of_a_menu_that_begins_like_the_title_is_not_the_title(page: Make) -> None:
    text = (
        "<p>根据《中华人民共和国政府信息公开条例》编制本指南，公民、法人或者其他组织可以申请获取政府信息。</p>"
        * 3
    )
    facts = page(
        "<html><head><title>政府信息公开指南_某县水利局</title></head><body><div>您的位置：<a href='/'>首页</a> &gt; 政府信息公开指南</div>"
        f"<div class='lf'><h3>政府信息公开</h3><p><a href='/zn.html'>政府信息公开指南</a></p></div><div>{text}</div></body></html>",
        url="http://www.example.gov.cn/page/guide.html",
    )
    assert (facts.title, facts.kind) == ("政府信息公开指南", PageKind.GUIDE)


def test_scanned_pages_below_the_headline_are_seen_as_pictures(page: Make) -> None:
    title = "某县水利局关于水利工作的实施意见"
    block = "".join(
        f"<dd><b>{label}：</b>{value}</dd>"
        for label, value in (
            ("索引号", "012345/2020-00060"),
            ("发文机关", "某县水利局"),
            ("成文日期", "2020-10-16"),
            ("标题", title),
        )
    )
    scans = "".join(f"<p><img src='/upload/202010/{n}.jpg'></p>" for n in range(3))
    facts = page(
        f"<html><head><title>{title}</title><meta name='ArticleTitle' content='{title}'></head><body><dl>{block}</dl>"
        f"<h1>某县水利局<br>关于水利工作的实施意见</h1><div class='editor'>{scans}</div></body></html>"
    )
    assert facts.media == ("image",)


def test_a_link_never_closed_on_a_page_of_nested_boxes_costs_its_share(page: Make) -> None:
    """A parser repeats such a link in every box behind it: each was a row that held all the rows after it."""
    box = (
        "m></li><li><span>索引号：</span><em>012345678/2020-00013</em></li><lh>晋教〔2020〕7号</em></li>"
        "<li><span>发布日期：</span><em>2020年5月15日</em></li></ul></div><div><h1>关于加强校园安全管理的意见</h1><div>"
    )
    begun = process_time()
    read = page(_list("<ul><li><a href='/zwgk/'>政务公开</li>" + box * 800), url=URL)
    assert (
        process_time() - begun < 8
    )  # 15 s before 2026-11-30, and four times as much for twice as many boxes
    assert read.links
