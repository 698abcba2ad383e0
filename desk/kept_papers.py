"""How every unit stands, written up for the desk: from a kept copy where nothing has changed since it was made."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desk import stages
from desk.evidence import PICTURES
from desk.installation import Installation
from desk.reports.night import Night
from desk.reports.paper import UnitPaper, write_up
from desk.reports.rulebook import current_rules
from dossier.model import UnitStanding
from dossier.store import Store
from dossier.store.cards import keep_standing, kept_standing, scored_runs, stamps

FORMAT = b"1"
"""Raised when kept copies of standings must be made anew."""

_papers: dict[tuple[Path, str], tuple[str, bytes, UnitPaper]] = {}
_lock = threading.Lock()


def current_papers(installation: Installation, kept: Store) -> dict[str, UnitPaper]:
    """Every unit by its last scored run; written up anew only where something it rests on has changed."""
    last = scored_runs(kept)
    by_run: dict[str, list[str]] = defaultdict(list)
    for unit_id, run_id in last.items():
        by_run[run_id].append(unit_id)
    found: dict[str, UnitPaper] = {}
    salt = _salt(installation)
    for run_id, units in by_run.items():
        # Pictures are drawn after the units stand; whoever looked in between must not keep the papers without.
        drawn = (installation.home.run(run_id) / f"manifest-{PICTURES}.json").is_file()
        marks = stamps(kept, run_id, salt + (PICTURES.encode() if drawn else b""))
        stale = []
        for unit_id in units:
            known = _papers.get((kept.path, unit_id))
            if known and known[:2] == (run_id, marks[unit_id]):
                found[unit_id] = known[2]
            else:
                stale.append(unit_id)
        if stale:
            for standing in _standings(installation, kept, run_id, stale, marks):
                paper = write_up(standing, night_of(installation, standing), current_rules())
                unit_id = standing.unit.unit_id
                found[unit_id] = paper
                with _lock:
                    _papers[kept.path, unit_id] = (run_id, marks[unit_id], paper)
    return dict(sorted(found.items()))


def _standings(
    installation: Installation, kept: Store, run_id: str, units: Sequence[str], marks: Mapping[str, bytes]
) -> list[UnitStanding]:
    copies = {unit: kept_standing(kept, run_id, unit, marks[unit]) for unit in units}
    found = [copy for copy in copies.values() if copy is not None]
    lacking = tuple(unit for unit, copy in copies.items() if copy is None)
    if lacking:
        narrowed = replace(installation, only=lacking)
        for standing in stages.standings_of(narrowed, kept, run_id):
            keep_standing(kept, standing, marks[standing.unit.unit_id])
            found.append(standing)
    return found


def _salt(installation: Installation) -> bytes:
    digests = repr(sorted(installation.tables.digests.items()))
    return FORMAT + hashlib.sha256(digests.encode()).digest()


def night_of(installation: Installation, standing: UnitStanding) -> Night:
    """The frame in which one unit is written up."""
    return Night(
        run_id=standing.run_id, as_of=standing.as_of, started=standing.started, finished=standing.finished,
        standings=(), tables=installation.tables.indicators,
    )  # fmt: skip
