"""The scoring table of a class and a year, as data. Points are Decimal; tables point at rules."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from dossier.model.unit import UnitClass


class SourceStatus(StrEnum):
    OFFICIAL = "official"
    ASSUMED = "assumed"
    """A documented assumption, said so on every sheet."""


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule's findings ask for."""

    rule_id: str
    points: Decimal
    once: bool = False
    """True: asked once however many findings; False: per finding."""
    cap: Decimal | None = None
    severity: str = ""
    """Only findings of this severity in their data (wording-error 严重 / 一般); empty = all."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A level-2 (or level-3) row with its weight."""

    path: tuple[str, ...]
    """Level-2 name, or level-2 and level-3 names."""
    weight: Decimal
    online: bool = True
    """False: 不在网上检查范围, typed in by an assessor."""
    cap: Decimal | None = None
    standard: str = ""
    """评分标准 as in the sheet, for people."""
    points: tuple[Points, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A level-1 indicator: its weight is the most it can lose."""

    name: str
    weight: Decimal
    rows: tuple[Row, ...]


class Major(msgspec.Struct, frozen=True, kw_only=True):
    """重大扣分项: outside the level-1 caps."""

    name: str
    points: tuple[Points, ...]


class Bonus(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    parent: str
    """Level-1 name whose weight bounds it."""
    share: Decimal = Decimal("0.20")


class IndicatorTable(msgspec.Struct, frozen=True, kw_only=True):
    unit_class: UnitClass
    year: int
    title: str
    source_status: SourceStatus
    source: str
    sections: tuple[Section, ...]
    majors: tuple[Major, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    unscored: dict[str, str] = {}
    """Rule id → why it costs nothing."""
    bands: tuple[tuple[str, Decimal], ...] = ()
    """Grade bands, highest first: (优秀, 90) …"""
    bands_status: SourceStatus = SourceStatus.ASSUMED
    digest: str = ""
    """SHA-256 of the file it was read from."""
