"""The crawler reads each body once, because it needs the links anyway; what it read is what everybody judges."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from crawler.addresses import wire
from crawler.frontier import Wanted
from crawler.reach import looks_like_html
from crawler.site import Site
from dossier.archive import Exchange
from dossier.model import PageFacts, Purpose
from dossier.reading.attachments import is_document

_INLINE_BYTES = 1_500_000
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
"""One thread for what takes long: the process that reads files serves one at a time."""


async def facts_of(site: Site, wanted: Wanted, exchange: Exchange) -> PageFacts | None:
    """What one body says; None for data that holds no list."""
    world = site.world
    content_type = exchange.header("content-type")
    if wanted.purpose is Purpose.DATA and not looks_like_html(exchange):
        return world.read_data(
            exchange.body, url=exchange.url, as_of=world.job.as_of, vocabulary=world.vocabulary
        )

    def read() -> PageFacts:
        return world.read(
            exchange.body,
            url=wanted.url if wire(wanted.url) == exchange.url else exchange.url,
            content_type=content_type,
            as_of=world.job.as_of,
            vocabulary=world.vocabulary,
            status=exchange.status,
        )

    page = looks_like_html(exchange) and not is_document(exchange.body, content_type, exchange.url)
    if page and len(exchange.body) <= _INLINE_BYTES:
        return read()
    return await asyncio.get_running_loop().run_in_executor(_aside, read)
