"""What old tables, cards and stamps do to a page: forms between rows, dates in a card, a standing drawn as a picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]
HOST = "http://www.example.gov.cn"


def test_a_search_form_between_the_rows_of_a_table_has_the_fields_behind_it(page: Make) -> None:
    html = (
        "<html><head><title>某某市人民政府</title></head><body><table><tr><td>站内搜索</td></tr>"
        "<tr><form action='/find.asp' method='get'><td><input type='text' name='key'>"
        "<input type='image' src='/go.gif' alt='搜索'></td></form></tr></table>"
        "<table><tr><td><input name='pad'></td></tr></table></body></html>"
    )
    read = page(html, url=f"{HOST}/")
    assert read.search_box
    assert [(form.action, form.purpose, len(form.fields)) for form in read.forms] == [
        (f"{HOST}/find.asp", "search", 1)
    ]


def test_an_application_form_that_begins_in_one_table_and_goes_on_in_the_next_is_whole(page: Make) -> None:
    html = (
        "<html><head><title>依申请公开</title></head><body><table><form action='/save.asp' method='post'>"
        "<tr><td>申请人姓名</td><td><input name='a1'></td></tr><tr><td>联系电话</td><td><input name='a2'></td></tr></table>"
        "<table><tr><td>所需信息内容描述</td><td><textarea name='a3'></textarea></td></tr></form></table></body></html>"
    )
    (form,) = page(html, url=f"{HOST}/ysq.asp").forms
    assert form.purpose == "application"
    assert {"name", "contact", "description"} <= set(form.roles)


@pytest.mark.parametrize(("button", "found"), [("搜索", True), ("站内检索", True), ("提交", False)])
def test_a_field_beside_a_button_that_searches_is_a_search_box(page: Make, button: str, found: bool) -> None:
    html = f"<html><body><p>某某市</p><div><input type='text' name='k1'><input type='button' value='{button}'></div></body></html>"
    assert page(html, url=f"{HOST}/").search_box is found


@pytest.mark.parametrize("standing", ["有效", "已废止", "现行有效"])
def test_a_picture_in_the_block_says_how_a_document_stands(page: Make, standing: str) -> None:
    html = (
        "<html><body><h1>关于印发《某某管理办法》的通知</h1><div class='kv'><div><b>索引号</b><span>0123/2020-1</span></div>"
        "<div><b>发文字号</b><span>某政发〔2020〕3号</span></div>"
        f"<div><b>效力状态</b><span><img src='/x.png' alt='{standing}'></span></div></div><p>{'各有关单位应当遵照执行。' * 9}</p></body></html>"
    )
    read = page(html, url=f"{HOST}/a/1024.html")
    assert read.kind is PageKind.DOCUMENT
    assert read.validity == standing


@pytest.mark.parametrize("word", ["打印", "二维码"])
def test_a_picture_of_something_else_says_nothing_of_a_document(page: Make, word: str) -> None:
    html = (
        "<html><body><h1>关于印发《某某管理办法》的通知</h1><table><tr><td>索引号：</td><td>0123/2020-1</td></tr>"
        f"<tr><td>有效性：</td><td><img src='/x.png' alt='{word}'></td></tr></table><p>{'各有关单位应当遵照执行。' * 9}</p></body></html>"
    )
    assert page(html, url=f"{HOST}/a/1024.html").validity is None


def test_a_badge_behind_the_headline_is_the_standing_and_no_part_of_the_title(page: Make) -> None:
    html = (
        "<html><head><meta name='ArticleTitle' content='某某管理办法'></head><body><h1>某某管理办法 <span class='badge'>失效</span></h1>"
        f"<p>发布日期：2020-05-08</p><p>{'各有关单位应当遵照执行。' * 9}</p></body></html>"
    )
    read = page(html, url=f"{HOST}/a/1024.html")
    assert (read.title, read.validity) == ("某某管理办法", "失效")


def test_a_title_that_ends_in_such_a_word_keeps_it(page: Make) -> None:
    html = (
        "<html><head><meta name='ArticleTitle' content='关于部分文件继续有效'></head><body><h1>关于部分文件继续有效</h1>"
        f"<p>发布日期：2020-05-08</p><p>{'各有关单位应当遵照执行。' * 9}</p></body></html>"
    )
    read = page(html, url=f"{HOST}/a/1024.html")
    assert (read.title, read.validity) == ("关于部分文件继续有效", None)


def test_the_day_of_a_card_is_the_one_that_stands_alone_and_not_the_one_its_title_tells(page: Make) -> None:
    titles = [
        "2027年1月1日起施行新规的准备工作就绪",
        "全省业务骨干培训班在太原举办",
        "专家组赴基层开展现场指导",
    ]
    cards = "".join(
        f"<section class='card'><a href='/m/{n}'><h3>{title}</h3><div><span>办公室</span><time>11月{13 - n}日</time></div></a></section>"
        for n, title in enumerate(titles)
    )
    read = page(f"<html><body><main>{cards}</main></body></html>", url=f"{HOST}/m/")
    assert [item.date for item in read.items] == [date(2026, 11, 13 - n) for n in range(3)]


def test_a_table_of_links_under_a_columns_label_is_no_text_however_many_words_it_has(page: Make) -> None:
    rows = "".join(
        f"<tr><td>第{n}项</td><td><a href='/fd/{n}/'>{name}</a></td></tr>"
        for n, name in enumerate(
            [
                "机构职能与联系方式",
                "发展规划和专项规划",
                "国民经济统计信息",
                "行政许可的依据条件",
                "行政处罚的依据条件",
            ]
            * 3
        )
    )
    html = (
        "<html><head><title>法定主动公开内容</title><meta name='ColumnName' content='法定主动公开内容'></head>"
        f"<body><h2 class='bt'>法定主动公开内容</h2><div class='nr'><table>{rows}</table></div></body></html>"
    )
    assert page(html, url=f"{HOST}/zwgk/fd.htm").kind is PageKind.STATUTORY


def test_a_sentence_above_a_form_is_no_label_of_its_first_field(page: Make) -> None:
    html = (
        "<html><head><title>依申请公开</title></head><body><p>受理机构：某某办公室，电话：0351-4111222。</p><form action='/s' method='post'>"
        "<input name='f1' placeholder='请输入姓名'><input name='f2' placeholder='请输入手机号'>"
        "<textarea name='f3' placeholder='请描述所需信息'></textarea></form></body></html>"
    )
    (form,) = page(html, url=f"{HOST}/ysq/").forms
    assert {"name", "contact", "description"} <= set(form.roles)


def test_a_field_beside_a_magnifying_glass_is_a_search_box(page: Make) -> None:
    html = (
        "<html><body><p>某某市</p><form action='/x/'><input name='w'><i class='{}'></i></form></body></html>"
    )
    assert page(html.format("iconfont icon-search"), url=f"{HOST}/").search_box
    assert not page(html.format("iconfont icon-research"), url=f"{HOST}/").search_box


def test_a_number_glued_to_other_words_of_the_foot_is_still_a_way_to_reach_the_office(page: Make) -> None:
    html = (
        "<html><body><p>正文</p><footer><span>主办：某某局</span><span>技术支持：某公司</span><a href='tel:1'>0351-4111222</a>"
        "<span>网站识别码：1400000032</span><span>晋ICP备05000999号</span></footer></body></html>"
    )
    read = page(html, url=f"{HOST}/")
    assert read.footer is not None
    assert (read.footer.contact, read.site_code) == (True, "1400000032")


def test_panels_of_an_accordion_are_text_though_each_lies_in_a_box_of_its_own(page: Make) -> None:
    box = "<div class='item'><h3 onclick='t(this)'>{}</h3><div class='panel'{}><p>{}</p></div></div>"
    html = "<html><body><div class='acc'>{}{}</div><div class='pop' style='display:none'><p>扫一扫关注我们的公众号获取更多信息</p></div></body></html>"
    first = box.format("职责", "", "负责全省行业的规划、指导和监督管理工作，组织实施有关政策。")
    second = box.format("机构", " style='display:none'", "办公室、人事处、业务处")
    text = page(html.format(first, second), url=f"{HOST}/jg/").text
    assert "办公室、人事处、业务处" in text
    assert "扫一扫" not in text


def test_what_unfolds_beside_each_entry_of_a_list_is_no_block_of_the_page(page: Make) -> None:
    rows = "".join(
        f"<li><a href='/a/{n}.html'>关于印发第{n}号办法的通知</a><b>2020-05-1{n}</b><div class='pop' style='display:none'>"
        f"<p>索 引 号：01234/2020-0000{n}</p><p>发文机关：某某局</p><p>发文字号：某发〔2020〕{n}号</p><p>成文日期：2020-05-0{n}</p></div></li>"
        for n in (1, 2)
    )
    read = page(f"<html><body><h2>政策文件</h2><ul>{rows}</ul></body></html>", url=f"{HOST}/wj/")
    assert not read.metadata
    assert read.kind is not PageKind.DOCUMENT


@pytest.mark.parametrize(
    ("attributes", "script", "bound"),
    [
        ("id='ts'", "$('#ts').click(function(){ask()})", True),
        ("class='open-x'", "$('.open-x').on('click',function(){})", True),
        (
            "class='x'",
            "document.querySelectorAll('.tabs a').forEach(function(a){a.addEventListener('click',f)})",
            True,
        ),
        ("class='x'", "$('.tabs a').click(function(){})", True),
        ("class='x'", "$('.tabs li').hover(function(){})", False),
        ("id='ts'", "var ts = 1; $('#tsxx').click(f)", False),
    ],
)
def test_a_link_that_a_script_of_the_page_waits_for_is_handled(
    page: Make, attributes: str, script: str, bound: bool
) -> None:
    html = (
        f"<html><body><div class='tabs'><ul><li><a href='#' {attributes}>在线投诉</a></li></ul></div>"
        f"<script>{script}</script></body></html>"
    )
    (link,) = [link for link in page(html, url=f"{HOST}/").links if link.text == "在线投诉"]
    assert link.handler is bound
