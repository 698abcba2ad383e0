"""A rule's record tells on which publishing systems it is right."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from conftest import Sitting
from desk_sample import add_night

from desk.installation import Installation
from desk.rule_record import by_cms
from dossier import store
from dossier.store import Extent, Store
from dossier.store.case_events import CaseEvent

Seat = Callable[[str], Sitting]
AT = "2020-09-29T00:00:00Z"


def decision(kind: str) -> CaseEvent:
    return msgspec.convert({"deficiency_no": "x", "kind": kind, "who": "wang", "at": AT}, CaseEvent)


def test_decisions_and_findings_are_told_apart_by_the_system_of_their_site() -> None:
    cms = {"A01": "TRS WCM", "A02": "TRS WCM", "B01": "博达网站群", "B02": ""}
    decided = [("A01", decision("confirm")), ("A02", decision("adjust")), ("A02", decision("dismiss")),
               ("B01", decision("dismiss")), ("B09", decision("confirm"))]  # fmt: skip
    found = by_cms(decided, ["A01", "A01", "B02"], cms)
    said = [(one.cms, one.units, one.shown, one.confirmed, one.rejected) for one in found]
    assert said == [("TRS WCM", 2, 2, 2, 1), ("博达网站群", 1, 0, 0, 1), ("", 1, 1, 1, 0)]
    assert [str(one.precision) for one in found] == ["0.667", "0.000", "1.000"]
    assert by_cms([], [], cms) == ()


def test_the_page_of_a_rule_shows_it_with_the_last_decisions(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    _built_with(installation, kept, {"A01": "TRS WCM", "A02": "博达网站群"})
    wang = sit("wang")
    wang.decide("A01-2020-0003", "confirm")
    wang.decide("A02-2020-0003", "dismiss", reason="人工打开核对，内容在")
    text = wang.get("/rules/column-empty").text
    rows = [
        re.sub(r"<[^>]+>", " ", row).split()
        for row in re.findall(r"<tr>.*?</tr>", text)
        if "WCM" in row or "博达" in row
    ]
    assert rows == [["TRS", "WCM", "1", "4", "1", "0", "100.0%"], ["博达网站群", "1", "4", "0", "1", "0.0%"]]
    assert "50.0%" in text
    assert "人工打开核对，内容在" in text
    assert wang.get("/case/A02-2020-0003?stage=all&rule=column-empty").status_code == 200
    assert wang.get("/rules/no-such-rule").status_code == 404
    assert "还没有人对这条规则作过决定" in wang.get("/rules/wording-error").text


def _built_with(installation: Installation, kept: Store, systems: dict[str, str]) -> None:
    """One more night in which assembly recognised these systems."""
    run_id = add_night(installation, kept, 3)
    for unit_id, name in systems.items():
        coverage, judgement = (
            store.coverage_of(kept, run_id, unit_id),
            store.judgement_of(kept, run_id, unit_id),
        )
        assert coverage
        assert judgement
        store.save_judgement(
            kept, run_id, judgement, msgspec.structs.replace(coverage, cms=name),
            Extent(pages=1, items=10, dated_items=10),
        )  # fmt: skip
