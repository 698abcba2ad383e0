"""What frames of real department sites do to the part in the middle when that part is small."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossier.model import LinkPlace, PageFacts

Make = Callable[..., PageFacts]
HOST = "http://www.example.gov.cn"
OTHERS = "".join(f'<dd><a href="http://zrzy{n}.example.org/">第{n}省自然资源厅</a></dd>' for n in range(40))
FOOT = f"""<div class="foot"><div class="foot_nei"><div class="foot_nei_top"><ul class="clearfix"><li class="">
<a class="qggtz">全国系统</a><div class="select_content" style="display: none;"><h2>全国系统</h2><dl>{OTHERS}</dl></div></li></ul></div>
<div class="foot_nei_bt"><span>主办单位：山西省示例厅 版权所有</span><span>地址：太原市示例路9号 <a href="/lxwm/">联系我们</a></span>
<span>网站标识码1400000099 晋ICP备12000099号 晋公网安备 14010902000099号</span></div></div></div>"""
SHOWS = '<script>$(".foot_nei_top ul li").click(function () {$(this).addClass("asect").find(".select_content").show();});</script>'


def column(main: str, script: str = "", foot: str = FOOT) -> str:
    return (
        '<html><head><title>热点回应 -- 山西省示例厅</title></head><body><div class="header"><a href="/">首页</a>'
        '<a href="/xw/">新闻</a><a href="/hdjl/">互动交流</a></div><div class="box">'
        f'<ul class="breadcrumbtitle"><li><a href="/">首页</a></li><li><a href="/hdjl/rdhy/">热点回应</a></li></ul>{main}</div>{script}{foot}</body></html>'
    )


def test_below_an_empty_column_the_folded_lists_of_the_foot_are_no_entries(page: Make) -> None:
    read = page(column('<div class="right_title">热点回应</div><ul></ul>'), url=f"{HOST}/hdjl/rdhy/")
    assert read.items == ()
    assert {link.place for link in read.links if "example.org" in link.url} == {LinkPlace.FOOTER}
    assert read.footer is not None
    assert read.footer.site_code
    assert read.footer.police


def test_a_last_box_with_dated_entries_is_no_foot_whatever_it_is_called(page: Make) -> None:
    rows = "".join(
        f'<li><a href="/tzgg/{n}.html">关于开展第{n}批示例项目申报工作的通知</a><span>2020-09-{10 + n}</span></li>'
        for n in range(8)
    )
    foot = f'<div class="bottom"><ul>{rows}</ul><p>主办单位：山西省示例厅 晋ICP备12000099号 网站标识码：1400000099</p></div>'
    assert len(page(column("", foot=foot), url=f"{HOST}/tzgg/").items) == 8


@pytest.mark.parametrize(("script", "hidden"), [(SHOWS, ""), ("", "display-none")])
def test_a_panel_that_the_page_itself_opens_by_its_name_is_a_menu(
    page: Make, script: str, hidden: str
) -> None:
    read = page(column("<p>正文</p>", script), url=f"{HOST}/hdjl/rdhy/")
    assert {link.hidden for link in read.links if "example.org" in link.url} == {hidden}


def test_links_in_no_panel_stay_hidden_though_a_script_shows_something_of_that_name(page: Make) -> None:
    loose = (
        '<div class="select_content" style="display:none"><a href="http://bet.example.org/">彩金</a></div>'
    )
    read = page(column(f"<p>{chr(0x6587) * 60}</p>{loose}", SHOWS, foot=""), url=f"{HOST}/hdjl/rdhy/")
    assert [link.hidden for link in read.links if "bet" in link.url] == ["display-none"]


def test_a_path_in_an_ordered_list_leaves_the_short_content_below_it_alone(page: Make) -> None:
    html = (
        '<html><body><div class="row"><div class="col-sm-9"><ol class="breadcrumb"><span>当前位置：</span>'
        '<li><a href="/">首页</a></li><li><a href="/jggk/">机构概况</a></li></ol>'
        '<div class="tit"><h3>主要职责</h3><a href="/zyzz/">更多&gt;&gt;</a></div></div></div></body></html>'
    )
    read = page(html, url=f"{HOST}/jggk/")
    assert read.breadcrumb == ("首页", "机构概况")
    assert [link.place for link in read.links if link.url.endswith("/zyzz/")] != [LinkPlace.BREADCRUMB]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/tzgg/1.html", f"{HOST}/tzgg/1.html"),
        ("http://www.example.gov.cn:80/xw/", f"{HOST}/xw/"),
        ("https://www.example.gov.cn:443/xw/", "https://www.example.gov.cn/xw/"),
        ("http://www.example.gov.cn:8080/xw/", "http://www.example.gov.cn:8080/xw/"),
        ("http://www.example.gov.cn:801/xw/", "http://www.example.gov.cn:801/xw/"),
    ],
)
def test_the_port_that_a_scheme_means_anyway_makes_no_second_address(page: Make, href: str, url: str) -> None:
    html = f'<html><head><base href="http://www.example.gov.cn:80/"></head><body><p><a href="{href}">通知</a></p></body></html>'
    assert [link.url for link in page(html, url=f"{HOST}/tzgg/").links] == [url]


def test_a_jump_list_may_name_its_pages_beside_it(page: Make) -> None:
    html = '<html><body><select onchange="location.href=this.value"><option value="list_2.html">2</option><option value="2">二</option></select></body></html>'
    assert [link.url for link in page(html, url=f"{HOST}/tzgg/list.html").links] == [
        f"{HOST}/tzgg/list_2.html"
    ]


def test_a_path_without_a_label_is_known_by_where_it_begins_and_ends(page: Make) -> None:
    way = '<div class="flag_box"><a href="/">首页</a> / <a href="/xw.html">新闻动态</a> / <a href="/rdjj.html">热点聚焦</a></div>'
    html = f'<html><head><title>热点聚焦</title></head><body><div class="flag">{way}</div><div class="cards"></div></body></html>'
    assert page(html, url=f"{HOST}/rdjj.html").breadcrumb == ("首页", "新闻动态", "热点聚焦")
    assert page(html, url=f"{HOST}/other.html").breadcrumb == ()
    menu = html.replace(" / ", " | ")
    assert page(menu, url=f"{HOST}/rdjj.html").breadcrumb == ()


FILLED = {
    "a bundle behind it": '<div id="app" data-channel="7"></div><script src="/static/js/app.3f2a91.js"></script>',
    "a script that names it": '<div id="box"></div><script>$.each(data.list,function(i,o){$("#box").append(row(o));});</script>',
    "a word of waiting in it": '<div id="box"><p>正在加载中...</p></div><script>document.getElementById("box").innerHTML = draw(rows);</script>',
}
UNFILLED = {
    "nothing knows it": '<div id="box"></div><script>var columnId = 7;</script>',
    "a library": '<div id="box"></div><script src="/js/jquery-1.12.4.min.js"></script>',
    "words of its own": '<div id="box">暂无内容</div><script>$("#box").append("");</script>',
    "a bundle after other words": '<div id="box"></div><p>本栏目暂无内容，请浏览其他栏目。</p><script src="/js/index.js"></script>',
}


@pytest.mark.parametrize("main", [pytest.param(main, id=name) for name, main in FILLED.items()])
def test_an_empty_place_that_a_script_knows_is_not_an_empty_column(page: Make, main: str) -> None:
    assert page(column(f'<div class="right">{main}</div>'), url=f"{HOST}/xw/gzdt/").script_lists


@pytest.mark.parametrize("main", [pytest.param(main, id=name) for name, main in UNFILLED.items()])
def test_an_empty_place_of_which_no_script_knows_is_empty(page: Make, main: str) -> None:
    assert not page(column(f'<div class="right">{main}</div>'), url=f"{HOST}/xw/gzdt/").script_lists


WORDS = (
    "<p>省示例厅办公室承担政务服务窗口的日常管理，群众可以到窗口当面办理，也可以登录政务服务网在线办理。</p>"
)


def framed(name: str, inside: str, before: str = "") -> str:
    menu = '<div class="nav"><a href="/">首页</a><a href="/xw/">新闻</a><a href="/zcwj/">政策文件</a></div>'
    return (
        f"<html><head><title>办事服务</title></head><body>{menu}{before}"
        f'<div class="{name}"><div class="location">当前位置：<a href="/">首页</a> &gt; 办事服务</div><div class="nr">{inside}</div></div>'
        '<div class="foot"><p>主办单位：山西省示例厅 晋ICP备12000099号 网站标识码：1400000099</p></div></body></html>'
    )


@pytest.mark.parametrize("name", ["sNav", "nav_content", "menuBox", "leftmenu_right", "top_box", "side_main"])
def test_a_box_that_says_all_that_the_page_says_is_the_page_whatever_it_is_called(
    page: Make, name: str
) -> None:
    assert page(framed(name, WORDS), url=f"{HOST}/bsfw/").text.startswith("省示例厅办公室承担")


@pytest.mark.parametrize("name", ["bottom", "foot_box", "top_box", "head"])
def test_dated_rows_are_no_part_of_a_frame(page: Make, name: str) -> None:
    rows = "".join(
        f'<tr><td><a href="/gs/{n}.html">2020-09-{10 + n}</a></td><td><a href="/gs/{n}.html">第{n}批项目名单公示</a></td></tr>'
        for n in range(8)
    )
    read = page(framed(name, f"<table>{rows}</table>"), url=f"{HOST}/gs/")
    assert len(read.items) == 8
    assert read.footer is not None
    assert read.footer.site_code


def test_a_greeting_among_menus_is_not_what_an_empty_page_says(page: Make) -> None:
    greeting = '<div class="topnav"><span>您好，欢迎访问山西省示例厅政府网站，本网站支持IPv6</span></div>'
    calls = "".join(
        f"<div onclick=\"go('/{n}/')\">{name}</div>"
        for n, name in enumerate(["新闻动态", "通知公告", "政策文件"])
    )
    read = page(
        framed("nr_box", "", f'{greeting}<div class="menu">{calls}</div>'),
        url=f"{HOST}/bsfw/",
    )
    assert read.text == ""


def test_an_address_above_the_foot_proper_is_part_of_it(page: Make) -> None:
    above = '<div class="foot_top"><p>地址：太原市小店区示例路9号　邮编：030000　电子邮箱：office@example.gov.cn</p></div>'
    html = framed("nr_box", "").replace('<div class="foot">', f'{above}<div class="foot">')
    assert page(html, url=f"{HOST}/bsfw/").text == ""
