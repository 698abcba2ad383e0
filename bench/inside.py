"""What judging adds inside a night: the CPU of judging all units and keeping what is said, in one process that has started already.

python -m bench.inside HOME [UNITS]       (the last run of a home; what is said of it is kept)
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import ground
from desk import stages
from desk.installation import Installation
from dossier.store import latest_run, open_store


def main(home: Path, units: str = "") -> None:
    """Seconds, and nothing else, for `bench.crawl` to read. One process does it all, as on a night of this size."""
    installation = Installation.of(
        home=home, as_of=ground.AS_OF, units=units, overrides=("judge.processes=1",)
    )
    installation.check()
    with open_store(installation.home.database) as kept:
        run = latest_run(kept)
        if run is None:
            raise SystemExit(f"{home}: nothing was crawled yet")
        begun = ground.own_cpu()
        stages.judge(installation, kept, run.run_id)
        print(f"{ground.own_cpu() - begun:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
