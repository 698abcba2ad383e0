"""How far the mending has come, unit by unit; the groups of every line add up to what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.life import Life, Status
from desk.papers.bulletin_facts import BulletinFacts, Placed
from desk.papers.text import Block, Para
from desk.reports.wording import chinese_date

MOST_NAMED = 5
PROGRESS = ("应整改", "已销号", "已整改", "整改中", "申诉中", "无法核验", "未整改", "其中逾期", "整改率")


_GROUP = {
    Status.CLOSED: "已销号", Status.FIXED: "已整改", Status.NOT_FIXED: "未整改", Status.OVERDUE: "未整改",
    Status.UNSEEN: "无法核验", Status.MOVED: "无法核验", Status.APPEALED: "申诉中",
}  # fmt: skip


def progress_rows(placed: Sequence[Placed], known: Mapping[str, Life]) -> list[tuple[str, dict[str, int]]]:
    """Unit → how its notified deficiencies stand; a unit to which nothing was said is left out. Groups add up."""
    found: dict[str, dict[str, int]] = {}
    for life in known.values():
        if not life.notice and life.status is not Status.CLOSED:
            continue
        unit = life.number.partition("-")[0]
        counts = found.setdefault(unit, dict.fromkeys(PROGRESS[:-1], 0))
        counts["应整改"] += 1
        counts[_GROUP.get(life.status, "整改中")] += 1
        counts["其中逾期"] += life.status is Status.OVERDUE
    return [(one.unit_id, found[one.unit_id]) for one in placed if one.unit_id in found]


def progress_said(facts: BulletinFacts, progress: Sequence[tuple[str, dict[str, int]]]) -> list[Block]:
    if not progress:
        return []
    total = _total(progress)
    late = [unit for unit, counts in progress if counts["其中逾期"]]
    names = {one.unit_id: one.unit for one in facts.placed}
    said = (
        f"截至{chinese_date(facts.day)}，已通知限期整改的问题{total['应整改']}个，其中已销号{total['已销号']}个，"
        f"复查已整改待销号{total['已整改']}个，整改率{_rate(total)}。"
    )
    if late:
        said += f"{'、'.join(names[unit] for unit in late[:MOST_NAMED])}{'等' if len(late) > MOST_NAMED else ''}{len(late)}个单位有问题逾期未整改。"
    if facts.repeats:
        count = sum(facts.repeats.values())
        said += f"已销号的问题重新出现{count}个，涉及{len(facts.repeats)}个单位。"
    return [Para(text=said)]


def _total(progress: Sequence[tuple[str, dict[str, int]]]) -> dict[str, int]:
    return {name: sum(counts[name] for _, counts in progress) for name in PROGRESS[:-1]}


def _rate(counts: Mapping[str, int]) -> str:
    done = counts["已销号"] + counts["已整改"]
    return f"{100 * done / counts['应整改']:.1f}%" if counts["应整改"] else "—"


def progress_shown(
    facts: BulletinFacts, progress: Sequence[tuple[str, dict[str, int]]]
) -> tuple[tuple[str, ...], ...]:
    names = {one.unit_id: one.unit for one in facts.placed}
    rows = [
        (
            str(nth), names[unit], *(str(counts[name]) for name in PROGRESS[:-1]), _rate(counts),
            str(facts.repeats.get(unit, 0)),
        )
        for nth, (unit, counts) in enumerate(progress, 1)
    ]  # fmt: skip
    total = _total(progress)
    rows.append(
        (
            "",
            "合计",
            *(str(total[name]) for name in PROGRESS[:-1]),
            _rate(total),
            str(sum(facts.repeats.values())),
        )
    )
    return tuple(rows)
