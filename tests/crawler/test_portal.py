"""Whoever answers in all sites' place is not taken for any of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest

from crawler.fetch import Answer
from crawler.portal import Heard, Portal, key_of
from crawler.reach import Failure
from dossier.archive import BY_PORTAL, Exchange, read_facts
from dossier.assembly.pages import gather
from dossier.model import Reach
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, Visit, page

LOGIN_WITH_HELP = "<html><body><h1>上网认证</h1><p>{url} 请登录 {nonce}</p><a href='/portal/help.html'>帮助</a></body></html>"
LOGIN = "<html><body><h1>上网认证</h1><p>{url} 请登录 {nonce}</p></body></html>"


def said(url: str, text: str, status: int = 200, **headers: str) -> Exchange:
    pairs = {"content-type": "text/html", **headers}
    return Exchange(
        url=url,
        at=datetime.now(UTC),
        status=status,
        response_headers=tuple(pairs.items()),
        body=text.encode(),
    )


def own(host: str) -> dict[str, Reply]:
    office = "甲乙丙"["abc".index(host[0])]
    links = {f"/p{n}.html": f"{office}局{n}" for n in range(12)}
    return {"/": page(host, f"{office}局的首页", links=links)} | {
        path: page(f"{host} {name}", f"{host} 第 {name} 篇，与别处都不同") for path, name in links.items()
    }


def with_ways_back(host: str) -> dict[str, Reply]:
    made = own(host)
    return {
        path: reply if path == "/" else page(path, f"{host} {path} 的内容", links={"/p0.html": "栏目"})
        for path, reply in made.items()
    }


def test_a_portals_answers_share_a_key_whatever_address_and_nonce_stand_in_them() -> None:
    one = key_of(said("http://a.gov.cn/x", LOGIN.format(url="http://a.gov.cn/x", nonce="4f2a91")))
    two = key_of(said("http://b.gov.cn/y?1", LOGIN.format(url="http://b.gov.cn/y?1", nonce="00ffee")))
    assert one == two != ""
    assert key_of(said("http://a.gov.cn/", "<p>别的内容</p>")) != one
    assert key_of(said("http://a.gov.cn/", "x", status=404)) == ""
    assert key_of(said("http://a.gov.cn/", "", status=302, location="http://login.lan/")) == "to login.lan"
    assert key_of(said("http://a.gov.cn/", "", status=302, location="https://www.a.gov.cn/")) == ""
    assert key_of(said("http://a.gov.cn/", "x" * 70_000)) == ""


def test_the_same_page_on_three_sites_is_theirs_while_their_home_pages_are_their_own() -> None:
    waits: list[int] = []

    async def ask(url: str) -> Exchange | Failure:
        return said(url, "共用的栏目页" if "shared" in url else f"<p>{url} 的首页</p>")

    async def wait() -> None:
        waits.append(1)

    async def run() -> list[bool]:
        portal = Portal(ask, ask, wait, units=3)
        for name in "abc":
            home = f"http://{name}.gov.cn/"
            await portal.speaks(
                Heard(home, lambda: None),
                name,
                Answer(home, (said(home, f"<p>{name} 自己的首页</p>"),)),
                home=True,
            )
        spoke = []
        for name in "abc":
            url = f"http://{name}.gov.cn/shared"
            spoke.append(
                await portal.speaks(Heard(url, lambda: None), name, Answer(url, (said(url, "共用的栏目页"),)))
            )
        return spoke

    assert asyncio.run(run()) == [False, False, False]
    assert not waits


def test_a_page_that_three_sites_gave_alike_and_give_no_more_is_asked_again() -> None:
    again: list[str] = []

    async def ask(url: str) -> Exchange | Failure:
        return said(url, f"<p>{url} 自己的内容</p>")

    async def wait() -> None:
        return None

    async def run() -> Portal:
        portal = Portal(ask, ask, wait, units=3)
        for name in "abc":
            url = f"http://{name}.gov.cn/p"
            one = Heard(url, lambda url=url: again.append(url))  # type: ignore[misc]
            await portal.speaks(one, name, Answer(url, (said(url, LOGIN.format(url=url, nonce=1)),)))
        return portal

    portal = asyncio.run(run())
    assert len(again) == 3
    assert all(portal.is_tainted(name) for name in "abc")
    portal.settled("a", "http://a.gov.cn/p")
    assert not portal.is_tainted("a")


@pytest.mark.parametrize("well_again", [True, False])
def test_what_a_portal_said_stands_for_nothing_where_its_site_is_unwell_when_it_is_asked_anew(
    run: Run, *, well_again: bool
) -> None:
    asked: Counter[str] = Counter()

    def hidden(visit: Visit) -> Reply:
        asked[visit.url] += 1
        if asked[visit.url] == 1:
            return Reply(body=LOGIN_WITH_HELP.format(url=visit.url, nonce=visit.at).encode())
        if asked[visit.url] <= 3 or not well_again:
            return Reply(503, b"busy", type="text/plain")
        return page(visit.url, f"{visit.url} 自己的一篇")

    names = ("a", "b", "c")
    with Town({f"{name}.gov.cn": own(f"{name}.gov.cn") | {"/p3.html": hidden} for name in names}) as town:
        crawled = run(
            town.proxy, *(unit(f"A0{n}", f"http://{name}.gov.cn/") for n, name in enumerate(names, 1))
        )
    assert crawled.code == 0
    for n, name in enumerate(names, 1):
        tries = crawled.tries(f"http://{name}.gov.cn/p3.html", f"A0{n}")
        if crawled.report(f"A0{n}").finish == "network-down":  # it was closed before anybody knew
            continue
        assert tries[0].reach is Reach.SILENT
        assert tries[0].reason == BY_PORTAL
        assert not any(one.sha256 for one in tries if one.reason == BY_PORTAL)
        assert (tries[-1].reach is Reach.OK) is well_again
        read = {record.sha256: record.facts for record in read_facts(crawled.out / f"A0{n}")}
        gathered = gather(crawled.captures(f"A0{n}"), lambda one, read=read: read.get(one.sha256))  # type: ignore[misc]
        seen = gathered.pages[f"http://{name}.gov.cn/p3.html"].facts
        assert (seen is not None) is well_again
        assert seen is None or "自己的一篇" in seen.text
    assert sum(crawled.report(f"A0{n}").finish == "finished" for n in (1, 2, 3)) >= 1


def test_one_page_that_has_nothing_of_its_site_is_asked_twice(run: Run) -> None:
    asked: Counter[str] = Counter()

    def hidden(visit: Visit) -> Reply:
        asked[visit.url] += 1
        if asked[visit.url] == 1:
            return Reply(body=LOGIN_WITH_HELP.format(url=visit.url, nonce=visit.at).encode())
        return page(visit.url, f"{visit.url} 自己的一篇")

    with Town({"a.gov.cn": with_ways_back("a.gov.cn") | {"/p3.html": hidden}}) as town:
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"))
    read = {record.sha256: record.facts for record in read_facts(crawled.out / "A01")}
    assert "自己的一篇" in read[crawled.last("http://a.gov.cn/p3.html").sha256].text
    assert asked["http://a.gov.cn/p3.html"] == 2


def test_a_page_with_a_way_back_or_much_to_say_is_asked_once_and_so_are_all_where_none_has_a_way_back(
    run: Run,
) -> None:
    long = page("乙", "很长的一篇" * 300)
    with Town(
        {"a.gov.cn": with_ways_back("a.gov.cn") | {"/p4.html": long}, "b.gov.cn": own("b.gov.cn")}
    ) as town:
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"), unit("A02", "http://b.gov.cn/"))
    for unit_id, name in (("A01", "a"), ("A02", "b")):
        for n in range(12):
            assert len(crawled.tries(f"http://{name}.gov.cn/p{n}.html", unit_id)) == 1


def test_one_page_in_eight_places_of_one_site_is_a_portals_where_it_is_gone_a_moment_later() -> None:
    again: list[str] = []

    async def ask(url: str) -> Exchange | Failure:
        return said(url, f"<p>{url} 自己的内容</p>")

    async def wait() -> None:
        return None

    async def run() -> list[bool]:
        portal = Portal(ask, ask, wait, units=54)
        spoke = []
        for n in range(8):
            url = f"http://a.gov.cn/p{n}"
            one = Heard(url, lambda url=url: again.append(url))  # type: ignore[misc]
            spoke.append(
                await portal.speaks(one, "a", Answer(url, (said(url, LOGIN.format(url=url, nonce=1)),)))
            )
        return spoke

    assert asyncio.run(run()) == [False] * 7 + [True]
    assert len(again) == 8


def test_a_silent_name_beside_a_portal_does_not_make_it_a_site(run: Run) -> None:
    def login(visit: Visit) -> Reply:
        return Reply(body=LOGIN.format(url=visit.url, nonce=visit.at).encode())

    with Town({}) as town:
        town.sites = _Everybody(login)  # type: ignore[assignment]
        crawled = run(
            town.proxy, *(unit(f"A0{n}", f"http://{name}.gov.cn/") for n, name in enumerate("abc", 1))
        )
    assert crawled.code == 4
    assert {crawled.report(f"A0{n}").finish for n in (1, 2, 3)} == {"network-down"}


def test_one_page_on_three_sites_is_nobodys_though_the_proxy_knows_which_names_exist(run: Run) -> None:
    repair = Reply(body="<html><body><h2>系统维护公告</h2><p>暂停访问，敬请谅解。</p></body></html>".encode())
    names = ("a", "b", "c")
    with Town({f"{name}.gov.cn": {"/": repair} for name in names}) as town:
        crawled = run(
            town.proxy, *(unit(f"A0{n}", f"http://{name}.gov.cn/") for n, name in enumerate(names, 1))
        )
    assert crawled.code == 4
    assert {crawled.report(f"A0{n}").finish for n in (1, 2, 3)} == {"network-down"}


def test_one_page_on_two_sites_beside_a_third_is_their_own(run: Run) -> None:
    shared = page("ab", "两个机关合用的网站首页", links={"/p.html": "一篇"})
    sites = {"a.gov.cn": {"/": shared}, "b.gov.cn": {"/": shared}, "c.gov.cn": own("c.gov.cn")}
    with Town(sites) as town:
        crawled = run(
            town.proxy, *(unit(f"A0{n}", f"http://{name}.gov.cn/") for n, name in enumerate("abc", 1))
        )
    assert crawled.code == 0


def test_three_living_sites_beside_each_other_are_three_sites(run: Run) -> None:
    with Town({f"{name}.gov.cn": own(f"{name}.gov.cn") for name in "abc"}) as town:
        crawled = run(
            town.proxy, *(unit(f"A0{n}", f"http://{name}.gov.cn/") for n, name in enumerate("abc", 1))
        )
    assert crawled.code == 0
    assert {crawled.report(f"A0{n}").finish for n in (1, 2, 3)} == {"finished"}
    assert all(abs(seconds) < 600 for seconds in crawled.report().clocks.values())
    assert crawled.report().clocks


def test_a_single_dead_name_behind_a_living_proxy_is_the_names_own(run: Run) -> None:
    with Town({}) as town:
        crawled = run(town.proxy, unit("A01", "http://none.gov.cn/"))
    assert crawled.code == 0
    assert crawled.report().finish == "home-unseen"
    assert crawled.last("http://none.gov.cn/").reach is Reach.SILENT


class _Everybody(dict[str, object]):
    """Every host there could be, with one answer."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer

    def get(self, host: str, default: object = None) -> object:
        return {"*": self.answer}
