"""Places that wait for a script, days above their entries, and arrows that are no next page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import PageFacts

Make = Callable[..., PageFacts]
HOST = "http://www.example.gov.cn"


def column(main: str, scripts: str = "") -> str:
    return (
        "<html><head><title>工作动态-示例局</title></head><body><div class='nav'><a href='/'>首页</a></div>"
        f"<div>当前位置：<a href='/'>首页</a> &gt; 工作动态</div>{main}{scripts}</body></html>"
    )


OWN = "<script src='/static/js/app.5f3a.js'></script>"


@pytest.mark.parametrize(
    ("place", "scripts", "waits"),
    [
        ("<section class='c-list' data-list='gzdt' data-size='15'></section>", OWN, True),
        ("<news-list channel='12'></news-list>", OWN, True),
        (
            "<ul class='news rows'></ul>",
            "<script>$.post('/list.do',{cid:12},function(d){$('.rows').append(draw(d))})</script>",
            True,
        ),
        ("<ul class='news rows'></ul>", "<script>$('.rows').slideDown()</script>", False),
        ("<div class='rows'><p>正在加载中…</p></div>", "<script>init()</script>", True),
        ("<div class='share-box' data-sites='wechat,weibo'></div>", OWN, False),
        ("<div class='card' data-v-7ba5bd90='1' data-aos='fade-up'></div>", OWN, False),
        ("<section class='c-list' data-list='gzdt'></section>", "", False),
        (
            "<section class='c-list' data-list='gzdt'></section>",
            "<script src='/js/jquery.min.js'></script>",
            False,
        ),
        ("<ul class='list'></ul>", OWN, False),
    ],
)
def test_an_empty_place_waits_for_a_script_where_it_is_written_for_one(
    page: Make, place: str, scripts: str, waits: bool
) -> None:
    assert page(column(place, scripts), url=f"{HOST}/gzdt/").script_lists is waits


def test_a_list_that_is_there_waits_for_nothing_whatever_is_empty_beside_it(page: Make) -> None:
    rows = "".join(
        f"<li><a href='a{n}.html'>示例局召开第{n}次工作会议</a><span>2020-11-0{n}</span></li>"
        for n in (3, 2, 1)
    )
    read = page(column(f"<ul>{rows}</ul><div data-widget='weather'></div>", OWN), url=f"{HOST}/gzdt/")
    assert not read.script_lists


SHELF = (
    "<script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?page=1&columnid=9\"></a>]]>"
    "</nextgroup><recordset>{records}</recordset></datastore></script>"
    "<script>$('#9').jpage({{totalRecord:{total},perPage:15,proxyUrl:'/module/web/jpage/dataproxy.jsp'}});</script>"
)
RECORD = "<record><![CDATA[<li><a href='/art/{n}.html'>示例局召开第{n}次工作会议</a><span>2020-11-0{n}</span></li>]]></record>"


@pytest.mark.parametrize(
    ("records", "total", "drawn", "more"),
    [((3, 2, 1), 3, False, False), ((3, 2, 1), 45, False, True), ((), 0, False, False), ((), 45, True, True)],
    ids=["all-are-kept-in-the-page", "the-first-are-kept", "there-are-none", "none-is-kept"],
)
def test_a_hanweb_list_says_how_many_rows_it_has(
    page: Make, records: tuple[int, ...], total: int, drawn: bool, more: bool
) -> None:
    shelf = SHELF.format(records="".join(RECORD.format(n=n) for n in records), total=total)
    read = page(column(shelf), url=f"{HOST}/col/col9/index.html")
    assert (read.script_lists, bool(read.data_sources)) == (drawn, more)
    assert len(read.items) == len(records)


def test_a_day_in_the_dt_above_belongs_to_the_entries_in_the_dd_under_it(page: Make) -> None:
    pairs = "".join(
        f"<dl><dt>2020/11/0{n}</dt><dd><a href='a{n}.html'>示例局召开第{n}次工作会议</a></dd></dl>"
        for n in (5, 4, 3)
    )
    grouped = (
        "<dl><dt>2020-11-05</dt><dd><a href='a1.html'>示例局召开第一次工作会议</a></dd>"
        "<dd><a href='a2.html'>示例局召开第二次工作会议</a></dd>"
        "<dt>2020-10-20</dt><dd><a href='a3.html'>示例局召开第三次工作会议</a></dd></dl>"
    )
    assert [item.date for item in page(column(pairs), url=f"{HOST}/d.htm").items] == [
        date(2020, 11, n) for n in (5, 4, 3)
    ]
    assert [item.date for item in page(column(grouped), url=f"{HOST}/d.htm").items] == [
        date(2020, 11, 5), date(2020, 11, 5), date(2020, 10, 20)
    ]  # fmt: skip


BLOCK = "<div class='k'><h4>{name}<a href='{url}'>&gt;&gt;</a></h4></div>"


@pytest.mark.parametrize(
    ("main", "following"),
    [
        (BLOCK.format(name="动态", url="lhdt.htm") + BLOCK.format(name="公告", url="tzgg.htm"), ()),
        (BLOCK.format(name="动态", url="/other/lhdt.htm"), ()),
        ("<div><a href='gzdt/7.htm'>&gt;</a></div>", (f"{HOST}/gzdt/7.htm",)),
        ("<div><a href='gzdt/7.htm'>下页</a><a href='gzdt/1.htm'>尾页</a></div>", (f"{HOST}/gzdt/7.htm",)),
    ],
    ids=["two-blocks-show-more", "one-block-shows-more", "an-arrow-to-a-number", "a-pager-in-words"],
)
def test_an_arrow_beside_a_heading_is_no_next_page(page: Make, main: str, following: tuple[str, ...]) -> None:
    assert page(column(main), url=f"{HOST}/gzdt.htm").next_pages == following


@pytest.mark.parametrize(
    ("frame", "shows"),
    [
        ("<embed src='/zn.pdf'>", ("video",)),
        ("<object data='/zn.swf'></object>", ("video",)),
        ("<video src='/zn.mp4'></video>", ("video",)),
        ("<audio src='/zn.mp3'></audio>", ("audio",)),
        ("<div style='height:900px;background:#fff url(/zn.png)'></div>", ("image",)),
        ("", ()),
    ],
)
def test_a_frame_that_says_no_word_may_still_show_something(
    page: Make, frame: str, shows: tuple[str, ...]
) -> None:
    facts = page(f"<html><body>{frame}</body></html>", url=f"{HOST}/frame.html")
    assert facts.media == shows
