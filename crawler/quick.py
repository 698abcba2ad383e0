"""The quick carrier: aiohttp's connections and its parser, and no client between them and us.

What connects (names, TLS, tunnels through a proxy, reuse) and what reads answers is aiohttp's. Its client above them
makes addresses, headers, cookies, traces and an answer object anew for each request, which costs four times what
connection and parser cost together (0.64 against 0.15 ms, measured 2026-11-30), and nothing of it is wanted here: what is
sent to one server differs by the path.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Mapping
from weakref import WeakSet

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError, RawResponseMessage
from yarl import URL

from crawler.carriers import Carried, Sent, Way, as_text
from crawler.failing import (
    NobodyListensError,
    NoSuchNameError,
    NotUnderstoodError,
    NoWayError,
    TooLargeError,
    TunnelError,
)
from crawler.guard import OutwardNames

_LONGEST_FIELD = 16_384
"""Of one header; with aiohttp's bound on their number this bounds the head."""
_MOST_DOORS = 1024
_SERVER = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_UNSENDABLE = re.compile(r"[\r\n\0]")
_OURS = ("Accept", "Accept-Encoding", "User-Agent")
_AT_LEISURE = aiohttp.ClientTimeout()
"""What aiohttp is told; the time is kept here."""


class Door(aiohttp.ClientRequest):
    """One server, as aiohttp's connector is to be asked for a connection to it: a request is made of it once."""

    key: ConnectionKey
    """Connections with one key are one another's equals: a proxy's too are kept apart by server."""
    before: str
    """What stands before the path in the first line: the server, where it is a proxy that is asked."""
    first: str
    """Lines that stand before ours."""
    last: str
    """Lines that stand behind ours."""

    @property
    def connection_key(self) -> ConnectionKey:
        return self.key

    @classmethod
    def to(cls, origin: str, way: Way) -> Door:
        """The door to a server, which is its proxy's where nothing has to be hidden from that."""
        named = URL(origin, encoded=True)
        if not named.raw_host:
            raise aiohttp.InvalidURL(origin)
        told = aiohttp.ClientRequest("GET", named, skip_auto_headers=_OURS).headers
        server = named.with_user(None) if named.raw_user is not None else named
        proxy = URL(way.proxy) if way.proxy else None
        login = {"Proxy-Authorization": way.proxy_login} if way.proxy_login else {}
        if proxy is None or server.scheme == "https":
            door = cls("GET", server, proxy=proxy, proxy_headers=login or None)
            door.key = super(Door, door).connection_key
            door.before, door.last = "", ""
        else:
            door = cls("GET", proxy)
            door.key = super(Door, door).connection_key._replace(host=named.raw_host, port=named.port)
            door.before, door.last = str(server).rstrip("/"), _lines(login)
        door.first = _lines(told)
        return door

    def head(self, path: str, headers: Mapping[str, str]) -> bytes:
        """A request as it is sent."""
        if _UNSENDABLE.search(path) or _UNSENDABLE.search("".join(headers.values())):
            raise ValueError("an address or a header with a line break in it")
        text = f"GET {self.before}{path} HTTP/1.1\r\n{self.first}{_lines(headers)}{self.last}\r\n"
        return text.encode()


class QuickCarrier:
    """aiohttp, told to change nothing of what is sent and of what comes."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._connector = aiohttp.TCPConnector(
            limit=0, family=socket.AF_INET, resolver=OutwardNames(), ssl=_any_tls(), ttl_dns_cache=3600
        )
        self._doors: dict[str, Door] = {}
        self._used: WeakSet[ResponseHandler] = WeakSet()
        """Connections that have brought an answer."""

    async def carry(self, url: str, headers: Mapping[str, str], limit: int, sent: Sent | None) -> Carried:
        """One answer, of whose body no more than about `limit` bytes are taken."""
        try:
            door, path = self._door(url)
            head = door.head(path, headers)
            async with asyncio.timeout(self._way.seconds):
                try:
                    return await self._asked(door, head, limit, sent)
                except _LostError:  # a server may close a connection at any time, and just when we ask on it
                    return await self._asked(door, head, limit, sent)
        except _LostError as error:
            raise ConnectionResetError from error
        except aiohttp.ClientError as error:
            raise _in_our_words(error) from error
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectionResetError from error

    def _door(self, url: str) -> tuple[Door, str]:
        """Where to knock, and what to ask for there."""
        server = _SERVER.match(url)
        if server is None:
            raise aiohttp.InvalidURL(url)
        origin, path = server[0], url[server.end() :].partition("#")[0]
        door = self._doors.get(origin)
        if door is None:
            if len(self._doors) >= _MOST_DOORS:
                self._doors.clear()
            door = self._doors[origin] = Door.to(origin, self._way)
        return door, path if path.startswith("/") else f"/{path}"

    async def _asked(self, door: Door, head: bytes, limit: int, sent: Sent | None) -> Carried:
        connection = await self._connection(door)
        try:
            message, body = await _answer(connection, head, sent)
            carried = await self._taken(message, body, limit)
        except BaseException:
            connection.close()
            raise
        if connection.protocol is not None:
            self._used.add(connection.protocol)
        connection.release()  # which closes it where its answer was not read to the end
        return carried

    async def _connection(self, door: Door) -> Connection:
        """A connection on which nothing was said yet that would be taken for the answer.

        A server that grows tired of an idle connection may say so (408) before it closes it.
        """
        while True:
            connection = await self._connector.connect(door, [], _AT_LEISURE)
            protocol = connection.protocol
            if protocol is None or protocol not in self._used or not protocol.should_close:
                return connection
            connection.close()

    async def _taken(self, message: RawResponseMessage, body: aiohttp.StreamReader, limit: int) -> Carried:
        if int(message.headers.get("Content-Length", 0)) > self._way.most_bytes:
            raise TooLargeError
        parts: list[bytes] = []
        size, cut = 0, False
        try:
            while size <= limit and (part := await body.readany()):
                parts.append(part)
                size += len(part)
        except aiohttp.ClientPayloadError:
            cut = True
        return Carried(
            status=message.code,
            protocol=f"HTTP/{message.version.major}.{message.version.minor}",
            headers=as_text(message.raw_headers),
            body=parts[0] if len(parts) == 1 else b"".join(parts),
            cut=cut or size > limit,
        )

    async def close(self) -> None:
        await self._connector.close()


class _LostError(Exception):
    """The connection ended before its answer began."""


async def _answer(
    connection: Connection, head: bytes, sent: Sent | None
) -> tuple[RawResponseMessage, aiohttp.StreamReader]:
    """Sends a request; the head of its answer, and the body that follows."""
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None or transport.is_closing():
        raise _LostError
    protocol.set_response_params(
        read_until_eof=True,
        auto_decompress=False,
        max_line_size=_LONGEST_FIELD,
        max_field_size=_LONGEST_FIELD,
    )
    transport.write(head)
    if sent is not None:
        sent()
    try:
        message, body = await protocol.read()
        while 100 <= message.code < 200 and message.code != 101:
            message, body = await protocol.read()
    except HttpProcessingError as error:
        raise NotUnderstoodError(str(error)) from error
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _LostError from error
    return message, body


def _lines(headers: Mapping[str, str]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


def _in_our_words(error: aiohttp.ClientError) -> Exception:
    """What aiohttp says of a failure."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return TunnelError(f"{{'status': {error.status}}}")
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientSSLError):
        return NotUnderstoodError(str(error))
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return NoSuchNameError(str(error))
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, ConnectionRefusedError):
            return NobodyListensError(str(error))
        return TimeoutError() if isinstance(error.os_error, TimeoutError) else NoWayError()
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError):
        return ConnectionResetError()
    return error


def _any_tls() -> ssl.SSLContext:
    """Old servers and odd certificates are spoken to: what is wrong with them is looked at elsewhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options |= 0x4  # OP_LEGACY_SERVER_CONNECT, which has no name before Python 3.12
    return context
