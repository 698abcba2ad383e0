"""How long a person waits for the recheck of one deficiency, with the delays that ship and without any.

    python -m bench recheck

No browser. With delays it is politeness that counts: a claim that something is missing is looked for wherever it could
stand, a second between two requests, and what is not there is heard twice, half a minute apart.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench import ground
from bench.commands import gongkai
from desk.installation import Installation
from dossier.store import open_store

UNITS = "A02,B06"


def main(most: int = 6, rounds: int = 5) -> None:
    """A line for each of some deficiencies of two units."""
    with tempfile.TemporaryDirectory() as name:
        home = ground.practice_home(Path(name) / "home", pages=40, healthy=False)
        with ground.province(pages=40, healthy=False) as proxy:
            gongkai(home, "crawl", proxy=proxy, units=UNITS)
            for word in ("judge", "suggest"):
                gongkai(home, word, units=UNITS)
            print(
                f"{ground.machine()}\n\n| deficiency | s without delays | CPU s | s with the delays that ship |"
            )
            print("|---|---|---|---|")
            for number, rule_id in _some(home, most):
                asked = ("recheck", "--deficiency", number)
                quick = [gongkai(home, *asked, proxy=proxy) for _ in range(rounds)]
                polite = gongkai(home, *asked, settings=(f"crawl.proxy={proxy}", "crawl.browser=false"))
                wall, cpu = (ground.middle(values, ".1f") for values in
                             ([one.wall for one in quick], [one.cpu for one in quick]))  # fmt: skip
                print(f"| {rule_id} | {wall} | {cpu} | {polite.wall:.1f} |", flush=True)


def _some(home: Path, most: int) -> list[tuple[str, str]]:
    """Numbers and rules of deficiencies, from the first to the last."""
    with open_store(Installation.of(home=home, as_of=ground.AS_OF).home.database) as kept:
        found = kept.ask("SELECT number, rule_id FROM deficiency ORDER BY id")
    return [(number, rule_id) for number, rule_id in found][:: max(1, len(found) // most)][:most]


if __name__ == "__main__":
    main()
