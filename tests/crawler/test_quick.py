"""What goes over the wire and over which connection: a server hears what we mean to say, and is heard itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from crawler.carriers import Carried, Way
from crawler.failing import NobodyListensError, TunnelError
from crawler.quick import QuickCarrier
from practice.certificates import Authority

LOGIN = "Basic dTpw"
OURS = {"User-Agent": "gongkai/1 (test)", "Accept": "*/*"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Heard:
    """What a server heard: a list of request heads for each connection, in order."""

    connections: list[list[str]] = field(default_factory=list)

    @property
    def heads(self) -> list[str]:
        return [head for one in self.connections for head in one]


def asked(
    answer: Callable[[int, int], bytes | None],
    ask: Callable[[QuickCarrier, str], Awaitable[None]],
    *,
    proxied: bool = False,
    login: str = "",
    secure: bool = False,
    afterwards: bytes = b"",
) -> Heard:
    """Serves `answer` (to the n-th connection's m-th request; None closes it), asks, and tells what was heard.

    `afterwards` is said a little later on the first connection, unasked."""
    heard = Heard()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own: list[str] = []
        heard.connections.append(own)
        number = len(heard.connections) - 1
        try:
            while True:
                own.append((await reader.readuntil(b"\r\n\r\n")).decode())
                if secure and own[-1].startswith("CONNECT"):
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    await writer.start_tls(Authority().context("a.gov.cn", "expired"))
                    continue
                said = answer(number, len(own) - 1)
                if said is None:
                    break
                writer.write(said)
                await writer.drain()
                if afterwards and not number:
                    await asyncio.sleep(0.05)
                    writer.write(afterwards)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def main() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            place = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            carrier = QuickCarrier(Way(place if proxied else "", login, seconds=5, most_bytes=1000))
            try:
                await ask(carrier, place)
            finally:
                await carrier.close()

    asyncio.run(main())
    return heard


async def get(carrier: QuickCarrier, url: str) -> Carried:
    return await carrier.carry(url, OURS, 500, None)


def test_a_proxy_is_told_the_whole_address_and_its_login_and_servers_share_no_connection() -> None:
    async def ask(carrier: QuickCarrier, _: str) -> None:
        for url in (
            "http://a.gov.cn/1?x=%D6",
            "http://a.gov.cn:80/2",
            "http://b.gov.cn:8080",
            "http://a.gov.cn/3",
        ):
            assert (await get(carrier, url)).body == b"ok"

    heard = asked(lambda *_: OK, ask, proxied=True, login=LOGIN)
    ours = "User-Agent: gongkai/1 (test)\r\nAccept: */*\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
    assert heard.connections == [
        [
            f"GET http://a.gov.cn/{path} HTTP/1.1\r\nHost: a.gov.cn\r\n{ours}"
            for path in ("1?x=%D6", "2", "3")
        ],
        [f"GET http://b.gov.cn:8080/ HTTP/1.1\r\nHost: b.gov.cn:8080\r\n{ours}"],
    ]


def test_through_a_tunnel_the_login_stays_with_the_proxy() -> None:
    async def ask(carrier: QuickCarrier, _: str) -> None:
        for path in ("1", "2"):
            assert (await get(carrier, f"https://a.gov.cn/{path}")).body == b"ok"

    heard = asked(lambda *_: OK, ask, proxied=True, login=LOGIN, secure=True)
    assert len(heard.connections) == 1, "the tunnel serves for both"
    tunnel, *inner = heard.heads
    assert tunnel.startswith("CONNECT a.gov.cn:443 HTTP/1.1\r\n")
    assert f"Proxy-Authorization: {LOGIN}\r\n" in tunnel
    assert inner == [
        f"GET /{path} HTTP/1.1\r\nHost: a.gov.cn\r\nUser-Agent: gongkai/1 (test)\r\nAccept: */*\r\n\r\n"
        for path in ("1", "2")
    ]


@pytest.mark.parametrize("status", [407, 502])
def test_a_tunnel_that_is_refused_is_told_with_its_status(status: int) -> None:
    async def ask(carrier: QuickCarrier, _: str) -> None:
        with pytest.raises(TunnelError, match=f"'status': {status}"):
            await get(carrier, "https://a.gov.cn/")

    asked(lambda *_: b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status, ask, proxied=True)


def test_a_server_that_says_on_an_idle_connection_that_it_is_tired_has_not_answered_the_next_address() -> (
    None
):
    tired = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nlate"

    async def ask(carrier: QuickCarrier, place: str) -> None:
        assert (await get(carrier, f"{place}/1")).status == 200
        await asyncio.sleep(0.2)
        assert (await get(carrier, f"{place}/2")).status == 200

    heard = asked(lambda *_: OK, ask, afterwards=tired)
    assert [len(one) for one in heard.connections] == [1, 1]


def test_a_connection_that_ends_before_its_answer_is_tried_once_more() -> None:
    async def ask(carrier: QuickCarrier, place: str) -> None:
        assert (await get(carrier, f"{place}/1")).body == b"ok"
        assert (await get(carrier, f"{place}/2")).body == b"ok"
        with pytest.raises(ConnectionError):
            await get(carrier, f"{place}/3")

    heard = asked(lambda connection, number: OK if (connection, number) in {(0, 0), (1, 0)} else None, ask)
    assert [head.split()[1] for head in heard.heads] == ["/1", "/2", "/2", "/3", "/3"]


def test_a_request_is_said_to_have_left_once_and_only_when_it_has() -> None:
    told: list[str] = []

    async def ask(carrier: QuickCarrier, place: str) -> None:
        def sent() -> None:
            told.append("sent")

        with pytest.raises(NobodyListensError):
            await carrier.carry("http://127.0.0.1:1/", OURS, 500, sent)
        assert told == [], "nobody listens there"
        assert (await carrier.carry(f"{place}/", OURS, 500, sent)).body == b"ok"

    def answer(*_: int) -> bytes:
        told.append("asked")
        return OK

    asked(answer, ask)
    assert told == ["sent", "asked"]


def test_an_address_or_a_header_with_a_line_break_is_sent_to_nobody() -> None:
    async def ask(carrier: QuickCarrier, place: str) -> None:
        with pytest.raises(ValueError, match="line break"):
            await carrier.carry(f"{place}/a\r\nX: y", OURS, 500, None)
        with pytest.raises(ValueError, match="line break"):
            await carrier.carry(place, {"If-None-Match": '"x"\n'}, 500, None)

    assert asked(lambda *_: OK, ask).connections == []
