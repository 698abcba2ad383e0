"""The desk starts the crawl as processes over shards of units, and watches them."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from desk.resume import held, is_closed, set_aside
from dossier import archive
from dossier.errors import NetworkDown
from dossier.home import Home
from dossier.model import CrawlJob, CrawlProgress, Unit, UnitJob
from dossier.settings import Settings

NETWORK_DOWN = 4
"""Exit code of a crawl process that found our own network down (contract)."""
TRIES = 2
"""How often a unit is begun whose crawl process died under it."""

Watch = Callable[[int, CrawlProgress], None]


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


def hosts_of(unit: Unit) -> frozenset[str]:
    """Every host of a unit's websites. The platforms of accounts are everybody's: they are asked once or
    twice a unit, and would draw all units into one shard."""
    named = {urlsplit(row.url).netloc.lower() for row in unit.websites if row.url}
    return frozenset(named | {host.lower() for row in unit.websites for host in row.extra_hosts})


def crawl(
    jobs: Sequence[UnitJob],
    *,
    run_id: str,
    as_of: date,
    home: Home,
    settings: Settings,
    watch: Watch,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Crawl every unit into the run folder. Raises NetworkDown when no shard saw anything but our own outage.

    Units whose crawl process died are crawled once more from the start; what broke off is set aside.
    """
    folder = home.run(run_id)
    (folder / "jobs").mkdir(parents=True, exist_ok=True)
    left = list(jobs)
    codes: list[int] = []
    for attempt in range(1, TRIES + 1):
        first = _free_number(folder)
        shards = shard(left, max(1, settings.crawl.processes))
        commands = []
        for number, part in enumerate(shards, start=first):
            path = folder / "jobs" / f"{number}.json"
            job = CrawlJob(
                run_id=run_id, as_of=as_of, out=str(folder), home=str(home.root),
                settings=msgspec.structs.replace(settings.crawl, processes=1),
                control_urls=settings.network.control_urls, units=part,
            )  # fmt: skip
            path.write_bytes(msgspec.json.format(msgspec.json.encode(job), indent=1))
            commands.append([sys.executable, "-m", "crawler", str(path)])
        codes = _run_all(commands, folder, watch, environment, first)
        if codes and all(code == NETWORK_DOWN for code in codes):
            if attempt > 1:  # others of this night were seen; these few are closed as not seen
                return
            raise NetworkDown(
                "检测到本机网络（或代理）不通：本次没有作出任何判断，也没有记录任何单位的问题。"
            )
        crashed = [number for number, code in enumerate(codes) if code not in (0, NETWORK_DOWN)]
        left = [
            job for number in crashed for job in shards[number] if not is_closed(folder, job.unit.unit_id)
        ]
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


def _free_number(folder: Path) -> int:
    taken = [int(path.stem) for path in (folder / "jobs").glob("*.json") if path.stem.isdigit()]
    return max(taken, default=-1) + 1


def _run_all(
    commands: Iterable[list[str]],
    folder: Path,
    watch: Watch,
    environment: Mapping[str, str] | None,
    first: int = 0,
) -> list[int]:
    """Start every process, pass on their progress lines until all have ended, and return their exit codes."""
    events: queue.Queue[tuple[int, CrawlProgress | None]] = queue.Queue()
    processes: list[subprocess.Popen[bytes]] = []
    readers: list[threading.Thread] = []
    locks = contextlib.ExitStack()
    try:
        for number, command in enumerate(commands, start=first):
            lock = locks.enter_context(held(folder / "jobs" / f"{number}.lock"))
            with (folder / "jobs" / f"{number}.log").open("ab") as log:
                process = subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=log, env=environment, pass_fds=(lock.fileno(),)
                )
            lock.write(str(process.pid).encode())
            lock.flush()
            processes.append(process)
            reader = threading.Thread(target=_read_progress, args=(number, process, events), daemon=True)
            reader.start()
            readers.append(reader)
        open_streams = len(processes)
        while open_streams:
            number, event = events.get()
            if event is None:
                open_streams -= 1
            else:
                watch(number, event)
        return [process.wait() for process in processes]
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if process.stdout:
                process.stdout.close()
        locks.close()


def _read_progress(
    number: int, process: subprocess.Popen[bytes], events: queue.Queue[tuple[int, CrawlProgress | None]]
) -> None:
    decode = msgspec.json.Decoder(CrawlProgress).decode
    assert process.stdout is not None
    try:
        for line in process.stdout:
            try:
                events.put((number, decode(line)))
            except msgspec.DecodeError:
                continue  # a stray print of a library; the log has the rest
    except ValueError:
        pass  # closed under us while stopping
    finally:
        events.put((number, None))
