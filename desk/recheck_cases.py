"""Which deficiencies are looked at again, and where: at what they point at, and where what is missing should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.registry import BESIDE_THE_CRAWL, rule_of
from desk.installation import Installation
from dossier import store
from dossier.errors import BadInput, Problem
from dossier.model import Area, Claim, Coverage, Outcome, Unit
from dossier.store import Past, RunInfo, Store

KIND = "recheck"
MOST_PLACES = 80


@dataclass(frozen=True)
class Case:
    """One deficiency that is to be looked at again."""

    unit: Unit
    number: str
    past: Past
    last: Outcome
    base_run: str

    @property
    def is_absence(self) -> bool:
        rule = rule_of(self.last.rule_id)
        return rule is not None and rule.claim is Claim.ABSENCE

    @property
    def is_beside(self) -> bool:
        """Whether it rests on accounts, certificates or probes, and on no page of the crawl."""
        return self.last.rule_id in BESIDE_THE_CRAWL

    @property
    def first_run(self) -> str:
        """The run that first spoke of it."""
        seen = self.past.tally.spoken
        assert seen is not None
        return seen[0].run


def cases_of(
    installation: Installation, kept: Store, *, numbers: Sequence[str] = (), due: bool = False
) -> tuple[Case, ...]:
    """What stands against the listed units: all faults, those that are due, or the named ones."""
    if due:
        numbers = [one.deficiency_no for one in store.due_rechecks(kept, installation.as_of)]
    found: list[Case] = []
    for unit in installation.units:
        if numbers and not any(number.startswith(f"{unit.unit_id}-") for number in numbers):
            continue
        judged = [run.run_id for run in store.runs(kept) if run.kind != KIND and _covered(kept, run, unit)]
        if not judged:
            continue
        base = next((run for run in reversed(judged) if _inspected(kept, run, unit)), judged[-1])
        for past in store.past_of(kept, unit.unit_id, judged[-1], with_this=True):
            wanted = past.number in numbers if numbers or due else _stands(past)
            if past.number and past.last is not None and wanted:
                found.append(Case(unit, past.number, past, past.last, base))
    unknown = set(numbers) - {case.number for case in found}
    if unknown and not due:
        raise BadInput(
            [Problem("--deficiency", f"没有问题“{number}”", "请核对问题编号（gongkai export deficiencies）") for number in sorted(unknown)]
        )  # fmt: skip
    return tuple(found)


def of_unit(cases: Sequence[Case], unit_id: str) -> list[Case]:
    return [case for case in cases if case.unit.unit_id == unit_id]


def places_of(case: Case, coverage: Coverage | None) -> tuple[str, ...]:
    """The addresses that a deficiency rests on; for an absence where it should be, too."""
    last, unit = case.last, case.unit
    if last.rule_id.startswith("account-"):
        rows = [row for row in unit.accounts if last.subject in (row.account_id, row.url, row.channel.value)]
        return tuple(row.url for row in rows if row.url)
    homes = [row.url for row in unit.websites if row.url]
    named = [last.subject.partition(" ")[0], last.page_url, *(shown.url for shown in last.evidence)]
    rule = rule_of(last.rule_id)
    if rule is not None and case.is_absence:
        named += homes
        for area in dict.fromkeys((Area.PLATFORM, *rule.needs)):
            found = coverage.areas.get(area) if coverage else None
            named += found.pages[:MOST_PLACES] if found else ()
    web = [url for url in named if url.startswith(("http://", "https://"))] or homes
    return tuple(dict.fromkeys(web))[:MOST_PLACES]


def _stands(past: Past) -> bool:
    """Whether it was seen as a fault since it was last looked for and not found."""
    return past.tally.faults > 0


def _covered(kept: Store, run: RunInfo, unit: Unit) -> bool:
    return store.coverage_of(kept, run.run_id, unit.unit_id) is not None


def _inspected(kept: Store, run_id: str, unit: Unit) -> bool:
    coverage = store.coverage_of(kept, run_id, unit.unit_id)
    return coverage is not None and coverage.inspected
