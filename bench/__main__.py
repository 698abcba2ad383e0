"""`python -m bench [name …]`: each figure of docs/performance.md by the script that makes it; all of them without a name."""

from __future__ import annotations

import sys
from importlib import import_module

from bench.ground import machine

FIGURES = (
    "stages",
    "crawl",
    "politeness",
    "second_night",
    "revisits",
    "rejudge",
    "recheck",
    "memory",
    "year",
    "simulate",
)


def main(names: list[str]) -> int:
    """Runs the named figures one after another."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"no such figure: {', '.join(unknown)}; there are {', '.join(FIGURES)}")
        return 2
    print(machine())
    for name in names or FIGURES:
        print(f"\n## {name}\n", flush=True)
        import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
