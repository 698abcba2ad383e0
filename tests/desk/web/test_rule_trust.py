"""A rule that people contradict too often only asks, from that night on, until somebody trusts it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from conftest import Sitting
from desk_sample import add_night, outcome, page

from desk.caseload import Case, load
from desk.installation import Installation
from desk.rule_record import WINDOW, demoted, records_of
from dossier import store
from dossier.model import Outcome, Verdict
from dossier.store import Store
from dossier.store.audit import audit_lines
from dossier.store.case_events import CaseEvent, add_events

DAY = date(2020, 10, 1)
RULE = "column-empty"


def columns(unit_id: str, count: int) -> dict[str, tuple[Outcome, ...]]:
    names = "甲乙丙丁"
    return {
        unit_id: tuple(
            outcome(unit_id, RULE, page(unit_id, f"c{n:02d}/"), "empty", column=names[n % 4], note="已查")
            for n in range(count)
        )
    }


def standing(installation: Installation, kept: Store, unit_id: str) -> list[Case]:
    every = load(installation, kept, DAY).by_unit[unit_id]
    return [one for one in every if one.rule_id == RULE and not one.gone]


def say(kept: Store, cases: list[Case], kind: str) -> None:
    add_events(
        kept,
        [
            CaseEvent(
                deficiency_no=one.number, kind=kind, reason="核对过", who="wang", at=one.paper.standing.finished,
                run_id=one.deficiency.last_seen,
            )
            for one in cases
        ],
    )  # fmt: skip


def test_a_rule_below_nine_tenths_only_asks_from_that_night_on(
    sit: Callable[[str], Sitting], installation: Installation, kept: Store
) -> None:
    add_night(installation, kept, 3, said=columns("A01", 36))
    cases = standing(installation, kept, "A01")
    say(kept, cases[:6], "dismiss")
    say(kept, cases[6:], "confirm")
    record = records_of(kept)[RULE]
    assert (record.dismissed, len(record.recent), record.failing) == (6, WINDOW, False), (
        "they are out of the window"
    )
    add_night(installation, kept, 4, said=columns("A02", 4))
    assert demoted(kept) == {}
    say(kept, standing(installation, kept, "A02"), "dismiss")
    assert "下一夜将转为待核" in sit("wang").get("/rules").text
    add_night(installation, kept, 5, said=columns("A02", 9))
    assert set(demoted(kept)) == {RULE}
    now = standing(installation, kept, "A02")
    assert len(now) == 9
    assert all(
        one.verdict is Verdict.UNSURE and "暂时只作提示" in one.deficiency.outcome.because for one in now
    )
    card = store.scorecard_of(kept, now[0].paper.standing.run_id, "A02")
    assert card
    assert not [line for line in card.lines if line.rule_id == RULE], "it costs nothing"
    assert "已转待核" in sit("wang").get("/rules").text


def test_only_an_administrator_lifts_it_with_a_reason_and_old_mistakes_are_not_counted_again(
    sit: Callable[[str], Sitting], installation: Installation, kept: Store
) -> None:
    add_night(installation, kept, 3, said=columns("A01", 12))
    say(kept, standing(installation, kept, "A01"), "dismiss")
    add_night(installation, kept, 4, said=columns("A02", 5))
    assert set(demoted(kept)) == {RULE}, "four wrong of thirty are already too many"
    assert sit("wang").post(f"/rules/{RULE}/lift", {"reason": "x"}).status_code == 403
    boss = sit("boss")
    assert boss.post(f"/rules/{RULE}/lift", {"reason": ""}).status_code == 400
    assert boss.post(f"/rules/{RULE}/lift", {"reason": "规则已改好"}).status_code == 302
    assert boss.post("/tables/reweigh").status_code == 302
    assert demoted(kept) == {}
    assert all(one.verdict is Verdict.FAIL for one in standing(installation, kept, "A02"))
    assert {"rule-demote", "rule-lift", "reweigh"} <= {line.act for line in audit_lines(kept)}
