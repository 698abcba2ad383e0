"""A deficiency is only gone if somebody looked where it was.

A blocked page, a rule that could not be asked, a crawl that stopped early: none of them mends a site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.engine import WAITS
from checks.registry import BESIDE_THE_CRAWL, rule_of
from dossier.model import (
    AccountFacts,
    Area,
    AreaState,
    Capture,
    Claim,
    Coverage,
    Judgement,
    Outcome,
    Purpose,
    Reach,
    Topic,
    UnitReport,
    Verdict,
)
from dossier.store import SeenUnit, fingerprint, normal_subject

SEEN = frozenset({Reach.OK, Reach.GONE})
"""Ends of an attempt after which one knows what is at an address."""


@dataclass(frozen=True, eq=False)
class Look:
    """Where a run really looked at one unit."""

    judgement: Judgement
    coverage: Coverage
    places: Mapping[str, bool]
    """Each address that was asked (as subjects are compared) → whether it is known what is there."""
    silenced: frozenset[str]
    """Rules that were not called, or broke."""
    cleared: frozenset[str]
    """Fingerprints of which a rule said tonight that they are in order, or do not apply."""
    spoke: frozenset[str]
    undecided: frozenset[str]
    """Rules that said of the unit as a whole that they cannot tell."""
    accounts: frozenset[str]
    hosts: frozenset[str]
    seen: SeenUnit
    carried: frozenset[str] = frozenset()
    """Earlier runs of which answers were taken over: what they showed was not looked at tonight."""
    unasked: frozenset[str] = frozenset()
    """Addresses that were met and not asked."""


def look_of(
    judgement: Judgement,
    coverage: Coverage,
    seen: SeenUnit,
    accounts: tuple[AccountFacts, ...],
    report: UnitReport | None,
) -> Look:
    """Where a run looked, from all that it left."""
    unit = judgement.unit_id
    asked = {one.asked_url for one in seen.captures if not one.carried}
    unasked = frozenset(
        normal_subject(one.asked_url) for one in seen.captures if one.carried and one.asked_url not in asked
    )
    broken = {one.rule_id for one in judgement.outcomes if one.verdict is Verdict.ERROR}
    return Look(
        judgement=judgement,
        coverage=coverage,
        places=_places(one for one in seen.captures if not one.carried),
        silenced=frozenset(broken | {one.rule_id for one in judgement.not_called}),
        cleared=frozenset(
            fingerprint(unit, one.rule_id, one.subject)
            for one in judgement.outcomes
            if one.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE) and not _rests_on(one, unasked)
        ),
        spoke=frozenset(one.rule_id for one in judgement.outcomes),
        undecided=frozenset(
            one.rule_id for one in judgement.outcomes if one.verdict is Verdict.UNSURE and one.subject == unit
        ),
        accounts=frozenset(
            name
            for one in accounts
            if one.state in ("open", "gone", "empty")
            for name in (one.account_id, one.url, one.channel)
            if name
        ),
        hosts=frozenset(report.certificates if report else ()),
        seen=seen,
        carried=frozenset(one.carried for one in seen.captures if one.carried),
        unasked=unasked,
    )


def why_unseen(look: Look, mark: str, last: Outcome, last_run: str = "") -> str:
    """Why it cannot be said that a deficiency is gone, in Chinese; empty where it is gone. `last_run`: where it was
    last seen."""
    rule = rule_of(last.rule_id)
    if mark in look.cleared:
        return ""
    if last.rule_id in look.silenced:
        return _silence(look, last.rule_id)
    if last.rule_id in look.undecided:
        return "本次该项规则对全站无法下结论"
    if last.rule_id in BESIDE_THE_CRAWL:
        looked = last.subject in look.accounts or last.subject in look.hosts or last.rule_id in look.spoke
        return "" if looked else "本次没有取得该账号或网站的情况"
    main = _main_place(last)
    if not main:
        return "" if look.coverage.inspected else (look.coverage.because or "本次未能检测该单位")
    if main in look.unasked:
        return f"所在页面{WAITS}"
    known = look.places.get(main)
    if known:
        words = rule is not None and rule.topic is Topic.WORDING
        return "本次没有读出所在附件" if words and _unread(look, main) else ""
    if known is False:
        return "本次没有看到所在页面"
    if look.coverage.state(Area.SITE) is AreaState.COMPLETE and all(last_run < run for run in look.carried):
        return ""  # seen as a whole since, the site has no way there any more
    if rule is not None and rule.claim is Claim.PRESENCE and _unlinked(look, main, last):
        return ""
    return "本次没有访问到所在页面"


def _silence(look: Look, rule_id: str) -> str:
    said = next((one.because for one in look.judgement.not_called if one.rule_id == rule_id), "")
    return said or "本次该项规则未能执行"


def _main_place(last: Outcome) -> str:
    """The address at which a fault was accused: what the subject names, else the page."""
    first = last.subject.partition(" ")[0]
    if "://" in first:
        return normal_subject(first)
    if last.page_url:
        return normal_subject(last.page_url)
    return normal_subject(last.evidence[0].url) if last.evidence else ""


def _rests_on(outcome: Outcome, unasked: frozenset[str]) -> bool:
    """Whether what was found to be well was looked at on an earlier night."""
    shown = (*outcome.subject.split(), outcome.page_url, *(one.url for one in outcome.evidence))
    return any("://" in url and normal_subject(url) in unasked for url in shown)


def _places(captures: Iterable[Capture]) -> dict[str, bool]:
    """One try that says "not there" is no knowledge; two are, and so is one that shows the page."""
    reaches: dict[str, list[Reach]] = defaultdict(list)
    for capture in captures:
        for address in {capture.asked_url, capture.url}:
            reaches[normal_subject(address)].append(capture.reach)
    return {address: Reach.OK in tries or tries.count(Reach.GONE) >= 2 for address, tries in reaches.items()}


def _unread(look: Look, main: str) -> bool:
    """Whether the accused address is a file that was fetched tonight and whose words nobody saw."""
    held = (
        one
        for one in look.seen.captures
        if not one.carried and one.purpose is Purpose.ATTACHMENT and one.reach is Reach.OK
    )
    return any(
        facts is not None and bool(facts.unreadable)
        for facts in (look.seen.facts_of(one) for one in held if normal_subject(one.url) == main)
    )


def _unlinked(look: Look, main: str, last: Outcome) -> bool:
    """Whether every page that led to an accused target was seen tonight, and none leads there any more."""
    leading = {
        address
        for address in (
            normal_subject(url) for url in (last.page_url, *(one.url for one in last.evidence)) if url
        )
        if address != main
    }
    if not leading:
        return False
    for capture in look.seen.captures:
        address = normal_subject(capture.asked_url)
        if address not in leading or capture.reach is not Reach.OK or capture.carried:
            continue
        facts = look.seen.facts_of(capture)
        if facts is None:
            return False
        targets = (
            *(link.url for link in facts.links),
            *(link.url for link in facts.interpretations),
            *(one.url for one in facts.attachments),
            *(item.url for item in facts.items),
        )
        if any(url and normal_subject(url) == main for url in targets):
            return False
        leading.discard(address)
    return not leading
