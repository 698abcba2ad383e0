"""Where the time of a page goes: each stage of its life by itself, over the archived pages of one crawl.

python -m bench stages
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from bench import ground
from crawler.priority import leads_of
from dossier import archive
from dossier.archive import ArchiveWriter, Exchange
from dossier.home import Home
from dossier.model import Capture, PageFacts, Reach
from dossier.reading import read
from dossier.reading.decoding import decode
from dossier.reading.tree import grow
from dossier.reading.vocabulary import load_vocabulary


def main(pages: int = 40, rounds: int = 5) -> None:
    """Crawl once, then do each stage over all HTML pages again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = ground.practice_home(folder / "home", pages=pages)
        with ground.province(pages=pages) as proxy:
            out = folder / "runs" / "bench"
            whole = ground.crawl_once(ground.write_job(home, out, proxy))
        found = list(html_pages(out))
        vocabulary = load_vocabulary(Home(home))
        facts: list[PageFacts] = []

        def reading() -> None:
            facts[:] = [
                read(
                    body,
                    url=capture.url,
                    content_type=capture.content_type,
                    as_of=ground.AS_OF,
                    vocabulary=vocabulary,
                )
                for capture, body in found
            ]

        texts = [decode(body, capture.content_type)[0] for capture, body in found]
        stages: dict[str, Callable[[], Any]] = {
            "decode": lambda: [decode(body, capture.content_type) for capture, body in found],
            "parse (selectolax alone)": lambda: [LexborHTMLParser(text) for text in texts],
            "parse and walk": lambda: [grow(text) for text in texts],
            "read (all facts, with decode and parse)": reading,
            "leads": lambda: [sum(1 for _ in leads_of(one, vocabulary)) for one in facts],
            "facts as JSON": lambda: [msgspec.json.encode(one) for one in facts],
            "bs4 + lxml, title and links only (peer)": lambda: [_soup(text) for text in texts[:400]],
        }
        print(
            f"whole crawl: {whole.cpu:.1f} CPU s, {len(found)} HTML pages, {whole.cpu / len(found) * 1000:.2f} ms each\n"
        )
        print("| stage | CPU ms a page, median [min–max] |\n|---|---|")
        for title, act in stages.items():
            count = 400 if "peer" in title else len(found)
            print(f"| {title} | {_timed(act, count, rounds)} |", flush=True)
        print(f"| archive (WARC, gzip, manifest line) | {_archiving(found, folder, rounds)} |")


def html_pages(run: Path) -> Iterator[tuple[Capture, bytes]]:
    """Every HTML page that a run has in its archive, with its body."""
    for unit in sorted(path.parent for path in run.glob("*/captures.jsonl")):
        for capture in archive.read_captures(unit):
            if capture.reach is Reach.OK and capture.sha256 and "html" in capture.content_type:
                yield capture, archive.read_body(run.parent, run.name, unit.name, capture)


def _soup(text: str) -> int:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    return len([link.get_text() for link in soup.find_all("a", href=True)]) + bool(soup.title)


def _timed(act: Callable[[], Any], count: int, rounds: int) -> str:
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        act()
        spent.append((time.process_time() - begun) / count * 1000)
    return ground.middle(spent)


def _archiving(found: list[tuple[Capture, bytes]], folder: Path, rounds: int) -> str:
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
                out.add(
                    capture,
                    (
                        Exchange(
                            url=capture.url, at=capture.at, status=200, response_headers=headers, body=body
                        ),
                    ),
                )
        spent.append((time.process_time() - begun) / len(found) * 1000)
    return ground.middle(spent)


if __name__ == "__main__":
    main()
