"""The commands of rectification: notice, ledger, bulletin."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from desk import caseload, clock, lives, period_papers, periods, rectification
from desk.acting import Refused
from desk.caseload import Caseload
from desk.cli import EXIT_BAD_INPUT, EXIT_DONE, ChineseDate, command, main_group
from desk.installation import Installation
from desk.life import Life
from desk.next_steps import next_step
from desk.noticing import issue_notices, issue_recheck_results, ledger_of
from desk.papers.issuing import WORDS, damage, drift, folder_of, name_of, write_draft, write_out
from desk.papers.text import PaperText
from dossier.errors import BadInput, Problem
from dossier.store import Store, open_store
from dossier.store.issued import IssuedPaper, issued_paper, issued_papers, listed_papers
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
    with opened(installation) as (kept, load):
        papers = issue_notices(
            installation, kept, load, who=myself(), at=clock.now(), units=installation.only, days=days, again=again,
            contact=contact, place=PLACE,
        )  # fmt: skip
        term = days or rectification.rectify_days(kept)
        if not rectification.deadline(installation.calendar, load.today, term).known:
            click.echo(
                "注意：期限涉及的年度放假安排尚未公布，期限只按双休日推算，请在 tables/calendar.toml 补充。",
                err=True,
            )
        tell(installation, kept, papers, pdf)
    if not papers:
        click.echo("没有需要通知的问题（只有考核人员确认并已生效、尚未通知的问题才会发通知）。")
    return EXIT_DONE


@command("results", group=notice, short_help="发复查结果通知")
@click.option("--since", type=ChineseDate(), metavar="年-月-日", help="只写这一天以来复查的")
@PDF
def results(installation: Installation, since: date | None, pdf: bool) -> int:
    """给每个复查过的单位发一份复查结果表。"""
    first = datetime(since.year, since.month, since.day, tzinfo=clock.BEIJING) if since else None
    with opened(installation) as (kept, load):
        papers = issue_recheck_results(
            installation,
            kept,
            load,
            who=myself(),
            at=clock.now(),
            units=installation.only,
            since=first,
            place=PLACE,
        )
        tell(installation, kept, papers, pdf)
    if not papers:
        click.echo("没有复查过的问题。请先运行 gongkai recheck。")
    return EXIT_DONE


@command("list", group=notice, short_help="列出已发的文书和各问题的整改状态")
@click.option("--overdue", is_flag=True, help="只列逾期的问题，附下一步")
def list_notices(installation: Installation, overdue: bool) -> int:
    """列出已发的文书，以及整改状态的汇总。"""
    with opened(installation) as (kept, load):
        known = lives.lives(kept, load, installation.calendar)
        late = rectification.overdue(load, known)
        for case, life in late:
            step = next_step(life)
            click.echo(
                f"逾期 {case.number} {case.unit.short_name}（期限 {life.due}）：{step.words}，{step.command}"
            )
        if overdue:
            click.echo(f"共 {len(late)} 个问题逾期。")
            return EXIT_DONE
        for paper in listed_papers(kept):
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
    """把一份已发的文书（如 整改通知〔2020〕1号）的原件写出来。"""
    with open_store(installation.home.database) as kept:
        paper = issued_paper(kept, number)
        if paper is None:
            raise BadInput([Problem("notice", f"没有文书“{number}”", "用 gongkai notice list 查看编号")])
        for path in write_out(kept, paper, out or folder_of(installation), pdf=pdf):
            click.echo(str(path))
    return EXIT_DONE


@command("verify", group=notice, short_help="核对已发文书的存档，并按原内容重排比对")
def verify(installation: Installation) -> int:
    """逐份核对：存档与摘要相符（不符以 2 结束），按存档的内容重排出来的文件与发出时逐字节相同。"""
    with open_store(installation.home.database) as kept:
        papers = issued_papers(kept)
        wrong = [line for paper in papers for line in damage(kept, paper)]
        moved = [line for paper in papers for line in drift(kept, paper)]
    for line in (*wrong, *moved):
        click.echo(line)
    click.echo(f"共核对 {len(papers)} 份文书：存档 {len(wrong)} 处不符，版式 {len(moved)} 处与现在的不同。")
    return EXIT_BAD_INPUT if wrong else EXIT_DONE


@command("close", group=notice, short_help="销号")
@click.argument("numbers", nargs=-1, required=True, metavar="问题编号…")
@click.option("--reason", default="", metavar="文字", help="人工核实的情况；复查为“已整改”的可以不写")
def close(installation: Installation, numbers: tuple[str, ...], reason: str) -> int:
    """把已整改的问题销号。复查不是“已整改”的（无法核验、页面移动、单位已报），要写明人工核实的情况。"""
    with opened(installation) as (kept, load):
        known = _lives(installation, kept, load, numbers)
        with kept.writing():
            for number in numbers:
                rectification.close(
                    kept, known[number], reason=reason, who=myself(), at=clock.now(), place=PLACE
                )
    click.echo(f"已销号 {len(numbers)} 个问题。")
    return EXIT_DONE


@command("reopen", group=notice, short_help="把销号的问题重新打开")
@click.argument("number", metavar="问题编号")
@click.option("--reason", required=True, metavar="文字", help="理由")
def reopen(installation: Installation, number: str, reason: str) -> int:
    """把一个已销号的问题重新打开，历史都保留；重新打开后须再经确认才会再次通知。"""
    with opened(installation) as (kept, load):
        life = _lives(installation, kept, load, (number,))[number]
        rectification.reopen(kept, life, reason=reason, who=myself(), at=clock.now(), place=PLACE)
    click.echo(f"{number} 已重新打开。")
    return EXIT_DONE


@command("extend", group=notice, short_help="延长整改期限")
@click.argument("number", metavar="问题编号")
@click.option("--until", type=ChineseDate(), required=True, metavar="年-月-日", help="延到哪一天")
@click.option("--reason", required=True, metavar="文字", help="理由")
def extend(installation: Installation, number: str, until: date, reason: str) -> int:
    """延长一个问题的整改期限。"""
    with opened(installation) as (kept, load):
        life = _lives(installation, kept, load, (number,))[number]
        rectification.extend(
            kept, life, until, reason=reason, who=myself(), at=clock.now(), today=load.today, place=PLACE
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

    with opened(installation) as (kept, load):
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
    with opened(installation) as (kept, load):
        said = [line for line in lines if line]
        if issuing:
            paper = period_papers.issue_bulletin(
                installation, kept, load, period, who=myself(), at=clock.now(), highlights=said, place=PLACE
            )
            tell(installation, kept, (paper,), pdf)
            return EXIT_DONE
        text = period_papers.bulletin_of(
            installation, kept, load, period, day=load.today, made=clock.now(), highlights=said
        )
        for path in write_draft(text, folder_of(installation) / f"bulletin-draft-{load.today}"):
            click.echo(str(path))
    return EXIT_DONE


@contextmanager
def opened(installation: Installation) -> Iterator[tuple[Store, Caseload]]:
    """The database and what stands, over the whole list; what the desk refuses is wrong input here."""
    whole = Installation(installation.home, installation.as_of, (), installation.overrides)
    with open_store(whole.home.database) as kept, refusing("notice"):
        rectification.check_scored(kept)
        yield kept, caseload.load(whole, kept, whole.as_of)


@contextmanager
def refusing(name: str) -> Iterator[None]:
    try:
        yield
    except Refused as error:
        what, _, mend = str(error).partition("。")
        raise BadInput([Problem(name, what, mend.rstrip("。") or "请改正后再试")]) from error


def _lives(
    installation: Installation, kept: Store, load: Caseload, numbers: tuple[str, ...]
) -> dict[str, Life]:
    known = lives.lives(kept, load, installation.calendar, numbers)
    for number in numbers:
        if number not in known:
            raise Refused(f"没有问题“{number}”。请核对问题编号。")
    return known


def tell(installation: Installation, kept: Store, papers: tuple[IssuedPaper, ...], pdf: bool) -> None:
    for paper in papers:
        files = write_out(kept, paper, folder_of(installation), pdf=pdf)
        kind = WORDS.get(paper.kind, paper.kind)
        due = f"，期限 {paper.due}" if paper.due else ""
        click.echo(f"{kind} {paper.number} {paper.unit_id or '全省'}{due}：{files[0]}")


def myself() -> Account:
    """Whoever sits at the command line of the machine that holds the data may do everything."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "命令行"
    return Account(name=name, role=Role.ADMIN, password="", created=clock.now())
