"""The main job over the practice province, offline, in a home of its own."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from desk import clock
from desk.import_evidence import keep_screenshots, read_evidence
from desk.import_list import read_list
from dossier.store import Store, import_accounts, import_document_list

DEMO_AS_OF = date(2020, 9, 30)
DEMO_SEED = 20200522
"""The date of the plan; any other seed makes another province."""


@contextlib.contextmanager
def practice_province(home: Path, *, as_of: date, seed: int = DEMO_SEED, pages: int = 40) -> Iterator[str]:
    """A fresh home with the practice province's unit list, and the address of its loopback proxy while it runs."""
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)
    province = ["--as-of", as_of.isoformat(), "--seed", str(seed), "--pages", str(pages)]
    subprocess.run([sys.executable, "-m", "practice", "write-home", str(home), *province], check=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "practice", "serve", "--port", "0", *province],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        if address is None:
            raise RuntimeError(f"练习省没有启动：{said!r}")
        yield address[0]
    finally:
        server.terminate()
        server.wait(timeout=10)
        if server.stdout:
            server.stdout.close()


def document_lists(home: Path) -> Iterator[tuple[str, Path]]:
    """The document lists (附件4(五)) that practice units have delivered: unit id and file."""
    for path in sorted((home / "lists").glob("*")):
        yield path.stem, path


def hand_evidence(home: Path) -> Iterator[Path]:
    """What an assessor of the practice province saw of accounts that no program may read."""
    yield from sorted((home / "evidence").glob("*.xlsx"))


def deliver(home: Path, kept: Store) -> None:
    """Take in what the units have delivered and what was seen by hand, as on the days before an inspection."""
    for unit_id, file in document_lists(home):
        import_document_list(kept, unit_id, read_list(file), at=clock.now(), source=file.name)
    for file in hand_evidence(home):
        accounts = read_evidence(file)
        keep_screenshots(file, accounts, home / "data" / "imports")
        import_accounts(kept, accounts, at=clock.now(), source=file.name)


def overrides(proxy: str) -> tuple[str, ...]:
    """Settings of a practice night: through the practice province, without waiting for anybody's comfort."""
    return (
        f"crawl.proxy={proxy}",
        "crawl.delay_seconds=0",
        "crawl.concurrency_per_host=8",
        "crawl.retry_wait_seconds=1",
        "crawl.timeout_seconds=6",
        "crawl.processes=2",
        "crawl.contact=practice",
    )
