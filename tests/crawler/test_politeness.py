"""A host is asked one thing at a time, seldom enough, and not at all where it asks not to be."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from dossier.model import Reach, RobotsPolicy
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, Visit, page


def _gaps(town: Town, host: str) -> list[float]:
    times = sorted(visit.at for visit in town.visits if visit.host == host)
    return [later - earlier for earlier, later in pairwise(times)]


def _many(count: int) -> dict[str, Reply]:
    links = {f"/p{n}.html": f"页面{n}" for n in range(count)}
    return {"/": page("首页", "首页", links=links)} | {
        f"/p{n}.html": page(f"页面{n}", f"第{n}篇的内容") for n in range(count)
    }


def test_a_host_is_never_asked_sooner_than_its_delay_while_others_go_on(run: Run) -> None:
    with Town({"a.gov.cn": _many(4), "b.gov.cn": _many(4)}) as town:
        run(town.proxy, unit("A01", "http://a.gov.cn/"), unit("A02", "http://b.gov.cn/"), delay_seconds=0.2)
        gaps = _gaps(town, "a.gov.cn") + _gaps(town, "b.gov.cn")
        spans = [
            max(v.at for v in town.visits if v.host == host)
            - min(v.at for v in town.visits if v.host == host)
            for host in ("a.gov.cn", "b.gov.cn")
        ]
        both = max(v.at for v in town.visits) - min(v.at for v in town.visits)
    assert len(gaps) >= 12
    assert min(gaps) >= 0.2
    assert both < 0.8 * sum(spans), "one site's politeness held up the other"


def test_two_units_on_one_host_share_its_patience(run: Run) -> None:
    with Town({"a.gov.cn": _many(3)}) as town:
        run(town.proxy, unit("A01", "http://a.gov.cn/"), unit("A02", "http://a.gov.cn/"), delay_seconds=0.15)
        assert min(_gaps(town, "a.gov.cn")) >= 0.15


def test_robots_are_obeyed_unless_the_authority_says_otherwise(run: Run) -> None:
    robots = Reply(body=b"User-agent: *\nDisallow: /secret/\nCrawl-delay: 0.1\n", type="text/plain")
    site = {
        "/robots.txt": robots,
        "/": page("首页", "首页", links={"/secret/a.html": "不让看", "/b.html": "让看"}),
        "/secret/a.html": page("不让看", "内容"),
        "/b.html": page("让看", "内容内容"),
    }
    with Town({"a.gov.cn": site, "b.gov.cn": site}) as town:
        crawled = run(
            town.proxy,
            unit("A01", "http://a.gov.cn/"),
            unit("A02", "http://b.gov.cn/", robots=RobotsPolicy.IGNORE),
        )
        assert min(_gaps(town, "a.gov.cn")[1:]) >= 0.1, "Crawl-delay was not kept"
        assert "/secret/a.html" not in town.paths("a.gov.cn")
        assert "/robots.txt" not in town.paths("b.gov.cn")
    refused = crawled.last("http://a.gov.cn/secret/a.html")
    assert (refused.reach, refused.reason) == (Reach.DISALLOWED, "robots")
    assert crawled.last("http://b.gov.cn/secret/a.html", "A02").reach is Reach.OK


def test_an_error_page_in_place_of_robots_forbids_nothing(run: Run) -> None:
    site = {"*": page("首页", "Disallow: /", links={"/b.html": "让看"})}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"))
    assert crawled.last("http://a.gov.cn/").reach is Reach.OK


def test_retry_after_is_waited_out_and_the_answer_then_counts(run: Run) -> None:
    asked: list[float] = []

    def busy(visit: Visit) -> Reply:
        asked.append(visit.at)
        if len(asked) == 1:
            return Reply(429, b"slow down", {"Retry-After": "1"})
        return page("公开", "内容")

    site = {"/": page("首页", "首页", links={"/busy.html": "公开"}), "/busy.html": busy}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"))
    assert asked[1] - asked[0] >= 1
    tries = crawled.tries("http://a.gov.cn/busy.html")
    assert [(t.reach, t.reason) for t in tries] == [(Reach.BROKEN, "status-429"), (Reach.OK, "")]


def test_the_crawler_says_who_it_is_and_a_second_try_looks_like_a_browser(run: Run) -> None:
    site = {"/": page("首页", "首页", links={"/gone.html": "旧文"})}
    with Town({"a.gov.cn": site}) as town:
        run(town.proxy, unit("A01", "http://a.gov.cn/"), contact="zwgk@example.gov.cn")
        agents = [v.headers["user-agent"] for v in town.visits if v.path == "/gone.html"]
    assert agents[0].startswith("gongkai/")
    assert "zwgk@example.gov.cn" in agents[0]
    assert agents[1].startswith("Mozilla/5.0")
    assert "gongkai/" in agents[1]


def test_an_address_known_from_before_is_asked_conditionally_and_kept_as_a_revisit(run: Run) -> None:
    def tagged(visit: Visit) -> Reply:
        if visit.headers.get("if-none-match") == '"v1"':
            return Reply(304, headers={"ETag": '"v1"'})
        reply = page("公开", "没有变的内容", links={"/c.html": "下一篇"})
        reply.headers["ETag"] = '"v1"'
        return reply

    site = {
        "/": page("首页", "首页", links={"/b.html": "公开", "/d.html": "不带标签"}),
        "/b.html": tagged,
        "/c.html": page("下一篇", "下一篇的内容"),
        "/d.html": page("不带标签", "也没有变"),
    }
    from dossier.archive import read_body, verify
    from dossier.model import KnownPage, UnitJob

    with Town({"a.gov.cn": site}) as town:
        first = run(town.proxy, unit("A01", "http://a.gov.cn/"), run_id="r1")
        known = first.out / "known.jsonl"
        pages = [
            KnownPage(url=c.asked_url, sha256=c.sha256, etag=c.etag, warc=f"r1/A01/{c.warc}", offset=c.offset)
            for c in first.captures()
            if c.reach is Reach.OK and c.warc
        ]
        known.write_bytes(b"\n".join(msgspec.json.encode(each) for each in pages) + b"\n{torn")
        job = UnitJob(unit=unit("A01", "http://a.gov.cn/"), known=str(known))
        second = run(town.proxy, job, run_id="r2")
    for path, status in (("b", 304), ("d", 200)):
        before, after = (
            first.last(f"http://a.gov.cn/{path}.html"),
            second.last(f"http://a.gov.cn/{path}.html"),
        )
        assert (after.status, after.reach) == (status, Reach.OK)
        assert after.revisit_of == f"r1/{before.warc}"
        assert after.sha256 == before.sha256
        runs = second.out.parent
        assert read_body(runs, "r2", "A01", after) == read_body(runs, "r1", "A01", before)
    assert second.last("http://a.gov.cn/c.html").reach is Reach.OK, "links of an unchanged page were lost"
    assert second.facts()["http://a.gov.cn/b.html"].html_title == "公开"
    assert verify(second.out / "A01") == []
