"""What one carrier cannot read the other can: a site is not lost because its server's heads break the rules."""

from __future__ import annotations

import asyncio
import zlib
from itertools import pairwise

from crawler.carriers import Carried, Way
from crawler.failing import NotUnderstoodError
from crawler.quick import QuickCarrier
from dossier.archive import records
from dossier.model import Reach
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, page

A = "http://a.gov.cn"
BODY = b"<html><body>hello</body></html>"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


def odd(title: str, **links: str) -> Reply:
    """A page under more headers than the quick carrier puts up with."""
    reply = page(title, f"{title}的正文", links={f"/{name}.html": label for name, label in links.items()})
    reply.headers |= {f"X-Part-{number}": "x" for number in range(200)}
    return reply


def test_a_server_whose_heads_break_the_rules_is_read_all_the_same(run: Run) -> None:
    site = {"/": odd("首页", one="一", two="二"), "/one.html": odd("一"), "/two.html": odd("二")}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), delay_seconds=0.3)
        asked = [visit for visit in town.visits if visit.host == "a.gov.cn"]
    for path in ("/", "/one.html", "/two.html"):
        assert crawled.last(A + path).reach is Reach.OK, path
    paths = [visit.path for visit in asked]
    assert paths.count("/") == 2, "once by each carrier"
    assert paths.count("/one.html") == paths.count("/two.html") == 1, "then the host is known"
    gaps = [later.at - sooner.at for sooner, later in pairwise(asked)]
    assert min(gaps) >= 0.3, "the second asking waits for its turn too"


def carried(*answers: bytes) -> list[Carried | Exception]:
    """What the quick carrier makes of answers that are sent as they stand, each on a connection of its own."""

    async def ask() -> list[Carried | Exception]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(answers[int(head.split(b" ")[1].rpartition(b"/")[2])])
            await writer.drain()
            writer.close()

        carrier = QuickCarrier(Way("", "", seconds=5, most_bytes=1000))
        got: list[Carried | Exception] = []
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            for number in range(len(answers)):
                try:
                    got.append(await carrier.carry(f"http://127.0.0.1:{port}/{number}", {}, 500, None))
                except Exception as error:  # noqa: BLE001 - what came is what is looked at
                    got.append(error)
        await carrier.close()
        return got

    return asyncio.run(ask())


def test_loose_heads_of_old_servers_are_read_at_once() -> None:
    loose = (
        b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.0 200 OK\nContent-Length: %d\n\n" % len(BODY) + BODY,
        b"HTTP/1.1 200 \xc8\xb7\xb6\xa8\r\nX-T: \xd6\xd0\xb9\xfa\r\n" + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nX-A: one\r\n two\r\n" + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.1 999 Request denied\r\n" + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    )
    for head, got in zip(loose, carried(*loose), strict=True):
        assert isinstance(got, Carried), (head, got)
        assert got.body == BODY
        assert not got.cut


def test_what_it_cannot_read_it_says_it_cannot_read() -> None:
    strange = (
        BODY,
        b"HTTP/1.1 200 OK\r\nno colon here\r\n" + LENGTH + b"\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\n" + LENGTH + b"Content-Length: 5\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 20_000 + b"\r\n" + LENGTH + b"\r\n" + BODY,
    )
    assert all(isinstance(got, NotUnderstoodError) for got in carried(*strange))


def test_a_body_that_breaks_off_or_never_ends_is_cut() -> None:
    broken, endless, silent = carried(
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000,
        b"",
    )
    assert isinstance(broken, Carried)
    assert broken.cut
    assert broken.body == BODY
    assert isinstance(endless, Carried)
    assert endless.cut
    assert len(endless.body) > 500
    assert isinstance(silent, ConnectionError)


def test_short_and_long_records_unpack_to_what_was_packed() -> None:
    for size in (0, 600, 8192, 8193, 200_000):
        record = bytes(number * 7 % 251 for number in range(size))
        assert zlib.decompress(records.gzipped(record), zlib.MAX_WBITS | 16) == record
