"""The commands that keep watch between the nights: probe, recheck, schedule."""

from __future__ import annotations

import contextlib

import click

from desk import probing, rechecking, stages
from desk.cli import EXIT_DONE, EXIT_NETWORK_DOWN, EXIT_PARTLY, command
from desk.installation import Installation
from desk.recheck_cases import cases_of
from dossier.store import RecheckResult, open_store


@command("probe", short_help="对每个网站的首页作一次可用性探测")
def probe(installation: Installation) -> int:
    """访问每个网站的首页一次，记录是否在规定秒数内打开（建议每小时一次，见 gongkai schedule）。

    被防护拦截也算打开；本机网络不通时不计入任何网站，并以 4 结束。
    """
    with open_store(installation.home.database) as kept:
        done = probing.probe(installation, kept)
    click.echo(probing.in_words(done), err=done.ours)
    return EXIT_NETWORK_DOWN if done.ours else EXIT_DONE


@command("recheck", short_help="只重新查看现有问题所指的网页，并重新判断")
@click.option("--due", is_flag=True, help="只复查到期的（期限已到，或单位报告已整改）")
@click.option(
    "--deficiency",
    "numbers",
    multiple=True,
    metavar="编号",
    help="只复查这一个问题，如 A01-2020-0031；可写多次",
)
def recheck(installation: Installation, due: bool, numbers: tuple[str, ...]) -> int:
    """复查现有问题：只抓取问题所指的网页（缺失类问题还看它应在的地方），只判断相应的规则。

    结果为 已整改、未整改、无法核验、页面移动 之一；页面打不开或已不在，都不算已整改。
    有问题无法核验时以 3 结束。
    """
    installation.check()
    lock = contextlib.nullcontext() if numbers else stages.one_night_at_a_time(installation)
    with lock, open_store(installation.home.database) as kept:
        cases = cases_of(installation, kept, numbers=numbers, due=due)
        made = rechecking.recheck(installation, kept, cases)
    click.echo(rechecking.in_words(made, cases))
    return EXIT_PARTLY if any(one.result is RecheckResult.UNSEEN for one in made) else EXIT_DONE
