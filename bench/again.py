"""The same night entered and judged again, as often as one likes: no row of any table changes.

A night over a practice province with faults, then: its files entered again, every unit judged again, deficiencies
suggested again. After each, every table is compared with what it was, row by row.

    python -m bench.again --times 10 --home DIR         # 54 units; a home that is there already is taken as it is
    python -m bench.again --units A01,B01 --pages 4
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.commands import gongkai
from bench.ground import AS_OF, machine, own_cpu, practice_home, province
from desk import stages
from desk.ingest import ingest
from desk.installation import Installation
from dossier import store
from dossier.store.keeping import is_sound, row_digests

Digests = dict[str, tuple[int, str]]


def of_every_table(database: Path) -> Digests:
    """How many rows each table has, and what they say."""
    with store.open_store(database) as kept:
        names = [str(name) for (name,) in kept.ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return row_digests(database, names)


def once_more(there: Installation) -> str:
    """One whole replay of the last night; its run."""
    with store.open_store(there.home.database) as kept:
        latest = store.latest_run(kept)
        if latest is None:
            raise RuntimeError("there is no night")
        entered = ingest(kept, there.home.run(latest.run_id), there.units, vocabulary=there.vocabulary)
        troubles = [one for one in entered if one.trouble or not one.closed]
        if troubles:
            raise RuntimeError(f"not entered: {troubles}")
        stages.judge(there, kept, latest.run_id)
        stages.suggest(there, kept, latest.run_id)
    return latest.run_id


def changed(before: Digests, now: Digests) -> list[str]:
    """What is not as it was."""
    return [
        f"{name}: {before.get(name, (0, ''))[0]} → {now.get(name, (0, ''))[0]} rows"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


@contextmanager
def _home(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="gongkai-again-") as folder:
        yield Path(folder) / "home"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--units", default="", help="all where none are named")
    parser.add_argument("--pages", type=int, default=12)
    options = parser.parse_args()
    with _home(options.home) as home:
        if not (home / "data").is_dir():
            practice_home(home, pages=options.pages, healthy=False)
            with province(pages=options.pages, healthy=False) as proxy:
                gongkai(
                    home, "nightly", proxy=proxy, units=options.units, settings=("report.screenshots=false",)
                )
        there = Installation.of(home=home, as_of=AS_OF, units=options.units)
        before = of_every_table(there.home.database)
        print(
            f"{machine()}; {len(there.units)} units, {len(before)} tables, {sum(rows for rows, _ in before.values())} rows"
        )
        wrong = 0
        for number in range(1, options.times + 1):
            begun, cpu = time.monotonic(), own_cpu()
            run_id = once_more(there)
            found = changed(before, of_every_table(there.home.database))
            wrong += bool(found)
            took = f"{time.monotonic() - begun:.0f} s, {own_cpu() - cpu:.0f} s of CPU"
            print(f"{number:3} {run_id}: {'; '.join(found) or 'no row changed'} ({took})", flush=True)
        if broken := is_sound(there.home.database):
            print(broken)
    print(f"{options.times} replays, {wrong} that changed a row")
    return int(bool(wrong or broken))


if __name__ == "__main__":
    sys.exit(main())
