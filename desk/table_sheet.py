"""A scoring table as a workbook: one row for each rule under its indicators, cells merged as in official tables."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import msgspec

from desk.spreadsheet import Sheet, SheetRow, read_sheets
from desk.table_workbook import (
    ABOUT,
    ABOUT_KEYS,
    BANDS,
    BONUSES,
    MAIN,
    MAJORS,
    STATUS,
    UNSCORED,
    WorkbookReader,
)
from dossier.errors import BadInput, Problem
from dossier.model import Bonus, IndicatorTable, Major, Points, Row, Section, SourceStatus, UnitClass
from dossier.tables import Place, faults, read_indicators, say_points, shipped_table


def read_table_sheet(path: Path, known_rules: frozenset[str]) -> IndicatorTable:
    """Read a scoring table from a workbook; an unsound one is refused with row and column of every fault."""
    reader = WorkbookReader(path, read_sheets(path))
    about = _about(reader)
    sections = _sections(reader)
    bands, bands_status = _bands(reader, about)
    table = IndicatorTable(
        unit_class=UnitClass(about["类别"]) if about.get("类别") in ("A", "B") else UnitClass.A,
        year=int(about["年度"]) if about.get("年度", "").isdecimal() else 0,
        title=about.get("名称", ""),
        source_status=STATUS.get(about.get("来源状态", ""), SourceStatus.ASSUMED),
        source=about.get("来源", ""),
        sections=sections,
        majors=_majors(reader),
        bonuses=_bonuses(reader),
        unscored=_unscored(reader),
        bands=bands,
        bands_status=bands_status,
    )
    if not reader.problems:
        for fault in faults(table, known_rules):
            sheet, line = _where(reader, fault.at)
            reader.problems.append(
                Problem(
                    sheet.place if sheet else str(path),
                    fault.what,
                    fault.mend,
                    line,
                    _COLUMN.get(fault.at.key, ""),
                )
            )
    if reader.problems:
        raise BadInput(reader.problems)
    return table


_COLUMN = {
    "weight": "权重",
    "name": "名称",
    "path": "二级指标",
    "cap": "行上限",
    "online": "网上检查",
    "share": "比例上限",
}


def _where(reader: WorkbookReader, at: Place) -> tuple[Sheet | None, int | None]:
    for key in (
        (at.part, at.index, at.row, at.points),
        (at.part, at.index, at.row, -1),
        (at.part, at.index, -1, -1),
    ):
        if key in reader.lines:
            sheet, line = reader.lines[key]
            return sheet, line
    return None, None


def _about(reader: WorkbookReader) -> dict[str, str]:
    found = reader.sheet(ABOUT)
    mend = f"请按模板写一张“{ABOUT}”工作表，项目依次为：{'、'.join(ABOUT_KEYS[:5])}"
    if found is None:
        if not any(sheet.name.strip() == ABOUT for sheet in reader.sheets):
            reader.problems.append(
                Problem(str(reader.path), f"没有“{ABOUT}”工作表，不知道是哪一类、哪一年的评分表", mend)
            )
        return {}
    sheet, rows, columns = found
    about: dict[str, str] = {}
    for row in rows:
        key, value = row.cell(columns["项目"]).text, row.cell(columns["内容"]).text
        if key not in ABOUT_KEYS:
            reader.say(sheet, row.line, "项目", f"项目“{key}”不认识", f"可用的项目：{'、'.join(ABOUT_KEYS)}")
        about[key] = value
        if key == "类别" and value not in ("A", "B"):
            reader.say(sheet, row.line, "内容", f"类别“{value}”不对", "请填 A 或 B")
        if key == "年度" and not (value.isdecimal() and len(value) == 4):
            reader.say(sheet, row.line, "内容", f"年度“{value}”不对", "请填四位年度，如 2020")
        if key in ("来源状态", "等次来源状态") and value not in STATUS:
            reader.say(sheet, row.line, "内容", f"{key}“{value}”不认识", "请填“官方”或“假定”")
    for key in ABOUT_KEYS[:5]:
        if not about.get(key):
            reader.say(sheet, None, "项目", f"没有写明“{key}”", mend)
    return about


def _sections(reader: WorkbookReader) -> tuple[Section, ...]:
    found = reader.sheet(MAIN)
    if found is None:
        return ()
    sheet, rows, columns = found
    sections: list[Section] = []
    stated: dict[tuple[str, str], tuple[Decimal, int]] = {}
    """Level-2 weight where level 3 splits it, with its line."""
    before = ("", "", "")
    for row in rows:
        one = row.cell(columns["一级指标"]).text or before[0]
        fresh = one != before[0]
        two = row.cell(columns["二级指标"]).text or ("" if fresh else before[1])
        three = row.cell(columns.get("三级指标")).text or ("" if fresh or two != before[1] else before[2])
        if not one or not two:
            missing = "二级指标" if one else "一级指标"
            reader.say(
                sheet, row.line, missing, f"没有填写{missing}", "请填写名称；与上一行相同的可以合并单元格"
            )
            continue
        if fresh:
            weight = reader.number(sheet, row.line, "一级权重", row.cell(columns["一级权重"]))
            sections.append(Section(name=one, weight=weight or Decimal(0), rows=()))
            reader.lines["section", len(sections) - 1, -1, -1] = sheet, row.line
        leaves = list(sections[-1].rows)
        n = len(sections) - 1
        rule = reader.points(sheet, row, columns)
        if fresh or (one, two, three) != before:
            leaves.append(_leaf(reader, sheet, row, columns, (two, three), stated, one, rule))
            reader.lines["section", n, len(leaves) - 1, -1] = sheet, row.line
        standard = row.cell(columns.get("评分标准")).text
        if standard not in leaves[-1].standard:
            joined = f"{leaves[-1].standard}；{standard}" if leaves[-1].standard else standard
            leaves[-1] = msgspec.structs.replace(leaves[-1], standard=joined)
        if rule is not None:
            leaf = leaves[-1]
            reader.lines["section", n, len(leaves) - 1, len(leaf.points)] = sheet, row.line
            leaves[-1] = msgspec.structs.replace(leaf, points=(*leaf.points, rule))
        sections[-1] = msgspec.structs.replace(sections[-1], rows=tuple(leaves))
        before = (one, two, three)
    for (one, two), (weight, line) in stated.items():
        parts = [
            leaf.weight
            for each in sections
            if each.name == one
            for leaf in each.rows
            if leaf.path[:1] == (two,)
        ]
        if sum(parts, Decimal(0)) != weight:
            total = say_points(sum(parts, Decimal(0)))
            what = f"二级指标“{two}”权重 {say_points(weight)}，三级权重合计 {total}"
            reader.say(sheet, line, "二级权重", what, "请使三级权重之和等于二级权重")
    return tuple(sections)


def _leaf(
    reader: WorkbookReader,
    sheet: Sheet,
    row: SheetRow,
    columns: Mapping[str, int],
    names: tuple[str, str],
    stated: dict[tuple[str, str], tuple[Decimal, int]],
    one: str,
    rule: Points | None,
) -> Row:
    two, three = names
    own = "三级权重" if three else "二级权重"
    weight = reader.number(sheet, row.line, own, row.cell(columns.get(own)))
    if three and (one, two) not in stated:
        above = reader.number(sheet, row.line, "二级权重", row.cell(columns["二级权重"]))
        stated[one, two] = (above or Decimal(0), row.line)
    return Row(
        path=(two, three) if three else (two,),
        weight=weight or Decimal(0),
        online=reader.flag(sheet, row.line, "网上检查", row.cell(columns.get("网上检查")), rule is not None),
        cap=reader.number(sheet, row.line, "行上限", row.cell(columns.get("行上限")), needed=False),
    )


def _majors(reader: WorkbookReader) -> tuple[Major, ...]:
    found = reader.sheet(MAJORS)
    majors: list[Major] = []
    if found is not None:
        sheet, rows, columns = found
        for row in rows:
            name = row.cell(columns["名称"]).text or (majors[-1].name if majors else "")
            rule = reader.points(sheet, row, columns)
            if not name:
                reader.say(sheet, row.line, "名称", "没有填写名称", "请填写重大扣分项的名称")
            elif not majors or majors[-1].name != name:
                majors.append(Major(name=name, points=()))
                reader.lines["major", len(majors) - 1, -1, -1] = sheet, row.line
            if rule is not None and majors:
                reader.lines["major", len(majors) - 1, -1, len(majors[-1].points)] = sheet, row.line
                majors[-1] = Major(name=majors[-1].name, points=(*majors[-1].points, rule))
    return tuple(majors)


def _bonuses(reader: WorkbookReader) -> tuple[Bonus, ...]:
    found = reader.sheet(BONUSES)
    bonuses: list[Bonus] = []
    if found is not None:
        sheet, rows, columns = found
        for row in rows:
            share = reader.number(sheet, row.line, "比例上限", row.cell(columns.get("比例上限")))
            reader.lines["bonus", len(bonuses), -1, -1] = sheet, row.line
            name, parent = row.cell(columns["名称"]).text, row.cell(columns["所属一级指标"]).text
            bonuses.append(Bonus(name=name, parent=parent, share=Decimal(0) if share is None else share))
    return tuple(bonuses)


def _unscored(reader: WorkbookReader) -> dict[str, str]:
    found = reader.sheet(UNSCORED)
    if found is None:
        return {}
    sheet, rows, columns = found
    for n, row in enumerate(rows):
        reader.lines["unscored", n, -1, -1] = sheet, row.line
    return {row.cell(columns["检查规则"]).text: row.cell(columns["理由"]).text for row in rows}


def _bands(
    reader: WorkbookReader, about: Mapping[str, str]
) -> tuple[tuple[tuple[str, Decimal], ...], SourceStatus]:
    """The grade bands of the workbook; the shipped assumed ones where it has none."""
    found = reader.sheet(BANDS)
    if found is None:
        shipped = read_indicators(shipped_table("indicators_A.toml"))
        return shipped.bands, SourceStatus.ASSUMED
    sheet, rows, columns = found
    bands: list[tuple[str, Decimal]] = []
    for row in rows:
        least = reader.number(sheet, row.line, "最低分", row.cell(columns["最低分"]))
        reader.lines["band", len(bands), -1, -1] = sheet, row.line
        bands.append((row.cell(columns["等次"]).text, Decimal(0) if least is None else least))
    return tuple(bands), STATUS.get(about.get("等次来源状态", ""), SourceStatus.ASSUMED)
