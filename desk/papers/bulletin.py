"""全省通报(稿): how the province stands, what is wrong most often and with whom, how far the mending has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from desk.life import Life
from desk.papers.bulletin_facts import BulletinFacts, Placed
from desk.papers.bulletin_problems import kinds_of, named_grid, named_rows, problems_said
from desk.papers.bulletin_progress import PROGRESS, progress_rows, progress_said, progress_shown
from desk.papers.ledger import LedgerRow
from desk.papers.text import Bars, Block, Grid, PaperText, Para, Sign, Table, Turn, annex
from desk.reports.wording import CLASSES, chinese_date, fixed, points
from dossier.model import UnitClass

TEMPLATE = "bulletin-3"
BINS = (
    (Decimal(0), "60以下"),
    (Decimal(60), "60–70"),
    (Decimal(70), "70–80"),
    (Decimal(80), "80–90"),
    (Decimal(90), "90以上"),
)


def bulletin_text(
    facts: BulletinFacts, rows: Sequence[LedgerRow], known: Mapping[str, Life], number: str = ""
) -> PaperText:
    """The draft; `number` only where it is issued."""
    ranks = {group: _rank(facts.placed, group) for group in UnitClass}
    progress = progress_rows(facts.placed, known)
    kinds = kinds_of(rows)
    blocks: list[Block] = [
        Para(text="各市人民政府，省有关单位：", kind="to"),
        Para(
            text=f"根据《{facts.last.year}年度政务公开工作考核方案》（{facts.basis}），我办组织开展了{facts.period}政务公开网上检查。"
            "现将有关情况通报如下："
        ),
        Para(text="一、总体情况", kind="head1"),
        *_overall(facts, ranks),
        Para(text="二、主要做法和成效", kind="head1"),
        *(Para(text=said) for said in facts.highlights or ("（本节由起草人填写亮点做法。）",)),
        Para(text="三、存在问题", kind="head1"),
        *problems_said(kinds, rows),
        *progress_said(facts, progress),
        Para(text="四、下一步要求", kind="head1"),
        Para(text="（一）抓好整改落实。各单位要对照问题名单逐项整改，按期报送整改情况。整改逾期的单位要说明原因，尽快整改到位。"),
        Para(text="（二）强化日常管理。要定期开展自查，及时更新栏目内容，保持链接有效，防止已经整改的问题重新出现。"),
        Para(text="（三）健全长效机制。要落实信息发布审核、政策解读和依申请公开等制度，推动政务公开工作规范有序开展。"),
        Para(text="附件：1. 得分排名表", kind="annex"),
        Para(text="2. 突出问题名单", kind="annex"),
        Para(text="3. 整改进度表", kind="annex"),
        Sign(office=facts.office, day=facts.day),
        Turn(landscape=False),
        *annex("附件1", "得分排名表"),
        *(_ranking(facts, group, ranked) for group, ranked in ranks.items() if ranked),
        Turn(landscape=False),
        *annex("附件2", "突出问题名单"),
        named_grid(facts, kinds, rows),
        Turn(landscape=True),
        *annex("附件3", "整改进度表"),
        Grid(
            heads=("序号", "单位", *PROGRESS, "重新出现"), rows=progress_shown(facts, progress),
            widths=(12.0, 42.0, *(17.0,) * 9, 18.0), right=tuple(range(2, 12)), bold=(len(progress),),
        ),
    ]  # fmt: skip
    return PaperText(
        kind="bulletin", template=TEMPLATE, title=("关于" + facts.period, "政务公开网上检查情况的通报" + ("" if number else "（稿）")),
        number=number, made=facts.made, blocks=tuple(blocks), tables=_tables(facts, ranks, kinds, rows, progress),
    )  # fmt: skip


def _rank(placed: Sequence[Placed], group: UnitClass) -> list[tuple[str, Placed]]:
    """Places of one class; equal scores share a place, what was not inspected has none."""
    own = [one for one in placed if one.unit_class is group]
    seen = sorted((one for one in own if one.inspected), key=lambda one: (-one.score, one.unit_id))
    scores = [one.score for one in seen]
    ranked = [(str(scores.index(one.score) + 1), one) for one in seen]
    return ranked + [("不排名", one) for one in own if not one.inspected]


def _overall(facts: BulletinFacts, ranks: Mapping[UnitClass, list[tuple[str, Placed]]]) -> list[Block]:
    seen = [one for one in facts.placed if one.inspected]
    counts = {group: sum(one.unit_class is group for one in facts.placed) for group in UnitClass}
    said = (
        f"检查对象为{len(facts.placed)}个单位，其中{CLASSES[UnitClass.A]}{counts[UnitClass.A]}个，"
        f"{CLASSES[UnitClass.B]}{counts[UnitClass.B]}个；检查时间为{chinese_date(facts.first)}至{chinese_date(facts.last)}；"
        "检查方式为网上检查，所列问题均经考核人员逐项核实。"
    )
    unseen = [one.unit for one in facts.placed if not one.inspected]
    if unseen:
        said += f"{'、'.join(unseen)}{len(unseen)}个单位的网站本期未能检测，不评分、不排名。"
    blocks: list[Block] = [Para(text=said)]
    for group, ranked in ranks.items():
        scores = [one.score for _, one in ranked if one.inspected]
        if scores:
            mean = sum(scores, Decimal(0)) / len(scores)
            blocks.append(
                Para(
                    text=f"{CLASSES[group]}得分最高{points(max(scores))}分，最低{points(min(scores))}分，平均{points(mean)}分。"
                )
            )
    good = [one for one in seen if one.grade != facts.last_band]
    if seen:
        rate = Decimal(100 * len(good)) / len(seen)
        line = f"合格单位{len(good)}个，合格率{rate:.1f}%。"
        both = [one for one in seen if one.unit_id in facts.before]
        if both:
            up = sum(one.score > facts.before[one.unit_id] for one in both)
            down = sum(one.score < facts.before[one.unit_id] for one in both)
            line += f"与上期（{facts.before_period}）相比，{up}个单位得分上升，{down}个下降，{len(both) - up - down}个持平。"
        else:
            line += "没有上期通报可比。"
        blocks.append(Para(text=line))
    if any(not one.closed for one in seen):
        tail = "评分依据为暂定评分表，非官方。" if facts.assumed else ""
        blocks.append(Para(text=f"评分表尚未全部结账，以上得分为建议得分，以审定结果为准。{tail}"))
    if seen:
        groups = [
            (group, [one.score for _, one in ranked if one.inspected]) for group, ranked in ranks.items()
        ]
        blocks.append(
            Bars(
                caption="得分分布（单位数）", names=tuple(name for _, name in BINS),
                series=tuple((CLASSES[group], _binned(scores)) for group, scores in groups if scores),
            )
        )  # fmt: skip
    return blocks


def _binned(scores: Sequence[Decimal]) -> tuple[float, ...]:
    counts = Counter(
        max(n for n, (least, _) in enumerate(BINS) if max(score, Decimal(0)) >= least) for score in scores
    )
    return tuple(float(counts[n]) for n in range(len(BINS)))


def _ranking(facts: BulletinFacts, group: UnitClass, ranked: Sequence[tuple[str, Placed]]) -> Grid:
    return Grid(
        caption=CLASSES[group], heads=("名次", "单位", "建议得分", "较上期", "等次建议", "备注"),
        rows=tuple(
            (
                place, one.unit, fixed(one.score) if one.inspected else "—", _moved(facts, one), one.grade if one.inspected else "",
                "已结账" if one.closed else ("" if one.inspected else "未能检测"),
            )
            for place, one in ranked
        ),
        widths=(18.0, 50.0, 24.0, 22.0, 22.0, 20.0), right=(2, 3),
    )  # fmt: skip


def _moved(facts: BulletinFacts, one: Placed) -> str:
    before = facts.before.get(one.unit_id)
    if before is None or not one.inspected:
        return "—"
    return f"{one.score - before:+.2f}"


def _tables(
    facts: BulletinFacts,
    ranks: Mapping[UnitClass, list[tuple[str, Placed]]],
    kinds: Sequence[tuple[str, Counter[str]]],
    rows: Sequence[LedgerRow],
    progress: Sequence[tuple[str, dict[str, int]]],
) -> tuple[Table, ...]:
    ranking = tuple(
        (
            group.value, place, one.unit_id, one.unit, fixed(one.score) if one.inspected else "", _moved(facts, one).replace("—", ""),
            one.grade if one.inspected else "",
        )
        for group, ranked in ranks.items() for place, one in ranked
    )  # fmt: skip
    note = f"{facts.period}，截至{chinese_date(facts.day)}。所列得分为建议得分，以审定结果为准；未能检测的单位不排名。"
    return (
        Table(
            name=RANKING, title=f"{facts.period}得分排名表", heads=("类别", "名次", "编号", "单位", "建议得分", "较上期", "等次建议"),
            kinds=("text", "whole", "text", "text", "points", "points", "text"), rows=ranking, note=note,
        ),
        Table(
            name="突出问题名单", title=f"{facts.period}突出问题名单", heads=("序号", "单位", "网站或账号", "问题"),
            kinds=("whole", "text", "text", "text"), rows=tuple(named_rows(facts, kinds, rows)), note=note,
        ),
        Table(
            name="整改进度表", title=f"{facts.period}整改进度表", heads=("序号", "单位", *PROGRESS, "重新出现"),
            kinds=("whole", "text", *("whole",) * 8, "text", "whole"), rows=progress_shown(facts, progress)[:-1],
            total=progress_shown(facts, progress)[-1], note=note,
        ),
    )  # fmt: skip


RANKING = "得分排名表"


def scores_in(text: PaperText) -> dict[str, Decimal]:
    """Unit → score, as a bulletin printed them."""
    for table in text.tables:
        if table.name == RANKING:
            return {row[2]: Decimal(row[4]) for row in table.rows if row[4]}
    return {}
