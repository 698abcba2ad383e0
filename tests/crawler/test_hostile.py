"""Hostile sites through the real crawler and the real reading: each is bounded, and the other unit finishes."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dossier.archive import verify
from dossier.model import Capture, Purpose, Reach
from tests.crawler.conftest import Crawled, Run, unit
from tests.crawler.hostile import Send, Wicked, Wild, answer, drip, forever, gzip_bomb, html, squeezed
from tests.crawler.town import Reply, Town, Visit

BAD, GOOD = "http://bad.gov.cn", "http://good.gov.cn"
LIMIT = 2_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
LINKED_INSIDE = (
    "http://127.0.0.1/admin", "http://localhost:8080/", "http://10.0.0.5/x", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0x7f000001/", "http://127.1/",
    "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://100.64.0.1/", "http://printer.local/",
    "http://0.0.0.0/", "http://224.0.0.1/",
)  # fmt: skip
NO_WEB = (
    "file:///etc/passwd",
    "ftp://bad.gov.cn/x",
    "gopher://bad.gov.cn/",
    "data:text/html,x",
    "javascript:alert(1)",
)


def _page(body: bytes, *headers: str, **more: str) -> Wicked:
    return lambda _path, send, _wild: send(answer(body, *headers, **more))


def _raw(*parts: bytes) -> Wicked:
    def act(_path: str, send: Send, _wild: Wild) -> None:
        for part in parts:
            send(part)

    return act


def _drip(head: bytes, part: bytes, pause: float = 0.0) -> Wicked:
    def act(_path: str, send: Send, wild: Wild) -> None:
        send(head)
        drip(forever(part), send, wild, pause)

    return act


def _moved(where: str) -> Wicked:
    return _page(b"", f"Location: {where}", status="302 Found")


def _calendar(path: str, send: Send, _wild: Wild) -> None:
    month = int(path.rpartition("=")[2] or 0) if "=" in path else 0
    send(answer(html(f"<h1>日历</h1><p>第{month}月</p><a href='/calendar?m={month + 1}'>下月</a>", "日历")))


def _deeper(path: str, send: Send, _wild: Wild) -> None:
    send(answer(html(f"<p>{len(path)}</p><a href='{path}/x{len(path)}'>再进一层</a>")))


def _ping_pong(path: str, send: Send, _wild: Wild) -> None:
    where = "/ping-pong/b" if not path.endswith("/b") else "/ping-pong/a"
    send(answer(b"", f"Location: {where}", "Set-Cookie: n=1", status="302 Found"))


def _endless_redirects(path: str, send: Send, _wild: Wild) -> None:
    step = int(path.rpartition("=")[2] or 0) if "=" in path else 0
    send(answer(b"", f"Location: /endless-redirects?n={step + 1}", status="302 Found"))


_XML = (
    b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>"
    + b"".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>".encode() for n in range(9))
    + b"]><l>&j;</l>"
)

CASES: dict[str, Wicked] = {
    "endless-body": _drip(HEAD + b"\r\n", b"<p>" + b"x" * 60_000 + b"</p>"),
    "endless-chunks": _drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"ea60\r\n" + b"x" * 60_000 + b"\r\n"),
    "slow-drip": _drip(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", 0.5),
    "slow-headers": _drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.5),
    "header-flood": _drip(b"HTTP/1.1 200 OK\r\n", b"X-Flood: " + b"y" * 8000 + b"\r\n"),
    "endless-header-line": _drip(b"HTTP/1.1 200 OK\r\nX-Long: ", b"y" * 60_000),
    "many-small-headers": _raw(HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(20_000)) + b"Content-Length: 2\r\n\r\nok"),
    "gzip-bomb": _page(gzip_bomb(300), "Content-Encoding: gzip"),
    "gzip-in-gzip": _page(squeezed(gzip_bomb(100)), "Content-Encoding: gzip, gzip"),
    "gzip-that-lies": _page(html("<p>不是压缩的</p>"), "Content-Encoding: gzip"),
    "broken-chunks": _raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnonsense\r\n"),
    "huge-chunk-size": _raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"),
    "length-too-long": _raw(HEAD + b"Content-Length: 999999999\r\n\r\n<html>short</html>"),
    "length-too-short": _raw(HEAD + b"Content-Length: 5\r\n\r\n<html><p>much more than five</p></html>"),
    "length-negative": _raw(HEAD + b"Content-Length: -5\r\n\r\n<html></html>"),
    "two-lengths": _raw(HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n<html></html>"),
    "no-http": _raw(b"\x00\x01\x02 this is not HTTP at all\r\n\r\n"),
    "status-nonsense": _raw(b"HTTP/1.1 abc def\r\n\r\n"),
    "redirect-to-itself": _moved("/redirect-to-itself"),
    "ping-pong": _ping_pong,
    "endless-redirects": _endless_redirects,
    "redirect-inside": _moved("http://127.0.0.1:1/secret"),
    "redirect-to-metadata": _moved("http://169.254.169.254/latest/"),
    "redirect-to-file": _moved("file:///etc/passwd"),
    "redirect-too-long": _moved("/x" + "y" * 12_000),
    "redirect-nonsense": _moved("http://[bad"),
    "links-inside": _page(html("".join(f"<a href='{url}'>内部{n}</a>" for n, url in enumerate((*LINKED_INSIDE, *NO_WEB))))),
    "pictures-inside": _page(html("".join(f"<img src='{url}' width=300 height=300>" for url in LINKED_INSIDE[:4]))),
    "many-links": _page(html("".join(f"<a href='/nowhere/{n}.html'>链接{n}</a>" for n in range(100_000)))),
    "calendar": _calendar,
    "deeper": _deeper,
    "null-bytes": _page(html("<p>a\0b\0</p><a href='/null\0x'>空\0字</a>")),
    "deep-nesting": _page(html("<div>" * 100_000 + "深" + "</div>" * 100_000)),
    "one-long-line": _page(html("长" * 600_000)),
    "broken-encoding": _page(b"<html><meta charset=gb2312><p>\xff\xfe\x81\x80\xd6\xd0\xc3</p></html>", kind="text/html; charset=big5"),
    "odd-charset": _page(html("<p>x</p>"), kind="text/html; charset=no-such-thing"),
    "cookie-flood": _page(html("<p>c</p>"), *(f"Set-Cookie: c{n}={'v' * 500}" for n in range(200))),
    "xml-bomb": _page(_XML, kind="text/xml"),
    "script-in-title": _page(html("<p>x</p>", "<script>alert(1)</script>\x1b[31m=cmd|'/c calc'!A1")),
    "entities": _page(html("&#0;&#x110000;&#xD800;" * 2000)),
    "refresh-inside": _page(b"<html><head><meta http-equiv=refresh content='0;url=http://127.0.0.1/x'></head><p>1</p></html>"),
}  # fmt: skip


@dataclass(frozen=True)
class Night:
    crawled: Crawled
    wild: Wild
    seconds: float
    peak_megabytes: float

    def last(self, name: str) -> Capture:
        return self.crawled.last(f"{BAD}/{name}")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    from tests.crawler.conftest import start_crawl

    folder: Path = tmp_path_factory.mktemp("hostile")
    with Wild(CASES) as wild:
        began = time.monotonic()
        crawled = start_crawl(
            folder, wild.proxy, unit("A01", f"{BAD}/"), unit("A02", f"{GOOD}/"),
            real=True, timeout_seconds=2.0, max_body_bytes=LIMIT, max_pages=300, max_external=40,
            concurrency_per_host=4, patience=240,
        )  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        yield Night(crawled, wild, time.monotonic() - began, peak)


@pytest.mark.parametrize("name", list(CASES))
def test_each_hostile_page_is_asked_and_leaves_a_bounded_answer(night: Night, name: str) -> None:
    tries = night.crawled.tries(f"{BAD}/{name}")
    assert 1 <= len(tries) <= 4, night.crawled.stderr
    assert all(each.length <= LIMIT for each in tries)
    assert all(each.elapsed_ms < 30_000 for each in tries)


def test_the_night_ends_in_time_and_memory_and_the_other_unit_is_whole(night: Night) -> None:
    assert night.crawled.code == 0, night.crawled.stderr
    assert night.seconds < 150
    assert night.peak_megabytes < 700
    assert night.crawled.report("A01").finish in ("finished", "budget")
    assert night.crawled.report("A02").finish == "finished"
    seen = [each for each in night.crawled.captures("A02") if each.reach is Reach.OK]
    assert len([each for each in seen if each.purpose is Purpose.PAGE]) == 31


def test_no_address_of_our_own_house_was_asked(night: Night) -> None:
    hosts = {host.partition(":")[0].lower() for host, _, _ in night.wild.asked if not host.startswith("[")}
    assert hosts <= {"bad.gov.cn", "good.gov.cn", "www.bad.gov.cn"} | {
        host for host in hosts if host.endswith(".invalid")
    }
    assert not any(host.startswith("[") for host, _, _ in night.wild.asked)
    refused = {each.asked_url for each in night.crawled.captures() if each.reason == "inner-address"}
    assert len(refused) >= 12, refused
    assert night.last("redirect-inside").reason == "inner-address" or night.last("redirect-inside").reach in (
        Reach.OFF_SITE,
        Reach.BROKEN,
    )


def test_a_redirect_that_leads_nowhere_is_broken_and_never_gone(night: Night) -> None:
    for name in (
        "redirect-to-itself",
        "ping-pong",
        "endless-redirects",
        "redirect-to-file",
        "redirect-too-long",
    ):
        last = night.last(name)
        assert last.reach in (Reach.BROKEN, Reach.SILENT), (name, last.reach, last.reason)
        assert len(last.redirects) <= 10


def test_nothing_hostile_is_called_gone(night: Night) -> None:
    gone = {each.asked_url for each in night.crawled.captures() if each.reach is Reach.GONE}
    assert not gone & {f"{BAD}/{name}" for name in CASES}


def test_cookies_of_one_site_never_reach_another(night: Night) -> None:
    assert not [path for host, path, cookie in night.wild.asked if host.startswith("good") and cookie]


def test_what_was_kept_of_it_is_sound(night: Night) -> None:
    assert verify(night.crawled.out / "A01") == verify(night.crawled.out / "A02") == []


def test_a_listed_inner_host_may_be_asked(run: Run, tmp_path: Path) -> None:
    from tests.crawler.town import Town, page

    with Town({}) as town:
        port = town.proxy.rpartition(":")[2]
        town.sites[f"127.0.0.1:{port}"] = {
            "/": page("首页", "首页", links={"/a.html": "文章", f"http://127.0.0.2:{port}/b.html": "别处"}),
            "/a.html": page("文章", "内容"),
        }
        crawled = run("", unit("A01", f"http://127.0.0.1:{port}/"))
    assert crawled.last(f"http://127.0.0.1:{port}/a.html").reach is Reach.OK
    other = crawled.last(f"http://127.0.0.2:{port}/b.html")
    assert (other.reach, other.reason) == (Reach.BROKEN, "inner-address")


def test_a_front_door_that_says_it_moved_to_itself_is_knocked_at_a_few_times_only(run: Run) -> None:
    notice = "<html><head><title>网站迁移公告</title></head><body><p>本网站已迁移至新地址，请访问 <a href='{}'>{}</a></p></body></html>"
    with Town({}) as town:

        def moved(visit: Visit) -> Reply:
            number = len(town.visits)
            there = visit.url if visit.path == "/" else f"http://a.gov.cn/{number}.html"
            return Reply(body=notice.format(there, there).encode())

        town.sites["a.gov.cn"] = {"*": moved, "/robots.txt": Reply(404)}
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"), real=True, max_pages=50, patience=120)
        assert len(town.visits) < 150
    assert crawled.code == 0
