"""情况专报: one page for the leadership, of what was seen, what is wrong most, how far the mending is, what needs a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from desk.life import Life
from desk.papers.bulletin_facts import BulletinFacts, Placed
from desk.papers.bulletin_problems import kinds_of
from desk.papers.bulletin_progress import progress_rows
from desk.papers.ledger import LedgerRow
from desk.papers.text import PaperText, Para, Sign
from desk.reports.wording import chinese_date, chinese_number, fixed, points
from dossier.model import UnitClass

TEMPLATE = "brief-1"
NAMED = 3
SHORT = {UnitClass.A: "A类", UnitClass.B: "B类"}


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What people still have to say."""

    open: int
    """Findings that nobody has decided."""
    appeals: int


def brief_text(
    facts: BulletinFacts, rows: Sequence[LedgerRow], known: Mapping[str, Life], waiting: Waiting
) -> PaperText:
    """The page. Figures only of what people have confirmed; what nobody decided is counted apart. A page holds
    22 lines of 28 characters."""
    seen = [one for one in facts.placed if one.inspected]
    said = (
        ("检查情况", _seen(facts, seen, waiting)), ("得分情况", _scores(facts, seen)), ("突出问题", _problems(rows)),
        ("整改进度", _progress(facts, known)),
    )  # fmt: skip
    blocks = [
        Para(text=f"（{chinese_number(nth)}）{name}。{text}") for nth, (name, text) in enumerate(said, 1)
    ]
    return PaperText(
        kind="brief", template=TEMPLATE, title=("政务公开网上检查情况专报",), made=facts.made, blocks=(*blocks, Sign(office=facts.office, day=facts.day))
    )  # fmt: skip


def _seen(facts: BulletinFacts, seen: Sequence[Placed], waiting: Waiting) -> str:
    said = f"截至{chinese_date(facts.day)}，应检查{len(facts.placed)}个单位，完成{len(seen)}个"
    lost = [one.unit for one in facts.placed if not one.inspected]
    said += f"，{_named(lost)}的网站未能检测。" if lost else "。"
    if waiting.open:
        said += f"机器发现的问题还有{waiting.open}个待处理，不计入下列数字。"
    return said + (f"单位申诉{waiting.appeals}件待答复。" if waiting.appeals else "")


def _scores(facts: BulletinFacts, seen: Sequence[Placed]) -> str:
    parts = []
    for group in UnitClass:
        own = [one for one in seen if one.unit_class is group]
        if own:
            mean = sum((one.score for one in own), Decimal(0)) / len(own)
            best, worst = max(one.score for one in own), min(one.score for one in own)
            parts.append(
                f"{SHORT[group]}{len(own)}个单位平均{fixed(mean)}分，最高{points(best)}分（{_at(own, best)}），"
                f"最低{points(worst)}分（{_at(own, worst)}）"
            )
    if not parts:
        return "还没有可以评分的单位。"
    said = "；".join(parts) + "。"
    if any(not one.closed for one in seen):
        said += f"以上为建议得分，以审定结果为准{'；评分表为暂定，非官方' if facts.assumed else ''}。"
    return said


def _at(own: Sequence[Placed], score: Decimal) -> str:
    """Who has that score."""
    units = [one.unit for one in own if one.score == score]
    return units[0] if len(units) == 1 else f"{units[0]}等{len(units)}个单位"


def _problems(rows: Sequence[LedgerRow]) -> str:
    if not rows:
        return "还没有经考核人员确认的问题。"
    units = {row.unit_id for row in rows}
    said = f"已确认问题{len(rows)}个，涉及{len(units)}个单位"
    majors = [row for row in rows if row.major]
    if majors:
        said += (
            f"，其中重大扣分项{len(majors)}个（{_named(list(dict.fromkeys(row.unit for row in majors)))}）"
        )
    listed = "、".join(f"{name}（{sum(found.values())}个）" for name, found in kinds_of(rows)[:NAMED])
    return f"{said}。最多的是{listed}。"


def _progress(facts: BulletinFacts, known: Mapping[str, Life]) -> str:
    counts = [one for _, one in progress_rows(facts.placed, known)]
    if not counts:
        return "还没有发出整改通知。"
    asked = sum(one["应整改"] for one in counts)
    done = sum(one["已销号"] + one["已整改"] for one in counts)
    names = {one.unit_id: one.unit for one in facts.placed}
    late = [names[unit] for unit, one in progress_rows(facts.placed, known) if one["其中逾期"]]
    said = f"已通知限期整改{asked}个，整改到位{done}个，整改率{100 * done / asked:.1f}%"
    said += f"；{_named(late)}逾期未整改。" if late else "。"
    if facts.repeats:
        said += f"销号后又出现{sum(facts.repeats.values())}个。"
    return said


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f"等{len(names)}个单位" if len(names) > NAMED else "")
