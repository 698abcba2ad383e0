"""The desk opens on this machine alone, and its people are added at the command line."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from desk import commands_web  # registers the commands
from desk.cli import main_group
from desk.people import sign_in
from dossier.errors import BadInput
from dossier.store import open_store
from dossier.store.audit import audit_lines
from dossier.store.users import Role, accounts

HEADER = "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note\n"
ROW = "A01,A,清河,清河市人民政府,website,网站,http://www.a01.gov.cn/,,,,,obey,,,样例,\n"
GOOD = "一句 足够长 的话 x"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "unit_sites.csv").write_text(HEADER + ROW, encoding="utf-8")
    return tmp_path


def run(home: Path, *words: str, password: str = GOOD) -> str:
    answer = CliRunner().invoke(main_group, [*words, "--home", str(home)], input=password + "\n")
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_an_address_that_others_can_reach_is_refused_without_a_flag(home: Path, host: str) -> None:
    with pytest.raises(BadInput, match="不是本机地址") as refused:
        run(home, "serve", "--host", host)
    assert "--behind-tls" in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_is_this_machine(host: str) -> None:
    assert commands_web._is_loopback(host)


def test_a_person_is_added_listed_and_shut_out(home: Path) -> None:
    assert "还没有用户" in run(home, "users", "list")
    run(home, "users", "add", "boss", "--role", "admin", "--password-stdin")
    run(home, "users", "add", "张三", "--role", "unit", "--unit", "A01", "--password-stdin")
    assert "张三：单位用户，A01" in run(home, "users", "list")
    run(home, "users", "disable", "张三")
    assert "已停用" in run(home, "users", "list")
    with open_store(home / "data" / "gongkai.db") as kept:
        assert all(
            GOOD not in one.password and one.password.startswith("$argon2id$") for one in accounts(kept)
        )
        at = datetime.now(UTC)
        assert sign_in(kept, "boss", GOOD, at=at, place="test")
        assert sign_in(kept, "张三", GOOD, at=at, place="test") is None
        acts = [line.act for line in audit_lines(kept)]
        assert acts == ["login-failed", "login", "user-disable", "user-add", "user-add"]
        assert GOOD not in repr(audit_lines(kept))


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("a b", "--role", "admin"), GOOD, "用户名应为"),
        (("boss", "--role", "admin"), "short", "至少 10 个字符"),
        (("boss", "--role", "admin"), "aaaaaaaaaaaa", "太简单"),
        (("boss", "--role", "unit"), GOOD, "写明单位编号"),
        (("boss", "--role", "admin", "--unit", "A01"), GOOD, "其他角色不写"),
        (("boss", "--role", "unit", "--unit", "Z99"), GOOD, "没有单位"),
    ],
)
def test_a_bad_account_is_refused_in_words(
    home: Path, words: tuple[str, ...], password: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        run(home, "users", "add", *words, "--password-stdin", password=password)


def test_the_last_administrator_stays(home: Path) -> None:
    run(home, "users", "add", "boss", "--role", "admin", "--password-stdin")
    with pytest.raises(BadInput, match="最后一位管理员"):
        run(home, "users", "disable", "boss")
    with open_store(home / "data" / "gongkai.db") as kept:
        assert [(one.role, one.disabled) for one in accounts(kept)] == [(Role.ADMIN, False)]


def test_the_desk_says_where_it_is_and_how_to_add_the_first_person(home: Path) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-m", "desk.cli", "serve", "--port", "0", "--home", str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    try:
        assert desk.stdout
        said = "".join(desk.stdout.readline() for _ in range(3))
    finally:
        desk.terminate()
        desk.wait(10)
        if desk.stdout:
            desk.stdout.close()
    assert "请用浏览器打开 http://127.0.0.1:" in said
    assert "gongkai users add 用户名 --role admin" in said
