"""The decided score: confirmed findings and hand-entered lines under the table's caps, and the parts make the sum."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parent / "reports"))

import msgspec
from report_sample import TABLES, deficiency, unit

from desk.final_score import Counted, FinalSheet, final_sheet, in_force
from dossier.model import Bonus, Deficiency, UnitClass, Verdict
from dossier.store.sheets import HandLine

ONE = unit("A01", "甲", "甲市人民政府", url="http://a.gov.cn/")
TABLE = msgspec.structs.replace(TABLES[UnitClass.A], bonuses=(Bonus(name="亮点特色", parent="主动公开"),))
AT = datetime(2020, 9, 29, tzinfo=UTC)


def found(number: int, rule: str, verdict: Verdict = Verdict.FAIL) -> Deficiency:
    return deficiency("A01", number, rule, "看到的", verdict=verdict, url=f"http://a.gov.cn/{number}")


def typed(section: str, *path: str, points: str, kind: str = "deduct") -> HandLine:
    return HandLine(
        year=2020, unit_id="A01", section=section, path=path, kind=kind, points=Decimal(points), reason="查阅资料",
        who="wang", at=AT,
    )  # fmt: skip


def sheet(counted: list[Counted], hand: list[HandLine] | None = None) -> FinalSheet:
    return final_sheet(ONE, counted, hand or [], TABLE, covers=())


def test_nothing_decided_costs_nothing_and_says_what_is_not_typed_in() -> None:
    empty = sheet([])
    assert empty.score == 100
    assert empty.open_rows == sum(not row.online for section in TABLE.sections for row in section.rows)


def test_the_caps_of_rule_and_level_hold_for_decided_points() -> None:
    links = [Counted(found(n, "link-broken")) for n in range(1, 51)]
    assert sheet(links).deducted == 3, "0.1 each, the rule's cap is 3"
    adjusted = [Counted(found(n, "link-broken"), Decimal(1)) for n in range(1, 6)]
    assert sheet(adjusted).deducted == 3, "an adjustment does not pass the cap"
    many = [Counted(found(n, "interpretation-missing")) for n in range(1, 60)]
    assert sheet(many).deducted == 14, "the level-1 weight"


def test_a_major_deduction_stands_outside_the_caps() -> None:
    assert sheet([Counted(found(1, "personal-data-exposed"))]).deducted == 3


def test_a_question_that_a_person_confirmed_counts_as_a_fault() -> None:
    assert sheet([Counted(found(1, "column-stale", Verdict.UNSURE))]).deducted == Decimal("0.5")


def test_the_last_line_typed_into_a_row_is_in_force_until_it_is_taken_back() -> None:
    row = ("组织领导", "综合")
    first, second = typed(*row, points="1"), typed(*row, points="2.5")
    assert sheet([], [first, second]).deducted == Decimal("2.5")
    assert in_force([first, typed(*row, points="0", kind="void")]) == {}


def test_a_bonus_is_bounded_by_its_parent() -> None:
    got = sheet(
        [Counted(found(1, "personal-data-exposed"))],
        [typed("主动公开", "亮点特色", points="20", kind="bonus")],
    )
    assert got.bonus == Decimal("6.40"), "a fifth of 32"
    assert got.score == 100, "never above a hundred"


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["link-broken", "column-stale", "interpretation-missing", "personal-data-exposed",
                             "document-number-gap", "platform-column-missing"]),
            st.one_of(st.none(), st.decimals("0", "5", places=2)),
        ),
        max_size=25,
    ),
    st.lists(st.tuples(st.sampled_from(["组织领导", "制度机制", "回应关切"]), st.decimals("0", "8", places=2)), max_size=4),
)  # fmt: skip
def test_the_parts_always_make_the_sum(
    rules: list[tuple[str, Decimal | None]], lines: list[tuple[str, Decimal]]
) -> None:
    got = sheet(
        [Counted(found(n, rule), points) for n, (rule, points) in enumerate(rules, 1)],
        [typed(section, "综合", points=str(points)) for section, points in lines],
    )
    assert sum((section.lost for section in got.sections), Decimal(0)) == got.deducted
    for section in got.sections:
        assert section.weight is None or 0 <= section.lost <= section.weight
        assert sum((row.lost for row in section.rows), Decimal(0)) == section.asked
        for row in section.rows:
            by_hand = row.hand.points if row.hand else Decimal(0)
            assert sum((line.granted for line in row.lines), Decimal(0)) + by_hand == row.lost
    assert got.score == max(Decimal(0), min(Decimal(100), 100 - got.deducted + got.bonus))
