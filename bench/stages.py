"""What 1,000 pages cost at each stage of their life, from the wire to the judgement.

    python -m bench stages
    python -m bench.stages 40 5 FOLDER     # pages of a site, rounds, and a folder of saved pages to read as well

Each stage is done again by itself over the pages of one crawl, so that the sum is a little more than the whole.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from bench import ground
from bench.commands import gongkai
from crawler.carriers import Way
from crawler.priority import leads_of
from crawler.quick import QuickCarrier
from desk.ingest import ingest
from desk.installation import Installation
from dossier import archive
from dossier.archive import ArchiveWriter, Exchange
from dossier.home import Home
from dossier.model import Capture, PageFacts, Reach
from dossier.reading import Vocabulary, read, repeated
from dossier.reading.decoding import decode
from dossier.reading.growing import grow
from dossier.reading.vocabulary_tables import load_vocabulary
from dossier.store import open_store

_UNITS = ",".join([*(f"A{n:02d}" for n in range(1, 10)), *(f"B{n:02d}" for n in range(1, 10))])
_PEER_PAGES = 300
_DATE = re.compile(r"(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})")


def main(pages: int = 40, rounds: int = 5, folder: str = "", units: str = _UNITS) -> None:
    """Crawl once, then do each stage over all pages again."""
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        home, before = (ground.practice_home(here / one, pages=pages) for one in ("home", "before"))
        with ground.province(pages=pages) as proxy:
            gongkai(before, "crawl", proxy=proxy, units=units.rpartition(",")[2])  # byte code is written once
            whole = gongkai(home, "crawl", proxy=proxy, units=units, settings=("crawl.processes=1",))
            run = next(path for path in (home / "data" / "runs").iterdir() if (path / "run.json").is_file())
            found = list(html_pages(run))
            (here / "urls.txt").write_text("\n".join(capture.url for capture, _ in found))
            urls = [capture.url for capture, _ in found]
            carried = [asyncio.run(_carrying(proxy, urls)) for _ in range(rounds)]
            fetch = [_fetching(proxy, here / "urls.txt") for _ in range(rounds)]
        vocabulary = load_vocabulary(Home(home))
        size = sum(len(body) for _, body in found) / len(found)
        print(f"{ground.machine()}; {len(found)} pages of {size / 1024:.1f} KB in the mean; the whole crawl")
        print(f"command: {whole.cpu / len(found) * 1000:.2f} CPU s for 1,000 pages\n")
        print("| stage | CPU s for 1,000 pages, median [min–max] |\n|---|---|")
        _say("download (our carrier alone)", [one / len(found) * 1000 for one in carried])
        _say(
            "download (Scrapy, looking at nothing; start not counted; peer)",
            [one / len(found) * 1000 for one in fetch],
        )
        reading([(capture.url, capture.content_type, body) for capture, body in found], vocabulary, rounds)
        _say("archive (WARC, gzip, manifest line)", _archiving(found, here, rounds))
        entered, judged = _entering_and_judging(home, run, here, rounds)
        _say("store (facts from files into the database)", [one / len(found) * 1000 for one in entered])
        _say("judge (command, start counted)", [one / len(found) * 1000 for one in judged])
        if folder:
            saved = [
                (f"http://{path.parent.name}/{path.name}", "", path.read_bytes()) for path in saved_in(folder)
            ]
            size = sum(len(body) for _, _, body in saved) / len(saved)
            print(f"\n{len(saved)} saved pages of {size / 1024:.1f} KB in the mean\n")
            reading(saved, vocabulary, rounds)


def reading(pages: list[tuple[str, str, bytes]], vocabulary: Vocabulary, rounds: int) -> None:
    """The stages of reading, and bs4 beside them."""
    facts: list[PageFacts] = []

    def all_facts() -> None:
        _forget()
        facts[:] = [
            read(body, url=url, content_type=kind, as_of=ground.AS_OF, vocabulary=vocabulary)
            for url, kind, body in pages
        ]

    texts = [decode(body, kind)[0] for _, kind, body in pages]
    every = len(pages)
    stages: dict[str, tuple[Callable[[], Any], int]] = {
        "decode": (lambda: [decode(body, kind) for _, kind, body in pages], every),
        "parse (selectolax alone)": (lambda: [LexborHTMLParser(text) for text in texts], every),
        "parse and walk": (lambda: (_forget(), [grow(text) for text in texts]), every),
        "read (all facts, with decode, parse and walk)": (all_facts, every),
        "leads of the facts": (lambda: [sum(1 for _ in leads_of(one, vocabulary)) for one in facts], every),
        "facts as JSON": (lambda: [msgspec.json.encode(one) for one in facts], every),
        "bs4 + lxml: title, labels, links, text, list dates (peer)": (
            lambda: [_soup(text, "lxml") for text in texts[:_PEER_PAGES]],
            min(_PEER_PAGES, every),
        ),
        "bs4 + html.parser: the same (peer)": (
            lambda: [_soup(text, "html.parser") for text in texts[:_PEER_PAGES]],
            min(_PEER_PAGES, every),
        ),
    }
    for title, (act, count) in stages.items():
        _say(title, [_timed(act) / count * 1000 for _ in range(rounds)])


def _forget() -> None:
    """Each round begins like a crawl, that has met no frame of a site yet."""
    repeated.forget()
    gc.collect()


def html_pages(run: Path) -> Iterator[tuple[Capture, bytes]]:
    """Every HTML page that a run has in its archive, with its body."""
    for unit in sorted(path.parent for path in run.glob("*/unit.json")):
        for capture in archive.read_captures(unit):
            if capture.reach is Reach.OK and capture.sha256 and "html" in capture.content_type:
                yield capture, archive.read_body(run.parent, run.name, unit.name, capture)


def saved_in(folder: str) -> list[Path]:
    """Saved pages, those beyond any sense left out."""
    return [path for path in sorted(Path(folder).glob("*/*.html")) if path.stat().st_size < 1_500_000]


def _soup(text: str, parser: str) -> int:
    """What a reader with bs4 would take from a page: far less than our facts."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, parser)
    labels = {tag.get("name"): tag.get("content") for tag in soup.find_all("meta")}
    links = [(link["href"], link.get_text(" ", strip=True)) for link in soup.find_all("a", href=True)]
    rows = [found for row in soup.find_all("li") if (found := _DATE.search(row.get_text()))]
    return len(labels) + len(links) + len(rows) + len(soup.get_text("\n", strip=True)) + bool(soup.title)


def _timed(act: Callable[[], Any]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _say(title: str, spent: list[float]) -> None:
    print(f"| {title} | {ground.middle(spent)} |", flush=True)


async def _carrying(proxy: str, urls: list[str]) -> float:
    """CPU seconds in which our carrier brings the same pages, encoded as they come."""
    carrier = QuickCarrier(Way(proxy, "", seconds=20, most_bytes=50_000_000))
    headers = {"User-Agent": "gongkai bench", "Accept-Encoding": "gzip"}
    left = iter(urls)

    async def some() -> None:
        for url in left:
            await carrier.carry(url, headers, 50_000_000, None)

    begun = time.process_time()
    await asyncio.gather(*(some() for _ in range(64)))
    await carrier.close()
    return time.process_time() - begun


def _fetching(proxy: str, urls: Path) -> float:
    """CPU seconds of a Scrapy process that asks for the same pages and looks at none of them, less its start."""
    command = [sys.executable, "-m", "bench.stages", "--fetch", proxy]
    nothing = urls.with_name("none.txt")
    nothing.write_text("")
    spent = [ground.spend([*command, str(path)], log=urls.with_name("fetch.log")) for path in (urls, nothing)]
    return spent[0].cpu - spent[1].cpu


def fetch(proxy: str, urls: Path) -> None:
    """Asks for all addresses of a file."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    class Deaf(Spider):
        name = "deaf"

        async def start(self) -> Any:
            for url in urls.read_text().split():
                yield Request(url, meta={"proxy": proxy})

        def parse(self, response: Any) -> None:
            """Nothing is looked at."""

    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 64, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_TIMEOUT": 20,
        }
    )  # fmt: skip
    process.crawl(Deaf)
    process.start()


def _archiving(found: list[tuple[Capture, bytes]], folder: Path, rounds: int) -> list[float]:
    spent = []
    for number in range(rounds):
        begun = time.process_time()
        with ArchiveWriter(folder / f"again-{number}", "X00") as out:
            for capture, body in found:
                headers = (
                    ("Content-Type", capture.content_type),
                    ("Server", "nginx"),
                    ("Date", "Wed, 30 Sep 2020 00:00:00 GMT"),
                )
                exchange = Exchange(
                    url=capture.url, at=capture.at, status=200, response_headers=headers, body=body
                )
                out.add(capture, (exchange,))
        spent.append((time.process_time() - begun) / len(found) * 1000)
    return spent


def _entering_and_judging(
    home: Path, run: Path, folder: Path, rounds: int
) -> tuple[list[float], list[float]]:
    """CPU seconds of entering a run into an empty database, and of judging it from there."""
    entered, judged = [], []
    for number in range(min(rounds, 3)):
        bare = folder / f"bare-{number}"
        shutil.copytree(
            home, bare, ignore=shutil.ignore_patterns("gongkai.db*", "reports"), copy_function=os.link
        )
        installation = Installation.of(home=bare, as_of=ground.AS_OF)
        begun = time.process_time()
        with open_store(installation.home.database) as store:
            ingest(
                store, installation.home.run(run.name), installation.units, vocabulary=installation.vocabulary
            )
        entered.append(time.process_time() - begun)
        judged.append(
            gongkai(bare, "judge", "--run", run.name, settings=("judge.processes=1",), units=_UNITS).cpu
        )
    return entered, judged


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fetch"]:
        fetch(sys.argv[2], Path(sys.argv[3]))
    else:
        given = sys.argv[1:]
        main(int(given[0]) if given else 40, int(given[1]) if given[1:] else 5, *given[2:4])
