"""Addresses: what names one page, what names endless ones, and how it goes over the wire."""

from __future__ import annotations

import pytest

from crawler.addresses import (
    identity,
    is_deep,
    is_home,
    is_made_up,
    same_page,
    shape,
    trap_of,
    wire,
    wire_as_gbk,
    with_variants,
    without_fragment,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://A.gov.cn:80/x/?a=1&PHPSESSID=77", "http://a.gov.cn/x/?a=1"),
        ("http://a.gov.cn/x.jsp;jsessionid=AB12?id=3", "http://a.gov.cn/x.jsp?id=3"),
        ("http://a.gov.cn", "http://a.gov.cn/"),
        ("http://a.gov.cn/a.html#top", "http://a.gov.cn/a.html"),
        ("http://a.gov.cn/login?returnUrl=/x", "http://a.gov.cn/login?returnUrl=/y"),
        ("http://a.gov.cn/政策/", "http://a.gov.cn/%E6%94%BF%E7%AD%96/"),
        ("https://a.gov.cn:443/", "https://a.gov.cn/"),
    ],
)
def test_addresses_of_one_page_are_one(one: str, other: str) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/?id=1", "http://a.gov.cn/?id=2"),
        ("http://a.gov.cn/x", "http://a.gov.cn/x/"),
        ("http://a.gov.cn/#/list/1", "http://a.gov.cn/#/list/2"),
        ("http://a.gov.cn/", "https://a.gov.cn/"),
        ("http://a.gov.cn/?q=%D5%FE", "http://a.gov.cn/?q=%B2%DF"),
    ],
)
def test_addresses_of_two_pages_are_two(one: str, other: str) -> None:
    assert identity(one) != identity(other)


def test_a_fragment_is_kept_only_where_it_routes() -> None:
    assert without_fragment("http://a.gov.cn/x#part") == "http://a.gov.cn/x"
    assert without_fragment("http://a.gov.cn/#/list/1") == "http://a.gov.cn/#/list/1"
    assert without_fragment("http://a.gov.cn/#!list") == "http://a.gov.cn/#!list"


def test_chinese_goes_over_the_wire_as_a_browser_sends_it() -> None:
    assert wire("http://a.gov.cn/政策 1.html?q=公开") == (
        "http://a.gov.cn/%E6%94%BF%E7%AD%96%201.html?q=%E5%85%AC%E5%BC%80"
    )
    assert wire("http://a.gov.cn/?q=公开", "gb18030") == "http://a.gov.cn/?q=%B9%AB%BF%AA"
    assert wire("http://a.gov.cn/%D5%FE.html") == "http://a.gov.cn/%D5%FE.html"
    assert wire("http://政务.cn/") == "http://xn--7xtr6i.cn/" or wire("http://政务.cn/").startswith(
        "http://xn--"
    )
    assert wire_as_gbk("http://a.gov.cn/%E6%94%BF%E7%AD%96.html") == "http://a.gov.cn/%D5%FE%B2%DF.html"
    assert wire_as_gbk("http://a.gov.cn/plain.html?a=1%202") == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://a.gov.cn/a/b/a/b/a/b/",
        "http://a.gov.cn/x/x/x/x/",
        "http://a.gov.cn/t1.html?print=1",
        "http://a.gov.cn/user/logout?to=1",
        "http://service.weibo.com/share/share.php?url=http://a.gov.cn/",
        "http://a.gov.cn/?" + "&".join(f"p{n}=1" for n in range(20)),
        "http://a.gov.cn/" + "x" * 2000,
    ],
)
def test_traps_are_known_by_their_address(url: str) -> None:
    assert trap_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.gov.cn/art/2020/2/20/art_20_20.html",
        "http://a.gov.cn/zwgk/zwgk/zfxxgk/fdzdgknr/",
        "http://a.gov.cn/sharing-economy-notice.html?id=4",
        "http://a.gov.cn/print/2020/t1.html",
        "http://a.gov.cn/2020/11/11/11.html",
    ],
)
def test_common_addresses_are_no_traps(url: str) -> None:
    assert trap_of(url) == ""


def test_front_doors_and_deep_addresses() -> None:
    for home in (
        "http://a.gov.cn",
        "http://a.gov.cn/",
        "http://a.gov.cn/index.shtml",
        "http://a.gov.cn/default.aspx",
    ):
        assert is_home(home)
        assert not is_deep(home)
    for deep in ("http://a.gov.cn/zw/2019/t1.html", "http://a.gov.cn/t1.html", "http://a.gov.cn/?id=1"):
        assert is_deep(deep)
    assert not is_deep("http://a.gov.cn/zwgk/")
    assert same_page("http://www.a.gov.cn/zw/index.html", "https://a.gov.cn/zw/")
    assert not same_page("http://a.gov.cn/zw/", "http://a.gov.cn/")


def test_only_what_a_script_makes_up_can_be_a_trap_by_its_shape() -> None:
    assert shape("http://a.gov.cn/cal?y=2020&m=1") == shape("http://a.gov.cn/cal?m=12&y=1999")
    assert is_made_up("http://a.gov.cn/cal?y=2020")
    assert is_made_up("http://a.gov.cn/events/2020/11/")
    assert not is_made_up("http://a.gov.cn/2020/11/t1_22.html")
    assert with_variants(["www.a.gov.cn"]) == {"www.a.gov.cn", "a.gov.cn"}
