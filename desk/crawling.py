"""The desk has the units crawled in shards, and decides what a shard's end means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

from desk.engines import Engine, Shard, Watch, engine_of, hosts_of
from desk.logins import forget_login
from desk.resume import NETWORK_DOWN as SAID_DOWN
from desk.resume import is_closed, set_aside
from dossier import archive
from dossier.errors import NetworkDown
from dossier.home import Home
from dossier.model import CrawlJob, Reach, UnitJob
from dossier.reasons import NOBODY_SEEN
from dossier.settings import Settings

NETWORK_DOWN = 4
"""Exit code of a crawl process that found our own network down (contract)."""
_SEVERAL = 2
_UNSEEN = ("home-unseen", SAID_DOWN, "no-address")
TRIES = 2
"""How often a unit is begun whose crawl process died under it."""


class CrawlCrashed(Exception):  # noqa: N818
    """A crawl process ended in a way it should not; what it had finished is kept."""


def shard(jobs: Sequence[UnitJob], count: int) -> tuple[tuple[UnitJob, ...], ...]:
    """Units dealt over at most `count` shards; units that share a host stay together, so that
    politeness towards a host is one process's business."""
    groups: list[tuple[set[str], list[UnitJob]]] = []
    for job in jobs:
        hosts = hosts_of(job.unit)
        merged: tuple[set[str], list[UnitJob]] = (set(hosts), [job])
        apart = []
        for group in groups:
            if group[0] & merged[0]:
                merged = (group[0] | merged[0], group[1] + merged[1])
            else:
                apart.append(group)
        groups = [*apart, merged]
    shards: list[list[UnitJob]] = [[] for _ in range(max(1, min(count, len(groups))))]
    for _, members in sorted(groups, key=lambda group: -len(group[1])):
        min(shards, key=len).extend(members)
    order = {job.unit.unit_id: index for index, job in enumerate(jobs)}
    return tuple(tuple(sorted(part, key=lambda job: order[job.unit.unit_id])) for part in shards if part)


def crawl(
    jobs: Sequence[UnitJob],
    *,
    run_id: str,
    as_of: date,
    home: Home,
    settings: Settings,
    watch: Watch,
    engine: Engine | None = None,
) -> None:
    """Crawl every unit into the run folder. Raises NetworkDown when no shard saw anything but our own outage.

    Units whose crawl process died are crawled once more from the start; what broke off is set aside.
    """
    try:
        _crawl_all(jobs, run_id, as_of, home, settings, watch, engine)
    finally:
        forget_login(home.run(run_id), settings.crawl.proxy)


def _crawl_all(
    jobs: Sequence[UnitJob],
    run_id: str,
    as_of: date,
    home: Home,
    settings: Settings,
    watch: Watch,
    engine: Engine | None,
) -> None:
    folder = home.run(run_id)
    (folder / "jobs").mkdir(parents=True, exist_ok=True)
    engine = engine or engine_of(settings)
    left = list(jobs)
    for attempt in range(1, TRIES + 1):
        first = _free_number(folder)
        parts = shard(left, max(1, engine.width(settings.crawl.processes)))
        shards = [
            Shard(
                number,
                CrawlJob(
                    run_id=run_id, as_of=as_of, out=str(folder), home=str(home.root),
                    settings=msgspec.structs.replace(settings.crawl, processes=1),
                    control_urls=settings.network.control_urls, units=part,
                ),
            )
            for number, part in enumerate(parts, start=first)
        ]  # fmt: skip
        codes = engine.run(folder, shards, watch)
        if _nobody_was_seen(folder, left, codes):
            # A shard of one unit has nobody to compare with: a name that a living proxy cannot resolve is that unit's own.
            _take_back(folder, left)
            codes = [NETWORK_DOWN] * len(codes)
        if codes and all(code == NETWORK_DOWN for code in codes):
            if attempt > 1:  # others of this night were seen; these few are closed as not seen
                return
            raise NetworkDown(_why_down(folder, jobs))
        crashed = [number for number, code in enumerate(codes) if code not in (0, NETWORK_DOWN)]
        left = [job for number in crashed for job in parts[number] if not is_closed(folder, job.unit.unit_id)]
        if not left:
            return
        broken = folder / "jobs" / f"{first + crashed[0]}.log", codes[crashed[0]]
        if attempt < TRIES:
            click.echo(
                f"抓取进程意外退出（代码 {broken[1]}），重新抓取没有做完的 {len(left)} 个单位。", err=True
            )
            for one in left:
                set_aside(folder, one.unit.unit_id)
    if len(left) == len(jobs):
        raise CrawlCrashed(f"抓取进程异常退出（代码 {broken[1]}），日志见 {broken[0]}")
    for one in left:
        archive.close_folder(folder / one.unit.unit_id)


def _nobody_was_seen(folder: Path, jobs: Sequence[UnitJob], codes: Sequence[int]) -> bool:
    """Whether several shards saw no page of any unit, and one is sure that it was our own line or all met silence alone."""
    if len(codes) < _SEVERAL or not set(codes) <= {0, NETWORK_DOWN}:
        return False
    reports = [archive.read_report(folder / one.unit.unit_id) for one in jobs]
    if any(one is None or one.ok or one.finish not in _UNSEEN for one in reports):
        return False
    if NETWORK_DOWN in codes:
        return True
    reaches = {
        capture.reach
        for one in jobs
        for capture in archive.read_captures(folder / one.unit.unit_id)
        if not capture.carried
    }
    return reaches == {Reach.SILENT}


def _take_back(folder: Path, jobs: Sequence[UnitJob]) -> None:
    """Silences that were held against a unit by a shard that had nobody to compare it with."""
    for one in jobs:
        report = archive.read_report(folder / one.unit.unit_id)
        if report is not None and report.finish == "home-unseen":
            taken = msgspec.structs.replace(report, finish=SAID_DOWN, because=NOBODY_SEEN)
            archive.write_report(folder / one.unit.unit_id, taken)


def _why_down(folder: Path, jobs: Sequence[UnitJob]) -> str:
    """What the person at this machine must know of it."""
    said = [archive.read_report(folder / one.unit.unit_id) for one in jobs]
    why = "检测到本机网络（或代理）不通"
    if any(report is not None and "同一张网页" in report.because for report in said):
        why = "检测到本机网络在代替各网站应答（上网认证页，或域名被劫持）：请先在浏览器里登录上网，再重新运行"
    return f"{why}。本次没有作出任何判断，也没有记录任何单位的问题。"


def _free_number(folder: Path) -> int:
    taken = [int(path.stem) for path in (folder / "jobs").glob("*.json") if path.stem.isdigit()]
    return max(taken, default=-1) + 1


__all__ = ["CrawlCrashed", "crawl", "hosts_of", "shard"]
