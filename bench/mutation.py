"""One fault is planted in an otherwise clean site: exactly what it declares must be found, and nothing else.

Every kind of fault is planted in several units, under every skin, one fault a site; a province of such sites is
crawled, read and judged as on any night. A site counts as exact when its accusations are the declared ones.

    python -m bench.mutation --rounds 3 --home /tmp/mutation
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.nights import Said, judge_again, night
from practice.faults import KINDS
from practice.model import Fault
from practice.province import DEFAULT_AS_OF, Looks, Province, build
from practice.skins import SKINS

EXACT = 0.95


def province_of(seed: int, skins: tuple[str, ...]) -> Province:
    """A clean province in which every site bears one fault, another one each round, under a skin by turns."""
    healthy = build(seed, DEFAULT_AS_OF, 30, faults=[])
    units = list(healthy.sites)
    kinds = list(KINDS)
    faults, looks = [], {}
    for n, unit in enumerate(units):
        looks[unit] = Looks(skin=skins[(n + seed) % len(skins)])
        site = healthy.sites[unit]
        turn = (n + seed * 17) % len(kinds)
        kind = next(k for k in (*kinds[turn:], *kinds[:turn]) if KINDS[k].fits(site))
        faults.append(Fault(unit, kind))
    return build(seed, DEFAULT_AS_OF, 30, faults=faults, looks=looks)


def compare(province: Province, said: Iterable[Said]) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Unit, fault, what was missed, what was said too much."""
    told: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    asked: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in said:
        if one.verdict == "fail":
            told[one.unit_id].add((one.rule_id, one.subject, one.verdict))
        else:
            asked[one.unit_id].add((one.rule_id, one.subject))
    for unit, site in province.sites.items():
        rows = [row for row in province.truth if row.unit_id == unit]
        must = {(row.rule_id, row.subject, row.verdict) for row in rows if not row.optional}
        may = {(row.rule_id, row.subject, row.verdict) for row in rows}
        found = told[unit] | {(r, s, "unsure") for r, s in asked[unit]}
        kind = site.faults[0].kind if site.faults else "-"
        missed = [
            f"{r} {s}{' (asked)' if (r, s) in asked[unit] else ''}"
            for r, s, v in must
            if (r, s, v) not in found
        ]
        extra = [f"{r} {s}" for r, s, v in told[unit] - may]
        yield unit, kind, sorted(missed), sorted(extra)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=8101)
    parser.add_argument("--skins", nargs="+", default=list(SKINS))
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--again", action="store_true", help="judge kept nights again, do not crawl")
    options = parser.parse_args()
    total = exact = accused = 0
    weak: dict[str, list[bool]] = defaultdict(list)
    for seed in range(options.first_seed, options.first_seed + options.rounds):
        province = province_of(seed, tuple(options.skins))
        home = options.home / str(seed)
        said = judge_again(province, home) if options.again else night(province, home)
        for unit, kind, missed, extra in compare(province, said):
            good = not missed and not extra
            total += 1
            exact += good
            accused += len(extra)
            weak[kind].append(good)
            weak["skin " + province.sites[unit].skin].append(good)
            if not good:
                print(
                    f"{seed} {unit} {province.sites[unit].skin:<10}{kind}: missed {missed} extra {extra}",
                    flush=True,
                )
    print(f"exact {exact} of {total} ({exact / total:.3f}); wrong accusations {accused}")
    for name, marks in sorted(weak.items()):
        if not all(marks):
            print(f"  {name}: {sum(marks)} of {len(marks)}")
    return 0 if exact >= EXACT * total else 1


if __name__ == "__main__":
    sys.exit(main())
