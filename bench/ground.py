"""The ground on which everything is measured: the practice province on loopback, one process measured at a time.

python -m bench.ground --pages 40 --changed 0.02      # serves, prints its address
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import platform
import re
import resource
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bench.weight import weighted
from dossier import archive
from dossier.model import CrawlJob, CrawlSettings, KnownPage, Reach, UnitJob
from dossier.units import load_units
from practice.home import write_home
from practice.province import Province, build
from practice.server import serve
from practice.serving import Answer

AS_OF = date(2020, 9, 30)
SEED = 2020
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Spent:
    """What one process cost."""

    wall: float
    cpu: float
    """User and system seconds of the process and its children."""
    peak_mb: float
    code: int
    out: str


_BETWEEN = """
import contextlib, ctypes, json, os, resource, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: who outlives the command by a moment is waited for here, and counted
code = subprocess.call(sys.argv[2:])
with contextlib.suppress(ChildProcessError):
    for _ in range(1000):
        if os.waitpid(-1, os.WNOHANG)[0] == 0:
            time.sleep(0.01)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as account:
    json.dump([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code], account)
"""
"""What stands between the bench and what it measures: whoever starts a process lends it the peak of his own memory, and
this one has next to none."""


def spend(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None, timeout: float = 3600
) -> Spent:
    """Run one process to its end and say what it cost, by the kernel's own account of it."""
    account = log.with_suffix(".cost")
    account.unlink(missing_ok=True)
    begun = time.monotonic()
    with log.open("wb") as out, log.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BETWEEN, str(account), *command],
            stdout=out, stderr=err, cwd=ROOT, env={**os.environ, **(environment or {})}, start_new_session=True,
        )  # fmt: skip
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    wall = time.monotonic() - begun
    if account.is_file():
        cpu, peak_mb, code = msgspec.json.decode(account.read_bytes(), type=tuple[float, float, int])
    else:  # it was ended with the command, before it could say what that had cost
        cpu, peak_mb, code = 0.0, 0.0, process.returncode
    return Spent(wall, cpu, peak_mb, code, log.read_text(errors="replace"))


def kept_byte_code(folder: Path) -> dict[str, str]:
    """An environment in which byte code is kept, as on any machine where the product is installed."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "pyc")}


def own_cpu() -> float:
    """CPU seconds of this process and of its ended children so far."""
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


@contextlib.contextmanager
def province(
    *,
    pages: int,
    healthy: bool = True,
    changed: float = 0.0,
    deaf: float = 0.0,
    impatient: float = 0.0,
    salt: str = "",
    seed: int = SEED,
    when: Path | None = None,
    night: Path | None = None,
    heavy: bool = False,
) -> Iterator[str]:
    """The practice province in a process of its own; its proxy address while the block lasts.

    `when`: pages change, and patience is asked for, only once this file is there, so that the same server is seen
    before and after. `night`: a file that holds the number of the night; each night another share of pages changes
    (`last_change`). `heavy`: pages as heavy as real ones (`bench.weight`).
    """
    command = [sys.executable, "-m", "bench.ground", "--pages", str(pages), "--seed", str(seed)]
    command += ["--changed", str(changed), "--deaf", str(deaf), "--salt", salt, "--impatient", str(impatient)]
    command += ["--when", str(when)] if when else []
    command += ["--night", str(night)] if night else []
    command += ["--heavy"] if heavy else []
    server = subprocess.Popen(
        command + ([] if healthy else ["--ill"]), stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        if found is None:
            raise RuntimeError("the practice province did not start")
        yield found[0]
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()


def asked_log(proxy: str, *, reset: bool = False) -> list[tuple[str, str, float, str, int, str]]:
    """What the province was asked so far: host, path, time, agent, status, method."""
    with urllib.request.urlopen(f"{proxy}/__log__", timeout=60) as answer:
        rows = msgspec.json.decode(answer.read())["log"]
    if reset:
        urllib.request.urlopen(f"{proxy}/__log__?reset", timeout=60).close()
    return [tuple(row) for row in rows]


def practice_home(folder: Path, *, pages: int, healthy: bool = True, seed: int = SEED) -> Path:
    """A home folder with the province's unit list."""
    write_home(build_province(pages=pages, healthy=healthy, seed=seed), folder)
    return folder


def write_job(
    home: Path,
    out: Path,
    proxy: str,
    *,
    known: Callable[[str], str] = lambda _: "",
    only: frozenset[str] = frozenset(),
    **settings: Any,
) -> Path:
    """A crawl job over the units of a home (all of them, or `only` these) without politeness delays."""
    wanted = {
        "proxy": proxy, "delay_seconds": 0.0, "concurrency_per_host": 8, "retry_wait_seconds": 1.0,
        "timeout_seconds": 6.0, "contact": "bench", "browser": False, **settings,
    }  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    units = [unit for unit in load_units(home / "unit_sites.csv", AS_OF) if not only or unit.unit_id in only]
    job = CrawlJob(
        run_id=out.name, as_of=AS_OF, out=str(out), home=str(home), settings=CrawlSettings(**wanted),
        units=tuple(UnitJob(unit=unit, known=known(unit.unit_id)) for unit in units),
    )  # fmt: skip
    path = out / "job.json"
    path.write_bytes(msgspec.json.encode(job))
    return path


def known_from(unit: Path, out: Path) -> str:
    """What a night before left of a unit, as the next crawl takes it; the path of the file written."""
    path = out / f"known-{unit.name}.jsonl"
    out.mkdir(parents=True, exist_ok=True)
    captures = archive.read_captures(unit)
    stands = _stood(unit) | {
        one.sha256: (f"{unit.parent.name}/{unit.name}/{one.warc}", one.offset)
        for one in captures
        if not one.revisit_of
    }
    lines = [
        msgspec.json.encode(
            KnownPage(
                url=one.asked_url,
                sha256=one.sha256,
                etag=one.etag,
                last_modified=one.last_modified,
                warc=stands[one.sha256][0],
                offset=stands[one.sha256][1],
                length=one.length,
                content_type=one.content_type,
                final_url=one.final_url,
            )
        )
        for one in captures
        if one.reach is Reach.OK and one.sha256 in stands and one.warc
    ]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return str(path)


def _stood(unit: Path) -> dict[str, tuple[str, int]]:
    """Body → where it stood that this night found unchanged, as it was told by the night before."""
    path = unit.parent / f"known-{unit.name}.jsonl"
    if not path.is_file():
        return {}
    told = (msgspec.json.decode(line, type=KnownPage) for line in path.read_bytes().splitlines())
    return {one.sha256: (one.warc, one.offset) for one in told}


def crawl_once(job: Path, *, environment: Mapping[str, str] | None = None) -> Spent:
    """One crawl process over a whole job."""
    spent = spend(
        [sys.executable, "-m", "crawler", str(job)], log=job.with_name("crawl.log"), environment=environment
    )
    if spent.code:
        raise RuntimeError(f"crawl ended with {spent.code}: {job.with_name('crawl.err').read_text()[-2000:]}")
    return spent


def middle(values: Sequence[float], form: str = ".2f") -> str:
    """Median, and in brackets the least and the most."""
    return f"{statistics.median(values):{form}} [{min(values):{form}}–{max(values):{form}}]"


def machine() -> str:
    """The machine in one line."""
    names = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    total = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    gib = int(total[1]) / 1048576 if total else 0
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} vCPU {names[0] if names else platform.machine()}, {gib:.0f} GiB, Python {platform.python_version()}, load {load:.1f}"


def say(name: str, target: str, measured: str) -> None:
    """One line of the table of figures."""
    print(f"| {name} | {target} | {measured} |", flush=True)


def build_province(*, pages: int, healthy: bool = True, seed: int = SEED) -> Province:
    """The province as its server knows it, to compare with what was seen of it."""
    return build(seed=seed, as_of=AS_OF, pages_per_site=pages, faults=[] if healthy else None)


def last_change(url: str, night: int, share: float) -> int:
    """The last night on which a page changed; 0 where it never did."""
    return next((one for one in range(night, 1, -1) if _share(f"{one} {url}") < share), 0)


SLIP = "中华人民共合国"
"""What a changed page says on every second change: a fault of the shipped wording table."""


def _alter(
    built: Province, changed: float, salt: str, when: Path | None = None, night: Path | None = None
) -> None:
    """A share of the pages says something new today."""
    plain = built.answer

    def answer(url: str) -> Answer | None:
        got = plain(url)
        if got is None or got.status != 200 or got.hang:
            return got
        body = got.body
        if night is not None and b"</body>" in body:
            since = last_change(url, int(night.read_text()), changed)
            at = body.rindex(b"</body>")
            said = f"<p>2020{since} {SLIP if since % 2 else ''}</p>".encode() if since else b""
            return Answer(got.status, body[:at] + said + body[at:], got.kind, dict(got.headers))
        if (
            changed
            and (when is None or when.exists())
            and b"</body>" in body
            and _share(f"{salt} {url}") < changed
        ):
            at = body.rindex(b"</body>")
            body = body[:at] + f"<p>2020{salt}</p>".encode() + body[at:]
        return Answer(got.status, body, got.kind, dict(got.headers))

    built.answer = answer  # type: ignore[method-assign]  # the server asks the instance


def _share(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / (1 << 48)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--ill", action="store_true")
    parser.add_argument("--changed", type=float, default=0.0)
    parser.add_argument("--deaf", type=float, default=0.0)
    parser.add_argument("--impatient", type=float, default=0.0)
    parser.add_argument("--salt", default="")
    parser.add_argument("--when", type=Path, default=None)
    parser.add_argument("--night", type=Path, default=None)
    parser.add_argument("--heavy", action="store_true")
    options = parser.parse_args()
    built = build_province(pages=options.pages, healthy=not options.ill, seed=options.seed)
    if options.heavy:
        built.answer = weighted(built.answer)  # type: ignore[method-assign]  # the server asks the instance
    _alter(built, options.changed, options.salt, options.when, options.night)
    with serve(built) as server:
        _forget_tags(server, options.deaf)
        if options.changed:
            _look_anew(server, options.when)
        _look_every_night(server, options.night)
        _ask_for_patience(server, options.impatient, options.when)
        print(server.url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


def _ask_for_patience(server: Any, share: float, when: Path | None) -> None:
    """A share of the addresses asks for a second's patience when first asked (after `when`)."""
    if not share:
        return
    look, told = server._look, set()  # noqa: SLF001 - a bench bends the practice server to its will

    def impatient(url: str) -> Any:
        if url not in told and (when is None or when.exists()) and _share(f"impatient {url}") < share:
            told.add(url)
            return Answer(429, b"slow down", "text/plain", {"Retry-After": "1"}), "", b""
        return look(url)

    server._look = impatient  # noqa: SLF001


def _look_anew(server: Any, when: Path | None) -> None:
    """Pages that the server drew before they changed are drawn again; files, in which the hour stands at which they
    were made, stay as they are, as on a real server."""
    if when is None:
        return
    look, drawn_again = server._look, []  # noqa: SLF001 - a bench bends the practice server to its will

    def anew(url: str) -> Any:
        if not drawn_again and when.exists():
            drawn_again.append(True)
            _forget_pages(server)
        return look(url)

    server._look = anew  # noqa: SLF001


def _look_every_night(server: Any, night: Path | None) -> None:
    """Pages that the server drew on an earlier night are drawn again; files stay as they are, as on a real server."""
    if night is None:
        return
    look, drawn = server._look, [""]  # noqa: SLF001 - a bench bends the practice server to its will

    def anew(url: str) -> Any:
        now = night.read_text()
        if drawn[0] != now:
            drawn[0] = now
            _forget_pages(server)
        return look(url)

    server._look = anew  # noqa: SLF001


def _forget_pages(server: Any) -> None:
    for one in [one for one, made in server._cache.items() if b"</body>" in made[0].body]:  # noqa: SLF001
        del server._cache[one]  # noqa: SLF001


def _forget_tags(server: Any, deaf: float) -> None:
    """Hosts that are deaf to If-None-Match send neither tag nor date."""
    if not deaf:
        return
    look = server._look  # noqa: SLF001 - a bench bends the practice server to its will

    def without_tag(url: str) -> Any:
        answer, tag, packed = look(url)
        return (answer, "", packed) if _share(url.split("/")[2]) < deaf else (answer, tag, packed)

    server._look = without_tag  # noqa: SLF001


if __name__ == "__main__":
    main()
