"""One night of inspection as a value: everything that its papers are written from."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from dossier.model import IndicatorTable, UnitClass, UnitStanding


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """One finished run over all its units, with the tables its points were taken from."""

    run_id: str
    as_of: date
    """The inspection date, Asia/Shanghai."""
    started: datetime
    """UTC."""
    finished: datetime
    """UTC. Papers carry this as their creation time, so that the same night gives the same bytes."""
    standings: tuple[UnitStanding, ...]
    """In the order of unit_sites.csv."""
    tables: dict[UnitClass, IndicatorTable]
    notes: tuple[str, ...] = ()
    """Chinese sentences about the night itself: network trouble, a calendar that does not cover a year."""
    province: str = "山西省"
    title: str = "政务公开网上检查"
    basis: str = "晋政办函〔2020〕42号"
    """The plan under which the inspection is made."""
    evidence_root: str = ""
    """The run's folder, where screenshots may be taken from; empty: papers name the files only."""
