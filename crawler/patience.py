"""Scrapy's downloader is loaded when the first server needs its patience: on most nights none does.

Loading it at every start cost a tenth of a small second night, most of it in `inspect.stack()`, which Scrapy calls when
its TLS context is first imported (measured 2026-11-30).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

NEEDED = object()
"""The signal that a request will go this way. It is given before the request has its turn: loading takes longer than
the pause that is kept between two requests, and would be taken for a part of it."""


class LateHandler:
    """Stands in Scrapy's table of handlers for the one that is loaded when it is needed."""

    lazy = False

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._own: Any = None
        crawler.signals.connect(self.load, signal=NEEDED)

    @classmethod
    def from_crawler(cls, crawler: Any) -> LateHandler:
        """As Scrapy makes its handlers."""
        return cls(crawler)

    def load(self) -> None:
        """Makes it ready."""
        if self._own is None:
            module = import_module("scrapy.core.downloader.handlers.http11")
            self._own = module.HTTP11DownloadHandler.from_crawler(self._crawler)

    async def download_request(self, request: Any) -> Any:
        """The answer to a request."""
        self.load()
        return await self._own.download_request(request)

    async def close(self) -> None:
        """Lets go of its connections."""
        if self._own is not None:
            await self._own.close()
