"""`gongkai serve` and `gongkai users`: the desk in the browser, and who may sit at it."""

from __future__ import annotations

import getpass
import ipaddress
import os
import sys

import click

from desk import clock
from desk.acting import Refused
from desk.cli import EXIT_DONE, command, main_group
from desk.installation import Installation
from desk.people import ROLE_NAMES, add_user, allow, change_password
from dossier.errors import BadInput, Problem
from dossier.store import open_store
from dossier.store.users import Role, accounts

PASSWORD = "GONGKAI_PASSWORD"


@command("serve", short_help="在浏览器里复核：考核人员的工作台")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="地址", help="在哪个地址上听")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="端口")
@click.option("--behind-tls", is_flag=True, help="前面有自己的 HTTPS 代理（由它加 X-Forwarded-For、-Proto）")
@click.option("--allow-plain-http", is_flag=True, help="明知会明文传密码，仍在局域网地址上听（不建议）")
def serve(installation: Installation, host: str, port: int, behind_tls: bool, allow_plain_http: bool) -> int:
    """起一个本机网页服务，用浏览器打开打印出来的地址即可。按 Ctrl+C 停止。

    默认只在本机可用。要让别的电脑用，请在前面放一个 HTTPS 代理并加 --behind-tls。
    """
    if not (_is_loopback(host) or behind_tls or allow_plain_http):
        raise BadInput(
            [
                Problem(
                    "--host",
                    f"“{host}”不是本机地址，密码会明文经过网络",
                    "请放一个 HTTPS 代理并加 --behind-tls；确知风险也可加 --allow-plain-http",
                )
            ]
        )
    installation.check()
    # Only this command needs the web framework.
    import waitress  # type: ignore[import-untyped]  # ships no types

    from desk.web import create_app, make_ready

    given = click.get_current_context()
    dated = bool(given.params.get("as_of") or given.find_root().params.get("as_of"))
    with open_store(installation.home.database) as kept:
        nobody = not accounts(kept)
    app = create_app(installation, dated=dated, tls=behind_tls, proxied=behind_tls)
    try:
        server = waitress.create_server(app, host=host, port=port, threads=6, ident=None)
    except OSError as error:
        raise BadInput(
            [Problem("--port", f"端口 {port} 用不了（{error.strerror}）", "请换一个端口，如 --port 8080")]
        ) from error
    make_ready(app)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"请用浏览器打开 http://{shown}:{server.effective_port}/ ，按 Ctrl+C 停止。")
    if nobody:
        click.echo(f"还没有任何用户，请另开一个窗口执行：\n  {how_to_add(installation)}")
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("已停止。")
    finally:
        server.close()
    return EXIT_DONE


def how_to_add(installation: Installation) -> str:
    """The command that makes the first account."""
    return f"gongkai users add 用户名 --role admin --home {installation.home.root}"


@main_group.group("users")
def users() -> None:
    """工作台的用户：增加、列出、停用、恢复、重设密码。"""


@command("add", group=users, short_help="增加一个用户")
@click.argument("name", metavar="用户名")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    metavar="角色",
    help="admin 管理员、assessor 考核人员、reviewer 复核人员、viewer 只读、unit 单位用户",
)
@click.option("--unit", "unit_id", default="", metavar="单位", help="单位用户属于哪个单位，如 A01")
@click.option("--shown-name", default="", metavar="姓名", help="显示的姓名")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码（一行）")
def add(
    installation: Installation, name: str, role: str, unit_id: str, shown_name: str, password_stdin: bool
) -> int:
    """增加一个用户。密码在命令行里输入两遍（不显示），或从标准输入、环境变量 GONGKAI_PASSWORD 读取。"""
    known = [unit.unit_id for unit in installation.units] if unit_id else []
    password = _password(password_stdin)
    with open_store(installation.home.database) as kept, _chinese():
        add_user(
            kept, name=name, password=password, role=role, unit_id=unit_id, shown_name=shown_name,
            known_units=known, by=_me(), at=clock.now(),
        )  # fmt: skip
    click.echo(f"已增加{ROLE_NAMES[Role(role)]}“{name}”。")
    return EXIT_DONE


@command("list", group=users, short_help="列出用户")
def list_users(installation: Installation) -> int:
    """列出全部用户。"""
    with open_store(installation.home.database) as kept:
        found = accounts(kept)
    for one in found:
        state = "，已停用" if one.disabled else ""
        unit = f"，{one.unit_id}" if one.unit_id else ""
        shown = f"（{one.shown_name}）" if one.shown_name else ""
        click.echo(f"{one.name}{shown}：{ROLE_NAMES[one.role]}{unit}{state}")
    if not found:
        click.echo(f"还没有用户。请执行：{how_to_add(installation)}")
    return EXIT_DONE


@command("disable", group=users, short_help="停用一个用户")
@click.argument("name", metavar="用户名")
def disable(installation: Installation, name: str) -> int:
    """停用一个用户，他的登录立即失效；他作过的决定都留着。"""
    with open_store(installation.home.database) as kept, _chinese():
        allow(kept, name, False, by=_me(), at=clock.now())
    click.echo(f"“{name}”已停用。")
    return EXIT_DONE


@command("enable", group=users, short_help="恢复一个用户")
@click.argument("name", metavar="用户名")
def enable(installation: Installation, name: str) -> int:
    """恢复一个停用的用户。"""
    with open_store(installation.home.database) as kept, _chinese():
        allow(kept, name, True, by=_me(), at=clock.now())
    click.echo(f"“{name}”已恢复。")
    return EXIT_DONE


@command("password", group=users, short_help="重设一个用户的密码")
@click.argument("name", metavar="用户名")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码（一行）")
def password(installation: Installation, name: str, password_stdin: bool) -> int:
    """重设一个用户的密码，他的登录立即失效。"""
    words = _password(password_stdin)
    with open_store(installation.home.database) as kept, _chinese():
        change_password(kept, name, words, by=_me(), at=clock.now())
    click.echo(f"“{name}”的密码已重设。")
    return EXIT_DONE


class _chinese:  # noqa: N801 - reads as a word
    """What the desk refuses is wrong input at the command line."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            what, _, mend = str(error).partition("。")
            raise BadInput([Problem("users", what, mend or "请改正后再试")]) from error


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if os.environ.get(PASSWORD):
        return os.environ[PASSWORD]
    if not sys.stdin.isatty():
        raise BadInput(
            [Problem("users", "没有地方输入密码", f"请加 --password-stdin，或设环境变量 {PASSWORD}")]
        )
    first = getpass.getpass("密码（至少 10 个字符，不显示）：")
    if getpass.getpass("再输入一遍：") != first:
        raise BadInput([Problem("users", "两次输入的密码不一样", "请重新执行")])
    return first


def _me() -> str:
    try:
        return f"命令行（{getpass.getuser()}）"
    except (KeyError, OSError):
        return "命令行"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
