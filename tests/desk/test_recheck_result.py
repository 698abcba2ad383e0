"""Only what was really seen to be in order is mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from desk.recheck_result import SecondLook, Sight, result_of
from dossier.model import (
    AccountFacts,
    Area,
    Capture,
    Evidence,
    Judgement,
    Link,
    NotCalled,
    Outcome,
    PageFacts,
    Reach,
    UnitReport,
    Verdict,
)
from dossier.store import RecheckResult

AT = datetime(2020, 9, 30, tzinfo=UTC)
PAGE, DEAD = "http://www.a.gov.cn/zc/1.html", "http://www.a.gov.cn/old/9.html"
FIXED, NOT_FIXED = RecheckResult.FIXED, RecheckResult.NOT_FIXED
UNSEEN, MOVED = RecheckResult.UNSEEN, RecheckResult.MOVED


def seen(url: str, reach: Reach = Reach.OK, final: str = "") -> Capture:
    return Capture(unit_id="A01", asked_url=url, at=AT, reach=reach, final_url=final)


def last(rule: str = "document-body-empty", subject: str = PAGE, *more: str) -> Outcome:
    urls = [url for url in (subject, *more) if "://" in url]
    return Outcome(
        rule_id=rule,
        verdict=Verdict.FAIL,
        subject=subject,
        page_url=more[0] if more else PAGE,
        evidence=tuple(Evidence(url=url) for url in urls) or (Evidence(url=PAGE),),
    )


def said(verdict: Verdict, was: Outcome, *, evidence: str = PAGE) -> Outcome:
    return Outcome(
        rule_id=was.rule_id,
        verdict=verdict,
        subject=was.subject,
        because="原因",
        evidence=(Evidence(url=evidence),),
    )


def look(
    now: Sequence[Capture],
    outcomes: Sequence[Outcome] = (),
    *,
    before: Sequence[Capture] = (seen(PAGE),),
    pages: Sequence[PageFacts] = (),
    accounts: Sequence[AccountFacts] = (),
    finish: str = "finished",
    not_called: Sequence[NotCalled] = (),
    certificates: dict[str, str] | None = None,
) -> SecondLook:
    report = UnitReport(
        unit_id="A01", run_id="r", started=AT, finished=AT, finish=finish, certificates=certificates or {}
    )
    return SecondLook(
        judgement=Judgement(unit_id="A01", outcomes=tuple(outcomes), not_called=tuple(not_called)),
        before=Sight.of(before),
        now=Sight.of(now),
        pages=tuple(pages),
        accounts=tuple(accounts),
        report=report,
    )


def test_a_page_seen_without_its_fault_is_mended() -> None:
    was = last()
    assert result_of(look([seen(PAGE)]), was, [PAGE])[0] is FIXED
    assert result_of(look([seen(PAGE)], [said(Verdict.PASS, was)]), was, [PAGE])[0] is FIXED
    assert result_of(look([seen(PAGE)], [said(Verdict.FAIL, was)]), was, [PAGE])[0] is NOT_FIXED


@pytest.mark.parametrize(
    "reach", [Reach.BLOCKED, Reach.REFUSED, Reach.SILENT, Reach.BROKEN, Reach.DISALLOWED]
)
def test_a_page_that_does_not_open_is_not_mended(reach: Reach) -> None:
    was = last()
    for outcomes in ([], [said(Verdict.PASS, was)], [said(Verdict.UNSURE, was)], [said(Verdict.ERROR, was)]):
        result, because = result_of(look([seen(PAGE, reach)], outcomes), was, [PAGE])
        assert (result, bool(because)) == (UNSEEN, True)


def test_a_page_that_is_gone_or_leads_elsewhere_is_moved() -> None:
    was = last()
    assert result_of(look([seen(PAGE, Reach.GONE)] * 2), was, [PAGE])[0] is MOVED
    away = seen(PAGE, final="http://www.a.gov.cn/")
    assert result_of(look([away]), was, [PAGE])[0] is MOVED
    dressed = seen(PAGE, final=PAGE.replace("http:", "https:").replace("www.", ""))
    assert result_of(look([dressed]), was, [PAGE])[0] is FIXED


def test_nobody_asked_is_nobody_knows() -> None:
    was = last()
    assert result_of(look([]), was, [PAGE])[0] is UNSEEN
    assert result_of(look([seen(PAGE)], finish="network-down"), was, [PAGE])[0] is UNSEEN
    silent = NotCalled(rule_id=was.rule_id, area=Area.POLICY, because="没有看到政策栏目")
    assert result_of(look([seen(PAGE)], not_called=[silent]), was, [PAGE]) == (UNSEEN, "没有看到政策栏目")
    assert result_of(look([seen(PAGE)], [said(Verdict.NOT_APPLICABLE, was)]), was, [PAGE])[0] is UNSEEN


def test_a_fault_that_rests_on_pages_not_seen_again_is_not_repeated() -> None:
    was = last("page-tags-missing", "content", PAGE)
    other = said(Verdict.FAIL, was, evidence="http://www.a.gov.cn/zc/2.html")
    assert result_of(look([seen(PAGE)], [other]), was, [PAGE])[0] is UNSEEN
    assert result_of(look([seen(PAGE)], [said(Verdict.FAIL, was)]), was, [PAGE])[0] is NOT_FIXED


def test_a_dead_link_is_mended_when_it_lives_or_is_taken_out() -> None:
    was = last("link-broken", DEAD, PAGE)
    before = (seen(PAGE), seen(DEAD, Reach.GONE), seen(DEAD, Reach.GONE))
    linked = PageFacts(url=PAGE, reader=1, links=(Link(url=DEAD, text="甲"),))
    bare = PageFacts(url=PAGE, reader=1)
    assert (
        result_of(look([seen(PAGE), seen(DEAD)], before=before, pages=[linked]), was, [DEAD, PAGE])[0]
        is FIXED
    )
    gone = [seen(PAGE), seen(DEAD, Reach.GONE), seen(DEAD, Reach.GONE)]
    assert result_of(look(gone, before=before, pages=[bare]), was, [DEAD, PAGE])[0] is FIXED
    barred = [seen(PAGE), seen(DEAD, Reach.REFUSED)]
    assert result_of(look(barred, before=before, pages=[linked]), was, [DEAD, PAGE])[0] is UNSEEN
    assert result_of(look(barred, before=before, pages=[bare]), was, [DEAD, PAGE])[0] is FIXED


def test_an_absence_is_mended_when_the_rule_found_it() -> None:
    was = last("platform-column-missing", "年报", PAGE)
    assert result_of(look([seen(PAGE)], [said(Verdict.PASS, was)]), was, [PAGE])[0] is FIXED
    assert result_of(look([seen(PAGE, Reach.BLOCKED)], [said(Verdict.UNSURE, was)]), was, [PAGE])[0] is UNSEEN


@pytest.mark.parametrize(
    ("state", "verdict", "result"),
    [
        ("open", Verdict.PASS, FIXED),
        ("open", Verdict.FAIL, NOT_FIXED),
        ("gone", None, MOVED),
        ("login", Verdict.UNSURE, UNSEEN),
        ("unread", None, UNSEEN),
        ("open", Verdict.UNSURE, UNSEEN),
    ],
)
def test_an_account_is_mended_when_it_was_seen(
    state: str, verdict: Verdict | None, result: RecheckResult
) -> None:
    was = last("account-stale", "55")
    facts = AccountFacts(unit_id="A01", channel="weibo", account_id="55", state=state, because="要登录")
    outcomes = [said(verdict, was)] if verdict else []
    assert result_of(look([], outcomes, accounts=[facts]), was, [])[0] is result


def test_an_account_that_is_open_again_is_no_longer_gone() -> None:
    was = last("account-gone", "55")
    facts = AccountFacts(unit_id="A01", channel="weibo", account_id="55", state="open")
    assert result_of(look([], [said(Verdict.PASS, was)], accounts=[facts]), was, [])[0] is FIXED
    assert result_of(look([]), was, [])[0] is UNSEEN


def test_a_certificate_is_mended_when_it_was_shown() -> None:
    was = last("certificate-invalid", "www.a.gov.cn")
    good = said(Verdict.PASS, was)
    assert result_of(look([], [good], certificates={"www.a.gov.cn": "ok"}), was, [])[0] is FIXED
    assert result_of(look([], [good]), was, [])[0] is UNSEEN
