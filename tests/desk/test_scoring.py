"""The plan's cap arithmetic, by examples and by properties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.scoring import MAJOR, suggest
from dossier.home import Home
from dossier.model import (
    Bonus,
    Deficiency,
    Evidence,
    IndicatorTable,
    Major,
    Outcome,
    Points,
    Row,
    Scorecard,
    Section,
    SourceStatus,
    Unit,
    UnitClass,
    Verdict,
)
from dossier.tables import Cover, Same, load_tables

D = Decimal
UNIT = Unit(unit_id="B02", unit_class=UnitClass.B, short_name="省教育厅", full_name="山西省教育厅")
TABLES = load_tables(Home(Path("/nonexistent-home")))
TABLE_B = TABLES.indicators[UnitClass.B]


def finding(
    rule: str,
    subject: str = "x",
    number: int = 1,
    *,
    verdict: Verdict = Verdict.FAIL,
    confirmed: bool = True,
    page_url: str = "",
    data: dict[str, Any] | None = None,
    evidence: tuple[str, ...] = (),
) -> Deficiency:
    outcome = Outcome(
        rule_id=rule,
        verdict=verdict,
        subject=subject,
        page_url=page_url,
        data=data or {},
        evidence=tuple(Evidence(url=url) for url in evidence),
    )
    return Deficiency(
        fingerprint=f"{rule}|{subject}",
        number=f"B02-2020-{number:04d}",
        unit_id="B02",
        outcome=outcome,
        message="",
        first_seen="r1",
        last_seen="r1",
        first_at=date(2020, 9, 1),
        last_at=date(2020, 9, 1),
        nights_seen=1,
        confirmed=confirmed,
    )


def many(rule: str, count: int, **more: Any) -> list[Deficiency]:
    return [finding(rule, f"http://b02/{rule}/{n}", n, **more) for n in range(count)]


def score(deficiencies: Iterable[Deficiency], table: IndicatorTable = TABLE_B, **more: Any) -> Scorecard:
    return suggest(UNIT, deficiencies, table, run_id="r1", **more)


def level(card: Scorecard, name: str) -> tuple[Decimal, Decimal, Decimal]:
    found = next(each for each in card.levels if each.name == name)
    return found.asked, found.granted, found.score


def small_table(
    points: tuple[Points, ...], *, weight: str = "10", row_weight: str = "10", row_cap: str | None = None
) -> IndicatorTable:
    """Level 1 `甲` with the given rules in one row, the rest of the 100 offline."""
    rows = [
        Row(path=("甲一",), weight=D(row_weight), cap=D(row_cap) if row_cap else None, points=points),
    ]
    if D(weight) > D(row_weight):
        rows.append(Row(path=("甲二",), weight=D(weight) - D(row_weight), online=False))
    rest = Section(
        name="乙",
        weight=D(100) - D(weight),
        rows=(Row(path=("乙一",), weight=D(100) - D(weight), online=False),),
    )
    return IndicatorTable(
        unit_class=UnitClass.B,
        year=2020,
        title="试",
        source_status=SourceStatus.ASSUMED,
        source="试",
        sections=(Section(name="甲", weight=D(weight), rows=tuple(rows)), rest),
        bands=(("优秀", D(90)), ("合格", D(60)), ("不合格", D(0))),
    )


def test_a_unit_without_deficiencies_keeps_all_points() -> None:
    card = score([])
    assert (card.score, card.deducted, card.grade) == (D("100.00"), D("0.00"), "优秀")
    assert card.lines == ()


def test_points_are_asked_for_each_finding() -> None:
    card = score(many("interpretation-missing", 3))
    assert level(card, "政策解读") == (D("1.50"), D("1.50"), D("14.50"))
    assert card.score == D("98.50")
    assert "0.5 分 × 3 处 = 1.5 分" in card.lines[0].because


def test_a_rule_asked_once_costs_once_and_says_where() -> None:
    card = score([finding("home-stale", "a.gov.cn", 1), finding("home-stale", "b.gov.cn", 2)])
    assert [line.granted for line in card.lines] == [D("4.00"), D("0.00")]
    assert [line.asked for line in card.lines] == [D("4.00"), D("0.00")]
    assert "B02-2020-0001" in card.lines[1].because


def test_a_rule_s_own_cap_stops_its_sum() -> None:
    card = score(many("link-broken", 50))
    assert level(card, "平台建设") == (D("5.00"), D("3.00"), D("9.00"))
    assert [line.granted for line in card.lines] == [D("0.10")] * 30 + [D("0.00")] * 20
    assert "最多扣 3 分" in card.lines[0].because
    assert "已达封顶" in card.lines[-1].because


def test_a_level_two_row_may_lose_more_than_its_weight() -> None:
    table = small_table((Points(rule_id="r", points=D("1")),), weight="10", row_weight="2")
    card = score(many("r", 7), table)
    assert level(card, "甲") == (D("7.00"), D("7.00"), D("3.00"))


def test_a_level_one_indicator_never_loses_more_than_its_weight() -> None:
    table = small_table((Points(rule_id="r", points=D("1.5")),), weight="10", row_weight="2")
    card = score(many("r", 9), table)
    assert level(card, "甲") == (D("13.50"), D("10.00"), D("0.00"))
    assert [line.granted for line in card.lines] == [D("1.50")] * 6 + [D("1.00")] + [D("0.00")] * 2


def test_a_row_s_own_cap_binds_all_its_rules_together() -> None:
    points = (Points(rule_id="r", points=D("1")), Points(rule_id="s", points=D("1")))
    card = score(many("r", 2) + many("s", 5), small_table(points, row_cap="3"))
    assert level(card, "甲") == (D("7.00"), D("3.00"), D("7.00"))
    assert [line.granted for line in card.lines if line.rule_id == "s"] == [D("1.00")] + [D("0.00")] * 4
    assert "本行“甲一”最多扣 3 分" in card.lines[0].because


def test_majors_stand_outside_the_caps() -> None:
    card = score(many("home-stale", 1) + many("column-stale", 30) + many("illicit-link", 2))
    assert level(card, "平台建设")[1:] == (D("12.00"), D("0.00"))
    assert card.major_points == D("10.00")
    assert card.deducted == D("22.00")
    assert {line.section for line in card.lines if line.rule_id == "illicit-link"} == {MAJOR}


def test_the_total_never_falls_below_zero_and_the_lines_say_so() -> None:
    card = score(many("illicit-link", 25))
    assert card.deducted == D("125.00")
    assert card.score == D("0.00")
    assert card.grade == "不合格"
    assert "最低记 0 分" in card.lines[0].because


def test_only_failures_cost_points() -> None:
    doubts = many("home-stale", 2, verdict=Verdict.UNSURE) + many("column-empty", 3, verdict=Verdict.ERROR)
    card = score(doubts, not_called=4)
    assert (card.deducted, card.unsure, card.errors, card.not_called) == (D("0.00"), 2, 3, 4)
    assert card.lines == ()


def test_a_unit_that_was_not_inspected_loses_nothing_and_gets_no_grade() -> None:
    card = score(many("home-stale", 1) + many("illicit-link", 3), inspected=False)
    assert (card.deducted, card.grade, card.inspected, card.major_points) == (D("0.00"), "", False, D("0.00"))
    assert all(line.granted == line.asked == 0 and "未能检测" in line.because for line in card.lines)


def test_severity_decides_between_the_row_and_the_majors() -> None:
    card = score(
        [
            finding("wording-error", "u1 甲", 1, data={"severity": "严重"}),
            finding("wording-error", "u1 乙", 2, data={"severity": "一般"}),
            finding("wording-error", "u1 丙", 3),
        ]
    )
    by_subject = {line.subject: (line.section, line.granted) for line in card.lines}
    assert by_subject == {
        "u1 甲": (MAJOR, D("2.00")),
        "u1 乙": ("平台建设", D("0.10")),
        "u1 丙": ("平台建设", D("0.10")),
    }


def test_a_rule_that_is_not_scored_is_listed_with_its_reason() -> None:
    card = score([finding("document-number-gap"), finding("no-such-rule", number=2)])
    assert [line.asked for line in card.lines] == [D("0.00"), D("0.00")]
    assert "线索" in card.lines[0].because
    assert "没有列入" in card.lines[1].because


def test_points_on_unconfirmed_findings_are_counted_apart() -> None:
    fresh = [finding("link-broken", f"http://b02/new/{n}", n, confirmed=False) for n in range(10)]
    old = [finding("link-broken", f"http://b02/old/{n}", 100 + n) for n in range(25)]
    card = score(fresh + old)
    assert card.deducted == D("3.00")
    assert card.unconfirmed_points == D("0.50")


def test_the_grade_follows_the_bands() -> None:
    majors = many("illicit-link", 3)
    assert score(majors[:2]).grade == "优秀"
    assert score(majors).grade == "良好"
    assert score(many("illicit-link", 8)).grade == "合格"
    assert score(many("illicit-link", 9)).grade == "不合格"


def test_a_table_of_the_other_class_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="class B"):
        score([], TABLES.indicators[UnitClass.A])


# ── one fact costs once ──


def granted(card: Scorecard) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for line in card.lines:
        total[line.rule_id] = total.get(line.rule_id, D(0)) + line.granted
    return total


def test_an_empty_column_is_not_also_stale() -> None:
    url = "http://b02/xwdt/"
    card = score(
        [finding("column-stale", url, 1), finding("column-empty", url, 2), finding("column-stale", "o", 3)]
    )
    assert granted(card) == {"column-empty": D("0.50"), "column-stale": D("0.50")}
    covered = next(line for line in card.lines if line.subject == url and line.rule_id == "column-stale")
    assert covered.asked == 0
    assert "B02-2020-0002" in covered.because


def test_a_missing_platform_column_is_not_also_empty_but_another_one_may_be() -> None:
    card = score(
        [
            finding("platform-column-missing", "rules", 1),
            finding("platform-column-empty", "rules", 2),
            finding("platform-column-empty", "annual", 3),
        ]
    )
    assert granted(card) == {"platform-column-missing": D("2.00"), "platform-column-empty": D("1.00")}


def test_a_chain_of_covers_names_the_finding_that_pays() -> None:
    card = score(
        [
            finding("statutory-item-missing", "20-7", 1),
            finding("platform-column-missing", "statutory", 2),
            finding("platform-entry-missing", "B02", 3),
        ]
    )
    assert granted(card)["platform-entry-missing"] == D("3.00")
    assert card.deducted == D("3.00")
    assert all("B02-2020-0003" in line.because for line in card.lines if not line.granted)


@pytest.mark.parametrize("where", ["subject", "data", "evidence"])
def test_a_broken_attachment_is_not_also_a_broken_link(where: str) -> None:
    target = "http://b02/a/P020.pdf"
    payer = {
        "subject": finding("document-attachment-broken", target, 1),
        "data": finding("interpretation-link-broken", "http://b02/doc", 1, data={"links": [target, "x"]}),
        "evidence": finding("listed-document-unreachable", "晋教办〔2020〕3号", 1, evidence=(target,)),
    }[where]
    card = score([payer, finding("link-broken", target, 2), finding("link-broken", "http://b02/other", 3)])
    assert granted(card)["link-broken"] == D("0.10")


def test_a_missing_annual_report_is_not_also_late() -> None:
    card = score(
        [finding("annual-report-missing", "2019", 1), finding("annual-report-incomplete", "tables", 2)]
    )
    assert card.deducted == D("4.00")


def test_the_other_functions_findings_stay_silent_where_the_page_is_missing() -> None:
    card = score(
        [finding("functions-page-missing", "B02", 1)]
        + [
            finding("functions-contact-incomplete", part, n + 2)
            for n, part in enumerate(("address", "phone"))
        ]
        + [finding("statutory-item-missing", "20-2", 5), finding("statutory-item-missing", "20-7", 6)]
    )
    assert granted(card) == {
        "functions-page-missing": D("3.00"),
        "functions-contact-incomplete": D("0.00"),
        "statutory-item-missing": D("0.50"),
    }


def test_an_unsure_finding_covers_nothing() -> None:
    url = "http://b02/xwdt/"
    card = score([finding("column-stale", url, 1), finding("column-empty", url, 2, verdict=Verdict.UNSURE)])
    assert card.deducted == D("0.50")


def test_a_finding_that_the_table_does_not_score_pays_for_nobody() -> None:
    table = small_table((Points(rule_id="s", points=D("1")),))
    cover = Cover(rule_id="r", covered="s", same=Same.SUBJECT, because="同")
    card = score([finding("r", "u", 1), finding("s", "u", 2)], table, covers=(cover,))
    assert card.deducted == D("1.00")


def test_a_cover_may_ask_for_a_word_in_the_data_and_the_same_host() -> None:
    table = small_table((Points(rule_id="r", points=D("4"), once=True), Points(rule_id="s", points=D("1"))))
    cover = Cover(rule_id="r", covered="s", same=Same.HOST, where=(("kind", "news"),), because="同")
    findings = [
        finding("r", "b02.gov.cn", 1),
        finding("s", "http://b02.gov.cn/xwdt/", 2, data={"kind": "news"}),
        finding("s", "http://b02.gov.cn/tzgg/", 3, data={"kind": "notice"}),
        finding("s", "http://other.gov.cn/xwdt/", 4, data={"kind": "news"}),
    ]
    card = score(findings, table, covers=(cover,))
    assert card.deducted == D("6.00")
    assert "B02-2020-0001" in card.lines[1].because


def test_a_stale_home_pays_for_the_column_whose_newest_item_it_shows() -> None:
    newest = {"newest": "2020-06-01", "title": "召开会议"}
    found = [
        finding("home-stale", "b02.gov.cn", 1, page_url="http://b02.gov.cn/", data=newest),
        finding("column-stale", "http://b02.gov.cn/xwdt/", 2, data=newest),
        finding("column-stale", "http://b02.gov.cn/tzgg/", 3, data={"newest": "2020-01-01", "title": "通知"}),
        finding("column-stale", "http://b02.gov.cn/qt/", 4),
    ]
    assert granted(score(found)) == {"home-stale": D("4.00"), "column-stale": D("1.00")}


# ── properties ──

RULES = sorted({p.rule_id for s in TABLE_B.sections for r in s.rows for p in r.points})
MAJORS = sorted({p.rule_id for m in TABLE_B.majors for p in m.points})


@st.composite
def findings(draw: st.DrawFn) -> list[Deficiency]:
    rules = draw(st.lists(st.sampled_from([*RULES, *MAJORS, "document-number-gap"]), max_size=60))
    subjects = ["http://b02/1", "http://b02/2", "guide", "statutory", "20-2", "20-7", "B02"]
    found: dict[str, Deficiency] = {}
    for n, rule in enumerate(rules):
        one = finding(
            rule,
            draw(st.sampled_from(subjects)) + draw(st.sampled_from(["", " 甲", " 乙", " 丙", " 丁"])),
            n,
            confirmed=draw(st.booleans()),
            verdict=draw(st.sampled_from([Verdict.FAIL] * 8 + [Verdict.UNSURE, Verdict.ERROR])),
            data={"severity": draw(st.sampled_from(["严重", "一般"]))},
        )
        found[one.fingerprint] = one
    return list(found.values())


@st.composite
def tables(draw: st.DrawFn) -> IndicatorTable:
    """Sound tables with caps of every kind, over the rules r0 … r7."""
    cents = st.integers(1, 900).map(lambda n: Decimal(n) / 100)
    caps = st.none() | cents
    sections = []
    rest = D(100)
    rules = iter(range(8))
    for n in range(4):
        weight = rest if n == 3 else draw(st.integers(1, 40).map(Decimal))
        weight = min(weight, rest - (3 - n)) if n < 3 else rest
        rest -= weight
        rows = []
        for part in (D("0.5"), D("0.5")):
            entry = Points(
                rule_id=f"r{next(rules)}", points=draw(cents), once=draw(st.booleans()), cap=draw(caps)
            )
            rows.append(
                Row(path=(f"{n}-{len(rows)}",), weight=weight * part, cap=draw(caps), points=(entry,))
            )
        sections.append(Section(name=f"指标{n}", weight=weight, rows=tuple(rows)))
    major = Major(name="重大", points=(Points(rule_id="m", points=draw(cents), cap=draw(caps)),))
    return msgspec.structs.replace(
        small_table(()),
        sections=tuple(sections),
        majors=(major,),
        bonuses=(Bonus(name="亮点", parent="指标0"),),
    )


def check_sums(card: Scorecard, table: IndicatorTable) -> None:
    weights = {section.name: section.weight for section in table.sections}
    for each in card.levels:
        lines = [line for line in card.lines if line.section == each.name]
        assert sum(line.granted for line in lines) == each.granted <= weights[each.name]
        assert sum(line.asked for line in lines) == each.asked >= each.granted
        assert each.score == weights[each.name] - each.granted >= 0
    assert sum(line.granted for line in card.lines if line.section == MAJOR) == card.major_points
    assert sum(line.granted for line in card.lines) == card.deducted
    assert card.deducted == sum(each.granted for each in card.levels) + card.major_points
    assert card.score == max(D(0), D(100) - card.deducted)
    assert 0 <= card.unconfirmed_points <= card.deducted
    values = [card.score, card.deducted, card.unconfirmed_points, *(line.granted for line in card.lines)]
    assert all(value.as_tuple().exponent == -2 for value in values)


@settings(deadline=None, max_examples=150)
@given(findings())
def test_the_parts_add_up_to_the_total_and_no_cap_is_passed(found: list[Deficiency]) -> None:
    check_sums(score(found), TABLE_B)


@settings(deadline=None, max_examples=100)
@given(findings(), st.randoms(use_true_random=False))
def test_the_order_of_findings_changes_nothing(found: list[Deficiency], random: Any) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert score(shuffled) == score(found)


@settings(deadline=None, max_examples=100)
@given(findings())
def test_covers_only_ever_spare_points(found: list[Deficiency]) -> None:
    with_covers = score(found)
    without = score(found, covers=())
    assert sum(line.asked for line in with_covers.lines) <= sum(line.asked for line in without.lines)


def nested_caps(found: list[Deficiency], table: IndicatorTable) -> Decimal:
    """The plan's arithmetic written down a second time, level by level, without lines."""

    def rule(points: Points) -> Decimal:
        count = sum(each.outcome.rule_id == points.rule_id for each in found)
        asked = points.points * (min(count, 1) if points.once else count)
        return asked if points.cap is None else min(asked, points.cap)

    total = sum((rule(points) for major in table.majors for points in major.points), D(0))
    for section in table.sections:
        lost = D(0)
        for row in section.rows:
            in_row = sum((rule(points) for points in row.points), D(0))
            lost += in_row if row.cap is None else min(in_row, row.cap)
        total += min(lost, section.weight)
    return total


@settings(deadline=None, max_examples=200)
@given(
    tables(),
    st.lists(st.tuples(st.sampled_from([*(f"r{n}" for n in range(8)), "m"]), st.booleans()), max_size=80),
)
def test_the_lines_realise_the_nested_caps_of_any_table(
    table: IndicatorTable, chosen: list[tuple[str, bool]]
) -> None:
    found = [finding(rule, f"s{n}", n, confirmed=sure) for n, (rule, sure) in enumerate(chosen)]
    card = score(found, table, covers=())
    check_sums(card, table)
    assert card.deducted == nested_caps(found, table)
    sure = [each for each in found if each.confirmed]
    assert card.deducted - card.unconfirmed_points == nested_caps(sure, table)


@settings(deadline=None, max_examples=100)
@given(tables(), st.lists(st.sampled_from([*(f"r{n}" for n in range(8)), "m"]), max_size=40), st.data())
def test_one_more_finding_never_lowers_the_deduction(
    table: IndicatorTable, chosen: list[str], data: st.DataObject
) -> None:
    found = [finding(rule, f"s{n}", n) for n, rule in enumerate(chosen)]
    more = finding(data.draw(st.sampled_from(["r0", "r5", "m"])), "更多", 999)
    assert score([*found, more], table, covers=()).deducted >= score(found, table, covers=()).deducted
