"""Documents and their interpretations find each other; only what surely lacks is accused."""

from __future__ import annotations

from datetime import date

import pytest
from made_sites import (
    BODY,
    CITY,
    attached,
    document,
    gone,
    interpretation,
    link,
    page,
    said,
    site,
    verdicts,
)

from checks.lenses.pairs import Bond, pairs
from dossier.model import (
    Area,
    Column,
    LinkPlace,
    ListedDocument,
    Page,
    PageKind,
    Reach,
    SiteSnapshot,
    Verdict,
)

FAIL, UNSURE = Verdict.FAIL, Verdict.UNSURE
PLAN = "山西省教育厅关于印发《2020年义务教育招生工作方案》的通知"
URL = document().url


def plan(path: str = "zc/1.html", **facts: object) -> Page:
    return document(path, **{"title": PLAN, **facts})  # type: ignore[arg-type]  # a test's keyword table


def reading(
    path: str = "jd/1.html", title: str = "《2020年义务教育招生工作方案》解读", **facts: object
) -> Page:
    return interpretation(path, title, **facts)


def missing(*pages: Page, **more: object) -> Verdict | None:
    return verdicts("interpretation-missing", site(*pages, **more)).get(URL)  # type: ignore[arg-type]  # keyword table


# ---------------------------------------------------------------- 缺少解读


def test_a_plan_that_nobody_interprets_is_named_with_the_pages_searched() -> None:
    other = reading(title="《2020年校园安全办法》解读")
    outcome = said("interpretation-missing", site(plan(), other))[URL]
    assert outcome.verdict is FAIL
    assert {one.url for one in outcome.evidence} == {URL, other.url}


@pytest.mark.parametrize(
    "title",
    [
        "《2020年义务教育招生工作方案》解读",
        "一图读懂2020年义务教育招生工作方案",
        "图解：2020年义务教育招生工作方案",
        "“2020年义务教育招生工作方案”政策问答",
        "关于《2020年 义务教育招生工作方案》的政策解读",
    ],
)
def test_an_interpretation_that_names_the_document_is_enough(title: str) -> None:
    assert missing(plan(), reading(title=title)) is None


@pytest.mark.parametrize(
    "words", ["近日，我厅印发《2020年义务教育招生工作方案》。", "近日，我厅印发文件（晋教办〔2020〕5号）。"]
)
def test_an_interpretation_that_mentions_it_in_its_text_is_enough(words: str) -> None:
    assert missing(plan(), reading(title="招生新政解读", text=words * 9)) is None


def test_an_interpretation_on_another_host_of_the_unit_counts() -> None:
    assert missing(plan(), reading("http://xxgk.example.gov.cn/1.html")) is None


def test_an_interpretation_in_the_joint_column_counts() -> None:
    assert missing(plan(columns=(Column.POLICY_JOINT,)), reading(columns=(Column.POLICY_JOINT,))) is None


def test_a_copy_that_links_its_interpretation_serves_them_all() -> None:
    made = site(
        plan(), plan("gk/1_gfwj.html", interpretations=(link("http://mp.weixin.example/s1", "解读"),))
    )
    assert not verdicts("interpretation-missing", made)


@pytest.mark.parametrize(
    "changes",
    [
        {"interpretations": (link("http://mp.weixin.example/s1", "图解"),)},
        {"attachments": (attached("zc/1.pdf", "2020年义务教育招生工作方案解读.pdf"),)},
        {"title": "山西省教育厅关于召开招生工作会议的通知"},
        {"title": "山西省教育厅关于王某等同志任免的通知"},
        {"title": "山西省教育厅关于废止《招生办法》的决定", "columns": (Column.NORMATIVE,)},
        {"title": "山西省教育厅关于《校园规划》的批复"},
        {"title": "山西省教育厅关于公开征求《招生办法（征求意见稿）》意见的公告"},
        {"title": "国务院办公厅关于招生工作的意见", "document_number": "国办发〔2020〕5号"},
        {
            "document_number": "晋政办发〔2020〕5号",
            "issuer": "山西省人民政府办公厅",
            "title": "关于招生工作的意见",
        },
        {"validity": "废止"},
        {"written": date(2019, 5, 11), "published": date(2019, 5, 15)},
        {"published": date(2020, 10, 16)},
    ],
)
def test_what_is_interpreted_or_needs_none_or_is_not_due_is_left_alone(changes: dict[str, object]) -> None:
    assert missing(plan(**changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"script_lists": True},
        {"published": None},
        {"text": f"{BODY}\n政策解读\n一、背景"},
        {
            "issuer": None,
            "title": "关于印发《2020年义务教育招生工作方案》的通知",
            "document_number": "教基函〔2020〕5号",
        },
    ],
)
def test_where_an_interpretation_may_be_out_of_sight_a_person_is_asked(changes: dict[str, object]) -> None:
    assert missing(plan(**changes)) is UNSURE


def test_an_interpretation_under_a_short_name_is_asked_about() -> None:
    assert missing(plan(), reading(title="《招生工作方案》解读", text="说明。" * 80)) is UNSURE


@pytest.mark.parametrize("area", [Area.INTERPRETATION, Area.POLICY])
def test_a_column_seen_in_part_never_proves_an_absence(area: Area) -> None:
    assert missing(plan(), partial=[area]) is UNSURE


def test_a_document_named_in_the_list_needs_its_interpretation_found() -> None:
    row = ListedDocument(
        title=PLAN, number="晋教办〔2020〕5号", interpretation_url="http://jyt.example.gov.cn/jd/9.html"
    )
    assert missing(plan(), listed=[row]) is UNSURE


def test_the_word_in_the_navigation_is_no_interpretation() -> None:
    assert missing(plan(links=(link("jd/", "政策解读", LinkPlace.NAV), link("jd/", "政策解读")))) is FAIL


def test_a_bureau_s_plan_on_the_city_site_is_not_the_city_s() -> None:
    made = plan(
        issuer="太原市教育局", document_number="并教发〔2020〕5号", title="关于印发《招生工作方案》的通知"
    )
    assert missing(made, unit=CITY) is None


# ---------------------------------------------------------------- 解读链接


def linked(held: Page) -> SiteSnapshot:
    return site(plan(interpretations=(link("jd/1.html", "文件解读"),)), held)


def test_an_interpretation_link_gone_twice_is_broken() -> None:
    assert verdicts("interpretation-link-broken", linked(gone("jd/1.html"))) == {URL: FAIL}
    assert verdicts("interpretation-link-broken", linked(gone("jd/1.html", tries=1))) == {URL: UNSURE}
    for reach in (Reach.BLOCKED, Reach.SILENT, Reach.BROKEN, Reach.REFUSED):
        assert not verdicts("interpretation-link-broken", linked(gone("jd/1.html", reach=reach)))
    assert not verdicts("interpretation-link-broken", linked(reading()))


def test_the_next_item_of_a_joint_column_is_not_the_document_s_interpretation() -> None:
    other = plan(
        "zc/2.html",
        title="山西省教育厅关于印发《2020年校园安全办法》的通知",
        document_number="晋教办〔2020〕8号",
    )
    theirs = reading("jd/2.html", "《2020年校园安全办法》解读")
    neighbour = link("jd/2.html", "《2020年校园安全办法》解读", LinkPlace.BODY)
    found = verdicts("interpretation-missing", site(plan(interpretations=(neighbour,)), other, theirs))
    assert found == {URL: FAIL}
    unseen = link("jd/3.html", "下一篇：某某办法解读", LinkPlace.BODY)
    assert missing(plan(interpretations=(unseen,))) is FAIL


# ---------------------------------------------------------------- 回链


def back(text: Page, *others: Page, **facts: object) -> Verdict | None:
    return verdicts("interpretation-backlink-missing", site(plan(**facts), text, *others)).get(text.url)


def test_an_interpretation_without_a_way_back_is_named() -> None:
    assert back(reading()) is FAIL
    untitled = reading(title="招生新政图解", text="图")
    assert back(untitled, interpretations=(link("jd/1.html", "解读"),)) is FAIL


@pytest.mark.parametrize(
    "facts",
    [
        {"sources": (link("zc/1.html", "原文"),)},
        {"links": (link("zc/1.html", "2020年义务教育招生工作方案", LinkPlace.SIDE),)},
        {"links": (link("zc/1.pdf", "附件下载", LinkPlace.MAIN),)},
        {"links": (link("gk/1_gfwj.html", "查看文件", LinkPlace.MAIN),)},
        {"links": (link("http://www.shanxi.example/1", PLAN, LinkPlace.MAIN),)},
    ],
)
def test_any_way_to_the_document_its_copy_or_its_file_counts(facts: dict[str, object]) -> None:
    copy = plan("gk/1_gfwj.html", attachments=(attached("zc/1.pdf"),))
    assert back(reading(**facts), copy) is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (reading(title="《国务院关于某事的意见》解读", source="中国政府网"), None),
        (reading(title="《国务院关于某事的意见》解读", source="教育部"), None),
        (reading(title="《2020年校园安全办法》解读", source="山西省教育厅"), UNSURE),
        (reading(script_lists=True), UNSURE),
        (reading(title="招生新政解读", text="我厅印发《2020年义务教育招生工作方案》。" * 9), UNSURE),
    ],
)
def test_reprinted_or_unplaced_interpretations_are_not_accused(text: Page, verdict: Verdict | None) -> None:
    assert back(text) is verdict


def test_an_interpretation_of_a_national_document_is_nobody_s_fault_here() -> None:
    national = {"title": "国务院办公厅关于招生工作的意见", "document_number": "国办发〔2020〕5号"}
    assert back(reading(title="《关于招生工作的意见》解读", source=""), **national) is None


# ---------------------------------------------------------------- 迟缓


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2020, 5, 14), None),
        (date(2020, 5, 15), None),
        (date(2020, 5, 20), None),
        (date(2020, 5, 21), FAIL),
    ],
)
def test_an_interpretation_is_due_within_three_working_days(day: date, verdict: Verdict | None) -> None:
    assert verdicts("interpretation-late", site(plan(), reading(published=day))).get(URL) is verdict


LATE = date(2020, 6, 10)


def test_the_first_interpretation_counts() -> None:
    made = site(plan(), reading(published=LATE), reading("jd/2.html", published=date(2020, 5, 18)))
    assert not verdicts("interpretation-late", made)


@pytest.mark.parametrize(
    ("document_facts", "text_facts", "partial"),
    [
        ({}, {"published_from": "list"}, ()),
        ({}, {"dates_conflict": "label a, tag b"}, ()),
        ({"published_from": "address"}, {}, ()),
        ({}, {}, (Area.INTERPRETATION,)),
        ({"interpretations": (link("http://mp.weixin.example/s1", "解读"),)}, {}, ()),
    ],
)
def test_an_earlier_one_out_of_sight_is_asked_about(
    document_facts: dict[str, object], text_facts: dict[str, object], partial: tuple[Area, ...]
) -> None:
    made = site(plan(**document_facts), reading(published=LATE, **text_facts), partial=partial)
    assert verdicts("interpretation-late", made) == {URL: UNSURE}


def test_a_national_document_s_interpretation_is_not_late_here() -> None:
    national = {"title": "国务院办公厅关于招生工作的意见", "document_number": "国办发〔2020〕5号"}
    made = site(plan(**national), reading(title="《关于招生工作的意见》解读", published=LATE))
    assert not verdicts("interpretation-late", made)


# ---------------------------------------------------------------- 照搬

SENTENCES = [
    f"第{n}条规定各地要按照第{n}项要求在第{n}季度完成第{n}类学校的招生安排并向第{n}处报告进展情况。"
    for n in range(10, 30)
]
ORIGINAL = "\n".join(SENTENCES)


def test_an_interpretation_copied_from_its_document_is_shown_beside_it() -> None:
    text = reading(text="\n".join(SENTENCES[:16]))
    outcome = said("interpretation-copies-document", site(plan(text=ORIGINAL), text))[text.url]
    assert outcome.verdict is FAIL
    assert outcome.evidence[0].quote in SENTENCES
    assert outcome.evidence[1].url == URL


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (
            {
                "text": "\n".join(SENTENCES[:8])
                + "为什么要这样规定？因为群众反映报名环节多、材料多、跑腿多，需要逐项解释清楚。" * 9
            },
            None,
        ),
        ({"text": SENTENCES[0]}, None),
        ({"text": ORIGINAL, "media": ("video",)}, UNSURE),
        ({"text": ORIGINAL, "title": "《2020年校园安全办法》解读"}, None),
    ],
)
def test_quoting_is_not_copying(facts: dict[str, object], verdict: Verdict | None) -> None:
    text = reading(**facts)
    assert (
        verdicts("interpretation-copies-document", site(plan(text=ORIGINAL), text)).get(text.url) is verdict
    )


# ---------------------------------------------------------------- 形式


def year_of(texts: int, rich: int, **facts: object) -> list[Page]:
    return [
        reading(f"jd/{n}.html", f"《第{n}号招生工作方案》解读", media=("image",) if n < rich else (), **facts)
        for n in range(texts)
    ]


@pytest.mark.parametrize(
    ("texts", "rich", "verdict"), [(10, 7, None), (10, 6, FAIL), (5, 3, FAIL), (4, 0, None), (0, 0, None)]
)
def test_seven_in_ten_interpretations_are_more_than_text(
    texts: int, rich: int, verdict: Verdict | None
) -> None:
    assert verdicts("interpretation-text-only", site(*year_of(texts, rich))).get("B07") is verdict


def test_a_column_seen_in_part_gives_no_share() -> None:
    made = site(*year_of(10, 0), partial=[Area.INTERPRETATION])
    assert verdicts("interpretation-text-only", made) == {"B07": UNSURE}


def test_last_year_s_interpretations_do_not_count() -> None:
    assert not verdicts("interpretation-text-only", site(*year_of(10, 0, published=date(2019, 5, 15))))


def test_reprints_that_would_tip_the_share_are_asked_about() -> None:
    reprints = [reading(f"gj/{n}.html", f"《国务院第{n}号意见》解读", source="中国政府网") for n in range(9)]
    made = site(*year_of(6, 6), *reprints)
    assert verdicts("interpretation-text-only", made) == {"B07": UNSURE}


# ---------------------------------------------------------------- 透镜


def test_a_link_binds_more_than_a_title_and_a_title_more_than_a_mention() -> None:
    made = site(
        plan(interpretations=(link("jd/1.html", "解读"),)),
        reading(title="招生新政图解"),
        reading("jd/2.html"),
        reading("jd/3.html", "校园安全解读", text="与《2020年义务教育招生工作方案》衔接。"),
    )
    bonds = {pair.interpretation.url[-6:]: pair.bond for pair in pairs(made)}
    assert bonds == {"1.html": Bond.LINK, "2.html": Bond.TITLE, "3.html": Bond.MENTION}


def test_a_column_page_is_never_an_interpretation() -> None:
    made = site(plan(), page("jd/", (Column.INTERPRETATION,), kind=PageKind.COLUMN, title="政策解读"))
    assert not pairs(made)
