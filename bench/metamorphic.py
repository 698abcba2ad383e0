"""The same content in other clothes has the same faults: other templates, encodings, lists drawn by script, parts
loaded from elsewhere, a second host, another way of saying 'not found'.

    python -m bench.metamorphic --seed 8301 --home /tmp/metamorphic
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.nights import Said, night
from practice.model import Fault, Site
from practice.province import DEFAULT_AS_OF, Looks, Province, build

SAME = 0.98
PLAIN = Looks(
    skin="trs",
    encoding="utf-8",
    declared=True,
    script_lists="",
    include_footer="",
    not_found="404",
    second_host=False,
)
_DRESS: dict[str, dict[str, Any]] = {
    "gbk declared": {"encoding": "gb18030", "declared": True},
    "gbk undeclared": {"skin": "oldgbk", "encoding": "gb18030", "declared": False},
    "json lists": {"script_lists": "json"},
    "datasource lists": {"script_lists": "datasource"},
    "datastore lists": {"skin": "hanweb", "script_lists": "datastore"},
    "footer loaded": {"include_footer": "load"},
    "footer framed": {"include_footer": "iframe"},
    "second host": {"second_host": True},
    "says so": {"not_found": "says-so"},
    "error page": {"not_found": "error-page"},
    **{f"skin {name}": {"skin": name} for name in ("shanxi", "guangdong", "empire", "plainjson", "twohosts", "boda", "jhtml", "soup")},
}  # fmt: skip
Key = tuple[str, str, str]


def looks_of(dress: str) -> Looks:
    """The plain looks with one thing changed."""
    known = {name: getattr(PLAIN, name) for name in Looks.__dataclass_fields__}
    return Looks(**{**known, **_DRESS.get(dress, {})})


def names_of(site: Site) -> dict[str, str]:
    """Address → the thing that stands there, by a name that no dress changes."""
    names = {leaf.url: leaf.key for leaf in site.leaves.values()}
    for leaf in site.leaves.values():
        names |= {file.url: f"{leaf.key} file {n}" for n, file in enumerate(leaf.attachments)}
        if leaf.moved_from:
            names[leaf.moved_from] = leaf.key
        if leaf.dead_partner:
            names[leaf.dead_partner] = f"{leaf.key} dead"
    names |= {section.url: f"column {key}" for key, section in site.sections.items()}
    return names | {site.host: "host", site.platform_host: "host", site.home: "home"}


def accusations(province: Province, said: Iterable[Said]) -> set[Key]:
    """What was held against each unit, in words that no dress changes."""
    names = {unit: names_of(site) for unit, site in province.sites.items()}
    found = set()
    for one in said:
        if one.verdict == "fail":
            url, _, rest = one.subject.partition(" ")
            known = names[one.unit_id].get(url) or (urlsplit(url).path if "://" in url else url)
            found.add((one.unit_id, one.rule_id, f"{known} {rest}".strip()))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=8301)
    parser.add_argument(
        "--units", nargs="+", default=["A01", "A04", "A07", "A10", "B01", "B06", "B14", "B20", "B31", "B40"]
    )
    parser.add_argument("--dress", nargs="+", default=list(_DRESS))
    parser.add_argument("--home", type=Path, required=True)
    options = parser.parse_args()
    planned: list[Fault] = [
        fault for fault in build(options.seed, DEFAULT_AS_OF, 40).faults if fault.unit_id in options.units
    ]

    def dressed(dress: str) -> set[Key]:
        looks = dict.fromkeys(options.units, looks_of(dress))
        province = build(options.seed, DEFAULT_AS_OF, 40, faults=planned, looks=looks, units=options.units)
        return accusations(province, night(province, options.home / dress.replace(" ", "-")))

    plain = dressed("")
    print(f"plain: {len(plain)} accusations", flush=True)
    shared = every = 0
    for dress in options.dress:
        found = dressed(dress)
        shared += len(found & plain)
        every += len(found | plain)
        print(f"{dress}: {len(found & plain)} of {len(found | plain)} the same", flush=True)
        for key in sorted(plain - found):
            print(f"  lost  {' '.join(key)}")
        for key in sorted(found - plain):
            print(f"  added {' '.join(key)}")
    print(f"same {shared} of {every} ({shared / max(1, every):.3f})")
    return 0 if shared >= SAME * every else 1


if __name__ == "__main__":
    sys.exit(main())
