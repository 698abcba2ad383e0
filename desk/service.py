"""A schedule's duties run as processes of their own, and the schedule itself as a service of the machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class Processes:
    """Runs `gongkai` commands as processes, and ends those that still run when the schedule stops."""

    def __init__(self, options: Sequence[str]) -> None:
        self._options = tuple(options)
        self._running: set[subprocess.Popen[bytes]] = set()

    def __call__(self, words: Sequence[str]) -> int:
        process = subprocess.Popen([*command_line(), *words, *self._options])
        self._running.add(process)
        try:
            return process.wait()
        finally:
            self._running.discard(process)

    def end(self) -> None:
        for process in list(self._running):
            process.terminate()
        for process in list(self._running):
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def command_line() -> list[str]:
    """How this installation's own `gongkai` is started."""
    beside = Path(sys.executable).with_name("gongkai")
    found = str(beside) if beside.is_file() else shutil.which("gongkai")
    return [found] if found else [sys.executable, "-c", "from desk.cli import main; main()"]


def systemd_unit(options: Sequence[str], home: Path) -> str:
    """A systemd unit that keeps this schedule up."""
    words = " ".join(_quoted(word) for word in (*command_line(), "schedule", *options))
    return f"""[Unit]
Description=公开：政务公开网上检查（夜间检查、探测、复查）
Wants=network-online.target
After=network-online.target

[Service]
Type=simple
WorkingDirectory={str(home).replace("%", "%%")}
ExecStart={words}
Environment=PYTHONUTF8=1
Restart=always
RestartSec=30
KillMode=mixed
TimeoutStopSec=60
Nice=5

[Install]
WantedBy=multi-user.target
"""


def _quoted(word: str) -> str:
    word = word.replace("%", "%%").replace("$", "$$")
    plain = re.fullmatch(r"[\w@%+=:,./$-]+", word)
    return word if plain else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
