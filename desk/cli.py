"""`gongkai`: the command line. Every word a user reads here is Chinese."""

from __future__ import annotations

import functools
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import click

from desk import clock
from desk.chinese import speak_chinese
from desk.faults import say_fault
from desk.installation import Installation
from dossier.errors import BadInput, NetworkDown
from dossier.home import Home
from dossier.store import StoreTooNew

EXIT_DONE = 0
EXIT_FAULT = 1
EXIT_BAD_INPUT = 2
EXIT_PARTLY = 3
"""Done, but some units could not be inspected (each named with its reason)."""
EXIT_NETWORK_DOWN = 4

P = ParamSpec("P")
_at_work: list[Home] = []
"""The home that the command of this process works on, for the log of its faults."""
speak_chinese()


def default_home() -> Path:
    """The repository root, where this runs from one; else the folder one stands in."""
    root = Path(__file__).resolve().parents[1]
    return root if (root / "unit_sites.csv").is_file() else Path.cwd()


class ChineseDate(click.ParamType[date]):
    name = "年-月-日"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2020-09-30 的样子", param, ctx)


_COMMON = (
    click.option("--home", "home", type=click.Path(file_okay=False, path_type=Path), metavar="目录",
                 help="本套系统的家目录（单位清单、设置、数据、报告都在里面），默认是程序所在的目录"),
    click.option("--as-of", "as_of", type=ChineseDate(), metavar="年-月-日",
                 help="检查日期，所有按日期判断的规则都以它为“今天”；默认是北京时间今天"),
    click.option("--units", "units", metavar="编号,编号", help="只做这些单位，如 A01,B02"),
    click.option("--set", "overrides", multiple=True, metavar="键=值",
                 help="临时改一项设置，如 --set crawl.delay_seconds=2；可写多次"),
)  # fmt: skip


def _with_common(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_COMMON):
        function = option(function)
    return function


def command(
    name: str, group: click.Group | None = None, **settings: Any
) -> Callable[[Callable[Concatenate[Installation, P], int | None]], click.Command]:
    """A command of `gongkai` that takes the common options and receives the installation they name."""

    def decorate(function: Callable[Concatenate[Installation, P], int | None]) -> click.Command:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            given = {key: kwargs.pop(key) for key in ("home", "as_of", "units", "overrides")}
            context = click.get_current_context()
            outer = context.find_root().params
            installation = Installation.of(
                home=given["home"] or outer.get("home") or default_home(),  # type: ignore[arg-type]  # click's own types
                as_of=given["as_of"] or outer.get("as_of") or clock.today(),  # type: ignore[arg-type]
                units=given["units"] or outer.get("units") or "",  # type: ignore[arg-type]
                overrides=(*(outer.get("overrides") or ()), *(given["overrides"] or ())),  # type: ignore[misc]
            )
            _at_work.append(installation.home)
            code = function(installation, *args, **kwargs)
            context.exit(code or EXIT_DONE)

        return (group or main_group).command(name, **settings)(_with_common(run))

    return decorate


_MODULES = (
    "commands", "commands_watch", "commands_web", "commands_rectify", "commands_trust", "commands_year", "commands_retain",
    "commands_explore",
)  # fmt: skip
"""Where commands are, those of every night first; a group of commands is in one of them."""


class _Commands(click.Group):
    """Commands are loaded until the one that is asked for is there: a night need not load the papers of a whole year."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for module in _MODULES:
            if cmd_name in self.commands:
                break
            import_module(f"desk.{module}")
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        registered()
        return super().list_commands(ctx)


@click.group(
    "gongkai",
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="gongkai", prog_name="gongkai")
@_with_common
def main_group(**_options: Any) -> None:
    """公开：政务公开网上检查系统（晋政办函〔2020〕42号）。

    每晚抓取 54 个单位的政府网站，按规则检查，给出扣分建议和合规报告，供考核人员复核。
    """


def registered() -> click.Group:
    """The group with every command on it."""
    for module in _MODULES:
        import_module(f"desk.{module}")  # which registers its commands on the group
    return main_group


def main() -> None:
    """Entry point. Exit codes: 0 done, 1 our fault, 2 bad input, 3 some units not inspected, 4 our network down."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(
            signal.SIGTERM, signal.default_int_handler
        )  # a stopped night ends its crawl processes too
    try:
        main_group.main(standalone_mode=True)
    except BadInput as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_BAD_INPUT)
    except StoreTooNew as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_BAD_INPUT)
    except NetworkDown as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_NETWORK_DOWN)
    except BrokenPipeError:
        sys.exit(EXIT_DONE)
    except KeyboardInterrupt:
        click.echo("已中断。", err=True)
        sys.exit(EXIT_FAULT)
    except Exception as error:  # noqa: BLE001 - the last door: a person reads a sentence, the log has the rest
        click.echo(say_fault(error, _at_work[-1] if _at_work else None), err=True)
        sys.exit(EXIT_FAULT)


if __name__ == "__main__":
    # This file as a script is another module than `desk.cli`, on which the commands register.
    from desk.cli import main as run_main

    run_main()
