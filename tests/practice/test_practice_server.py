"""The proxy behaves like the web, politely and badly where it should, and closes its sockets."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
import time

import pytest

from practice.province import Province, build
from practice.server import PracticeServer, serve


def ask(server: PracticeServer, url: str, timeout: float = 5, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    connection.request("GET", url, headers={"Connection": "close", **headers})
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def site_with(province: Province, access: str) -> str:
    return next(s.home for s in province.sites.values() if s.access == access)


def test_a_known_host_answers_and_an_unknown_name_does_not_resolve(
    server: PracticeServer, province: Province
) -> None:
    assert ask(server, site_with(province, "ok")).status == 200
    assert ask(server, "http://www.nirgendwo.lianxi.gov.cn/").status == 502
    assert ask(server, site_with(province, "dead")).status == 502


def test_unchanged_pages_are_not_sent_twice(server: PracticeServer, province: Province) -> None:
    home = site_with(province, "ok")
    first = ask(server, home)
    assert first.headers["Last-Modified"]
    again = ask(server, home, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_bodies_are_packed_only_for_those_who_ask(server: PracticeServer, province: Province) -> None:
    home = site_with(province, "ok")
    packed = ask(server, home, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == ask(server, home).body


def test_some_sites_ask_robots_for_restraint(server: PracticeServer, province: Province) -> None:
    texts = [ask(server, s.home + "robots.txt") for s in province.sites.values() if s.access == "ok"]
    said = [t.body.decode() for t in texts if t.status == 200]
    assert any("Crawl-delay" in text for text in said)
    assert any("Disallow: /zcjd/" in text for text in said)
    assert {t.status for t in texts} == {200, 404}


def test_barred_sites_bar_each_in_its_own_way(server: PracticeServer, province: Province) -> None:
    assert ask(server, site_with(province, "412")).status == 412
    assert ask(server, site_with(province, "521")).status == 521
    assert ask(server, site_with(province, "forbidden")).status == 403
    captcha = ask(server, site_with(province, "captcha"))
    assert captcha.status == 200
    assert "验证码" in captcha.body.decode()
    with pytest.raises(TimeoutError):
        ask(server, site_with(province, "silent"), timeout=0.5)


def test_a_busy_page_answers_at_the_second_request() -> None:
    province = build()
    busy = {
        url: how for site in province.sites.values() if site.access == "ok" for url, how in site.flaky.items()
    }
    assert {"503", "429"} == set(busy.values())
    with serve(province) as server:
        for url, how in busy.items():
            first = ask(server, url)
            assert first.status == int(how)
            assert (first.headers.get("Retry-After") is not None) == (how == "429")
            assert ask(server, url).status == 200


def test_every_request_is_on_the_log(server: PracticeServer, province: Province) -> None:
    home = site_with(province, "ok")
    ask(server, home + "?x=1", **{"User-Agent": "tester"})
    line = server.log[-1]
    assert (line.path, line.agent, line.status) == ("/?x=1", "tester", 200) or line.status == 404
    told = json.loads(ask(server, server.url + "/__log__").body)
    assert told["counts"][line.host] == server.counts[line.host] == 1
    assert told["log"][-1][1] == "/?x=1"


def test_a_tunnel_is_refused_in_good_order(server: PracticeServer, province: Province) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as wire:
        wire.sendall(f"CONNECT {province.sites['A01'].host}:443 HTTP/1.1\r\n\r\n".encode())
        assert wire.recv(200).startswith(b"HTTP/1.1 502 ")


def test_connections_are_kept_open_between_requests(server: PracticeServer, province: Province) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for _ in range(3):
        connection.request("GET", site_with(province, "ok"))
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()


def test_the_microblog_answers_as_a_phone_asks(server: PracticeServer, province: Province) -> None:
    gone = {row.subject for row in province.truth if row.rule_id == "account-gone"}
    for site in province.sites.values():
        for account in site.accounts:
            if account.channel == "weibo":
                uid = account.account_id
                url = f"http://m.weibo.cn/api/container/getIndex?type=uid&value={uid}&containerid=107603{uid}"
                told = json.loads(ask(server, url).body)
                assert told["ok"] == (0 if uid in gone else 1)
            elif account.channel == "feed":
                assert ask(server, account.url).status == (410 if account.account_id in gone else 200)


def test_the_server_closes_its_sockets_even_while_someone_waits(province: Province) -> None:
    before = threading.active_count()
    with serve(province) as server:
        wire = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        wire.sendall(f"GET {site_with(province, 'silent')} HTTP/1.1\r\n\r\n".encode())
        while not server.log:
            time.sleep(0.01)
        port = server.port
    assert wire.recv(10) == b""
    wire.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
