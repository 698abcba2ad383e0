"""A scoring table is sound when its weights add up and every rule costs something exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from dossier.model import IndicatorTable, Points, Section

HUNDRED = Decimal(100)
BONUS_BOUND = Decimal("0.20")
SEVERITIES = ("严重", "一般")


class Place(msgspec.Struct, frozen=True):
    """Where in a scoring table: indices into its own tuples, -1 where it is not that deep."""

    part: str = ""
    """`section`, `major`, `bonus`, `band`, `unscored`, or empty for the table as a whole."""
    index: int = -1
    row: int = -1
    points: int = -1
    key: str = ""


class Fault(msgspec.Struct, frozen=True):
    at: Place
    what: str
    mend: str


def say_points(value: Decimal) -> str:
    """A number of points as people write it: 0.5, 3, 100."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def faults(table: IndicatorTable, known_rules: frozenset[str] | None = None) -> tuple[Fault, ...]:
    """All that is wrong with a table; without `known_rules` it is not asked whether the rules exist."""
    return (
        *_head(table),
        *_sections(table),
        *_rules(table, known_rules),
        *_outside(table),
        *_bands(table),
    )


def _is_points(value: Decimal | None) -> bool:
    return value is not None and 0 < value <= HUNDRED and value == value.quantize(Decimal("0.01"))


def _head(table: IndicatorTable) -> Iterator[Fault]:
    if not 2008 <= table.year <= 2100:
        yield Fault(Place(key="year"), f"年度 {table.year} 不对", "请填写四位年度，如 2020")
    if not table.sections:
        yield Fault(Place(), "没有一级指标", "请至少写一个一级指标，权重合计 100")


def _repeated(names: Iterable[object]) -> list[int]:
    seen: set[object] = set()
    again = []
    for n, name in enumerate(names):
        if name in seen:
            again.append(n)
        seen.add(name)
    return again


def _sections(table: IndicatorTable) -> Iterator[Fault]:
    for n in _repeated(section.name for section in table.sections):
        yield Fault(
            Place("section", n, key="name"), f"一级指标“{table.sections[n].name}”重复", "请合并或改名"
        )
    for n, section in enumerate(table.sections):
        if not _is_points(section.weight):
            yield Fault(
                Place("section", n, key="weight"),
                f"一级指标“{section.name}”的权重 {section.weight} 不对",
                "权重应大于 0、不超过 100，最多两位小数",
            )
        yield from _rows(section, n)
    total = sum((section.weight for section in table.sections), Decimal(0))
    if table.sections and total != HUNDRED:
        parts = "＋".join(say_points(section.weight) for section in table.sections)
        yield Fault(
            Place("section", 0, key="weight"),
            f"一级指标权重合计为 {say_points(total)}（{parts}），不是 100",
            "请调整各一级指标的权重，使合计为 100",
        )


def _rows(section: Section, n: int) -> Iterator[Fault]:
    if not section.rows:
        yield Fault(Place("section", n), f"一级指标“{section.name}”没有二级指标", "请至少写一个二级指标")
        return
    for r in _repeated(row.path for row in section.rows):
        name = "／".join(section.rows[r].path)
        yield Fault(
            Place("section", n, r, key="path"), f"“{section.name}”下的指标“{name}”重复", "请合并或改名"
        )
    leaves = {row.path for row in section.rows}
    for r, row in enumerate(section.rows):
        name = "／".join(row.path)
        if len(row.path) not in (1, 2):
            yield Fault(
                Place("section", n, r, key="path"),
                f"“{section.name}”下的指标“{name}”有 {len(row.path)} 级名称",
                "只能写二级名称，或二级、三级名称",
            )
        if len(row.path) == 2 and row.path[:1] in leaves:
            yield Fault(
                Place("section", n, r, key="path"),
                f"“{row.path[0]}”既单独成行，又分了三级指标",
                "分了三级指标的二级指标不要再单独成行",
            )
        if not _is_points(row.weight):
            yield Fault(
                Place("section", n, r, key="weight"),
                f"指标“{name}”的权重 {row.weight} 不对",
                "权重应大于 0、不超过 100，最多两位小数",
            )
        if row.cap is not None and not _is_points(row.cap):
            yield Fault(
                Place("section", n, r, key="cap"),
                f"指标“{name}”的封顶 {row.cap} 不对",
                "封顶应大于 0、不超过 100，最多两位小数",
            )
        if row.points and not row.online:
            yield Fault(
                Place("section", n, r, key="online"),
                f"指标“{name}”不在网上检查范围，却写了检查规则",
                "请去掉规则，或改为 online = true",
            )
        if row.online and not row.points:
            yield Fault(
                Place("section", n, r),
                f"指标“{name}”在网上检查范围，却没有检查规则",
                "请写明检查规则，或改为 online = false（由考核小组填写）",
            )
    total = sum((row.weight for row in section.rows), Decimal(0))
    if total != section.weight:
        parts = "＋".join(say_points(row.weight) for row in section.rows)
        yield Fault(
            Place("section", n, key="weight"),
            f"一级指标“{section.name}”权重 {say_points(section.weight)}，下级权重合计 {say_points(total)}（{parts}）",
            "请使下级权重之和等于一级权重",
        )


def placed_points(table: IndicatorTable) -> Iterator[tuple[Place, Points]]:
    """Every rule entry of a table with its place, in table order, majors last."""
    for n, section in enumerate(table.sections):
        for r, row in enumerate(section.rows):
            for p, points in enumerate(row.points):
                yield Place("section", n, r, p), points
    for n, major in enumerate(table.majors):
        for p, points in enumerate(major.points):
            yield Place("major", n, -1, p), points


def _rules(table: IndicatorTable, known_rules: frozenset[str] | None) -> Iterator[Fault]:
    severities: dict[str, set[str]] = {}
    for at, points in placed_points(table):
        rule = points.rule_id
        if known_rules is not None and rule not in known_rules:
            yield Fault(at, f"没有“{rule}”这条检查规则", "请对照规则目录改正规则编号")
        if not _is_points(points.points):
            yield Fault(
                at, f"规则“{rule}”的扣分 {points.points} 不对", "扣分应大于 0、不超过 100，最多两位小数"
            )
        if points.cap is not None and not _is_points(points.cap):
            yield Fault(at, f"规则“{rule}”的封顶 {points.cap} 不对", "封顶应大于 0、不超过 100，最多两位小数")
        if points.severity not in ("", *SEVERITIES):
            yield Fault(at, f"规则“{rule}”的程度“{points.severity}”不认识", "程度只能是“严重”或“一般”")
        before = severities.setdefault(rule, set())
        if points.severity in before or (before and "" in before | {points.severity}):
            yield Fault(
                at,
                f"规则“{rule}”在表中出现不止一次",
                "一条规则只能扣一处的分（按程度分开的除外），请删去重复的",
            )
        before.add(points.severity)
        if rule in table.unscored:
            yield Fault(at, f"规则“{rule}”既计分又列为不计分", "请在两处中去掉一处")
    for rule, found in severities.items():
        if "" not in found and found != set(SEVERITIES):
            missing = "、".join(sorted(set(SEVERITIES) - found))
            yield Fault(Place(), f"规则“{rule}”按程度分开计分，缺少程度“{missing}”", "请补上，或去掉程度")
    for n, (rule, reason) in enumerate(table.unscored.items()):
        if known_rules is not None and rule not in known_rules:
            yield Fault(
                Place("unscored", n, key=rule), f"没有“{rule}”这条检查规则", "请对照规则目录改正规则编号"
            )
        if not reason.strip():
            yield Fault(
                Place("unscored", n, key=rule), f"规则“{rule}”不计分，但没有写理由", "请写明不计分的理由"
            )
    if known_rules is not None:
        for rule in sorted(known_rules - set(severities) - set(table.unscored)):
            yield Fault(
                Place(), f"规则“{rule}”没有列入评分表", "请写明它扣多少分，或列入 [unscored] 并写理由"
            )


def _outside(table: IndicatorTable) -> Iterator[Fault]:
    for n in _repeated(major.name for major in table.majors):
        yield Fault(Place("major", n, key="name"), f"重大扣分项“{table.majors[n].name}”重复", "请合并或改名")
    for n, major in enumerate(table.majors):
        if not major.points:
            yield Fault(Place("major", n), f"重大扣分项“{major.name}”没有检查规则", "请写明检查规则")
    for n in _repeated(bonus.name for bonus in table.bonuses):
        yield Fault(Place("bonus", n, key="name"), f"加分项“{table.bonuses[n].name}”重复", "请合并或改名")
    names = {section.name for section in table.sections}
    for n, bonus in enumerate(table.bonuses):
        if bonus.parent not in names:
            yield Fault(
                Place("bonus", n, key="parent"),
                f"加分项“{bonus.name}”所属的一级指标“{bonus.parent}”不存在",
                "请改正名称",
            )
        if not 0 < bonus.share <= BONUS_BOUND:
            yield Fault(
                Place("bonus", n, key="share"),
                f"加分项“{bonus.name}”的比例 {bonus.share} 不对",
                "加分不超过所属一级指标权重的 20%，请写 0.20 或更小的正数",
            )


def _bands(table: IndicatorTable) -> Iterator[Fault]:
    if not table.bands:
        yield Fault(Place(), "没有等次分数线", "请从高到低写明各等次的最低分，最后一档为 0")
        return
    for n in _repeated(name for name, _ in table.bands):
        yield Fault(Place("band", n, key="name"), f"等次“{table.bands[n][0]}”重复", "请合并或改名")
    least = [value for _, value in table.bands]
    for n in range(1, len(least)):
        if least[n] >= least[n - 1]:
            yield Fault(Place("band", n, key="least"), "等次分数线没有从高到低排列", "请从高到低排列")
    if least[-1] != 0 or least[0] > HUNDRED:
        yield Fault(
            Place("band", len(least) - 1, key="least"),
            "等次分数线没有覆盖 0 到 100 分",
            "最后一档的最低分应为 0",
        )
