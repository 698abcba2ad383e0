"""A small reader for tests of the crawl, and the process that uses it: `python -m tests.crawler.double JOB.json`."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec

from crawler.run import crawl
from dossier.model import Attachment, CrawlJob, Item, Link, LinkPlace, PageFacts, PageKind
from dossier.model.page import READER_VERSION

_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_FILE = re.compile(r"\.(pdf|docx?|xlsx?)$")


def read(
    body: bytes, *, url: str, content_type: str, as_of: date, vocabulary: Any, status: int | None
) -> PageFacts:
    """Links, title, text, and whether the page says that it is not there."""
    if body.startswith(b"%PDF"):
        return PageFacts(url=url, reader=READER_VERSION, text="附件正文")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("gb18030", errors="replace")
    title = "".join(re.findall(r"<title>(.*?)</title>", text))
    bare = re.sub(r"<title>.*?</title>|<[^>]+>", "\n", text)
    found = [(urljoin(url, href), label) for href, label in _LINK.findall(text)]
    error = vocabulary.error_of(title, bare, status)
    shell = not bare.strip() and "<script" in text
    kind = PageKind.SHELL if shell else PageKind.ERROR if error else PageKind.OTHER
    return PageFacts(
        url=url,
        reader=READER_VERSION,
        html_title=title,
        text=bare.strip(),
        whole_text=bare,
        kind=kind,
        sign=error or "",
        links=tuple(
            Link(url=href, text=label, place=LinkPlace.BODY)
            for href, label in found
            if not _FILE.search(href)
        )
        + tuple(Link(url=urljoin(url, src), tag="img") for src in re.findall(r'<img src="([^"]*)"', text)),
        attachments=tuple(Attachment(url=href, text=label) for href, label in found if _FILE.search(href)),
        items=tuple(
            Item(title=label, url=urljoin(url, href))
            for href, label in re.findall(r'<li><a href="([^"]*)">(.*?)</a>', text)
        ),
    )


if __name__ == "__main__":
    sys.exit(crawl(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=CrawlJob), read))
