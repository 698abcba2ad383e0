"""Accounts are seen inside the crawl of their unit, kept like every page, and nothing in the way is held against it."""

from __future__ import annotations

import itertools
import json
from datetime import date

import msgspec

from dossier.archive import read_accounts, read_body, verify
from dossier.model import AccountFacts, Channel, Purpose, Reach, RobotsPolicy, SiteRow, Unit, UnitJob
from tests.crawler.conftest import Crawled, Run, unit
from tests.crawler.town import Answer, Reply, Town, Visit, page

A = "http://a.gov.cn"
UID = "5500001013"


def with_accounts(one: Unit, *rows: SiteRow) -> Unit:
    return msgspec.structs.replace(one, sites=(*one.sites, *rows))


def account(
    channel: Channel, url: str, account_id: str = "", robots: RobotsPolicy = RobotsPolicy.OBEY
) -> SiteRow:
    return SiteRow(
        unit_id="A01", channel=channel, name="清河发布", url=url, account_id=account_id, robots=robots
    )


def weibo(created: str = "Mon Nov 30 10:00:00 +0800 2020") -> dict[str, Answer]:
    user = {
        "screen_name": "清河发布",
        "verified": True,
        "verified_reason": "清河市人民政府",
        "statuses_count": 3,
    }
    cards = [{"card_type": 9, "mblog": {"id": "1", "created_at": created, "text": "会议", "user": user}}]
    path = f"/api/container/getIndex?type=uid&value={UID}&containerid="
    return {
        f"{path}100505{UID}": as_json({"ok": 1, "data": {"userInfo": user}}),
        f"{path}107603{UID}": as_json({"ok": 1, "data": {"cards": cards}}),
    }


def as_json(value: object) -> Reply:
    return Reply(body=json.dumps(value, ensure_ascii=False).encode(), type="application/json")


def seen(crawled: Crawled, unit_id: str = "A01") -> list[AccountFacts]:
    return list(read_accounts(crawled.out / unit_id))


WEIBO = account(Channel.WEIBO, f"http://m.weibo.cn/u/{UID}", UID)
HOME: dict[str, Answer] = {"/": page("首页", "首页")}


def test_an_account_is_seen_and_kept_with_the_crawl_of_its_unit(run: Run) -> None:
    with Town({"a.gov.cn": HOME, "m.weibo.cn": weibo()}) as town:
        crawled = run(town.proxy, with_accounts(unit("A01", f"{A}/"), WEIBO))
    (facts,) = seen(crawled)
    assert (facts.state, facts.newest_post, facts.shown_name) == ("open", date(2020, 11, 30), "清河发布")
    asked = [one for one in crawled.captures() if one.purpose is Purpose.ACCOUNT]
    assert len(asked) == 2
    assert facts.sha256 == asked[-1].sha256
    assert "会议".encode() in read_body(crawled.out.parent, "r1", "A01", asked[-1])
    assert facts.observed_at == asked[-1].at
    assert list(verify(crawled.out / "A01")) == []
    assert crawled.report().finish == "finished"


def test_a_unit_without_a_website_still_speaks_through_its_accounts(run: Run) -> None:
    with Town({"m.weibo.cn": weibo()}) as town:
        crawled = run(town.proxy, with_accounts(unit("A01"), WEIBO))
    assert crawled.code == 0, crawled.stderr
    assert crawled.report().finish == "no-address"
    assert [facts.state for facts in seen(crawled)] == ["open"]


def test_a_feed_is_gone_when_it_said_so_twice(run: Run) -> None:
    tries: list[str] = []

    def moody(visit: Visit) -> Reply:
        tries.append(visit.headers.get("user-agent", ""))
        return Reply(404) if len(tries) == 1 else Reply(503)

    sites: dict[str, dict[str, Answer]] = {
        "a.gov.cn": HOME,
        "f.example": {"/dead.xml": Reply(410, b"gone"), "/moody.xml": moody},
    }
    rows = [account(Channel.FEED, f"http://f.example/{name}.xml", name) for name in ("dead", "moody")]
    with Town(sites) as town:
        crawled = run(town.proxy, with_accounts(unit("A01", f"{A}/"), *rows))
    dead, other = seen(crawled)
    assert (dead.state, other.state) == ("gone", "unread")
    assert dead.quote.startswith("HTTP 410")
    assert len(crawled.tries("http://f.example/dead.xml")) == 2
    assert tries[0] != tries[1]


def test_what_platforms_keep_from_robots_is_not_asked_unless_the_authority_says_so(run: Run) -> None:
    closed = {"/robots.txt": Reply(body=b"User-agent: *\nDisallow: /", type="text/plain")} | weibo()
    waived = msgspec.structs.replace(WEIBO, robots=RobotsPolicy.IGNORE)
    with Town({"a.gov.cn": HOME, "m.weibo.cn": closed}) as town:
        obeyed = run(town.proxy, with_accounts(unit("A01", f"{A}/"), WEIBO))
        paths = town.paths("m.weibo.cn")
        ignored = run(town.proxy, with_accounts(unit("A01", f"{A}/"), waived), run_id="r2")
    assert paths == ["/robots.txt"]
    assert seen(obeyed)[0].state == "blocked"
    assert "robots" in seen(obeyed)[0].because
    assert any(one.reach is Reach.DISALLOWED for one in obeyed.captures() if one.purpose is Purpose.ACCOUNT)
    assert seen(ignored)[0].state == "open"


def test_silence_and_walls_never_make_an_account_gone(run: Run) -> None:
    sites: dict[str, dict[str, Answer]] = {
        "a.gov.cn": HOME,
        "m.weibo.cn": {"*": Reply(drop=True)},
        "f.example": {"*": Reply(wait=6.0)},
        "www.toutiao.com": {"*": Reply(body="<html><body>请登录后查看</body></html>".encode())},
    }
    rows = (
        WEIBO,
        account(Channel.FEED, "http://f.example/x.xml", "f"),
        account(Channel.FEED, "http://no.such.name/x.xml", "n"),
        account(Channel.TOUTIAO, "http://www.toutiao.com/c/user/1/", "t"),
        account(Channel.WECHAT, "", "gh_1"),
        account(Channel.APP, "", "app"),
        account(Channel.DOUYIN, "", "d"),
    )
    with Town(sites) as town:
        crawled = run(town.proxy, with_accounts(unit("A01", f"{A}/"), *rows))
    assert crawled.code == 0, crawled.stderr
    states = {facts.account_id: facts.state for facts in seen(crawled)}
    assert states == {
        UID: "unread", "f": "unread", "n": "unread", "t": "login", "gh_1": "unread", "app": "unread",
        "d": "no-address",
    }  # fmt: skip
    assert all(facts.because for facts in seen(crawled))


def test_with_our_line_dead_nothing_is_said_of_any_account(run: Run) -> None:
    town = Town({})
    with town:
        proxy = town.proxy
    crawled = run(proxy, with_accounts(unit("A01", f"{A}/"), WEIBO))
    assert crawled.code == 4
    assert seen(crawled) == []


def test_a_recheck_looks_at_the_named_account_only(run: Run) -> None:
    other = account(Channel.FEED, "http://f.example/x.xml", "f")
    one = with_accounts(unit("A01", f"{A}/"), WEIBO, other)
    with Town({"a.gov.cn": HOME, "m.weibo.cn": weibo(), "f.example": {}}) as town:
        crawled = run(town.proxy, UnitJob(unit=one, seeds=(WEIBO.url,)))
        assert town.paths("a.gov.cn") == town.paths("f.example") == []
    assert crawled.code == 0, crawled.stderr
    assert [facts.account_id for facts in seen(crawled)] == [UID]


def test_platforms_are_asked_at_the_pace_of_any_host(run: Run) -> None:
    units = [
        with_accounts(unit(f"A0{n}"), msgspec.structs.replace(WEIBO, unit_id=f"A0{n}")) for n in (1, 2, 3)
    ]
    with Town({"m.weibo.cn": weibo()}) as town:
        run(town.proxy, *units, delay_seconds=0.2)
        times = [visit.at for visit in town.visits if visit.host == "m.weibo.cn"]
    assert len(times) == 7  # robots.txt once, and two for each account
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.2
