"""The order in which an assessor meets the night's findings, and what is decided in one go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from desk.case_state import Effect, Stage
from desk.caseload import Case
from dossier.model import Severity

SMALLEST_GROUP = 3
_SEVERITY = {Severity.MAJOR: 0, Severity.NORMAL: 1, Severity.MINOR: 2}
_NEWS = {"changed": 0, "new": 0, "standing": 1}
STAGES = {
    "todo": "待处理",
    "check": "待复核",
    "deferred": "暂缓",
    "appeal": "申诉",
    "confirmed": "已确认",
    "dismissed": "不成立",
    "gone": "已消失",
    "all": "全部",
}
ORDERS = {"due": "按期限", "severity": "按轻重", "points": "按扣分", "unit": "按单位"}


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What the assessor wants to see; empty means everything."""

    stage: str = "todo"
    unit: str = ""
    cls: str = ""
    rule: str = ""
    section: str = ""
    verdict: str = ""
    news: str = ""
    q: str = ""
    order: str = "due"


@dataclass(frozen=True)
class Entry:
    """One line of the queue: one case, or several with one cause."""

    cases: tuple[Case, ...]

    @property
    def first(self) -> Case:
        return self.cases[0]

    @property
    def is_group(self) -> bool:
        return len(self.cases) > 1


def select(cases: Iterable[Case], filters: Filters, *, viewer: str = "") -> list[Case]:
    """The cases that the filters let through. `viewer`: nobody checks what they decided themselves."""
    words = filters.q.casefold().split()
    return [
        case for case in cases if _in_stage(case, filters.stage, viewer) and _wanted(case, filters, words)
    ]


def _in_stage(case: Case, stage: str, viewer: str) -> bool:
    state = case.state
    match stage:
        case "todo":
            return case.waits
        case "check":
            own = state.decision is not None and state.decision.who == viewer
            return state.stage is Stage.CHECK and not own
        case "deferred":
            return state.stage is Stage.DEFERRED
        case "appeal":
            return state.appeal is not None
        case "confirmed":
            return state.effect in (Effect.CONFIRMED, Effect.ADJUSTED)
        case "dismissed":
            return state.effect is Effect.DISMISSED
        case "gone":
            return case.gone
        case _:
            return True


def _wanted(case: Case, filters: Filters, words: Sequence[str]) -> bool:
    unit = case.unit
    if filters.unit and unit.unit_id != filters.unit:
        return False
    if filters.cls and unit.unit_class.value != filters.cls:
        return False
    if filters.rule and case.rule_id != filters.rule:
        return False
    if filters.section and case.finding.section != filters.section:
        return False
    if filters.verdict and case.verdict.value != filters.verdict:
        return False
    if filters.news and case.deficiency.news != filters.news:
        return False
    return all(word in case.words for word in words)


def arrange(cases: Iterable[Case], order: str, today: date) -> list[Case]:
    """Most pressing first; what changed since last time before what merely stands."""
    far = date.max

    def due(case: Case) -> tuple[int, ...]:
        at = case.due or far
        return (
            0 if at < today else 1 if at == today else 2,
            _NEWS.get(case.deficiency.news, 1),
            at.toordinal(),
        )

    def weight(case: Case) -> tuple[object, ...]:
        asks = case.verdict.value != "fail"
        return (_SEVERITY[case.severity], asks, -case.finding.granted)

    def tie(case: Case) -> tuple[str, str, str]:
        return (case.unit.unit_id, case.rule_id, case.number)

    keys = {
        "due": lambda case: (due(case), weight(case), tie(case)),
        "severity": lambda case: (weight(case), due(case), tie(case)),
        "points": lambda case: (-case.finding.granted, due(case), tie(case)),
        "unit": lambda case: (case.unit.unit_id, due(case), weight(case), tie(case)),
    }
    return sorted(cases, key=keys.get(order, keys["due"]))


def entries(cases: Sequence[Case], *, grouped: bool = True) -> list[Entry]:
    """Lines of the queue in the given order; a cause with several pages stands where its first one would."""
    if not grouped:
        return [Entry((case,)) for case in cases]
    together: dict[object, list[Case]] = defaultdict(list)
    for case in cases:
        together[case.cause].append(case)
    found: list[Entry] = []
    done: set[object] = set()
    for case in cases:
        mates = together[case.cause]
        if len(mates) < SMALLEST_GROUP:
            found.append(Entry((case,)))
        elif case.cause not in done:
            done.add(case.cause)
            found.append(Entry(tuple(mates)))
    return found


def after(cases: Sequence[Case], number: str) -> Case | None:
    """The case that follows a number in this order; the first, where the number is not in it."""
    numbers = [case.number for case in cases]
    if number not in numbers:
        return cases[0] if cases else None
    place = numbers.index(number) + 1
    return cases[place] if place < len(cases) else (cases[0] if len(cases) > 1 else None)


def choices(cases: Iterable[Case]) -> dict[str, list[tuple[str, str, int]]]:
    """What can be filtered by, with counts: (key, words, how many)."""
    rules: Counter[tuple[str, str]] = Counter()
    units: Counter[tuple[str, str]] = Counter()
    sections: Counter[tuple[str, str]] = Counter()
    for case in cases:
        rules[case.rule_id, case.finding.name] += 1
        units[case.unit.unit_id, f"{case.unit.unit_id} {case.unit.short_name}"] += 1
        if case.finding.section:
            sections[case.finding.section, case.finding.section] += 1
    return {
        "rule": [(key, words, n) for (key, words), n in rules.most_common()],
        "unit": [(key, words, n) for (key, words), n in sorted(units.items())],
        "section": [(key, words, n) for (key, words), n in sections.most_common()],
    }
