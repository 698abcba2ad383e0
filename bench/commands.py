"""The commands of `gongkai` as an administrator runs them, measured."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.ground import AS_OF, Spent, kept_byte_code, spend

AT_WORK, PARTLY = 0, 3


def gongkai(
    home: Path, *words: str, proxy: str = "", settings: tuple[str, ...] = (), units: str = "", as_of: str = ""
) -> Spent:
    """One command over a practice home; through the practice province and without delays where a proxy is given."""
    options = ["--home", str(home), "--as-of", as_of or AS_OF.isoformat()]
    if units:
        options += ["--units", units]
    for pair in (*_without_delays(proxy), *settings):
        options += ["--set", pair]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "out"
        spent = spend(
            [sys.executable, "-m", "desk.cli", *options, *words],
            log=log,
            environment=kept_byte_code(home.parent),
        )
        if spent.code not in (AT_WORK, PARTLY):
            raise RuntimeError(
                f"gongkai {words}: {spent.code}\n{log.with_suffix('.err').read_text()[-3000:]}"
            )
    return spent


def _without_delays(proxy: str) -> tuple[str, ...]:
    if not proxy:
        return ()
    return (
        f"crawl.proxy={proxy}", "crawl.delay_seconds=0", "crawl.concurrency_per_host=8",
        "crawl.retry_wait_seconds=1", "crawl.timeout_seconds=6", "crawl.browser=false", "crawl.contact=bench",
    )  # fmt: skip
