"""How long the whole province takes to judge again: from stored facts, and from nothing but the raw archives.

python -m bench rejudge [--pages 1000]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench import ground
from bench.commands import gongkai
from desk.ingest import ingest
from desk.installation import Installation
from dossier.store import open_store


def main(pages: int = 1000, rounds: int = 3, keep: str = "") -> None:
    """One crawl without delays; then judge it again and again. `keep` names a folder to crawl into (or to reuse)."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(keep or name) / "home"
        if not (home / "data").is_dir():
            ground.practice_home(home, pages=pages)
            with ground.province(pages=pages) as proxy:
                spent = gongkai(
                    home, "crawl", proxy=proxy, settings=("crawl.max_pages=1000", "crawl.processes=2")
                )
            print(f"crawl: {spent.wall:.0f} s, {spent.cpu:.0f} CPU s")
        run = next(
            path for path in sorted((home / "data" / "runs").iterdir()) if (path / "run.json").is_file()
        )
        bodies = sum(path.read_bytes().count(b"\n") for path in run.glob("*/facts.jsonl"))
        stored = [gongkai(home, "judge") for _ in range(rounds)]
        recheck = [gongkai(home, "judge", units="A01") for _ in range(rounds)]
        database = (home / "data" / "gongkai.db").stat().st_size
        print(f"{bodies} bodies read, database {database / 1e6:.0f} MB")
        ground.say(
            "judging all 54 units again from stored facts", "≤ 60 s",
            f"{ground.middle([one.wall for one in stored], '.1f')} s, {ground.middle([one.cpu for one in stored], '.1f')} CPU s",
        )  # fmt: skip
        ground.say(
            "judging one unit (command, start included)",
            "–",
            f"{ground.middle([one.wall for one in recheck], '.1f')} s",
        )
        ground.say(
            "the same from raw archives (reading, entering, judging)",
            "≤ 300 s",
            from_archives(home, run, Path(name)),
        )


def from_archives(home: Path, run: Path, folder: Path) -> str:
    """A home that has nothing but the WARC files and manifests of the run."""
    bare = folder / "bare"
    shutil.copytree(
        home,
        bare,
        ignore=shutil.ignore_patterns("facts.jsonl", "gongkai.db*", "reports"),
        copy_function=os.link,
    )
    begun, cpu = time.monotonic(), ground.own_cpu()
    installation = Installation.of(home=bare, as_of=ground.AS_OF)
    with open_store(installation.home.database) as store:
        done = ingest(
            store, installation.home.run(run.name), installation.units, vocabulary=installation.vocabulary
        )
    entered = time.monotonic() - begun
    judged = gongkai(bare, "judge", "--run", run.name)
    again = sum(one.read_again for one in done)
    wall = time.monotonic() - begun
    return f"{wall:.0f} s ({entered:.0f} s reading {again} bodies, {judged.wall:.0f} s judging), {ground.own_cpu() - cpu:.0f} CPU s"


if __name__ == "__main__":
    main(pages=int(sys.argv[1]) if len(sys.argv) > 1 else 1000, keep=sys.argv[2] if len(sys.argv) > 2 else "")
