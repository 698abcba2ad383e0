"""Archives are not kept for ever, but what a finding, a decision, a notice or an issued paper rests on is.

A unit's archive of a night is kept whole where a person said, wrote or sent anything that stands on it, where it is
one of the unit's last nights, and where it is younger than the setting. Of the others only those bodies stay that a
kept night or the last evidence of any deficiency shows. The lists of attempts stay in every case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from desk.evidence import check_run, seal
from dossier import archive, store
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import Capture
from dossier.store import RunInfo, Store

PART = "thinned"
"""What is left of a thinned night is sealed in the chain under this name."""
SHORTEST_DAYS = 30
LAST_NIGHTS = store.NIGHTS_REMEMBERED
"""A unit's last nights are kept whole whatever their age: the next crawl asks by them what has changed."""


@dataclass(frozen=True)
class RunPlan:
    """What the rule makes of one night."""

    run: RunInfo
    units: dict[str, archive.Plan]
    """Units to be thinned."""
    whole: tuple[str, ...]
    """Units whose archive stays whole, because something rests on it."""

    @property
    def bytes(self) -> int:
        return sum(plan.bytes for plan in self.units.values())


@dataclass
class Done:
    """What was thinned."""

    runs: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Chinese: nights that were left alone, and why."""
    bytes: int = 0


def plan(kept: Store, home: Home, *, days: int, now: datetime) -> list[RunPlan]:
    """Which nights are past their time, and what would go of them. Nothing is touched."""
    if days <= 0:
        return []
    limit = now - timedelta(days=days)
    used = store.evidence_in_use(kept)
    needed = _needed(kept, used, limit)
    found = []
    for run in store.runs(kept):
        if not _is_due(kept, home, run, limit):
            continue
        units, whole = {}, []
        for folder in _units(home.run(run.run_id)):
            rule = needed.get((run.run_id, folder.name))
            if rule is None:
                whole.append(folder.name)
                continue
            made = archive.plan_of(folder, rule)
            if made.removed or made.bytes:
                units[folder.name] = made
        if units:
            found.append(RunPlan(run, units, tuple(whole)))
    return found


def apply(kept: Store, home: Home, *, days: int, now: datetime) -> Done:
    """Thins every night that is past its time: checked before, sealed anew, the old files removed, checked after."""
    done = Done()
    for run in store.runs(kept):
        if store.seal_of(kept, f"{run.run_id}/{PART}"):  # a removal that broke off is ended
            for folder in _units(home.run(run.run_id)):
                archive.remove_thinned(folder)
    limit = now - timedelta(days=days)
    for one in plan(kept, home, days=days, now=now):
        run_id = one.run.run_id
        before = check_run(kept, home, run_id)
        if before.faults:
            done.faults.append(f"批次 {run_id} 的存档本来就有问题（{before.faults[0]}），没有精简，请先核对")
            continue
        rules = _needed(kept, store.evidence_in_use(kept), limit)
        size = _size(home.run(run_id))
        for unit_id in one.units:
            folder, rule = home.run(run_id) / unit_id, rules[run_id, unit_id]
            archive.thin(folder, rule, at=now, days=days)
            held = {each.sha256 for each in archive.read_captures(folder) if each.sha256 and rule(each)}
            store.forget_bodies(kept, run_id, unit_id, held)
        seal(kept, home, run_id, now, PART)
        for unit_id in one.units:
            archive.remove_thinned(home.run(run_id) / unit_id)
        after = check_run(kept, home, run_id)
        done.faults += [f"批次 {run_id} 精简后核对：{fault}" for fault in after.faults]
        done.runs.append(run_id)
        done.bytes += size - _size(home.run(run_id))
    return done


def _is_due(kept: Store, home: Home, run: RunInfo, limit: datetime) -> bool:
    return (
        run.started < limit
        and home.run(run.run_id).is_dir()
        and store.seal_of(kept, run.run_id) is not None
        and store.seal_of(kept, f"{run.run_id}/{PART}") is None
    )


def _needed(
    kept: Store, used: set[tuple[str, str]], limit: datetime
) -> dict[tuple[str, str], Callable[[Capture], bool]]:
    """Run and unit → which attempts keep their records; nights that stay whole are left out."""
    young = {run.run_id for run in store.runs(kept) if run.started >= limit}
    rules: dict[tuple[str, str], Callable[[Capture], bool]] = {}
    for unit_id, runs in store.visits_of(kept).items():
        whole = {run for run in runs if run in young or (run, unit_id) in used} | set(runs[-LAST_NIGHTS:])
        bodies = set(store.bodies_of(kept, unit_id, whole))
        urls: set[str] = set()
        for past in store.past_of(kept, unit_id, runs[-1], with_this=True):
            for piece in past.last.evidence if past.last else ():
                bodies.add(piece.sha256)
                urls.add(piece.url)
        rule = _rule(frozenset(bodies - {""}), frozenset(urls))
        rules.update(((run, unit_id), rule) for run in runs if run not in whole)
    return rules


def _rule(bodies: frozenset[str], urls: frozenset[str]) -> Callable[[Capture], bool]:
    def needed(capture: Capture) -> bool:
        return capture.sha256 in bodies or capture.asked_url in urls or capture.final_url in urls

    return needed


def _units(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if archive.manifest_file(path).is_file())


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def in_words(plans: list[RunPlan], days: int) -> str:
    """What would be done, for whoever has to agree to it."""
    if days <= 0:
        return "没有设保存期限（retain.archive_days = 0），存档全部保留。"
    if not plans:
        return f"没有超过 {days} 天、可以精简的存档。"
    lines = [
        f"批次 {one.run.run_id}（检查日期 {one.run.as_of.isoformat()}）：精简 {len(one.units)} 个单位，"
        f"去掉 {sum(plan.removed for plan in one.units.values())} 条应答，"
        f"保留 {sum(plan.kept for plan in one.units.values())} 条，约省 {_megabytes(one.bytes)}"
        + (f"；整份保留 {len(one.whole)} 个单位（有决定、通知或印发的文件以它为据）" if one.whole else "")
        for one in plans
    ]
    total = _megabytes(sum(one.bytes for one in plans))
    return "\n".join([*lines, f"共 {len(plans)} 个批次，约省 {total}。"])


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def database_size(home: Home) -> int:
    return home.database.stat().st_size if home.database.is_file() else 0


def vacuum(kept: Store, home: Home) -> str:
    """Shrinks the database file; what came of it, in words."""
    before = database_size(home)
    store.vacuum(kept)
    return f"整理数据库：{_megabytes(before)} → {_megabytes(database_size(home))}。"


def refuse_if_short(days: int) -> None:
    """A slip of the hand must not thin last week's nights."""
    if 0 < days < SHORTEST_DAYS:
        raise BadInput(
            [Problem("retain.archive_days", f"{days} 天太短", f"请设 {SHORTEST_DAYS} 天以上，或 0（不精简）")]
        )
