"""Good tables load whole; bad ones are refused with the line that is wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import SourceStatus, UnitClass
from dossier.reading.vocabulary_tables import load_vocabulary
from dossier.tables import load_tables, read_indicators, render_indicators, shipped_table

SHIPPED = shipped_table("indicators_A.toml").read_text("utf-8")


def rules_of_shipped_tables() -> frozenset[str]:
    table = read_indicators(shipped_table("indicators_A.toml"))
    placed = {points.rule_id for section in table.sections for row in section.rows for points in row.points}
    placed |= {points.rule_id for major in table.majors for points in major.points}
    return frozenset(placed | set(table.unscored))


RULES = rules_of_shipped_tables()


def own(tmp_path: Path, name: str, text: str | bytes) -> Home:
    (tmp_path / "tables").mkdir(exist_ok=True)
    raw = text.encode() if isinstance(text, str) else text
    (tmp_path / "tables" / name).write_bytes(raw)
    return Home(tmp_path)


def refused(home: Home, rules: frozenset[str] | None = RULES) -> tuple[Problem, ...]:
    with pytest.raises(BadInput) as caught:
        load_tables(home, rules)
    for problem in caught.value.problems:
        assert problem.what
        assert problem.mend
        assert "/tables/" in problem.file
    return caught.value.problems


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


# ── what is shipped ──


def test_the_shipped_tables_are_sound_and_place_all_54_rules(tmp_path: Path) -> None:
    tables = load_tables(Home(tmp_path), RULES)
    assert len(RULES) == 54
    assert set(tables.indicators) == {UnitClass.A, UnitClass.B}
    for table in tables.indicators.values():
        assert sum(section.weight for section in table.sections) == 100
        assert table.source_status is table.bands_status is SourceStatus.ASSUMED
        assert "未取得" in table.source
        for section in table.sections:
            assert sum(row.weight for row in section.rows) == section.weight


def test_the_shipped_weights_and_points_are_those_agreed(tmp_path: Path) -> None:
    tables = load_tables(Home(tmp_path), RULES)
    weights = {
        unit_class: [int(section.weight) for section in tables.indicators[unit_class].sections]
        for unit_class in UnitClass
    }
    assert weights == {UnitClass.A: [6, 8, 32, 14, 8, 12, 16, 4], UnitClass.B: [6, 10, 34, 16, 6, 12, 12, 4]}
    b = tables.indicators[UnitClass.B]
    points = {p.rule_id: p for section in b.sections for row in section.rows for p in row.points}
    assert (points["external-link-broken"].points, points["external-link-broken"].cap) == (
        Decimal("0.05"),
        Decimal(1),
    )
    assert points["home-stale"].once
    assert not points["column-stale"].once
    assert [p.severity for major in b.majors for p in major.points if p.rule_id == "wording-error"] == [
        "严重"
    ]
    assert points["wording-error"].severity == "一般"
    assert list(b.unscored) == ["document-number-gap"]


def test_every_rule_says_on_how_many_nights_it_is_confirmed(tmp_path: Path) -> None:
    tables = load_tables(Home(tmp_path), RULES)
    for rule in RULES:
        assert f"{rule}.confirm_nights" in tables.rules.thresholds
    assert tables.confirm_nights("wording-error") == 1
    assert tables.confirm_nights("link-broken") == 2
    assert tables.confirm_nights("a-rule-of-tomorrow") == 2


def test_the_legal_thresholds_are_the_law_s(tmp_path: Path) -> None:
    rules = load_tables(Home(tmp_path)).rules
    assert rules.threshold("document-publication-late.working_days") == 20
    assert rules.threshold("home-stale.days") == 14
    assert rules.threshold("site-unreachable.share") == 0.05
    assert rules.threshold("annual-report-late.month_A") == 3
    with pytest.raises(KeyError):
        rules.threshold("no-such.threshold")


def test_the_statutory_items_cover_both_articles(tmp_path: Path) -> None:
    items = {item.code: item for item in load_tables(Home(tmp_path)).rules.statutory}
    assert set(items) == {f"20-{n}" for n in range(1, 16)} | {f"21-{n}" for n in range(1, 8)}
    assert items["20-15"].applies == frozenset()
    assert all(items[f"21-{n}"].applies == {UnitClass.A} for n in range(1, 8))
    assert items["20-7"].units is None
    assert "B02" not in (items["20-8"].units or ()) or "A" in (items["20-8"].units or ())
    assert all("A" in item.units for item in items.values() if item.units)
    assert "预决算" in items["20-7"].labels


def test_the_wording_table_is_large_and_accuses_no_right_form(tmp_path: Path) -> None:
    wording = load_tables(Home(tmp_path)).rules.wording
    assert len(wording) >= 300
    assert sum(entry.severity == "严重" for entry in wording) >= 80
    for entry in wording:
        assert not any(entry.wrong in other.right for other in wording)


@pytest.mark.parametrize(
    "sentence",
    [
        "中国共产党第十九届中央委员会第四次全体会议审议通过",
        "以习近平新时代中国特色社会主义思想为指导，不忘初心、牢记使命",
        "山西省人民政府办公厅关于印发政府信息公开条例实施办法的通知",
        "公民可以申请公开政府信息，自己经营的商户请登录办理",
        "教育厅干部暑期培训，按排放标准统一管理，公布署名文章",
        "结合河长制市级总河长会议，因脱贫因户施策，其中共产党员带头",
        "全省教育听证会，引起社会注意，消防讯息，年末成年人口",
        "吕梁市、忻州市、朔州市、长治市壶关县、运城市芮城县、临汾市侯马市、云冈石窟",
        "港口爆发力强，支援交通建设，健康码有码在线查询",
        "荣膺品牌、表决择优、创业己任、习惯彻底改变、选择州县试点",
    ],
)
def test_ordinary_official_sentences_are_not_accused(tmp_path: Path, sentence: str) -> None:
    rules = load_tables(Home(tmp_path)).rules
    for entry in rules.wording:
        text = sentence
        for phrase in entry.allowed:
            text = text.replace(phrase, "")
        assert entry.wrong not in text, entry.wrong
    assert not [word for word in rules.illicit_words if word in sentence]


@pytest.mark.realpages
def test_no_real_page_is_accused_of_a_wrong_word_or_an_illicit_one(tmp_path: Path) -> None:
    pages = Path(__file__).parents[2].parent / "shared" / "realpages"
    if not pages.is_dir():
        pytest.skip("no collection of real pages here")
    rules = load_tables(Home(tmp_path)).rules
    hits, read = [], 0
    for file in sorted(pages.rglob("*.*htm*")):
        raw = file.read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("gb18030", "replace")
        words = re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", text))
        read += len(words)
        for entry in rules.wording:
            left = words
            for phrase in entry.allowed:
                left = left.replace(phrase, "")
            if entry.wrong in left:
                hits.append((file.name, entry.wrong))
        hits += [(file.name, word) for word in rules.illicit_words if word in words.lower()]
    assert read > 100_000
    assert hits == []


def test_digests_name_the_files_that_were_read(tmp_path: Path) -> None:
    before = load_tables(Home(tmp_path)).digests
    own(tmp_path, "indicators_A.toml", SHIPPED + "\n# 改动\n")
    after = load_tables(Home(tmp_path))
    assert before["indicators_A.toml"] != after.digests["indicators_A.toml"]
    assert before["indicators_B.toml"] == after.digests["indicators_B.toml"]
    assert after.indicators[UnitClass.A].digest == after.digests["indicators_A.toml"]


def test_a_table_written_out_reads_back_the_same(tmp_path: Path) -> None:
    for unit_class in UnitClass:
        table = read_indicators(shipped_table(f"indicators_{unit_class}.toml"))
        odd = msgspec.structs.replace(table, title='带"引号"\\和\n换行\t的标题')
        path = tmp_path / f"{unit_class}.toml"
        path.write_text(render_indicators(odd), "utf-8")
        assert msgspec.structs.replace(read_indicators(path), digest="") == msgspec.structs.replace(
            odd, digest=""
        )


# ── what is refused ──


@pytest.mark.parametrize(
    ("old", "new", "what", "at"),
    [
        ('name = "组织领导"\nweight = 6', 'name = "组织领导"\nweight = 7', "合计为 101", 'name = "组织领导"'),
        (
            'path = ["队伍与培训"]\nweight = 3',
            'path = ["队伍与培训"]\nweight = 2',
            "下级权重合计 5",
            'name = "组织领导"',
        ),
        ('rule = "fake-link"', 'rule = "fake-lnk"', "没有“fake-lnk”", 'rule = "fake-lnk"'),
        (
            'rule = "fake-link"',
            'rule = "link-broken"',
            "出现不止一次",
            'rule = "link-broken", points = 0.1, cap = 1',
        ),
        ("points = 0.05", "points = 0.055", "扣分 0.055 不对", "external-link-broken"),
        ("points = 0.05", "points = -1", "扣分 -1 不对", "external-link-broken"),
        ("points = 0.05", 'points = "0.05"', "应为数值", "external-link-broken"),
        ("points = 0.05", "point = 0.05", "不认识的键“point”", "external-link-broken"),
        ("points = 0.05", "points = nan", "不是有限的数值", "external-link-broken"),
        ("share = 0.20", "share = 0.25", "比例 0.25 不对", "share = 0.25"),
        ('parent = "主动公开"', 'parent = "主动公布"', "“主动公布”不存在", 'parent = "主动公布"'),
        ('name = "监督保障"', 'name = "组织领导"', "“组织领导”重复", None),
        ('path = ["解读关联"]', 'path = ["解读质量"]', "“解读质量”重复", None),
        ('severity = "一般"', 'severity = "较重"', "程度“较重”不认识", 'severity = "较重"'),
        ('name = "良好"\nleast = 80', 'name = "良好"\nleast = 95', "没有从高到低", "least = 95"),
        ("year = 2020", 'year = "二〇二〇"', "应为整数", "year ="),
        ('source_status = "assumed"', 'source_status = "sure"', "“sure”不认识", "source_status"),
        ("weight = 3\nonline = false", 'weight = 3\nonline = "否"', "应为 true 或 false", 'online = "否"'),
        ("cap = 3 }", "cap = 0 }", "封顶 0 不对", 'rule = "link-broken"'),
    ],
)
def test_a_bad_indicator_table_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, what: str, at: str | None
) -> None:
    assert old in SHIPPED
    text = SHIPPED.replace(old, new, 1)
    problems = refused(own(tmp_path, "indicators_A.toml", text))
    found = [problem for problem in problems if what in problem.what]
    assert found, [str(problem) for problem in problems]
    assert found[0].line is not None
    if at is not None:
        assert found[0].line in {line_of(text, at), line_of(text, at) + 1}
    else:
        assert new in text.splitlines()[found[0].line - 1] or new in text.splitlines()[found[0].line]


def test_a_rule_that_a_table_forgets_is_named(tmp_path: Path) -> None:
    text = SHIPPED.replace('  { rule = "fake-link", points = 0.1, cap = 1 },\n', "")
    problems = refused(own(tmp_path, "indicators_A.toml", text))
    assert ["“fake-link”没有列入评分表" in problem.what for problem in problems] == [True]


def test_a_rule_without_points_needs_a_reason(tmp_path: Path) -> None:
    text = SHIPPED[: SHIPPED.index("document-number-gap =")] + 'document-number-gap = " "\n'
    problems = refused(own(tmp_path, "indicators_A.toml", text))
    assert "没有写理由" in problems[0].what
    assert problems[0].line == line_of(text, "document-number-gap =")


def test_a_rule_both_scored_and_unscored_is_refused(tmp_path: Path) -> None:
    problems = refused(own(tmp_path, "indicators_A.toml", SHIPPED + 'fake-link = "不计"\n'))
    assert "既计分又列为不计分" in problems[0].what


def test_a_severity_left_out_is_named(tmp_path: Path) -> None:
    start = SHIPPED.index('[[major]]\nname = "严重表述错误"')
    text = SHIPPED[:start] + SHIPPED[SHIPPED.index("# 加分项") :]
    assert any(
        "缺少程度“严重”" in problem.what for problem in refused(own(tmp_path, "indicators_A.toml", text))
    )


def test_a_level_two_row_is_not_both_whole_and_split(tmp_path: Path) -> None:
    text = SHIPPED.replace('path = ["队伍与培训"]', 'path = ["领导机构与研究部署", "培训"]')
    assert any(
        "既单独成行，又分了三级" in problem.what
        for problem in refused(own(tmp_path, "indicators_A.toml", text))
    )


def test_an_offline_row_has_no_rules_and_an_online_one_has_some(tmp_path: Path) -> None:
    first = SHIPPED.replace(
        'weight = 4\nstandard = "文件页', 'weight = 4\nonline = false\nstandard = "文件页'
    )
    assert any("却写了检查规则" in p.what for p in refused(own(tmp_path, "indicators_A.toml", first)))
    second = SHIPPED.replace("online = false\n", "", 1)
    problems = refused(own(tmp_path, "indicators_A.toml", second))
    assert "却没有检查规则" in problems[0].what


def test_the_table_of_the_other_class_is_refused(tmp_path: Path) -> None:
    problems = refused(own(tmp_path, "indicators_B.toml", SHIPPED))
    assert "这是 A 类的评分表，应为 B 类" in problems[0].what


def test_a_table_that_is_no_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    text = SHIPPED.replace("year = 2020", "year 2020")
    problem = refused(own(tmp_path, "indicators_A.toml", text))[0]
    assert problem.line == line_of(text, "year 2020")
    assert "TOML" in problem.what


def test_a_table_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    problem = refused(own(tmp_path, "indicators_A.toml", 'class = "A"\ntitle = "评分表"\n'.encode("gbk")))[0]
    assert (problem.line, "UTF-8" in problem.what) == (2, True)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    home = own(tmp_path, "indicators_A.toml", b"\xef\xbb\xbf" + SHIPPED.encode())
    assert load_tables(home, RULES).indicators[UnitClass.A].year == 2020


def test_the_problems_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    own(tmp_path, "indicators_A.toml", SHIPPED.replace("year = 2020", "year = 1"))
    home = own(tmp_path, "illicit.toml", 'source_status = "x"\nsource = "x"\nwords = []\n')
    assert {Path(problem.file).name for problem in refused(home)} == {"indicators_A.toml", "illicit.toml"}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('key = "home-stale.days"', 'key = "home-stale.day"', "没有规则使用阈值“home-stale.day”"),
        ('key = "home-stale.days"', 'key = "home-stalled.days"', "没有“home-stalled”这条检查规则"),
        ('key = "column-stale.news_days"', 'key = "home-stale.days"', "重复"),
        ("value = 0.05\n", "value = 5\n", "比例不能大于 1"),
        ("value = 0.05\n", "value = -1\n", "不能为负"),
        ('key = "confirm.default"\nvalue = 2', 'key = "confirm.default"\nvalue = 1.5', "不小于 1 的整数"),
        ('source_status = "verified"', 'source_status = "sure"', "“sure”不认识"),
        ('unit = "工作日"\n', "", "缺少“unit”"),
    ],
)
def test_a_bad_threshold_is_refused_with_its_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    shipped = shipped_table("thresholds.toml").read_text("utf-8")
    assert old in shipped
    problems = refused(own(tmp_path, "thresholds.toml", shipped.replace(old, new, 1)))
    found = [problem for problem in problems if what in problem.what]
    assert found, [str(problem) for problem in problems]
    assert found[0].line is not None


def test_a_threshold_left_out_takes_the_shipped_value_and_is_told(tmp_path: Path) -> None:
    """As in a table that was changed before a release brought a new threshold."""
    shipped = shipped_table("thresholds.toml").read_text("utf-8")
    entries = shipped.split("[[threshold]]")
    less = [entry for entry in entries if 'key = "home-stale.days"' not in entry]
    assert len(less) == len(entries) - 1
    home = own(
        tmp_path, "thresholds.toml", "[[threshold]]".join(less).replace("value = 20\n", "value = 21\n", 1)
    )
    tables = load_tables(home)
    assert tables.lacking == ("home-stale.days",)
    assert "home-stale.days" in tables.notice
    assert tables.rules.threshold("home-stale.days") == load_tables(Home(tmp_path / "other")).rules.threshold(
        "home-stale.days"
    )
    assert tables.rules.threshold("document-publication-late.working_days") == 21
    assert "thresholds.toml（自带）" in tables.digests, "what a night was judged by is the shipped table too"


def test_a_whole_table_lacks_nothing(tmp_path: Path) -> None:
    tables = load_tables(
        own(tmp_path, "thresholds.toml", shipped_table("thresholds.toml").read_text("utf-8"))
    )
    assert (tables.lacking, tables.notice) == ((), "")
    assert "thresholds.toml（自带）" not in tables.digests


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ('{ wrong = "布署", right = "部署" }, { wrong = "布署", right = "部署" }', "重复"),
        ('{ wrong = "政府", right = "人民政府" }', "正确写法“人民政府”里就含有它"),
        ('{ wrong = "付", right = "副" }', "只有一个字"),
        ('{ wrong = "布署", right = "部署", allowed = ["公布"] }', "例外“公布”应是包含"),
        ('{ wrong = "布署", right = "部署", severity = "重" }', "“重”不认识"),
        ('{ wrong = "布署" }', "缺少“right”"),
        ('{ wrong = "布署", right = "部署", level = 1 }', "不认识的键“level”"),
        ('{ wrong = "甲乙", right = "丙丁" },\n{ wrong = "戊己", right = "甲乙庚" }', "误伤"),
    ],
)
def test_a_bad_wording_entry_is_refused(tmp_path: Path, entries: str, what: str) -> None:
    home = own(tmp_path, "wording.toml", f'source_status = "x"\nsource = "x"\nentry = [\n{entries}\n]\n')
    problems = refused(home)
    assert any(what in problem.what for problem in problems), [str(problem) for problem in problems]
    assert problems[0].line in (4, 5)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            '[[item]]\ncode = "20-16"\nname = "x"\nlabels = ["x"]\napplies = ["A"]\nsource_status = "assumed"',
            "编号不对",
        ),
        (
            '[[item]]\ncode = "20-7"\nname = "x"\nlabels = []\napplies = ["A"]\nsource_status = "assumed"',
            "“labels”是空的",
        ),
        (
            '[[item]]\ncode = "20-7"\nname = "x"\nlabels = ["x"]\napplies = ["C"]\nsource_status = "assumed"',
            "只能写 A、B",
        ),
        ('[[item]]\ncode = "20-7"\nname = "x"\nlabels = ["x"]\nsource_status = "assumed"', "缺少“applies”"),
    ],
)
def test_a_bad_statutory_item_is_refused(tmp_path: Path, text: str, what: str) -> None:
    problems = refused(own(tmp_path, "statutory.toml", text))
    assert any(what in problem.what + problem.mend for problem in problems)


def test_covers_that_run_in_a_circle_are_refused(tmp_path: Path) -> None:
    entry = '[[covers]]\nrule = "{}"\ncovered = ["{}"]\nsame = "unit"\nbecause = "x"\n'
    text = entry.format("link-broken", "fake-link") + entry.format("fake-link", "link-broken")
    problems = refused(own(tmp_path, "coverage.toml", text))
    assert "互相覆盖" in problems[0].what
    assert problems[0].line == 6


def test_a_cover_of_an_unknown_rule_is_refused(tmp_path: Path) -> None:
    text = '[[covers]]\nrule = "link-broken"\ncovered = ["fake"]\nsame = "unit"\nbecause = "x"\n'
    assert "没有“fake”这条检查规则" in refused(own(tmp_path, "coverage.toml", text))[0].what


def test_a_trusted_host_is_a_host_name_and_an_older_table_keeps_the_shipped_ones(tmp_path: Path) -> None:
    head = 'source_status = "x"\nsource = "x"\nwords = ["某某娱乐城"]\n'
    older = load_tables(own(tmp_path, "illicit.toml", head), RULES).rules
    assert older.illicit_words == ("某某娱乐城",)
    assert older.trusted_hosts == load_tables(Home(tmp_path / "none"), RULES).rules.trusted_hosts
    said = refused(own(tmp_path, "illicit.toml", f'{head}trusted = ["gov.cn", "http://a.cn/"]\n'))
    assert [(problem.line, problem.column) for problem in said] == [(4, "trusted")]


def test_a_vocabulary_without_hints_goes_on_with_the_shipped_ones(tmp_path: Path) -> None:
    shipped = load_vocabulary(Home(tmp_path)).hints
    assert "公开" in shipped["disclosure"]
    assert "机构" in shipped["unit"]
    column = '[[column]]\nkey = "news"\nexact = ["动态"]\n'
    assert load_vocabulary(own(tmp_path, "columns.toml", column)).hints == shipped
    with pytest.raises(BadInput) as caught:
        load_vocabulary(own(tmp_path, "columns.toml", f'{column}[hints]\ndisclosure = []\nunit = ["机构"]\n'))
    assert [problem.column for problem in caught.value.problems] == ["disclosure"]
