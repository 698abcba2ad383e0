"""What an assessor may change without a developer, read once, checked whole and frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec

from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import IndicatorTable, RuleTables, UnitClass
from dossier.tables.cms import read_cms
from dossier.tables.coverage import Cover, Same, read_covers
from dossier.tables.indicators import read_indicators, render_indicators
from dossier.tables.judging import read_illicit, read_statutory, read_thresholds, read_wording
from dossier.tables.soundness import Fault, Place, faults, say_points

__all__ = [
    "Cover",
    "Fault",
    "Place",
    "Same",
    "Tables",
    "faults",
    "load_tables",
    "read_covers",
    "read_indicators",
    "render_indicators",
    "say_points",
    "shipped_covers",
    "shipped_table",
]

_Read = TypeVar("_Read")

_FILES = (
    "thresholds.toml",
    "statutory.toml",
    "wording.toml",
    "illicit.toml",
    "coverage.toml",
    "calendar.toml",
    "columns.toml",
    "challenges.toml",
    "cms.toml",
    "indicators_A.toml",
    "indicators_B.toml",
)


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """All tables of a home that rules and scoring read."""

    rules: RuleTables
    indicators: dict[UnitClass, IndicatorTable]
    covers: tuple[Cover, ...]
    digests: dict[str, str]
    """File name → SHA-256 of the file that was read, for run.json; files of other rooms too, where they are."""
    lacking: tuple[str, ...] = ()
    """Thresholds that the home's own table does not have; they take the shipped value."""

    @property
    def notice(self) -> str:
        """What whoever changed a table should hear; empty where there is nothing to say."""
        if not self.lacking:
            return ""
        return (
            f"tables/thresholds.toml 缺少 {len(self.lacking)} 条阈值（{'、'.join(self.lacking)}），"
            "已按系统自带的数值检查；要自定数值，请从自带的表中抄入后修改"
        )

    def confirm_nights(self, rule_id: str) -> int:
        """On how many nights a fault must have been seen before it counts as confirmed."""
        numbers = self.rules.thresholds
        return int(numbers.get(f"{rule_id}.confirm_nights", numbers["confirm.default"]))


def load_tables(home: Home, known_rules: frozenset[str] | None = None) -> Tables:
    """Read every table of a home, or refuse with all the faults of all of them.

    `known_rules` are the ids of the catalogue; with them, tables that name an unknown rule or forget
    one are refused too.
    """
    problems: list[Problem] = []

    def take(read: Callable[[], _Read]) -> _Read | None:
        try:
            return read()
        except BadInput as bad:
            problems.extend(bad.problems)
            return None

    shipped = shipped_table("thresholds.toml")
    thresholds = take(lambda: read_thresholds(home.table("thresholds.toml"), shipped, known_rules))
    statutory = take(lambda: read_statutory(home.table("statutory.toml")))
    wording = take(lambda: read_wording(home.table("wording.toml")))
    illicit = take(lambda: read_illicit(home.table("illicit.toml"), shipped_table("illicit.toml")))
    cms = take(lambda: read_cms(home.table("cms.toml")))
    covers = take(lambda: read_covers(home.table("coverage.toml"), known_rules))
    indicators: dict[UnitClass, IndicatorTable] = {}
    for unit_class in UnitClass:
        path = home.table(f"indicators_{unit_class}.toml")
        if table := take(partial(read_indicators, path, known_rules, expected=unit_class)):
            indicators[unit_class] = table
    if (
        problems
        or thresholds is None
        or statutory is None
        or wording is None
        or illicit is None
        or cms is None
        or covers is None
    ):
        raise BadInput(problems)
    values, lacking = thresholds
    return Tables(
        rules=RuleTables(
            thresholds=values,
            statutory=statutory,
            wording=wording,
            illicit_words=illicit[0],
            trusted_hosts=illicit[1],
            cms=cms,
        ),
        indicators=indicators,
        covers=covers,
        digests=_digests(home, shipped if lacking else None),
        lacking=lacking,
    )


def _digests(home: Home, filled_from: Path | None) -> dict[str, str]:
    read = {name: path for name in _FILES if (path := home.table(name)).is_file()}
    if filled_from is not None:
        read[f"{filled_from.name}（自带）"] = filled_from
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in read.items()}


def shipped_table(name: str) -> Path:
    """The table that comes with the product, whatever a home says."""
    return Path(str(resources.files("tables") / name))


@cache
def shipped_covers() -> tuple[Cover, ...]:
    """The coverage table that comes with the product."""
    return read_covers(shipped_table("coverage.toml"))
