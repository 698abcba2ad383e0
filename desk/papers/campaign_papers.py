"""考核通知, 自查材料回执 and 结果呈报表: the papers of the year's campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from desk.papers.text import Bars, Block, Grid, PaperText, Para, Sign, Table, Turn, annex
from desk.reports.wording import CLASSES, chinese_date, fixed, points
from dossier.model import Unit, UnitClass

BASIS = "晋政办函〔2020〕42号"


def announcement_text(
    *,
    number: str,
    office: str,
    year: int,
    begins: date,
    due: date,
    day: date,
    made: datetime,
    units: Sequence[Unit],
    owed: Sequence[tuple[str, tuple[str, ...], bool, str]],
) -> PaperText:
    """考核通知, issued at least 15 days ahead."""
    counts = {group: sum(unit.unit_class is group for unit in units) for group in UnitClass}
    said = "，".join(f"{CLASSES[group]}{count}个" for group, count in counts.items() if count)
    blocks: tuple[Block, ...] = (
        Para(text="各市人民政府，省有关单位：", kind="to"),
        Para(text=f"根据《{year}年度政务公开工作考核方案》（{BASIS}），定于{chinese_date(begins)}起开展{year}年度政务公开工作考核。现将有关事项通知如下："),
        Para(text="一、考核对象", kind="head1"),
        Para(text=f"共{len(units)}个单位：{said}（名单见附件1）。"),
        Para(text="二、考核方式", kind="head1"),
        Para(text="采取实地考核、网上检查、查阅资料、综合评议等方式进行。网上检查不需要各单位另行报送网站资料。"),
        Para(text="三、准备工作", kind="head1"),
        Para(text="（一）开展自查。对照考核细则逐项自查，形成书面自查报告。"),
        Para(text=f"（二）报送材料。请在{chinese_date(due)}前报送附件2所列材料。公文详情列表按附件4第五项要求的列填写，链接应为超链接。"),
        Para(text="（三）核对地址。请核对本单位政府网站和政务新媒体账号，有变动的及时告知。"),
        Para(text="附件：1. 考核对象名单", kind="annex"),
        Para(text="2. 应报材料清单", kind="annex"),
        Sign(office=office, day=day),
        Turn(landscape=False),
        *annex("附件1", "考核对象名单"),
        Grid(
            heads=("序号", "类别", "编号", "单位"), widths=(16.0, 50.0, 22.0, 68.0),
            rows=tuple((str(n), CLASSES[unit.unit_class], unit.unit_id, unit.full_name) for n, unit in enumerate(units, 1)),
        ),
        Turn(landscape=False),
        *annex("附件2", "应报材料清单"),
        Grid(
            heads=("序号", "材料", "适用", "是否必报", "依据"), widths=(14.0, 62.0, 22.0, 20.0, 38.0),
            rows=tuple(
                (str(n), name, "、".join(classes) + "类", "必报" if required else "可不报", basis)
                for n, (name, classes, required, basis) in enumerate(owed, 1)
            ),
        ),
    )  # fmt: skip
    return PaperText(
        kind="announcement", template="announcement-2", title=(f"关于开展{year}年度", "政务公开工作考核的通知"), number=number,
        made=made, blocks=blocks,
    )  # fmt: skip


def receipt_text(
    unit: str,
    lines: Sequence[tuple[str, str, str, date | None, str]],
    *,
    number: str,
    office: str,
    year: int,
    taken: str,
    day: date,
    made: datetime,
) -> PaperText:
    """自查材料回执: what was taken now, and how all that is owed stands."""
    missing = [name for name, _, word, _, _ in lines if word in ("未报送", "逾期未报")]
    said = f"尚缺：{'、'.join(missing)}。" if missing else "应报材料已经报齐。"
    rows = tuple(
        (str(n), name, basis, word, given.isoformat() if given else "", text)
        for n, (name, basis, word, given, text) in enumerate(lines, 1)
    )
    blocks: tuple[Block, ...] = (
        Para(text=f"{unit}：", kind="to"),
        Para(text=f"你单位{year}年度政务公开工作考核材料“{taken}”已于{chinese_date(day)}收到，格式校验合格。{said}"),
        Para(text="回执只证明材料已经收到，不代表对内容的评价。"),
        Grid(
            heads=("序号", "材料", "依据", "状态", "报送日期", "说明"), rows=rows, widths=(12.0, 48.0, 30.0, 20.0, 22.0, 24.0),
        ),
        Sign(office=office, day=day),
    )  # fmt: skip
    return PaperText(
        kind="receipt",
        template="receipt-2",
        title=("政务公开工作考核材料回执",),
        number=number,
        made=made,
        blocks=blocks,
    )


class ResultRow(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's result of a year."""

    unit_id: str
    unit: str
    unit_class: UnitClass
    deducted: Decimal
    bonus: Decimal
    score: Decimal
    grade: str
    closed: bool
    before: Decimal | None
    """Last year's closed score."""
    inspected: bool


def result_text(
    rows: Sequence[ResultRow],
    *,
    number: str,
    office: str,
    year: int,
    bands: str,
    assumed: bool,
    day: date,
    made: datetime,
) -> PaperText:
    """结果呈报表: to the leading group, and into the 目标责任考核."""
    is_open = [row.unit for row in rows if not row.closed]
    blocks: list[Block] = [
        Para(text="省政务公开领导小组：", kind="to"),
        Para(text=f"根据《{year}年度政务公开工作考核方案》（{BASIS}），考核小组对{len(rows)}个单位进行了考核，填写了考核评分表，提出了初步等次建议，现呈报审定。"),
        Para(text=f"等次划分：{bands}。" + ("等次线为暂定，待正式标准印发后以其为准。" if assumed else "")),
    ]  # fmt: skip
    if is_open:
        blocks.append(
            Para(
                text=f"{_named(is_open) if len(is_open) < len(rows) else f'全部{len(rows)}个单位'}的评分表尚未结账，所列为建议得分。"
            )
        )
    unseen = [row.unit for row in rows if not row.inspected]
    if unseen:
        blocks.append(
            Para(
                text=f"{'、'.join(unseen[:10])}{'等' if len(unseen) > 10 else ''}{len(unseen)}个单位的网站未能检测，网上检查部分不评分、不排名。"
            )
        )
    tables: list[Block] = []
    grades = list(dict.fromkeys(row.grade for row in sorted(rows, key=lambda one: -one.score) if row.grade))
    if grades:
        series = tuple(
            (
                CLASSES[group],
                tuple(
                    float(sum(row.unit_class is group and row.grade == grade for row in rows))
                    for grade in grades
                ),
            )
            for group in UnitClass
            if any(row.unit_class is group for row in rows)
        )
        tables.append(Bars(caption="初步等次建议（单位数）", names=tuple(grades), series=series))
    for group in UnitClass:
        own = sorted(
            (row for row in rows if row.unit_class is group),
            key=lambda one: (not one.inspected, -one.score, one.unit_id),
        )
        if own:
            scores = [row.score for row in own if row.inspected]
            tables.append(_grid(CLASSES[group], own, scores))
    blocks += [
        Para(text="附件：考核结果表", kind="annex"),
        Sign(office=office, day=day),
        Turn(landscape=False),
        *annex("附件", "考核结果表"),
        *tables,
    ]
    lines = tuple(
        (
            row.unit_class.value, row.unit_id, row.unit,
            *((fixed(row.deducted), fixed(row.bonus)) if row.inspected else ("", "")),
            fixed(row.score) if row.inspected else "",
            fixed(row.score - row.before) if row.before is not None and row.inspected else "", row.grade, _state(row),
        )
        for row in rows
    )  # fmt: skip
    table = Table(
        name="考核结果", title=f"{year}年度政务公开工作考核结果表",
        heads=("类别", "编号", "单位", "扣分", "加分", "得分", "较上年", "初步等次建议", "状态"),
        kinds=("text", "text", "text", "points", "points", "points", "points", "text", "text"), rows=lines,
        note=f"得分 = 100 − 扣分 + 加分（不低于0，不超过100）。等次划分：{bands}。",
    )  # fmt: skip
    return PaperText(
        kind="result", template="result-3", title=(f"关于{year}年度政务公开工作考核", "结果的报告"), number=number, made=made,
        blocks=tuple(blocks), tables=(table,),
    )  # fmt: skip


def _named(units: Sequence[str]) -> str:
    return f"{'、'.join(units[:10])}{'等' if len(units) > 10 else ''}{len(units)}个单位"


def _grid(caption: str, rows: Sequence[ResultRow], scores: Sequence[Decimal]) -> Grid:
    return Grid(
        caption=caption, heads=("名次", "单位", "扣分", "加分", "得分", "较上年", "初步等次建议"),
        rows=tuple(
            (
                str(scores.index(row.score) + 1) if row.inspected else "不排名", row.unit,
                *((points(row.deducted), points(row.bonus)) if row.inspected else ("—", "—")),
                fixed(row.score) if row.inspected else "—",
                f"{row.score - row.before:+.2f}" if row.before is not None and row.inspected else "—", row.grade or "—",
            )
            for row in rows
        ),
        widths=(18.0, 46.0, 18.0, 16.0, 20.0, 20.0, 18.0), right=(2, 3, 4, 5),
    )  # fmt: skip


def _state(row: ResultRow) -> str:
    if row.closed:
        return "已结账"
    return "未结账" if row.inspected else "未能检测"
