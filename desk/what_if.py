"""Another scoring table can be tried on a night that was: what would each unit score, and why? Nothing is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from desk.rule_record import demoted, only_asking
from desk.scoring import suggest
from desk.standing import standings
from dossier import store
from dossier.model import IndicatorTable, Scorecard, Unit
from dossier.store import Store
from dossier.tables import Tables

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Trial:
    """One unit under both tables."""

    unit: Unit
    now: Scorecard
    then: Scorecard
    place_now: int
    """Among the units of its class that were inspected; equal scores share a place. 0: not inspected."""
    place_then: int
    moved: tuple[tuple[str, Decimal, Decimal], ...]
    """Rules whose granted points differ, as (rule, now, then), the largest difference first."""

    @property
    def difference(self) -> Decimal:
        return self.then.score - self.now.score


def try_table(kept: Store, run_id: str, tables: Tables, table: IndicatorTable) -> tuple[Trial, ...]:
    """How the units of the table's class would have scored in this run, in the order of the list.

    Both cards are reckoned anew from what stood after the run: only the tables differ.
    """
    units = [unit for unit in store.units_of(kept, run_id) if unit.unit_class is table.unit_class]
    asking = demoted(kept)
    stood = standings(kept, run_id, tables, units=[unit.unit_id for unit in units])
    pairs: list[tuple[Unit, Scorecard, Scorecard]] = []
    for unit in units:
        coverage = store.coverage_of(kept, run_id, unit.unit_id)
        found = only_asking(stood[unit.unit_id].deficiencies, asking)
        now, then = (
            suggest(
                unit, found, each,
                run_id=run_id, inspected=bool(coverage and coverage.inspected), covers=tables.covers,
            )
            for each in (tables.indicators[unit.unit_class], table)
        )  # fmt: skip
        pairs.append((unit, now, then))
    before = _places([now for _, now, _ in pairs])
    after = _places([then for _, _, then in pairs])
    return tuple(
        Trial(unit, now, then, before.get(unit.unit_id, 0), after.get(unit.unit_id, 0), _moved(now, then))
        for unit, now, then in pairs
    )


def _places(cards: list[Scorecard]) -> dict[str, int]:
    seen = [card for card in cards if card.inspected]
    return {card.unit_id: 1 + sum(other.score > card.score for other in seen) for card in seen}


def _moved(now: Scorecard, then: Scorecard) -> tuple[tuple[str, Decimal, Decimal], ...]:
    granted: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for which, card in enumerate((now, then)):
        for line in card.lines:
            granted[line.rule_id][which] += line.granted
    differing = [(rule, old, new) for rule, (old, new) in granted.items() if old != new]
    return tuple(sorted(differing, key=lambda one: (-abs(one[2] - one[1]), one[0])))


def in_words(trial: Trial, most: int = 3) -> str:
    """One line for a person."""
    if not trial.now.inspected:
        return f"{trial.unit.unit_id} {trial.unit.short_name}：未能检测，不试算"
    change = f"{trial.difference:+}" if trial.difference else "不变"
    because = "；".join(f"{rule} 由扣 {old} 变为扣 {new}" for rule, old, new in trial.moved[:most])
    more = f"，另有 {len(trial.moved) - most} 条规则变化" if len(trial.moved) > most else ""
    return (
        f"{trial.unit.unit_id} {trial.unit.short_name}：现行表 {trial.now.score}（第 {trial.place_now} 名）"
        f" → 试算表 {trial.then.score}（第 {trial.place_then} 名），{change}" + (f"。{because}{more}" if because else "")
    )  # fmt: skip
