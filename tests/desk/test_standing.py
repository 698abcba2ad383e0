"""The same fault is the same deficiency, and nobody is cleared or accused by a night that saw nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nights import HOME, capture, dump, facts, night, said

from desk import disappearance
from desk.standing import Standing, stand, standings
from dossier.home import Home
from dossier.model import Area, Claim, NotCalled, Outcome, Reach, Rule, Severity, Topic, Verdict
from dossier.store import Store, open_store
from dossier.tables import Tables, load_tables

COLUMN = HOME + "dt/"
DEAD = HOME + "dead.html"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    shipped = load_tables(Home(tmp_path_factory.mktemp("home")))
    numbers = {**shipped.rules.thresholds, "confirm.default": 2.0, "column-empty.confirm_nights": 1.0}
    numbers = {k: v for k, v in numbers.items() if not k.startswith(("column-stale.c", "link-broken.c"))}
    return msgspec.structs.replace(shipped, rules=msgspec.structs.replace(shipped.rules, thresholds=numbers))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def after(kept: Store, tables: Tables, number: int, *outcomes: Outcome, **more: object) -> Standing:
    run_id = night(kept, number, outcomes, **more)  # type: ignore[arg-type]  # the fields are the caller's
    return stand(kept, run_id, tables)["A01"]


def stale(verdict: Verdict = Verdict.FAIL, **data: object) -> Outcome:
    return said("column-stale", COLUMN, verdict, page=COLUMN, **data)


def broken_link() -> Outcome:
    return said("link-broken", DEAD, page=COLUMN)


def test_a_fault_seen_on_two_nights_is_one_deficiency_and_confirmed(kept: Store, tables: Tables) -> None:
    first = after(kept, tables, 1, stale()).deficiencies
    assert [(d.number, d.nights_seen, d.confirmed, d.news) for d in first] == [
        ("A01-2020-0001", 1, False, "new")
    ]
    second = after(kept, tables, 2, stale()).deficiencies
    assert [(d.number, d.nights_seen, d.confirmed, d.news) for d in second] == [
        ("A01-2020-0001", 2, True, "standing")
    ]
    assert second[0].fingerprint == first[0].fingerprint
    assert (second[0].first_seen, second[0].last_seen) == ("R1", "R2")
    assert (second[0].last_at - second[0].first_at).days == 1


def test_a_rule_may_ask_for_fewer_nights(kept: Store, tables: Tables) -> None:
    found = after(kept, tables, 1, said("column-empty", COLUMN)).deficiencies
    assert found[0].confirmed


def test_judging_and_standing_the_same_run_twice_is_one_night(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale(), broken_link())
    rows = dump(kept.path)
    again = after(kept, tables, 1, stale(), broken_link())
    assert dump(kept.path) == rows
    assert [d.nights_seen for d in again.deficiencies] == [1, 1]


def test_an_old_night_stood_again_knows_nothing_of_later_ones(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    after(kept, tables, 2, stale())
    again = stand(kept, "R1", tables)["A01"]
    assert [(d.nights_seen, d.confirmed, d.news) for d in again.deficiencies] == [(1, False, "new")]


def test_a_doubt_is_no_night_of_the_fault(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    found = after(kept, tables, 2, stale(Verdict.UNSURE)).deficiencies[0]
    assert (found.verdict, found.confirmed, found.news) == (Verdict.UNSURE, False, "changed")
    found = after(kept, tables, 3, stale()).deficiencies[0]
    assert (found.verdict, found.confirmed, found.nights_seen) == (Verdict.FAIL, True, 2)


def test_a_number_that_grows_every_night_is_no_news_but_other_words_are(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale(days=15, newest="2020-09-14"))
    assert after(kept, tables, 2, stale(days=16, newest="2020-09-14")).deficiencies[0].news == "standing"
    assert after(kept, tables, 3, stale(days=17, newest="无日期")).deficiencies[0].news == "changed"


def test_a_fault_that_its_rule_clears_is_gone_once(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    second = after(kept, tables, 2, stale(Verdict.PASS))
    assert second.deficiencies == ()
    assert [(d.number, d.verdict) for d in second.gone] == [("A01-2020-0001", Verdict.FAIL)]
    third = after(kept, tables, 3, stale(Verdict.PASS))
    assert third.gone == ()


def test_a_fault_is_gone_when_its_page_was_seen_and_nothing_is_said_of_it(
    kept: Store, tables: Tables
) -> None:
    after(kept, tables, 1, stale())
    assert len(after(kept, tables, 2, captures=[capture(COLUMN, 2)]).gone) == 1


@pytest.mark.parametrize(
    "captures",
    [
        [],
        [capture(HOME, 2)],
        [capture(COLUMN, 2, body=None, reach=Reach.BLOCKED)],
        [capture(COLUMN, 2, body=None, reach=Reach.SILENT)],
        [capture(COLUMN, 2, body=None, reach=Reach.GONE)],
    ],
    ids=["nothing asked", "page not asked", "blocked", "silent", "gone on one try"],
)
def test_a_fault_whose_page_nobody_saw_stands_as_a_question(
    kept: Store, tables: Tables, captures: list[object]
) -> None:
    after(kept, tables, 1, stale())
    second = after(kept, tables, 2, captures=captures)
    assert second.gone == ()
    assert [(d.verdict, d.number, d.last_seen, d.nights_seen, d.news) for d in second.deficiencies] == [
        (Verdict.UNSURE, "A01-2020-0001", "R1", 1, "standing")
    ]
    assert "未能检测" in second.deficiencies[0].outcome.because
    assert "2020-09-29" in second.deficiencies[0].outcome.because


def test_a_page_that_is_gone_on_two_tries_takes_its_fault_with_it(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    tries = [capture(COLUMN, 2, body=None, reach=Reach.GONE, attempt=n) for n in (1, 2)]
    assert len(after(kept, tables, 2, captures=tries).gone) == 1


def test_a_page_that_a_wholly_seen_site_no_longer_links_takes_its_fault_with_it(
    kept: Store, tables: Tables
) -> None:
    after(kept, tables, 1, stale())
    assert len(after(kept, tables, 2, whole=True).gone) == 1


def test_a_rule_that_was_not_called_clears_nobody(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, said("annual-report-missing", "2019"))
    silent = NotCalled(rule_id="annual-report-missing", area=Area.ANNUAL, because="年报栏目打不开")
    second = after(kept, tables, 2, not_called=[silent], whole=True)
    assert second.gone == ()
    assert "年报栏目打不开" in second.deficiencies[0].outcome.because


def test_a_rule_that_broke_clears_nobody_and_accuses_nobody(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    crash = said("column-stale", "A01", Verdict.ERROR)
    second = after(kept, tables, 2, crash, captures=[capture(COLUMN, 2)])
    assert [(d.verdict, d.number) for d in second.deficiencies] == [
        (Verdict.UNSURE, "A01-2020-0001"),
        (Verdict.ERROR, ""),
    ]
    third = after(kept, tables, 3, captures=[capture(COLUMN, 3)])
    assert third.deficiencies == ()
    assert [d.outcome.rule_id for d in third.gone] == ["column-stale"]


def test_a_night_on_which_the_rule_broke_does_not_make_one_forget_the_fault(
    kept: Store, tables: Tables
) -> None:
    after(kept, tables, 1, said("home-stale", "www.example.gov.cn"))
    crash = said("home-stale", "www.example.gov.cn", Verdict.ERROR)
    assert [d.verdict for d in after(kept, tables, 2, crash).deficiencies] == [Verdict.ERROR]
    blocked = [capture(HOME, 3, body=None, reach=Reach.BLOCKED)]
    third = after(kept, tables, 3, captures=blocked)
    assert [(d.verdict, d.last_seen, d.nights_seen) for d in third.deficiencies] == [
        (Verdict.UNSURE, "R1", 1)
    ]
    fourth = after(kept, tables, 4, said("home-stale", "www.example.gov.cn"))
    assert [(d.verdict, d.confirmed) for d in fourth.deficiencies] == [(Verdict.FAIL, True)]


def test_a_rule_that_cannot_tell_of_the_whole_unit_clears_nobody(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, said("platform-column-missing", "guide"))
    second = after(kept, tables, 2, said("platform-column-missing", "A01", Verdict.UNSURE))
    assert second.gone == ()
    assert len(second.deficiencies) == 2


def test_a_unit_that_was_not_inspected_keeps_what_stood(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale(), said("statutory-item-missing", "20-7"))
    second = after(kept, tables, 2, captures=[], inspected=False)
    assert second.gone == ()
    assert {d.verdict for d in second.deficiencies} == {Verdict.UNSURE}
    third = after(kept, tables, 3, stale())
    carried = {d.outcome.rule_id: d for d in third.deficiencies}
    assert (carried["column-stale"].confirmed, carried["column-stale"].nights_seen) == (True, 2)


def test_a_run_that_was_not_judged_clears_nobody(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    night(kept, 2, [stale(Verdict.PASS)])
    with kept.writing():
        for table in ("said", "judgement"):
            kept.put(f"DELETE FROM {table} WHERE visit_no = 2")
    assert stand(kept, "R2", tables)["A01"].gone == ()


def test_a_fault_that_comes_back_has_its_old_number_and_must_be_confirmed_anew(
    kept: Store, tables: Tables
) -> None:
    after(kept, tables, 1, stale())
    after(kept, tables, 2, stale())
    after(kept, tables, 3, stale(Verdict.PASS))
    found = after(kept, tables, 4, stale()).deficiencies[0]
    assert (found.number, found.news, found.nights_seen, found.confirmed) == (
        "A01-2020-0001",
        "new",
        3,
        False,
    )
    assert found.first_seen == "R1"


def presence(rule_id: str) -> Rule:
    return Rule(
        id=rule_id, name="断链", topic=Topic.UPKEEP, severity=Severity.MINOR, basis=(), claim=Claim.PRESENCE,
        messages={}, remedy="",
    )  # fmt: skip


@pytest.mark.parametrize(("links", "gone"), [((), 1), ((DEAD,), 0)], ids=["taken away", "still there"])
def test_a_dead_link_is_gone_when_the_page_that_held_it_holds_it_no_more(
    kept: Store, tables: Tables, monkeypatch: pytest.MonkeyPatch, links: tuple[str, ...], gone: int
) -> None:
    monkeypatch.setattr(disappearance, "rule_of", presence)
    after(kept, tables, 1, broken_link())
    second = after(kept, tables, 2, captures=[capture(COLUMN, 2)], read=[facts(COLUMN, links=links)])
    assert len(second.gone) == gone
    assert len(second.deficiencies) == 1 - gone


def test_an_exempted_fault_no_longer_stands(kept: Store, tables: Tables) -> None:
    after(kept, tables, 1, stale())
    assert after(kept, tables, 2, stale(Verdict.NOT_APPLICABLE)).deficiencies == ()


def test_faults_come_before_doubts_and_in_the_order_of_the_table(kept: Store, tables: Tables) -> None:
    found = after(
        kept,
        tables,
        1,
        said("link-broken", DEAD),
        said("platform-entry-missing", "A01", Verdict.UNSURE),
        said("interpretation-missing", HOME + "b"),
        said("interpretation-missing", HOME + "a"),
        said("platform-column-missing", "guide"),
    ).deficiencies
    assert [(d.outcome.rule_id, d.outcome.subject) for d in found] == [
        ("platform-column-missing", "guide"),
        ("interpretation-missing", HOME + "a"),
        ("interpretation-missing", HOME + "b"),
        ("link-broken", DEAD),
        ("platform-entry-missing", "A01"),
    ]
    assert standings(kept, "R1", tables)["A01"].deficiencies == found


def test_the_gravest_of_two_words_on_one_subject_stands(kept: Store, tables: Tables) -> None:
    found = after(kept, tables, 1, stale(Verdict.PASS), stale(Verdict.UNSURE), stale()).deficiencies
    assert [d.verdict for d in found] == [Verdict.FAIL]


SIGHTS = st.sampled_from(["fail", "unsure", "pass", "blocked"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(SIGHTS, min_size=1, max_size=6))
def test_whatever_the_nights_bring_only_enough_real_sights_confirm(
    tmp_path_factory: pytest.TempPathFactory, tables: Tables, nights: list[str]
) -> None:
    with open_store(tmp_path_factory.mktemp("db") / "g.db") as kept:
        for number, kind in enumerate(nights, start=1):
            if kind == "blocked":
                found = after(kept, tables, number, captures=[capture(COLUMN, number, None, Reach.BLOCKED)])
            else:
                found = after(kept, tables, number, stale(Verdict(kind)))
            since = nights[:number]
            while "pass" in since:
                since = since[since.index("pass") + 1 :]
            stands = [kind for kind in since if kind != "blocked"]
            assert len(found.deficiencies) == bool(stands)
            for one in found.deficiencies:
                assert one.number == "A01-2020-0001"
                assert one.confirmed == (stands.count("fail") >= 2)
                assert (one.verdict is Verdict.FAIL) == (kind == "fail")
