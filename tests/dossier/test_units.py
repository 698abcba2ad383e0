"""unit_sites.csv: what is accepted, and how a bad row is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dossier.errors import BadInput
from dossier.model import Channel, RobotsPolicy, UnitClass
from dossier.units import COLUMNS, load_units

AS_OF = date(2020, 9, 30)
ROOT = Path(__file__).parents[2]
HEADER = ",".join(COLUMNS)
GOOD = "A01,A,清河,清河市人民政府,website,门户,http://www.qinghe.gov.cn/,,,xxgk.qinghe.gov.cn,20,obey,,,核实,"


def write(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "unit_sites.csv"
    path.write_bytes("\n".join([header, *rows]).encode(encoding))
    return path


def problems(folder: Path, *rows: str, **how: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load_units(write(folder, *rows, **how), AS_OF)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_list_holds_the_54_units_of_the_plan() -> None:
    units = load_units(ROOT / "unit_sites.csv", AS_OF)
    assert [unit.unit_class for unit in units].count(UnitClass.A) == 11
    assert [unit.unit_class for unit in units].count(UnitClass.B) == 43
    assert len({unit.full_name for unit in units}) == 54


def test_an_address_that_nobody_knows_stays_empty_and_every_row_says_how_it_is_known() -> None:
    rows = [row for unit in load_units(ROOT / "unit_sites.csv", AS_OF) for row in unit.sites]
    assert [row.unit_id for row in rows if not row.url] == ["B28", "B30", "B36", "B37", "B38", "B41", "B42"]
    assert all(row.source for row in rows)
    assert all(row.channel is Channel.WEBSITE for row in rows), "no account is invented"


def test_a_row_is_read_with_its_hosts_bounds_and_policy(tmp_path: Path) -> None:
    (unit,) = load_units(write(tmp_path, GOOD), AS_OF)
    (row,) = unit.websites
    assert (row.extra_hosts, row.min_pages, row.robots) == (("xxgk.qinghe.gov.cn",), 20, RobotsPolicy.OBEY)
    assert row.line == 2


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert len(load_units(write(tmp_path, GOOD, encoding="utf-8-sig"), AS_OF)) == 1


def test_accounts_stand_beside_the_website_of_their_unit(tmp_path: Path) -> None:
    account = "A01,A,清河,清河市人民政府,weibo,清河发布,https://m.weibo.cn/u/1,1,,,,,,,核实,"
    (unit,) = load_units(write(tmp_path, GOOD, account), AS_OF)
    assert [row.name for row in unit.accounts] == ["清河发布"]


def test_a_row_outside_its_dates_is_not_inspected_but_the_unit_stays(tmp_path: Path) -> None:
    ended = GOOD.replace(",obey,,,", ",obey,,2020-09-29,")
    (unit,) = load_units(write(tmp_path, ended), AS_OF)
    assert unit.sites == ()


def test_only_the_named_units_are_kept_and_an_unknown_name_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, GOOD.replace("A01", "A02").replace("qinghe", "other"))
    assert [unit.unit_id for unit in load_units(path, AS_OF, only=["A02"])] == ["A02"]
    with pytest.raises(BadInput, match="B99"):
        load_units(path, AS_OF, only=["B99"])


@pytest.mark.parametrize(
    ("bad", "column", "word"),
    [
        (GOOD.replace("A01,A", "a1,A"), "unit_id", "单位编号"),
        (GOOD.replace("A01,A", "A01,C"), "class", "A、B"),
        (GOOD.replace("website", "websit"), "channel", "website"),
        (GOOD.replace("http://www", "www"), "url", "http://"),
        (GOOD.replace("http://www", "ftp://www"), "url", "http://"),
        (GOOD.replace("http://www.qinghe.gov.cn/", "http://a:99999999/"), "url", "网址"),
        (GOOD.replace(",20,", ",二十,"), "min_pages", "页数"),
        (GOOD.replace("obey", "maybe"), "robots", "obey"),
        (GOOD.replace("obey,,,", "obey,2020/1/1,,"), "active_from", "2020-05-22"),
        (GOOD.replace("obey,,,", "obey,2020-05-02,2020-05-01,"), "active_until", "早于"),
        (GOOD.replace("xxgk.qinghe.gov.cn", "http://xxgk/"), "extra_hosts", "主机名"),
        (GOOD.replace("清河市人民政府", ""), "full_name", "没有填写"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_column_and_mend(
    tmp_path: Path, bad: str, column: str, word: str
) -> None:
    (message, *rest) = problems(tmp_path, GOOD.replace("A01", "B01"), bad)
    assert not rest
    assert "unit_sites.csv 第 3 行" in message
    assert f"“{column}”" in message
    assert word in message


def test_every_bad_row_is_named_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, GOOD.replace("A01,A", "A1,A"), GOOD.replace("obey", "x"))) == 2


def test_rows_of_one_unit_must_agree_on_its_name_and_repeat_nothing(tmp_path: Path) -> None:
    messages = problems(tmp_path, GOOD, GOOD, GOOD.replace("清河市人民政府", "清河区").replace("www", "w3"))
    assert any("与第 2 行重复" in message for message in messages)
    assert any("不一致" in message for message in messages)


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (HEADER.replace("unit_id,", ""), "缺少列：unit_id"),
        (HEADER + ",colour", "不认识的列：colour"),
        (HEADER.replace("note", "source"), "重复的列：source"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, header: str, word: str) -> None:
    assert any(word in message for message in problems(tmp_path, GOOD, header=header))


def test_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    (message,) = problems(tmp_path, GOOD, encoding="gbk")
    assert "UTF-8" in message
    assert "第 2 行" in message


def test_a_missing_file_and_an_empty_list_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="打不开"):
        load_units(tmp_path / "none.csv", AS_OF)
    assert "没有任何单位" in problems(tmp_path)[0]


def test_too_many_cells_and_a_broken_quote_are_named_by_line(tmp_path: Path) -> None:
    assert "第 2 行" in problems(tmp_path, GOOD + ",x")[0]
    assert "双引号" in problems(tmp_path, GOOD.replace("核实", '"核实'))[0]
