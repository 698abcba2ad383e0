"""The commands that keep watch between the nights: probe, recheck, schedule."""

from __future__ import annotations

import contextlib

import click

from desk import clock, probing, rechecking, service, stages
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


@command("schedule", short_help="常驻运行：按时探测、夜间检查、到期复查")
@click.option("--systemd", is_flag=True, help="只打印一份 systemd 单元文件")
def keep_schedule(installation: Installation, systemd: bool) -> int:
    """一直运行：每小时探测，夜里检查，到期复查，列出久未看到的单位；钟点见 settings.toml 的 [schedule]。

    错过的夜间检查在启动时补做；同一个家目录里不会有两次检查同时进行。Ctrl-C 结束。
    """
    options = ["--home", str(installation.home.root)]
    options += ["--units", ",".join(installation.only)] if installation.only else []
    for override in installation.overrides:
        options += ["--set", override]
    if systemd:
        click.echo(service.systemd_unit(options, installation.home.root), nl=False)
        return EXIT_DONE
    from desk import schedule  # with a scheduler that no other command needs

    installation.check()
    plan = schedule.plan_of(installation.settings)
    installation.home.data.mkdir(parents=True, exist_ok=True)
    run = service.Processes(options)
    watch = schedule.Watch(
        plan, installation.units, lambda: open_store(installation.home.database), run, clock.now, _say
    )
    _say(
        f"已启动：夜间检查 {plan.nightly_at:%H:%M}，到期复查 {plan.recheck_at:%H:%M}，"
        + (f"每 {plan.probe_minutes} 分钟探测一次。" if plan.probe_minutes else "不作探测。")
    )
    with schedule.stopping() as stop:
        try:
            schedule.stay_up(watch, installation.home.data, stop)
        finally:
            run.end()
    _say("已停止。")
    return EXIT_DONE


def _say(line: str) -> None:
    click.echo(f"{clock.now().astimezone(clock.BEIJING):%m-%d %H:%M:%S} {line}")
