"""The commands that others trust the system by: its evidence, and what it must not lose."""

from __future__ import annotations

from pathlib import Path

import click

from desk import backup as keeping
from desk import clock
from desk import restore as restoring
from desk.cli import EXIT_BAD_INPUT, EXIT_DONE, EXIT_PARTLY, command, main_group
from desk.commands import RUN_OPTION, chosen_run
from desk.evidence import Checked, check_chain, check_run
from desk.evidence_sheet import export_finding
from desk.installation import Installation
from dossier.errors import BadInput, Problem
from dossier.store import open_store, runs


@main_group.group("evidence")
def evidence() -> None:
    """证据：核对存档，导出一处问题的证据。"""


@command("verify", group=evidence, short_help="逐条核对存档与摘要值")
@click.option("--all", "everything", is_flag=True, help="核对所有批次")
@RUN_OPTION
def verify(installation: Installation, everything: bool, run_id: str | None) -> int:
    """核对每一份存档与它的摘要、每个批次与它的清单、各批次清单首尾相接的链条，逐一指出被改动、缺少、添加的文件。

    完好时以 0 结束；发现问题时以 2 结束；没有清单可以核对的（无法核验）以 3 结束。
    """
    with open_store(installation.home.database) as kept:
        chosen = [run.run_id for run in runs(kept)] if everything else [chosen_run(kept, run_id)]
        chain = check_chain(kept, installation.home)
        checked = [check_run(kept, installation.home, run) for run in chosen]
    for one in checked:
        _add_stamps(installation, one)
    for fault in chain:
        click.echo(f"清单链：{fault}")
    for one in checked:
        _say(one)
    if chain or any(one.faults for one in checked):
        click.echo("证据有问题，请勿据此作出结论；可从备份中恢复原件（gongkai restore）。")
        return EXIT_BAD_INPUT
    return EXIT_PARTLY if any(one.unverifiable for one in checked) else EXIT_DONE


def _add_stamps(installation: Installation, one: Checked) -> None:
    """What third parties say of when a run was sealed. That nobody was ever asked is only noted."""
    from desk import stamping

    wanted = bool(installation.settings.evidence.tsa_url)
    for manifest in stamping.manifests(installation.home.run(one.run_id)):
        said = stamping.check_stamp(manifest, installation.settings, installation.home)
        if said.fault:
            one.faults.append(said.fault)
        elif said.unverifiable and (wanted or stamping.stamp_of(manifest).is_file()):
            one.unverifiable.append(said.unverifiable)
        else:
            one.notes.append(said.good or f"{said.unverifiable}（无法核验）")


def _say(one: Checked) -> None:
    for line in (*one.faults, *one.unverifiable, *one.notes):
        click.echo(line)
    click.echo(f"批次 {one.run_id}：{one.word}。")


@command("stamp", group=evidence, short_help="请时间戳机构为清单盖时间戳")
@RUN_OPTION
def stamp(installation: Installation, run_id: str | None) -> int:
    """请第三方时间戳机构（设置 evidence.tsa_url，RFC 3161）为一个批次尚无时间戳的清单盖上时间戳。

    每晚检查之后会自动做一次；当时没有盖成的，可用本命令补盖。
    """
    if not installation.settings.evidence.tsa_url:
        raise BadInput(
            [
                Problem(
                    "evidence.tsa_url",
                    "没有设置时间戳机构的地址",
                    "请在 settings.toml 的 [evidence] 写 tsa_url",
                )
            ]
        )
    with open_store(installation.home.database) as kept:
        run = chosen_run(kept, run_id)
    from desk import stamping

    if failed := stamping.stamp_run(installation, run):
        click.echo(f"没有盖成：{failed}。", err=True)
        return EXIT_PARTLY
    click.echo(f"批次 {run} 的清单都已盖有时间戳。")
    return EXIT_DONE


@command("export", group=evidence, short_help="把一处问题的证据导出成一个文件")
@click.argument("number", metavar="问题编号")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="文件",
    help="写到哪个文件：.zip 为说明页和存档，.wacz 供网页回放工具打开",
)
@RUN_OPTION
def export(installation: Installation, number: str, out: Path, run_id: str | None) -> int:
    """把一处问题（如 A01-2020-0031）的证据导出成一个 zip：说明页、网页存档（WARC）、抓取记录和批次清单。"""
    with open_store(installation.home.database) as kept:
        run = chosen_run(kept, run_id) if run_id else None
        pages = export_finding(kept, installation, number, out, run_id=run, at=clock.now())
    click.echo(f"{number}：{pages} 份网页存档已写到 {out}。")
    return EXIT_DONE


@command("backup", short_help="备份：决定、通知、设置和所依据的证据")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option("--all-evidence", "everything", is_flag=True, help="连尚无人据以作出决定的批次存档也备份")
def backup(installation: Installation, file: Path, everything: bool) -> int:
    """把人作出的决定、导入的材料、设置和这些决定所依据的证据备份到一个文件；运行中也可以备份。"""
    made = keeping.backup(installation.home, file, at=clock.now(), everything=everything)
    click.echo(f"已备份到 {file}：{made.files} 个文件，决定 {made.decisions} 条，证据批次 {made.runs} 个。")
    return EXIT_DONE


@command("restore", short_help="从备份恢复到一个空的家目录")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option(
    "--force", is_flag=True, help="家目录已有数据时也恢复；原有的移到 before-restore-… 目录，不删除"
)
def restore(installation: Installation, file: Path, force: bool) -> int:
    """先整体核对备份文件，再恢复；有一处不对就什么也不改。家目录已有数据时拒绝，除非加 --force。"""
    made = restoring.restore(installation.home, file, at=clock.now(), force=force)
    click.echo(
        f"已恢复到 {installation.home.root}：{made.files} 个文件，决定 {made.decisions} 条，逐表核对一致。"
    )
    if made.aside:
        click.echo(f"原有的数据移到了 {made.aside}。")
    return EXIT_DONE
