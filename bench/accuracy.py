"""How often the machine is right on provinces that it never saw: precision and recall, over seeds and sizes.

python -m bench.accuracy --seeds 7101 7102 --pages 40 --home /tmp/accuracy
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bench.nights import Said, judge_again, night
from practice.province import DEFAULT_AS_OF, build
from practice.score import Tally, score

PRECISION, RECALL, WORST, UNSURE = 0.98, 0.97, 0.90, 0.08
FEWEST = 5
"""A rule with fewer cases is not held to its own bound."""


def add(total: dict[str, Tally], one: dict[str, Tally], mark: str) -> None:
    """Take one province's tallies into the sum; `mark` tells its cases apart."""
    for rule, tally in one.items():
        whole = total.setdefault(rule, Tally())
        for name in ("hits", "misses", "false", "optional", "unsure"):
            getattr(whole, name).extend(
                (f"{mark}/{unit}", rule_id, subject) for unit, rule_id, subject in getattr(tally, name)
            )


def table(total: dict[str, Tally], said: Iterable[Said]) -> str:
    """The figures, rule by rule, worst last."""
    asked = Counter(one.rule_id for one in said if one.verdict == "unsure")
    rules = sorted(
        (name for name in total if name != "*"), key=lambda n: (-min(total[n].precision, total[n].recall), n)
    )
    lines = [f"{'rule':<38}{'hits':>6}{'miss':>6}{'false':>6}{'prec':>8}{'rec':>8}{'unsure':>8}"]
    for name in (*rules, "*"):
        one = total.get(name, Tally())
        doubt = sum(asked.values()) if name == "*" else asked[name]
        lines.append(
            f"{name:<38}{len(one.hits):>6}{len(one.misses):>6}{len(one.false):>6}"
            f"{one.precision:>8.3f}{one.recall:>8.3f}{doubt:>8}"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--pages", type=int, nargs="+", default=[40])
    parser.add_argument("--as-of", type=date.fromisoformat, default=DEFAULT_AS_OF)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--again", action="store_true", help="judge kept nights again, do not crawl")
    options = parser.parse_args()
    total: dict[str, Tally] = {}
    everything: list[Said] = []
    for seed in options.seeds:
        for pages in options.pages:
            province = build(seed, options.as_of, pages)
            home = options.home / f"{seed}-{pages}"
            said = judge_again(province, home) if options.again else night(province, home)
            tallies = score([asdict(row) for row in province.truth], [one.row for one in said])
            add(total, tallies, f"{seed}-{pages}")
            everything += said
            part = tallies["*"]
            print(
                f"{seed}-{pages}: precision {part.precision:.3f} recall {part.recall:.3f} ({len(said)} findings)",
                flush=True,
            )
            wanted = {(row.unit_id, row.rule_id, row.subject): row for row in province.truth}
            told = {(one.unit_id, one.rule_id, one.subject): one for one in said}
            for key in part.misses:
                found = told.get(key)
                print(
                    f"  missed {' '.join(key)} [{wanted[key].note} {wanted[key].kind}] {found.because if found else '-'}"
                )
            for key in part.false:
                print(f"  false  {' '.join(key)} | {told[key].message}")
            for one in said:
                if one.verdict == "error":
                    print(f"  broke  {one.unit_id} {one.rule_id} {one.because}")
            for one in said:
                key = (one.unit_id, one.rule_id, one.subject)
                if one.verdict == "unsure" and key not in wanted:
                    print(f"  asked  {' '.join(key)} | {one.because[:110]}")
    print(table(total, everything))
    whole = total.get("*", Tally())
    doubt = sum(one.verdict == "unsure" for one in everything) / max(1, len(everything))
    print(f"unsure {doubt:.3f} of {len(everything)} findings")
    weak = [
        name
        for name, one in total.items()
        if name != "*"
        and len(one.hits) + len(one.misses) >= FEWEST
        and min(one.precision, one.recall) < WORST
    ]
    print("weak rules:", ", ".join(sorted(weak)) or "none")
    good = whole.precision >= PRECISION and whole.recall >= RECALL and not weak and doubt <= UNSURE
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
