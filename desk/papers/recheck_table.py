"""复查结果表: what was seen at the recheck, before and after beside each other, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from desk.caseload import Case
from desk.life import Life, Status
from desk.papers.ledger import RESULT_WORDS
from desk.papers.text import Block, Grid, Pair, PaperText, Para, Sign, Table, Turn, annex
from desk.reports.wording import beijing, one_line, unseen_reason
from dossier.model import Unit, UnitClass
from dossier.store.rechecks import Recheck, Sighting

TEMPLATE = "recheck-3"
HEADS = (
    "问题编号",
    "首次发现",
    "整改期限",
    "单位说明",
    "复查时间",
    "复查结论",
    "复查证据",
    "前后对比",
    "后续",
)
KINDS = ("name", "day", "day", "text", "text", "text", "link", "text", "text")
WIDTHS = (31.0, 23.0, 23.0, 26.0, 23.0, 17.0, 25.0, 39.0, 18.0)


_THEN = {
    "fixed": "予以销号", "not_fixed": "抓紧整改并报告", "unseen": "说明情况，另行复查", "moved": "报告现在的网址",
}  # fmt: skip


class LookRow(msgspec.Struct, frozen=True, kw_only=True):
    """One deficiency that was looked at again."""

    number: str
    found: date
    due: date | None
    told: str
    at: datetime
    result: str
    url: str
    compared: str
    then: str


def look_rows(pairs: Sequence[tuple[Case, Life]]) -> tuple[LookRow, ...]:
    """The lines of those that were rechecked in this round."""
    rows = []
    for case, life in pairs:
        if life.look is None:
            continue
        look = life.look
        before, after = telling(look)
        shown = after or before
        rows.append(
            LookRow(
                number=case.number, found=case.deficiency.first_at, due=life.due,
                told=one_line(life.explained.reason, 120) if life.explained else "未报告", at=look.at,
                result=RESULT_WORDS[look.result.value], url=shown.url if shown else case.deficiency.outcome.page_url,
                compared=_compared(look),
                then="已销号" if life.status is Status.CLOSED else _THEN[look.result.value],
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: one.number))


def recheck_text(
    of: Unit,
    rows: Sequence[LookRow],
    *,
    number: str,
    office: str,
    day: date,
    made: datetime,
    shown: Sequence[Pair] = (),
    contact: str = "",
) -> PaperText:
    """The paper for one unit."""
    unit, you = of.full_name, "你市" if of.unit_class is UnitClass.A else "你单位"
    counts = {word: sum(row.result == word for row in rows) for word in RESULT_WORDS.values()}
    summed = "，".join(f"{word}{count}个" for word, count in counts.items())
    lines = tuple(
        (
            row.number, row.found.isoformat(), row.due.isoformat() if row.due else "—", row.told, beijing(row.at)[:16].replace(" ", "\n"),
            row.result, row.url, row.compared, row.then,
        )
        for row in rows
    )  # fmt: skip
    blocks: list[Block] = [
        Para(text=f"{unit}：", kind="to"),
        Para(text=f"我办对{you}整改情况进行了复查，共复查问题{len(rows)}个：{summed}。现将复查结果告知如下（见附件）。"),
        Para(
            text="“无法核验”是指复查时未能看到有关页面，“页面移动”是指原页面已不在原处，两者都不作为已整改，"
            "也不作为未整改，请补充说明页面现在的地址。未整改的，请抓紧整改并及时报告。"
        ),
        *_annexes(bool(shown)),
        Sign(office=office, day=day),
    ]  # fmt: skip
    if contact:
        blocks.append(Para(text=f"（联系人及电话：{contact}）", kind="contact"))
    blocks += [Turn(landscape=True), *annex("附件1" if shown else "附件", f"{unit}复查结果表")]
    blocks.append(Grid(heads=HEADS, rows=lines, widths=WIDTHS, links=(6,)))
    if shown:
        blocks += [Turn(landscape=True), *annex("附件2", "整改前后页面对照"), *shown]
    table = Table(
        name="复查结果", title=f"{unit}复查结果表", heads=HEADS, kinds=KINDS, note=f"{number}　共{len(rows)}个：{summed}。",
        rows=tuple(
            (
                row.number, row.found.isoformat(), row.due.isoformat() if row.due else "", row.told, beijing(row.at)[:16],
                row.result, row.url, row.compared, row.then,
            )
            for row in rows
        ),
    )  # fmt: skip
    return PaperText(
        kind="recheck", template=TEMPLATE, title=("关于政务公开网上检查发现问题", "复查结果的通知"), number=number, made=made,
        blocks=tuple(blocks), tables=(table,),
    )  # fmt: skip


def _annexes(pictures: bool) -> tuple[Para, ...]:
    if not pictures:
        return (Para(text="附件：复查结果表", kind="annex"),)
    return Para(text="附件：1. 复查结果表", kind="annex"), Para(text="2. 整改前后页面对照", kind="annex")


def telling(look: Recheck) -> tuple[Sighting | None, Sighting | None]:
    """Before and after of the page that tells most: one that opened both times and changed, else one that opened both
    times, else the first."""
    before = {one.url: one for one in look.before}
    both = [(before[one.url], one) for one in look.after if one.url in before]
    opened = [pair for pair in both if pair[0].reach == pair[1].reach == "ok"]
    changed = [pair for pair in opened if pair[0].sha256 != pair[1].sha256]
    for pairs in (changed, opened):
        if pairs:
            return pairs[0]
    return next(iter(look.before), None), next(iter(look.after), None)


def _compared(look: Recheck) -> str:
    """Before and after of the first page, each with time and digest."""
    before, after = telling(look)
    same = before and after and before.sha256 and before.sha256 == after.sha256
    tail = "\n页面内容前后一致" if same else ""
    return f"前：{_seen(before)}\n后：{_seen(after)}{tail}\n{one_line(look.because)}"


def _seen(one: Sighting | None) -> str:
    if one is None:
        return "未看到"
    state = "打开" if one.reach == "ok" else unseen_reason(one.reach)
    digest = f"，摘要{one.sha256[:8]}" if one.sha256 else ""
    return f"{beijing(one.at)[:16]}{state}{digest}"
