"""The commands of the year: campaign and period."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click

from desk import campaign, clock, highlights, period_papers, periods
from desk.cli import EXIT_DONE, ChineseDate, command, main_group
from desk.commands_rectify import PDF, PLACE, YEAR, myself, opened, refusing, tell
from desk.installation import Installation
from desk.papers.issuing import folder_of, write_draft
from dossier.store import open_store


@main_group.group("campaign")
def campaign_group() -> None:
    """年度考核：考核通知、应报材料、报送登记与回执、亮点登记。"""


@command("announce", group=campaign_group, short_help="发考核通知（至少提前15天）")
@click.option("--begins", type=ChineseDate(), required=True, metavar="年-月-日", help="考核从哪天开始")
@click.option("--due", type=ChineseDate(), metavar="年-月-日", help="材料报送截止日；默认考核开始前一天")
@YEAR
@PDF
def announce(installation: Installation, begins: date, due: date | None, year: int | None, pdf: bool) -> int:
    """发一份考核通知，附考核对象名单和应报材料清单（tables/owed.toml）。"""
    with open_store(installation.home.database) as kept, refusing("campaign"):
        paper = campaign.announce(
            installation, kept, year=year or installation.as_of.year, begins=begins, due=due, day=installation.as_of,
            who=myself(), at=clock.now(), place=PLACE,
        )  # fmt: skip
        tell(installation, kept, (paper,), pdf)
    return EXIT_DONE


@command("status", group=campaign_group, short_help="谁报了什么，谁逾期")
@click.option("--missing", is_flag=True, help="只列还没有报的")
@YEAR
def status(installation: Installation, missing: bool, year: int | None) -> int:
    """列出每个单位应报、已报、逾期的材料。"""
    with open_store(installation.home.database) as kept:
        found = campaign.status_of(
            installation, kept, year=year or installation.as_of.year, today=installation.as_of
        )
    for one in found:
        if not missing or one.word in ("未报送", "逾期未报"):
            given = f"（{one.given.day}）" if one.given else ""
            click.echo(f"{one.unit.unit_id} {one.unit.short_name} {one.owed.name}：{one.word}{given}")
    counts = Counter(one.word for one in found)
    click.echo("合计：" + "，".join(f"{word} {count}" for word, count in sorted(counts.items())) + "。")
    return EXIT_DONE


@command("deliver", group=campaign_group, short_help="登记一个单位报送的材料，并出回执")
@click.argument("unit_id", metavar="单位")
@click.argument("item", metavar="材料")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
@YEAR
@PDF
def deliver(
    installation: Installation, unit_id: str, item: str, file: Path, year: int | None, pdf: bool
) -> int:
    """校验并登记一份材料（自查报告 self-report、公文清单 documents 等，见 campaign status），写出回执。"""
    with open_store(installation.home.database) as kept, refusing("campaign"):
        paper = campaign.deliver(
            installation, kept, year=year or installation.as_of.year, unit_id=unit_id, item=item, file=file,
            day=installation.as_of, who=myself(), at=clock.now(), place=PLACE,
        )  # fmt: skip
        tell(installation, kept, (paper,), pdf)
    return EXIT_DONE


@command("waive", group=campaign_group, short_help="免报一项材料")
@click.argument("unit_id", metavar="单位")
@click.argument("item", metavar="材料")
@click.option("--reason", required=True, metavar="文字", help="理由")
@YEAR
def waive(installation: Installation, unit_id: str, item: str, reason: str, year: int | None) -> int:
    """免去一个单位的一项应报材料，写明理由。"""
    with open_store(installation.home.database) as kept, refusing("campaign"):
        campaign.waive(
            installation, kept, year=year or installation.as_of.year, unit_id=unit_id, item=item, reason=reason,
            day=installation.as_of, who=myself(), at=clock.now(), place=PLACE,
        )  # fmt: skip
    click.echo(f"{unit_id} 的“{item}”已登记为免报。")
    return EXIT_DONE


@command("highlight", group=campaign_group, short_help="登记单位申报的亮点报道")
@click.argument("unit_id", metavar="单位")
@click.argument("url", metavar="网址")
@click.argument("title", metavar="标题")
@YEAR
def highlight(installation: Installation, unit_id: str, url: str, title: str, year: int | None) -> int:
    """登记一条亮点报道（人民日报、新华社、中央电视台、中国政府网），供考核人员核对。"""
    with open_store(installation.home.database) as kept, refusing("campaign"):
        medium = highlights.claim_highlight(
            installation, kept, year=year or installation.as_of.year, unit_id=unit_id, url=url, words=title,
            day=installation.as_of, who=myself(), at=clock.now(), place=PLACE,
        )  # fmt: skip
    known = f"网址属于{medium}" if medium else "网址不属于附件4第九项所列的媒体，请人工核对"
    click.echo(f"已登记：{known}。")
    return EXIT_DONE


@command("check-highlights", group=campaign_group, short_help="抓取并核对申报的亮点报道")
@YEAR
def check_highlights(installation: Installation, year: int | None) -> int:
    """把申报的亮点报道抓取存档，写明看到了什么（主机、日期、是否提到单位）；是否认定由考核人员决定。

    链接打不开、被拦截的照实写明，机器不作判断。
    """
    chosen = year or installation.as_of.year
    units = {unit.unit_id: unit for unit in installation.units}
    with open_store(installation.home.database) as kept, refusing("campaign"):
        wanted = [one for one in highlights.claims_of(kept, chosen) if one.unit_id in units]
        highlights.look_at(installation, kept, wanted)
        looked = {one.number: one for one in highlights.claims_of(kept, chosen)}
    for one in wanted:
        click.echo(f"{one.unit_id} 《{one.title}》{one.url}")
        for _, line in highlights.shown(looked[one.number], chosen, units[one.unit_id]):
            click.echo(f"  {line}")
    click.echo(f"共核对 {len(wanted)} 条亮点报道。")
    return EXIT_DONE


@main_group.group("period")
def period_group() -> None:
    """考核年度：结账、比较、结果呈报。"""


@command("close", group=period_group, short_help="年度结账：固定全部评分表")
@click.argument("year", type=int, metavar="年")
@click.option("--reason", default="", metavar="文字", help="有未尽事项仍要结账的理由")
def close_period(installation: Installation, year: int, reason: str) -> int:
    """把一个年度还没有结账的评分表全部结账；有未处理的问题或未录入的线下指标时，要写明理由。"""
    with opened(installation) as (kept, load):
        closed = periods.close_year(
            installation, kept, load, year, who=myself(), at=clock.now(), reason=reason, place=PLACE
        )
    click.echo(f"{year} 年度已结账 {len(closed)} 个单位。")
    return EXIT_DONE


@command("compare", group=period_group, short_help="与上年度、上期通报比较")
def compare(installation: Installation) -> int:
    """列出各单位现在的得分与上年度结账得分、上期通报得分之差。"""
    with opened(installation) as (kept, load):
        sheets = periods.year_sheets(installation, kept, load)
        now = {unit: sheet.shown.score for unit, sheet in sheets.items()}
        year = max((sheet.final.year for sheet in sheets.values()), default=load.today.year)
        last_year = periods.closed_scores(kept, year - 1)
        named, last = period_papers.last_bulletin(kept, periods.quarter_of(load.today))
    for one, quarter in zip(periods.compare(now, last_year), periods.compare(now, last), strict=True):
        years = f"较上年 {one.moved:+}" if one.moved is not None else "上年没有结账"
        parts = f"较{named} {quarter.moved:+}" if quarter.moved is not None else "没有上期通报"
        click.echo(
            f"{one.unit_id} {load.papers[one.unit_id].standing.unit.short_name}：{one.now} 分，{years}，{parts}"
        )
    return EXIT_DONE


@command("result", group=period_group, short_help="年度考核结果呈报表")
@click.argument("year", type=int, metavar="年")
@click.option("--issue", "issuing", is_flag=True, help="编号发出并固定存档；不写时只出稿")
@PDF
def result(installation: Installation, year: int, issuing: bool, pdf: bool) -> int:
    """写出年度考核结果呈报表（含初步等次建议），供审定并报省考核办。"""
    with opened(installation) as (kept, load):
        if issuing:
            paper = period_papers.issue_result(
                installation, kept, load, year, who=myself(), at=clock.now(), place=PLACE
            )
            tell(installation, kept, (paper,), pdf)
            return EXIT_DONE
        text = period_papers.result_of(installation, kept, load, year, day=load.today, made=clock.now())
        for path in write_draft(text, folder_of(installation) / f"result-draft-{year}"):
            click.echo(str(path))
    return EXIT_DONE
