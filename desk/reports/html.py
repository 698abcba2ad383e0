"""The papers as single HTML files: no script, nothing fetched, readable in print and in grey."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from desk.reports import charts, wording
from desk.reports.night import Night
from desk.reports.paper import Finding, UnitPaper
from desk.reports.pictures import Pictures
from desk.reports.province import ProvincePaper, new_findings
from desk.reports.wording import one_line, points
from dossier.model import Evidence

EVIDENCE_IN_BLOCK = 6
EVIDENCE_IN_LIST = 2000
EVIDENCE_OF_A_FINDING = 100
CHANGES_SHOWN = 4


def unit_html(paper: UnitPaper, night: Night, pictures: Pictures) -> str:
    """One unit's 合规报告 as a page."""
    listed = evidence_list(paper)
    levels = [
        (s.name, s.weight, s.granted, any(line.rule_id for line in s.lines))
        for s in paper.sections
        if s.weight is not None
    ]
    return (
        _environment()
        .get_template("unit.html")
        .render(
            paper=paper,
            night=night,
            pictures=pictures,
            chart=_drawn(charts.level_bars(levels, key="levels")) if levels else "",
            groups=by_indicator,
            evidence_in_block=EVIDENCE_IN_BLOCK,
            listed=listed[:EVIDENCE_IN_LIST],
            listed_total=len(listed),
            left_out=evidence_left_out(paper),
        )
    )


def summary_html(province: ProvincePaper) -> str:
    """The night over all units as a page."""
    ranked = [(r.title, [row.paper.standing.scorecard.score for row in r.rows]) for r in province.rankings]
    faults = [
        (f.name, len(f.units), f.findings, f"#fault-{f.rule_id}") for f in province.faults[:15]
    ]  # the table below lists every one
    heats = [
        (r, _drawn(_heat(r.title, [row.paper for row in r.rows], key=f"heat-{r.unit_class.value}")))
        for r in province.rankings
        if r.rows
    ]
    return (
        _environment()
        .get_template("summary.html")
        .render(
            province=province,
            night=province.night,
            heats=heats,
            fault_chart=_drawn(charts.fault_bars(faults, key="faults")) if faults else "",
            histogram=_drawn(charts.score_histogram(ranked, key="scores"))
            if any(s for _, s in ranked)
            else "",
            new_findings=new_findings,
            changes_shown=CHANGES_SHOWN,
        )
    )


def by_indicator(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Findings under their indicators, in the order in which these first come."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.indicator, []).append(finding)
    return list(groups.items())


def evidence_list(paper: UnitPaper) -> list[tuple[Finding, Evidence]]:
    """Every piece of evidence of a unit with its finding; of the pages searched for an absence, the first ones."""
    findings = (*paper.problems, *paper.questions, *paper.errors)
    return [(f, piece) for f in findings for piece in f.deficiency.outcome.evidence[:EVIDENCE_OF_A_FINDING]]


def evidence_left_out(paper: UnitPaper) -> int:
    """How many pieces the lists do not show; all of them stay in the run's files."""
    findings = (*paper.problems, *paper.questions, *paper.errors)
    return sum(max(0, len(f.deficiency.outcome.evidence) - EVIDENCE_OF_A_FINDING) for f in findings)


def _heat(title: str, papers: Sequence[UnitPaper], *, key: str) -> str:
    names = [section.name for section in papers[0].sections]
    rows = [
        charts.HeatRow(
            paper.standing.unit.short_name,
            f"{paper.standing.unit.unit_id}.html#sec-2",
            tuple((section.weight or Decimal(0), section.granted) for section in paper.sections),
        )
        for paper in papers
    ]
    return charts.loss_heat(names, rows, key=key, title=f"{title}各一级指标建议扣分")


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - charts escape every text that they show


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("desk.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    environment.filters.update(
        points=points,
        fixed=wording.fixed,
        beijing=wording.beijing,
        chinese_date=wording.chinese_date,
        chinese_number=wording.chinese_number,
        safe_link=wording.safe_link,
        one_line=one_line,
        unseen_reason=wording.unseen_reason,
        chinese_moment=wording.chinese_moment,
    )
    environment.globals.update(
        AREAS=wording.AREAS,
        AREA_STATES=wording.AREA_STATES,
        CHANNELS=wording.CHANNELS,
        CLASSES=wording.CLASSES,
        FINISHES=wording.FINISHES,
        NEWS=wording.NEWS,
        SOURCES=wording.SOURCES,
        UNCONFIRMED=wording.UNCONFIRMED,
    )
    return environment


def _cleaned(value: object) -> object:
    """No template can forget to clean a foreign text."""
    return wording.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
