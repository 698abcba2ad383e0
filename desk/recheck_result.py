"""What a second look says of a deficiency: only what was really seen to be in order is mended.

A page that is gone mends nothing, and neither does a page that would not open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.registry import BESIDE_THE_CRAWL, rule_of
from dossier.model import (
    AccountFacts,
    Capture,
    Claim,
    Judgement,
    Outcome,
    PageFacts,
    Reach,
    Topic,
    UnitReport,
    Verdict,
)
from dossier.store import RecheckResult, normal_subject

SEEN_STATES = frozenset({"open", "gone", "empty"})
_NOBODY_LOOKED = frozenset({"network-down", "crashed"})
_REACH_WORDS = {
    Reach.REFUSED: "拒绝访问",
    Reach.BLOCKED: "被网站防护拦截",
    Reach.BROKEN: "应答出错",
    Reach.SILENT: "没有应答",
    Reach.OFF_SITE: "跳转到站外",
    Reach.DISALLOWED: "robots.txt 不许访问",
}
Said = tuple[RecheckResult, str]


@dataclass(frozen=True, eq=False)
class Sight:
    """One run's captures by address, as subjects are compared."""

    tries: Mapping[str, tuple[Capture, ...]]

    @classmethod
    def of(cls, captures: Iterable[Capture]) -> Sight:
        found: dict[str, list[Capture]] = {}
        for capture in captures:
            found.setdefault(normal_subject(capture.asked_url), []).append(capture)
        return cls({address: tuple(tries) for address, tries in found.items()})

    def last(self, place: str) -> Capture | None:
        """The try that counts: one that saw the page, else the last."""
        tries = self.tries.get(place, ())
        seen = [one for one in tries if one.reach is Reach.OK]
        return next(reversed(seen or list(tries)), None)

    def of_bodies(self, digests: frozenset[str]) -> tuple[Capture, ...]:
        """The captures that brought these bodies."""
        return tuple(one for tries in self.tries.values() for one in tries if one.sha256 in digests)

    def is_ok(self, place: str) -> bool:
        last = self.last(place)
        return last is not None and last.reach is Reach.OK

    def is_gone(self, place: str) -> bool:
        return any(one.reach is Reach.GONE for one in self.tries.get(place, ())) and not self.is_ok(place)


@dataclass(frozen=True, eq=False)
class SecondLook:
    """All that a recheck saw of one unit, beside the night it is compared with."""

    judgement: Judgement
    before: Sight
    now: Sight
    pages: tuple[PageFacts, ...]
    """Of the pages seen now."""
    accounts: tuple[AccountFacts, ...]
    report: UnitReport | None
    accounts_before: tuple[AccountFacts, ...] = ()


def result_of(look: SecondLook, last: Outcome, places: Iterable[str]) -> Said:
    """The result for one deficiency, with its Chinese reason. `places` are the addresses it rests on."""
    if look.report is None or look.report.finish in _NOBODY_LOOKED:
        because = look.report.because if look.report else ""
        return RecheckResult.UNSEEN, because or "复查没有完成"
    silence = next((one.because for one in look.judgement.not_called if one.rule_id == last.rule_id), None)
    if silence is not None:
        return RecheckResult.UNSEEN, silence or "规则本次未能执行"
    outcome = _outcome(look.judgement, last)
    if last.rule_id in BESIDE_THE_CRAWL:
        return _beside(look, last, outcome)
    return _on_pages(look, last, outcome, [normal_subject(place) for place in places])


def stale_evidence(look: SecondLook, outcome: Outcome) -> tuple[str, ...]:
    """What a fault still rests on where nothing of it was seen now: pages as they were on the night before."""
    shown = tuple(dict.fromkeys(one.url for one in outcome.evidence if "://" in one.url))
    return () if any(normal_subject(url) in look.now.tries for url in shown) else shown


def outcome_on(look: SecondLook, last: Outcome) -> Outcome | None:
    """What the rule of a deficiency says of its subject now."""
    return _outcome(look.judgement, last)


def _outcome(judgement: Judgement, last: Outcome) -> Outcome | None:
    wanted = normal_subject(last.subject)
    mine = [one for one in judgement.outcomes if one.rule_id == last.rule_id]
    broken = next((one for one in mine if one.verdict is Verdict.ERROR), None)
    return next((one for one in mine if normal_subject(one.subject) == wanted), broken)


def _on_pages(look: SecondLook, last: Outcome, outcome: Outcome | None, places: list[str]) -> Said:
    verdict = outcome.verdict if outcome else None
    if outcome is not None and verdict is Verdict.FAIL:
        if stale_evidence(look, outcome):
            return RecheckResult.UNSEEN, "原处已不见，但其他网页上先前也有同样问题，本次没有全部重看"
        return RecheckResult.NOT_FIXED, "问题仍在"
    if outcome is not None and verdict in (Verdict.UNSURE, Verdict.ERROR):
        return RecheckResult.UNSEEN, outcome.because
    rule = rule_of(last.rule_id)
    if verdict is Verdict.PASS and rule is not None and rule.claim is Claim.ABSENCE:
        own = [normal_subject(last.subject)] if "://" in last.subject else places
        if any(look.now.is_ok(place) for place in own):
            return RecheckResult.FIXED, "所缺内容已经找到"
    stood = [place for place in places if look.before.is_ok(place)]
    hindered = [place for place in stood if not look.now.is_ok(place) and not look.now.is_gone(place)]
    lost = [place for place in stood if look.now.is_gone(place) or _sent_elsewhere(look, place)]
    if lost:
        return RecheckResult.MOVED, f"问题所在页面已不在原处：{_shown(lost[0])}，不能据此认定已整改"
    targets = [place for place in places if place not in stood and not look.now.is_ok(place)]
    hindered += [place for place in targets if not look.now.is_gone(place) and _still_linked(look, place)]
    if hindered:
        return RecheckResult.UNSEEN, f"没有看到 {_shown(hindered[0])}（{_why(look.now, hindered[0])}）"
    if verdict is Verdict.NOT_APPLICABLE and outcome is not None:
        return RecheckResult.UNSEEN, outcome.because or "本项规则现在不适用，请人工认定"
    if not any(look.now.is_ok(place) for place in places):
        return RecheckResult.UNSEEN, "复查没有看到问题所在的任何页面"
    mute = {normal_subject(one.url) for one in look.pages if one.unreadable}
    if (
        rule is not None
        and rule.topic is Topic.WORDING
        and (unread := [one for one in places if one in mute])
    ):
        return RecheckResult.UNSEEN, f"附件 {_shown(unread[0])} 打开了但没有读出文字，请人工核对"
    return RecheckResult.FIXED, "原处已看到，问题不再出现"


def _beside(look: SecondLook, last: Outcome, outcome: Outcome | None) -> Said:
    """Accounts, certificates and probes have no page of the crawl."""
    if last.rule_id.startswith("account-"):
        mine = accounts_of(last, look.accounts)
        unseen = next((one for one in mine if one.state not in SEEN_STATES), None)
        if unseen is not None or not mine:
            return RecheckResult.UNSEEN, (unseen.because if unseen else "") or "本次没有看到该账号"
        if last.rule_id != "account-gone" and all(one.state == "gone" for one in mine):
            return RecheckResult.MOVED, "账号已不存在，不能据此认定已整改"
    elif last.rule_id == "certificate-invalid" and last.subject not in _certificates(look):
        return RecheckResult.UNSEEN, "本次没有取得该主机的证书"
    if outcome is None:
        return RecheckResult.UNSEEN, "规则本次没有对它作出结论"
    if outcome.verdict is Verdict.FAIL:
        return RecheckResult.NOT_FIXED, "问题仍在"
    if outcome.verdict is Verdict.PASS:
        return RecheckResult.FIXED, "已看到恢复正常"
    return RecheckResult.UNSEEN, outcome.because or "规则本次不能下结论"


def accounts_of(last: Outcome, accounts: Iterable[AccountFacts]) -> list[AccountFacts]:
    """The accounts of which a finding speaks."""
    return [one for one in accounts if last.subject in (one.account_id, one.url, one.channel)]


def _certificates(look: SecondLook) -> Mapping[str, str]:
    return look.report.certificates if look.report else {}


def _sent_elsewhere(look: SecondLook, place: str) -> bool:
    """Whether a page that used to answer by itself now sends its visitors to another place."""
    before, now = look.before.last(place), look.now.last(place)
    if before is None or now is None or now.reach is not Reach.OK:
        return False
    was, goes = _bare(before.url), _bare(now.url)
    return was == _bare(before.asked_url) and goes not in (was, _bare(now.asked_url))


def _still_linked(look: SecondLook, place: str) -> bool:
    for facts in look.pages:
        targets = (
            *(link.url for link in facts.links),
            *(link.url for link in facts.interpretations),
            *(one.url for one in facts.attachments),
            *(item.url for item in facts.items),
        )
        if any(url and normal_subject(url) == place for url in targets):
            return True
    return False


def _bare(url: str) -> str:
    return normal_subject(url).removeprefix("//").removeprefix("www.").rstrip("/")


def _shown(place: str) -> str:
    return place.removeprefix("//")


def _why(sight: Sight, place: str) -> str:
    last = sight.last(place)
    return _REACH_WORDS.get(last.reach, "没有看到") if last else "没有访问到"
