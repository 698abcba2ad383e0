"""What a bulletin is about, before anything of it is written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from dossier.model import UnitClass


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One unit in the ranking."""

    unit_id: str
    unit: str
    site: str
    unit_class: UnitClass
    inspected: bool
    score: Decimal
    grade: str
    closed: bool
    """Whether its sheet is closed; before that the score is a suggestion."""


class BulletinFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a bulletin is about."""

    office: str
    basis: str
    period: str
    """2020年第三季度."""
    first: date
    last: date
    day: date
    made: datetime
    placed: tuple[Placed, ...]
    before: dict[str, Decimal]
    """Scores of the bulletin before; empty where there was none."""
    before_period: str
    repeats: dict[str, int]
    """Unit → how often something came again in the period."""
    highlights: tuple[str, ...]
    assumed: bool
    last_band: str
    """不合格."""
