"""Rows, menus and lists that a script opens or draws: what the page itself tells of them is read, the rest is not guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import LinkPlace, PageFacts, PageKind

Make = Callable[..., PageFacts]
HOST = "http://www.example.gov.cn"


def column(main: str) -> str:
    return f"<html><head><title>通知公告</title></head><body><div class='main'><h2>通知公告</h2>{main}</div></body></html>"


@pytest.mark.parametrize(
    "row",
    [
        "<li onclick=\"location.href='{path}'\"><p>{title}</p><em>{day}</em></li>",
        '<li data-href="{path}"><p>{title}</p><em>{day}</em></li>',
        "<li onclick=\"window.open('{path}')\"><span>{day}</span>{title}</li>",
        "<div class='row' data-link='{path}'><h4>{title}</h4><span>{day}</span></div>",
    ],
)
def test_rows_that_are_clicked_as_a_whole_are_entries_with_address_and_date(page: Make, row: str) -> None:
    rows = "".join(
        row.format(
            path=f"/tzgg/t{n}.html", title=f"关于开展第{n}批项目申报工作的通知", day=f"2020-10-{10 + n}"
        )
        for n in range(4)
    )
    read = page(column(f"<ul>{rows}</ul>"), url=f"{HOST}/tzgg/")
    assert [(item.url, item.title, item.date) for item in read.items] == [
        (f"{HOST}/tzgg/t{n}.html", f"关于开展第{n}批项目申报工作的通知", date(2020, 10, 10 + n))
        for n in range(4)
    ]
    assert {link.url for link in read.links if link.place is LinkPlace.LIST} >= {
        item.url for item in read.items
    }


def test_a_row_with_an_anchor_of_its_own_is_one_entry(page: Make) -> None:
    rows = "".join(
        f"<li data-href='/ajax/{n}.html'><a href='/tzgg/t{n}.html'>关于开展第{n}批项目申报工作的通知</a><em>2020-10-1{n}</em></li>"
        for n in range(4)
    )
    read = page(column(f"<ul>{rows}</ul>"), url=f"{HOST}/tzgg/")
    assert [item.url for item in read.items] == [f"{HOST}/tzgg/t{n}.html" for n in range(4)]
    assert not [link for link in read.links if "/ajax/" in link.url]


def test_what_is_kept_beside_an_element_and_is_no_address_leads_nowhere(page: Make) -> None:
    read = page(
        column("<ul><li data-href='tab1'>最新</li><li data-link='{{url}}'>热点</li></ul>"),
        url=f"{HOST}/tzgg/",
    )
    assert not [link for link in read.links if link.tag == "script"]


def test_of_several_words_of_a_call_the_address_is_where_it_leads(page: Make) -> None:
    nav = "<div onclick=\"GoToSub('24441','http://www.example.gov.cn/gk/index.html','24442','政务公开')\"><div>政务公开</div></div>"
    nothing = "<div onclick=\"shareTo('weibo','http://www.example.gov.cn/gk/x.html','标题')\">分享</div>"
    two = "<div onclick=\"swap('/a/1.html','/b/2.html')\">切换</div>"
    read = page(f"<html><body>{nav}{nothing}{two}</body></html>", url=f"{HOST}/")
    assert [(link.text, link.url) for link in read.links] == [("政务公开", f"{HOST}/gk/index.html")]


def test_the_tree_of_columns_that_a_script_draws_is_read_as_links(page: Make) -> None:
    tree = (
        "<ul id='tree' class='ztree'></ul><script>var zNodes=[{id:1,pId:0,name:'政府信息公开指南',url:'/zn/'},"
        "{id:2,pId:0,name:'法定主动公开内容',children:[{id:3,name:'规划计划',url:'/ghjh/index.html'}]},"
        "{id:4,pId:0,name:'图标',url:'/images/a.png'}];$.fn.zTree.init($('#tree'),{},zNodes);</script>"
    )
    read = page(column(tree), url=f"{HOST}/xxgk/")
    assert [(link.text, link.url) for link in read.links if link.tag == "script"] == [
        ("政府信息公开指南", f"{HOST}/zn/"),
        ("规划计划", f"{HOST}/ghjh/index.html"),
    ]


def test_records_with_dates_are_a_list_and_no_menu(page: Make) -> None:
    code = (
        "<script>var rows=[{title:'关于第一批评审结果的公示',url:'/t/1.html',date:'2020-10-01'},"
        "{title:'关于第二批评审结果的公示',url:'/t/2.html',date:'2020-10-02'}];draw(rows)</script>"
    )
    read = page(column(code), url=f"{HOST}/tzgg/")
    assert [item.date for item in read.items] == [date(2020, 10, 1), date(2020, 10, 2)]
    assert not [link for link in read.links if link.tag == "script"]


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        (
            "var p=1;fetch('/api/list?c=7&pageNo='+pageNo+'&pageSize=20').then(f)",
            "/api/list?c=7&pageNo=1&pageSize=20",
        ),
        ("var cid='55';fetch(`/api/list?c=${cid}&page=${page}`)", "/api/list?c=55&page=1"),
        (
            "var cid=55;$.ajax({url:'/api/list',data:{channelId:cid,page:1,size:15},type:'get'})",
            "/api/list?channelId=55&page=1&size=15",
        ),
        ("fetch(`/api/list?c=${chosen}`)", ""),
        ("$.getJSON('/data/'+id+'.json',f)", ""),
    ],
)
def test_the_data_behind_a_list_is_asked_as_the_script_would_ask_it(
    page: Make, code: str, asked: str
) -> None:
    read = page(column(f"<ul id='list'></ul><script>{code}</script>"), url=f"{HOST}/tzgg/")
    assert read.data_sources == ((f"{HOST}{asked}",) if asked else ())


def test_the_block_above_a_document_is_not_taken_for_its_text(page: Make) -> None:
    fields = "".join(
        f"<li><label>{label}：</label><span>{value}</span></li>"
        for label, value in (
            ("索引号", "010015838/2020-33276"),
            ("发文机关", "某省自然资源厅"),
            ("成文日期", "2020-07-06"),
            ("标题", "某省自然资源厅关于加强耕地保护工作的实施意见"),
            ("发文字号", "某自然资发〔2020〕8号"),
            ("发布日期", "2020-07-10"),
        )
    )
    text = "各有关单位：为加强耕地保护工作，经研究，提出如下意见。"
    read = page(
        f"<html><body><div class='sxgzk-detail-con'><ul>{fields}</ul></div><h1>某省自然资源厅关于加强耕地保护工作的实施意见</h1>"
        f"<div class='view TRS_UEDITOR trs_web'><p>{text}</p></div></body></html>"
    )
    assert read.text == text


def test_a_panel_that_opens_under_its_heading_names_it_and_a_link_hidden_in_the_page_names_nothing(
    page: Make,
) -> None:
    panel = "<ul><li><a class='t'>所属学会</a><div style='display:none'><a href='http://www.society.example.org/'>学会</a></div></li></ul>"
    put_in = "<p>欢迎访问本网站，这里及时发布各类政务信息，回应社会关切。</p><div style='display:none'><a href='http://x.example.com/'>名</a></div>"
    read = page(f"<html><body>{panel}<div>{put_in}</div></body></html>", url=f"{HOST}/")
    assert [(link.text, link.opener) for link in read.links] == [("学会", "所属学会"), ("名", "")]


def test_a_picture_in_the_foot_that_says_nothing_may_be_either_mark(page: Make) -> None:
    foot = "<div class='footer'><p>主办单位：某省某厅 某ICP备05000000号</p><div><a href='/x/'><img src='/img/red_icon.png'></a></div></div>"
    read = page(f"<html><body>{'<p>这里是正文的一段。</p>' * 20}{foot}</body></html>", url=f"{HOST}/")
    assert read.footer is not None
    assert (read.footer.party_mark, read.footer.error_report, read.footer.icp, read.footer.police) == (
        None, None, True, False,
    )  # fmt: skip


def test_a_headline_that_holds_the_line_under_it_is_not_the_text(page: Make) -> None:
    title = "某省文化和旅游厅关于转发非遗保护工作先进经验的通知"
    text = "现将非遗保护工作先进经验转发给你们，请结合实际学习借鉴。"
    read = page(
        f"<html><body><div id='Article'><h1>{title}<br><span>2019-06-06 10:21:33 来源：某省文化和旅游厅 评论：0 点击：12</span></h1>"
        f"<div class='content'><p>各有关单位：</p><p>{text}</p><p>要认真组织学习，及时总结推广。</p></div></div></body></html>"
    )
    assert text in read.text


def test_a_page_whose_link_to_the_front_door_leads_to_itself_is_the_front_door(page: Make) -> None:
    lists = "".join(
        f"<section><h1>{name}</h1><ul>"
        + "".join(
            f"<li><a href='/{n}/{k}.html'>关于{name}第{k}批有关事项的说明</a><span>2020-10-1{k}</span></li>"
            for k in range(3)
        )
        + "</ul></section>"
        for n, name in enumerate(("工作动态", "政策文件"))
    )
    html = (
        "<html><head><title>某省某局</title><meta name='SiteName' content='某省某局'></head><body>"
        "<div class='nav'><a href='/web/guest/home'>首页</a><a href='/web/guest/news'>工作动态</a></div>{lists}</body></html>"
    ).replace("{lists}", lists)
    assert page(html, url=f"{HOST}/web/guest/home").kind is PageKind.HOME
    assert page(html, url=f"{HOST}/web/guest/policy").kind is not PageKind.HOME


@pytest.mark.parametrize("name", ["wz", "pos", "local", "path"])
def test_the_words_of_an_entry_are_no_path_whatever_they_are_called(page: Make, name: str) -> None:
    rows = "".join(
        f"<li><div class='rq'><span class='day'>1{n}</span><span class='ym'>2020-10</span></div><div class='{name}'>"
        f"<h5><a href='/tzgg/t{n}.html'>关于开展第{n}批项目申报工作的通知</a></h5><p>摘要：现将有关事项通知如下……</p></div></li>"
        for n in range(4)
    )
    read = page(column(f"<ul>{rows}</ul>"), url=f"{HOST}/tzgg/")
    assert [item.date for item in read.items] == [date(2020, 10, 10 + n) for n in range(4)]


def test_a_path_with_arrows_drawn_by_style_is_still_a_path(page: Make) -> None:
    text = "<p>本栏目发布各类通知。</p>" * 20
    read = page(
        column(
            f"<ul class='pos'><li><a href='/'>首页</a></li><li><a href='/tzgg/'>通知公告</a></li></ul>{text}"
        ),
        url=f"{HOST}/tzgg/",
    )
    assert {link.place for link in read.links} == {LinkPlace.BREADCRUMB}


@pytest.mark.parametrize(
    "leaf", ["<b>1{n}</b><i>2020-10</i>", "<span><b>1{n}</b>2020-10</span>", "<em>10-1{n}</em><em>2020</em>"]
)
def test_a_calendar_leaf_is_a_date_although_no_line_breaks_in_it(page: Make, leaf: str) -> None:
    rows = "".join(
        f"<li>{leaf.format(n=n)}<a href='/tzgg/t{n}.html'>关于开展第{n}批项目申报工作的通知</a></li>"
        for n in range(4)
    )
    read = page(column(f"<ul>{rows}</ul>"), url=f"{HOST}/tzgg/")
    assert [item.date for item in read.items] == [date(2020, 10, 10 + n) for n in range(4)]


def test_a_field_for_the_applicants_address_is_not_the_offices_address(page: Make) -> None:
    form = (
        "<h1>政府信息公开申请表</h1><form action='/apply' method='post'><p>申请人姓名：<input name='xm'></p><p>联系电话：<input name='dh'></p>"
        "<p>通信地址：<input name='dz'></p><p>所需信息的名称、文号或者特征描述：<textarea name='nr'></textarea></p></form>"
    )
    read = page(
        f"<html><head><title>政府信息公开申请表</title></head><body>{form}</body></html>", url=f"{HOST}/sqb/"
    )
    assert "address" not in read.contacts
    stated = form.replace("<form", "<p>地址：某市府西街1号　邮编：030001</p><form")
    read = page(
        f"<html><head><title>政府信息公开申请表</title></head><body>{stated}</body></html>",
        url=f"{HOST}/sqb/",
    )
    assert "府西街1号" in read.contacts["address"]


LOADS = '<script>$(".tab li").click(function(){$("#box").load($(this).attr("data-url"))})</script>'


@pytest.mark.parametrize(
    ("tab", "script"),
    [
        ('<li data-url="part/zn.html">政府信息公开指南</li>', LOADS),
        (
            '<li><a href="javascript:;" data-src="part/zn.html">政府信息公开指南</a></li>',
            "<script>document.onclick = function (e) { fetch(e.target.dataset.src) }</script>",
        ),
        ("<li onclick=\"loadPart('part/zn.html')\">政府信息公开指南</li>", ""),
        ("<li onclick=\"loadPart('part/zn.html', this)\">政府信息公开指南</li>", ""),
    ],
)
def test_a_tab_whose_panel_a_script_fetches_leads_to_that_panel(page: Make, tab: str, script: str) -> None:
    read = page(column(f"<ul class='tab'>{tab}</ul><div id='box'></div>{script}"), url=f"{HOST}/xxgk/")
    (link,) = [link for link in read.links if link.text == "政府信息公开指南"]
    assert (link.url, link.handler) == (f"{HOST}/xxgk/part/zn.html", True)


def test_the_panel_that_is_open_at_first_belongs_to_its_tab_and_is_no_nameless_part(page: Make) -> None:
    tabs = (
        '<li data-url="/xxgk/zn.html">政府信息公开指南</li><li data-url="/xxgk/zd.html">政府信息公开制度</li>'
    )
    first = (
        '<script>$(function(){$("#box").load("/xxgk/zn.html");$("#foot").load("/inc/foot.html")})</script>'
    )
    read = page(column(f"<ul class='tab'>{tabs}</ul><div id='box'></div>{LOADS}{first}"), url=f"{HOST}/xxgk/")
    assert read.includes == (f"{HOST}/inc/foot.html",)


@pytest.mark.parametrize(
    ("row", "script"),
    [
        ('<li data-url="/xxgk/zn.html">分享</li>', "<script>share()</script>"),
        ('<li data-url="/api/list?page=1">最新</li>', LOADS),
        ('<li data-url="/img/a.jpg">图</li>', LOADS),
        ("<div onclick=\"loading('/a/b.html')\">更多</div>", ""),
    ],
)
def test_an_attribute_that_no_script_of_the_page_fetches_a_page_by_leads_nowhere(
    page: Make, row: str, script: str
) -> None:
    read = page(column(f"<ul class='tab'>{row}</ul>{script}"), url=f"{HOST}/xxgk/")
    assert [link.url for link in read.links] == []


def test_half_an_address_that_a_script_completes_leads_nowhere(page: Make) -> None:
    box = "<input id='kw'><a href='javascript:;' onclick=\"location.href='/s?kw=' + document.getElementById('kw').value\">搜索</a>"
    read = page(column(box), url=f"{HOST}/xxgk/")
    assert [(link.url, link.handler) for link in read.links] == [("", True)]
