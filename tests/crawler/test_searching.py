"""A site's search is asked for what stands on the site, the way its own form would ask."""

from __future__ import annotations

import shutil
from datetime import date
from urllib.parse import quote

import pytest

from crawler.searching import plain_form
from crawler.titles import words_to_ask
from dossier.model import Capture, Purpose, Reach, Via
from tests.crawler.conftest import Crawled, Run, unit
from tests.crawler.town import Answer, Reply, Town, Visit

A = "http://a.gov.cn"
URL = f"{A}/"
BROWSER = pytest.mark.skipif(
    not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")),
    reason="no browser on this machine",
)
TITLES = ("关于印发城市更新实施办法的通知", "全市老旧小区改造工作推进会召开", "关于做好防汛救灾工作的通知")
BOX = '<form action="/s" method="get"><input type="hidden" name="site" value="1"><input name="q" placeholder="请输入关键字"><input type="submit" value="搜索"></form>'


def _page(main: str, title: str = "某某市人民政府", charset: str = "utf-8") -> Reply:
    text = f'<html><head><meta charset="{charset}"><title>{title}</title></head><body>{main}</body></html>'
    return Reply(body=text.encode(charset), type=f"text/html; charset={charset}")


def _article(title: str, charset: str = "utf-8") -> Reply:
    told = "".join(f"<p>{title}的第{n}条内容，请各有关单位认真落实并按期报告进展情况。</p>" for n in range(6))
    main = f"<h1>{title}</h1><div>发布时间：2020-08-05　来源：市政府办公室</div><div class='content'>{told}</div>"
    return _page(main, title, charset)


def _site(search: Answer, *, box: str = BOX, charset: str = "utf-8") -> dict[str, Answer]:
    links = "".join(
        f'<li><a href="/xw/{n}.html">{title}</a><span>2020-08-05</span></li>'
        for n, title in enumerate(TITLES)
    )
    site: dict[str, Answer] = {
        "/": _page(f"{box}<div class='nav'><a href='/xw/'>动态</a></div><ul>{links}</ul>", charset=charset)
    }
    site |= {f"/xw/{n}.html": _article(title, charset) for n, title in enumerate(TITLES)}
    paths = dict(site)
    paths["*"] = lambda visit: (
        search(visit) if visit.path.startswith("/s?") and callable(search) else Reply(404)
    )
    return paths


def _searched_once(run: Run, box: str) -> tuple[Crawled, Capture]:
    """A crawl in the browser of a site whose search finds every title, and its one search."""
    results = _page("".join(f"<li><a href='/xw/0.html'>{title}</a></li>" for title in TITLES), "搜索结果")
    with Town({"a.gov.cn": _site(lambda visit: results, box=box)}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True, browser=True, timeout_seconds=15.0)
        asked = [path for path in town.paths("a.gov.cn") if path.startswith("/s?kw=")]
    (search,) = [one for one in crawled.captures() if one.purpose is Purpose.SEARCH]
    assert len(asked) == 1
    assert search.reach is Reach.OK
    return crawled, search


def _searches(crawled: Crawled) -> list[tuple[str, Reach, int]]:
    return [
        (one.asked_url, one.reach, one.attempt) for one in crawled.captures() if one.purpose is Purpose.SEARCH
    ]


def test_the_search_is_asked_for_titles_seen_on_the_site_and_nothing_is_followed_from_there(run: Run) -> None:
    def found(visit: Visit) -> Reply:
        return _page(f"<ul><li><a href='/only-from-search.html'>结果</a></li></ul>{len(visit.path)}")

    with Town({"a.gov.cn": _site(found)}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True)
        paths = town.paths("a.gov.cn")
    asked = _searches(crawled)
    assert len(asked) == 2
    assert all(url.startswith(f"{A}/s?site=1&q=") and reach is Reach.OK for url, reach, _ in asked)
    assert any(quote("城市更新实施办法") in url or quote("防汛救灾工作的通知") in url for url, _, _ in asked)
    assert "/only-from-search.html" not in paths


def test_a_search_that_breaks_is_tried_again_after_a_pause(run: Run) -> None:
    with Town({"a.gov.cn": _site(lambda visit: Reply(500, b"oops"))}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True)
    tries = _searches(crawled)
    assert len(tries) == 4
    assert {reach for _, reach, _ in tries} == {Reach.BROKEN}
    assert sorted(attempt for _, _, attempt in tries) == [1, 1, 2, 2]


def test_a_result_page_that_says_nothing_was_found_is_an_answer_and_no_dead_page(run: Run) -> None:
    nothing = _page("<p>没有找到相关内容</p>", "搜索结果")
    with Town({"a.gov.cn": _site(lambda visit: nothing)}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True)
    assert [reach for _, reach, _ in _searches(crawled)] == [Reach.OK, Reach.OK]


def test_a_gbk_page_is_searched_in_gbk_and_in_utf_8(run: Run) -> None:
    with Town({"a.gov.cn": _site(lambda visit: _page("<p>无</p>"), charset="gb18030")}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True)
    urls = [url for url, _, _ in _searches(crawled)]
    assert len(urls) == 4
    assert any("%E9%98%B2%E6%B1%9B" in url for url in urls) or any(
        "%E5%9F%8E%E5%B8%82" in url for url in urls
    )
    assert any("%B7%C0%D1%B4" in url for url in urls) or any("%B3%C7%CA%D0" in url for url in urls)


def test_robots_that_forbid_the_search_are_obeyed(run: Run) -> None:
    site = _site(lambda visit: Reply(200, b"x"))
    site["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /s\n", type="text/plain")
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True)
        assert not [path for path in town.paths("a.gov.cn") if path.startswith("/s?")]
    assert {reach for _, reach, _ in _searches(crawled)} == {Reach.DISALLOWED}


def test_a_site_without_a_search_form_is_asked_nothing(run: Run) -> None:
    with Town({"a.gov.cn": _site(lambda visit: Reply(200, b"x"), box="")}) as town:
        assert _searches(run(town.proxy, unit("A01", URL), real=True)) == []


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (
            "<form action='/s' method='post'><input name='q' placeholder='搜索'><button>搜</button></form>",
            "post",
        ),
        (
            "<form action='/s' onsubmit='return go()'><input name='q' placeholder='搜索'><button>搜</button></form>",
            "script",
        ),
        ("<form action='/s'><input id='q' placeholder='搜索'><button>搜</button></form>", "no name"),
        (
            "<form action='/login'><input name='user' placeholder='请输入'><input type='password' name='p'></form>",
            "login",
        ),
        ("<form action='/ly'><input name='search'><textarea name='t'></textarea></form>", "message"),
        (
            "<form action='javascript:go()'><input name='q' placeholder='搜索'><button>搜</button></form>",
            "javascript",
        ),
        (
            "<form name='searchform'><input name='sword' placeholder='请输入关键词'><input type='button' id='go'></form>",
            "a button that a script elsewhere listens to",
        ),
    ],
)
def test_forms_that_a_plain_request_cannot_send_are_left_to_the_browser(form: str, why: str) -> None:
    assert plain_form(f"<html><body>{form}</body></html>", URL, "utf-8") is None, why


def test_a_form_sends_its_hidden_fields_and_chosen_options_in_the_pages_charset() -> None:
    html = (
        "<base href='http://so.a.gov.cn/x/'><form action='s.jsp?old=1'><select name='lm'><option value='2'>文件</option></select>"
        "<input type=hidden name=site value=7><input name=qt placeholder=搜索><input type=submit></form>"
    )
    form = plain_form(html, URL, "gb18030")
    assert form is not None
    assert form.address("防汛") == "http://so.a.gov.cn/x/s.jsp?site=7&lm=2&qt=%B7%C0%D1%B4"


def test_words_are_the_plain_part_of_a_title_and_never_the_same_twice() -> None:
    titles = [
        "某某市人民政府关于印发《城市更新实施办法》的通知",
        "关于印发城市更新实施办法的补充",
        "要闻",
        date(2020, 1, 1).isoformat(),
    ]
    assert list(words_to_ask(titles)) == ["城市更新实施办法"]


@BROWSER
def test_a_search_box_that_only_a_script_sends_is_typed_into_in_the_browser(run: Run) -> None:
    box = (
        "<div class='search'><input type='text' id='kw' placeholder='请输入关键字'><a class='btn'>搜索</a></div><script>"
        "document.querySelector('#kw').addEventListener('keydown', function (e) { if (e.key === 'Enter')"
        " location.href = '/s?kw=' + encodeURIComponent(this.value); });</script>"
    )

    crawled, search = _searched_once(run, box)
    assert search.via is Via.BROWSER
    assert search.asked_url.startswith(f"{URL}#search=%")
    assert search.final_url.startswith(f"{A}/s?kw=")
    assert crawled.report().browser == "used"


@BROWSER
def test_a_search_box_that_comes_with_a_fetched_head_is_typed_into_in_the_browser(run: Run) -> None:
    head = (
        "<div id='header'></div><script>window.$ = function (at) { return { load: function (url) {"
        " fetch(url).then(function (got) { return got.text() }).then(function (text) {"
        " document.querySelector(at).innerHTML = text }) } } }; $('#header').load('/inc/header.html');</script>"
    )
    site = _site(lambda visit: _page("<ul><li><a href='/xw/0.html'>结果</a></li></ul>"), box=head)
    site["/inc/header.html"] = Reply(body=BOX.encode(), type="text/html; charset=utf-8")
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True, browser=True, timeout_seconds=15.0)
    search, _ = [one for one in crawled.captures() if one.purpose is Purpose.SEARCH]
    assert (search.reach, search.via) == (Reach.OK, Via.BROWSER)
    assert search.final_url.startswith(f"{A}/s?site=1&q=")


@BROWSER
def test_a_search_on_a_page_of_its_own_is_typed_into_there(run: Run) -> None:
    site = _site(
        lambda visit: _page("<ul><li><a href='/xw/0.html'>结果</a></li></ul>"),
        box="<a href='/search/index.html'></a>",
    )
    site["/search/index.html"] = _page(BOX, "站内检索")
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True, browser=True, timeout_seconds=15.0)
    search, *_ = [one for one in crawled.captures() if one.purpose is Purpose.SEARCH]
    assert (search.reach, search.via) == (Reach.OK, Via.BROWSER)
    assert search.asked_url.startswith(f"{A}/search/index.html#search=%")
    assert search.final_url.startswith(f"{A}/s?site=1&q=")


GOES = "location.href = '/s?kw=' + encodeURIComponent(document.getElementById('kw').value)"


@BROWSER
@pytest.mark.parametrize(
    "box",
    [
        f"<input id='kw' class='searchTxt'><a href='javascript:;' class='btn' onclick=\"{GOES}\">搜索</a>",
        f"<form method='post' action='./'><div><input id='kw' placeholder='请输入关键词'><input type='button' value='搜 索' onclick=\"{GOES}\"></div></form>",
        (
            "<form name='searchform' target='_blank'><div><div><input id='kw' placeholder='请输入关键词'></div>"
            f"<input type='button' id='go'></div></form><script>document.getElementById('go').onclick=()=>{{{GOES}}}</script>"
        ),
        f"<form name='searchform' onsubmit=\"{GOES};return false\"><input id='kw' value='请输入要搜索的内容'></form>",
        f"<input placeholder='请输入办件编号' class='search'><div class='so'><input id='kw' placeholder='请输入关键词'><button onclick=\"{GOES}\">搜</button></div>",
        (
            "<img id='glass' src='/i/search.png' onclick=\"document.getElementById('fold').style.display='block'\">"
            f"<div id='fold' style='display:none'><input id='kw' placeholder='站内搜索'><button onclick=\"{GOES}\">搜</button></div>"
        ),
    ],
    ids=[
        "a box with its class alone",
        "a button in a form around the whole page",
        "a button beside the box that the field has to itself, with its script elsewhere",
        "a form with preset words",
        "a box beside one for something else",
        "a box folded under a magnifying glass",
    ],
)
def test_a_search_box_of_any_make_is_typed_into_as_a_visitor_would(run: Run, box: str) -> None:
    def found(visit: Visit) -> Reply:
        return _page("<p>没有找到相关内容</p>", "搜索结果")

    with Town({"a.gov.cn": _site(found, box=f"<div class='top'>{box}</div>")}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True, browser=True, timeout_seconds=15.0)
        asked = [path for path in town.paths("a.gov.cn") if path.startswith("/s?kw=")]
    searches = [one for one in crawled.captures() if one.purpose is Purpose.SEARCH]
    assert len(asked) == len(searches) == 2, "other words are tried where the first did not show"
    assert {(one.reach, one.final_url.startswith(f"{A}/s?kw=")) for one in searches} == {(Reach.OK, True)}


@BROWSER
def test_a_typed_search_that_leads_to_a_page_that_is_not_there_is_no_answer(run: Run) -> None:
    box = f"<div class='search'><input id='kw' type='text'><button onclick=\"{GOES}\">搜</button></div>"
    with Town({"a.gov.cn": _site(lambda visit: Reply(404, "无法找到该网页".encode()), box=box)}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True, browser=True, timeout_seconds=15.0)
    (search,) = [one for one in crawled.captures() if one.purpose is Purpose.SEARCH]
    assert (search.reach, search.status) == (Reach.BROKEN, 404)


@BROWSER
@pytest.mark.parametrize(
    "box",
    [
        (
            "<div class='s'><input id='kw' type='text'><a href='javascript:;' onclick=\"location.href='/s?kw='"
            "+encodeURIComponent(document.getElementById('kw').value)\">检 索</a></div>"
        ),
        (
            "<form method='post' action='#'><table><tr><td>站内搜索：<input name='t$kw' id='kw' type='text'>"
            "<input type='submit' value='搜索' onclick=\"window.open('/s?kw='+document.getElementById('kw').value);"
            'return false;"></td></tr></table></form>'
        ),
    ],
    ids=["a link that asks", "a button that opens a window"],
)
def test_a_field_without_a_mark_of_its_own_is_known_by_the_button_beside_it(run: Run, box: str) -> None:
    _, search = _searched_once(run, box)
    assert search.via is Via.BROWSER
    assert search.final_url.startswith(f"{A}/s?kw=")


@BROWSER
def test_a_typed_search_that_breaks_is_told_by_its_own_status_and_tried_again(run: Run) -> None:
    box = (
        "<form method='post' action='#'><input name='kw' id='kw' type='text'><input type='submit' value='搜索' "
        "onclick=\"window.open('/s?kw='+document.getElementById('kw').value);return false;\"></form>"
    )
    with Town({"a.gov.cn": _site(lambda visit: Reply(500, b"<h1>Server Error</h1>"), box=box)}) as town:
        crawled = run(town.proxy, unit("A01", URL), real=True, browser=True, timeout_seconds=15.0)
    tries = [one for one in crawled.captures() if one.purpose is Purpose.SEARCH]
    assert [(one.reach, one.status, one.attempt) for one in tries] == [
        (Reach.BROKEN, 500, 1),
        (Reach.BROKEN, 500, 2),
    ]
    assert len({one.asked_url for one in tries}) == 1
