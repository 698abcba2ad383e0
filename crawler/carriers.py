"""Bytes are fetched by one of two carriers: a quick one for servers that keep the rules of HTTP, a patient one for the rest.

The quick carrier is aiohttp; an answer costs it a fifth of what Scrapy's downloader over Twisted costs (0.7 against
3.3 ms under load, measured 2026-11-30). The patient one is Scrapy's, which reads heads and shakes hands that the
other refuses; Scrapy and Twisted are more than half of what a crawl would load, and most nights need neither.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from crawler.addresses import host_of
from crawler.failing import (
    NobodyListensError,
    NoSuchNameError,
    NotUnderstoodError,
    NoWayError,
    TooLargeError,
    TunnelError,
)
from crawler.guard import OutwardNames
from dossier.model import CrawlSettings

_GRACE_SECONDS = 15.0
_LONGEST_FIELD = 16_384
"""Of one header; with aiohttp's bound on their number this bounds the head."""

Sent = Callable[[], None]
"""Called when the request leaves."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One answer as it came over the wire."""

    status: int
    protocol: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: bool
    """The body was longer than wanted, or its end never came."""

    def header(self, name: str) -> str:
        """The first value of a header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Way:
    """What both carriers are told of the way out."""

    proxy: str
    """Without its login."""
    proxy_login: str
    """As a header."""
    seconds: float
    most_bytes: int


class QuickCarrier:
    """aiohttp, told to change nothing of what is sent and of what comes."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._proxy = URL(way.proxy) if way.proxy else None
        self._login = {"Proxy-Authorization": way.proxy_login} if way.proxy_login else {}
        tracing = aiohttp.TraceConfig()
        tracing.on_request_headers_sent.append(_tell)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, family=socket.AF_INET, resolver=OutwardNames(), ssl=_any_tls(), ttl_dns_cache=3600
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
            timeout=aiohttp.ClientTimeout(),
            max_line_size=_LONGEST_FIELD,
            max_field_size=_LONGEST_FIELD,
            trace_configs=[tracing],
        )

    async def carry(self, url: str, headers: Mapping[str, str], limit: int, sent: Sent | None) -> Carried:
        """One answer, of whose body no more than about `limit` bytes are taken."""
        plain = url.startswith("http://")
        try:
            async with (
                asyncio.timeout(self._way.seconds),
                self._session.get(
                    URL(url, encoded=True),
                    headers={**headers, **self._login} if plain else headers,
                    allow_redirects=False,
                    proxy=self._proxy,
                    proxy_headers=self._login or None,
                    trace_request_ctx=sent,
                ) as answer,
            ):
                return await self._taken(answer, limit)
        except aiohttp.ClientError as error:
            raise _in_our_words(error) from error

    async def _taken(self, answer: aiohttp.ClientResponse, limit: int) -> Carried:
        if (answer.content_length or 0) > self._way.most_bytes:
            raise TooLargeError
        parts: list[bytes] = []
        size, cut = 0, False
        try:
            while size <= limit and (part := await answer.content.readany()):
                parts.append(part)
                size += len(part)
        except aiohttp.ClientPayloadError:
            cut = True
        if size > limit:
            cut = True
            answer.close()
        version = answer.version
        return Carried(
            status=answer.status,
            protocol=f"HTTP/{version.major}.{version.minor}" if version else "HTTP/1.1",
            headers=_as_text(answer.raw_headers),
            body=b"".join(parts),
            cut=cut,
        )

    async def close(self) -> None:
        await self._session.close()


class PatientCarrier:
    """Scrapy's downloader, asked directly: no middleware, no slot of its own. It is loaded when the first server needs it."""

    def __init__(self, crawl: CrawlSettings, way: Way) -> None:
        self._settings = crawl
        self._way = way
        self._loading: asyncio.Task[Any] | None = None
        self._connected: set[str] = set()
        """Hosts that were asked before. The first request has to connect and leaves later than it says: nobody follows it
        before it is answered."""

    async def make_ready(self) -> None:
        """Loads what is needed to carry anything. Done before a request has its turn: it takes longer than the pause
        that is kept between two requests, and would be taken for a part of it."""
        if self._loading is None:
            from crawler.patience import Downloader

            self._loading = asyncio.ensure_future(Downloader.started(self._settings))
        await asyncio.shield(self._loading)

    async def close(self) -> None:
        if self._loading is not None and self._loading.done() and not self._loading.exception():
            await self._loading.result().close()

    async def carry(self, url: str, headers: Mapping[str, str], limit: int, sent: Sent | None) -> Carried:
        """One answer, of whose body no more than about `limit` bytes are taken."""
        meta: dict[str, Any] = {
            "verbatim_url": True,
            "download_slot": host_of(url),
            "download_timeout": self._way.seconds,
            "body_limit": limit,
            "received": 0,
            "sent_off": sent if host_of(url) in self._connected else None,
        }
        self._connected.add(host_of(url))
        asked = dict(headers)
        if self._way.proxy:
            meta["proxy"] = self._way.proxy
            if self._way.proxy_login:
                asked["Proxy-Authorization"] = self._way.proxy_login
        await self.make_ready()
        assert self._loading is not None
        answer = await asyncio.wait_for(
            self._loading.result().answer_to(url, asked, meta), self._way.seconds + _GRACE_SECONDS
        )
        pairs = [(name, value) for name, values in answer.headers.items() for value in values]
        return Carried(
            status=answer.status,
            protocol=answer.protocol or "HTTP/1.1",
            headers=_as_text(pairs),
            body=answer.body,
            cut="download_stopped" in answer.flags or "dataloss" in answer.flags,
        )


def _as_text(pairs: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)


async def _tell(_: aiohttp.ClientSession, context: SimpleNamespace, __: Any) -> None:
    """Told when the head is ready; it is written in the same step of the loop, so that the next step is surely later."""
    sent = context.trace_request_ctx
    if sent is not None:
        asyncio.get_running_loop().call_soon(sent)


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
