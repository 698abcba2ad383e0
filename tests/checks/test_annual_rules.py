"""Last year's report: is it there, in time, whole, and do its figures add up."""

from __future__ import annotations

from datetime import date

import pytest
from made_sites import (
    CITY,
    DEPARTMENT,
    attached,
    gone,
    link,
    page,
    said,
    site,
    verdicts,
)

from checks.lenses.annual import Owner, PartSeen, owner_of, parts_seen, titled_report
from checks.lenses.applications_table import read_applications, wrong_sums
from dossier.model import (
    Area,
    Column,
    DateSource,
    Item,
    LinkPlace,
    Page,
    PageKind,
    Reach,
    TableFacts,
    Verdict,
)

FAIL, UNSURE = Verdict.FAIL, Verdict.UNSURE
TITLE = "山西省教育厅2019年政府信息公开工作年度报告"
ANNUAL = (Column.ANNUAL,)
HEADS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "五、政府信息公开工作存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
PROSE = "2019年，我厅认真贯彻落实条例，扎实推进各项工作，取得了新的成效，有关情况如下。" * 4
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
HANDLED = (
    "（一）予以公开",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "（三）不予公开1.属于国家秘密",
    "（四）无法提供1.本机关不掌握相关政府信息",
    "（五）不予处理1.信访举报投诉类申请",
    "（六）其他处理",
)


def figures(
    new: tuple[int | str, ...] = (12, 0, 0, 0, 0, 0, 12),
    carried: tuple[int | str, ...] = (1, 0, 0, 0, 0, 0, 1),
    public: tuple[int | str, ...] = (11, 0, 0, 0, 0, 0, 11),
    total: tuple[int | str, ...] = (11, 0, 0, 0, 0, 0, 11),
    left: tuple[int | str, ...] = (2, 0, 0, 0, 0, 0, 2),
) -> TableFacts:
    """The prescribed table with its spans expanded."""
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    head = [(note, note, *("申请人情况",) * 7)]
    head.append((note, note, "自然人", *("法人或其他组织",) * 5, "总计"))
    head.append((note, note, *COLUMNS))
    zero = (0,) * 7
    body = [("一、本年新收政府信息公开申请数量",) * 2 + tuple(map(str, new))]
    body.append(("二、上年结转政府信息公开申请数量",) * 2 + tuple(map(str, carried)))
    for n, label in enumerate(HANDLED):
        body.append(("三、本年度办理结果", label, *tuple(map(str, public if n == 0 else zero))))
    body.append(("三、本年度办理结果", "（七）总计", *tuple(map(str, total))))
    body.append(("四、结转下年度继续办理",) * 2 + tuple(map(str, left)))
    return TableFacts(rows=tuple(head + body))


def report(path: str = "nb/2019.html", title: str = TITLE, **facts: object) -> Page:
    columns = facts.pop("columns", ANNUAL)
    settled = {
        "kind": PageKind.ANNUAL_REPORT,
        "title": title,
        "text": "\n".join(f"{head}\n{PROSE}" for head in HEADS),
        "tables": (figures(),),
        "published": date(2020, 1, 20),
        "published_from": DateSource.LABEL,
        **facts,
    }
    return page(path, columns, **settled)  # type: ignore[arg-type]  # a test's keyword table


SHELF = page("nb/", ANNUAL, kind=PageKind.COLUMN, title="政府信息公开年报")


# ---------------------------------------------------------------- 缺


def test_no_report_after_its_day_is_named_with_the_shelf_searched() -> None:
    outcome = said("annual-report-missing", site(SHELF))["2019"]
    assert outcome.verdict is FAIL
    assert outcome.evidence[0].url == SHELF.url


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        "2019年政府信息公开工作年度报告",
        "山西省教育厅2019年度政府信息公开年报",
        "省教育厅二〇一九年政府信息公开工作年度报告",
        "2019年度山西省教育厅政府信息公开年度报告",
        "关于2019年政府信息公开工作情况的报告",
    ],
)
def test_a_report_under_any_of_its_usual_titles_is_the_report(title: str) -> None:
    assert not verdicts("annual-report-missing", site(SHELF, report(title=title)))


@pytest.mark.parametrize(
    "title",
    [
        "山西省教育厅2018年政府信息公开工作年度报告",
        "2019年政府网站工作年度报表",
        "关于做好2019年政府信息公开工作年度报告编制工作的通知",
        "2019年法治政府建设年度报告",
        "太原市某中学2019年政府信息公开工作年度报告",
    ],
)
def test_what_only_looks_like_the_report_is_none(title: str) -> None:
    other = report(title=title, kind=PageKind.ARTICLE)
    assert verdicts("annual-report-missing", site(SHELF, other)) == {"2019": FAIL}


def test_a_report_that_is_only_a_file_in_the_list_is_there() -> None:
    shelf = page(
        "nb/",
        ANNUAL,
        kind=PageKind.COLUMN,
        items=(Item(title=TITLE, url="http://jyt.example.gov.cn/nb/1.pdf"),),
    )
    file = page("nb/1.pdf", file=True, title="P020200120", text="报告")
    assert not verdicts("annual-report-missing", site(shelf, file))


@pytest.mark.parametrize("held", [gone("nb/1.pdf"), gone("nb/1.pdf", reach=Reach.BLOCKED), None])
def test_a_promised_report_that_was_not_seen_is_asked_about(held: Page | None) -> None:
    shelf = page("nb/", ANNUAL, kind=PageKind.COLUMN, links=(link("nb/1.pdf", TITLE, LinkPlace.LIST),))
    made = site(shelf, held) if held else site(shelf)
    assert verdicts("annual-report-missing", made) == {"2019": UNSURE}


def test_a_report_under_a_former_name_is_asked_about() -> None:
    made = site(SHELF, report(title="山西省教育委员会2019年政府信息公开工作年度报告"))
    assert verdicts("annual-report-missing", made) == {"2019": UNSURE}


def test_a_shelf_seen_in_part_proves_nothing() -> None:
    assert verdicts("annual-report-missing", site(SHELF, partial=[Area.ANNUAL])) == {"2019": UNSURE}


def test_nothing_is_missing_before_its_day() -> None:
    assert not verdicts("annual-report-missing", site(SHELF, as_of=date(2020, 1, 31)))
    assert verdicts("annual-report-missing", site(SHELF, as_of=date(2020, 2, 1))) == {"2019": FAIL}
    assert not verdicts("annual-report-missing", site(SHELF, unit=CITY, as_of=date(2020, 3, 31)))
    assert verdicts("annual-report-missing", site(SHELF, unit=CITY, as_of=date(2020, 4, 1))) == {"2019": FAIL}


def test_a_county_s_or_a_bureau_s_report_is_not_the_city_s() -> None:
    for title in ("太原市教育局2019年政府信息公开工作年度报告", "清徐县2019年政府信息公开工作年度报告"):
        assert owner_of(CITY, title) is Owner.OTHER
    for title in ("太原市2019年政府信息公开工作年度报告", "太原市人民政府2019年政府信息公开工作年度报告"):
        assert owner_of(CITY, title) is Owner.OWN
    assert owner_of(DEPARTMENT, "山西省教育厅考试中心2019年政府信息公开工作年度报告") is Owner.OTHER


def test_a_website_report_is_not_titled_a_disclosure_report() -> None:
    assert not titled_report("2019年政府网站工作年度报表", 2019)
    assert titled_report("2019年度政府信息公开工作年度报告", 2019)
    assert not titled_report("2019年度政府信息公开工作年度报告", 2018)


# ---------------------------------------------------------------- 迟


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"published": date(2020, 1, 31)}, None),
        ({"published": date(2020, 2, 1)}, FAIL),
        ({"published": date(2020, 2, 1), "published_from": DateSource.LIST}, UNSURE),
        ({"published": date(2020, 2, 1), "published_from": DateSource.ADDRESS}, UNSURE),
        ({"published": date(2020, 2, 1), "dates_conflict": "label a, tag b"}, UNSURE),
        ({"published": None}, None),
    ],
)
def test_a_report_has_its_day(facts: dict[str, object], verdict: Verdict | None) -> None:
    assert verdicts("annual-report-late", site(SHELF, report(**facts))).get("2019") is verdict


def test_a_city_has_until_the_end_of_march() -> None:
    title = "太原市人民政府2019年政府信息公开工作年度报告"
    in_time = report(title=title, published=date(2020, 3, 31))
    late = report(title=title, published=date(2020, 4, 1))
    assert not verdicts("annual-report-late", site(in_time, unit=CITY))
    assert verdicts("annual-report-late", site(late, unit=CITY)) == {"2019": FAIL}


def test_the_earliest_copy_of_a_report_counts() -> None:
    made = site(report(published=date(2020, 3, 2)), report("gk/nb.html"))
    assert not verdicts("annual-report-late", made)


# ---------------------------------------------------------------- 全


def without(number: int) -> str:
    return "\n".join(f"{head}\n{PROSE}" for n, head in enumerate(HEADS, 1) if n != number)


@pytest.mark.parametrize("number", range(1, 7))
def test_each_part_that_is_left_out_is_named(number: int) -> None:
    made = site(report(text=without(number)))
    assert verdicts("annual-report-incomplete", made) == {str(number): FAIL}


def test_a_report_without_any_prescribed_table_is_incomplete() -> None:
    assert verdicts("annual-report-incomplete", site(report(tables=()))) == {"tables": FAIL}


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{head}\n{PROSE}" for head in HEADS),
        "".join(f"{head}。{PROSE}" for head in HEADS),
        "\n".join(
            f"（{sign}）{words}\n{PROSE}"
            for sign, words in zip(
                "一二三四五六",
                ("概述", "主动公开情况", "依申请公开办理情况", "行政复议和诉讼", "问题和不足", "其他事项"),
                strict=True,
            )
        ),
        "\n".join(
            f"{n}.{words}\n{PROSE}"
            for n, words in enumerate(
                ("总体情况", "主动公开", "申请情况", "复议诉讼情况", "存在问题", "其它需要说明的事项"), 1
            )
        ),
        "\n".join(
            f"{words}\n{PROSE}"
            for words in (
                "总体情况",
                "主动公开情况",
                "申请处理情况",
                "复议诉讼情况",
                "问题及改进",
                "其他报告事项",
            )
        ),
    ],
)
def test_a_part_under_freer_wording_is_still_the_part(text: str) -> None:
    assert not verdicts("annual-report-incomplete", site(report(text=text)))


def test_a_report_in_a_file_is_read_there() -> None:
    carrier = report(text="附件下载", tables=(), attachments=(attached("nb/1.docx"),))
    file = page("nb/1.docx", file=True, text="\n".join(f"{h}\n{PROSE}" for h in HEADS), tables=(figures(),))
    assert not verdicts("annual-report-incomplete", site(carrier, file))


@pytest.mark.parametrize(
    "facts",
    [
        {"text": "附件下载", "tables": (), "attachments": (attached("nb/1.pdf"),)},
        {"text": "", "tables": (), "media": ("image",)},
        {"text": PROSE * 9, "tables": (figures(),)},
        {"text": without(4), "truncated": True},
    ],
)
def test_a_report_that_could_not_be_read_whole_is_asked_about(facts: dict[str, object]) -> None:
    found = verdicts("annual-report-incomplete", site(report(**facts)))
    assert found
    assert set(found.values()) == {UNSURE}


def test_the_word_other_in_a_table_is_not_the_sixth_part() -> None:
    text = without(6) + "\n法人或其他组织\n其他处理"
    assert parts_seen(text)["6"] != "heading"
    assert verdicts("annual-report-incomplete", site(report(text=text))) == {"6": FAIL}


# ---------------------------------------------------------------- 数


def test_figures_that_do_not_add_up_are_shown_with_their_working() -> None:
    wrong = figures(carried=(0, 0, 0, 0, 0, 0, 0), left=(0, 0, 0, 0, 0, 0, 0))
    outcome = said("annual-report-figures-inconsistent", site(report(tables=(wrong,))))["2019"]
    assert outcome.verdict is FAIL
    assert any("自然人：12+0≠11+0" in line for line in outcome.data["working"])


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        (figures(), None),
        (figures(*((0,) * 7,) * 5), None),
        (figures(new=(12, "", "", "", "", "", 12), carried=(1, "-", "/", "", "", "", 1)), None),
        (figures(new=(12, 0, 0, 0, 0, 0, 13)), FAIL),
        (figures(left=(3, 0, 0, 0, 0, 0, 3)), FAIL),
        (figures(left=("", 0, 0, 0, 0, 0, 2)), UNSURE),
        (figures(public=(10, 0, 0, 0, 0, 0, 10)), UNSURE),
        (figures(new=("若干", 0, 0, 0, 0, 0, 12)), UNSURE),
        (TableFacts(rows=(("本年新收", "12"), ("结转下年度", "9"))), UNSURE),
    ],
)
def test_only_sums_that_were_read_with_certainty_are_held_against_a_unit(
    table: TableFacts, verdict: Verdict | None
) -> None:
    made = site(report(tables=(table,)))
    assert verdicts("annual-report-figures-inconsistent", made).get("2019") is verdict


def test_the_table_of_the_later_form_with_more_rows_is_read_too() -> None:
    rows = [tuple(row) for row in figures().rows]
    extra = ("三、本年度办理结果", "（六）其他处理", *("0",) * 7)
    rows.insert(len(rows) - 2, extra)
    read = read_applications(TableFacts(rows=tuple(rows)))
    assert read is not None
    assert not list(wrong_sums(read))


def test_rows_beside_a_cell_that_spans_too_few_are_read_by_their_own_figures() -> None:
    rows = [tuple(row) for row in figures().rows]
    moved = [(*row[1:], "") if "总计" in row[1] else row for row in rows]
    assert moved != rows
    read = read_applications(TableFacts(rows=tuple(moved)))
    assert read is not None
    assert read.total.figures == (11, 0, 0, 0, 0, 0, 11)
    assert (
        verdicts("annual-report-figures-inconsistent", site(report(tables=(TableFacts(rows=tuple(moved)),))))
        == {}
    )


def test_a_note_below_the_table_is_no_row_of_it() -> None:
    table = figures()
    noted = TableFacts(rows=(*table.rows, ("注：数据截至2019年12月31日",) * len(table.rows[-1])))
    assert read_applications(noted) == read_applications(table)


@pytest.mark.parametrize(
    ("sentence", "seen"),
    [
        ("一年来我局坚持问题导向做好各项工作", PartSeen.NOWHERE),
        ("全年一般公共预算收入不足十亿元", PartSeen.NOWHERE),
        ("我局工作仍有不足", PartSeen.MENTION),
        ("主要问题是更新不够及时", PartSeen.MENTION),
        ("公开的及时性有待进一步改进", PartSeen.MENTION),
    ],
)
def test_a_common_word_in_a_running_sentence_is_no_part_on_problems(sentence: str, seen: PartSeen) -> None:
    text = f"按照上级要求，现将我局一年来的有关工作向社会作一个完整的报告，全文没有分成几个部分，{sentence}，今后将继续努力。"
    assert parts_seen(text)["5"] is seen
