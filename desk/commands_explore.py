"""`gongkai explore`: look around in what the last night saw."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from desk import explore, facts_copy
from desk.cli import EXIT_DONE, command
from desk.installation import Installation
from dossier import store
from dossier.errors import BadInput, Problem
from dossier.store import open_store


@command("explore", short_help="在浏览器里查看昨夜看到的事实（只读）")
@click.option("--run", "run_id", default="", metavar="批次", help="看哪一个批次，默认是最近一夜")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="端口")
def explore_facts(installation: Installation, run_id: str, port: int) -> int:
    """在浏览器里查看一夜看到的事实：打不开的链接、有变化的网页、没有解读的公文、没看到的账号、受阻的主机，也可以自己查。

    只能在本机打开，只读；看的是一份临时副本，里面没有用户、没有人的决定、没有机器的判断。
    需要先安装：pip install 'gongkai[explore]'。按 Ctrl+C 停止，副本随即删除。
    """
    explore.must_be_installed()
    if not installation.home.database.is_file():
        raise BadInput(
            [Problem(str(installation.home.database), "这里还没有检查过", "请先运行 gongkai nightly")]
        )
    with tempfile.TemporaryDirectory(dir=installation.home.data, prefix="explore-") as folder:
        path = Path(folder) / "facts.db"
        with open_store(installation.home.database) as kept:
            run = store.run_info(kept, run_id) if run_id else store.latest_run(kept)
            if run is None:
                what, mend = (
                    ("没有这个批次", "请核对批次编号")
                    if run_id
                    else ("还没有检查过", "请先运行 gongkai nightly")
                )
                raise BadInput([Problem(run_id or "explore", what, mend)])
            click.echo(f"正在整理批次 {run.run_id} 的事实……", err=True)
            facts_copy.copy_facts(kept, run, path)
        app = explore.application(path, run.run_id)
        explore.serve(app, port, lambda address: click.echo(f"请用浏览器打开 {address} ，按 Ctrl+C 停止。"))
        click.echo("已停止，副本已删除。")
    return EXIT_DONE
