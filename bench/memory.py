"""How much memory a crawl process over all 54 sites takes, night after night over one home.

python -m bench memory
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import ground


def main(pages: int = 40, nights: int = 10, units: str = "") -> None:
    """Peak resident memory by the kernel's account, one process a night, each knowing the night before."""
    only = frozenset(filter(None, units.split(",")))
    with tempfile.TemporaryDirectory() as name:
        home = ground.practice_home(Path(name) / "home", pages=pages)
        peaks = []
        with ground.province(pages=pages, changed=0.02, salt="m") as proxy:
            for number in range(nights):
                out = Path(name) / "runs" / f"night-{number}"
                before = Path(name) / "runs" / f"night-{number - 1}"
                peaks.append(_night(home, out, before if number else None, proxy, only))
                print(f"night {number + 1}: {peaks[-1]:.0f} MB", flush=True)
        later = peaks[1:]
        ground.say("peak memory of a crawl process, MB", "≤ 250", ground.middle(peaks, ".0f"))
        ground.say(
            "spread over the nights after the first", "± 5 %",
            f"{(max(later) - min(later)) / 2 / (sum(later) / len(later)):.1%}",
        )  # fmt: skip


def _night(home: Path, out: Path, before: Path | None, proxy: str, only: frozenset[str]) -> float:
    def known(unit: str) -> str:
        return ground.known_from(before / unit, out) if before else ""

    return ground.crawl_once(ground.write_job(home, out, proxy, known=known, only=only)).peak_mb


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *sys.argv[3:4])
