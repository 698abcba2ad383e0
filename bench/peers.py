"""The peer of our crawl: the spider that `scrapy startproject` and `scrapy genspider -t crawl` lay out, keeping nothing.

    python -m bench.peers PROXY UNIT_SITES.csv

Settings are the template's and Scrapy's own, logging at DEBUG into a file among them. Changed is only what makes the
two comparable: no delay, as many requests at once and as long a patience as ours, all sites in one process, the
same proxy (through the environment, as Scrapy takes it), and the same depth. `--log INFO` quiets it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Stock(CrawlSpider):  # type: ignore[misc]  # Scrapy is untyped
    name = "stock"
    rules = (Rule(LinkExtractor(), callback="parse_item", follow=True),)

    def __init__(self, starts: list[str], hosts: list[str]) -> None:
        super().__init__()
        self.start_urls = starts
        self.allowed_domains = hosts

    def parse_item(self, response: Any) -> None:
        """Nothing is kept."""


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
    parser.add_argument("--only", default="", help="these units alone")
    parser.add_argument("--log", default="DEBUG", help="Scrapy's own default is DEBUG")
    options = parser.parse_args()
    os.environ["http_proxy"] = options.proxy
    starts, hosts = starts_of(options.units, frozenset(filter(None, options.only.split(","))))
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True, "FEED_EXPORT_ENCODING": "utf-8",  # the template's
            "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "DOWNLOAD_TIMEOUT": 6, "DEPTH_LIMIT": 12, "LOG_LEVEL": options.log,
        }
    )  # fmt: skip
    crawler = process.create_crawler(Stock)
    process.crawl(crawler, starts=starts, hosts=hosts)
    process.start()
    stats = crawler.stats.get_stats()
    print(
        json.dumps(
            {
                "requests": stats.get("downloader/request_count", 0),
                "answers": stats.get("downloader/response_count", 0),
                "pages": stats.get("response_received_count", 0),
            }
        )
    )


if __name__ == "__main__":
    main()
