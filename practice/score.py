"""Findings against the truth: what was found, what was missed, who was wrongly accused."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Key = tuple[str, str, str]


@dataclass(slots=True)
class Tally:
    hits: list[Key] = field(default_factory=list)
    misses: list[Key] = field(default_factory=list)
    false: list[Key] = field(default_factory=list)
    optional: list[Key] = field(default_factory=list)
    """Found, and neither required nor wrong."""
    unsure: list[Key] = field(default_factory=list)
    """Asked of a person where the truth is a fault: a miss, but not a blind one."""

    @property
    def precision(self) -> float:
        said = len(self.hits) + len(self.false)
        return len(self.hits) / said if said else 1.0

    @property
    def recall(self) -> float:
        there = len(self.hits) + len(self.misses)
        return len(self.hits) / there if there else 1.0


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(truth: Iterable[Mapping[str, Any]], findings: Iterable[Mapping[str, Any]]) -> dict[str, Tally]:
    """One tally per rule, and `*` for all together."""
    wanted = {_key(row): row for row in truth}
    said: dict[Key, str] = {}
    for row in findings:
        if row["verdict"] in ("fail", "unsure") and said.get(_key(row)) != "fail":
            said[_key(row)] = row["verdict"]
    tallies: dict[str, Tally] = defaultdict(Tally)

    def put(name: str, key: Key) -> None:
        for tally in (tallies[key[1]], tallies["*"]):
            getattr(tally, name).append(key)

    for key, row in sorted(wanted.items()):
        verdict = said.get(key)
        if verdict == row["verdict"]:
            put("optional" if row.get("optional") else "hits", key)
        elif verdict == "fail":
            put("false", key)
        elif not row.get("optional"):
            put("misses", key)
            if verdict == "unsure":
                put("unsure", key)
    for key, verdict in sorted(said.items()):
        if key not in wanted and verdict == "fail":
            put("false", key)
    return dict(tallies)


def _key(row: Mapping[str, Any]) -> Key:
    return str(row["unit_id"]), str(row["rule_id"]), str(row["subject"])


def report(tallies: Mapping[str, Tally]) -> str:
    """The score in words, for people."""
    lines = ["规则                                    命中  漏判  误判  查准率  查全率"]
    for name in sorted(tallies, key=lambda n: (n == "*", n)):
        tally = tallies[name]
        shown = "合计" if name == "*" else name
        lines.append(
            f"{shown:<40}{len(tally.hits):>4}{len(tally.misses):>6}{len(tally.false):>6}{tally.precision:>8.3f}{tally.recall:>8.3f}"
        )
    total = tallies.get("*", Tally())
    for title, keys in (("漏判", total.misses), ("误判", total.false)):
        lines += [f"{title} {' '.join(key)}" for key in keys]
    return "\n".join(lines)
