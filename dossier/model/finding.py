"""What stands over the nights, and what it would cost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from dossier.model.unit import Unit, UnitClass
from dossier.model.verdict import NotCalled, Outcome, Verdict


class Deficiency(msgspec.Struct, frozen=True, kw_only=True):
    """问题: one fault of one unit about one subject, over all nights it was seen."""

    fingerprint: str
    """SHA-256 of unit, rule and subject; nothing volatile."""
    number: str
    """Human number, `A01-2020-0031`."""
    unit_id: str
    outcome: Outcome
    """As last seen."""
    message: str
    """The sentence, filled in."""
    first_seen: str
    """Run id."""
    last_seen: str
    first_at: date
    last_at: date
    nights_seen: int
    confirmed: bool
    """Seen as `fail` on enough nights (tables/thresholds.toml)."""
    news: str = "standing"
    """Against the previous run: `new`, `standing`, `changed`."""

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """扣分建议: what one deficiency (or one rule, where points are asked once) asks and is granted."""

    deficiency_no: str
    rule_id: str
    subject: str
    section: str
    """Level-1 name; `重大扣分项` for majors."""
    row: tuple[str, ...]
    asked: Decimal
    granted: Decimal
    because: str
    """The working in Chinese: points, own cap, level-1 cap, or why nothing is asked (covered by another finding)."""


class LevelOne(msgspec.Struct, frozen=True, kw_only=True):
    """One level-1 line of a scorecard."""

    name: str
    weight: Decimal
    asked: Decimal
    granted: Decimal
    """min(asked after own caps, weight)."""
    score: Decimal
    """weight - granted."""
    online: bool
    """Whether any row of it is inspected online."""


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's suggested score of one run. `unsure` costs nothing and stands beside the score."""

    unit_id: str
    unit_class: UnitClass
    run_id: str
    table_title: str
    table_status: str
    table_digest: str
    levels: tuple[LevelOne, ...]
    lines: tuple[Suggestion, ...]
    major_points: Decimal
    deducted: Decimal
    """Sum of granted points under the level-1 caps plus majors."""
    score: Decimal
    unsure: int
    errors: int
    not_called: int
    unconfirmed_points: Decimal
    """Part of `deducted` that rests on findings not yet seen on enough nights."""
    inspected: bool
    grade: str = ""
    """初步等次建议; empty for a unit that was not inspected."""


class UnitStanding(msgspec.Struct, frozen=True, kw_only=True):
    """All that a report of one unit needs, in one value."""

    unit: Unit
    run_id: str
    as_of: date
    started: datetime
    finished: datetime
    scorecard: Scorecard
    previous: Scorecard | None
    deficiencies: tuple[Deficiency, ...]
    """`fail` first, then `unsure`, then `error`; each in table order."""
    gone: tuple[Deficiency, ...]
    """Stood in the previous run, not found any more where it was looked for."""
    not_called: tuple[NotCalled, ...]
    coverage: str
    """msgspec JSON of Coverage, as stored."""
    manifest_sha256: str = ""
