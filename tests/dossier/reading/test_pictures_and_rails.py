"""Words that are drawn as pictures, entries opened by 查看详情, and lists that stand beside the page's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dossier.model import PageFacts

Make = Callable[..., PageFacts]

URL = "http://www.example.gov.cn/norm/list.html"
TEXT = "<p>各单位要高度重视水利工作，压实责任，按时报送进展情况，确保各项任务落到实处。</p>" * 4


def _document(block: str) -> str:
    return (
        "<html><head><title>某县水利局关于做好防汛工作的通知</title></head><body>"
        f"<div class='m'>{block}</div><h1>某县水利局关于做好防汛工作的通知</h1><div class='c'>{TEXT}</div></body></html>"
    )


def _value(facts: PageFacts, name: str) -> str:
    return next(field.value for field in facts.metadata if field.name == name)


def test_labels_drawn_as_pictures_head_their_fields(page: Make) -> None:
    fields = (
        ("索引号", "011400/2020-00153"),
        ("发布机构", "某县水利局"),
        ("发文字号", "某水发〔2020〕15号"),
        ("有效性", "有效"),
    )
    block = "".join(f"<p><img src='/i/{n}.gif' alt='{a}'>　{b}</p>" for n, (a, b) in enumerate(fields))
    facts = page(_document(block))
    assert facts.index_number == "011400/2020-00153"
    assert facts.document_number == "某水发〔2020〕15号"
    assert facts.validity == "有效"


def test_a_picture_in_a_link_is_no_label(page: Make) -> None:
    facts = page(_document("<p><a href='/t/'><img src='/i/t.gif' alt='主题分类'></a>　水利</p>"))
    assert facts.metadata == ()


def test_a_field_between_two_semicolons_is_empty(page: Make) -> None:
    line = "索引号：011400/2020-00153；发布机构：某县水利局；成文日期：；发文字号：某水发〔2020〕15号；有效性：有效。"
    facts = page(_document(f"<p>{line}</p>"))
    assert _value(facts, "written") == ""
    assert _value(facts, "issuer") == "某县水利局"
    assert _value(facts, "validity") == "有效"


def _cards(*days: date) -> str:
    return "".join(
        f"<div class='card'><h5>某县水利局关于第{n}项工作的通知</h5><p>各单位要高度重视第{n}项工作，压实责任...</p>"
        f"<div class='f'><span>{day}</span><a href='/norm/{n}.html'>查看详情</a></div></div>"
        for n, day in enumerate(days)
    )


def _rail(most: int = 9) -> str:
    rows = "".join(
        f"<p><a href='/news/{n}.html'>某县召开第{n}次水利工作会议</a><small>2020-11-{n:02d}</small></p>"
        for n in range(most, 0, -1)
    )
    return f"<div class='r'><div class='t'>最新动态</div>{rows}</div>"


def _column(rows: str, rail: str = "") -> str:
    return (
        "<html><head><title>规范性文件 - 某县水利局</title></head><body><div class='w'>"
        f"<div class='a'><div class='h'>规范性文件</div>{rows}</div>{rail}</div></body></html>"
    )


def test_a_card_is_named_by_its_heading_where_the_link_says_see_details(page: Make) -> None:
    days = (date(2020, 10, 3), date(2020, 9, 2), date(2020, 8, 1))
    items = page(_column(f"<div class='cards'>{_cards(*days)}</div>"), url=URL).items
    assert [item.title for item in items] == [f"某县水利局关于第{n}项工作的通知" for n in range(3)]
    assert [item.date for item in items] == list(days)
    assert items[0].url == "http://www.example.gov.cn/norm/0.html"


def test_see_details_below_a_title_that_leads_there_is_no_second_entry(page: Make) -> None:
    rows = "".join(
        f"<div class='x'><h5><a href='/norm/{n}.html'>某县水利局关于第{n}项工作的通知</a></h5><i>2020-10-1{n}</i>"
        f"<p>各单位要高度重视第{n}项工作，压实责任...<a href='/norm/{n}.html'>详情</a></p></div>"
        for n in (3, 2, 1)
    )
    items = page(_column(rows), url=URL).items
    assert [item.title for item in items] == [f"某县水利局关于第{n}项工作的通知" for n in (3, 2, 1)]


def test_the_head_of_a_block_is_no_entry_of_it(page: Make) -> None:
    rows = "<div class='k'><div>国家和省有关文件<a href='/more/'>查看</a></div></div>"
    items = page(_column(rows + f"<div class='cards'>{_cards(date(2020, 10, 3))}</div>"), url=URL).items
    assert [item.title for item in items if item.block == 0] == ["某县水利局关于第0项工作的通知"]


def test_a_rail_of_news_longer_than_the_column_is_not_its_list(page: Make) -> None:
    rows = "".join(
        f"<li><a href='/norm/{n}.html'>某县水利局关于第{n}项工作的通知</a><span>2020-0{n}-01</span></li>"
        for n in (5, 3)
    )
    facts = page(_column(f"<ul>{rows}</ul>", _rail()), url=URL)
    own = [item for item in facts.items if item.block == 0]
    assert [item.date for item in own] == [date(2020, 5, 1), date(2020, 3, 1)]


def test_a_leading_entry_above_the_list_does_not_take_its_place(page: Make) -> None:
    lead = "<div class='top'><h3><a href='/norm/9.html'>某县水利局关于重点工作的通知</a></h3><em>2020-10-30</em></div>"
    rows = "".join(
        f"<li><a href='/norm/{n}.html'>某县水利局关于第{n}项工作的通知</a><span>2020-0{n}-01</span></li>"
        for n in (8, 7, 6, 5, 4)
    )
    facts = page(_column(f"{lead}<ul>{rows}</ul>"), url=URL)
    assert sum(item.block == 0 for item in facts.items) == 5


def test_a_table_in_a_folded_tab_keeps_its_words(page: Make) -> None:
    table = "<table><tr><td>信息内容</td><td>数量</td></tr><tr><td>规范性文件</td><td>17</td></tr></table>"
    text = "".join(
        f"<p>第{n}项工作取得明显成效，群众满意度不断提高，信息公开更加规范有序。</p>" for n in range(6)
    )
    facts = page(
        "<html><head><title>某县水利局2019年政府信息公开工作年度报告</title></head><body><h1>某县水利局2019年政府信息公开工作年度报告</h1>"
        f"<p>发布时间：2020-03-20</p><div class='c'>{text}<div class='tab' style='display:none'>{table}</div></div></body></html>"
    )
    assert facts.tables[0].rows[1] == ("规范性文件", "17")


def test_a_leader_may_be_named_by_the_portrait_alone(page: Make) -> None:
    people = (("王建国", "党组书记、局长"), ("李秀英", "党组成员、副局长"))
    cards = "".join(
        f"<div class='p'><img src='/p/{n}.jpg' alt='{n}'><p>{post}</p></div>" for n, post in people
    )
    facts = page(
        "<html><head><title>领导信息-某县水利局</title></head><body><div>当前位置：<a href='/'>首页</a> &gt; 领导信息</div>"
        f"<div class='c'><h2>领导信息</h2>{cards}</div></body></html>",
        url="http://www.example.gov.cn/ldxx/",
    )
    assert "王建国 党组书记、局长" in facts.text
