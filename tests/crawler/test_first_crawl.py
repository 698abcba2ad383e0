"""A small site is walked from its home page, and everything that came is kept."""

from __future__ import annotations

from dossier.archive import read_body, verify
from dossier.model import Purpose, Reach
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, page


def test_a_small_site_is_walked_and_kept(run: Run) -> None:
    site = {
        "/": page(
            "首页",
            "某某市人民政府",
            links={"/a.html": "政务公开", "/b.pdf": "附件", "http://other.example/": "友情链接"},
        ),
        "/a.html": page("政务公开", "这里公开政府信息", links={"/gone.html": "旧文", "/": "首页"}),
        "/b.pdf": Reply(body=b"%PDF-1.4 text", type="application/pdf"),
    }
    with Town({"www.a.gov.cn": site, "other.example": {"/": page("别处", "别处")}}) as town:
        crawled = run(town.proxy, unit("A01", "http://www.a.gov.cn/"))
    assert crawled.code == 0, crawled.stderr
    assert crawled.last("http://www.a.gov.cn/a.html").reach is Reach.OK
    assert crawled.last("http://www.a.gov.cn/b.pdf").purpose is Purpose.ATTACHMENT
    assert crawled.last("http://other.example/").purpose is Purpose.EXTERNAL
    gone = crawled.tries("http://www.a.gov.cn/gone.html")
    assert [(each.reach, each.reason, each.attempt) for each in gone] == [
        (Reach.GONE, "status-404", 1),
        (Reach.GONE, "status-404", 2),
    ]
    report = crawled.report()
    assert (report.finish, report.because) == ("finished", "")
    assert report.not_found == {"www.a.gov.cn": "status"}
    assert "http://www.a.gov.cn/a.html" in crawled.facts()
    capture = crawled.last("http://www.a.gov.cn/a.html")
    body = read_body(crawled.out.parent, "r1", "A01", capture)
    assert "这里公开政府信息" in body.decode()
    assert verify(crawled.out / "A01") == []
    assert crawled.progress[0].event == "start"
    assert crawled.progress[-1].event == "end"
    assert crawled.progress[-1].units_done == 1
