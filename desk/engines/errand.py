"""What a worker of a cluster does with one shard: crawl it in a process of its own, and send home what closes.

Whoever does a shard holds the locks of its hosts, so that a host is asked by one process of the whole cluster. A
shard begun again after its worker died leaves out what had already closed.
"""

from __future__ import annotations

import contextlib
import importlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from desk.engines.travel import Share
from desk.resume import is_closed, set_aside
from dossier.errors import BadInput, Problem
from dossier.model import CrawlJob, CrawlProgress, KnownPage, UnitJob
from dossier.model.page import READER_VERSION

LOG_KEPT = 200_000
"""Bytes of a crawl's log that travel home: its end."""
_LOOK_EVERY = 5.0
"""Seconds between two looks whether anybody still waits for the shard."""


def release() -> str:
    """What a worker must have in common with the desk, so that a page says the same to both."""
    return f"{version('gongkai')}/{READER_VERSION}"


@dataclass(frozen=True)
class Errand:
    """One shard for a worker."""

    number: int
    job: bytes
    """A CrawlJob as JSON. Where `share` is empty its folders are the worker's too."""
    hosts: tuple[str, ...]
    share: str
    topic: str
    """Where progress is told, and the name of the lease that the desk holds while it waits."""
    release: str


@dataclass(frozen=True)
class Done:
    """How a shard ended on its worker."""

    code: int
    log: bytes = b""
    left_out: tuple[str, ...] = ()
    """Units that had closed before."""


class WrongRelease(Exception):  # noqa: N818
    """The worker runs another release than the desk: its readings would not be ours."""


def run_shard(errand: Errand) -> Done:
    """Called by the engine on a worker."""
    if errand.release != release():
        raise WrongRelease(f"工作机上的版本是 {release()}，主机上是 {errand.release}")
    job = msgspec.json.decode(errand.job, type=CrawlJob)
    with _hosts_held(errand.hosts), contextlib.ExitStack() as scratch:
        share = Share(errand.share, job.run_id) if errand.share else None
        left_out = tuple(one.unit.unit_id for one in job.units if _is_done(job, one, share))
        units = tuple(one for one in job.units if one.unit.unit_id not in left_out)
        if not units:
            return Done(0, left_out=left_out)
        if share is not None:
            place = Path(scratch.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-shard-")))
            job = _unpacked(job, share, place)
            units = tuple(_without_archive(one, place) for one in units)
        else:
            for one in units:
                set_aside(Path(job.out), one.unit.unit_id)
        code, log = _crawl(msgspec.structs.replace(job, units=units), errand, share)
    return Done(code, log[-LOG_KEPT:], left_out)


def _is_done(job: CrawlJob, one: UnitJob, share: Share | None) -> bool:
    if share is not None:
        return share.is_closed(one.unit.unit_id)
    return is_closed(Path(job.out), one.unit.unit_id)


def _unpacked(job: CrawlJob, share: Share, place: Path) -> CrawlJob:
    out, home = place / "data" / "runs" / job.run_id, place
    out.mkdir(parents=True)
    share.get("home", home)
    share.get("known", place / "known")
    return msgspec.structs.replace(job, out=str(out), home=str(home))


def _without_archive(one: UnitJob, place: Path) -> UnitJob:
    """A unit's known pages, without the bodies of earlier nights, which lie at the desk: what did not change is
    fetched whole, as one cannot take over what one does not have."""
    if not one.known:
        return one
    path = place / "known" / Path(one.known).name
    if not path.is_file():
        return msgspec.structs.replace(one, known="")
    lines = path.read_bytes().splitlines()
    pages = (msgspec.json.decode(line, type=KnownPage) for line in lines)
    path.write_bytes(
        b"".join(
            msgspec.json.encode(msgspec.structs.replace(page, warc="", etag="", last_modified="")) + b"\n"
            for page in pages
        )
    )
    return msgspec.structs.replace(one, known=str(path))


def _crawl(job: CrawlJob, errand: Errand, share: Share | None) -> tuple[int, bytes]:
    out = Path(job.out)
    (out / "jobs").mkdir(parents=True, exist_ok=True)
    path = out / "jobs" / f"{errand.number}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(job), indent=1))
    decode = msgspec.json.Decoder(CrawlProgress).decode
    worker = dask().get_worker()
    with path.with_suffix(".log").open("w+b") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", str(path), "--while-stdin-is-open"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        assert process.stdout is not None
        with process, _ended_when_nobody_waits(process, errand.topic):
            for line in process.stdout:
                with contextlib.suppress(msgspec.DecodeError):
                    event = decode(line)
                    if share is not None and event.event == "unit" and is_closed(out, event.unit_id):
                        share.put_unit(out / event.unit_id)
                    worker.log_event(errand.topic, {"number": errand.number, "line": line})
        log.seek(0)
        said = log.read()
    if share is not None:
        for one in job.units:
            if is_closed(out, one.unit.unit_id) and not share.is_closed(one.unit.unit_id):
                share.put_unit(out / one.unit.unit_id)
    return process.returncode, said


@contextlib.contextmanager
def _ended_when_nobody_waits(process: subprocess.Popen[bytes], topic: str) -> Iterator[None]:
    """End the crawl when the desk's lease has lapsed: a killed desk comes back with a shard of its own."""
    ended = threading.Event()
    lease = dask().Semaphore(max_leases=1, name=topic)

    def look() -> None:
        while not ended.wait(_LOOK_EVERY):
            if lease.get_value() == 0:
                process.terminate()
                return

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


@contextlib.contextmanager
def _hosts_held(hosts: tuple[str, ...]) -> Iterator[None]:
    """The locks of all hosts of a shard, always taken in the same order. They lapse with a worker that died."""
    with contextlib.ExitStack() as held:
        for host in sorted(hosts):
            held.enter_context(dask().Lock(lock_of(host)))
        yield


def lock_of(host: str) -> str:
    """The name under which a host is held on a cluster."""
    return f"gongkai-host-{host}"


def dask() -> Any:
    """The optional library. Raises BadInput with the mend where it is not installed."""
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise BadInput(
            [
                Problem(
                    "engine.name", "没有安装 Dask", "请运行 pip install 'gongkai[dask]'，或用 --engine local"
                )
            ]
        ) from error
