"""How an address ended: what is gone is gone twice, and what is merely unwilling, slow or odd is never called gone."""

from __future__ import annotations

from dossier.model import Capture, Purpose, Reach
from tests.crawler.conftest import Crawled, Run, unit
from tests.crawler.town import Reply, Town, Visit, page

A = "http://a.gov.cn"
FRAME = "<div>网站首页 政务公开 互动交流 办事服务</div>"


def _crawl(run: Run, paths: dict[str, object], labels: dict[str, str], **settings: object) -> Crawled:
    site = {"/": page("某市政府", "首页内容在这里", links=labels)} | paths
    with Town({"a.gov.cn": site}) as town:
        return run(town.proxy, unit("A01", f"{A}/"), **settings)


def _end(capture: Capture) -> tuple[Reach, str]:
    return capture.reach, capture.reason


def test_unwilling_broken_and_silent_answers_are_told_apart(run: Run) -> None:
    challenge = "<html><script>document.cookie='__jsl_clearance=1';location.reload()</script></html>"
    paths = {
        "/403.html": Reply(403, b"forbidden"),
        "/412.html": Reply(412, b"<html></html>"),
        "/521.html": Reply(521, challenge.encode()),
        "/captcha.html": Reply(200, challenge.encode()),
        "/500.html": Reply(500, b"oops"),
        "/slow.html": Reply(wait=2.5),
        "/drop.html": Reply(drop=True),
        "/410.html": Reply(410, b"gone"),
    }
    crawled = _crawl(run, paths, {path: path[1:-5] for path in paths}, timeout_seconds=1.0)
    ends = {path: _end(crawled.last(A + path)) for path in paths}
    assert ends["/403.html"] == (Reach.REFUSED, "status-403")
    assert ends["/412.html"] == (Reach.BLOCKED, "challenge:status-412")
    assert ends["/521.html"][0] is Reach.BLOCKED
    assert ends["/captcha.html"] == (Reach.BLOCKED, "challenge:jsl")
    assert ends["/500.html"] == (Reach.BROKEN, "status-500")
    assert ends["/slow.html"] == (Reach.SILENT, "timeout")
    assert ends["/drop.html"] == (Reach.SILENT, "reset")
    assert ends["/410.html"] == (Reach.GONE, "status-410")
    tried_twice = {c.asked_url for c in crawled.captures() if c.attempt == 2}
    assert {A + p for p in ("/500.html", "/slow.html", "/drop.html", "/410.html")} == tried_twice


def test_a_protection_that_says_more_than_a_few_words_is_one(run: Run) -> None:
    said = "本站由创宇盾守护，" + "正在核对这次来访是否安全，" * 18
    crawled = _crawl(run, {"/shield.html": page("提示", said)}, {"/shield.html": "防护"}, real=True)
    assert _end(crawled.last(f"{A}/shield.html")) == (Reach.BLOCKED, "challenge:knownsec")
    assert not [url for url in crawled.facts() if "shield" in url]


def test_a_one_off_fault_heals_by_the_second_try_and_its_links_are_followed(run: Run) -> None:
    asked: list[str] = []

    def moody(visit: Visit) -> Reply:
        asked.append(visit.path)
        if asked.count(visit.path) == 1:
            return Reply(500 if "a" in visit.path else 404, b"<html>oops</html>")
        return page("好了", f"这一次好了 {visit.path}", links={"/behind.html": "后面"})

    paths = {"/moody-a.html": moody, "/moody-b.html": moody, "/behind.html": page("后面", "后面的内容")}
    crawled = _crawl(run, paths, {"/moody-a.html": "甲", "/moody-b.html": "乙"})
    for path in ("/moody-a.html", "/moody-b.html", "/behind.html"):
        assert crawled.last(A + path).reach is Reach.OK


def test_soft_not_found_is_learnt_from_the_site_itself_without_its_words(run: Run) -> None:
    def soft(visit: Visit) -> Reply:
        return page("某市政府", f"您要的东西飞到火星去了 {visit.path}", more=FRAME)

    paths = {
        "*": soft,
        "/robots.txt": Reply(404),
        "/alive.html": page("某市政府", "一篇真正的文章", more=FRAME),
        "/empty.html": page("某市政府", "本栏目暂无内容", more=FRAME),
        "/about404.html": page("什么是404", "本文介绍 404 页面不存在 的含义与处理办法。" * 20, more=FRAME),
    }
    labels = {
        "/alive.html": "文章",
        "/empty.html": "空栏目",
        "/about404.html": "科普",
        "/zw/dead.html": "已删",
    }
    crawled = _crawl(run, paths, labels)
    assert [_end(c) for c in crawled.tries(f"{A}/zw/dead.html")] == [(Reach.GONE, "soft-404:calibrated")] * 2
    for path in ("/alive.html", "/empty.html", "/about404.html"):
        assert crawled.last(A + path).reach is Reach.OK, path
    assert crawled.report().not_found["a.gov.cn"].startswith("soft:")


def test_a_page_that_says_so_itself_is_gone_and_one_that_is_only_broken_is_not(run: Run) -> None:
    paths = {
        "/zw/del.html": page("提示信息", "抱歉，您访问的页面不存在或已被删除"),
        "/zw/sys.html": page("系统繁忙", "服务器内部错误，请稍后再试"),
    }
    crawled = _crawl(run, paths, {"/zw/del.html": "甲", "/zw/sys.html": "乙"})
    assert _end(crawled.last(f"{A}/zw/del.html")) == (Reach.GONE, "soft-404:says-so")
    assert _end(crawled.last(f"{A}/zw/sys.html")) == (Reach.BROKEN, "error-page")


def test_being_sent_home_from_a_deep_address_is_gone_but_the_front_door_is_not(run: Run) -> None:
    home = Reply(302, headers={"Location": "/"})
    paths = {
        "/zw/2019/t1.html": home,
        "/index.html": home,
        "/zwgk": Reply(301, headers={"Location": "/zwgk/"}),
    }
    paths["/zwgk/"] = page("政务公开", "政务公开的内容")
    crawled = _crawl(run, paths, {"/zw/2019/t1.html": "旧文", "/index.html": "首页", "/zwgk": "政务公开"})
    assert _end(crawled.last(f"{A}/zw/2019/t1.html")) == (Reach.GONE, "soft-404:home")
    assert crawled.last(f"{A}/index.html").reach is Reach.OK
    assert crawled.last(f"{A}/zwgk").reach is Reach.OK


def test_a_site_that_sends_everybody_home_turns_us_away(run: Run) -> None:
    links = {f"/zw/{n}.html": f"文章{n}" for n in range(30)}
    site = {"/": page("某市政府", "首页内容在这里", links=links), "*": Reply(302, headers={"Location": "/"})}
    with Town({"a.gov.cn": site | {"/robots.txt": Reply(404)}}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
    ends = {_end(crawled.last(A + path)) for path in links}
    assert ends == {(Reach.BROKEN, "sent-home")}


def test_a_site_that_shows_its_home_for_everything_loses_only_exact_copies(run: Run) -> None:
    home = page("某市政府", "首页内容在这里", links={"/alive.html": "文章", "/zw/dead.html": "旧文"})
    site = {"*": home, "/": home, "/robots.txt": Reply(404), "/alive.html": page("文章", "一篇真正的文章")}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
    assert crawled.report().not_found == {"a.gov.cn": "home"}
    assert _end(crawled.last(f"{A}/zw/dead.html")) == (Reach.GONE, "soft-404:home")
    assert crawled.last(f"{A}/alive.html").reach is Reach.OK


def test_one_shell_for_every_address_proves_nothing(run: Run) -> None:
    shell = Reply(
        body=b"<html><head><title>app</title></head><body><script src=/app.js></script></body></html>"
    )
    site = {
        "*": shell,
        "/": page("某市政府", "首页内容在这里", links={"/zw/a.html": "甲", "/zw/b.html": "乙"}),
    }
    with Town({"a.gov.cn": site | {"/robots.txt": Reply(404)}}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
    assert crawled.last(f"{A}/zw/a.html").reach is Reach.OK
    assert crawled.last(f"{A}/zw/b.html").reach is Reach.OK
    assert crawled.report().browser == "off"


def test_files_that_are_empty_or_error_pages_are_gone(run: Run) -> None:
    paths = {
        "/f/empty.pdf": Reply(type="application/pdf"),
        "/f/html.doc": page("提示", "您访问的文件不存在"),
        "/f/good.pdf": Reply(body=b"%PDF-1.4", type="text/html"),
        "/f/viewer.docx": page("在线预览", "这是文件的在线预览页，正文如下" * 10),
        "/i/none.png": page("404", "文件不存在"),
    }
    labels = {path: path[3:] for path in paths if path.startswith("/f")}
    site = {"/": page("首页", "首页", links=labels, more='<img src="/i/none.png">')} | paths
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
    assert _end(crawled.last(f"{A}/f/empty.pdf")) == (Reach.GONE, "empty")
    assert _end(crawled.last(f"{A}/f/html.doc")) == (Reach.GONE, "wrong-type")
    assert _end(crawled.last(f"{A}/i/none.png")) == (Reach.GONE, "wrong-type")
    assert crawled.last(f"{A}/f/good.pdf").reach is Reach.OK
    assert crawled.last(f"{A}/f/viewer.docx").reach is Reach.OK


def test_a_name_that_the_proxy_cannot_find_is_told_from_a_bad_gateway(run: Run) -> None:
    site = {
        "/": page(
            "首页",
            "首页",
            links={
                "http://no.example/x.html": "没有的域名",
                "http://sick.example/": "坏网关",
                "http://p.example/n": "没了",
                "http://8.8.8.8/x.html": "没有名字的地址",
            },
        )
    }
    sick = {"*": Reply(502, b"<html>nginx bad gateway</html>")}
    with Town({"a.gov.cn": site, "sick.example": sick, "p.example": {}}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
    nameless = crawled.last("http://no.example/x.html")
    assert (_end(nameless), nameless.purpose, nameless.attempt) == (
        (Reach.SILENT, "dns"),
        Purpose.EXTERNAL,
        2,
    )
    assert _end(crawled.last("http://sick.example/")) == (Reach.BROKEN, "status-502")
    assert _end(crawled.last("http://8.8.8.8/x.html")) == (Reach.BROKEN, "status-502"), (
        "an address has no name"
    )
    assert _end(crawled.last("http://p.example/n")) == (Reach.GONE, "status-404")


def test_redirects_that_leave_or_circle_are_named(run: Run) -> None:
    paths = {
        "/out.html": Reply(302, headers={"Location": "http://elsewhere.example/"}),
        "/circle.html": Reply(302, headers={"Location": "/circle.html"}),
        "/next.html": Reply(301, headers={"Location": "/there.html"}),
        "/there.html": page("到了", "到了这里"),
    }
    crawled = _crawl(run, paths, {path: path for path in ("/out.html", "/circle.html", "/next.html")})
    out = crawled.last(f"{A}/out.html")
    assert (out.reach, out.final_url) == (Reach.OFF_SITE, "http://elsewhere.example/")
    assert _end(crawled.last(f"{A}/circle.html")) == (Reach.BROKEN, "redirect-loop")
    moved = crawled.last(f"{A}/next.html")
    assert (moved.reach, moved.final_url, moved.redirects) == (
        Reach.OK,
        f"{A}/there.html",
        (f"{A}/next.html",),
    )


def test_chinese_addresses_are_asked_as_a_browser_would_and_then_in_gbk(run: Run) -> None:
    gbk = "%D5%FE%B2%DF.html"
    paths = {
        "/%E6%94%BF%E5%BA%9C.html": page("政府", "按 UTF-8 找到"),
        f"/{gbk}": page("政策", "按 GBK 找到"),
    }
    crawled = _crawl(run, paths, {"/政府.html": "甲", "/政策.html": "乙"})
    assert crawled.last(f"{A}/政府.html").reach is Reach.OK
    assert crawled.last(f"{A}/政策.html").reach is Reach.OK
    assert crawled.last(f"{A}/政策.html").final_url.endswith(gbk)


def test_a_body_beyond_the_bound_is_cut_and_never_called_gone(run: Run) -> None:
    paths = {"/big.html": Reply(body=b"<html>" + b"x" * 3_000_000)}
    crawled = _crawl(run, paths, {"/big.html": "大"}, max_body_bytes=200_000)
    capture = crawled.last(f"{A}/big.html")
    assert _end(capture) == (Reach.BROKEN, "too-large")
    assert capture.length <= 200_000
