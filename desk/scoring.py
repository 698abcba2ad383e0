"""What the deficiencies of one night would cost, by the plan's own arithmetic (晋政办函〔2020〕42号, 三).

Each rule asks points × findings, or its points once. Then the caps: the rule's own, the row's own, and the
weight of the level-1 indicator; a level-2 or level-3 row without a cap of its own may lose more than its
weight. 重大扣分项 stand outside these caps. Only `fail` costs anything.

How granted points are laid on the lines: confirmed findings first, then in table order, then by number; each
line takes what the caps leave. The caps are nested, so the lines of a level add up to exactly what the level
loses, and the lines of unconfirmed findings add up to what they alone add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from desk.same_fact import covered_by
from dossier.model import (
    Deficiency,
    IndicatorTable,
    LevelOne,
    Points,
    Row,
    Scorecard,
    Suggestion,
    Unit,
    Verdict,
)
from dossier.tables import Cover, say_points, shipped_covers

MAJOR = "重大扣分项"
UNSCORED = "不计分"
ZERO = Decimal("0.00")
FULL = Decimal("100.00")
_CENT = Decimal("0.01")


class _Slot(msgspec.Struct, frozen=True, eq=False):
    """One rule entry of the table with all that bounds it."""

    order: int
    section: str
    row: tuple[str, ...]
    points: Points
    row_cap: Decimal | None
    weight: Decimal | None
    """Of the level-1 indicator; None for majors."""


def suggest(
    unit: Unit,
    deficiencies: Iterable[Deficiency],
    table: IndicatorTable,
    *,
    run_id: str,
    not_called: int = 0,
    inspected: bool = True,
    covers: tuple[Cover, ...] | None = None,
) -> Scorecard:
    """The suggested scorecard of one unit and one run; pure, and independent of the order of deficiencies.

    `covers` says which findings are the same fact; None takes the shipped coverage table.
    """
    if unit.unit_class is not table.unit_class:
        raise ValueError(
            f"unit {unit.unit_id} is class {unit.unit_class}, the table is for {table.unit_class}"
        )
    standing = {each.fingerprint: each for each in sorted(deficiencies, key=_age)}
    fails = sorted((each for each in standing.values() if each.verdict is Verdict.FAIL), key=_age)
    slots = tuple(_slots(table))
    if inspected:
        covered = covered_by(fails, shipped_covers() if covers is None else covers, _scored(slots))
        lines = _lines(fails, slots, table, covered)
    else:
        lines = tuple(
            _free(each, _slot_of(each, slots), "本次未能检测该单位，不据以扣分")
            for _, each in _placed(fails, slots)
        )
    levels = tuple(
        LevelOne(
            name=section.name,
            weight=_cents(section.weight),
            asked=_total(line.asked for line in lines if line.section == section.name),
            granted=(lost := _total(line.granted for line in lines if line.section == section.name)),
            score=_cents(section.weight - lost),
            online=any(row.online for row in section.rows),
        )
        for section in table.sections
    )
    majors = _total(line.granted for line in lines if line.section == MAJOR)
    deducted = _cents(_total(level.granted for level in levels) + majors)
    score = _cents(max(ZERO, FULL - deducted))
    if deducted > FULL:
        lines = tuple(_say_floor(line, deducted) if line.section == MAJOR else line for line in lines)
    resting = zip((each for _, each in _placed(fails, slots)), lines, strict=True)
    unconfirmed = _total(line.granted for each, line in resting if not each.confirmed)
    return Scorecard(
        unit_id=unit.unit_id,
        unit_class=unit.unit_class,
        run_id=run_id,
        table_title=table.title,
        table_status=table.source_status.value,
        table_digest=table.digest,
        levels=levels,
        lines=lines,
        major_points=majors,
        deducted=deducted,
        score=score,
        unsure=sum(each.verdict is Verdict.UNSURE for each in standing.values()),
        errors=sum(each.verdict is Verdict.ERROR for each in standing.values()),
        not_called=not_called,
        unconfirmed_points=unconfirmed,
        inspected=inspected,
        grade=_grade(score, table) if inspected else "",
    )


def _age(each: Deficiency) -> tuple[str, str]:
    return each.number, each.fingerprint


def _cents(value: Decimal) -> Decimal:
    """Whole hundredths; the tables allow no finer points, so nothing is ever rounded away."""
    return value.quantize(_CENT)


def _total(values: Iterable[Decimal]) -> Decimal:
    return _cents(sum(values, ZERO))


def _slots(table: IndicatorTable) -> Iterable[_Slot]:
    placed: list[tuple[str, tuple[str, ...], Points, Row | None, Decimal | None]] = [
        (section.name, row.path, points, row, section.weight)
        for section in table.sections
        for row in section.rows
        for points in row.points
    ]
    placed += [
        (MAJOR, (major.name,), points, None, None) for major in table.majors for points in major.points
    ]
    for order, (section, path, points, row, weight) in enumerate(placed):
        yield _Slot(order, section, path, points, row.cap if row else None, weight)


def _scored(slots: Sequence[_Slot]) -> frozenset[str]:
    return frozenset(slot.points.rule_id for slot in slots)


def _slot_of(each: Deficiency, slots: Sequence[_Slot]) -> _Slot | None:
    """Where a finding is scored; one of no stated severity is scored where it costs least."""
    own = [slot for slot in slots if slot.points.rule_id == each.outcome.rule_id]
    severity = str(each.outcome.data.get("severity", ""))
    exact = [slot for slot in own if slot.points.severity in ("", severity)]
    return exact[0] if exact else min(own, key=lambda slot: slot.points.points, default=None)


def _placed(fails: Sequence[Deficiency], slots: Sequence[_Slot]) -> list[tuple[_Slot | None, Deficiency]]:
    """Findings in table order, those that the table does not score last."""
    pairs = [(_slot_of(each, slots), each) for each in fails]
    return sorted(pairs, key=lambda pair: (pair[0].order if pair[0] else len(slots), *_age(pair[1])))


def _lines(
    fails: Sequence[Deficiency],
    slots: Sequence[_Slot],
    table: IndicatorTable,
    covered: Mapping[str, tuple[Deficiency, str]],
) -> tuple[Suggestion, ...]:
    placed = _placed(fails, slots)
    done: dict[str, Suggestion] = {}
    paying: dict[int, list[Deficiency]] = {}
    for slot, each in placed:
        if slot is None:
            done[each.fingerprint] = _free(each, None, _why_unscored(each, table))
        elif each.fingerprint in covered:
            by, why = covered[each.fingerprint]
            done[each.fingerprint] = _free(
                each, slot, f"与 {by.number} 为同一事实（{why}），已由该问题扣分，不重复扣分"
            )
        else:
            paying.setdefault(slot.order, []).append(each)
    for group in paying.values():
        group.sort(key=lambda each: (not each.confirmed, *_age(each)))
    asked = {
        each.fingerprint: ZERO if slots[order].points.once and n else _cents(slots[order].points.points)
        for order, group in paying.items()
        for n, each in enumerate(group)
    }
    granted = _grant(paying, slots, asked)
    by_section: dict[str, Decimal] = {}
    for order, group in paying.items():
        name = slots[order].section
        by_section[name] = by_section.get(name, ZERO) + _total(asked[each.fingerprint] for each in group)
    for order, group in paying.items():
        slot = slots[order]
        for n, each in enumerate(group):
            own = granted[each.fingerprint]
            because = _because(slot, n, group, asked[each.fingerprint], own, by_section[slot.section])
            done[each.fingerprint] = _line(each, slot, asked[each.fingerprint], own, because)
    return tuple(done[each.fingerprint] for _, each in placed)


def _grant(
    paying: Mapping[int, Sequence[Deficiency]], slots: Sequence[_Slot], asked: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Lay what the nested caps leave on the findings: confirmed first, then table order, then number."""
    left: dict[tuple[str, ...], Decimal] = {}
    granted: dict[str, Decimal] = {}
    queue = sorted(
        (
            (not each.confirmed, order, n, each)
            for order, group in paying.items()
            for n, each in enumerate(group)
        ),
        key=lambda place: place[:3],
    )
    for _, order, _, each in queue:
        slot = slots[order]
        caps = {
            ("rule", str(order)): slot.points.cap,
            ("row", slot.section, *slot.row): slot.row_cap,
            ("level", slot.section): slot.weight,
        }
        bounds = {key: left.setdefault(key, _cents(cap)) for key, cap in caps.items() if cap is not None}
        given = min([asked[each.fingerprint], *bounds.values()])
        for key in bounds:
            left[key] -= given
        granted[each.fingerprint] = given
    return granted


def _because(
    slot: _Slot, n: int, group: Sequence[Deficiency], asked: Decimal, granted: Decimal, section_asked: Decimal
) -> str:
    """The working of one line in Chinese."""
    points = slot.points
    each = say_points(points.points)
    if points.once:
        if n:
            return f"本规则只扣一次（{each} 分），已计在 {group[0].number}"
        parts = [f"{each} 分，只扣一次" + (f"（共 {len(group)} 处）" if len(group) > 1 else "")]
    else:
        parts = [f"{each} 分 × {len(group)} 处 = {say_points(points.points * len(group))} 分"]
    if points.cap is not None:
        parts.append(f"本规则最多扣 {say_points(points.cap)} 分")
    if slot.row_cap is not None:
        parts.append(f"本行“{'／'.join(slot.row)}”最多扣 {say_points(slot.row_cap)} 分")
    if slot.weight is None:
        parts.append("重大扣分项，不受一级指标封顶限制")
    else:
        parts.append(
            f"一级指标“{slot.section}”共应扣 {say_points(section_asked)} 分、封顶 {say_points(slot.weight)} 分"
        )
    parts.append(f"本处计 {say_points(granted)} 分" + ("（已达封顶）" if granted < asked else ""))
    return "；".join(parts)


def _why_unscored(each: Deficiency, table: IndicatorTable) -> str:
    reason = table.unscored.get(each.outcome.rule_id, "")
    return f"不计分：{reason}" if reason else "评分表没有列入这条规则，不扣分"


def _free(each: Deficiency, slot: _Slot | None, because: str) -> Suggestion:
    return _line(each, slot, ZERO, ZERO, because)


def _line(each: Deficiency, slot: _Slot | None, asked: Decimal, granted: Decimal, because: str) -> Suggestion:
    return Suggestion(
        deficiency_no=each.number,
        rule_id=each.outcome.rule_id,
        subject=each.outcome.subject,
        section=slot.section if slot else UNSCORED,
        row=slot.row if slot else (),
        asked=asked,
        granted=granted,
        because=because,
    )


def _say_floor(line: Suggestion, deducted: Decimal) -> Suggestion:
    note = f"；各项共扣 {say_points(deducted)} 分，总分最低记 0 分"
    return msgspec.structs.replace(line, because=line.because + note)


def _grade(score: Decimal, table: IndicatorTable) -> str:
    """初步等次建议 by the bands; empty where the table has none."""
    return next((name for name, least in table.bands if score >= least), "")
