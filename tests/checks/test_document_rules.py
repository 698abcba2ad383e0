"""What is said of policy documents, and above all what is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from made_sites import (
    AS_OF,
    CALENDAR,
    CITY,
    attached,
    block,
    document,
    gone,
    page,
    said,
    site,
    verdicts,
)

from dossier.model import (
    Column,
    DateSource,
    ListedDocument,
    MetadataField,
    PageKind,
    Reach,
    SiteSnapshot,
    Verdict,
    WorkCalendar,
)

FAIL, UNSURE = Verdict.FAIL, Verdict.UNSURE
URL = document().url
UNNUMBERED = {"document_number": None, "metadata": block(发文字号="")}


def only(rule_id: str, made: SiteSnapshot) -> Verdict | None:
    return verdicts(rule_id, made).get(URL)


# ---------------------------------------------------------------- 文号


def test_a_document_without_a_number_is_named_with_the_page_searched() -> None:
    outcome = said("document-number-missing", site(document(**UNNUMBERED)))[URL]
    assert outcome.verdict is FAIL
    assert outcome.evidence[0].url == URL
    assert "发文字号" in outcome.evidence[0].note


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "晋教办〔2020〕5号\n各市教育局：现将有关事项通知如下。" * 5},
        {"text": "晋教办〔2020〕5号 各市教育局：现将有关事项通知如下，请认真执行。" * 3},
        {"title": "关于做好资助工作的通知（晋教办〔2020〕5号）"},
        {"metadata": block(发文字号="晋教办2020.5")},
        {"whole_text": "首页\n文件编号：晋教办[2020]5号\n正文"},
        {"title": "中华人民共和国教育法"},
        {"title": "山西省学校安全条例"},
    ],
)
def test_a_number_shown_in_any_way_is_no_fault(changes: dict[str, object]) -> None:
    assert only("document-number-missing", site(document(**{**UNNUMBERED, **changes}))) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "山西省教育厅公告"},
        {"metadata": block(发文字号="无")},
        {"whole_text": "索引号：1\n发文字号：无\n成文日期：2020年5月11日"},
        {"text": "附件：通知全文", "attachments": (attached("zc/1.pdf"),)},
        {"metadata": tuple(MetadataField(label=one.label, name=one.name) for one in block())},
        {"kind": PageKind.ARTICLE, "title": "教育事业统计数据", "metadata": ()},
        {"title": "教育部关于做好资助工作的通知", "metadata": (), "kind": PageKind.ARTICLE},
    ],
)
def test_where_a_number_may_be_out_of_sight_a_person_is_asked(changes: dict[str, object]) -> None:
    assert only("document-number-missing", site(document(**{**UNNUMBERED, **changes}))) is UNSURE


# ---------------------------------------------------------------- 要素


def test_missing_fields_are_named_in_one_finding() -> None:
    bare = document(
        index_number=None, written=None, metadata=block(索引号="", 成文日期="—"), whole_text="通知"
    )
    outcome = said("document-metadata-incomplete", site(bare))[URL]
    assert outcome.verdict is FAIL
    assert outcome.data["fields"] == ["索引号", "成文日期"]


def test_a_publication_date_beside_the_headline_counts() -> None:
    made = document(metadata=tuple(one for one in block() if one.name != "published"))
    assert only("document-metadata-incomplete", site(made)) is None


def test_an_unusual_label_counts() -> None:
    fields = (
        MetadataField(label="信息索引号", value="A1/2020-1"),
        MetadataField(label="制发机关", value="山西省教育厅"),
        MetadataField(label="生成日期", value="2020-05-11"),
        MetadataField(label="公开日期", value="2020-05-15"),
    )
    made = document(metadata=fields, index_number=None, issuer=None, written=None, published=None)
    assert only("document-metadata-incomplete", site(made)) is None


def test_a_page_without_any_block_lacks_what_it_shows_nowhere() -> None:
    made = document(metadata=(), index_number=None, issuer=None, title="关于做好资助工作的通知")
    outcome = said("document-metadata-incomplete", site(made))[URL]
    assert outcome.verdict is FAIL
    assert outcome.data["fields"] == ["索引号", "发文机关"]


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": tuple(MetadataField(label=one.label, name=one.name) for one in block())},
        {"metadata": (), "whole_text": "索引号 发布机构 通知"},
        {"metadata": (), "title": "教育部关于做好资助工作的通知", "document_number": None},
        {"metadata": (), "title": "图文数据", "document_number": None, "kind": PageKind.ARTICLE},
    ],
)
def test_a_block_that_could_not_be_read_is_asked_about(changes: dict[str, object]) -> None:
    made = document(**{"index_number": None, "issuer": None, "written": None, "published": None, **changes})
    assert only("document-metadata-incomplete", site(made)) is UNSURE


# ---------------------------------------------------------------- 日期


def after(start: date, working_days: int) -> date:
    return CALENDAR.add_working_days(start, working_days)


@pytest.mark.parametrize(("days", "verdict"), [(19, None), (20, None), (21, FAIL)])
@pytest.mark.parametrize("written", [date(2020, 4, 20), date(2020, 6, 1), date(2020, 9, 14)])
def test_twenty_working_days_are_in_time_and_twenty_one_are_not(
    written: date, days: int, verdict: Verdict | None
) -> None:
    made = site(document(written=written, published=after(written, days)), as_of=date(2020, 12, 1))
    assert only("document-publication-late", made) is verdict


def test_a_worked_sunday_counts_and_a_holiday_does_not() -> None:
    written = date(2020, 4, 24)
    assert CALENDAR.working_days_between(written, date(2020, 4, 26)) == 1
    assert CALENDAR.working_days_between(date(2020, 4, 30), date(2020, 5, 6)) == 1


LATE = {"written": date(2020, 3, 2), "published": date(2020, 5, 15)}


def test_a_late_document_shows_both_dates() -> None:
    made = document(**LATE, metadata=block(成文日期="2020年3月2日"))
    outcome = said("document-publication-late", site(made))[URL]
    assert outcome.verdict is FAIL
    assert [one.quote for one in outcome.evidence] == ["2020年3月2日", "2020年5月15日"]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"published_from": DateSource.ADDRESS}, UNSURE),
        ({"published_from": DateSource.LIST}, UNSURE),
        ({"dates_conflict": "label 2020-05-15, tag 2020-03-03"}, UNSURE),
        ({"written": date(2012, 3, 2)}, UNSURE),
        ({"written": None}, None),
        ({"published": None}, None),
        ({"title": "国务院办公厅关于做好资助工作的通知", "document_number": "国办发〔2020〕5号"}, None),
    ],
)
def test_lateness_needs_two_firm_dates_of_the_unit_s_own(
    changes: dict[str, object], verdict: Verdict | None
) -> None:
    assert only("document-publication-late", site(document(**{**LATE, **changes}))) is verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"written": date(2020, 5, 18)}, FAIL),
        ({"written": AS_OF + timedelta(1), "published": None}, FAIL),
        ({"published": AS_OF + timedelta(1)}, FAIL),
        ({"written": date(2020, 5, 15)}, None),
        ({"published": AS_OF}, None),
        ({"written": date(2020, 5, 18), "published_from": DateSource.ADDRESS}, UNSURE),
        ({"written": date(2020, 5, 18), "dates_conflict": "label a, tag b"}, UNSURE),
    ],
)
def test_dates_must_follow_each_other_and_not_run_ahead(
    changes: dict[str, object], verdict: Verdict | None
) -> None:
    assert only("document-dates-inconsistent", site(document(**changes))) is verdict


# ---------------------------------------------------------------- 正文和附件


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"text": ""}, FAIL),
        ({"text": "见附件。"}, FAIL),
        ({"text": "见附件。", "attachments": (attached("zc/1.pdf"),)}, None),
        ({"text": "字" * 30}, None),
        ({"text": "字" * 29}, FAIL),
        ({"text": "", "media": ("image",)}, UNSURE),
        ({"text": "", "script_lists": True}, UNSURE),
    ],
)
def test_a_document_page_holds_words_or_a_file(changes: dict[str, object], verdict: Verdict | None) -> None:
    assert only("document-body-empty", site(document(**changes))) is verdict


FILE = "http://jyt.example.gov.cn/zc/1.pdf"


def with_file(held: object) -> SiteSnapshot:
    from dossier.model import Page

    assert isinstance(held, Page)
    return site(
        document(attachments=(attached("zc/1.pdf"),)),
        document("zc/2.html", attachments=(attached("zc/1.pdf"),)),
        held,
    )


def test_a_file_gone_twice_is_broken_and_named_once() -> None:
    outcome = said("document-attachment-broken", with_file(gone("zc/1.pdf")))
    assert {s: o.verdict for s, o in outcome.items()} == {FILE: FAIL}
    assert FILE in {shown.url for shown in outcome[FILE].evidence}


@pytest.mark.parametrize(
    "reach", [Reach.REFUSED, Reach.BLOCKED, Reach.BROKEN, Reach.SILENT, Reach.DISALLOWED]
)
def test_a_file_that_was_not_shown_to_us_is_not_broken(reach: Reach) -> None:
    assert not verdicts("document-attachment-broken", with_file(gone("zc/1.pdf", reach=reach)))


def test_a_file_gone_once_is_only_asked_about() -> None:
    assert verdicts("document-attachment-broken", with_file(gone("zc/1.pdf", tries=1))) == {FILE: UNSURE}


def test_a_file_never_asked_is_not_spoken_of() -> None:
    made = site(document(attachments=(attached("zc/1.pdf"),)))
    assert not said("document-attachment-broken", made)


# ---------------------------------------------------------------- 有效性


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, FAIL),
        ({"validity": "有效"}, None),
        ({"metadata": block(有效性="现行有效")}, None),
        ({"breadcrumb": ("首页", "规范性文件", "废止失效文件")}, None),
        ({"whole_text": "有效性：有效"}, None),
        ({"text": "本办法自2020年6月1日起施行，有效期五年。" * 3}, UNSURE),
    ],
)
def test_a_normative_document_says_whether_it_binds(
    changes: dict[str, object], verdict: Verdict | None
) -> None:
    made = document(**{"columns": (Column.POLICY, Column.NORMATIVE), **changes})
    assert only("document-validity-unmarked", site(made)) is verdict


def test_other_documents_need_no_validity() -> None:
    assert not said("document-validity-unmarked", site(document()))


# ---------------------------------------------------------------- 清单


def row(**changes: object) -> ListedDocument:
    settled = {
        "title": "山西省教育厅关于做好2020年学生资助工作的通知",
        "number": "晋教办〔2020〕5号",
        "disclosure": "主动公开",
        "url": URL,
        "line": 2,
        **changes,
    }
    return ListedDocument(**settled)  # type: ignore[arg-type]  # a test's keyword table


NUMBER = "晋教办〔2020〕5号"


@pytest.mark.parametrize(
    ("listed", "pages", "verdict"),
    [
        (row(), [document()], None),
        (row(url=""), [document()], FAIL),
        (row(url="见门户网站"), [document()], FAIL),
        (row(url="", disclosure="依申请公开"), [document()], None),
        (row(), [gone("zc/1.html")], FAIL),
        (row(), [gone("zc/1.html", tries=1)], UNSURE),
        (row(), [gone("zc/1.html", reach=Reach.BLOCKED)], UNSURE),
        (row(), [], UNSURE),
        (row(url="www.jyt.example.gov.cn/zc/1.html"), [], UNSURE),
    ],
)
def test_a_public_row_of_the_list_opens(listed: ListedDocument, pages: list, verdict: Verdict | None) -> None:
    made = site(*pages, listed=[listed])
    assert verdicts("listed-document-unreachable", made).get(NUMBER) is verdict


@pytest.mark.parametrize(
    ("listed", "shown", "verdict"),
    [
        (row(), document(), None),
        (row(number=""), document(), None),
        (row(title="别的通知名称"), document(), None),
        (row(title="关于做好2020年学生资助工作的通知", number="晋教办[2020]5号"), document(), None),
        (
            row(),
            document(title="山西省教育厅关于开展校园安全检查的通知", document_number="晋教办〔2020〕6号"),
            FAIL,
        ),
        (row(), page("zc/1.html", (Column.POLICY,), kind=PageKind.COLUMN, title="政策文件"), FAIL),
        (
            row(number="晋教办〔2020〕7号"),
            document(
                title="山西省教育厅关于做好2020年学生资助有关工作的通知", document_number="晋教办〔2020〕6号"
            ),
            UNSURE,
        ),
    ],
)
def test_a_row_opens_the_document_it_names(
    listed: ListedDocument, shown: object, verdict: Verdict | None
) -> None:
    made = site(shown, listed=[listed])  # type: ignore[arg-type]  # a page
    found = verdicts("listed-document-mismatch", made)
    assert found.get(listed.number or listed.title) is verdict


def test_a_document_of_the_year_stands_in_the_list() -> None:
    other = document(
        "zc/2.html", title="山西省教育厅关于开展校园安全检查的通知", document_number="晋教办〔2020〕6号"
    )
    assert verdicts("document-unlisted", site(document(), other, listed=[row()])) == {other.url: FAIL}


def test_without_a_list_nothing_is_unlisted() -> None:
    assert not said("document-unlisted", site(document()))


def test_documents_of_other_years_and_other_issuers_need_not_be_listed() -> None:
    made = site(
        document(
            "zc/2.html", title="关于旧事的通知", document_number="晋教办〔2019〕6号", written=date(2019, 5, 1)
        ),
        document("zc/3.html", title="国务院关于某事的通知", document_number="国发〔2020〕6号"),
        listed=[row()],
    )
    assert not verdicts("document-unlisted", made)


def test_a_mistyped_title_in_the_list_is_asked_about() -> None:
    made = site(document(), listed=[row(number="", title="关于做好2020年资助学生工作的通知", url="")])
    assert verdicts("document-unlisted", made) == {URL: UNSURE}


def test_a_gap_in_a_series_is_only_ever_a_hint() -> None:
    made = site(
        document("zc/1.html", title="甲通知名称", document_number="晋教办〔2020〕5号"),
        document("zc/2.html", title="乙通知名称", document_number="晋教办〔2020〕8号"),
        document("zc/3.html", title="丙通知名称", document_number="国办发〔2020〕80号"),
        document("zc/4.html", title="丁通知名称", document_number="晋教基〔2019〕8号"),
        listed=[row(number="晋教办〔2020〕6号")],
    )
    outcome = said("document-number-gap", made)
    assert {s: o.verdict for s, o in outcome.items()} == {"晋教办〔2020〕": UNSURE}
    assert outcome["晋教办〔2020〕"].data["missing"] == ["7"]


def test_a_city_s_bureau_is_not_the_city() -> None:
    bureau = document(
        issuer="太原市教育局", document_number="并教发〔2020〕5号", title="关于做好资助工作的通知"
    )
    assert not verdicts("document-unlisted", site(bureau, unit=CITY, listed=[row()]))


def test_an_unknown_calendar_year_is_never_counted() -> None:
    made = site(document(**LATE), calendar=WorkCalendar(first_year=2018, last_year=2019))
    assert only("document-publication-late", made) is UNSURE
