"""A unit's score as people decided it: confirmed findings and hand-entered lines, under the table's caps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from desk.scoring import MAJOR, suggest
from dossier.model import Deficiency, IndicatorTable, Row, Suggestion, Unit, Verdict
from dossier.store.sheets import HandLine
from dossier.tables import Cover, say_points

ZERO = Decimal("0.00")
FULL = Decimal("100.00")


class DecidedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One confirmed finding, as it counts."""

    number: str
    rule_id: str
    asked: Decimal
    granted: Decimal
    because: str
    adjusted: bool = False


class DecidedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the sheet with what it loses."""

    path: tuple[str, ...]
    weight: Decimal
    online: bool
    standard: str
    lines: tuple[DecidedLine, ...]
    hand: HandLine | None
    lost: Decimal
    """Before the level-1 cap."""


class DecidedSection(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    weight: Decimal | None
    """None: 重大扣分项, outside the caps."""
    rows: tuple[DecidedRow, ...]
    asked: Decimal
    lost: Decimal
    score: Decimal


class DecidedBonus(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    parent: str
    most: Decimal
    hand: HandLine | None
    granted: Decimal


class FinalSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit's score is if it were closed now."""

    unit_id: str
    table_title: str
    table_status: str
    table_digest: str
    year: int
    sections: tuple[DecidedSection, ...]
    bonuses: tuple[DecidedBonus, ...]
    deducted: Decimal
    bonus: Decimal
    score: Decimal
    grade: str
    open_rows: int
    """Offline rows into which nobody has typed anything."""


@dataclass(frozen=True)
class Counted:
    """A finding that people let count; `points` where they set others than the table's."""

    deficiency: Deficiency
    points: Decimal | None = None


def final_sheet(
    unit: Unit,
    counted: Iterable[Counted],
    hand: Iterable[HandLine],
    table: IndicatorTable,
    *,
    covers: tuple[Cover, ...] | None = None,
    run_id: str = "",
) -> FinalSheet:
    """The sheet as decided so far; pure. Every finding given counts, whatever the machine thought of it."""
    own = {one.deficiency.number: one for one in counted}
    fails = [
        msgspec.structs.replace(
            one.deficiency,
            outcome=msgspec.structs.replace(one.deficiency.outcome, verdict=Verdict.FAIL),
            confirmed=True,
        )
        for one in own.values()
    ]
    card = suggest(unit, fails, table, run_id=run_id, covers=covers)
    typed = in_force(hand)
    left: dict[object, Decimal] = {}
    granted = {line.deficiency_no: _grant(line, own, table, left) for line in card.lines}
    by_row: dict[tuple[str, tuple[str, ...]], list[DecidedLine]] = {}
    for line in card.lines:
        by_row.setdefault((line.section, line.row), []).append(granted[line.deficiency_no])
    sections = [
        _section(section.name, section.weight, section.rows, by_row, typed) for section in table.sections
    ]
    majors = tuple(
        DecidedRow(
            path=(major.name,), weight=ZERO, online=True, standard="", lines=tuple(lines), hand=None,
            lost=_sum(one.granted for one in lines),
        )
        for major in table.majors
        if (lines := by_row.get((MAJOR, (major.name,)), []))
    )  # fmt: skip
    major_lost = _sum(row.lost for row in majors)
    sections.append(
        DecidedSection(name=MAJOR, weight=None, rows=majors, asked=major_lost, lost=major_lost, score=ZERO)
    )
    bonuses = tuple(_bonus(bonus.name, bonus.parent, bonus.share, table, typed) for bonus in table.bonuses)
    deducted = _sum(section.lost for section in sections)
    bonus_total = _sum(one.granted for one in bonuses)
    score = max(ZERO, min(FULL, FULL - deducted + bonus_total)).quantize(ZERO)
    return FinalSheet(
        unit_id=unit.unit_id, table_title=table.title, table_status=table.source_status.value,
        table_digest=table.digest, year=table.year, sections=tuple(sections), bonuses=bonuses,
        deducted=deducted, bonus=bonus_total, score=score,
        grade=next((name for name, least in table.bands if score >= least), ""),
        open_rows=sum(
            not row.online and row.hand is None for section in sections for row in section.rows
        ),
    )  # fmt: skip


def in_force(lines: Iterable[HandLine]) -> dict[tuple[str, tuple[str, ...]], HandLine]:
    """The last line typed into each row, unless it was taken back."""
    last: dict[tuple[str, tuple[str, ...]], HandLine] = {}
    for line in lines:
        last[line.section, line.path] = line
    return {place: line for place, line in last.items() if line.kind != "void"}


def _grant(
    line: Suggestion, own: Mapping[str, Counted], table: IndicatorTable, left: dict[object, Decimal]
) -> DecidedLine:
    """What the caps of rule and row leave for one line; the level-1 cap is laid over the section."""
    set_by_hand = own[line.deficiency_no].points
    asked = line.asked if set_by_hand is None else set_by_hand
    given = asked
    notes = []
    for key, cap in _caps(line, table):
        rest = left.setdefault(key, cap)
        if given > rest:
            given = rest
            notes.append(f"已达上限 {say_points(cap)} 分")
    for key, _ in _caps(line, table):
        left[key] -= given
    because = line.because
    if set_by_hand is not None:
        because = f"考核人员调整为 {say_points(asked)} 分" + "".join(f"；{note}" for note in notes)
    elif notes:
        because += "；" + "；".join(notes)
    return DecidedLine(
        number=line.deficiency_no, rule_id=line.rule_id, asked=asked, granted=given, because=because,
        adjusted=set_by_hand is not None,
    )  # fmt: skip


def _caps(line: Suggestion, table: IndicatorTable) -> list[tuple[object, Decimal]]:
    found: list[tuple[object, Decimal]] = []
    for section in table.sections:
        if section.name != line.section:
            continue
        for row in section.rows:
            if row.path != line.row:
                continue
            found += [
                (("rule", line.section, line.row, line.rule_id), points.cap)
                for points in row.points
                if points.rule_id == line.rule_id and points.cap is not None
            ]
            if row.cap is not None:
                found.append((("row", line.section, line.row), row.cap))
    if line.section == MAJOR:
        found += [
            (("rule", MAJOR, line.row, line.rule_id), points.cap)
            for major in table.majors
            for points in major.points
            if (major.name,) == line.row and points.rule_id == line.rule_id and points.cap is not None
        ]
    return found


def _section(
    name: str,
    weight: Decimal,
    rows: Sequence[Row],
    by_row: Mapping[tuple[str, tuple[str, ...]], list[DecidedLine]],
    typed: Mapping[tuple[str, tuple[str, ...]], HandLine],
) -> DecidedSection:
    made = []
    for row in rows:
        lines = tuple(by_row.get((name, row.path), ()))
        hand = typed.get((name, row.path))
        lost = _sum(line.granted for line in lines) + (hand.points if hand else ZERO)
        made.append(
            DecidedRow(
                path=row.path, weight=row.weight, online=row.online, standard=row.standard, lines=lines,
                hand=hand, lost=lost,
            )
        )  # fmt: skip
    asked = _sum(row.lost for row in made)
    lost = min(asked, weight)
    return DecidedSection(
        name=name, weight=weight, rows=tuple(made), asked=asked, lost=lost, score=weight - lost
    )


def _bonus(
    name: str,
    parent: str,
    share: Decimal,
    table: IndicatorTable,
    typed: Mapping[tuple[str, tuple[str, ...]], HandLine],
) -> DecidedBonus:
    weight = next((section.weight for section in table.sections if section.name == parent), ZERO)
    most = (weight * share).quantize(ZERO)
    hand = typed.get((parent, (name,)))
    return DecidedBonus(
        name=name, parent=parent, most=most, hand=hand, granted=min(hand.points, most) if hand else ZERO
    )


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO).quantize(ZERO)
