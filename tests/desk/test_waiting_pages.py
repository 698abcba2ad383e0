"""A fault is confirmed, and gone, only by looking: nights on which its page waits its turn change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from nights import HOME, capture, facts, night, said

from checks.engine import WAITS
from desk.revisiting import places_in_question
from desk.standing import Standing, stand
from dossier import store
from dossier.home import Home
from dossier.model import Capture, Outcome, Verdict
from dossier.store import Store, open_store
from dossier.tables import Tables, load_tables

TEXT, LIST = HOME + "a.html", HOME + "list/"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    shipped = load_tables(Home(tmp_path_factory.mktemp("home")))
    numbers = {**shipped.rules.thresholds, "confirm.default": 2.0}
    numbers = {key: value for key, value in numbers.items() if not key.startswith("wording-error.c")}
    return msgspec.structs.replace(shipped, rules=msgspec.structs.replace(shipped.rules, thresholds=numbers))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def carried(url: str, then: int) -> Capture:
    return msgspec.structs.replace(
        capture(url, then, revisit_of="R1/A01-000.warc.gz" if then > 1 else ""), carried=f"R{then}"
    )


def fault(verdict: Verdict = Verdict.FAIL) -> Outcome:
    return said("wording-error", TEXT, verdict, page=TEXT)


def after(kept: Store, tables: Tables, number: int, seen: tuple[Capture, ...], *outcomes: Outcome, whole: bool = True) -> Standing:  # fmt: skip
    run_id = night(kept, number, outcomes, captures=seen, read=[facts(LIST, links=[TEXT])], whole=whole)
    return stand(kept, run_id, tables)["A01"]


def looked(number: int) -> tuple[Capture, ...]:
    return capture(LIST, number), capture(TEXT, number)


def waiting(number: int, then: int) -> tuple[Capture, ...]:
    return capture(LIST, number), carried(TEXT, then)


def test_a_fault_on_a_page_that_waits_neither_goes_nor_is_confirmed(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, looked(1), fault())
    for number in (2, 3, 4):
        stood = after(kept, tables, number, waiting(number, 1))
        assert stood.gone == ()
        (one,) = stood.deficiencies
        assert (one.verdict, one.nights_seen, one.confirmed) == (Verdict.FAIL, 1, False), "it stays as it was"
        assert (one.last_seen, one.news) == ("R1", "standing")
    (one,) = after(kept, tables, 5, looked(5), fault()).deficiencies
    assert (one.verdict, one.nights_seen, one.confirmed) == (Verdict.FAIL, 2, True)


def test_what_rests_on_a_waiting_page_is_a_question_when_new_and_stays_a_fault_where_it_was_one(
    kept: Store, tables: Tables
) -> None:
    doubt = msgspec.structs.replace(fault(Verdict.UNSURE), because=f"所依据的页面 {TEXT} {WAITS}")
    (new,) = after(kept, tables, 1, looked(1), doubt).deficiencies
    assert new.verdict is Verdict.UNSURE
    after(kept, tables, 2, looked(2), fault())
    after(kept, tables, 3, looked(3), fault())
    (held,) = after(kept, tables, 4, looked(4), doubt).deficiencies
    assert (held.verdict, held.confirmed, held.last_seen) == (Verdict.FAIL, True, "R3")
    assert held.outcome.evidence == fault().evidence
    (gone,) = after(kept, tables, 5, looked(5)).gone
    assert gone.number == held.number
    (again,) = after(kept, tables, 6, looked(6), doubt).deficiencies
    assert (again.verdict, again.confirmed) == (Verdict.UNSURE, False), "it had ended, so this is new"


def test_a_question_asked_of_a_waiting_page_confirms_nothing(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, looked(1), fault())
    for number in (2, 3):
        (one,) = after(kept, tables, number, waiting(number, 1), fault(Verdict.UNSURE)).deficiencies
        assert not one.confirmed


def test_a_page_found_well_on_an_earlier_night_clears_nobody_tonight(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, looked(1), fault())
    assert after(kept, tables, 2, waiting(2, 1), fault(Verdict.PASS)).gone == ()
    assert after(kept, tables, 3, looked(3), fault(Verdict.PASS)).deficiencies == ()


def test_a_page_without_a_way_to_it_is_gone_once_all_was_seen_since(kept: Store, tables: Tables) -> None:
    other = HOME + "b.html"
    after(kept, tables, 1, (*looked(1), capture(other, 1)), fault())
    stood = after(kept, tables, 2, (capture(HOME, 2), carried(other, 1)))
    assert stood.gone == (), "the page that was carried was seen before the fault was last seen, not after"
    assert after(kept, tables, 3, (capture(HOME, 3), capture(other, 3))).deficiencies == ()


def test_all_that_a_standing_deficiency_names_is_looked_at_every_night(kept: Store, tables: Tables) -> None:
    shown = said("wording-error", TEXT, page=LIST)
    after(kept, tables, 1, looked(1), shown)
    wanted = {store.normal_subject(TEXT), store.normal_subject(LIST)}
    assert places_in_question(kept, "A01") == wanted
    after(kept, tables, 2, (capture(HOME, 2),), whole=False)
    assert places_in_question(kept, "A01") == wanted, "what nobody could look for stands on"
    after(kept, tables, 3, looked(3))
    assert places_in_question(kept, "A01") == frozenset()
    assert places_in_question(kept, "B01") == frozenset()
