"""Other link checkers over the same page, where they are installed: what each of them calls broken."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

Peer = Callable[[str, Path], list[str]]
_LONGEST_SECONDS = 420


def linkchecker(url: str, program: Path) -> list[str]:
    """Addresses that linkchecker reports as not valid."""
    done = subprocess.run(
        [str(program), "--check-extern", "--recursion-level=1", "--no-status", "--output=csv", url],
        capture_output=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    lines = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line and line[0] != "#"]
    rows = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";")
    return [row["url"] for row in rows if row.get("valid") == "False" and row.get("url")]


def linkinator(url: str, program: Path) -> list[str]:
    """Addresses that linkinator reports as broken."""
    done = subprocess.run(
        [str(program), url, "--format", "json"],
        capture_output=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    text = done.stdout.decode("utf-8", "replace")
    told = json.loads(text[text.index("{") :])
    return [link["url"] for link in told["links"] if link["state"] == "BROKEN"]


PEERS: dict[str, tuple[str, Peer]] = {
    "linkchecker": ("GONGKAI_LINKCHECKER", linkchecker),
    "linkinator": ("GONGKAI_LINKINATOR", linkinator),
}
"""Name → environment variable with the program's path, and how it is run."""


def program_of(name: str) -> Path | None:
    """Where a peer is installed; None where it is not."""
    told = os.environ.get(PEERS[name][0]) or shutil.which(name)
    return Path(told) if told and Path(told).exists() else None
