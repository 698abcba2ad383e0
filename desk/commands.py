"""The commands of `gongkai`, one function each; what they do lives in the modules they call."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from desk import clock, demo, fetching, stages
from desk.caseload import lay_ready
from desk.cli import EXIT_DONE, EXIT_PARTLY, command
from desk.doctor import examine
from desk.engines.options import engine_options
from desk.export import FORMATS, KINDS, export
from desk.import_evidence import keep_screenshots, read_evidence
from desk.import_list import read_list
from desk.import_table import import_table, read_table
from desk.installation import Installation
from desk.rejudge import flips
from desk.what_if import in_words, try_table
from dossier.errors import BadInput, Problem, why_not_opened
from dossier.settings import known_keys
from dossier.store import Store, import_accounts, import_document_list, latest_run, open_store, run_info

RUN_OPTION = click.option("--run", "run_id", metavar="批次", help="用哪一批次；默认是最近一批")


def chosen_run(store: Store, run_id: str | None) -> str:
    """The run that a command is about: the one that was named, else the last."""
    if run_id:
        if run_info(store, run_id) is None:
            raise BadInput(
                [Problem("--run", f"没有批次“{run_id}”", "用 gongkai export 或 data/runs/ 查看已有批次")]
            )
        return run_id
    latest = latest_run(store)
    if latest is None:
        raise BadInput(
            [Problem("data/gongkai.db", "还没有任何批次", "请先运行 gongkai nightly 或 gongkai crawl")]
        )
    return latest.run_id


@command("nightly", short_help="一整夜：抓取、阅读、判断、建议扣分、出报告")
@click.option(
    "--resume/--fresh", "resume", default=None,
    help="--resume 接着做上次中断的批次；--fresh 从头开始。都不写时，12 小时内中断、检查日期和单位相同的批次会接着做",
)  # fmt: skip
@engine_options
def nightly(installation: Installation, resume: bool | None) -> int:
    """对全部单位做一遍：抓取 → 阅读 → 判断 → 扣分建议 → 报告。

    有单位未能检测时以 3 结束并逐一说明原因；本机网络不通时以 4 结束，不作任何判断。
    """
    night = stages.nightly(installation, resume=resume)
    click.echo(night.text)
    lay_ready(installation)
    return EXIT_PARTLY if night.unseen else EXIT_DONE


@command("crawl", short_help="只抓取并入库")
@engine_options
def crawl(installation: Installation) -> int:
    """抓取全部单位的网站，保存原始网页（WARC）与抓取记录，并读入数据库。"""
    installation.check()
    with stages.one_night_at_a_time(installation), open_store(installation.home.database) as store:
        run_id = fetching.crawl(installation, store, kind="crawl")
        unseen = stages.unseen_units(store, installation, run_id)
    click.echo(f"批次 {run_id} 抓取完毕。")
    stages.say_unseen(unseen)
    return EXIT_PARTLY if unseen else EXIT_DONE


@command("judge", short_help="对已抓取的批次作判断")
@RUN_OPTION
def judge(installation: Installation, run_id: str | None) -> int:
    """对一个批次逐条规则作判断，不联网。"""
    installation.check()
    with open_store(installation.home.database) as store:
        chosen = chosen_run(store, run_id)
        counts = stages.judge(installation, store, chosen)
        unseen = stages.unseen_units(store, installation, chosen)
    click.echo(f"批次 {chosen}：{counts}")
    stages.say_unseen(unseen)
    return EXIT_PARTLY if unseen else EXIT_DONE


@command("suggest", short_help="按评分表给出扣分建议")
@RUN_OPTION
def suggest(installation: Installation, run_id: str | None) -> int:
    """把一个批次的问题按评分表折算成扣分建议（含封顶算法）。"""
    installation.check()
    with open_store(installation.home.database) as store:
        chosen = chosen_run(store, run_id)
        standings = stages.suggest(installation, store, chosen)
    for standing in standings:
        card = standing.scorecard
        shown = f"建议得分 {card.score}，待核 {card.unsure}" if card.inspected else "未能检测"
        click.echo(f"{card.unit_id} {standing.unit.short_name}：{shown}")
    return EXIT_DONE


@command("report", short_help="生成各单位合规报告与全省汇总")
@RUN_OPTION
def report(installation: Installation, run_id: str | None) -> int:
    """生成一个批次的报告：summary.html、summary.xlsx，各单位 html、docx、xlsx（有浏览器时可出 pdf）。"""
    installation.check()
    with open_store(installation.home.database) as store:
        chosen = chosen_run(store, run_id)
        folder = stages.report(installation, store, chosen)
    click.echo(f"报告在 {folder / 'summary.html'}")
    return EXIT_DONE


@command("demo", short_help="离线演示：练习省 54 个单位走一遍")
@click.option("--pages", default=40, show_default=True, help="每个练习网站大约多少页")
@click.option("--seed", default=demo.DEMO_SEED, show_default=True, help="换一个数就是另一个练习省")
def demonstrate(installation: Installation, pages: int, seed: int) -> int:
    """在本机起一个练习省（54 个虚构单位、已知毛病），离线走完整夜流程。

    演示有自己的家目录 data/demo，保留到下次演示。其中有故意打不开的网站，所以正常以 3 结束。
    """
    context = click.get_current_context()
    outer = context.find_root().params
    as_of = outer.get("as_of") or context.params.get("as_of")
    day = as_of or demo.DEMO_AS_OF
    home = installation.home.data / "demo"
    with demo.practice_province(home, as_of=day, seed=seed, pages=pages) as proxy:
        inner = Installation.of(
            home=home, as_of=day, units=",".join(installation.only),
            overrides=(*demo.overrides(proxy), *installation.overrides),
        )  # fmt: skip
        with open_store(inner.home.database) as store:
            demo.deliver(home, store)
        night = stages.nightly(inner, kind="demo")
        lay_ready(inner)
    click.echo(night.text)
    click.echo(f"在浏览器里复核：gongkai serve --home {home}")
    return EXIT_PARTLY if night.unseen else EXIT_DONE


@command("rejudge", short_help="用今天的规则重判旧批次，列出会翻转的结论")
@click.argument("run_id", metavar="批次")
def rejudge(installation: Installation, run_id: str) -> int:
    """不联网，用今天的规则重判一个已存档的批次，只列出会翻转的结论，不改动任何记录。"""
    installation.check()
    with open_store(installation.home.database) as store:
        found = flips(store, installation, chosen_run(store, run_id))
    for flip in found:
        click.echo(str(flip))
    click.echo(f"共 {len(found)} 处翻转。")
    return EXIT_DONE


@command("import-list", short_help="导入某单位的公文清单（附件4(五)）")
@click.argument("unit_id", metavar="单位")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def import_list(installation: Installation, unit_id: str, file: Path) -> int:
    """导入一个单位自己报送的公文清单（xlsx 或 csv），供核对链接与漏列。"""
    known = {unit.unit_id for unit in installation.units}
    if unit_id not in known:
        raise BadInput([Problem("import-list", f"清单里没有单位“{unit_id}”", "请核对单位编号")])
    rows = read_list(file)
    with open_store(installation.home.database) as store:
        import_document_list(store, unit_id, rows, at=clock.now(), source=file.name)
    click.echo(f"{unit_id}：已导入 {len(rows)} 条公文。")
    return EXIT_DONE


@command("import-table", short_help="导入正式评分表（xlsx 或 toml）")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def import_scoring_table(installation: Installation, file: Path) -> int:
    """导入某一类、某一年的正式评分表；先整体校验，不合格就逐条说明，什么也不改。"""
    written = import_table(file, installation.home, stages.known_rules())
    click.echo(f"已写入 {written}。")
    return EXIT_DONE


@command("what-if", short_help="拿另一张评分表在已有批次上试算，不改任何记录")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@RUN_OPTION
def what_if(installation: Installation, file: Path, run_id: str | None) -> int:
    """不联网、不导入：按另一张评分表（xlsx 或 toml）重算一个批次的建议得分，与现行表逐单位对照。"""
    installation.check()
    table, _ = read_table(file, stages.known_rules())
    with open_store(installation.home.database) as store:
        chosen = chosen_run(store, run_id)
        trials = try_table(store, chosen, installation.tables, table)
    if installation.only:
        trials = tuple(one for one in trials if one.unit.unit_id in installation.only)
    click.echo(f"批次 {chosen}，试算表“{table.title}”（{table.unit_class} 类，{table.year} 年）：")
    for one in trials:
        click.echo(in_words(one))
    changed = sum(bool(one.difference) for one in trials)
    click.echo(f"共 {len(trials)} 个单位，{changed} 个得分有变化。以上只是试算，没有保存。")
    return EXIT_DONE


@command("import-evidence", short_help="导入人工核查新媒体账号的证据")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def import_hand_evidence(installation: Installation, file: Path) -> int:
    """导入不能自动抓取的账号（微信、APP 等）的人工核查记录。"""
    accounts = read_evidence(file)
    keep_screenshots(file, accounts, installation.home.data / "imports")
    with open_store(installation.home.database) as store:
        import_accounts(store, accounts, at=clock.now(), source=file.name)
    click.echo(f"已导入 {len(accounts)} 条人工证据。")
    return EXIT_DONE


@command("export", short_help="导出问题、台账或评分")
@click.argument("kind", type=click.Choice(KINDS), metavar="findings|deficiencies|scorecards")
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True, help="格式")
@click.option("--out", type=click.Path(path_type=Path), metavar="文件", help="写到哪个文件；默认写到标准输出")
@click.option("--all", "everything", is_flag=True, help="连通过的结论也导出")
@RUN_OPTION
def export_data(
    installation: Installation, kind: str, form: str, out: Path | None, everything: bool, run_id: str | None
) -> int:
    """导出数据。findings 是一行一条的判断，deficiencies 是跨夜的问题，scorecards 是评分。"""
    with open_store(installation.home.database) as store:
        content = export(
            store, installation, chosen_run(store, run_id), kind=kind, form=form, everything=everything
        )
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
        click.echo(f"已写到 {out}。", err=True)
    else:
        sys.stdout.buffer.write(content)
    return EXIT_DONE


@command("read", short_help="看系统从一个网页文件里读出了什么")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="文件", required=False)
@click.option("--url", default="", metavar="网址", help="这个网页的网址，用来还原相对链接")
@RUN_OPTION
def read_page(installation: Installation, file: Path | None, url: str, run_id: str | None) -> int:
    """输出一个 JSON 对象：标题、日期、文号、页脚要素、列表、附件、正文等。"""
    if file is not None:
        try:
            body, kind = file.read_bytes(), ""
        except OSError as error:
            raise BadInput(
                [Problem(str(file), f"打不开（{why_not_opened(error)}）", "请核对文件名")]
            ) from error
        address = url or f"http://localhost/{file.name}"
    else:
        if not url:
            raise BadInput([Problem("read", "没有说读哪个网页", "请写文件名，或用 --run 批次 --url 网址")])
        with open_store(installation.home.database) as store:
            body, kind, address = stages.archived_body(installation, store, chosen_run(store, run_id), url)
    from dossier.reading import contract_json, read  # with the parsers, which no other command needs

    facts = read(
        body, url=address, content_type=kind, as_of=installation.as_of, vocabulary=installation.vocabulary
    )
    click.echo(msgspec.json.format(msgspec.json.encode(contract_json(facts)), indent=1).decode())
    return EXIT_DONE


@command("doctor", short_help="这台机器能做什么、不能做什么，各怎么补救")
@click.option("--settings", "list_settings", is_flag=True, help="列出 settings.toml 里可用的键")
def doctor(installation: Installation, list_settings: bool) -> int:
    """逐项检查浏览器、字体、时钟、磁盘、代理、清单和日历，并说明怎样补救。"""
    if list_settings:
        for key in known_keys():
            click.echo(key)
        return EXIT_DONE
    for finding in examine(installation.home, installation.as_of, installation.overrides):
        click.echo(f"{'✓' if finding.good else '✗'} {finding.what}：{finding.found}")
        if not finding.good and finding.mend:
            click.echo(f"    {finding.mend}")
    return EXIT_DONE
