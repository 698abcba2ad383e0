"""Where a browser is there, papers are printed by it; the browser is only a printer and fetches nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_FOLDERS = (
    "chrome-linux",
    "chrome-linux64",
    "chrome-win",
    "chrome-win64",
    "chrome-mac",
    "chrome-headless-shell-linux64",
)
_BINARIES = ("chrome", "headless_shell", "chrome.exe", "chrome-headless-shell")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
)  # fmt: skip
SECONDS = 120.0


def find_browser() -> Path | None:
    """A Chromium of this machine: on the path, or where Playwright keeps its own."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or ""
    store = Path(kept) if kept and kept != "0" else Path.home() / ".cache" / "ms-playwright"
    for revision in sorted(store.glob("chromium*-*"), reverse=True):
        for folder in _FOLDERS:
            for binary in _BINARIES:
                path = revision / folder / binary
                if path.is_file() and os.access(path, os.X_OK):
                    return path
    return None


def print_pdf(browser: Path, page: Path, out: Path, *, seconds: float = SECONDS) -> Path | None:
    """Print one HTML file; None where the browser could not."""
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="gongkai-print-") as profile:
        command = [
            str(browser),
            *_FLAGS,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={out}",
            page.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=seconds)
        except (OSError, subprocess.TimeoutExpired):
            return None
    return out if out.is_file() and out.stat().st_size > 0 else None
