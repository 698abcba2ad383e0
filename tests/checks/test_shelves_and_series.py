"""What a column's name, a series of numbers or a block read in full says of the documents in it."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from made_sites import (
    CITY,
    DEPARTMENT,
    HOST,
    address,
    block,
    document,
    interpretation,
    page,
    site,
    verdicts,
)

from checks.lenses.block import surely_without
from checks.lenses.catalogue import shown_as, wider
from checks.lenses.documents import policy_documents, shelf_of_laws
from checks.lenses.issuers import is_named
from checks.rules.application_guide_outdated import old_law
from dossier.model import (
    Channel,
    Column,
    Item,
    MetadataField,
    Page,
    PageKind,
    SiteRow,
    StatutoryItem,
    UnitClass,
    Verdict,
)

FAIL, UNSURE = Verdict.FAIL, Verdict.UNSURE


def shelf(path: str, name: str, *held: Page, columns: tuple[Column, ...] = (Column.POLICY,)) -> Page:
    """A column page that lists some pages."""
    items = tuple(
        Item(title=one.facts.title or "", url=one.url, date=date(2020, 3, 2)) for one in held if one.facts
    )
    return page(path, columns, kind=PageKind.COLUMN, title=name, items=items)


def bare(path: str, title: str) -> Page:
    """A page of a document column with nothing but its text."""
    return document(
        path,
        title,
        document_number="",
        metadata=(),
        kind=PageKind.ARTICLE,
        index_number="",
        issuer="",
        written=None,
    )


def test_laws_and_what_stands_among_laws_alone_are_no_documents_of_the_unit() -> None:
    law, order = bare("zc/1.html", "山西省河道管理条例"), bare("gz/2.html", "示例市城市绿化管理规定")
    made = site(law, order, shelf("zc/", "政策文件", law), shelf("gz/", "政府规章", order))
    assert policy_documents(made) == ()


def test_among_papers_and_with_a_number_of_its_own_it_is_one() -> None:
    paper = bare("gz/2.html", "山西省教育厅学籍管理规定")
    numbered = document("gz/3.html", metadata=(), document_number="晋教办〔2020〕7号")
    made = site(paper, numbered, shelf("gz/", "法律法规", numbered), shelf("zc/", "政策文件", paper))
    assert {one.url for one in policy_documents(made)} == {paper.url, numbered.url}


@pytest.mark.parametrize(
    ("name", "laws"),
    [
        ("政府规章", True),
        ("法律法规规章", True),
        ("政策法规", False),
        ("规章制度", False),
        ("法规文件", False),
    ],
)
def test_a_shelf_of_laws_is_known_by_its_name(name: str, laws: bool) -> None:
    assert shelf_of_laws(name) is laws


def test_where_most_of_a_series_is_not_shown_a_gap_tells_nothing() -> None:
    def numbered(*serials: int) -> dict[str, Verdict]:
        return verdicts(
            "document-number-gap",
            site(*(document(f"zc/{n}.html", document_number=f"晋教办〔2020〕{n}号") for n in serials)),
        )

    assert numbered(9, 21, 30, 41) == {}
    assert numbered(9, 13) == {}
    assert numbered(1, 2, 4, 7) == {"晋教办〔2020〕": UNSURE}


def notice(path: str, number: str) -> Page:
    return document(
        path, "山西省教育厅关于做好秋季开学工作的通知", document_number=number, columns=(Column.NORMATIVE,)
    )


def test_a_notice_of_work_among_normative_documents_is_asked_about() -> None:
    one = notice("gf/1.html", "晋教办〔2020〕5号")
    assert verdicts("interpretation-missing", site(one)) == {one.url: UNSURE}


def test_a_notice_that_lays_down_rules_among_normative_documents_must_be_interpreted() -> None:
    one = document(
        "gf/2.html",
        "山西省教育厅关于加强校园食品安全管理的通知",
        document_number="晋教办〔2020〕6号",
        columns=(Column.NORMATIVE,),
    )
    assert verdicts("interpretation-missing", site(one)) == {one.url: FAIL}


def test_where_normative_documents_have_their_own_series_other_numbers_are_none() -> None:
    one = notice("gf/1.html", "晋教办〔2020〕5号")
    apart = [
        document(
            f"gf/{n}.html",
            f"山西省教育厅关于印发《第{n}号管理办法》的通知",
            document_number=f"晋教规〔2020〕{n}号",
        )
        for n in (2, 3)
    ]
    assert verdicts("interpretation-missing", site(one, *apart)) == {page.url: FAIL for page in apart}


def test_a_line_that_no_template_of_the_site_has_is_lacking() -> None:
    full = [entry for entry in block(标题="某文", 有效性="有效") if entry.label != "索引号"]
    made = site(*(document(f"zc/{n}.html", index_number="", metadata=tuple(full)) for n in range(4)))
    assert set(verdicts("document-metadata-incomplete", made).values()) == {FAIL}


@pytest.mark.parametrize(
    "strange", [MetadataField(label="检索标识", name="", value="012345678/2020-00012"), None]
)
def test_a_line_that_may_stand_under_another_name_is_asked_about(strange: MetadataField | None) -> None:
    full = [entry for entry in block(标题="某文", 有效性="有效") if entry.label != "索引号"]
    entries = (
        (*full, strange) if strange else (*full, MetadataField(label="索引号", name="index_number", value=""))
    )
    words = "" if strange else "索引号"
    made = site(
        *(
            document(f"zc/{n}.html", index_number="", metadata=entries, whole_text=f"某文\n{words}\n正文")
            for n in range(4)
        )
    )
    assert set(verdicts("document-metadata-incomplete", made).values()) == {UNSURE}


@pytest.mark.parametrize(
    ("shown", "found"),
    [("土地房屋征收", True), ("土地和房屋征收", True), ("土地管理", False), ("征收", False)],
)
def test_two_items_in_one_name_are_both_shown(shown: str, found: bool) -> None:
    item = StatutoryItem(code="21-4", name="土地征收", labels=("土地征收",), applies=frozenset({UnitClass.A}))
    assert (shown_as(item, {shown: (shown, document())}) is not None) is found


def test_what_says_that_the_old_decree_has_ended_does_not_rest_on_it() -> None:
    assert old_law("2019年5月15日前依据国务院令第492号公布的条例所发布的制度同时停止执行。") == {}
    assert old_law("根据国务院令第492号，编制本指南。")


def test_answers_to_questions_of_daily_life_need_no_document() -> None:
    help_page = interpretation("ms/1.html", "教育资助政策问答")
    in_column = interpretation("jd/1.html", "教育资助政策问答")
    shelves = (
        shelf("ms/", "民生保障", help_page, columns=(Column.STATUTORY,)),
        shelf("jd/", "政策解读", in_column, columns=(Column.INTERPRETATION,)),
    )
    said_of = verdicts("interpretation-backlink-missing", site(help_page, in_column, *shelves))
    assert set(said_of) == {in_column.url}


def test_columns_addressed_by_a_query_are_not_parts_of_each_other() -> None:
    def column(query: str) -> Page:
        entry = Item(title="某市召开工作会议", url=address("govsite/view.do?id=7"), date=date(2020, 8, 1))
        return page(
            f"govsite/list.do?{query}", (Column.NEWS,), kind=PageKind.COLUMN, title="要闻", items=(entry,)
        )

    entry = page("govsite/view.do?id=7", (Column.NEWS,), title="某市召开工作会议", published=date(2020, 8, 1))
    own = SiteRow(unit_id="B07", channel=Channel.WEBSITE, name="省教育厅", url=f"{HOST}/")
    unit = msgspec.structs.replace(DEPARTMENT, sites=(own,))
    made = site(column("catalogId=21"), column("catalogId=21&pageNo=1"), entry, unit=unit)
    made.tables.thresholds["column-stale.news_days"] = 14
    made.tables.thresholds["publish-date-future.days"] = 1
    assert verdicts("column-stale", made) == {address("govsite/list.do?catalogId=21"): FAIL}


def test_a_notice_in_a_column_of_laws_and_papers_alike_is_not_normative_for_it() -> None:
    made_notice = notice("gf/1.html", "晋教办〔2020〕5号")
    rule = document(
        "gf/2.html",
        "山西省教育厅关于印发《学籍管理办法》的通知",
        columns=(Column.NORMATIVE,),
        document_number="晋教办〔2020〕6号",
        metadata=(),
    )
    mixed = shelf("gf/", "法规规章和规范性文件", made_notice, rule, columns=(Column.NORMATIVE,))
    made = site(made_notice, rule, mixed)
    assert verdicts("interpretation-missing", made) == {rule.url: FAIL}
    assert set(verdicts("document-validity-unmarked", made)) == {rule.url}


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("国家教育厅", False),
        ("省教育厅", True),
        ("来源山西省教育厅", True),
        ("山西教育厅办公室", True),
        ("河南省教育厅", False),
    ],
)
def test_a_name_inside_the_name_of_another_is_not_the_unit_s(source: str, own: bool) -> None:
    assert is_named(DEPARTMENT, source) is own


def test_another_city_s_government_is_another() -> None:
    assert not is_named(CITY, "大同市人民政府")
    assert is_named(CITY, "太原市人民政府")
    assert is_named(CITY, "市政府办公室")


def test_a_wider_column_that_may_hold_the_item_is_asked_about() -> None:
    item = StatutoryItem(
        code="20-6",
        name="行政处罚",
        labels=("行政处罚",),
        near=("行政权力",),
        applies=frozenset({UnitClass.B}),
    )
    assert wider(item, {"行政权力事项": ("行政权力事项", document())})
    assert not wider(item, {"行政审批": ("行政审批", document())})


def test_the_departments_of_a_city_are_its_organs() -> None:
    def asked(words: str) -> set[str]:
        own = SiteRow(unit_id="A01", channel=Channel.WEBSITE, name="太原市", url=f"{HOST}/")
        unit = msgspec.structs.replace(CITY, sites=(own,))
        text = f"太原市人民政府\n政府职责：领导本市各项行政工作。\n{words}"
        one = page("jgzn/", (Column.FUNCTIONS,), kind=PageKind.FUNCTIONS, title="机构职能", text=text)
        return set(verdicts("functions-duties-missing", site(one, unit=unit)))

    assert asked("工作部门\n市发展和改革委员会\n市教育局\n市公安局") == set()
    assert asked("领导所属各工作部门和下级人民政府的工作。") == {"organs"}


@pytest.mark.parametrize(
    ("shown", "sure"),
    [
        (
            "发布时间：2020-09-15　来源：山西省教育厅　浏览次数：12\n联系电话：0351-7020341\n网站标识码：1400000052",
            True,
        ),
        ("公开编码：012345678/2020-00012", False),
        ("编码 012345678/2020-00012　主题 教育", False),
        ("012345678/2020-00012", False),
        ("索 引 号：", False),
    ],
)
def test_a_value_like_the_lacking_one_anywhere_on_the_page_leaves_a_doubt(shown: str, sure: bool) -> None:
    full = tuple(entry for entry in block(标题="某文", 有效性="有效") if entry.label != "索引号")
    facts = document(index_number="", metadata=full, whole_text=f"某文\n{shown}\n正文").facts
    assert facts is not None
    assert surely_without(facts, ("index_number",)) is sure
