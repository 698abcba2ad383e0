"""What one night says of all units together: rankings, changes, frequent faults. Not inspected is never ranked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desk.reports.night import Night
from desk.reports.paper import Finding, UnitPaper
from desk.reports.wording import CLASSES
from dossier.model import UnitClass


@dataclass(frozen=True)
class Ranked:
    """One unit's place; equal scores share a place."""

    place: int
    paper: UnitPaper
    moved: Decimal | None
    """Score against the previous run; None without one that can be compared."""


@dataclass(frozen=True)
class Ranking:
    unit_class: UnitClass
    title: str
    rows: tuple[Ranked, ...]
    unranked: tuple[UnitPaper, ...]


@dataclass(frozen=True)
class Fault:
    """One rule over all units."""

    rule_id: str
    name: str
    findings: int
    units: tuple[tuple[UnitPaper, int], ...]


@dataclass(frozen=True)
class ProvincePaper:
    night: Night
    papers: tuple[UnitPaper, ...]
    rankings: tuple[Ranking, ...]
    faults: tuple[Fault, ...]
    """Most units first."""
    changed: tuple[UnitPaper, ...]
    """Units with new, changed or gone problems."""

    @property
    def inspected(self) -> tuple[UnitPaper, ...]:
        return tuple(p for p in self.papers if p.inspected)

    @property
    def uninspected(self) -> tuple[UnitPaper, ...]:
        return tuple(p for p in self.papers if not p.inspected)

    @property
    def partial(self) -> int:
        return sum(p.partial for p in self.papers)

    @property
    def problems(self) -> int:
        return sum(len(p.problems) for p in self.papers)

    @property
    def questions(self) -> int:
        return sum(len(p.questions) for p in self.papers)

    @property
    def errors(self) -> int:
        return sum(len(p.errors) for p in self.papers)

    @property
    def unconfirmed(self) -> int:
        return sum(p.unconfirmed for p in self.papers)

    @property
    def gone(self) -> int:
        return sum(len(p.gone) for p in self.papers)

    @property
    def compared(self) -> bool:
        """Whether there was a night before this one."""
        return any(p.standing.previous is not None for p in self.papers)

    def count(self, news: str) -> int:
        return sum(p.count(news) for p in self.papers)


def gather(night: Night, papers: Sequence[UnitPaper]) -> ProvincePaper:
    """Put the units of a night beside each other."""
    rankings = tuple(
        rank(unit_class, [p for p in papers if p.standing.unit.unit_class is unit_class])
        for unit_class in UnitClass
        if any(p.standing.unit.unit_class is unit_class for p in papers)
    )
    changed = tuple(p for p in papers if p.count("new") or p.count("changed") or p.gone)
    return ProvincePaper(night, tuple(papers), rankings, _faults(papers), changed)


def rank(unit_class: UnitClass, papers: Sequence[UnitPaper]) -> Ranking:
    """Order one class by suggested score; what was not inspected stands apart, neither good nor bad."""
    seen = sorted(
        (p for p in papers if p.inspected),
        key=lambda p: (-p.standing.scorecard.score, p.standing.unit.unit_id),
    )
    scores = [p.standing.scorecard.score for p in seen]
    rows = tuple(Ranked(scores.index(p.standing.scorecard.score) + 1, p, _moved(p)) for p in seen)
    return Ranking(unit_class, CLASSES[unit_class], rows, tuple(p for p in papers if not p.inspected))


def _moved(paper: UnitPaper) -> Decimal | None:
    before = paper.standing.previous
    if before is None or not before.inspected:
        return None
    return paper.standing.scorecard.score - before.score


def _faults(papers: Sequence[UnitPaper]) -> tuple[Fault, ...]:
    names: dict[str, str] = {}
    units: dict[str, list[tuple[UnitPaper, int]]] = defaultdict(list)
    for paper in papers:
        found: Counter[str] = Counter()
        for finding in paper.problems:
            names[finding.rule_id] = finding.name
            found[finding.rule_id] += 1
        for rule_id, count in found.items():
            units[rule_id].append((paper, count))
    faults = [
        Fault(rule_id, names[rule_id], sum(n for _, n in held), tuple(held))
        for rule_id, held in units.items()
    ]
    return tuple(sorted(faults, key=lambda f: (-len(f.units), -f.findings, f.rule_id)))


def new_findings(paper: UnitPaper) -> tuple[Finding, ...]:
    return tuple(f for f in paper.problems if f.deficiency.news == "new")
