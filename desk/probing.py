"""One round of availability probes: the crawler's room knocks, the desk writes down who opened."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desk.crawling import NETWORK_DOWN
from desk.installation import Installation
from dossier import store
from dossier.model import CrawlJob, ProbeSample, UnitJob
from dossier.store import Store

SECONDS = "site-unreachable.seconds"
"""The threshold that says how long a visitor waits."""

Knock = Callable[[CrawlJob], tuple[tuple[ProbeSample, ...], bool]]
"""A job → samples, and whether our own network was down."""


class ProbeCrashed(Exception):  # noqa: N818
    """The probing process ended in a way it should not; nothing was recorded."""


@dataclass(frozen=True)
class Round:
    """What one round brought."""

    samples: tuple[ProbeSample, ...]
    ours: bool
    """Our own network was down: what did not open is kept out of every series."""

    @property
    def closed(self) -> tuple[ProbeSample, ...]:
        return tuple(sample for sample in self.samples if not sample.opened and not sample.ours)


def probe(installation: Installation, kept: Store, knock: Knock | None = None) -> Round:
    """Knock once at every website of the list and add what came of it to the series."""
    limit = installation.tables.rules.threshold(SECONDS)
    job = CrawlJob(
        run_id="probe", as_of=installation.as_of, out="", home=str(installation.home.root),
        settings=msgspec.structs.replace(installation.settings.crawl, timeout_seconds=limit),
        control_urls=installation.settings.network.control_urls,
        units=tuple(UnitJob(unit=unit) for unit in installation.units),
    )  # fmt: skip
    samples, ours = (knock or knock_in_process)(job)
    store.add_probes(kept, samples)
    return Round(samples, ours)


def knock_in_process(job: CrawlJob) -> tuple[tuple[ProbeSample, ...], bool]:
    """The round as the crawler's room makes it, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="gongkai-probe-") as folder:
        path = Path(folder) / "job.json"
        path.write_bytes(msgspec.json.encode(job))
        done = subprocess.run(
            [sys.executable, "-m", "crawler.probe", str(path)], capture_output=True, check=False
        )
    if done.returncode not in (0, NETWORK_DOWN):
        raise ProbeCrashed(
            f"探测进程异常退出（代码 {done.returncode}）：{done.stderr.decode(errors='replace')}"
        )
    samples = tuple(msgspec.json.decode(line, type=ProbeSample) for line in done.stdout.splitlines())
    return samples, done.returncode == NETWORK_DOWN


def in_words(done: Round) -> str:
    """The Chinese summary of a round."""
    if done.ours:
        return "本机网络（或代理）不通：本次没有打开的都记为本机原因，不计入任何网站的探测次数。"
    lines = [
        f"探测 {len(done.samples)} 个网站，打开 {sum(one.opened for one in done.samples)} 个，没有打开 {len(done.closed)} 个。"
    ]
    lines += [
        f"  {one.host}：{one.reason or '无应答'}（{one.elapsed_ms / 1000:.1f} 秒）" for one in done.closed
    ]
    return "\n".join(lines)
