"""Oddities of templates met on sites never read before: each in its smallest form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dossier.model import DateSource, PageFacts, PageKind

Make = Callable[..., PageFacts]

TEXT = (
    "各县（市、区）人民政府：为做好秋冬季农田水利设施管护工作，现就有关事项通知如下，请结合实际认真抓好落实。"
    * 3
)
ARTICLE = '<meta name="ArticleTitle" content="关于做好秋冬季农田水利工作的通知">'
HEAD = f"<html><head><title>关于做好秋冬季农田水利工作的通知_某县水利局</title>{ARTICLE}</head><body>"
BODY = f'<div class="TRS_Editor"><p>{TEXT}</p><p>{TEXT}</p></div>'


def test_the_date_and_source_inside_the_headline_are_no_part_of_it_but_are_read(page: Make) -> None:
    facts = page(
        HEAD + '<h2 class="Article-title">关于做好秋冬季农田水利工作的通知 <small>2023-10-19'
        ' <span>来源：某县日报</span></small><div>字号：<a href="#">大</a></div></h2>' + BODY
    )
    assert facts.title == "关于做好秋冬季农田水利工作的通知"
    assert (facts.published, facts.source) == (date(2023, 10, 19), "某县日报")
    assert facts.published_from in (DateSource.LABEL, DateSource.POSITION)


def test_a_bracketed_date_behind_the_headline_is_the_publication_date(page: Make) -> None:
    facts = page(
        HEAD + "<h2>关于做好秋冬季农田水利工作的通知<small>( 2024-05-11)</small></h2>" + BODY,
        url="http://www.example.gov.cn/a/20240601/b5c2db3d781e4c7fbcfb6bed2fe2d982.html",
    )
    assert facts.title == "关于做好秋冬季农田水利工作的通知"
    assert facts.published == date(2024, 5, 11)


def test_labels_in_a_head_row_name_the_values_in_the_row_below(page: Make) -> None:
    row = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
    facts = page(
        HEAD
        + "<h1>关于做好秋冬季农田水利工作的通知</h1><table>"
        + row.format("索取号", "发布时间", "发布机构", "文件编号")
        + row.format("AB1234567/2024-00112", "", "某县水利局", "某水农〔2024〕5号")
        + "</table>"
        + BODY
    )
    assert facts.index_number == "AB1234567/2024-00112"
    assert (facts.document_number, facts.document_number_from) == ("某水农〔2024〕5号", "metadata")
    assert facts.issuer == "某县水利局"


def test_a_list_with_such_heads_and_one_entry_is_no_metadata_block(page: Make) -> None:
    facts = page(
        "<html><head><title>政府文件</title></head><body><table><tr><th>名称</th><th>索引号</th><th>发布机构</th>"
        '<th>发布日期</th></tr><tr><td><a href="a/t20200805_1.html">某市教育局关于印发考核办法的通知</a></td>'
        "<td>000014348/2020-35428</td><td>某市教育局</td><td>2020-08-05</td></tr></table></body></html>",
        url="http://www.example.gov.cn/zfwj/",
    )
    assert facts.metadata == ()
    assert [item.date for item in facts.items] == [date(2020, 8, 5)]


def test_an_organiser_named_in_the_text_is_no_issuer_of_the_document(page: Make) -> None:
    facts = page(
        HEAD
        + "<table><tr><td>信息索引：</td><td>360A12-2024-0008</td></tr><tr><td>生成日期：</td><td>2024-06-04</td></tr>"
        "</table><h1>关于做好秋冬季农田水利工作的通知</h1><div class='TRS_Editor'><p>有关单位：</p><p>"
        + TEXT
        + "</p><p>一、活动主题</p><p>节水</p><p>二、组织单位</p><p>主办单位：某协会</p></div>"
    )
    assert facts.index_number == "360A12-2024-0008"
    assert facts.issuer is None


def test_the_start_of_an_event_under_the_headline_is_no_publication_date(page: Make) -> None:
    facts = page(
        HEAD
        + '<meta name="PubDate" content="2024-03-01 16:39"><h1>关于做好秋冬季农田水利工作的通知</h1><div><dl><dt>开始时间：</dt>'
        "<dd>2024-05-08</dd></dl><dl><dt>结束时间：</dt><dd>2024-05-10</dd></dl></div>" + BODY,
        url="http://www.example.gov.cn/hd/123.html",
    )
    assert facts.published == date(2024, 3, 1)
    assert facts.published_from is DateSource.TAG


def test_a_path_whose_signs_the_style_sheet_draws_is_read_step_by_step(page: Make) -> None:
    facts = page(
        HEAD
        + '<ol class="breadcrumb"><span>您现在所在的位置：</span><li><a href="/">首页</a></li><li>政务公开</li><li>业务类</li>'
        "</ol><h1>关于做好秋冬季农田水利工作的通知</h1>" + BODY
    )
    assert facts.breadcrumb == ("首页", "政务公开", "业务类")


def test_a_path_under_a_menus_name_and_without_any_label_is_still_the_path(page: Make) -> None:
    facts = page(
        HEAD
        + '<div class="mnav"><span><a href="/">首页</a> &gt; <a href="/xw/">新闻动态</a> &gt; <a href="/xw/df/">地方工作</a>'
        "</span></div><h1>关于做好秋冬季农田水利工作的通知</h1>" + BODY
    )
    assert facts.breadcrumb == ("首页", "新闻动态", "地方工作")


def test_a_short_page_inside_a_box_named_page_keeps_its_text(page: Make) -> None:
    facts = page(
        HEAD
        + '<div class="wrap page_bg"><div class="nav"><a href="/">首页</a><a href="/a/">政务公开</a></div>'
        + "<h1>关于做好秋冬季农田水利工作的通知</h1><p>发布时间：2024-03-01</p>"
        + f'<div class="TRS_Editor"><p>{TEXT}</p></div></div>'
    )
    assert TEXT[:20] in facts.text


def test_print_share_and_neighbour_links_are_no_entries(page: Make) -> None:
    facts = page(
        HEAD
        + "<h1>关于做好秋冬季农田水利工作的通知</h1><div>2024-03-03 来源：水利局 <a href='javascript:window.print();'>【打印】</a></div>"
        + BODY
        + "<ul><li><label>上一篇：</label><a href='/a/1.html'>某县水库除险加固工程完工</a><i>2024-02-11</i></li>"
        "<li>下一篇：<a href='/a/3.html'>某县召开防汛抗旱工作会议</a>[ 03-08 ]</li></ul>"
        "<div class='fx'><a href='javascript:void(0)' title='分享到微信'></a> 2024-03-03</div>"
    )
    assert facts.items == ()


def test_a_text_whose_only_links_are_its_attachments_has_no_entries(page: Make) -> None:
    facts = page(
        HEAD + "<div class='article-content'><p>相关附件下载：</p>"
        "<p><a href='/front/document/download?fileUrl=a'>某县2026年第一期建设工程材料信息价格汇总表.pdf</a></p>"
        "<p><a href='/front/document/download?fileUrl=b'>某县2026年上半年房屋建筑安装造价指标.pdf</a></p></div>"
    )
    assert len(facts.attachments) == 2
    assert facts.items == ()


def test_a_date_without_year_takes_the_year_of_the_entrys_address(page: Make) -> None:
    rows = "".join(
        f"<li><a href='/ggyw/{folder}/0609{n}.html'>某市公安局召开第{n}次工作会议</a><span>{day}</span></li>"
        for n, (folder, day) in enumerate([("201704", "04-01"), ("201704", "03-31"), ("201801", "12-29")])
    )
    facts = page(
        f"<html><head><title>公安要闻</title></head><body><ul>{rows}</ul></body></html>",
        url="http://www.example.gov.cn/ggyw/",
    )
    assert [item.date for item in facts.items] == [date(2017, 4, 1), date(2017, 3, 31), date(2017, 12, 29)]


def test_the_folder_of_another_month_says_nothing_about_a_date_without_year(page: Make) -> None:
    facts = page(
        "<html><head><title>公示</title></head><body><ul><li><a href='/201803/gs/12.html'>关于某项目环评审批的公示</a>"
        "<span>09-15</span></li></ul></body></html>",
        url="http://www.example.gov.cn/gs/",
    )
    assert facts.items[0].date == date(2026, 9, 15)


def test_a_column_under_the_title_of_its_upper_column_is_named_by_its_path(page: Make) -> None:
    rows = "".join(
        f"<li><a href='t2017101{n}_52.html'>某市召开第{n}次常务会议研究工作</a><span>2017-10-1{n}</span></li>"
        for n in range(5)
    )
    facts = page(
        "<html><head><title>中国某市_公开</title></head><body><div>您现在的位置：<a href='/'>首页</a>&gt;&gt;<a href='/gk/'>公开</a>"
        f"&gt;&gt;<a href='/gk/zwyw/'>政务要闻</a></div><ul>{rows}</ul></body></html>",
        url="http://www.example.gov.cn/gk/zwyw/",
    )
    assert (facts.title, facts.kind) == ("政务要闻", PageKind.COLUMN)


def test_a_footer_that_a_script_fills_accuses_nobody(page: Make) -> None:
    empty = page(
        HEAD
        + "<h1>关于做好秋冬季农田水利工作的通知</h1><div>本次活动由某市政府主办，某局承办。</div>"
        + BODY
        + '<div id="footer"></div><script src="/js/common.js"></script>'
    )
    numbered = page(
        HEAD
        + "<h1>关于做好秋冬季农田水利工作的通知</h1>"
        + BODY
        + '<script src="/script/0/1910231743103653.js"></script><div class="SJ-bottom">版权所有：某市水利局</div>'
    )
    quoted = page(
        HEAD.replace(
            "</head>",
            "<script>var foot = '<div><p>某ICP备05070829号</p><p>网站标识码1400000032</p></div>';</script></head>",
        )
        + "<h1>关于做好秋冬季农田水利工作的通知</h1>"
        + BODY
        + "<div id='bottomAnchor'></div>"
    )
    for facts in (empty, numbered, quoted):
        assert facts.footer is not None
        assert facts.footer.site_code is None
        assert facts.footer.icp is None
        assert facts.footer.party_mark is None


def test_an_organiser_of_an_event_in_the_text_is_no_organiser_of_the_site(page: Make) -> None:
    facts = page(
        HEAD
        + f"<h1>关于做好秋冬季农田水利工作的通知</h1><div class='TRS_Editor'><p>{TEXT}</p><p>本次培训由某市水利局主办，某县水利局协办。</p></div>"
        "<div class='footer'><p>晋ICP备12000773号 网站标识码：1400000032 联系我们 网站地图</p></div>"
    )
    assert facts.footer is not None
    assert facts.footer.organiser is False
    assert facts.footer.site_code is True


def test_a_governing_office_at_the_foot_tells_whose_site_it_is(page: Make) -> None:
    facts = page(
        HEAD
        + "<h1>关于做好秋冬季农田水利工作的通知</h1>"
        + BODY
        + "<div class='footer'><p>晋ICP备12000773号 网站标识码1400000032</p><p>省政府办公厅主管&nbsp;&nbsp;省大数据中心承办</p></div>"
    )
    assert facts.footer is not None
    assert facts.footer.organiser is True


def test_a_source_keeps_the_brackets_that_belong_to_its_name(page: Make) -> None:
    facts = page(
        HEAD
        + "<h1>关于做好秋冬季农田水利工作的通知</h1><div>发布日期：2019-07-10 来源：某市文化和旅游局（原文广新局）</div>"
        + BODY
    )
    assert facts.source == "某市文化和旅游局（原文广新局）"


def test_a_footer_part_whose_last_line_is_a_sentence_still_names_its_organiser(
    page: Callable[..., PageFacts],
) -> None:
    part = "<div>主办单位：示例省民政厅 联系我们 © 版权所有 网站标识码【9800000016】如果您希望完整使用本站功能，请使用新版浏览器！</div>"
    facts = page(part)
    assert facts.footer is not None
    assert facts.footer.organiser is True
