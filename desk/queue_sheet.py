"""A queue as a workbook: the lines that an assessor has filtered, to be taken to a meeting or sorted otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from desk.case_state import Effect, Stage
from desk.caseload import Case
from desk.papers.book import book_bytes
from desk.papers.text import PaperText, Table
from desk.reports.wording import NEWS, chinese_date, one_line
from dossier.model import Severity, Verdict

HEADS = (
    "序号", "编号", "单位编号", "单位", "类别", "一级指标", "指标", "毛病", "结论", "轻重", "问题描述", "网址", "首次发现", "最近见到", "见到几夜",
    "新旧", "建议扣分", "处理状态", "处理人", "理由", "应处理日期",
)  # fmt: skip
KINDS = (
    "whole", "name", "text", "text", "text", "text", "text", "text", "text", "text", "text", "link", "day", "day", "whole",
    "text", "points", "text", "text", "text", "day",
)  # fmt: skip
VERDICTS = {Verdict.FAIL: "不符合", Verdict.UNSURE: "待核", Verdict.ERROR: "检查出错"}
SEVERITIES = {Severity.MAJOR: "重大", Severity.NORMAL: "一般", Severity.MINOR: "轻微"}
EFFECTS = {
    Effect.CONFIRMED: "已确认",
    Effect.ADJUSTED: "已调整",
    Effect.DISMISSED: "不成立",
    Effect.NONE: "待处理",
}
STAGES = {Stage.CHECK: "待复核", Stage.DEFERRED: "暂缓"}


def queue_book(cases: Iterable[Case], *, title: str, today: date, made: datetime) -> bytes:
    """The workbook of these cases in this order."""
    rows = tuple(_row(nth, case) for nth, case in enumerate(cases, 1))
    note = f"{chinese_date(today)}的队列，共{len(rows)}条。建议扣分是机器所提，已按各级封顶计算，以人的决定为准。"
    table = Table(name="问题", title=title, heads=HEADS, kinds=KINDS, rows=rows, note=note)
    return book_bytes(
        PaperText(kind="queue", template="queue-1", title=(title,), made=made, blocks=(), tables=(table,))
    )


def _row(nth: int, case: Case) -> tuple[str, ...]:
    deficiency, finding, decision = case.deficiency, case.finding, case.state.decision
    outcome = deficiency.outcome
    address = outcome.page_url or next((one.url for one in outcome.evidence if one.url), "")
    return (
        str(nth), case.number, case.unit.unit_id, case.unit.short_name, case.unit.unit_class.value, finding.section,
        " › ".join(finding.row), finding.name, VERDICTS.get(case.verdict, ""), SEVERITIES[case.severity],
        one_line(deficiency.message), address, deficiency.first_at.isoformat(), deficiency.last_at.isoformat(),
        str(deficiency.nights_seen), "已消失" if case.gone else NEWS.get(deficiency.news, ""), f"{finding.granted:f}",
        STAGES.get(case.state.stage) or EFFECTS[case.state.effect], decision.who if decision else "",
        decision.reason if decision else "", case.due.isoformat() if case.due else "",
    )  # fmt: skip
