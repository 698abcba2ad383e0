"""The turnstile before a host, without a network: the pause grows with refusals and goes with success."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from crawler.failing import TunnelError
from crawler.hosts import LONGEST_CRAWL_DELAY, LONGEST_RETRY_AFTER, HostGate, seconds_of
from crawler.reach import failure_of
from crawler.robots import robots_of
from dossier.model import Reach


def test_refusals_lengthen_the_pause_and_success_ends_it() -> None:
    now = [0.0]
    gate = HostGate(0, 2, lambda: now[0])

    def refused() -> float:
        now[0] += 60
        return gate.heard(429)

    assert [refused() for _ in range(3)] == [0.5, 1.0, 2.0]
    assert [gate.heard(429) for _ in range(5)] == [2.0] * 5, "answers of one burst are one refusal"
    assert gate.heard(404) == 0
    assert gate.pause == 2.0, "a dead page is no success"
    gate.heard(200)
    assert gate.pause == 0.0
    for _ in range(100):
        refused()
    assert gate.pause == 30.0


def test_a_page_that_answers_503_holds_nobody_up_and_a_server_that_does_is_left_to_recover() -> None:
    gate = HostGate(0, 2)
    assert [gate.heard(503) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert [gate.heard(503) for _ in range(17)] == [0.5] * 17, "some pages in a row"
    waits = [gate.heard(503) for _ in range(100)]
    assert waits[0] > 0.5
    assert waits[-1] == 10.0
    gate.heard(200)
    assert gate.heard(503) == 0.0, "one good answer and the server is well again"
    assert gate.heard(503, "4") == 4.0


def test_retry_after_is_read_as_seconds_or_date_within_reason() -> None:
    assert HostGate(0, 1).heard(429, "7") == 7.0
    assert HostGate(0, 1).heard(503, "999999") == LONGEST_RETRY_AFTER
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60))
    assert 55 < seconds_of(later) <= 60
    assert seconds_of("soon") == 0.0
    assert seconds_of("Thu, 01 Jan 1970 00:00:00 GMT") == 0.0


def test_a_crawl_delay_slows_us_within_reason() -> None:
    gate = HostGate(1.0, 1)
    gate.slow_to(0.2)
    assert gate.delay == 1.0
    gate.slow_to(3600)
    assert gate.delay == LONGEST_CRAWL_DELAY
    rules = robots_of(200, "text/plain", b"\xef\xbb\xbfUser-agent: gongkai\nCrawl-delay: 3\nDisallow: /x\n")
    assert rules.crawl_delay == 3.0
    assert not rules.allows("http://a.gov.cn/x/1")
    for nothing in (robots_of(404, "text/plain", b"Disallow: /"), robots_of(200, "text/html", b"<html>")):
        assert nothing.allows("http://a.gov.cn/x/1")


def test_a_pause_set_while_somebody_waits_holds_them_too() -> None:
    async def turns() -> list[float]:
        gate = HostGate(0.05, 2)
        loop = asyncio.get_running_loop()
        began: list[float] = []

        async def go(status: int) -> None:
            async with gate.turn():
                began.append(loop.time())
                gate.heard(status, "0" if status == 200 else "0.3")

        await asyncio.gather(go(429), go(200), go(200))
        return [later - began[0] for later in began]

    first, second, third = asyncio.run(turns())
    assert first == 0
    assert second >= 0.45, "the refusal's pause was not kept by the one that waited"
    assert third - second >= 0.045


def test_every_exception_of_the_wire_is_a_reach() -> None:
    assert failure_of(TimeoutError(), proxied=True).reason == "timeout"
    assert failure_of(RuntimeError("SSL routines: handshake failure"), proxied=False).reason == "tls"
    assert failure_of(RuntimeError("anything"), proxied=False).reach is Reach.SILENT

    told = TunnelError("Could not open CONNECT tunnel with proxy x:1 [{'status': 502, 'reason': b''}]")
    assert failure_of(told, proxied=True).reason == "dns"
