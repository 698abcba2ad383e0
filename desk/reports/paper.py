"""What one unit's report says, whatever its form: HTML, DOCX and XLSX are written from this one value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from desk.reports.night import Night
from desk.reports.scoresheet import MAJORS, UNSCORED, SheetSection, Unbalanced, check_sums, lay_out
from desk.reports.unseen import Gap, find_gaps, why_unseen
from desk.reports.wording import SOURCES, points
from dossier.errors import BadInput, Problem
from dossier.model import (
    Coverage,
    Deficiency,
    IndicatorTable,
    Rule,
    SourceStatus,
    Suggestion,
    UnitStanding,
    Verdict,
)


@dataclass(frozen=True)
class Finding:
    """One deficiency with all that a reader asks of it."""

    deficiency: Deficiency
    anchor: str
    name: str
    """Chinese name of the fault."""
    indicator: str
    """主动公开 › 公文公开."""
    section: str
    """Level-1 name; empty where the table does not count it."""
    row: tuple[str, ...]
    basis: tuple[str, ...]
    remedy: str
    scored: bool
    """Whether it asks for points of its own."""
    asked: Decimal
    granted: Decimal
    working: tuple[str, ...]

    @property
    def rule_id(self) -> str:
        return self.deficiency.outcome.rule_id


@dataclass(frozen=True)
class UnitPaper:
    """One unit's report before it takes a form."""

    standing: UnitStanding
    table: IndicatorTable
    coverage: Coverage
    source: str
    """暂定评分表，非官方 / 官方评分表."""
    problems: tuple[Finding, ...]
    questions: tuple[Finding, ...]
    errors: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    sections: tuple[SheetSection, ...]
    """Empty where the unit was not inspected."""

    @property
    def inspected(self) -> bool:
        return self.standing.scorecard.inspected and self.coverage.inspected

    @property
    def reason(self) -> str:
        """Why the unit was not (wholly) seen, without a full stop."""
        return why_unseen(self.coverage)

    @property
    def partial(self) -> bool:
        return self.inspected and self.coverage.finish != "finished"

    @property
    def assumed(self) -> bool:
        return self.table.source_status is SourceStatus.ASSUMED

    @property
    def majors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.problems if f.section == MAJORS and f.granted > 0)

    def count(self, news: str) -> int:
        """How many problems are new, standing or changed against the previous run."""
        return sum(f.deficiency.news == news for f in self.problems)

    @property
    def unconfirmed(self) -> int:
        return sum(not f.deficiency.confirmed for f in self.problems)

    @property
    def areas_seen(self) -> tuple[int, int]:
        """Areas wholly seen (a proven absence included), and all areas."""
        states = [area.state.value for area in self.coverage.areas.values()]
        return sum(state in ("complete", "absent") for state in states), len(states)


def write_up(standing: UnitStanding, night: Night, rules: Mapping[str, Rule]) -> UnitPaper:
    """Bring together what a unit's paper says, and refuse it where its points do not add up."""
    card = standing.scorecard
    table = night.tables[standing.unit.unit_class]
    if card.table_digest and table.digest and card.table_digest != table.digest:
        what = f"批次 {card.run_id} 的扣分建议是按另一份评分表算的"
        raise BadInput([Problem(table.title, what, f"请先运行 gongkai suggest --run {card.run_id}")])
    coverage = msgspec.json.decode(standing.coverage, type=Coverage) if standing.coverage else Coverage()
    sections: tuple[SheetSection, ...] = ()
    if card.inspected and coverage.inspected:
        check_sums(card)
        sections = lay_out(card, table, rules)
    by_number: dict[str, list[Suggestion]] = defaultdict(list)
    for line in card.lines:
        by_number[line.deficiency_no].append(line)
    findings = [_finding(d, by_number, card.lines, table, rules) for d in standing.deficiencies]
    problems = tuple(f for f in findings if f.deficiency.verdict is Verdict.FAIL)
    errors = tuple(f for f in findings if f.deficiency.verdict is Verdict.ERROR)
    standing_for = sum((f.granted for f in problems), Decimal(0)) - sum(
        (s.over for s in sections), Decimal(0)
    )
    if sections and standing_for != card.deducted:
        raise Unbalanced(
            f"{card.unit_id}：问题清单合计 {points(standing_for)} 分，评分表合计却为 {points(card.deducted)} 分"
        )
    return UnitPaper(
        standing=standing,
        table=table,
        coverage=coverage,
        source=SOURCES[table.source_status],
        problems=problems,
        questions=tuple(f for f in findings if f.deficiency.verdict is Verdict.UNSURE),
        errors=errors,
        gone=tuple(_finding(d, by_number, (), table, rules) for d in standing.gone),
        gaps=find_gaps(coverage, standing, [(f.name, f.deficiency) for f in errors], rules),
        sections=sections,
    )


def _finding(
    deficiency: Deficiency,
    by_number: Mapping[str, list[Suggestion]],
    all_lines: tuple[Suggestion, ...],
    table: IndicatorTable,
    rules: Mapping[str, Rule],
) -> Finding:
    rule_id = deficiency.outcome.rule_id
    rule = rules.get(rule_id)
    lines = by_number.get(deficiency.number, [])
    if lines and lines[0].section != UNSCORED:
        section, row = lines[0].section, lines[0].row
    else:
        section, row = _place(rule_id, table)
    working = tuple(line.because for line in lines)
    if not lines and deficiency.verdict is Verdict.FAIL:
        working = (_why_free(deficiency, all_lines, table),)
    return Finding(
        deficiency=deficiency,
        anchor=f"p-{deficiency.number}",
        name=rule.name if rule else rule_id,
        indicator=" › ".join((section, *row)) if section else "评分表未列（提示性检查项）",
        section=section,
        row=row,
        basis=rule.basis if rule else (),
        remedy=rule.remedy if rule else "",
        scored=any(line.asked for line in lines),
        asked=sum((line.asked for line in lines), Decimal(0)),
        granted=sum((line.granted for line in lines), Decimal(0)),
        working=working,
    )


def _place(rule_id: str, table: IndicatorTable) -> tuple[str, tuple[str, ...]]:
    """Where the table would count this rule."""
    for section in table.sections:
        for row in section.rows:
            if any(point.rule_id == rule_id for point in row.points):
                return section.name, row.path
    for major in table.majors:
        if any(point.rule_id == rule_id for point in major.points):
            return MAJORS, (major.name,)
    return "", ()


def _why_free(deficiency: Deficiency, lines: tuple[Suggestion, ...], table: IndicatorTable) -> str:
    """Why a problem has no line of its own on the scorecard."""
    rule_id = deficiency.outcome.rule_id
    if rule_id in table.unscored:
        return f"不计分：{table.unscored[rule_id]}"
    for line in lines:
        if line.rule_id == rule_id:
            return f"与 {line.deficiency_no} 合并计分（{points(line.granted)} 分），本条不另计"
    return "评分表未对此项设分，不计分"
