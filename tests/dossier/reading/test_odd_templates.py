"""Templates that no portal family uses: definition lists, signs as pictures, shelves that look like sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]
HOST = "http://www.example.gov.cn"


def test_a_definition_list_for_each_entry_is_one_list_with_its_dates(page: Make) -> None:
    rows = "".join(
        f'<dl id="lineu9_{n}"><dt><a href="info/1023/{n}.htm">关于开展第{n}批项目申报工作的通知</a></dt>'
        f"<dd>2020.09.{20 - n}</dd></dl>"
        for n in range(5)
    )
    read = page(
        f"<html><head><title>通知公告</title></head><body><div>{rows}</div></body></html>",
        url=f"{HOST}/tzgg.htm",
    )
    assert [item.date for item in read.items] == [date(2020, 9, 20 - n) for n in range(5)]
    assert {item.block for item in read.items} == {0}


def test_a_date_in_the_dd_after_a_dt_belongs_to_that_entry(page: Make) -> None:
    rows = "".join(
        f'<dt><a href="/a/{n}.html">关于公布第{n}批评审结果的公告</a></dt><dd>2020-08-{10 + n}</dd>'
        for n in range(5)
    )
    read = page(f"<html><body><dl class='news'>{rows}</dl></body></html>", url=f"{HOST}/tzgg/")
    assert [item.date for item in read.items] == [date(2020, 8, 10 + n) for n in range(5)]


def article(body: str, title: str = "关于印发《教育工作实施办法》的通知") -> str:
    return (
        f"<html><head><title>{title}</title><meta name='ArticleTitle' content='{title}'></head><body>"
        f"<div><a href='/'>首页</a><a href='/zcwj.htm'>政策文件</a></div><h1>{title}</h1>{body}</body></html>"
    )


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        ('<img src="/images/time.png" title="发布时间">', False),
        ('<img src="/images/x1.png" width="16" height="16">', False),
        ('<img src="/W020200901.jpg" width="600" height="900">', True),
        ('<img src="/W020200901.jpg">', True),
    ],
)
def test_a_sign_beside_a_word_is_no_picture_of_the_text(page: Make, picture: str, shown: bool) -> None:
    text = "<p>各市教育局：现将有关事项通知如下，请结合实际认真贯彻执行，确保各项任务落到实处。</p>" * 3
    read = page(article(f'<div class="TRS_Editor">{picture}{text}</div>'))
    assert ("image" in read.media) is shown


def test_a_column_in_the_menu_is_not_the_document_an_interpretation_explains(page: Make) -> None:
    text = (
        "<p>一、起草背景。为贯彻落实有关要求，结合我省实际，制定了本办法。二、主要内容如下，请广大群众知悉。</p>"
        * 3
    )
    read = page(article(f'<div class="TRS_Editor">{text}</div>', "《教育工作实施办法》政策解读"))
    assert read.kind is PageKind.INTERPRETATION
    assert read.sources == ()


@pytest.mark.parametrize(
    ("foot", "named"),
    [
        ("联系我们 © 版权所有 网站标识码：9911000001 晋ICP备05368772号", False),
        ("版权所有：示例市人民政府 晋ICP备05368772号", True),
        ("示例市教育局 版权所有 晋ICP备05368772号", True),
        ("主办单位：示例市人民政府办公室 晋ICP备05368772号", True),
    ],
)
def test_rights_reserved_by_nobody_name_no_organiser(page: Make, foot: str, named: bool) -> None:
    read = page(
        f"<html><head><title>首页</title></head><body><p>今日要闻</p><div class='footer'>{foot}</div></body></html>",
        url=f"{HOST}/",
    )
    assert read.footer is not None
    assert read.footer.organiser is named


def test_the_table_of_a_report_in_a_word_file_keeps_its_cells(page: Make) -> None:
    import io

    import docx

    rows = [
        ("项目", "自然人", "总计"),
        ("一、本年新收政府信息公开申请数量", "3", "3"),
        ("二、上年结转", "0", "0"),
    ]
    document = docx.Document()
    document.add_paragraph("三、收到和处理政府信息公开申请情况")
    table = document.add_table(rows=0, cols=3)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    kept = io.BytesIO()
    document.save(kept)
    read = page(kept.getvalue(), url=f"{HOST}/2019.docx")
    assert [table.rows for table in read.tables] == [tuple(rows)]


def test_a_part_of_a_picture_map_is_called_by_its_alt(page: Make) -> None:
    read = page(
        '<html><body><img usemap="#m"><map name="m"><area href="/xxgk/" alt="政府信息公开"></map></body></html>',
        url=f"{HOST}/",
    )
    assert [link.text for link in read.links if link.url == f"{HOST}/xxgk/"] == ["政府信息公开"]


def test_labels_in_one_row_and_values_in_the_next_are_a_block_however_many_pairs(page: Make) -> None:
    html = (
        "<html><head><title>关于做好节水工作的通知</title></head><body><table>"
        "<tr><th>标题</th><th>索引号</th><th>发布机构</th><th>文　号</th></tr>"
        "<tr><td>关于做好节水工作的通知</td><td>01160/2020-00031</td><td></td><td>水函〔2020〕31号</td></tr>"
        "<tr><th>成文日期</th><th>发布日期</th><th>时效性</th><th>信息分类</th></tr>"
        "<tr><td>2020-09-07</td><td>2020-09-10</td><td>有效</td><td>水利</td></tr></table>"
        "<h1>关于做好节水工作的通知</h1><div class='TRS_Editor'><p>各有关单位要按照要求认真做好有关工作，确保任务按期完成。</p></div></body></html>"
    )
    facts = page(html)
    assert (facts.document_number, facts.index_number, facts.issuer) == (
        "水函〔2020〕31号",
        "01160/2020-00031",
        None,
    )
    assert (str(facts.written), str(facts.published), facts.validity) == ("2020-09-07", "2020-09-10", "有效")


def test_a_box_named_page_around_the_content_is_no_pager(page: Make) -> None:
    words = "本机关负责受理向本机关提出的政府信息公开申请，具体工作由办公室承担，电话0351-5618888。"
    menu = "".join(f"<li><a href='/c{n}/'>栏目{n}</a></li>" for n in range(8))
    html = (
        f"<body><ul class='nav'>{menu}</ul><div class='page'><div class='bread'><a href='/'>网站首页</a></div>"
        f"<h2>信息公开指南</h2><p>{words}</p></div><div class='footer'>主办单位：某局　标识码1400000001</div></body>"
    )
    assert words in page(html).text
    turning = "<div class='page'>上一页 1 2 3 下一页 尾页 共 3 页，每页显示十五条，合计四十五条信息记录</div>"
    assert "上一页" not in page(f"<body><p>{words}</p>{turning}</body>").text


def test_what_an_interpretation_has_in_its_menu_is_not_its_document(page: Make) -> None:
    html = (
        "<body><aside role='navigation'><a href='/zcwj/'>政策文件</a><a href='/jggk/'>机构概况</a></aside>"
        "<h1>《节水管理办法》解读</h1><p>近日出台的办法回应了企业和群众关切，简化了流程，明确了时限。</p></body>"
    )
    assert page(html).sources == ()


def test_a_column_of_one_row_under_labels_is_no_article(page: Make) -> None:
    html = (
        "<html><head><meta name='ColumnName' content='规划计划'></head><body><h2>规划计划</h2>"
        "<div class='pub'><div><a href='/info/1.htm'>“十三五”规划实施情况</a></div>"
        "<div>来源：省示例局　|　时间：2020-10-20　|　浏览：100</div></div></body></html>"
    )
    facts = page(html, url="http://www.example.gov.cn/zfxxgk_fd02.htm")
    assert facts.kind is PageKind.COLUMN
    assert [item.title for item in facts.items] == ["“十三五”规划实施情况"]


@pytest.mark.parametrize("name", ["hot_content", "wz", "place", "page", "top_main", "related-box", "share"])
def test_a_box_that_holds_all_that_a_page_says_is_its_content_whatever_it_is_called(
    page: Make, name: str
) -> None:
    menu = "".join(f"<li><a href='/c{n}/'>栏目{n}</a></li>" for n in range(8))
    words = "负责贯彻执行节水方面的法律法规，拟订规划并组织实施，指导市县开展工作。"
    html = (
        f"<body><ul class='nav'>{menu}</ul><div class='local'><a href='/'>首页</a> » 机构概况</div>"
        f"<div id='{name}'><h2>机构概况</h2><p>{words}</p></div><div class='footer'>主办单位：某局　标识码1400000001</div></body>"
    )
    assert words in page(html).text


def test_a_box_beside_the_text_stays_beside_it(page: Make) -> None:
    html = (
        "<body><h1>关于做好节水工作的通知</h1><div class='content'><p>各有关单位要按照要求认真做好有关工作，确保任务按期完成。</p></div>"
        "<div class='hot'><h3>热点</h3><p>节水宣传周活动在全省各地广泛开展，群众踊跃参与。</p></div></body>"
    )
    assert "宣传周" not in page(html).text


def test_the_greeting_of_a_page_is_neither_its_text_nor_its_date(page: Make) -> None:
    html = (
        "<html><head><meta name='ColumnName' content='调查征集'></head><body><div class='banner'>"
        "<p>今天是 2020年11月24日 星期二　欢迎访问某省热力管理局网站</p><div class='banner_in'><h2>调查征集</h2></div></div></body></html>"
    )
    facts = page(html, url=f"{HOST}/dcwj.htm")
    assert (facts.published, "今天是" in facts.text) == (None, False)
