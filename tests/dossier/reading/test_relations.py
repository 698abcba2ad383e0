"""Which 解读 a document offers, what a 解读 is about, and how an office is reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]
TEXT = "<p>" + "为贯彻落实有关要求，经研究同意，现就有关事项通知如下，请认真遵照执行。" * 8 + "</p>"
HEAD = "<title>示例省管理办法的通知</title><ul><li>索引号：A/2020-1</li><li>发文字号：晋政发〔2020〕9号</li><li>成文日期：2020-03-04</li></ul><h1>示例省管理办法的通知</h1><div>发布时间：2020-03-05</div>"


@pytest.mark.parametrize(
    "block",
    [
        "<div class='xgjd'><div class='title'>相关解读</div><ul><li><a href='/jd/1.html'>示例省管理办法政策问答</a></li></ul></div>",
        "<div><h3>政策解读</h3><ul><li><a href='/jd/1.html'>专家谈管理办法</a></li></ul></div>",
        "<p>解读链接：<a href='/jd/1.html'>《示例省管理办法》解读</a></p>",
        "<div class='right'><div class='title_name'>文字解读</div><div class='list'><ul><li><a href='/jd/1.html'>负责人谈办法</a></li></ul></div></div>",
        "<p><a href='/jd/1.html'>【图解】一图读懂管理办法</a></p>",
        "<p>图解：<a href='/jd/1.html'>图解管理办法</a></p>",
    ],
)
def test_an_offered_interpretation_is_found(page: Make, block: str) -> None:
    facts = page(f"{HEAD}<div id='zoom'>{TEXT}</div>{block}")
    assert [link.url for link in facts.interpretations] == ["http://www.example.gov.cn/jd/1.html"]


@pytest.mark.parametrize(
    "block",
    [
        "<div class='title_name'>文字解读</div><div><ul><li ms-repeat='list'><a ms-attr-href='el.url' ms-text='el.title'></a></li></ul></div>",
        "<div class='nav'><a href='/zcjd/'>政策解读</a></div>",
        "<div class='leftmenu'><ul><li><a href='/zcjd/index.html'>政策解读</a></li></ul></div>",
        "<p>本办法由示例厅负责解读</p>",
        "<table><tr><td><a href='/zcjd/'><font>政策解读</font></a></td><td><a href='/jg/'>机构概况</a></td><td><a href='/ld/'>领导之窗</a></td></tr></table>",
        "<p>下一篇：<a href='/jd/2.html'>另一办法的解读</a></p>",
        "<!--<p>相关解读：<a href='/jd/1.html'>解读</a></p>-->",
    ],
)
def test_a_mere_label_or_menu_is_no_interpretation(page: Make, block: str) -> None:
    assert page(f"{HEAD}<div id='zoom'>{TEXT}</div>{block}").interpretations == ()


def test_an_interpretation_names_its_document(page: Make) -> None:
    head = (
        "<title>《示例省管理办法》解读</title><h1>《示例省管理办法》解读</h1><div>发布时间：2020-03-06</div>"
    )
    with_link = page(
        f"{head}<div id='zoom'>{TEXT}<p>原文链接：<a href='/zc/1.html'>示例省管理办法</a></p></div>"
    )
    assert with_link.kind is PageKind.INTERPRETATION
    assert [link.url for link in with_link.sources] == ["http://www.example.gov.cn/zc/1.html"]
    assert (
        page(f"{head}<div id='zoom'>{TEXT}</div><p>上一篇：<a href='/jd/9.html'>另一解读</a></p>").sources
        == ()
    )


def test_non_text_forms_are_seen(page: Make) -> None:
    head = "<title>一图读懂管理办法</title><h1>一图读懂管理办法</h1><div>发布时间：2020-03-06</div>"
    facts = page(f"{head}<div id='zoom'><p><img src='W02020.jpg'></p><video src='a.mp4'></video></div>")
    assert {"image", "video"} <= set(facts.media)


def test_a_picture_that_comes_when_it_is_seen_and_a_film_that_a_script_plays_are_seen(page: Make) -> None:
    head = "<title>管理办法解读</title><h1>管理办法解读</h1><div>发布时间：2020-03-06</div>"
    lazy = f"<div id='zoom'>{TEXT}<p><img src='/i/blank.gif' data-original='/u/W1.jpg'></p></div>"
    assert "image" in page(head + lazy).media
    script = "<script>CKobject.embed('/ck/ckplayer.swf','a1',{f:'/v/1.mp4'})</script>"
    assert "video" in page(f"{head}<div id='zoom'>{TEXT}<div id='a1'></div>{script}</div>").media


GUIDE = """<title>示例省教育厅政府信息公开指南</title><h1>示例省教育厅政府信息公开指南</h1><div>发布时间：2020-03-06</div><div id='zoom'>
 <p>为了更好地提供政府信息公开服务，特编制本指南，需要获得政府信息的公民可以阅读。</p>{}</div>"""


@pytest.mark.parametrize(
    "body",
    [
        "<p>机构名称：示例省教育厅办公室</p><p>办公地址：太原市迎泽区某街1号</p><p>办公时间：周一至周五 8:00-12:00，14:30-18:00</p><p>联系电话：0351-4084456</p><p>传真号码：0351-4084457</p><p>电子邮箱：jyt@example.gov.cn</p>",
        "<table><tr><td>受理机构名称</td><td>示例省教育厅办公室</td></tr><tr><td>办公地址</td><td>太原市迎泽区某街1号</td></tr><tr><td>办公时间</td><td>工作日上午8:00-12:00</td></tr><tr><td>联系电话</td><td>（0351）4084456</td></tr><tr><td>传真</td><td>0351-4084457</td></tr><tr><td>互联网联系方式</td><td>http://jyt.example.gov.cn</td></tr></table>",
        "<p>机 构 名 称：示例省教育厅办公室；地&nbsp;&nbsp;址：太原市迎泽区某街1号；工作时间：星期一至星期五9:00-17:00；电&nbsp;话：0351—4084456；传&nbsp;真：0351—4084457；邮箱：a@b.gov.cn</p>",
        "<table><tr><td>序号</td><td>机构名称</td><td>办公地址</td><td>办公时间</td><td>电话</td><td>传真</td><td>邮箱</td></tr><tr><td>1</td><td>示例省教育厅办公室</td><td>太原市迎泽区某街1号</td><td>工作日8:00-12:00</td><td>4084456</td><td>4084457</td><td>a@b.gov.cn</td></tr></table>",
        "<p>机构名称：示例省教育厅办公室</p><p>办公地址：太原市迎泽区某街1号</p><p>办公时间：8:00-12:00</p><p>Tel: 0351-4084456</p><p>Fax: 0351-4084457</p><p>E-mail: a@b.gov.cn</p>",
    ],
)
def test_the_six_contacts_of_a_guide_are_found(page: Make, body: str) -> None:
    contacts = page(GUIDE.format(body)).contacts
    assert {"name", "address", "hours", "phone", "fax", "internet"} <= set(contacts)
    assert "4084456" in contacts["phone"].replace("—", "-")


def test_a_contact_that_is_not_given_is_not_found(page: Make) -> None:
    contacts = page(
        GUIDE.format("<p>机构名称：示例省教育厅办公室</p><p>联系电话：</p><p>传真：</p><p>办公地址：</p>")
    ).contacts
    assert set(contacts) == {"name"}


def test_labels_side_by_side_without_values_are_no_headings_of_each_other(page: Make) -> None:
    rows = "<tr><td>办公地址</td><td></td><td>办公时间</td><td></td></tr><tr><td>联系电话</td><td>4084456</td><td>传真</td><td>4084457</td></tr>"
    contacts = page(GUIDE.format(f"<table>{rows}</table>")).contacts
    assert not {"address", "hours"} & set(contacts)


def test_the_tables_of_an_annual_report_have_their_spans_written_out(page: Make) -> None:
    html = """<title>示例厅2020年政府信息公开工作年度报告</title><h1>示例厅2020年政府信息公开工作年度报告</h1><div>发布时间：2021-01-20</div><div id='zoom'>
      <p>三、收到和处理政府信息公开申请情况</p><table><tr><td rowspan=2 colspan=2>（本列数据的勾稽关系）</td><td colspan=2>申请人情况</td></tr>
      <tr><td>自然人</td><td>总计</td></tr><tr><td>一、本年新收</td><td>数量</td><td>3</td><td>3</td></tr></table></div>"""
    facts = page(html)
    assert facts.kind is PageKind.ANNUAL_REPORT
    assert facts.tables[0].rows == (
        ("（本列数据的勾稽关系）", "（本列数据的勾稽关系）", "申请人情况", "申请人情况"),
        ("（本列数据的勾稽关系）", "（本列数据的勾稽关系）", "自然人", "总计"),
        ("一、本年新收", "数量", "3", "3"),
    )
