"""A page drawn by script is opened in a browser where there is one, and where there is none that is said."""

from __future__ import annotations

import shutil

import pytest

from dossier.archive import read_body, verify
from dossier.model import Reach, Via
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, page

A = "http://a.gov.cn"
SCRIPT = (
    "document.title='政务公开';document.body.innerHTML="
    "'<p>这是脚本画出来的栏目</p><ul><li><a href=\"/drawn.html\">画出来的链接</a></li></ul>'"
)
SITE = {
    "/": page("首页", "首页", links={"/spa.html": "政务公开"}),
    "/spa.html": Reply(
        body=b"<html><head><title></title></head><body><script src=/app.js></script></body></html>"
    ),
    "/app.js": Reply(body=SCRIPT.encode(), type="text/javascript; charset=utf-8"),
    "/drawn.html": page("文章", "链接后面的文章"),
}


@pytest.mark.browser
@pytest.mark.skipif(
    not shutil.which("chromium") and not shutil.which("google-chrome"), reason="no browser here"
)
def test_a_page_drawn_by_script_is_seen_through_a_browser(run: Run) -> None:
    with Town({"a.gov.cn": SITE}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), browser=True, timeout_seconds=15.0)
    capture = crawled.last(f"{A}/spa.html")
    assert (capture.via, capture.reach) == (Via.BROWSER, Reach.OK), crawled.stderr
    assert "这是脚本画出来的栏目" in read_body(crawled.out.parent, "r1", "A01", capture).decode()
    assert crawled.last(f"{A}/drawn.html").reach is Reach.OK
    assert crawled.report().browser == "used"
    assert verify(crawled.out / "A01") == []


def test_without_a_browser_the_report_says_so(run: Run) -> None:
    with Town({"a.gov.cn": SITE}) as town:
        crawled = run(
            town.proxy,
            unit("A01", f"{A}/"),
            browser=True,
            environment={"PATH": "/nowhere", "PLAYWRIGHT_BROWSERS_PATH": "/nowhere"},
        )
    assert crawled.report().browser == "missing"
    assert crawled.last(f"{A}/spa.html").via is Via.HTTP


LIST = (
    "<html><head><title>通知公告</title><meta name='ColumnName' content='通知公告'></head><body><div class='nav'><a href='/'>首页</a>"
    "<a href='/tzgg/'>通知公告</a></div><h2>通知公告</h2><p>本栏目发布本机关的各类通知和公告，供社会公众查阅，如有疑问请与我们联系。</p>"
    "<ul id='l'></ul><script>fetch('/api/list?page='+pageNo).then(function(r){document.getElementById('l').innerHTML="
    "'<li><a href=\"/t1.html\">关于公布评审结果的公告</a><span>2020-10-09</span></li>'})</script></body></html>"
)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (Reply(body=b'{"rows":[{"title":"a notice","url":"/t1.html","publishTime":"2020-10-09"}]}', type="application/json"), 0),
        (Reply(body=b'{"code":401}', type="application/json"), 1),
    ],
)  # fmt: skip
def test_a_list_whose_data_says_nothing_is_left_to_the_browser(run: Run, answer: Reply, wanted: int) -> None:
    site = {
        "/": page("首页", "首页", links={"/tzgg/": "通知公告"}),
        "/tzgg/": Reply(body=LIST.encode()),
        "/api/list?page=1": answer,
    }
    with Town({"a.gov.cn": site}) as town:
        crawled = run(
            town.proxy,
            unit("A01", f"{A}/"),
            browser=True,
            real=True,
            environment={"PATH": "/nowhere", "PLAYWRIGHT_BROWSERS_PATH": "/nowhere"},
        )
        assert town.paths("a.gov.cn").count("/api/list?page=1") >= 1
    assert crawled.report().browser == ("missing" if wanted else "unneeded")
