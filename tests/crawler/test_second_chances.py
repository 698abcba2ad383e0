"""A page in trouble holds nobody up, a silent scheme has a neighbour, and one answer for everything accuses nobody."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from statistics import median

import pytest
from twisted.internet.error import DNSLookupError

from crawler.addresses import other_scheme
from crawler.guard import Guard, Outward, is_inner, is_inner_name
from crawler.patience import OutwardResolver
from dossier.model import Reach
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, page

A = "http://a.gov.cn"


def test_pages_that_answer_503_do_not_slow_the_others_and_are_asked_again_later(run: Run) -> None:
    links = {f"/p{n}.html": f"页面{n}" for n in range(40)}
    site: dict[str, Reply] = {"/": page("首页", "首页", links=links)}
    site |= {
        path: page(label, f"{label}的内容") if n % 2 else Reply(503, b"busy")
        for n, (path, label) in enumerate(links.items())
    }
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
        asked = [visit for visit in town.visits if visit.path in links]
    waits = [(later.path, later.at - sooner.at) for sooner, later in pairwise(asked)]
    healthy = [wait for path, wait in waits if int(path[2:-5]) % 2]
    assert median(healthy) < 0.25, "a page was held up by the 503 before it"
    assert median(wait for _, wait in waits[-19:]) < 0.75, "the pause of a row of 503s grew"
    assert all(crawled.last(f"{A}/p{n}.html").reach is Reach.OK for n in range(1, 40, 2))
    busy = crawled.tries(f"{A}/p0.html")
    assert [one.attempt for one in busy] == [1, 2]
    assert {one.reach for one in busy} == {Reach.BROKEN}


def test_an_outside_address_that_is_silent_is_not_waited_for_twice_but_one_that_is_gone_is_asked_twice(
    run: Run,
) -> None:
    links = {"http://slow.cn/x": "慢的外站", "http://far.cn/gone": "外站旧页", "/own.html": "本站慢页"}
    site: dict[str, Reply] = {"/": page("首页", "首页", links=links), "/own.html": Reply(wait=3)}
    with Town(
        {"a.gov.cn": site, "slow.cn": {"/x": Reply(wait=3)}, "far.cn": {"/": page("外", "外")}}
    ) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), timeout_seconds=1.0)
    assert [one.reach for one in crawled.tries("http://slow.cn/x")] == [Reach.SILENT]
    assert [one.attempt for one in crawled.tries("http://far.cn/gone")] == [1, 2]
    assert [one.attempt for one in crawled.tries(f"{A}/own.html")] == [1, 2]
    assert crawled.report().finish == "finished"


def test_one_answer_for_every_address_is_never_called_gone_twice(run: Run) -> None:
    links = {f"/zw/{n}.html": f"页面{n}" for n in range(40)}
    busy = page("某某市", "网站正在升级维护，请稍后访问")
    site = {"/": page("首页", "首页的内容", links=links), "*": busy}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
    twice = [
        path
        for path in links
        if [one.reach for one in crawled.tries(A + path)][-2:] == [Reach.GONE, Reach.GONE]
    ]
    assert twice == []


def test_the_other_scheme_of_an_address_is_known_unless_a_port_ties_it() -> None:
    assert other_scheme("http://a.gov.cn/x?y=1") == "https://a.gov.cn/x?y=1"
    assert other_scheme("https://a.gov.cn") == "http://a.gov.cn/"
    assert other_scheme("http://a.gov.cn:8080/") == ""
    assert other_scheme("ftp://a.gov.cn/") == ""


def test_a_site_listed_under_https_that_only_answers_http_is_inspected_all_the_same(run: Run) -> None:
    site = {"/": page("首页", "首页", links={"/a.html": "文章"}), "/a.html": page("文章", "内容")}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", "https://a.gov.cn/"))
    home = crawled.last("https://a.gov.cn/")
    assert (home.reach, home.final_url) == (Reach.OK, "http://a.gov.cn/")
    assert crawled.last(f"{A}/a.html").reach is Reach.OK
    assert "没有应答，按 http://a.gov.cn/ 检查" in crawled.report().because


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "10.1.2.3", "172.16.0.1", "192.168.0.9", "169.254.169.254",
     "100.64.3.2", "0.0.0.0", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "224.0.0.5",
     "2002:7f00:1::"],
)  # fmt: skip
def test_inner_addresses_are_known_in_every_spelling(host: str) -> None:
    assert is_inner(host)
    assert is_inner_name(host)


@pytest.mark.parametrize(
    "host", ["www.shanxi.gov.cn", "8.8.8.8", "2001:4860:4860::8888", "123.gov.cn", "64:ff9b::808:808"]
)
def test_outer_addresses_are_let_out(host: str) -> None:
    assert not is_inner_name(host)


@pytest.mark.parametrize("host", ["localhost", "db.localhost", "printer.local", "wiki.internal", ""])
def test_names_of_the_house_are_known(host: str) -> None:
    assert is_inner_name(host)


def test_a_name_that_changes_its_mind_is_refused_by_the_resolver_unless_it_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Outward, "trusted", frozenset({"listed.gov.cn"}))
    monkeypatch.setattr(Outward, "refused", set())
    resolver = object.__new__(OutwardResolver)
    assert resolver._only_outward("93.184.216.34", "a.example") == "93.184.216.34"
    assert resolver._only_outward("10.0.0.8", "Listed.gov.cn.") == "10.0.0.8"
    with pytest.raises(DNSLookupError):
        resolver._only_outward("10.0.0.8", "evil.example")
    assert Outward.refused == {"evil.example"}


def test_a_name_that_resolves_inside_is_refused_and_one_that_does_not_resolve_is_left_to_the_wire(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def look(_: object, host: str, *__: object, **___: object) -> list[tuple[object, ...]]:
        if host == "nowhere.example":
            raise OSError("no such name")
        return [(2, 1, 6, "", ("10.0.0.1" if host == "evil.example" else "93.184.216.34", 0))]

    async def ask() -> list[bool]:
        monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", look)
        guard = Guard(resolves=True)
        own = {"evil.example"}
        return [
            await guard.lets_out("http://evil.example/", set()),
            await guard.lets_out("http://evil.example/", own),
            await guard.lets_out("http://plain.example/", set()),
            await guard.lets_out("http://nowhere.example/", set()),
        ]

    assert asyncio.run(ask()) == [False, True, True, True]
