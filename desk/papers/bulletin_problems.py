"""What is wrong most often and with whom: by kinds of fault, with the units named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from desk.papers.bulletin_facts import BulletinFacts
from desk.papers.ledger import LedgerRow
from desk.papers.text import Bars, Block, Grid, Para
from desk.reports.wording import chinese_number

MOST_KINDS = 5


NAMED = 5


def kinds_of(rows: Sequence[LedgerRow]) -> list[tuple[str, Counter[str]]]:
    """Fault → units with how many of it; the fault of the most units first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row.name][row.unit_id] += 1
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), -sum(pair[1].values()), pair[0]))


def problems_said(kinds: Sequence[tuple[str, Counter[str]]], rows: Sequence[LedgerRow]) -> list[Block]:
    names = {row.unit_id: row.unit for row in rows}
    if not kinds:
        return [Para(text="本期没有确认的问题。")]
    said = f"本期确认的问题共{len(rows)}个，涉及{len(names)}个单位。"
    majors = [row for row in rows if row.major]
    if majors:
        found = list(dict.fromkeys(row.unit for row in majors))
        sorts = "、".join(dict.fromkeys(row.name for row in majors))
        listed = "、".join(found[:NAMED]) + ("等" if len(found) > NAMED else "")
        said += f"其中重大扣分项{len(majors)}个（{sorts}），涉及{listed}{len(found)}个单位。"
    said += f"比较突出的有以下{min(len(kinds), MOST_KINDS)}类："
    blocks: list[Block] = [Para(text=said)]
    for nth, (name, units) in enumerate(kinds[:MOST_KINDS], 1):
        worst = [names[unit_id] for unit_id, _ in sorted(units.items(), key=lambda pair: (-pair[1], pair[0]))]
        listed = "、".join(worst[:NAMED])
        tail = (
            f"等{len(worst)}个单位存在此类问题" if len(worst) > NAMED else f"{len(worst)}个单位存在此类问题"
        )
        blocks.append(
            Para(text=f"（{chinese_number(nth)}）{name}。共{sum(units.values())}个问题，{listed}{tail}。")
        )
    blocks.append(
        Bars(
            caption="突出问题涉及单位数", names=tuple(name for name, _ in kinds[:MOST_KINDS]),
            series=(("单位数", tuple(float(len(units)) for _, units in kinds[:MOST_KINDS])),),
        )
    )  # fmt: skip
    return blocks


def named_grid(
    facts: BulletinFacts, kinds: Sequence[tuple[str, Counter[str]]], rows: Sequence[LedgerRow]
) -> Grid:
    return Grid(
        heads=("序号", "单位", "网站或账号", "问题"), rows=tuple(named_rows(facts, kinds, rows)), widths=(14.0, 34.0, 44.0, 64.0)
    )  # fmt: skip


def named_rows(
    facts: BulletinFacts, kinds: Sequence[tuple[str, Counter[str]]], rows: Sequence[LedgerRow]
) -> list[tuple[str, ...]]:
    names = {one.unit_id: one for one in facts.placed}
    worst = {name for name, _ in kinds[:MOST_KINDS]}
    units: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.major or row.name in worst:
            units[row.unit_id][row.name] += 1
    return [
        (
            str(nth), names[unit_id].unit if unit_id in names else unit_id, names[unit_id].site if unit_id in names else "",
            "；".join(f"{name}（{count}个）" for name, count in found.most_common()),
        )
        for nth, (unit_id, found) in enumerate(units.items(), 1)
    ]  # fmt: skip
