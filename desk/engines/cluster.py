"""The shards of a night on the workers of a Dask cluster (`pip install 'gongkai[dask]'`).

Dask brings a shard to a worker, notices a dead worker and begins its shard on another; what a shard is, what it
leaves out when begun again, and that one host belongs to one shard, is ours.
"""

from __future__ import annotations

import contextlib
import queue
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from desk.engines import Shard, Watch
from desk.engines.errand import Done, Errand, dask, lock_of, release, run_shard
from desk.engines.travel import Share
from desk.resume import is_closed
from dossier.errors import BadInput, Problem
from dossier.model import CrawlJob, CrawlProgress

_CONNECT_SECONDS = 10
_SETTLE_SECONDS = 180
"""So long the lease of a dead desk and the end of its crawls are waited for; leases lapse after 30 seconds."""
_FAULT = 1


class DaskCluster:
    """A scheduler that somebody else runs, and its workers."""

    def __init__(self, scheduler: str, share: str = "") -> None:
        self.scheduler = scheduler
        self.share = share

    def width(self, wanted: int) -> int:
        """At least one shard a worker."""
        with self._client() as client:
            workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise BadInput(
                [Problem("engine.scheduler", f"调度器 {self.scheduler} 上没有工作机", "请先在各工作机上启动 dask worker")]
            )  # fmt: skip
        return max(wanted, workers)

    def settle(self, folder: Path) -> None:
        hosts = {host for path in (folder / "jobs").glob("*.json") for host in _hosts_of_job(path)}
        if hosts:
            with self._client(), contextlib.ExitStack() as held:
                for host in sorted(hosts):
                    lock = dask().Lock(lock_of(host))
                    if not lock.acquire(timeout=_SETTLE_SECONDS):
                        raise BadInput(
                            [Problem(host, "上一次的抓取还在集群上运行", "请等它结束，或在调度器上停掉它")]
                        )
                    held.callback(lock.release)
        if self.share:
            _bring_home(Share(self.share, folder.name), folder)

    def run(self, folder: Path, shards: Sequence[Shard], watch: Watch) -> list[int]:
        share = Share(self.share, folder.name) if self.share else None
        if share is not None:
            _pack(share, shards)
        topic = f"gongkai-{folder.name}-{uuid.uuid4().hex[:8]}"
        events: queue.Queue[tuple[int, bytes]] = queue.Queue()
        decode = msgspec.json.Decoder(CrawlProgress).decode
        with self._client() as client, _waiting(topic):
            client.subscribe_topic(topic, lambda event: _take(event, events))
            futures = [
                client.submit(run_shard, _errand(folder, one, self.share, topic), key=f"{topic}-{one.number}", pure=False)
                for one in shards
            ]  # fmt: skip
            while True:
                ended = all(future.done() for future in futures)
                with contextlib.suppress(queue.Empty):
                    while True:
                        number, line = events.get(timeout=0 if ended else 0.5)
                        watch(number, decode(line))
                if ended:
                    break
            codes = [self._code(folder, one, future) for one, future in zip(shards, futures, strict=True)]
            client.unsubscribe_topic(topic)
        if share is not None:
            _bring_home(share, folder)
            share.remove()
        return codes

    def _code(self, folder: Path, shard: Shard, future: Any) -> int:
        """The exit code of a shard; one that could not be run has the reason in its log."""
        log = folder / "jobs" / f"{shard.number}.log"
        error = future.exception()
        if error is None:
            done: Done = future.result()
            if self.share:
                log.write_bytes(done.log)
            return done.code
        said = f"{type(error).__name__}: {error}"
        log.write_text(said + "\n", encoding="utf-8")
        click.echo(f"第 {shard.number} 份任务没有在集群上做成：{said}", err=True)
        return _FAULT

    @contextlib.contextmanager
    def _client(self) -> Iterator[Any]:
        try:
            client = dask().Client(self.scheduler, timeout=_CONNECT_SECONDS, set_as_default=True)
        except (OSError, ValueError) as error:
            raise BadInput(
                [Problem("engine.scheduler", f"连不上调度器 {self.scheduler}：{error}", "请确认 dask scheduler 已启动、地址写成 tcp://主机:8786")]
            ) from error  # fmt: skip
        try:
            yield client
        finally:
            client.close()


@contextlib.contextmanager
def _waiting(topic: str) -> Iterator[None]:
    """A lease that lapses with us: workers whose desk is gone end their crawls."""
    lease = dask().Semaphore(max_leases=1, name=topic)
    lease.acquire()
    try:
        yield
    finally:
        lease.release()


def _take(event: Any, events: queue.Queue[tuple[int, bytes]]) -> None:
    _, said = event
    events.put((int(said["number"]), bytes(said["line"])))


def _errand(folder: Path, shard: Shard, share: str, topic: str) -> Errand:
    job = msgspec.json.encode(shard.job)
    (folder / "jobs" / f"{shard.number}.json").write_bytes(msgspec.json.format(job, indent=1))
    return Errand(
        number=shard.number, job=job, hosts=tuple(sorted(shard.hosts)), share=share, topic=topic, release=release()
    )  # fmt: skip


def _pack(share: Share, shards: Sequence[Shard]) -> None:
    """Send what the workers need besides the job: the known pages of each unit, and the home's own tables."""
    tables = Path(shards[0].job.home) / "tables"
    if tables.is_dir():
        share.put(tables, "home/tables")
    for one in (unit for shard in shards for unit in shard.job.units if unit.known):
        known = Path(one.known)
        share.files.makedirs(f"{share.root}/known", exist_ok=True)
        share.files.put_file(str(known), f"{share.root}/known/{known.name}")


def _bring_home(share: Share, folder: Path) -> None:
    """Fetch every closed unit that the run's folder does not have yet."""
    if not share.files.exists(share.root):
        return
    for place in share.files.ls(share.root, detail=False):
        unit_id = str(place).rstrip("/").rpartition("/")[2]
        if share.is_closed(unit_id) and not is_closed(folder, unit_id):
            share.get(unit_id, folder / unit_id)


def _hosts_of_job(path: Path) -> Iterator[str]:
    with contextlib.suppress(msgspec.DecodeError):
        job = msgspec.json.decode(path.read_bytes(), type=CrawlJob)
        yield from Shard(0, job).hosts


__all__ = ["DaskCluster"]
