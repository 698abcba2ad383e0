"""Links as visitors can follow them, and what stands at the foot."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossier.model import LinkPlace, PageFacts

Make = Callable[..., PageFacts]
URL = "http://www.example.gov.cn/zwgk/index.shtml"


def links(facts: PageFacts) -> dict[str, str]:
    return {link.text: link.url for link in facts.links}


def test_links_in_comments_and_templates_do_not_exist(page: Make) -> None:
    html = "<!--<a href='/a'>甲</a>--><template><a href='/b'>乙</a></template><script>'<a href=/c>丙</a>'</script><a href='/d'>丁</a>"
    assert links(page(html, url=URL)) == {"丁": "http://www.example.gov.cn/d"}


def test_addresses_are_made_whole(page: Make) -> None:
    html = """<base href="http://b.gov.cn/x/"><a href="
       y/z.html ">甲</a><a href='?name=two&num=5'>乙</a><a href='/dept_search/#/Door?keywords=a'>丙</a>
       <a href='#top'>丁</a><a href='//c.gov.cn/q'>戊</a><a href='mailto:a@b.cn'>己</a><a href='..\\up\\a.html'>庚</a>"""
    found = links(page(html, url=URL))
    assert found == {
        "甲": "http://b.gov.cn/x/y/z.html",
        "乙": "http://b.gov.cn/x/?name=two&num=5",
        "丙": "http://b.gov.cn/dept_search/#/Door?keywords=a",
        "丁": "",
        "戊": "http://c.gov.cn/q",
        "庚": "http://b.gov.cn/up/a.html",
    }


def test_links_that_go_nowhere_are_kept_with_what_was_written(page: Make) -> None:
    html = "<ul><li><a href='#'>甲</a></li><li><a href='javascript:;'>乙</a></li><li><a href=''>丙</a></li><li><a href='#' onclick='show()'>丁</a></li></ul>"
    found = {link.text: link for link in page(html, url=URL).links}
    assert all(link.url == "" for link in found.values())
    assert found["乙"].raw == "javascript:;"
    assert not found["乙"].handler
    assert found["丁"].handler
    assert found["甲"].at.endswith("ul/li[1]/a")


def test_clicks_that_lead_on_are_links(page: Make) -> None:
    html = """<ul><li onclick="location.href='infomation.html'">机构信息</li><li><a href="javascript:window.open('/x.html')">打开</a></li></ul>
      <a data-toggle="collapse" data-target="#29252" alt="机构职能">\ue6a3机构职能</a><map><area href='/map' alt='图'></map><iframe src='/head.html'></iframe><frame src='/f.html'>"""
    found = {(link.tag, link.url) for link in page(html, url=URL).links}
    assert ("script", "http://www.example.gov.cn/zwgk/infomation.html") in found
    assert ("script", "http://www.example.gov.cn/x.html") in found
    assert ("area", "http://www.example.gov.cn/map") in found
    assert ("iframe", "http://www.example.gov.cn/head.html") in found
    assert any(link.handler and "机构职能" in link.text for link in page(html, url=URL).links)


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("style='display:none'", "display-none"),
        ("style='position:absolute;left:-9999px'", "off-screen"),
        ("style='font-size:0'", "zero-size"),
        ("hidden", "hidden-attribute"),
        ("class='gone'", "display-none"),
    ],
)
def test_hidden_links_say_why_and_where(page: Make, style: str, why: str) -> None:
    html = f"<style>.gone{{display:none}} @media print{{.shown{{display:none}}}}</style><div><a class='shown' href='/a'>看得见</a><a {style} href='http://bad.com/'>看不见</a></div>"
    seen, unseen = page(html, url=URL).links
    assert (seen.hidden, unseen.hidden) == ("", why)
    assert unseen.at


def test_links_know_their_place(page: Make) -> None:
    html = """<div class="nav"><a href="/1">首页</a></div><div class="crumb">当前位置：<a href="/2">栏目</a></div>
      <ul><li><a href="/3.html">关于一个很长的标题的通知</a><span>2020-01-02</span></li><li><a href="/4.html">关于另一个很长标题的通知</a><span>2020-01-01</span></li></ul>
      <div class="pagination"><a href="/5">2</a></div><div class="footer">主办单位：示例厅 <a href="/6">网站地图</a></div>"""
    found = {
        link.url[-1] if link.url[-1].isdigit() else link.url[-6]: link.place
        for link in page(html, url=URL).links
    }
    assert found == {
        "1": LinkPlace.NAV, "2": LinkPlace.BREADCRUMB, "3": LinkPlace.LIST, "4": LinkPlace.LIST, "5": LinkPlace.PAGER, "6": LinkPlace.FOOTER,
    }  # fmt: skip


FULL = """<div class='content'><p>正文</p></div><div class="footer"><a href="http://bszs.conac.cn/sitename?id=1"></a>
 <a href="http://pucha.kaipuyun.cn/exposure/jiucuo.html?site_code=1">x</a> 主办单位：示例厅 地址：太原市某路1号 网站标识码1400000032
 晋ICP备12000773号 <a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=1">晋公网安备 14010902000495号</a> <a href='/map'>网站地图</a> 联系我们</div>"""


def test_a_full_footer_shows_all_eight(page: Make) -> None:
    facts = page(FULL, url=URL)
    assert facts.footer is not None
    assert all(
        value is True for value in (getattr(facts.footer, name) for name in facts.footer.__struct_fields__)
    )
    assert facts.site_code == "1400000032"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("网站标识码：4114240001", "4114240001"),
        ("政府网站标识码 3702000025", "3702000025"),
        ("网站标识码5100000062\u2003川公网安备\xa051010402000507号", "5100000062"),
        ("网站标识码【bm16000001】", "bm16000001"),
        ("标识码: 1407000012", "1407000012"),
    ],
)
def test_the_site_code_is_read_in_all_spellings(page: Make, text: str, code: str) -> None:
    facts = page(f"<div class='foot'>主办单位：示例厅 {text}</div>", url=URL)
    assert facts.site_code == code
    assert facts.footer is not None
    assert facts.footer.site_code is True


def test_a_site_code_in_a_comment_is_not_shown(page: Make) -> None:
    facts = page(
        "<p>内容</p><div class='foot'>主办单位：示例厅 粤ICP备05069506号 <!--网站标识码：4400000063--></div>",
        url=URL,
    )
    assert facts.site_code is None
    assert facts.footer is not None
    assert facts.footer.site_code is False


@pytest.mark.parametrize(
    "mark",
    [
        "<a href='http://bszs.conac.cn/sitename?method=show&id=1'></a>",
        "<script src='http://dcs.conac.cn/js/14/000/0000/1/CA140000.js'></script>",
        "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='http://dcs.conac.cn/js/CA1.js'%3E\"))</script>",
        "<div class='dzjg j-gov' data-setting='{sitecode:3400000072}'></div>",
    ],
)
def test_the_party_mark_is_seen_however_it_is_drawn(page: Make, mark: str) -> None:
    facts = page(f"<div class='footer'>主办单位：示例厅 晋ICP备1号 {mark}</div>", url=URL)
    assert facts.footer is not None
    assert facts.footer.party_mark is True


@pytest.mark.parametrize(
    "mark",
    [
        "<script id='_jiucuo_' sitecode='1400000032' src='https://zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>",
        "<img src='/images/jiucuo.png' onclick=\"Link('3702000025')\">",
        "<div class='dzjg j-jiucuo' data-setting='{sitecode:3400000072}'></div>",
        "<a href='http://pucha.kaipuyun.cn/exposure/jiucuo.html'></a>",
    ],
)
def test_the_error_report_is_seen_however_it_is_drawn(page: Make, mark: str) -> None:
    facts = page(f"<div class='footer'>主办单位：示例厅 晋ICP备1号 {mark}</div>", url=URL)
    assert facts.footer is not None
    assert facts.footer.error_report is True


def test_a_missing_mark_is_missing_also_where_a_comment_has_it(page: Make) -> None:
    facts = page(
        "<div class='footer'>主办单位：示例厅 晋ICP备1号 <!--<a href='http://bszs.conac.cn/x'></a><script src='jiucuo.js'></script>--></div>",
        url=URL,
    )
    assert facts.footer is not None
    assert (facts.footer.party_mark, facts.footer.error_report, facts.footer.police) == (False, False, False)


def test_a_footer_that_is_only_loaded_is_unknown_not_missing(page: Make) -> None:
    for html in (
        "<p>正文</p><div id='page_bottom'></div><script>$('#page_bottom').load('/common/foot.html')</script>",
        "<p>正文</p><iframe src='pro_foot.html'></iframe>",
    ):
        facts = page(html, url=URL)
        assert facts.includes
        assert facts.footer is not None
        assert facts.footer.site_code is None
        assert facts.footer.party_mark is None


def test_meta_labels_are_read_in_all_spellings(page: Make) -> None:
    html = """<meta name='Sitename' content='示例厅'><!--x--><meta content="1101070001" name="SiteIDCode" /><meta name="contentSource" content="本网">
      <meta name="ColumnKeywods" content="a,b"><meta name="SiteDomain" content="
 www.example.gov.cn
"><body><meta name="ColumnType" content="要闻动态">"""
    tags = page(html, url=URL).tags
    assert tags == {
        "SiteName": "示例厅",
        "SiteIDCode": "1101070001",
        "ContentSource": "本网",
        "ColumnKeywords": "a,b",
        "SiteDomain": "www.example.gov.cn",
        "ColumnType": "要闻动态",
    }


def test_search_boxes_and_application_forms_are_told_apart(page: Make) -> None:
    html = """<form action="/e/search/index.php" name="searchform"><input name="qt" value="输入关键字"><input type=submit></form>
     <form action="/ysqgk/save"><p>政府信息公开申请表</p>姓名：<input name="xm"> 证件号码：<input name="zjhm"> 联系电话：<input name="lxdh"> 所需信息的内容描述：<textarea name="nr"></textarea></form>"""
    facts = page(html, url=URL)
    assert [form.purpose for form in facts.forms] == ["search", "application"]
    assert set(facts.forms[1].roles) == {"name", "identity", "contact", "description"}
    assert facts.search_box
    assert not page("<p>没有搜索</p><form><input type=password name=p></form>", url=URL).search_box


def test_fields_below_a_row_of_their_names_are_called_by_them(page: Make) -> None:
    heads, fields = (
        "<tr><th>姓名</th><th>电话</th><th>所需内容</th></tr>",
        "<input name='x1'>|<input name='x2'>|<textarea name='x3'></textarea>",
    )
    row = "".join(f"<td>{field}</td>" for field in fields.split("|"))
    (form,) = page(
        f"<h1>依申请公开</h1><form action='/s'><table>{heads}<tr>{row}</tr></table></form>", url=URL
    ).forms
    assert {"name", "contact", "description"} <= set(form.roles)


def test_a_search_field_without_a_form_is_a_search_box(page: Make) -> None:
    html = "<div class='site-search'><input class='site-search-txt' placeholder='请输入搜索内容' name='searchWord'><input type='button' onClick='doSearch(this)'></div>"
    assert page(html, url=URL).search_box


@pytest.mark.parametrize(
    ("mark", "shown"),
    [
        ("晋公网安备14010802000123号", True),
        ("晋公网安备 1401 0802 0001 23号", True),
        (
            "<a href='http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=14010802000123'><img src='/g.png'></a>",
            True,
        ),
        (
            "<a href='https://beian.mps.gov.cn/#/query/webSearch?code=14010802000123'><img src='/g.png'></a>",
            True,
        ),
        ("<a href='http://www.beian.gov.cn/portal/registerSystemInfo'><img src='/g.png'></a>", False),
        ("公安备案号：", False),
    ],
)
def test_a_registration_with_the_police_is_shown_by_its_number(page: Make, mark: str, shown: bool) -> None:
    foot = f"<p>主办单位：某市人民政府　晋ICP备12003456号</p><p>网站标识码：1400000099</p><p>{mark}</p>"
    footer = page(f"<body><div>{'正文' * 60}</div><div class='footer'>{foot}</div></body>").footer
    assert footer is not None
    assert footer.police is shown


def test_a_foot_with_many_names_of_other_sites_is_the_foot_of_a_short_page_too(page: Make) -> None:
    friends = "".join(
        f"<li><a href='http://www.site{n}.gov.cn/'>某某省某某市某某部门网站{n}</a></li>" for n in range(90)
    )
    foot = f"<div class='foot'><div class='Links'><ul>{friends}</ul></div><p>主办：某市人民政府办公室　晋ICP备1号　网站地图　网站标识码1404000038</p></div>"
    facts = page(
        f"<div class='con'><h3>机构职责</h3><div class='zw'><p>领导所属各工作部门的工作。</p></div></div>{foot}",
        url=URL,
    )
    assert "某某部门网站" not in facts.text
    assert facts.items == ()


def test_names_of_its_own_pages_do_not_make_a_foot_of_a_whole_page(page: Make) -> None:
    rows = "".join(
        f"<li><a href='/x/{n}.html'>某某市召开第{n}次某某工作推进会议并部署工作</a></li>" for n in range(90)
    )
    whole = f"<div class='bottom'><ul>{rows}</ul><p>主办：某市人民政府办公室　晋ICP备1号　网站地图</p></div>"
    assert len(page(f"<h1>某市人民政府</h1>{whole}", url=URL).items) == 90
