"""Headings that unfold what stands below them, and one number that serves two machines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossier.model import PageFacts

Make = Callable[..., PageFacts]

BELOW = "<li><a href='/a/'>法规</a></li><li><a href='/b/'>机关职能</a></li>"


def _handled(facts: PageFacts, text: str) -> bool:
    return next(link for link in facts.links if link.text == text).handler


@pytest.mark.parametrize(
    "menu",
    [
        f"<ul><li><a href='javascript:void(0)' class='t'>主动公开内容</a><ul class='sub'>{BELOW}</ul></li></ul>",
        "<dl><dt><i></i><a href='#'>主动公开内容</a></dt><dd><a href='/a/'>法规</a></dd></dl>",
        f"<div class='card'><div class='head'><a href='#'>主动公开内容</a></div><ul>{BELOW}</ul></div>",
    ],
)
def test_a_heading_right_above_its_links_unfolds_them(page: Make, menu: str) -> None:
    assert _handled(page(f"<body>{menu}</body>"), "主动公开内容")


@pytest.mark.parametrize(
    "menu",
    [
        f"<ul><li><a href='#'>主动公开内容</a></li>{BELOW}</ul>",
        "<ul><li><a href='#'>主动公开内容</a><span>2020-11-01</span></li></ul>",
        "<div><a href='#'>主动公开内容</a><a href='/a/'>法规</a></div>",
        "<ul><li><a href='#'>主动公开内容</a></li></ul><div><a href='/a/'>法规</a></div>",
        "<ul><li><a href='#'>主动公开内容</a><ul><li><a href='#'>法规</a></li></ul></li></ul>",
    ],
)
def test_a_link_beside_others_unfolds_nothing(page: Make, menu: str) -> None:
    assert not _handled(page(f"<body>{menu}</body>"), "主动公开内容")


def test_the_first_half_of_an_address_that_a_script_completes_is_no_link(page: Make) -> None:
    facts = page(
        "<body><a href='javascript:;' onclick=\"location.href='/so?kw='+kw.value\">检索</a>"
        "<a href='javascript:;' onclick=\"location.href='/bs/'\">办事</a></body>"
    )
    assert [link.url.rpartition(".cn")[2] for link in facts.links] == ["", "/bs/"]


@pytest.mark.parametrize("label", ["电话（传真）", "电话/传真：", "联系电话(传真)："])
def test_one_number_may_be_telephone_and_fax(page: Make, label: str) -> None:
    facts = page(
        "<title>政府信息公开指南</title><body><h1>某厅政府信息公开指南</h1><p>本指南依据条例编制。</p><table>"
        "<tr><td>机构名称</td><td>某厅办公室</td></tr><tr><td>办公地址</td><td>某市某路7号</td></tr>"
        f"<tr><td>{label}</td><td>0351-7020341</td></tr></table><p>收到申请之日起20个工作日内答复。</p></body>",
        url="http://www.example.gov.cn/zfxxgk/zn/",
    )
    assert "0351-7020341" in facts.contacts["phone"]
    assert "0351-7020341" in facts.contacts["fax"]


def test_a_calendar_leaf_is_believed_before_a_date_at_the_end_of_a_title(page: Make) -> None:
    rows = "".join(
        f"<li><div class='rq'><b>{day}</b><p>2020.07</p></div><div class='nr'><a href='/gg/{day}.html'>关于征集作品的公告"
        f"（截止2027年12月20日）</a></div></li>"
        for day in (13, 12, 11)
    )
    facts = page(f"<body><h2>公告栏</h2><ul>{rows}</ul></body>", url="http://www.example.gov.cn/gg/")
    assert [item.date.isoformat() for item in facts.items if item.date] == [
        "2020-07-13",
        "2020-07-12",
        "2020-07-11",
    ]
