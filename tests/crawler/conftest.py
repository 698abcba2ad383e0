"""A crawl of made-up sites in a process of its own, and what it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dossier.archive import read_captures, read_facts, read_report
from dossier.model import (
    Capture,
    Channel,
    CrawlJob,
    CrawlProgress,
    CrawlSettings,
    PageFacts,
    SiteRow,
    Unit,
    UnitClass,
    UnitJob,
    UnitReport,
)

ROOT = Path(__file__).parents[2]


def unit(unit_id: str, *urls: str, **row: Any) -> Unit:
    sites = tuple(
        SiteRow(unit_id=unit_id, channel=Channel.WEBSITE, name="网站", url=url, **row)
        for url in urls or ("",)
    )
    return Unit(unit_id=unit_id, unit_class=UnitClass.A, short_name=unit_id, full_name=unit_id, sites=sites)


@dataclass(frozen=True)
class Crawled:
    """What one crawl left."""

    code: int
    out: Path
    progress: list[CrawlProgress]
    stderr: str

    def captures(self, unit_id: str = "A01") -> tuple[Capture, ...]:
        return read_captures(self.out / unit_id)

    def last(self, url: str, unit_id: str = "A01") -> Capture:
        """The last capture of an address."""
        return [each for each in self.captures(unit_id) if each.asked_url == url][-1]

    def tries(self, url: str, unit_id: str = "A01") -> list[Capture]:
        return [each for each in self.captures(unit_id) if each.asked_url == url]

    def report(self, unit_id: str = "A01") -> UnitReport:
        report = read_report(self.out / unit_id)
        assert report is not None, self.stderr
        return report

    def facts(self, unit_id: str = "A01") -> dict[str, PageFacts]:
        return {record.url: record.facts for record in read_facts(self.out / unit_id)}


Run = Callable[..., Crawled]


def start_crawl(
    folder: Path,
    proxy: str,
    *units: Unit | UnitJob,
    run_id: str = "r1",
    control: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    real: bool = False,
    patience: float = 90,
    **settings: Any,
) -> Crawled:
    """Crawls in a process of its own below a folder."""
    fast = {"delay_seconds": 0.0, "retry_wait_seconds": 0.0, "timeout_seconds": 3.0, "browser": False}
    out = folder / "data" / "runs" / run_id
    out.mkdir(parents=True, exist_ok=True)
    job = CrawlJob(
        run_id=run_id,
        as_of=date(2020, 12, 1),
        out=str(out),
        home=str(folder),
        settings=CrawlSettings(**(fast | {"proxy": proxy} | settings)),
        control_urls=control,
        units=tuple(each if isinstance(each, UnitJob) else UnitJob(unit=each) for each in units),
    )
    path = folder / f"job-{run_id}.json"
    path.write_bytes(msgspec.json.encode(job))
    module = "crawler" if real else "tests.crawler.double"
    done = subprocess.run(
        [sys.executable, "-m", module, str(path)],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        timeout=patience,
        check=False,
    )
    progress = [msgspec.json.decode(line, type=CrawlProgress) for line in done.stdout.splitlines()]
    return Crawled(done.returncode, out, progress, done.stderr.decode())


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def start(town_proxy: str, *units: Unit | UnitJob, **told: Any) -> Crawled:
        return start_crawl(tmp_path, town_proxy, *units, **told)

    return start
