"""The command that gives room back: archives past their time, and what the database has erased."""

from __future__ import annotations

import click

from desk import clock, retaining, stages
from desk.cli import EXIT_DONE, EXIT_FAULT, command
from desk.installation import Installation
from dossier.store import open_store


@command("retain", short_help="按保存期限精简旧存档，整理数据库")
@click.option("--apply", "really", is_flag=True, help="真的去做；不写时只列出会去掉什么")
def retain(installation: Installation, really: bool) -> int:
    """按 settings.toml 的 retain.archive_days（天；0 为不精简）精简旧批次的存档，并整理数据库。

    默认只列出会去掉什么、约省多少，不动任何文件；看过之后加 --apply 才执行。
    有决定、通知、复查或印发的文件以它为据的存档整份保留；现有和历次问题最近一次的证据、
    近期批次仍在引用的网页、各单位最近的批次，也都保留。抓取清单一行不少。
    精简前后各核对一遍，精简后的文件另行封存进清单链；gongkai evidence verify 会说明哪些是按期限精简的。
    """
    days = installation.settings.retain.archive_days
    retaining.refuse_if_short(days)
    now = clock.now()
    with stages.one_night_at_a_time(installation), open_store(installation.home.database) as kept:
        click.echo(retaining.in_words(retaining.plan(kept, installation.home, days=days, now=now), days))
        if not really:
            click.echo("以上只是预览，没有改动任何文件；确认无误后请加 --apply 执行。")
            return EXIT_DONE
        done = retaining.apply(kept, installation.home, days=days, now=now) if days > 0 else retaining.Done()
        for fault in done.faults:
            click.echo(fault, err=True)
        if done.runs:
            click.echo(f"已精简 {len(done.runs)} 个批次，省出 {done.bytes / 1e6:.1f} MB，精简后核对完好。")
        click.echo(retaining.vacuum(kept, installation.home))
    return EXIT_FAULT if done.faults else EXIT_DONE
