"""整改通知书: the unit is told what was found, on what basis, what to do, by when, and how to object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from desk.caseload import Case
from desk.papers.ledger import LedgerRow, ledger_annex, ledger_table
from desk.papers.text import Block, Grid, PaperText, Para, Sign, Turn, annex
from desk.reports.wording import beijing, chinese_date, chinese_number, points
from dossier.model import Unit, UnitClass

TEMPLATE = "notice-3"
EVIDENCE_OF_A_PROBLEM = 5


class NoticeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about besides its lines."""

    unit: Unit
    number: str
    office: str
    basis: str
    """The plan: 晋政办函〔2020〕42号."""
    year: int
    inspected: date
    day: date
    due: date
    days: int
    appeal_due: date
    appeal_days: int
    again: bool
    assumed: bool
    """The indicator table is not the official one."""
    contact: str
    made: datetime


def notice_text(
    facts: NoticeFacts, rows: Sequence[LedgerRow], over: Decimal, cases: Mapping[str, Case]
) -> PaperText:
    """The notice to one unit."""
    you = "你市" if facts.unit.unit_class is UnitClass.A else "你单位"
    majors = sum(row.major for row in rows)
    counted = f"{len(rows)}个" + (f"，其中重大扣分项{majors}个" if majors else "")
    plan = f"《{facts.year}年度政务公开工作考核方案》（{facts.basis}）"
    opening = (
        f"根据{plan}，我办对{you}政府网站和政务新媒体进行了网上检查，检查时点为{chinese_date(facts.inspected)}。"
        f"经考核人员逐项核实，确认需要整改的问题{counted}。"
    )
    if facts.again:
        opening += "其中部分问题此前已经通知整改，到期复查仍未整改到位，现再次责令限期整改。"
    blocks: list[Block] = [
        Para(text=f"{facts.unit.full_name}：", kind="to"),
        Para(text=opening + "现就整改工作通知如下："),
        Para(text="一、发现的主要问题", kind="head1"),
        *_overview(rows),
        Para(text="二、整改要求", kind="head1"),
        Para(
            text=f"（一）按期整改。请在{chinese_date(facts.due)}前完成整改（自本通知发出次日起{facts.days}个工作日，含当日），"
            "对照附件1逐项明确责任部门和整改措施。"
        ),
        Para(
            text="（二）举一反三。请对同类栏目、同类文件进行全面排查，发现同类问题一并整改，防止问题反复出现。"
        ),
        Para(
            text="（三）书面报告。整改完成后，请在期限内报送书面整改报告，填写问题台账中的“整改情况”一栏，"
            "逐项附网址、截图等佐证材料。"
        ),
        Para(
            text="（四）复查销号。我办将在期限届满后逐项复查，整改到位的予以销号。逾期未整改或者整改不到位的，"
            "在全省通报中列明，并作为年度考核的依据。"
        ),
        Para(text="三、申诉办法", kind="head1"),
        Para(
            text=f"对问题认定有异议的，请在{chinese_date(facts.appeal_due)}前（{facts.appeal_days}个工作日）提出申诉，写明问题编号和理由，"
            "附佐证材料。申诉办理期间，该问题的整改期限停止计算。"
        ),
        Para(text=_said_of_points(rows, over, facts)),
        Para(text="附件：1. 问题台账", kind="annex"),
        Para(text="2. 证据清单", kind="annex"),
    ]
    blocks.append(Sign(office=facts.office, day=facts.day))
    if facts.contact:
        blocks.append(Para(text=f"（联系人及电话：{facts.contact}）", kind="contact"))
    blocks += [
        Turn(landscape=True),
        *annex("附件1", f"{facts.unit.full_name}问题台账"),
        ledger_annex(rows, over),
        Turn(landscape=True),
        *annex("附件2", "证据清单"),
        Para(
            text="下列页面原件由检查系统留存，抓取时间为北京时间，摘要值（SHA-256）可用于核对。", kind="note"
        ),
        _evidence([cases[row.number] for row in rows]),
    ]
    note = f"{facts.number}　整改期限{chinese_date(facts.due)}。浅黄色单元格由单位填写。所列扣分为建议扣分，以审定结果为准。"
    return PaperText(
        kind="notice", template=TEMPLATE, title=("关于限期整改政务公开网上检查", "发现问题的通知"), number=facts.number,
        made=facts.made, blocks=tuple(blocks),
        tables=(ledger_table(rows, over, f"{facts.unit.full_name}问题台账", note),),
    )  # fmt: skip


def _overview(rows: Sequence[LedgerRow]) -> list[Para]:
    """What was found, by level-1 indicator; each fault by its name and number."""
    sections: dict[str, Counter[str]] = {}
    for row in rows:
        sections.setdefault(row.section or "其他", Counter())[row.name] += 1
    return [
        Para(
            text=f"（{chinese_number(nth)}）{section}{sum(names.values())}个："
            + "，".join(f"{name}{count}个" for name, count in names.most_common()) + "。"
        )
        for nth, (section, names) in enumerate(sections.items(), 1)
    ]  # fmt: skip


def _said_of_points(rows: Sequence[LedgerRow], over: Decimal, facts: NoticeFacts) -> str:
    total = sum((row.points for row in rows), Decimal(0))
    said = f"上述问题逐项建议扣分合计{points(total)}分"
    if over:
        said += f"，按“一级指标扣分不超过权重”调回{points(over)}分，实为{points(total - over)}分"
    said += "。所列扣分均为建议扣分，以考核审定结果为准。"
    if facts.assumed:
        said += "评分依据为暂定评分表，非官方。"
    return said


def _evidence(cases: Sequence[Case]) -> Grid:
    rows = []
    for case in cases:
        for piece in case.deficiency.outcome.evidence[:EVIDENCE_OF_A_PROBLEM]:
            shown = piece.quote or piece.note or piece.place
            said = shown if len(shown) <= 60 else shown[:59] + "…"
            rows.append(
                (
                    case.number,
                    piece.url,
                    said,
                    beijing(piece.captured_at).replace(" ", "\n"),
                    str(piece.status or ""),
                    piece.sha256,
                )
            )
    return Grid(
        heads=("问题编号", "网址", "原文或说明", "抓取时间", "状态", "摘要值（SHA-256）"),
        rows=tuple(rows), widths=(31.0, 50.0, 62.0, 23.0, 12.0, 47.0), links=(1,), small=(5,),
    )  # fmt: skip
