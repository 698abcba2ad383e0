"""A night whose shards run on a real Dask scheduler with real worker processes, on loopback."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desk.cli import registered
from dossier import archive
from dossier.errors import BadInput
from practice.home import write_home
from practice.province import build
from practice.server import PracticeServer, serve

pytest.importorskip("distributed")
pytest.importorskip("fsspec")

UNITS = ("A02", "A05", "B03", "B12", "B20", "B05")
VOLATILE = ("run_id", "captured_at", "first_seen", "last_seen")
"""What differs between two nights over the same sites, whoever crawls them."""


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def add_worker(self, folder: Path) -> subprocess.Popen[str]:
        worker = _start(
            "dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--host", "127.0.0.1", "--local-directory", str(folder), "--death-timeout", "60",
        )  # fmt: skip
        self.processes.append(worker)
        _line(worker, r"Starting established connection")
        return worker


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def _line(process: subprocess.Popen[str], pattern: str) -> str:
    """The first line of a process's log that says something; the rest is read away behind its back."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(pattern, line)
        if found:
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            return found.group(found.lastindex or 0)
    raise AssertionError(f"{pattern} was never said")


def _drain(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ValueError):
        for _ in process.stderr or ():
            pass


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    scheduler = _start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    running = Cluster(_line(scheduler, r"Scheduler at:\s+(tcp://\S+)"), [scheduler])
    try:
        for number in (1, 2):
            running.add_worker(tmp_path / f"worker{number}")
        yield running
    finally:
        for process in reversed(running.processes):
            process.kill()
            process.wait()
            if process.stderr:
                process.stderr.close()


@dataclass
class Ground:
    """Practice sites, and homes that inspect them."""

    server: PracticeServer
    province: Any
    folder: Path

    def home(self, name: str, *, delay: float = 0, tables: str = "") -> Path:
        home = self.folder / name
        write_home(self.province, home)
        (home / "settings.toml").write_text(
            f'[crawl]\nproxy = "{self.server.url}"\ndelay_seconds = {delay}\nconcurrency_per_host = 4\n'
            "retry_wait_seconds = 0.2\ntimeout_seconds = 4\nprocesses = 2\nbrowser = false\n",
            encoding="utf-8",
        )
        return home


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    province = build(seed=77, units=[*UNITS], pages_per_site=16)
    with serve(province) as server:
        yield Ground(server, province, tmp_path)


def gongkai(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(registered(), [*arguments, "--home", str(home), "--as-of", "2020-09-30"])


def findings(home: Path) -> list[str]:
    """What a night holds against the units, line by line, and every verdict it came to.

    Of a verdict that accuses nobody only its being there counts: which of several pages is named for it may
    follow the order in which they came.
    """
    lines = []
    for one in exported(home, "--all"):
        if one["verdict"] in ("pass", "not_applicable"):
            one = {key: one[key] for key in ("unit_id", "rule_id", "subject", "verdict")}
        for each in (one, *one.get("evidence", ())):
            for key in VOLATILE:
                each.pop(key, None)
        lines.append(json.dumps(one, ensure_ascii=False, sort_keys=True))
    return sorted(lines)


def exported(home: Path, *more: str) -> list[dict[str, Any]]:
    done = gongkai(home, "export", "findings", *more)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_cluster_finds_what_this_machine_finds_whether_by_a_common_home_or_by_a_share(
    ground: Ground, cluster: Cluster
) -> None:
    here, shared, sent = (ground.home(name) for name in ("here", "shared", "sent"))
    share = ground.folder / "share"
    dask = ("--engine", "dask", "--scheduler", cluster.address)
    assert gongkai(here, "nightly").exit_code == 3
    done = gongkai(shared, "nightly", *dask)
    assert done.exit_code == 3, done.output
    done = gongkai(sent, "nightly", *dask, "--share", f"file://{share}")
    assert done.exit_code == 3, done.output
    wanted = findings(here)
    assert len(wanted) > 100
    assert findings(shared) == wanted
    assert findings(sent) == wanted
    assert not [path for path in share.rglob("*") if path.is_file()], "the share is swept when all is home"
    assert gongkai(sent, "evidence", "verify").exit_code == 0


@pytest.mark.slow
def test_the_second_night_of_a_cluster_says_what_the_first_said(ground: Ground, cluster: Cluster) -> None:
    home = ground.home("sent")
    dask = (
        "--engine",
        "dask",
        "--scheduler",
        cluster.address,
        "--share",
        f"file://{ground.folder / 'share'}",
    )
    assert gongkai(home, "nightly", *dask).exit_code == 3
    first = Counter(
        (one["unit_id"], one["rule_id"], one["subject"]) for one in map(json.loads, findings(home))
    )
    assert gongkai(home, "nightly", *dask).exit_code == 3
    second = Counter(
        (one["unit_id"], one["rule_id"], one["subject"]) for one in map(json.loads, findings(home))
    )
    assert second == first


def test_the_shard_of_a_killed_worker_is_done_by_another_without_what_had_closed(
    ground: Ground, cluster: Cluster
) -> None:
    here, home = ground.home("here", delay=0.05), ground.home("sent", delay=0.05)
    share = ground.folder / "share"
    assert gongkai(here, "nightly").exit_code == 3
    ground.server.log.clear()
    closed: list[tuple[str, float]] = []

    def kill_a_worker_in_mid_shard() -> None:
        assert _until(lambda: bool(list(share.rglob("unit.json"))))
        closed.extend((path.parent.name, time.time()) for path in share.rglob("unit.json"))
        worker = cluster.processes[-1]
        worker.kill()
        worker.wait()

    killer = threading.Thread(target=kill_a_worker_in_mid_shard)
    killer.start()
    done = gongkai(
        home, "nightly", "--engine", "dask", "--scheduler", cluster.address, "--share", f"file://{share}"
    )
    killer.join()
    assert done.exit_code == 3, done.output
    assert findings(home) == findings(here)
    hosts = {host: site.unit.unit_id for host, site in ground.province.hosts.items()}
    for unit_id, at in closed:
        late = [one for one in ground.server.log if hosts.get(one.host) == unit_id and one.at > at]
        assert not late, f"{unit_id} had closed and was asked again"


@pytest.mark.slow
def test_a_host_is_asked_by_one_process_of_the_cluster_even_after_a_kill(
    ground: Ground, cluster: Cluster
) -> None:
    home = ground.home("shared", delay=0.3)

    def kill_a_worker() -> None:
        assert _until(lambda: len(ground.server.log) > 60)
        cluster.processes[-1].kill()

    killer = threading.Thread(target=kill_a_worker)
    killer.start()
    done = gongkai(
        home, "nightly", "--engine", "dask", "--scheduler", cluster.address, "--units", "A02,B03,B12"
    )
    killer.join()
    assert done.exit_code == 0, done.output
    (run,) = (home / "data" / "runs").iterdir()
    begun_twice = list((run / "aside").iterdir())
    assert begun_twice, "nothing was under way when the worker was killed"
    for broken_off in begun_twice:
        again = run / broken_off.name.rpartition("-")[0]
        before, after = archive.read_captures(broken_off), archive.read_captures(again)
        assert before
        assert max(one.at for one in before) < min(one.at for one in after), "two processes asked one host"


def test_a_scheduler_that_is_not_there_is_said_and_nothing_is_begun(ground: Ground) -> None:
    home = ground.home("alone")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    done = gongkai(home, "nightly", "--engine", "dask", "--scheduler", nobody)
    assert isinstance(done.exception, BadInput)
    assert "连不上调度器" in str(done.exception)
    done = gongkai(home, "nightly", "--engine", "dask")
    assert isinstance(done.exception, BadInput)
    assert "没有写调度器的地址" in str(done.exception)
    assert not ground.server.log


def _until(there: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if there():
            return True
        time.sleep(0.02)
    return False
