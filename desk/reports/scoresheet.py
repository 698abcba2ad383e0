"""A score is believed only where its parts add up: the indicator table line by line, with what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from desk.reports.wording import points
from dossier.model import IndicatorTable, Points, Row, Rule, Scorecard, Suggestion

ZERO = Decimal(0)
MAJORS = "重大扣分项"
UNSCORED = "不计分"
"""Section of the lines whose rule the table does not count."""
Key = tuple[str, tuple[str, ...], str]


class Unbalanced(ValueError):  # noqa: N818 - it names what is wrong with the card
    """A scorecard whose parts do not make its total; a paper with it would be a lie."""


@dataclass(frozen=True)
class SheetLine:
    """One line of 指标评分表."""

    section: str
    path: str
    weight: Decimal | None
    """Weight of the row; None on the row's further lines."""
    rule_id: str
    name: str
    counting: str
    """每处 0.5 分, 计一次 3 分, 线下考核."""
    found: int
    asked: Decimal
    cap: Decimal | None
    granted: Decimal
    note: str = ""


@dataclass(frozen=True)
class SheetSection:
    """One level-1 indicator with its lines and its sum."""

    number: int
    name: str
    weight: Decimal | None
    """None: outside the level-1 caps (重大扣分项)."""
    lines: tuple[SheetLine, ...]
    asked: Decimal
    over: Decimal
    """Taken back because the level-1 weight is the most it can lose."""
    granted: Decimal
    score: Decimal | None


def check_sums(card: Scorecard) -> None:
    """Refuse a scorecard whose parts do not make its total."""
    faults = []
    for level in card.levels:
        if level.score != level.weight - level.granted:
            faults.append(f"“{level.name}”得分不等于权重减扣分")
        if not ZERO <= level.granted <= level.weight:
            faults.append(f"“{level.name}”扣分超出权重")
    granted = sum((level.granted for level in card.levels), ZERO)
    if granted + card.major_points != card.deducted:
        faults.append(f"各一级指标扣分与重大扣分之和不等于合计 {points(card.deducted)} 分")
    if card.inspected and card.levels:
        weight = sum((level.weight for level in card.levels), ZERO)
        if card.score not in (weight - card.deducted, max(ZERO, weight - card.deducted)):
            faults.append(f"总分 {points(card.score)} 不等于 {points(weight)} 减 {points(card.deducted)}")
    if faults:
        raise Unbalanced(f"{card.unit_id}：" + "；".join(faults))


def lay_out(card: Scorecard, table: IndicatorTable, rules: Mapping[str, Rule]) -> tuple[SheetSection, ...]:
    """The whole table with what this unit loses on each line; nothing suggested is left outside."""
    left: dict[Key, list[Suggestion]] = defaultdict(list)
    for line in card.lines:
        left[line.section, line.row, line.rule_id].append(line)
    levels = {level.name: level for level in card.levels}
    sections = []
    for number, section in enumerate(table.sections, 1):
        lines = [line for row in section.rows for line in _row_lines(section.name, row, left, rules)]
        lines += _strays(section.name, left, rules)
        level = levels.pop(section.name, None)
        made = sum((line.granted for line in lines), ZERO)
        granted = level.granted if level else ZERO
        over = made - granted
        if over < 0 or (over > 0 and granted != section.weight):
            raise Unbalanced(
                f"{card.unit_id}：“{section.name}”各行合计 {points(made)} 分，一级指标却为 {points(granted)} 分"
            )
        asked = sum((line.asked for line in lines), ZERO)
        sections.append(
            SheetSection(
                number,
                section.name,
                section.weight,
                tuple(lines),
                asked,
                over,
                granted,
                section.weight - granted,
            )
        )
    lines = [
        _line(MAJORS, (major.name,), None, point, _take_major(point.rule_id, left), rules)
        for major in table.majors
        for point in major.points
    ]
    lines += _strays(MAJORS, left, rules)
    if sum((line.granted for line in lines), ZERO) != card.major_points:
        raise Unbalanced(f"{card.unit_id}：重大扣分各行合计不等于 {points(card.major_points)} 分")
    asked = sum((line.asked for line in lines), ZERO)
    sections.append(
        SheetSection(len(sections) + 1, MAJORS, None, tuple(lines), asked, ZERO, card.major_points, None)
    )
    for key in [key for key in left if key[0] == UNSCORED]:
        if any(line.granted for line in left.pop(key)):
            raise Unbalanced(f"{card.unit_id}：不计分的检查项 {key[2]} 却有扣分")
    if levels or left:
        named = "、".join([*levels, *sorted({key[0] for key in left})])
        raise Unbalanced(f"{card.unit_id}：评分表《{table.title}》中没有“{named}”")
    return tuple(sections)


def _row_lines(
    section: str, row: Row, left: dict[Key, list[Suggestion]], rules: Mapping[str, Rule]
) -> Iterator[SheetLine]:
    if not row.points:
        note = "网上检查无对应检查项" if row.online else "不在网上检查范围，由考核人员评定"
        how = "—" if row.online else "线下考核"
        yield SheetLine(
            section, " › ".join(row.path), row.weight, "", row.standard, how, 0, ZERO, row.cap, ZERO, note
        )
    for nth, point in enumerate(row.points):
        found = left.pop((section, row.path, point.rule_id), [])
        yield _line(section, row.path, row.weight if nth == 0 else None, point, found, rules)


def _line(
    section: str,
    path: tuple[str, ...],
    weight: Decimal | None,
    point: Points,
    found: list[Suggestion],
    rules: Mapping[str, Rule],
) -> SheetLine:
    rule = rules.get(point.rule_id)
    name = (rule.name if rule else point.rule_id) + (f"（{point.severity}）" if point.severity else "")
    counting = f"计一次 {points(point.points)} 分" if point.once else f"每处 {points(point.points)} 分"
    return SheetLine(
        section,
        " › ".join(path),
        weight,
        point.rule_id,
        name,
        counting,
        len(found),
        sum((line.asked for line in found), ZERO),
        point.cap,
        sum((line.granted for line in found), ZERO),
    )


def _take_major(rule_id: str, left: dict[Key, list[Suggestion]]) -> list[Suggestion]:
    keys = [key for key in left if key[0] == MAJORS and key[2] == rule_id]
    return [line for key in keys for line in left.pop(key)]


def _strays(section: str, left: dict[Key, list[Suggestion]], rules: Mapping[str, Rule]) -> list[SheetLine]:
    """Suggestions of this section that no line of the table names: shown, so that the sum stays whole."""
    found = []
    for key in [key for key in left if key[0] == section]:
        lines = left.pop(key)
        rule = rules.get(key[2])
        found.append(
            SheetLine(
                section,
                " › ".join(key[1]) or "—",
                None,
                key[2],
                rule.name if rule else key[2],
                "—",
                len(lines),
                sum((line.asked for line in lines), ZERO),
                None,
                sum((line.granted for line in lines), ZERO),
                "评分表现行版本未列此行",
            )
        )
    return found
