"""The commands of rectification and of the year: notice, ledger, bulletin, campaign, period."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from desk import campaign, caseload, clock, periods, rectification
from desk.caseload import Caseload
from desk.cli import EXIT_BAD_INPUT, EXIT_DONE, ChineseDate, command, main_group
from desk.decisions import Refused
from desk.installation import Installation
from desk.life import Life
from desk.next_steps import next_step
from desk.noticing import issue_notices, issue_recheck_results, ledger_of
from desk.papers.issuing import WORDS, check_paper, folder_of, name_of, write_draft, write_out
from desk.papers.text import PaperText
from dossier.errors import BadInput, Problem
from dossier.store import Store, open_store
from dossier.store.issued import IssuedPaper, issued_paper, issued_papers
from dossier.store.users import Account, Role

PLACE = "cli"
PDF = click.option("--pdf", is_flag=True, help="有浏览器时另出 PDF")
YEAR = click.option("--year", type=int, metavar="年", help="哪一年度；默认是检查日期所在的年度")


@main_group.group("notice")
def notice() -> None:
    """整改：发整改通知书和复查结果，延期、销号、重新打开。"""


@command("issue", group=notice, short_help="对已确认的问题发整改通知书")
@click.option("--days", type=int, default=0, metavar="天数", help="整改期限（工作日）；默认用工作台的设置")
@click.option("--again", is_flag=True, help="连复查未整改、逾期的问题也再次责令整改")
@click.option("--contact", default="", metavar="文字", help="写在通知书上的联系人和电话")
@PDF
def issue(installation: Installation, days: int, again: bool, contact: str, pdf: bool) -> int:
    """给每个有已确认问题的单位发一份整改通知书：编号、固定存档、写出文件，并在期限届满次日自动安排复查。"""
    with _opened(installation) as (kept, load):
        papers = issue_notices(
            installation, kept, load, who=_me(), at=clock.now(), units=installation.only, days=days, again=again,
            contact=contact, place=PLACE,
        )  # fmt: skip
        term = days or rectification.rectify_days(kept)
        if not rectification.deadline(installation.calendar, load.today, term).known:
            click.echo(
                "注意：期限涉及的年度放假安排尚未公布，期限只按双休日推算，请在 tables/calendar.toml 补充。",
                err=True,
            )
        _write(installation, kept, papers, pdf)
    if not papers:
        click.echo("没有需要通知的问题（只有考核人员确认并已生效、尚未通知的问题才会发通知）。")
    return EXIT_DONE


@command("results", group=notice, short_help="发复查结果通知")
@click.option("--since", type=ChineseDate(), metavar="年-月-日", help="只写这一天以来复查的")
@PDF
def results(installation: Installation, since: datetime | None, pdf: bool) -> int:
    """给每个复查过的单位发一份复查结果表。"""
    first = datetime(since.year, since.month, since.day, tzinfo=clock.BEIJING) if since else None
    with _opened(installation) as (kept, load):
        papers = issue_recheck_results(
            installation,
            kept,
            load,
            who=_me(),
            at=clock.now(),
            units=installation.only,
            since=first,
            place=PLACE,
        )
        _write(installation, kept, papers, pdf)
    if not papers:
        click.echo("没有复查过的问题。请先运行 gongkai recheck。")
    return EXIT_DONE


@command("list", group=notice, short_help="列出已发的文书和各问题的整改状态")
@click.option("--overdue", is_flag=True, help="只列逾期的问题，附下一步")
def list_notices(installation: Installation, overdue: bool) -> int:
    """列出已发的文书，以及整改状态的汇总。"""
    with _opened(installation) as (kept, load):
        known = rectification.lives(kept, load, installation.calendar)
        late = rectification.overdue(load, known)
        for case, life in late:
            step = next_step(life)
            click.echo(
                f"逾期 {case.number} {case.unit.short_name}（期限 {life.due}）：{step.words}，{step.command}"
            )
        if overdue:
            click.echo(f"共 {len(late)} 个问题逾期。")
            return EXIT_DONE
        for paper in issued_papers(kept):
            due = f"，期限 {paper.due}" if paper.due else ""
            click.echo(f"{paper.number} {paper.unit_id or '全省'} {paper.day}{due}（{name_of(paper)}）")
        counts = Counter(life.status.value for life in known.values())
        click.echo(
            "整改状态：" + "，".join(f"{word} {count}" for word, count in sorted(counts.items())) + "。"
        )
    return EXIT_DONE


@command("show", group=notice, short_help="把一份已发的文书按发出时的原样写出来")
@click.argument("number", metavar="编号")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="目录", help="写到哪里")
@PDF
def show(installation: Installation, number: str, out: Path | None, pdf: bool) -> int:
    """把一份已发的文书（如 整改通知〔2020〕第1号）的原件写出来。"""
    with open_store(installation.home.database) as kept:
        paper = issued_paper(kept, number)
        if paper is None:
            raise BadInput([Problem("notice", f"没有文书“{number}”", "用 gongkai notice list 查看编号")])
        for path in write_out(kept, paper, out or folder_of(installation), pdf=pdf):
            click.echo(str(path))
    return EXIT_DONE


@command("verify", group=notice, short_help="核对已发文书的存档，并按原内容重排比对")
def verify(installation: Installation) -> int:
    """逐份核对：存档与摘要相符，按存档的内容重排出来的文件与发出时逐字节相同。"""
    with open_store(installation.home.database) as kept:
        papers = issued_papers(kept)
        wrong = [line for paper in papers for line in check_paper(kept, paper)]
    for line in wrong:
        click.echo(line)
    click.echo(f"共核对 {len(papers)} 份文书，{len(wrong)} 处不符。")
    return EXIT_BAD_INPUT if wrong else EXIT_DONE


@command("close", group=notice, short_help="销号")
@click.argument("numbers", nargs=-1, required=True, metavar="问题编号…")
@click.option("--reason", default="", metavar="文字", help="人工核实的情况；复查为“已整改”的可以不写")
def close(installation: Installation, numbers: tuple[str, ...], reason: str) -> int:
    """把已整改的问题销号。复查不是“已整改”的（无法核验、页面移动、单位已报），要写明人工核实的情况。"""
    with _opened(installation) as (kept, load):
        known = _lives(installation, kept, load, numbers)
        with kept.writing():
            for number in numbers:
                rectification.close(
                    kept, known[number], reason=reason, who=_me(), at=clock.now(), place=PLACE
                )
    click.echo(f"已销号 {len(numbers)} 个问题。")
    return EXIT_DONE


@command("reopen", group=notice, short_help="把销号的问题重新打开")
@click.argument("number", metavar="问题编号")
@click.option("--reason", required=True, metavar="文字", help="理由")
def reopen(installation: Installation, number: str, reason: str) -> int:
    """把一个已销号的问题重新打开，历史都保留；重新打开后须再经确认才会再次通知。"""
    with _opened(installation) as (kept, load):
        life = _lives(installation, kept, load, (number,))[number]
        rectification.reopen(kept, life, reason=reason, who=_me(), at=clock.now(), place=PLACE)
    click.echo(f"{number} 已重新打开。")
    return EXIT_DONE


@command("extend", group=notice, short_help="延长整改期限")
@click.argument("number", metavar="问题编号")
@click.option("--until", type=ChineseDate(), required=True, metavar="年-月-日", help="延到哪一天")
@click.option("--reason", required=True, metavar="文字", help="理由")
def extend(installation: Installation, number: str, until: datetime, reason: str) -> int:
    """延长一个问题的整改期限。"""
    with _opened(installation) as (kept, load):
        life = _lives(installation, kept, load, (number,))[number]
        rectification.extend(
            kept, life, until, reason=reason, who=_me(), at=clock.now(), today=load.today, place=PLACE
        )
    click.echo(f"{number} 的整改期限已延至 {until}。")
    return EXIT_DONE


@command("ledger", short_help="问题台账（XLSX）")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="写到哪个 xlsx 文件"
)
def ledger(installation: Installation, out: Path | None) -> int:
    """写出已确认问题的台账：真实台账的各列，单位填写栏可改，其余锁定。"""
    from desk.papers.book import book_bytes

    with _opened(installation) as (kept, load):
        table, count = ledger_of(installation, kept, load, units=installation.only)
        text = PaperText(
            kind="ledger",
            template="ledger-1",
            title=(table.title,),
            made=clock.now(),
            blocks=(),
            tables=(table,),
        )
        path = out or folder_of(installation) / f"ledger-{load.today}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(book_bytes(text))
    click.echo(f"台账共 {count} 个问题，已写到 {path}。")
    return EXIT_DONE


@command("bulletin", short_help="全省通报稿")
@click.option(
    "--quarter", type=click.IntRange(1, 4), metavar="季度", help="第几季度；默认是检查日期所在的季度"
)
@click.option("--whole-year", is_flag=True, help="写全年的")
@click.option(
    "--highlights",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="文件",
    help="“主要做法和成效”的文字，一行一段（UTF-8）",
)
@click.option("--issue", "issuing", is_flag=True, help="编号发出并固定存档；不写时只出稿")
@YEAR
@PDF
def bulletin(
    installation: Installation,
    quarter: int | None,
    whole_year: bool,
    highlights: Path | None,
    issuing: bool,
    year: int | None,
    pdf: bool,
) -> int:
    """写一份通报稿：总体情况、主要做法、存在问题（按类归并并点名）、整改进度，附得分排名等三个附件。"""
    day = installation.as_of
    chosen = year or day.year
    month = 3 * quarter if quarter else (day.month if chosen == day.year else 12)
    period = (
        periods.year_of(chosen)
        if whole_year
        else periods.quarter_of(day.replace(year=chosen, month=month, day=1))
    )
    lines = [line.strip() for line in highlights.read_text("utf-8").splitlines()] if highlights else []
    with _opened(installation) as (kept, load):
        said = [line for line in lines if line]
        if issuing:
            paper = periods.issue_bulletin(
                installation, kept, load, period, who=_me(), at=clock.now(), highlights=said, place=PLACE
            )
            _write(installation, kept, (paper,), pdf)
            return EXIT_DONE
        text = periods.bulletin_of(
            installation, kept, load, period, day=load.today, made=clock.now(), highlights=said
        )
        for path in write_draft(text, folder_of(installation) / f"bulletin-draft-{load.today}"):
            click.echo(str(path))
    return EXIT_DONE


@main_group.group("campaign")
def campaign_group() -> None:
    """年度考核：考核通知、应报材料、报送登记与回执、亮点登记。"""


@command("announce", group=campaign_group, short_help="发考核通知（至少提前15天）")
@click.option("--begins", type=ChineseDate(), required=True, metavar="年-月-日", help="考核从哪天开始")
@click.option("--due", type=ChineseDate(), metavar="年-月-日", help="材料报送截止日；默认考核开始前一天")
@YEAR
@PDF
def announce(
    installation: Installation, begins: datetime, due: datetime | None, year: int | None, pdf: bool
) -> int:
    """发一份考核通知，附考核对象名单和应报材料清单（tables/owed.toml）。"""
    with open_store(installation.home.database) as kept, _chinese("campaign"):
        paper = campaign.announce(
            installation, kept, year=year or installation.as_of.year, begins=begins, due=due, day=installation.as_of,
            who=_me(), at=clock.now(), place=PLACE,
        )  # fmt: skip
        _write(installation, kept, (paper,), pdf)
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
    with open_store(installation.home.database) as kept, _chinese("campaign"):
        paper = campaign.deliver(
            installation, kept, year=year or installation.as_of.year, unit_id=unit_id, item=item, file=file,
            day=installation.as_of, who=_me(), at=clock.now(), place=PLACE,
        )  # fmt: skip
        _write(installation, kept, (paper,), pdf)
    return EXIT_DONE


@command("waive", group=campaign_group, short_help="免报一项材料")
@click.argument("unit_id", metavar="单位")
@click.argument("item", metavar="材料")
@click.option("--reason", required=True, metavar="文字", help="理由")
@YEAR
def waive(installation: Installation, unit_id: str, item: str, reason: str, year: int | None) -> int:
    """免去一个单位的一项应报材料，写明理由。"""
    with open_store(installation.home.database) as kept, _chinese("campaign"):
        campaign.waive(
            installation, kept, year=year or installation.as_of.year, unit_id=unit_id, item=item, reason=reason,
            day=installation.as_of, who=_me(), at=clock.now(), place=PLACE,
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
    with open_store(installation.home.database) as kept, _chinese("campaign"):
        medium = campaign.claim_highlight(
            installation, kept, year=year or installation.as_of.year, unit_id=unit_id, url=url, words=title,
            day=installation.as_of, who=_me(), at=clock.now(), place=PLACE,
        )  # fmt: skip
    known = f"网址属于{medium}" if medium else "网址不属于附件4第九项所列的媒体，请人工核对"
    click.echo(f"已登记：{known}。")
    return EXIT_DONE


@main_group.group("period")
def period_group() -> None:
    """考核年度：结账、比较、结果呈报。"""


@command("close", group=period_group, short_help="年度结账：固定全部评分表")
@click.argument("year", type=int, metavar="年")
@click.option("--reason", default="", metavar="文字", help="有未尽事项仍要结账的理由")
def close_period(installation: Installation, year: int, reason: str) -> int:
    """把一个年度还没有结账的评分表全部结账；有未处理的问题或未录入的线下指标时，要写明理由。"""
    with _opened(installation) as (kept, load):
        closed = periods.close_year(
            installation, kept, load, year, who=_me(), at=clock.now(), reason=reason, place=PLACE
        )
    click.echo(f"{year} 年度已结账 {len(closed)} 个单位。")
    return EXIT_DONE


@command("compare", group=period_group, short_help="与上年度、上期通报比较")
def compare(installation: Installation) -> int:
    """列出各单位现在的得分与上年度结账得分、上期通报得分之差。"""
    with _opened(installation) as (kept, load):
        sheets = periods.year_sheets(installation, kept, load)
        now = {unit: sheet.shown.score for unit, sheet in sheets.items()}
        year = max((sheet.final.year for sheet in sheets.values()), default=load.today.year)
        last_year = periods.closed_scores(kept, year - 1)
        named, last = periods.last_bulletin(kept, periods.quarter_of(load.today))
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
    with _opened(installation) as (kept, load):
        if issuing:
            paper = periods.issue_result(
                installation, kept, load, year, who=_me(), at=clock.now(), place=PLACE
            )
            _write(installation, kept, (paper,), pdf)
            return EXIT_DONE
        text = periods.result_of(installation, kept, load, year, day=load.today, made=clock.now())
        for path in write_draft(text, folder_of(installation) / f"result-draft-{year}"):
            click.echo(str(path))
    return EXIT_DONE


@contextmanager
def _opened(installation: Installation) -> Iterator[tuple[Store, Caseload]]:
    """The database and what stands, over the whole list; what the desk refuses is wrong input here."""
    whole = Installation(installation.home, installation.as_of, (), installation.overrides)
    with open_store(whole.home.database) as kept, _chinese("notice"):
        rectification.check_scored(kept)
        yield kept, caseload.load(whole, kept, whole.as_of)


@contextmanager
def _chinese(name: str) -> Iterator[None]:
    try:
        yield
    except Refused as error:
        what, _, mend = str(error).partition("。")
        raise BadInput([Problem(name, what, mend.rstrip("。") or "请改正后再试")]) from error


def _lives(
    installation: Installation, kept: Store, load: Caseload, numbers: tuple[str, ...]
) -> dict[str, Life]:
    known = rectification.lives(kept, load, installation.calendar, numbers)
    for number in numbers:
        if number not in known:
            raise Refused(f"没有问题“{number}”。请核对问题编号。")
    return known


def _write(installation: Installation, kept: Store, papers: tuple[IssuedPaper, ...], pdf: bool) -> None:
    for paper in papers:
        files = write_out(kept, paper, folder_of(installation), pdf=pdf)
        kind = WORDS.get(paper.kind, paper.kind)
        due = f"，期限 {paper.due}" if paper.due else ""
        click.echo(f"{kind} {paper.number} {paper.unit_id or '全省'}{due}：{files[0]}")


def _me() -> Account:
    """Whoever sits at the command line of the machine that holds the data may do everything."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "命令行"
    return Account(name=name, role=Role.ADMIN, password="", created=clock.now())
