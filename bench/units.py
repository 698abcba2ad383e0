"""What one unit costs on a night that was: the share of its fetches by the browser, and the time of judging it.

python -m bench.units HOME [RUN]        (after `gongkai demo`: data/demo)
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

from desk.installation import Installation
from desk.judging import Bench, judge_unit
from dossier import store
from dossier.home import Home
from dossier.model import Unit, Via
from dossier.store import Store, open_store


def main(home: Path, run_id: str = "") -> None:
    """Both figures of one run, kept in a home; nothing is fetched and nothing is kept."""
    with open_store(Home(home).database) as kept:
        run = store.run_info(kept, run_id) if run_id else store.latest_run(kept)
        if run is None:
            raise SystemExit(f"no run {run_id} in {home}")
        installation = Installation.of(home=home, as_of=run.as_of)
        units = store.units_of(kept, run.run_id)
        fetched: Counter[Via] = Counter()
        worst: tuple[float, str] = (0.0, "")
        spent: list[float] = []
        bench = Bench(
            run.run_id, run.as_of, installation.tables.rules, installation.calendar, installation.vocabulary
        )
        for unit in units:
            fetched += Counter(
                capture.via for capture in store.facts_for(kept, run.run_id, unit.unit_id).captures
            )
            cpu = _judging(kept, bench, unit)
            spent.append(cpu)
            worst = max(worst, (cpu, unit.unit_id))
    shown, every = fetched[Via.BROWSER], sum(fetched.values())
    print(
        f"{run.run_id}: {len(units)} units, {every} fetches, by browser {shown} = {shown / max(1, every):.2%}"
    )
    print(
        f"judging one unit, opened from the database: median {median(spent) * 1000:.0f} ms CPU, "
        f"worst {worst[0] * 1000:.0f} ms CPU ({worst[1]})"
    )


def _judging(kept: Store, bench: Bench, unit: Unit) -> float:
    begun = time.process_time()
    judge_unit(kept, bench, unit)
    return time.process_time() - begun


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
