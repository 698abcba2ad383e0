"""Scrapy's downloader is loaded and set going when the first server needs its patience: on most nights none does.

Loading Scrapy and Twisted is more than half of the start of a crawl, and a third of a small second night (measured
2026-11-30). They share the event loop that the crawl runs on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    StopDownload,
    UnsupportedURLSchemeError,
)
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import asyncioreactor
from twisted.internet.error import DNSLookupError

from crawler.failing import NobodyListensError, NoSuchNameError, TooLargeError, TunnelError
from crawler.guard import Outward
from crawler.heads import bound_heads
from crawler.settings import for_job
from dossier.model import CrawlSettings

_CLOSING_SECONDS = 15.0


class SiteSpider(Spider):
    """The one spider: for any unit's site. It asks for nothing by itself, and stays until nobody needs it any more."""

    name = "gongkai"

    def __init__(self, *, up: asyncio.Event, over: asyncio.Event) -> None:
        super().__init__()
        self._up = up
        self._over = over

    async def start(self) -> AsyncIterator[Any]:
        """The engine only moves bytes for us."""
        self._up.set()
        await self._over.wait()
        requests: tuple[Any, ...] = ()
        for request in requests:  # an async generator, as Scrapy wants it
            yield request


class Downloader:
    """Scrapy's engine, running beside the crawl."""

    def __init__(self, reactor: Any, crawling: asyncio.Task[None], crawler: Any, over: asyncio.Event) -> None:
        self._reactor = reactor
        self._crawling = crawling
        self._crawler = crawler
        self._over = over

    @classmethod
    async def started(cls, crawl: CrawlSettings) -> Self:
        """Sets Scrapy going on the loop that is running. A process can do this once."""
        bound_heads()
        install: Any = asyncioreactor.install
        install(asyncio.get_running_loop())
        from twisted.internet import reactor

        runner = AsyncCrawlerRunner(for_job(crawl))
        for name in ("scrapy", "twisted"):  # after Scrapy has set its own to DEBUG
            logging.getLogger(name).setLevel(logging.WARNING)
        crawler = runner.create_crawler(SiteSpider)
        crawler.signals.connect(_count_bytes, signal=signals.bytes_received)
        crawler.signals.connect(_tell_gate, signal=signals.request_reached_downloader)
        OutwardResolver.from_crawler(crawler, reactor).install_on_reactor()
        reactor.startRunning(installSignalHandlers=False)  # the loop runs already
        up, over = asyncio.Event(), asyncio.Event()
        crawling = runner.crawl(crawler, up=up, over=over)
        waiting = asyncio.ensure_future(up.wait())
        await asyncio.wait((crawling, waiting), return_when=asyncio.FIRST_COMPLETED)
        if not up.is_set():
            waiting.cancel()
            crawling.result()
            raise RuntimeError("Scrapy did not start")
        return cls(reactor, crawling, crawler, over)

    async def answer_to(self, url: str, headers: Mapping[str, str], meta: Mapping[str, Any]) -> Any:
        """One answer as Scrapy gives it."""
        try:
            return await self._crawler.engine.download_async(
                Request(url, headers=dict(headers), meta=dict(meta), dont_filter=True)
            )
        except Exception as error:
            told = _in_our_words(error)
            if told is error:
                raise
            raise told from error

    async def close(self) -> None:
        """Lets go of its connections and its threads."""
        self._over.set()
        await asyncio.wait((self._crawling,), timeout=_CLOSING_SECONDS)
        self._reactor.getThreadPool().stop()


def _in_our_words(error: Exception) -> Exception:
    """What Scrapy says of a failure; what has no word of its own is told by its text."""
    if isinstance(error, DownloadTimeoutError):
        return TimeoutError(str(error))
    if isinstance(error, CannotResolveHostError):
        return NoSuchNameError(str(error))
    if isinstance(error, DownloadConnectionRefusedError):
        return NobodyListensError(str(error))
    if isinstance(error, DownloadCancelledError):
        return TooLargeError(str(error))
    if isinstance(error, UnsupportedURLSchemeError):
        return ValueError(str(error))
    if type(error).__name__ == "TunnelError":
        return TunnelError(str(error))
    return error


class OutwardResolver(CachingThreadedResolver):
    """Resolves names for Twisted; a name that leads inside is not resolved, unless the unit list has it."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802 - Twisted's name
        looked = super().getHostByName(name, timeout)
        looked.addCallback(self._only_outward, name)
        return looked

    def _only_outward(self, address: str, name: str) -> str:
        if Outward.refuses(name, address):
            raise DNSLookupError(f"{name} leads inside")
        return address


def _tell_gate(request: Request, **_: Any) -> None:
    sent_off = request.meta.get("sent_off")
    if sent_off is not None:
        sent_off()


def _count_bytes(data: bytes, request: Request, **_: Any) -> None:
    meta = request.meta
    meta["received"] = meta.get("received", 0) + len(data)
    if meta["received"] > meta.get("body_limit", 1 << 62):
        raise StopDownload(fail=False)
