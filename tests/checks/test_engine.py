"""Every accusation is doubted before it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from checks.accuse import absent, fail, passed, seen
from checks.engine import judge, message_of
from checks.lens import lens
from checks.registry import RuleModule
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Claim,
    Coverage,
    Exemption,
    Outcome,
    Page,
    Reach,
    Rule,
    Severity,
    SiteSnapshot,
    Topic,
    Unseen,
    Verdict,
)
from tests.checks.made_sites import gone, page, site

HOME = page("/")


def rule(claim: Claim = Claim.PRESENCE, *needs: Area) -> Rule:
    return Rule(
        id="made-up",
        name="编造的",
        topic=Topic.UPKEEP,
        severity=Severity.NORMAL,
        basis=("无",),
        claim=claim,
        needs=needs,
        messages={"bad": "{what}不好"},
        remedy="改。",
    )


def module(declared: Rule, check: Callable[[SiteSnapshot], Iterator[Outcome]]) -> RuleModule:
    return cast(RuleModule, SimpleNamespace(RULE=declared, check=check))


def snapshot(*pages: Page, **changes: object) -> SiteSnapshot:
    made = site(HOME, *pages)
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made


def covered(area: Area, state: AreaState, *unseen: str) -> Coverage:
    links = tuple(Unseen(url=url, text="某栏目", because="blocked") for url in unseen)
    return Coverage(areas={area: AreaCoverage(area=area, state=state, unseen=links, because="被拦截 1 处")})


def accusing(declared: Rule, **more: object) -> RuleModule:
    def check(_: SiteSnapshot) -> Iterator[Outcome]:
        if declared.claim is Claim.ABSENCE:
            yield absent(declared, "x", "bad", searched=(HOME,), looked_for=("某物",), what="某")
        else:
            yield fail(declared, "x", "bad", page=HOME, quote="坏话", what="某")

    return module(declared, check)


def verdict(made: SiteSnapshot, *modules: RuleModule) -> Outcome:
    (outcome,) = judge(made, rules=modules).outcomes
    return outcome


def test_an_accusation_with_evidence_stands() -> None:
    outcome = verdict(snapshot(), accusing(rule()))
    assert outcome.verdict is Verdict.FAIL
    assert outcome.evidence[0].quote == "坏话"


def test_an_accusation_without_evidence_is_a_question() -> None:
    declared = rule()

    def check(_: SiteSnapshot) -> Iterator[Outcome]:
        yield Outcome(rule_id="made-up", verdict=Verdict.FAIL, subject="x", message_key="bad")

    outcome = verdict(snapshot(), module(declared, check))
    assert outcome.verdict is Verdict.UNSURE
    assert "证据" in outcome.because


@pytest.mark.parametrize(
    "reach", [Reach.BLOCKED, Reach.SILENT, Reach.BROKEN, Reach.REFUSED, Reach.DISALLOWED]
)
def test_an_accusation_resting_on_a_page_that_was_not_seen_is_a_question(reach: Reach) -> None:
    unseen = gone("/b", reach=reach)
    declared = rule()
    outcome = verdict(
        snapshot(unseen),
        module(declared, lambda _: iter([fail(declared, "x", "bad", page=unseen, what="某")])),
    )
    assert outcome.verdict is Verdict.UNSURE
    assert unseen.url in outcome.because


def test_a_page_gone_once_is_a_question_and_gone_twice_an_accusation() -> None:
    declared = rule()

    def of(target: Page) -> Verdict:
        check = module(declared, lambda _: iter([fail(declared, "x", "bad", page=target, what="某")]))
        return verdict(snapshot(target), check).verdict

    assert of(gone("/b", tries=1)) is Verdict.UNSURE
    assert of(gone("/b", tries=2)) is Verdict.FAIL


@pytest.mark.parametrize("state", [AreaState.COMPLETE, AreaState.ABSENT])
def test_an_absence_stands_where_the_place_was_wholly_seen(state: AreaState) -> None:
    made = snapshot(coverage=covered(Area.PLATFORM, state))
    assert verdict(made, accusing(rule(Claim.ABSENCE, Area.PLATFORM))).verdict is Verdict.FAIL


def test_an_absence_in_a_place_partly_seen_is_a_question_that_names_what_was_not_seen() -> None:
    made = snapshot(coverage=covered(Area.PLATFORM, AreaState.PARTIAL, "http://h/unseen"))
    outcome = verdict(made, accusing(rule(Claim.ABSENCE, Area.PLATFORM)))
    assert outcome.verdict is Verdict.UNSURE
    assert "http://h/unseen" in outcome.because
    assert "人工" in outcome.because


def test_a_presence_stands_in_a_place_partly_seen() -> None:
    made = snapshot(coverage=covered(Area.HOME, AreaState.PARTIAL, "http://h/unseen"))
    assert verdict(made, accusing(rule(Claim.PRESENCE, Area.HOME))).verdict is Verdict.FAIL


def test_a_rule_is_not_called_where_what_it_needs_was_never_reached() -> None:
    made = snapshot(coverage=covered(Area.PLATFORM, AreaState.UNREACHED, "http://h/unseen"))
    judgement = judge(made, rules=(accusing(rule(Claim.ABSENCE, Area.PLATFORM)),))
    assert not judgement.outcomes
    assert [(one.rule_id, one.area) for one in judgement.not_called] == [("made-up", Area.PLATFORM)]


def test_nothing_is_said_of_a_unit_that_was_not_inspected() -> None:
    made = snapshot(coverage=Coverage(inspected=False, finish="home-unseen", because="首页没有看到"))
    judgement = judge(made)
    assert not [one for one in judgement.outcomes if one.verdict is Verdict.FAIL]
    assert "首页没有看到" in {one.because for one in judgement.not_called}


def test_when_our_own_network_was_down_not_even_accounts_are_judged() -> None:
    made = snapshot(coverage=Coverage(inspected=False, finish="network-down"))
    judgement = judge(made)
    assert not judgement.outcomes
    assert "account-stale" in {one.rule_id for one in judgement.not_called}


def test_a_rule_that_breaks_is_an_error_and_the_others_go_on() -> None:
    def broken(_: SiteSnapshot) -> Iterator[Outcome]:
        yield fail(rule(), "x", "bad", page=HOME, what="某")
        raise ValueError("no such thing")

    judgement = judge(snapshot(), rules=(module(rule(), broken), accusing(rule())))
    assert [one.verdict for one in judgement.outcomes] == [Verdict.ERROR, Verdict.FAIL]
    assert "ValueError: no such thing" in judgement.outcomes[0].because


@pytest.mark.parametrize("subject", ["x", "*"])
def test_an_exemption_excuses_and_gives_its_reason(subject: str) -> None:
    excuse = Exemption(
        unit_id="B07",
        rule_id="made-up",
        subject=subject,
        reason="无此职能",
        author="张三",
        until=date(2099, 1, 1),
    )
    outcome = verdict(snapshot(exemptions=(excuse,)), accusing(rule()))
    assert outcome.verdict is Verdict.NOT_APPLICABLE
    assert "无此职能" in outcome.because


@pytest.mark.parametrize(
    "change", [{"until": date(2000, 1, 1)}, {"subject": "y"}, {"rule_id": "other"}, {"unit_id": "B08"}]
)
def test_an_exemption_for_something_else_or_run_out_excuses_nothing(change: dict[str, object]) -> None:
    excuse = Exemption(unit_id="B07", rule_id="made-up", reason="无", author="张三", until=date(2099, 1, 1))
    made = snapshot(exemptions=(msgspec.structs.replace(excuse, **change),))
    assert verdict(made, accusing(rule())).verdict is Verdict.FAIL


def test_a_site_rebuilt_overnight_is_asked_about_and_not_accused_of_its_structure() -> None:
    made = snapshot(frozen_structure="列表条目少了一半", coverage=covered(Area.HOME, AreaState.COMPLETE))
    assert verdict(made, accusing(rule(Claim.ABSENCE, Area.HOME))).verdict is Verdict.UNSURE
    assert verdict(made, accusing(rule())).verdict is Verdict.FAIL


def test_two_accusations_of_one_subject_become_one_with_the_evidence_of_both() -> None:
    declared = rule()
    other = page("/other")

    def check(_: SiteSnapshot) -> Iterator[Outcome]:
        yield passed(declared, "x", page=HOME)
        yield fail(declared, "x", "bad", page=HOME, quote="一", what="某")
        yield fail(declared, "x", "bad", evidence=(seen(other, "二"),), what="某")

    outcome = verdict(snapshot(other), module(declared, check))
    assert outcome.verdict is Verdict.FAIL
    assert [shown.quote for shown in outcome.evidence] == ["一", "二"]


def test_a_message_is_filled_and_lists_are_joined() -> None:
    outcome = Outcome(
        rule_id="made-up", verdict=Verdict.FAIL, subject="x", message_key="bad", data={"what": ["甲", "乙"]}
    )
    assert message_of(outcome, rules=(accusing(rule()),)) == "甲、乙不好"


def test_a_lens_is_worked_out_once_for_a_snapshot_and_anew_for_another() -> None:
    looked: list[str] = []

    @lens
    def look(made: SiteSnapshot) -> int:
        looked.append(made.run_id)
        return len(looked)

    first, second = snapshot(), snapshot()
    assert [look(first), look(first), look(second)] == [1, 1, 2]


def test_a_title_within_book_marks_has_its_own_marks_alternated() -> None:
    outcome = Outcome(
        rule_id="document-number-missing",
        verdict=Verdict.FAIL,
        subject="x",
        message_key="missing",
        data={"title": "关于印发《任务分工》的通知"},
    )
    assert message_of(outcome) == "公文《关于印发〈任务分工〉的通知》未标发文字号"


def _carried(path: str) -> Page:
    then = page(path)
    took = msgspec.structs.replace(then.capture, carried="20200927-010000")
    return msgspec.structs.replace(then, capture=took, tries=(took,))


@pytest.mark.parametrize("claim", list(Claim))
def test_an_accusation_resting_on_a_page_that_was_only_carried_is_a_question(claim: Claim) -> None:
    waiting = _carried("/waits")
    declared = rule(claim)

    def check(_: SiteSnapshot) -> Iterator[Outcome]:
        if claim is Claim.ABSENCE:
            yield absent(declared, "x", "bad", searched=(HOME, waiting), looked_for=("某物",), what="某")
        else:
            yield fail(declared, "x", "bad", page=waiting, quote="坏话", what="某")

    outcome = verdict(snapshot(waiting), module(declared, check))
    assert outcome.verdict is Verdict.UNSURE
    assert "没有重新访问" in outcome.because
    assert waiting.capture.at.date().isoformat()[:8] in outcome.because
    assert outcome.evidence[-1].captured_at == waiting.capture.at, (
        "the evidence tells when it was really taken"
    )


def test_an_accusation_whose_subject_was_only_carried_is_a_question() -> None:
    waiting = _carried("/waits")
    declared = rule()
    accused = module(
        declared, lambda _: iter([fail(declared, waiting.url, "bad", page=HOME, quote="坏话", what="某")])
    )
    assert verdict(snapshot(waiting), accused).verdict is Verdict.UNSURE


def test_a_carried_page_elsewhere_weakens_nothing() -> None:
    assert verdict(snapshot(_carried("/waits")), accusing(rule())).verdict is Verdict.FAIL


def _of_many(declared: Rule, bad: int, good: int) -> list[Verdict]:
    def check(_: SiteSnapshot) -> Iterator[Outcome]:
        for n in range(bad):
            yield absent(declared, f"bad-{n}", "bad", searched=(HOME,), looked_for=("某物",), what="某")
        for n in range(good):
            yield passed(declared, f"good-{n}", page=HOME)

    outcomes = judge(snapshot(), rules=(module(declared, check),)).outcomes
    assert all("没有读懂这种版式" in one.because for one in outcomes if one.verdict is Verdict.UNSURE)
    return [one.verdict for one in outcomes]


def test_a_fault_that_comes_one_by_one_is_doubted_where_much_of_a_site_seems_to_have_it() -> None:
    sporadic = msgspec.structs.replace(rule(Claim.ABSENCE), plausible_share=0.5)
    assert set(_of_many(sporadic, bad=3, good=0)) == {Verdict.UNSURE}
    assert Counter(_of_many(sporadic, bad=4, good=3)) == {Verdict.UNSURE: 4, Verdict.PASS: 3}


@pytest.mark.parametrize(("bad", "good"), [(2, 0), (3, 3), (4, 4)])
def test_few_such_faults_or_no_more_than_half_stand(bad: int, good: int) -> None:
    sporadic = msgspec.structs.replace(rule(Claim.ABSENCE), plausible_share=0.5)
    assert Counter(_of_many(sporadic, bad, good))[Verdict.FAIL] == bad


def test_a_fault_of_the_whole_site_is_no_less_one_for_standing_on_every_page() -> None:
    assert set(_of_many(rule(Claim.ABSENCE), bad=9, good=0)) == {Verdict.FAIL}
