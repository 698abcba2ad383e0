"""The campaign: announced in time, deliveries checked and receipted, the late named."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from docx import Document

from desk import campaign
from desk.acting import Refused
from desk.cli import registered
from desk.installation import Installation
from desk.media import media_table, medium_of
from desk.owed import owed_of, owed_table
from desk.papers.issuing import damage, drift
from desk.papers.text import Para, read_back
from dossier.errors import BadInput
from dossier.home import Home
from dossier.store import Store, listed_documents, open_store
from dossier.store.issued import files_of
from dossier.store.users import Account, Role

NOW = datetime(2020, 10, 30, 2, 0, tzinfo=UTC)
TODAY = date(2020, 10, 30)
ME = Account(name="张三", role=Role.ASSESSOR, password="", created=NOW)
CSV = (
    "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note\n"
    "A01,A,某市,某市人民政府,website,某市网站,http://a.gov.cn/,,,,,obey,,,,\n"
    "B01,B,某厅,某省某厅,website,某厅网站,http://b.gov.cn/,,,,,obey,,,,\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Installation, Store]]:
    (tmp_path / "unit_sites.csv").write_text(CSV, "utf-8")
    installation = Installation.of(home=tmp_path, as_of=TODAY)
    with open_store(installation.home.database) as kept:
        yield installation, kept


def announce(installation: Installation, kept: Store, ahead: int = 20) -> object:
    return campaign.announce(
        installation, kept, year=2020, begins=TODAY + timedelta(days=ahead), day=TODAY, who=ME, at=NOW
    )


def report(tmp_path: Path) -> Path:
    path = tmp_path / "自查报告.docx"
    Document().save(str(path))
    return path


def deliver(
    installation: Installation, kept: Store, file: Path, item: str = "self-report", day: date = TODAY
) -> object:
    return campaign.deliver(
        installation, kept, year=2020, unit_id="A01", item=item, file=file, day=day, who=ME, at=NOW
    )


def word(installation: Installation, kept: Store, item: str, today: date, unit_id: str = "A01") -> str:
    found = campaign.status_of(installation, kept, year=2020, today=today)
    return next(one.word for one in found if (one.unit.unit_id, one.owed.code) == (unit_id, item))


@pytest.mark.parametrize("ahead", [0, 14])
def test_a_notice_less_than_fifteen_days_ahead_is_refused(
    desk: tuple[Installation, Store], ahead: int
) -> None:
    with pytest.raises(Refused, match="2020-11-14"):
        announce(*desk, ahead=ahead)


def test_fifteen_days_are_enough_and_the_paper_is_frozen(desk: tuple[Installation, Store]) -> None:
    paper = announce(*desk, ahead=15)
    assert paper.number == "考核通知〔2020〕1号"
    assert paper.due == date(2020, 11, 13)
    assert damage(desk[1], paper) + drift(desk[1], paper) == ()


def test_each_class_owes_what_the_plan_asks_of_it(desk: tuple[Installation, Store]) -> None:
    table = owed_table(desk[0].home)
    a, b = ({one.code for one in owed_of(table, unit)} for unit in desk[0].units)
    assert a - b == {"grassroots", "key-areas"}
    assert b - a == {"guidance"}


def test_who_is_late_follows_from_the_day(desk: tuple[Installation, Store], tmp_path: Path) -> None:
    assert word(*desk, "self-report", date(2030, 1, 1)) == "未报送", "nothing was announced"
    announce(*desk)
    due = date(2020, 11, 18)
    assert word(*desk, "self-report", due) == "未报送"
    assert word(*desk, "self-report", due + timedelta(days=1)) == "逾期未报"
    assert word(*desk, "highlights", due + timedelta(days=1)) == "可不报"
    deliver(*desk, report(tmp_path), day=due + timedelta(days=2))
    assert word(*desk, "self-report", due + timedelta(days=9)) == "逾期报送"
    campaign.waive(
        *desk, year=2020, unit_id="B01", item="platform", reason="尚未迁移", day=TODAY, who=ME, at=NOW
    )
    assert word(*desk, "platform", due + timedelta(days=9), "B01") == "免报"


def test_a_delivery_is_receipted_with_what_is_still_missing(
    desk: tuple[Installation, Store], tmp_path: Path
) -> None:
    announce(*desk)
    receipt = deliver(*desk, report(tmp_path))
    text = "".join(one.text for one in read_back(receipt.value).blocks if isinstance(one, Para))
    assert "“自查报告”已于2020年10月30日收到" in text
    assert "内部机制建设详情" in text
    assert damage(desk[1], receipt) + drift(desk[1], receipt) == ()


def test_a_document_list_is_checked_row_by_row_and_taken_over(
    desk: tuple[Installation, Store], tmp_path: Path
) -> None:
    good = tmp_path / "清单.csv"
    good.write_text(
        "公文全称,文号,公开属性,公文链接\n某办法,某政发〔2020〕1号,主动公开,http://a.gov.cn/1.html\n", "utf-8"
    )
    deliver(*desk, good, "documents")
    assert len(listed_documents(desk[1], "A01") or ()) == 1
    bad = tmp_path / "坏.csv"
    bad.write_text("甲,乙\n1,2\n", "utf-8")
    with pytest.raises(BadInput):
        deliver(*desk, bad, "documents")
    assert len(listed_documents(desk[1], "A01") or ()) == 1


def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept(
    desk: tuple[Installation, Store], tmp_path: Path
) -> None:
    fake = tmp_path / "自查报告.docx"
    fake.write_bytes(b"MZ not a document")
    with pytest.raises(Refused, match="内容与扩展名不符"):
        deliver(*desk, fake)
    with pytest.raises(Refused, match="没有“nothing”"):
        deliver(*desk, report(tmp_path), "nothing")
    assert word(*desk, "self-report", TODAY) == "未报送"


@pytest.mark.parametrize(
    ("url", "medium"),
    [
        ("http://paper.people.com.cn/rmrb/1.htm", "人民日报"),
        ("https://www.xinhuanet.com/1.htm", "新华社"),
        ("https://news.cctv.com/2020/1.shtml", "中央电视台"),
        ("https://www.gov.cn/xinwen/1.htm", "中国政府网"),
        ("http://www.shanxi.gov.cn/1.htm", ""),
        ("http://people.com.cn.example.com/1", ""),
    ],
)
def test_a_highlight_is_of_the_medium_whose_address_it_has(url: str, medium: str) -> None:
    assert medium_of(media_table(Home(Path("/nowhere"))), url) == medium


def test_a_home_may_change_what_is_owed_and_a_bad_table_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    own = tmp_path / "tables" / "owed.toml"
    shutil.copy(Home(Path("/nowhere")).table("owed.toml"), own)
    own.write_text(own.read_text("utf-8").replace('kind = "list"', 'kind = "table"'), "utf-8")
    with pytest.raises(BadInput) as caught:
        owed_table(Home(tmp_path))
    assert "table" in caught.value.problems[0].what
    assert caught.value.problems[0].line


def test_what_left_the_house_cannot_be_changed_and_damage_is_noticed(
    desk: tuple[Installation, Store],
) -> None:
    paper = announce(*desk)
    kept = desk[1]
    for table in ("issued_paper", "issued_file", "campaign_event"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(sqlite3.DatabaseError, match="only ever added"), kept.writing():
                kept.put(statement)
    with kept.writing():
        kept.db.conn.execute("DROP TRIGGER issued_file_is_never_changed")
        kept.put("UPDATE issued_file SET body = x'00' WHERE name = 'html'")
    assert damage(kept, paper) == (f"{paper.number} 的 html 与发出时的摘要不符",)


def test_the_command_line_says_in_chinese_what_may_not_be_done(desk: tuple[Installation, Store]) -> None:
    group = registered()
    home = ["--home", str(desk[0].home.root), "--as-of", "2020-10-30"]
    run = CliRunner()
    with pytest.raises(BadInput, match="提前 15 天"):
        run.invoke(group, ["campaign", "announce", "--begins", "2020-11-02", *home], catch_exceptions=False)
    done = run.invoke(
        group, ["campaign", "announce", "--begins", "2020-11-20", *home], catch_exceptions=False
    )
    assert (done.exit_code, "考核通知〔2020〕1号" in done.output) == (0, True)
    out = desk[0].home.root / "out"
    shown = run.invoke(
        group, ["notice", "show", "考核通知〔2020〕1号", "--out", str(out), *home], catch_exceptions=False
    )
    assert shown.exit_code == 0
    frozen = {name: body for name, (_, body) in files_of(desk[1], 1).items()}
    assert {path.suffix[1:]: path.read_bytes() for path in out.iterdir()} == frozen
    with pytest.raises(BadInput, match="还没有评过分的批次"):
        run.invoke(group, ["notice", "issue", *home], catch_exceptions=False)
    assert run.invoke(group, ["notice", "verify", *home], catch_exceptions=False).exit_code == 0


@pytest.mark.parametrize("name", ["notice", "campaign", "period", "ledger", "bulletin"])
def test_every_command_helps_in_chinese(name: str) -> None:
    command = registered().commands[name]
    for one in (command, *getattr(command, "commands", {}).values()):
        assert re.search(r"[一-鿿]", one.help or "")
        assert all(
            re.search(r"[一-鿿]", each.help or "") for each in one.params if isinstance(each, click.Option)
        )
