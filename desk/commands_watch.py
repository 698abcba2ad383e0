"""The commands that keep watch between the nights: probe, recheck, schedule."""

from __future__ import annotations

import click

from desk import probing
from desk.cli import EXIT_DONE, EXIT_NETWORK_DOWN, command
from desk.installation import Installation
from dossier.store import open_store


@command("probe", short_help="对每个网站的首页作一次可用性探测")
def probe(installation: Installation) -> int:
    """访问每个网站的首页一次，记录是否在规定秒数内打开（建议每小时一次，见 gongkai schedule）。

    被防护拦截也算打开；本机网络不通时不计入任何网站，并以 4 结束。
    """
    with open_store(installation.home.database) as kept:
        done = probing.probe(installation, kept)
    click.echo(probing.in_words(done), err=done.ours)
    return EXIT_NETWORK_DOWN if done.ours else EXIT_DONE
