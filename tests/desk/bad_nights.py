"""Nights through the real command line over a small practice province whose line, clock or disk can be made bad."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from desk.cli import registered
from dossier.errors import BadInput, NetworkDown
from practice.home import write_home
from practice.mishaps import Line
from practice.model import Fault
from practice.province import build
from practice.server import PracticeServer, serve

UNITS = ("A02", "B01", "B03", "B12")
AS_OF = date(2020, 9, 30)
SETTINGS = """[crawl]
proxy = "{proxy}"
delay_seconds = 0
concurrency_per_host = 8
retry_wait_seconds = 0.2
timeout_seconds = 3
processes = {processes}
browser = false
[judge]
processes = 1
[report]
screenshots = false
"""


@dataclass
class Inspection:
    """A home over a small province, and the way to it."""

    home: Path
    server: PracticeServer
    as_of: date | None = AS_OF
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Result:
        day = ["--as-of", self.as_of.isoformat()] if self.as_of else []
        patient = {"GONGKAI_NETWORK_STEP": "0.2", "GONGKAI_NETWORK_PATIENCE": "1"}
        return CliRunner(env={**patient, **self.environment}).invoke(
            registered(), [*arguments, "--home", str(self.home), *day]
        )

    def night(self, *more: str, line: Line | None = None) -> Result:
        self.server.line = line or Line()
        done = self.run("nightly", *more)
        self.server.line = Line()
        return done

    def code(self, done: Result) -> int:
        """The exit code as the program would have given it: the runner sees some as exceptions."""
        if isinstance(done.exception, NetworkDown):
            return 4
        return 2 if isinstance(done.exception, BadInput) else done.exit_code

    def export(self, kind: str, *more: str) -> list[dict[str, Any]]:
        done = self.run("export", kind, *more)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    def fails(self, *more: str) -> Counter[tuple[str, str]]:
        """What stands accused: unit and rule."""
        return Counter(
            (row["unit_id"], row["rule_id"])
            for row in self.export("findings", *more)
            if row["verdict"] == "fail"
        )

    @property
    def runs(self) -> list[str]:
        return sorted(path.name for path in (self.home / "data" / "runs").iterdir() if "." not in path.name)

    def paper(self, name: str = "summary.html") -> str:
        return (self.home / "reports" / self.runs[-1] / name).read_text(encoding="utf-8")


@contextmanager
def inspection(
    home: Path,
    *,
    units: tuple[str, ...] = UNITS,
    as_of: date = AS_OF,
    pages: int = 8,
    processes: int = 1,
    tls: Mapping[str, str] | None = None,
    faults: list[Fault] | None = None,
    seed: int = 31,
    after: Path | None = None,
) -> Iterator[Inspection]:
    """The province on loopback and a home for it while the block lasts; `after`: with the nights of that home."""
    province = build(seed=seed, units=list(units), as_of=as_of, pages_per_site=pages, faults=faults)
    for unit_id, how in (tls or {}).items():
        province.sites[unit_id].tls = how
    with serve(province, silence=6) as server:
        write_home(province, home)
        if after:
            shutil.copytree(after / "data", home / "data", dirs_exist_ok=True)
        (home / "settings.toml").write_text(SETTINGS.format(proxy=server.url, processes=processes), "utf-8")
        yield Inspection(home, server, as_of)


@dataclass(frozen=True)
class CalmNight:
    """A night on which nothing went wrong, to begin others with."""

    home: Path
    fails: Counter[tuple[str, str]]
    asked: int
    """Requests that the sites answered."""


def calm_night(home: Path, *, units: tuple[str, ...] = UNITS) -> CalmNight:
    with inspection(home, units=units) as calm:
        done = calm.night()
        assert done.exit_code in (0, 3), (done.output, done.exception)
        return CalmNight(home, calm.fails(), len(calm.server.log))


def set_trust(inspected: Inspection, pem: bytes) -> None:
    """Whom this machine's programs trust from now on."""
    path = inspected.home / "roots.pem"
    path.write_bytes(pem)
    inspected.environment["SSL_CERT_FILE"] = str(path)
    os.environ.pop("SSL_CERT_FILE", None)
