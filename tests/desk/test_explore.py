"""The last night's facts in Datasette: read-only, on this machine, and nothing in it that people wrote."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk import explore, facts_copy
from desk.cli import registered
from desk.decisions import decide
from desk.installation import Installation
from dossier import store
from dossier.errors import BadInput
from dossier.model import (
    AccountFacts,
    Area,
    AreaCoverage,
    AreaState,
    Capture,
    Coverage,
    Judgement,
    Link,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
    UnitReport,
    Unseen,
)
from dossier.model.page import READER_VERSION
from dossier.store import Extent, RunInfo, Store, open_store
from dossier.store.derived import DerivedFile

sys.path.append(str(Path(__file__).parent / "web"))
from desk_sample import NIGHT_2, PEOPLE, make_home

from desk.caseload import load
from dossier.store.users import account_of

SITE = "http://www.a01.gov.cn/"
SECRET = "这句话只写在决定的理由里"
needs_datasette = pytest.mark.skipif(
    importlib.util.find_spec("datasette") is None, reason="the optional extra is not installed"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample home with one more night: pages that changed, dead links, accounts, a blocked host."""
    folder = tmp_path_factory.mktemp("explore") / "home"
    installation = make_home(folder)
    with open_store(installation.home.database) as kept:
        for night in (1, 2):
            _night(installation, kept, night)
        wang = account_of(kept, "wang")
        assert wang
        case = next(iter(load(installation, kept, NIGHT_2).waiting))
        decide(
            kept, [(case.deficiency, case.state)], "dismiss", who=wang, at=datetime.now(UTC), today=NIGHT_2,
            reason=SECRET, seen={case.number: 0},
        )  # fmt: skip
    return folder


def _night(installation: Installation, kept: Store, night: int) -> None:
    day = NIGHT_2 + timedelta(days=night)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    run_id = f"{day:%Y%m%d}-020000"
    store.record_run(kept, RunInfo(run_id=run_id, as_of=day, started=at, kind="nightly"))
    unit = next(one for one in installation.units if one.unit_id == "A01")
    pages = {
        "doc1.html": PageFacts(url=SITE + "doc1.html", reader=READER_VERSION, kind=PageKind.DOCUMENT, title="关于甲的通知",
                               document_number="清政发〔2020〕1号", links=(Link(url=SITE + "lost.html", text="丢了的一页"),)),
        "doc2.html": PageFacts(url=SITE + "doc2.html", reader=READER_VERSION, kind=PageKind.DOCUMENT, title="关于乙的通知",
                               interpretations=(Link(url=SITE + "jd2.html", text="解读"),)),
        "doc3.html": PageFacts(url=SITE + "doc3.html", reader=READER_VERSION, kind=PageKind.DOCUMENT, title="关于丙的通知"),
        "jd3.html": PageFacts(url=SITE + "jd3.html", reader=READER_VERSION, kind=PageKind.INTERPRETATION, title="丙的解读",
                              sources=(Link(url=SITE + "doc3.html", text="原文"),)),
    }  # fmt: skip
    captures, facts = [], []
    for n, (name, read) in enumerate(pages.items()):
        digest = f"{n or night:064x}"
        captures.append(Capture(unit_id="A01", asked_url=SITE + name, final_url=SITE + name, at=at, reach=Reach.OK,
                                status=200, content_type="text/html", sha256=digest))  # fmt: skip
        facts.append((SITE + name, digest, read))
    captures += [
        Capture(unit_id="A01", asked_url=SITE + "lost.html", at=at, reach=Reach.GONE, status=404, reason="status-404",
                attempt=attempt, referrer=SITE + "doc1.html")
        for attempt in (1, 2)
    ]  # fmt: skip
    captures.append(Capture(unit_id="A01", asked_url="http://x.a01.gov.cn/", at=at, reach=Reach.BLOCKED, status=521,
                            reason="challenge:jsl", purpose=Purpose.EXTERNAL))  # fmt: skip
    report = UnitReport(unit_id="A01", run_id=run_id, started=at, finished=at, finish="finished")
    store.ingest_unit(kept, run_id, unit, report, captures, facts)
    accounts = (
        AccountFacts(unit_id="A01", channel="weibo", account_id="清河发布", state="open"),
        AccountFacts(
            unit_id="A01", channel="wechat", account_id="qinghe", state="blocked", because="要求验证"
        ),
    )
    store.save_accounts(kept, run_id, "A01", accounts)
    unseen = (Unseen(url=SITE + "zfgb/", text="政府公报", because="blocked"),)
    areas = {Area.POLICY: AreaCoverage(area=Area.POLICY, state=AreaState.PARTIAL, unseen=unseen)}
    store.save_judgement(
        kept, run_id, Judgement(unit_id="A01", outcomes=()), Coverage(areas=areas, cms="TRS WCM"),
        Extent(pages=4, items=0, dated_items=0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def copied(home: Path) -> Iterator[sqlite3.Connection]:
    with open_store(home / "data" / "gongkai.db") as kept:
        run = store.latest_run(kept)
        assert run
        facts_copy.copy_facts(kept, run, home / "facts.db")
    connection = sqlite3.connect(f"file:{home / 'facts.db'}?mode=ro", uri=True)
    yield connection
    connection.close()


def ask(copied: sqlite3.Connection, query: str, unit: str = "") -> list[tuple[object, ...]]:
    return copied.execute(explore.QUERIES[query]["sql"], {"unit": unit}).fetchall()


def test_every_ready_question_is_answered_from_what_was_seen(copied: sqlite3.Connection) -> None:
    assert ask(copied, "dead-links", "A01") == [
        ("A01", "http://x.a01.gov.cn/", "", "", "被访问验证拦截", "加速乐防护", 1),
        ("A01", SITE + "lost.html", "丢了的一页", SITE + "doc1.html", "页面不存在", "状态码 404", 2),
    ]
    assert ask(copied, "dead-links", "A02") == []
    assert [row[:4] for row in ask(copied, "changed-pages")] == [("A01", "有变化", "关于甲的通知", "公文")]
    assert [row[1] for row in ask(copied, "documents-without-interpretation")] == ["关于甲的通知"]
    assert ask(copied, "accounts-not-seen") == [
        ("A01", "微信公众号", "qinghe", "", "被访问验证拦截", "要求验证")
    ]
    assert ask(copied, "blocked-hosts") == [("A01", "x.a01.gov.cn", "被访问验证拦截", "加速乐防护", 1)]
    assert copied.execute("select 建站系统 from 单位").fetchall() == [("TRS WCM",)]
    assert copied.execute("select 范围, 链接文字, 原因 from 没看到").fetchall() == [
        ("政策文件", "政府公报", "被访问验证拦截")
    ]


def test_the_copy_holds_the_allowed_tables_and_nothing_that_people_wrote(
    home: Path, copied: sqlite3.Connection
) -> None:
    names = {row[0] for row in copied.execute("select name from sqlite_master where type <> 'index'")}
    assert names == set(facts_copy.TABLES) == set(explore.DESCRIPTIONS)
    raw = (home / "facts.db").read_bytes()
    assert "关于甲的通知".encode() in raw
    everything = (home / "data" / "gongkai.db").read_bytes()
    for word in (SECRET, "$argon2", "wang", "login", "招开会议"):
        assert word.encode() in everything or word == "login", word
        assert word.encode() not in raw, word
    for name, _, _ in PEOPLE:
        assert name.encode() not in raw, name
    assert (home / "facts.db").stat().st_mode & 0o777 == 0o400


def test_a_copy_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def write() -> None:
        with DerivedFile(tmp_path / "x.db") as out:
            out.table("甲", ("乙",))
            out.add("甲", ((1 // n,) for n in (1, 0)))

    with pytest.raises(ZeroDivisionError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_refuses_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"没有安装.*gongkai\[explore\]"):
        explore.must_be_installed()
    assert "explore" in registered().commands


class Server:
    """The command itself, running."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "desk", "explore", "--home", str(home), "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line + (self.process.stderr.read() if self.process.stderr else "")
        self.address, self.port = found[0], int(found[1])

    def get(self, path: str, host: str = "") -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, headers={"Host": host} if host else {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def rows(self, path: str, **arguments: str) -> list[dict[str, object]]:
        code, text = self.get(path + "?" + urllib.parse.urlencode({**arguments, "_shape": "array"}))
        assert code == 200, text
        found: list[dict[str, object]] = json.loads(text)
        return found


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Server]:
    server = Server(home)
    yield server
    server.process.send_signal(signal.SIGINT)
    output, errors = server.process.communicate(timeout=30)
    assert server.process.returncode == 0, errors
    assert "副本已删除" in output
    assert not list((home / "data").glob("explore-*"))


@needs_datasette
def test_it_serves_the_questions_in_chinese(running: Server) -> None:
    code, text = running.get("")
    assert code == 200
    assert "昨夜看到的事实" in text
    listed = running.get("facts")[1]
    for query in explore.QUERIES.values():
        assert query["title"] in listed
    (row,) = running.rows("facts/documents-without-interpretation.json", unit="")
    assert row["标题"] == "关于甲的通知"
    assert len(running.rows("facts/dead-links.json", unit="A01")) == 2
    assert running.rows("facts.json", sql="select 标题 from 网页 where 种类 = '解读'") == [
        {"标题": "丙的解读"}
    ]


@needs_datasette
def test_nothing_can_be_written_nor_reached_beside_the_copy(running: Server, home: Path) -> None:
    before = (home / "data" / "gongkai.db").read_bytes()
    for sql in (
        "delete from 网页",
        "insert into 单位 values (1)",
        "attach database 'x.db' as x",
        f"attach database '{home / 'data' / 'gongkai.db'}' as x",
        "pragma writable_schema = 1",
        "vacuum into '/tmp/x.db'",
        "select load_extension('x')",
        "select * from account",
        "select * from audit",
        "select * from decision",
        "select readfile('/etc/passwd')",
        "with x as (select 1) delete from 网页",
    ):
        code, text = running.get("facts.json?" + urllib.parse.urlencode({"sql": sql}))
        assert code == 400, (sql, text[:200])
    names = {
        row["name"]
        for row in running.rows("facts.json", sql="select name from sqlite_master where type = 'table'")
    }
    assert names == set(facts_copy.TABLES)
    for path in (
        "facts.db",
        "gongkai",
        "gongkai.db",
        "-/plugins/../../etc/passwd",
        "_internal",
        "../gongkai.db",
    ):
        assert running.get(path)[0] in (400, 403, 404), path
    assert (home / "data" / "gongkai.db").read_bytes() == before


@needs_datasette
def test_it_listens_on_this_machine_alone_and_answers_to_its_own_name_alone(running: Server) -> None:
    assert running.get("", host="evil.example")[0] == 403
    assert running.get("", host=f"localhost:{running.port}")[0] == 200
    with socket.socket() as one:
        one.settimeout(2)
        assert one.connect_ex(("127.0.0.2", running.port)) != 0, "only 127.0.0.1, not every address"


def test_a_home_without_a_night_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "desk", "explore", "--home", str(tmp_path / "home")], capture_output=True, text=True,
        cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "还没有检查过" in done.stderr or "没有安装" in done.stderr
