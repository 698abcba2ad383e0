"""What stands in the workbooks of a unit and of the whole night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from desk.reports.html import evidence_left_out, evidence_list
from desk.reports.night import Night
from desk.reports.paper import Finding, UnitPaper
from desk.reports.province import ProvincePaper, Ranking
from desk.reports.scoresheet import MAJORS, SheetSection
from desk.reports.sheets import Blank, Cell, Link, Sheet, write_workbook
from desk.reports.wording import FINISHES, LEDGER, NEWS, SOURCES, UNCONFIRMED, chinese_date, points

QUESTIONS = (
    "序号",
    "单位",
    "问题编号",
    "检查项",
    "指标",
    "待核事项",
    "网址",
    "为何不能断定、请核什么",
    "首次发现",
    "最近发现",
    "次数",
)
GAPS = ("序号", "单位", "位置", "原因", "未见链接数", "未能进行的检查", "建议联系")
SCORES = (
    "一级指标",
    "二、三级指标",
    "权重",
    "检查项",
    "计法",
    "数量",
    "请求扣分",
    "封顶",
    "建议扣分",
    "说明",
)
PROBLEMS = (
    "序号", "问题编号", "检查项", "一级指标", "二、三级指标", "问题描述", "网址", "依据", "请求扣分", "建议扣分", "算法",
    "整改要求", "状态", "变化", "首次发现", "最近发现", "次数",
)  # fmt: skip
EVIDENCE = (
    "问题编号",
    "网址",
    "位置",
    "原文",
    "说明",
    "抓取时间（北京时间）",
    "状态",
    "摘要值（SHA-256）",
    "截图",
)
RANKING = (
    "类别", "名次", "编号", "单位", "建议得分", "较上次", "建议扣分", f"其中{UNCONFIRMED}", "问题", "待人工核查", "未能检测",
    "打开页面", "完整查看处数", "应查处数", "查看情况", "等次建议",
)  # fmt: skip


def write_unit_workbook(path: Path, paper: UnitPaper, night: Night) -> Path:
    """<unit_id>.xlsx: 评分表, 问题清单, 待核, 未能检测, 证据."""
    name = paper.standing.unit.full_name
    note = f"检查批次 {night.run_id}，检查时点 {chinese_date(night.as_of)}。所列扣分均为建议扣分，由考核人员核定。"
    source = f"{paper.table.title}（{paper.source}）。"
    sheets = [
        _score_sheet(paper, name, note + source),
        Sheet(
            "问题清单", f"{name}问题清单", PROBLEMS, [_problem_row(n, f) for n, f in enumerate(paper.problems, 1)],
            total=_padded(PROBLEMS, {0: "合计", 8: _sum(paper, "asked"), 9: _sum(paper, "granted")}), note=note,
            large=True, named_by=PROBLEMS.index("问题编号"),
        ),
        Sheet(
            "待核", f"{name}待人工核查", (QUESTIONS[0], *QUESTIONS[2:]),
            [_question_row(n, "", f)[:1] + _question_row(n, "", f)[2:] for n, f in enumerate(paper.questions, 1)],
            note="机器不能断定的事项，不计分，请考核人员核查。", named_by=QUESTIONS.index("问题编号") - 1,
        ),
        Sheet(
            "未能检测", f"{name}未能检测", (GAPS[0], *GAPS[2:]),
            [row[:1] + row[2:] for row in _gap_rows([paper])], note="没有看到，不等于没有：以下位置均不扣分。",
        ),
        Sheet("证据", f"{name}证据清单", EVIDENCE, _evidence_rows(paper), note="摘要值可用于核对留存的页面原件。" + _left_out(paper), named_by=0),
    ]  # fmt: skip
    return write_workbook(path, sheets, title=f"{name}{night.title}", made=night.finished)


def write_summary_workbook(path: Path, province: ProvincePaper) -> Path:
    """summary.xlsx: 总览, 问题台账, 待人工核查, 未能检测, 指标汇总."""
    night = province.night
    note = f"检查批次 {night.run_id}，检查时点 {chinese_date(night.as_of)}。所列得分、扣分均为建议，由考核人员核定；未能检测的单位不排名。"
    sources = "；".join(
        f"{k.value}类评分表：{t.title}（{SOURCES[t.source_status]}）" for k, t in night.tables.items()
    )
    problems = [(paper, finding) for paper in province.papers for finding in paper.problems]
    granted = sum((finding.granted for _, finding in problems), Decimal(0))
    questions = [(paper, finding) for paper in province.papers for finding in paper.questions]
    sheets = [
        Sheet("总览", f"{night.province}{night.title}总览", RANKING, _ranking_rows(province.rankings), note=f"{note}{sources}。"),
        Sheet(
            "问题台账", f"{night.province}{night.title}问题台账", LEDGER,
            [_ledger_row(n, paper, finding) for n, (paper, finding) in enumerate(problems, 1)],
            total=_padded(LEDGER, {0: "合计", 10: granted}),
            note=note + "浅黄色单元格由单位填写。", protected=True, large=True,
            named_by=LEDGER.index("问题编号"),
        ),
        Sheet(
            "待人工核查", "待人工核查事项", QUESTIONS,
            [_question_row(n, p.standing.unit.short_name, f) for n, (p, f) in enumerate(questions, 1)],
            note="机器不能断定的事项，不计分，请考核人员核查。", named_by=QUESTIONS.index("问题编号"),
        ),
        Sheet("未能检测", "未能检测的单位和位置", GAPS, _gap_rows(province.papers), note="没有看到，不等于没有：均不扣分。"),
        _indicator_sheet(province),
    ]  # fmt: skip
    return write_workbook(path, sheets, title=f"{night.province}{night.title}总览", made=night.finished)


def _ranking_rows(rankings: Sequence[Ranking]) -> list[list[Cell]]:
    """Class by class: the ranked units, then those that were not inspected, without figures that could be compared."""
    rows: list[list[Cell]] = []
    for ranking in rankings:
        letter = ranking.unit_class.value
        for row in ranking.rows:
            paper, unit, card = row.paper, row.paper.standing.unit, row.paper.standing.scorecard
            rows.append([
                letter, row.place, unit.unit_id, Link(f"external:{unit.unit_id}.html", unit.full_name), card.score, row.moved,
                card.deducted, card.unconfirmed_points, len(paper.problems), len(paper.questions), len(paper.gaps),
                paper.coverage.ok, *paper.areas_seen, FINISHES.get(paper.coverage.finish, paper.coverage.finish), card.grade,
            ])  # fmt: skip
        for paper in ranking.unranked:
            unit = paper.standing.unit
            rows.append([
                letter, "不排名", unit.unit_id, Link(f"external:{unit.unit_id}.html", unit.full_name), None, None, None, None,
                len(paper.problems), len(paper.questions), len(paper.gaps), paper.coverage.ok, *paper.areas_seen,
                f"未能检测：{paper.reason}", None,
            ])  # fmt: skip
    return rows


def _ledger_row(number: int, paper: UnitPaper, finding: Finding) -> list[Cell]:
    d = finding.deficiency
    second, third = (*finding.row, "", "")[:2]
    described = d.message + ("" if d.confirmed else f"（{UNCONFIRMED}）")
    return [
        number, paper.standing.unit.short_name, d.number, finding.section, second, third, described, Link(_address(finding)),
        d.first_at, "；".join(finding.basis), finding.granted, finding.remedy, None, Blank(), None, None, None,
    ]  # fmt: skip


def _problem_row(number: int, finding: Finding) -> list[Cell]:
    d = finding.deficiency
    return [
        number, d.number, finding.name, finding.section, " › ".join(finding.row), d.message, Link(_address(finding)),
        "；".join(finding.basis), finding.asked, finding.granted, "；".join(finding.working), finding.remedy,
        "已复现" if d.confirmed else UNCONFIRMED, NEWS.get(d.news, d.news), d.first_at, d.last_at, d.nights_seen,
    ]  # fmt: skip


def _question_row(number: int, unit: str, finding: Finding) -> list[Cell]:
    d = finding.deficiency
    return [
        number, unit, d.number, finding.name, finding.indicator, d.message, Link(_address(finding)), d.outcome.because,
        d.first_at, d.last_at, d.nights_seen,
    ]  # fmt: skip


def _gap_rows(papers: Sequence[UnitPaper]) -> list[list[Cell]]:
    gaps = [(paper.standing.unit.short_name, gap) for paper in papers for gap in paper.gaps]
    return [
        [number, unit, gap.place, gap.because, gap.unseen, "、".join(gap.affected), gap.ask]
        for number, (unit, gap) in enumerate(gaps, 1)
    ]


def _evidence_rows(paper: UnitPaper) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for finding, piece in evidence_list(paper):
        taken: datetime | None = piece.captured_at
        rows.append([
            finding.deficiency.number, Link(piece.url), piece.place, piece.quote, piece.note, taken, piece.status,
            piece.sha256, piece.screenshot,
        ])  # fmt: skip
    return rows


def _left_out(paper: UnitPaper) -> str:
    count = evidence_left_out(paper)
    return (
        f"查找范围很大的问题只列前 100 个页面，另有 {count} 个页面的记录见留存的抓取记录。" if count else ""
    )


def _score_sheet(paper: UnitPaper, name: str, note: str) -> Sheet:
    rows: list[list[Cell]] = [row for section in paper.sections for row in _section_rows(section)]
    total: Sequence[Cell] = ()
    if paper.sections:
        card = paper.standing.scorecard
        asked = sum((section.asked for section in paper.sections), Decimal(0))
        said = f"建议得分 {points(card.score)}"
        total = _padded(SCORES, {0: "合计", 6: asked, 8: card.deducted, 9: said})
    else:
        note = "本次未能检测，不评分。" + note
    return Sheet("评分表", f"{name}评分表（建议）", SCORES, rows, total=total, note=note)


def _section_rows(section: SheetSection) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        [
            section.name, line.path, line.weight, line.name, line.counting, line.found or None,
            line.asked if line.found else None, line.cap, line.granted if line.found else None, line.note,
        ]
        for line in section.lines
    ]  # fmt: skip
    if section.over:
        rows.append(
            [section.name, "", None, "一级指标扣分不超过权重，调回", "", None, None, None, -section.over, ""]
        )
    rows.append([
        f"{section.name}小计", "", section.weight, "", "", None, section.asked, None, section.granted,
        "" if section.score is None else f"建议得分 {points(section.score)}",
    ])  # fmt: skip
    return rows


def _indicator_sheet(province: ProvincePaper) -> Sheet:
    """Units down, level-1 indicators across; empty where a class has no such indicator."""
    ranked = [(ranking.unit_class, row.paper) for ranking in province.rankings for row in ranking.rows]
    names = list(
        dict.fromkeys(
            section.name for _, paper in ranked for section in paper.sections if section.weight is not None
        )
    )
    names.append(MAJORS)
    heads = ("类别", "编号", "单位", *(f"{name}建议扣分" for name in names), "建议扣分合计", "建议得分")
    rows: list[list[Cell]] = []
    sums = dict.fromkeys(names, Decimal(0))
    for unit_class, paper in ranked:
        lost = {section.name: section.granted for section in paper.sections}
        for name, granted in lost.items():
            sums[name] += granted
        unit, card = paper.standing.unit, paper.standing.scorecard
        figures = [lost.get(name) for name in names]
        rows.append([unit_class.value, unit.unit_id, unit.short_name, *figures, card.deducted, card.score])
    deducted = sum((paper.standing.scorecard.deducted for _, paper in ranked), Decimal(0))
    total: dict[int, Cell] = {0: "合计", 3 + len(names): deducted}
    total.update({3 + nth: sums[name] for nth, name in enumerate(names)})
    return Sheet(
        "指标汇总",
        "各单位一级指标建议扣分汇总",
        heads,
        rows,
        total=_padded(heads, total),
        note="未能检测的单位不列。",
    )


def _address(finding: Finding) -> str:
    """Where to look: the finding's page, else its first piece of evidence."""
    outcome = finding.deficiency.outcome
    return outcome.page_url or next((piece.url for piece in outcome.evidence if piece.url), "")


def _sum(paper: UnitPaper, what: str) -> Decimal:
    values = [f.asked if what == "asked" else f.granted for f in paper.problems]
    return sum(values, Decimal(0))


def _padded(heads: Sequence[str], cells: dict[int, Cell]) -> list[Cell]:
    return [cells.get(column) for column in range(len(heads))]
