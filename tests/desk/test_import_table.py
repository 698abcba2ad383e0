"""An official sheet replaces the assumed table only when it is sound as a whole."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest

from desk.import_table import import_table, write_template
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import IndicatorTable, Points, Row, Section, SourceStatus, UnitClass
from dossier.tables import load_tables, read_indicators, shipped_table

TABLE = read_indicators(shipped_table("indicators_A.toml"))
RULES = frozenset(
    {points.rule_id for section in TABLE.sections for row in section.rows for points in row.points}
    | {points.rule_id for major in TABLE.majors for points in major.points}
    | set(TABLE.unscored)
)
OFFICIAL = msgspec.structs.replace(
    TABLE, source_status=SourceStatus.OFFICIAL, source="附件2", title="官方评分表"
)


def same(one: IndicatorTable, other: IndicatorTable) -> bool:
    return msgspec.structs.replace(one, digest="") == msgspec.structs.replace(other, digest="")


def refused(path: Path, home: Home) -> tuple[Problem, ...]:
    before = (
        sorted(p.name for p in (home.root / "tables").iterdir()) if (home.root / "tables").is_dir() else []
    )
    with pytest.raises(BadInput) as caught:
        import_table(path, home, RULES)
    after = (
        sorted(p.name for p in (home.root / "tables").iterdir()) if (home.root / "tables").is_dir() else []
    )
    assert before == after
    return caught.value.problems


def edited(tmp_path: Path, sheet: str, cell: str, value: object) -> Path:
    path = write_template(OFFICIAL, tmp_path / "table.xlsx")
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    return path


def row_of(path: Path, sheet: str, text: str) -> int:
    for row in openpyxl.load_workbook(path)[sheet].iter_rows():
        if any(cell.value == text for cell in row):
            return row[0].row
    raise AssertionError(text)


@pytest.mark.parametrize("unit_class", list(UnitClass))
def test_a_template_filled_in_comes_back_as_it_was(tmp_path: Path, unit_class: UnitClass) -> None:
    table = read_indicators(shipped_table(f"indicators_{unit_class}.toml"))
    home = Home(tmp_path)
    written = import_table(write_template(table, tmp_path / "t.xlsx"), home, RULES)
    assert written == tmp_path / "tables" / f"indicators_{unit_class}.toml"
    assert same(load_tables(home, RULES).indicators[unit_class], table)


def test_three_levels_and_caps_come_back_as_they_were(tmp_path: Path) -> None:
    upkeep = next(section for section in TABLE.sections if section.name == "平台建设")
    site = upkeep.rows[0]
    half = len(site.points) // 2
    rows = (
        Row(
            path=("网站", "更新"),
            weight=Decimal("3.5"),
            cap=Decimal("2.25"),
            points=site.points[:half],
            standard="甲\n乙",
        ),
        Row(path=("网站", "可用"), weight=Decimal("6.5"), points=site.points[half:]),
        *upkeep.rows[1:],
    )
    sections = tuple(
        Section(name=s.name, weight=s.weight, rows=rows) if s is upkeep else s for s in TABLE.sections
    )
    table = msgspec.structs.replace(OFFICIAL, sections=sections)
    home = Home(tmp_path)
    import_table(write_template(table, tmp_path / "t.xlsx"), home, RULES)
    assert same(load_tables(home, RULES).indicators[UnitClass.A], table)


def test_the_table_it_replaces_is_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = write_template(OFFICIAL, tmp_path / "t.xlsx")
    target = import_table(path, home, RULES)
    first = target.read_bytes()
    second = write_template(msgspec.structs.replace(OFFICIAL, year=2021), path)
    import_table(second, home, RULES)
    import_table(second, home, RULES)
    names = sorted(each.name for each in target.parent.iterdir())
    assert names == ["indicators_A.toml", "indicators_A.toml.bak-1", "indicators_A.toml.bak-2"]
    assert target.with_name("indicators_A.toml.bak-1").read_bytes() == first
    assert load_tables(home, RULES).indicators[UnitClass.A].year == 2021


def test_a_toml_table_is_taken_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "mine.toml"
    source.write_bytes(shipped_table("indicators_B.toml").read_bytes() + "# 备注\n".encode())
    target = import_table(source, Home(tmp_path), RULES)
    assert target.name == "indicators_B.toml"
    assert target.read_bytes() == source.read_bytes()


def test_a_bad_toml_table_changes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "mine.toml"
    source.write_text(
        shipped_table("indicators_A.toml").read_text("utf-8").replace("weight = 32", "weight = 33"), "utf-8"
    )
    assert "下级权重合计 32" in " ".join(problem.what for problem in refused(source, Home(tmp_path)))


def test_a_weight_that_does_not_add_up_is_refused_with_its_row(tmp_path: Path) -> None:
    path = edited(tmp_path, "评分表", "B2", 7)
    problems = refused(path, Home(tmp_path))
    assert any("合计为 101" in problem.what for problem in problems)
    assert {problem.line for problem in problems} == {2}
    assert all("评分表" in problem.file for problem in problems)


def test_an_unknown_rule_is_refused_with_its_row(tmp_path: Path) -> None:
    path = write_template(OFFICIAL, tmp_path / "t.xlsx")
    row = row_of(path, "评分表", "fake-link")
    path = edited(tmp_path, "评分表", f"I{row}", "fake-lnk")
    problems = refused(path, Home(tmp_path))
    assert (problems[0].line, "没有“fake-lnk”" in problems[0].what) == (row, True)
    assert any("“fake-link”没有列入" in problem.what for problem in problems)


@pytest.mark.parametrize(
    ("column", "value", "what", "name"),
    [
        ("J", "很多", "“很多”不是数值", "每处扣分"),
        ("J", None, "没有填写", "每处扣分"),
        ("J", -0.1, "扣分 -0.1 不对", None),
        ("J", 0.123, "扣分 0.123 不对", None),
        ("K", "也许", "“也许”不认识", "是否一次"),
        ("L", "三", "“三”不是数值", "规则上限"),
        ("I", "link-broken、home-stale", "不是一条规则的编号", "检查规则"),
        ("I", None, "没有填检查规则", "检查规则"),
    ],
)
def test_a_bad_cell_is_refused_with_row_and_column(
    tmp_path: Path, column: str, value: object, what: str, name: str | None
) -> None:
    path = write_template(OFFICIAL, tmp_path / "t.xlsx")
    row = row_of(path, "评分表", "fake-link")
    path = edited(tmp_path, "评分表", f"{column}{row}", value)
    problems = refused(path, Home(tmp_path))
    found = next(problem for problem in problems if what in problem.what)
    assert found.line == row
    assert found.mend
    if name is not None:
        assert found.column == name


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "what"),
    [
        ("说明", "B2", "C", "类别“C”不对"),
        ("说明", "B3", "二〇", "年度“二〇”不对"),
        ("说明", "B5", "大概", "来源状态“大概”不认识"),
        ("说明", "A6", "出处", "项目“出处”不认识"),
        ("加分项", "C2", 0.3, "比例 0.3 不对"),
        ("等次", "B3", 99, "没有从高到低"),
        ("重大扣分项", "B2", "no-rule", "没有“no-rule”"),
        ("不计分规则", "B2", None, "没有写理由"),
        ("评分表", "C1", "别的", "缺少列：二级指标"),
    ],
)
def test_every_sheet_of_the_workbook_is_checked(
    tmp_path: Path, sheet: str, cell: str, value: object, what: str
) -> None:
    problems = refused(edited(tmp_path, sheet, cell, value), Home(tmp_path))
    assert any(what in problem.what and sheet in problem.file for problem in problems), [
        str(p) for p in problems
    ]


def test_a_workbook_that_does_not_say_whose_table_it_is_is_refused(tmp_path: Path) -> None:
    path = write_template(OFFICIAL, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    del book["说明"]
    book.save(path)
    assert "不知道是哪一类、哪一年" in refused(path, Home(tmp_path))[0].what


def test_cells_left_blank_below_a_name_belong_to_it_as_merged_ones_do(tmp_path: Path) -> None:
    path = write_template(OFFICIAL, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["评分表"]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    book.save(path)
    home = Home(tmp_path)
    import_table(path, home, RULES)
    assert same(load_tables(home, RULES).indicators[UnitClass.A], OFFICIAL)


def test_level_three_weights_that_do_not_split_level_two_are_refused(tmp_path: Path) -> None:
    rows = (
        Row(
            path=("受理渠道", "入口"),
            weight=Decimal(3),
            points=(Points(rule_id="application-entry-missing", points=Decimal(3)),),
        ),
        Row(
            path=("受理渠道", "表格"),
            weight=Decimal(2),
            points=(Points(rule_id="application-form-broken", points=Decimal(2)),),
        ),
    )
    sections = tuple(
        msgspec.structs.replace(s, rows=(*rows, *s.rows[1:])) if s.name == "依申请公开" else s
        for s in TABLE.sections
    )
    path = write_template(msgspec.structs.replace(OFFICIAL, sections=sections), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    row = row_of(path, "评分表", "受理渠道")
    book["评分表"][f"D{row}"] = 6
    book.save(path)
    problems = refused(path, Home(tmp_path))
    assert [(p.line, p.column, "三级权重合计 5" in p.what) for p in problems] == [(row, "二级权重", True)]


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    assert "不是可以读的 xlsx" in refused(path, Home(tmp_path))[0].what


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.pdf"
    path.write_bytes(b"%PDF")
    assert "不支持“.pdf”" in refused(path, Home(tmp_path))[0].what
