"""A site with nothing wrong is accused of nothing, whatever it looks like.

python -m bench.clean --skins soup boda jhtml --home /tmp/clean
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from bench.nights import judge_again, night
from practice.province import DEFAULT_AS_OF, Looks, build
from practice.skins import SKINS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skins", nargs="+", default=list(SKINS))
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--units", type=int, default=4, help="units under each skin, half of either class")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--again", action="store_true", help="judge kept nights again, do not crawl")
    options = parser.parse_args()
    names = [f"{'AB'[n % 2]}{n // 2 + 1:02d}" for n in range(2 * 11)] + [f"B{n:02d}" for n in range(12, 44)]
    chosen = names[: options.units * len(options.skins)]
    looks = {unit: Looks(skin=options.skins[n // 2 % len(options.skins)]) for n, unit in enumerate(chosen)}
    province = build(options.seed, DEFAULT_AS_OF, options.pages, faults=[], looks=looks, units=chosen)
    said = judge_again(province, options.home) if options.again else night(province, options.home)
    accused = [one for one in said if one.verdict != "unsure"]
    for one in sorted(accused, key=lambda one: (province.sites[one.unit_id].skin, one.rule_id)):
        print(
            f"{one.verdict} {province.sites[one.unit_id].skin} {one.unit_id} {one.rule_id} {one.subject} | {one.message} {one.because}"
        )
    doubts = Counter(
        (province.sites[one.unit_id].skin, one.rule_id, one.because[:90])
        for one in said
        if one.verdict == "unsure"
    )
    for (skin, rule, because), count in sorted(doubts.items()):
        if rule != "account-stale":
            print(f"unsure {count} {skin} {rule} | {because}")
    print(f"{len(chosen)} clean sites, {len(accused)} wrong accusations, {sum(doubts.values())} questions")
    return 1 if accused else 0


if __name__ == "__main__":
    sys.exit(main())
