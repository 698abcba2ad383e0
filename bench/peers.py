"""The stock Scrapy spider as the tutorial has it: LinkExtractor, follow, keep nothing. The peer of our crawl.

    python -m bench.peers PROXY UNIT_SITES.csv [--attachments]

Only what the comparison needs is set: the same proxy, the same bounds for concurrency, no delay, quiet log.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse
from scrapy.linkextractors import LinkExtractor


class Stock(scrapy.Spider):  # type: ignore[misc]  # Scrapy is untyped
    name = "stock"

    def __init__(self, proxy: str, starts: list[str], hosts: list[str], attachments: bool, most: int) -> None:
        super().__init__()
        self.proxy = proxy
        self.start_urls = starts
        self.allowed_domains = hosts
        self.extractor = LinkExtractor(deny_extensions=[]) if attachments else LinkExtractor()
        self.most = most
        self.asked: dict[str, int] = {}
        self.pages = 0
        self.bytes = 0

    async def start(self) -> Any:
        for url in self.start_urls:
            yield scrapy.Request(url, meta={"proxy": self.proxy})

    def parse(self, response: Any) -> Iterator[Any]:
        self.pages += 1
        self.bytes += len(response.body)
        if not isinstance(response, HtmlResponse):
            return
        for link in self.extractor.extract_links(response):
            host = urlsplit(link.url).hostname or ""
            if self.asked.get(host, 0) < self.most:
                yield scrapy.Request(link.url, meta={"proxy": self.proxy})


class Bounded:
    """The page budget that every careful spider has: so many pages of a host."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Bounded:
        return cls(crawler.settings.getint("MOST_OF_A_HOST"))

    def process_request(self, request: Any) -> None:
        host = urlsplit(request.url).hostname or ""
        self.seen[host] = self.seen.get(host, 0) + 1
        if self.seen[host] > self.most:
            raise scrapy.exceptions.IgnoreRequest


def starts_of(path: Path, only: frozenset[str]) -> tuple[list[str], list[str]]:
    """Home addresses and hosts of a unit list."""
    starts, hosts = [], []
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["channel"] == "website" and row["url"] and (not only or row["unit_id"] in only):
                starts.append(row["url"])
                hosts.append(urlsplit(row["url"]).hostname or "")
                hosts.extend(re.split(r"[,;，；\s]+", row["extra_hosts"]))
    return starts, [host for host in dict.fromkeys(hosts) if host]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proxy")
    parser.add_argument("units", type=Path)
    parser.add_argument("--most", type=int, default=3000, help="pages of one host")
    parser.add_argument("--attachments", action="store_true", help="also follow links to files")
    parser.add_argument("--only", default="", help="these units alone")
    options = parser.parse_args()
    starts, hosts = starts_of(options.units, frozenset(filter(None, options.only.split(","))))
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0,
            "DOWNLOAD_TIMEOUT": 6, "ROBOTSTXT_OBEY": True, "LOG_LEVEL": "ERROR", "DEPTH_LIMIT": 12,
            "TELNETCONSOLE_ENABLED": False, "MOST_OF_A_HOST": options.most,
            "DOWNLOADER_MIDDLEWARES": {"bench.peers.Bounded": 10},
        }
    )  # fmt: skip
    crawler = process.create_crawler(Stock)
    process.crawl(
        crawler,
        proxy=options.proxy,
        starts=starts,
        hosts=hosts,
        attachments=options.attachments,
        most=options.most,
    )
    process.start()
    stats = crawler.stats.get_stats()
    print(
        json.dumps(
            {
                "requests": stats.get("downloader/request_count", 0),
                "answers": stats.get("downloader/response_count", 0),
                "pages": crawler.spider.pages if crawler.spider else stats.get("response_received_count", 0),
            }
        )
    )


if __name__ == "__main__":
    main()
