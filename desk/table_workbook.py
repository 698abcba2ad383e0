"""A workbook of a scoring table while it is being read: its worksheets, its cells, and all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from desk.spreadsheet import Cell, Sheet, SheetRow, find_header
from dossier.errors import Problem
from dossier.model import Points, SourceStatus

MAIN, MAJORS, BONUSES, UNSCORED, BANDS, ABOUT = "评分表", "重大扣分项", "加分项", "不计分规则", "等次", "说明"

MAIN_COLUMNS = (
    *("一级指标", "一级权重", "二级指标", "二级权重", "三级指标", "三级权重", "评分标准", "网上检查"),
    *("检查规则", "每处扣分", "是否一次", "规则上限", "程度", "行上限"),
)
_NEEDED = ("一级指标", "一级权重", "二级指标", "二级权重", "检查规则", "每处扣分")
OTHER_SHEETS: Mapping[str, tuple[str, ...]] = {
    MAJORS: ("名称", "检查规则", "每处扣分", "是否一次", "规则上限", "程度"),
    BONUSES: ("名称", "所属一级指标", "比例上限"),
    UNSCORED: ("检查规则", "理由"),
    BANDS: ("等次", "最低分"),
    ABOUT: ("项目", "内容"),
}
ABOUT_KEYS = ("类别", "年度", "名称", "来源状态", "来源", "等次来源状态")
STATUS = {"官方": SourceStatus.OFFICIAL, "假定": SourceStatus.ASSUMED}
_RULE = re.compile(r"[a-z]+(?:-[a-z]+)+")
_YES, _NO = {"是", "√", "✓", "Y", "y", "1"}, {"", "否", "×", "N", "n", "0"}


@dataclass(eq=False)
class WorkbookReader:
    """A workbook being read, with all that is wrong with it."""

    path: Path
    sheets: tuple[Sheet, ...]
    problems: list[Problem] = field(default_factory=list)
    lines: dict[tuple[str, int, int, int], tuple[Sheet, int]] = field(default_factory=dict)
    """Place in the table → where it was read."""

    def say(self, sheet: Sheet, line: int | None, column: str, what: str, mend: str) -> None:
        self.problems.append(Problem(sheet.place, what, mend, line, column))

    def sheet(self, name: str) -> tuple[Sheet, tuple[SheetRow, ...], dict[str, int]] | None:
        """A worksheet by its name with its rows below the header and its columns."""
        names = MAIN_COLUMNS if name == MAIN else OTHER_SHEETS[name]
        found = next((sheet for sheet in self.sheets if sheet.name.strip() == name), None)
        if found is None and name == MAIN:
            found = next(
                (each for each in self.sheets if _header(each, names)),
                self.sheets[0] if self.sheets else None,
            )
        if found is None:
            return None
        header = _header(found, names)
        needed = _NEEDED if name == MAIN else names[:2]
        missing = [column for column in needed if header is None or column not in header[1]]
        if header is None or missing:
            self.say(found, None, "表头", f"缺少列：{'、'.join(missing)}", f"请写明列名：{'、'.join(names)}")
            return None
        rows = tuple(row for row in found.rows[header[0] + 1 :] if row.filled)
        return found, rows, header[1]

    def number(
        self, sheet: Sheet, line: int, column: str, cell: Cell, *, needed: bool = True
    ) -> Decimal | None:
        text = re.sub(r"\s|分$", "", cell.text)
        if not text and not needed:
            return None
        percent = text.endswith("%")
        try:
            value = Decimal(text.removesuffix("%"))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            what = f"“{cell.text}”不是数值" if text else "没有填写"
            self.say(sheet, line, column, what, "请填写数值，如 0.5")
            return None
        return value / 100 if percent else value

    def flag(self, sheet: Sheet, line: int, column: str, cell: Cell, default: bool) -> bool:
        if not cell.text:
            return default
        if cell.text not in _YES | _NO:
            self.say(sheet, line, column, f"“{cell.text}”不认识", "请填“是”或“否”")
        return cell.text in _YES

    def points(self, sheet: Sheet, row: SheetRow, columns: Mapping[str, int]) -> Points | None:
        """The rule of one row; None where it names none."""
        given = row.cell(columns.get("检查规则")).text
        if not given:
            if row.cell(columns.get("每处扣分")).text:
                self.say(sheet, row.line, "检查规则", "填了扣分，没有填检查规则", "请填写规则编号")
            return None
        found = _RULE.findall(given)
        if len(found) != 1:
            self.say(
                sheet, row.line, "检查规则", f"“{given}”不是一条规则的编号", "一行填一条规则，如 link-broken"
            )
            return None
        value = self.number(sheet, row.line, "每处扣分", row.cell(columns.get("每处扣分")))
        return Points(
            rule_id=found[0],
            points=Decimal(1) if value is None else value,
            once=self.flag(sheet, row.line, "是否一次", row.cell(columns.get("是否一次")), False),
            cap=self.number(sheet, row.line, "规则上限", row.cell(columns.get("规则上限")), needed=False),
            severity=row.cell(columns.get("程度")).text,
        )


def _header(sheet: Sheet, names: tuple[str, ...]) -> tuple[int, dict[str, int]] | None:
    return find_header(sheet, {name: (name,) for name in names}, names[:2])
