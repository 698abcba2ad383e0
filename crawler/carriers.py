"""Bytes are fetched by one of two carriers: a quick one for servers that keep the rules of HTTP, a patient one for the rest.

The quick carrier (`crawler.quick`) is aiohttp's parser and connections; an answer cost aiohttp a fifth of what it costs Scrapy's
downloader over Twisted (0.7 against 3.3 ms under load, measured 2026-11-30), and costs this a third of that. The patient one is
Scrapy's, which reads heads and shakes hands that the other refuses; Scrapy and Twisted are more than half of what a
crawl would load, and most nights need neither.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.addresses import host_of
from dossier.model import CrawlSettings

_GRACE_SECONDS = 15.0

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
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Way:
    """What both carriers are told of the way out."""

    proxy: str
    """Without its login."""
    proxy_login: str
    """As a header."""
    seconds: float
    most_bytes: int


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
            headers=as_text(pairs),
            body=answer.body,
            cut="download_stopped" in answer.flags or "dataloss" in answer.flags,
        )


def as_text(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Headers as they came, an octet a letter."""
    return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])
