"""What a person saw counts only with name, time and picture."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from desk.import_evidence import keep_screenshots, read_evidence
from dossier.errors import BadInput, Problem

HEAD = [
    "unit_id",
    "channel",
    "account_id",
    "observed_at",
    "newest_post_at",
    "newest_post_url",
    "screenshot",
    "observer",
    "note",
    "state",
]
ONE = [
    "B02",
    "wechat",
    "sxjyt",
    "2020-09-15 10:20",
    "2020-09-01 08:00",
    "https://mp.weixin.qq.com/s/x",
    "b02.png",
    "张三",
    "第一条",
    "",
]
PICTURE = b"\x89PNG\r\n\x1a\npicture"


def sheet(tmp_path: Path, *rows: list[str], head: list[str] = HEAD) -> Path:
    (tmp_path / "b02.png").write_bytes(PICTURE)
    path = tmp_path / "evidence.csv"
    path.write_text("\n".join(",".join(row) for row in [head, *rows]), "utf-8-sig")
    return path


def changed(**values: str) -> list[str]:
    return [values.get(name, value) for name, value in zip(HEAD, ONE, strict=True)]


def refused(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadInput) as caught:
        read_evidence(path)
    assert all(problem.mend for problem in caught.value.problems)
    return caught.value.problems


def test_evidence_carries_observer_time_and_digest(tmp_path: Path) -> None:
    (fact,) = read_evidence(sheet(tmp_path, ONE))
    assert (fact.unit_id, fact.channel, fact.account_id, fact.state) == ("B02", "wechat", "sxjyt", "open")
    assert fact.newest_post == date(2020, 9, 1)
    assert fact.observed_at == datetime(2020, 9, 15, 2, 20, tzinfo=UTC)
    assert fact.sha256 == hashlib.sha256(PICTURE).hexdigest()
    assert fact.via == "import"
    assert "张三" in fact.because
    assert "b02.png" in fact.because


def test_a_workbook_with_chinese_headers_and_real_dates_is_read(tmp_path: Path) -> None:
    (tmp_path / "b02.png").write_bytes(PICTURE)
    seen = datetime(2020, 9, 15, 10, 20, tzinfo=UTC).replace(tzinfo=None)  # a spreadsheet knows no zone
    book = openpyxl.Workbook()
    book.active.append(["人工核查记录"])
    book.active.append(["单位编号", "渠道", "账号", "查看时间", "最新发布时间", "截图文件名", "查看人"])
    book.active.append(["b02", "微信公众号", "sxjyt", seen, date(2020, 9, 1), "b02.png", "张三"])
    book.save(tmp_path / "e.xlsx")
    (fact,) = read_evidence(tmp_path / "e.xlsx")
    assert (fact.unit_id, fact.channel, fact.newest_post) == ("B02", "wechat", date(2020, 9, 1))
    assert fact.observed_at == datetime(2020, 9, 15, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2020年9月1日", "2020/9/1", "2020.9.1 8:00", "2020-09-01T08:00:00+08:00"])
def test_dates_are_read_as_people_write_them(tmp_path: Path, text: str) -> None:
    (fact,) = read_evidence(sheet(tmp_path, changed(newest_post_at=text)))
    assert fact.newest_post == date(2020, 9, 1)


def test_an_account_seen_to_be_gone_needs_no_post(tmp_path: Path) -> None:
    gone, empty = read_evidence(
        sheet(
            tmp_path,
            changed(newest_post_at="", state="不存在"),
            changed(newest_post_at="", state="empty", account_id="x"),
        )
    )
    assert (gone.state, gone.newest_post, empty.state) == ("gone", None, "empty")


@pytest.mark.parametrize(
    ("values", "column", "what"),
    [
        ({"unit_id": "教育厅"}, "unit_id", "单位编号"),
        ({"channel": "website"}, "channel", "渠道“website”不认识"),
        ({"account_id": ""}, "account_id", "没有写明是哪个账号"),
        ({"observed_at": "上周"}, "observed_at", "读不懂"),
        ({"observed_at": "2020-13-01"}, "observed_at", "读不懂"),
        ({"observed_at": "2999-01-01"}, "observed_at", "还没有到"),
        ({"newest_post_at": "2020-09-16"}, "newest_post_at", "晚于查看时间"),
        ({"newest_post_at": ""}, "newest_post_at", "也没有账号状态"),
        ({"state": "不存在"}, "state", "状态却不是"),
        ({"state": "还行"}, "state", "“还行”不认识"),
        ({"observer": ""}, "observer", "没有写查看人"),
        ({"screenshot": ""}, "screenshot", "没有写截图文件名"),
        ({"screenshot": "other.png"}, "screenshot", "找不到截图"),
        ({"screenshot": "../b02.png"}, "screenshot", "带有路径"),
        ({"screenshot": "evidence.csv"}, "screenshot", "不是图片"),
    ],
)
def test_evidence_that_proves_nothing_is_refused(
    tmp_path: Path, values: dict[str, str], column: str, what: str
) -> None:
    problems = refused(sheet(tmp_path, ONE, changed(**values)))
    assert [(p.line, p.column) for p in problems] == [(3, column)]
    assert what in problems[0].what


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    head = [name if name != "observer" else "不相干" for name in HEAD]
    (problem,) = refused(sheet(tmp_path, ONE, head=head))
    assert problem.column == "observer"
    assert problem.line == 1


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    assert "没有一条记录" in refused(sheet(tmp_path))[0].what
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "没有找到表头" in refused(tmp_path / "other.csv")[0].what


def test_screenshots_are_kept_under_their_digest(tmp_path: Path) -> None:
    path = sheet(tmp_path, ONE)
    (tmp_path / "unrelated.png").write_bytes(b"other")
    facts = read_evidence(path)
    (kept,) = keep_screenshots(path, facts, tmp_path / "data" / "evidence")
    assert kept.name == f"{facts[0].sha256}.png"
    assert kept.read_bytes() == PICTURE
    assert keep_screenshots(path, facts, kept.parent) == (kept,)
