"""How often people agreed with each rule; one that is wrong too often only asks, until somebody trusts it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from desk.acting import Refused
from dossier.model import Deficiency, Verdict
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.case_events import (
    CaseEvent,
    decisions_without_event,
    events_after,
    last_event_no,
    rules_of,
)
from dossier.store.desk_words import RuleWord, add_rule_word, rule_words
from dossier.store.users import Account, Role

WINDOW = 30
LEAST = Decimal("0.9")
FEWEST = 10
"""With fewer decisions nothing is said about a rule."""
MACHINE = "系统"
_ORDER = {Verdict.FAIL: 0, Verdict.UNSURE: 1, Verdict.ERROR: 2}


@dataclass(frozen=True)
class RuleRecord:
    """One rule's record with people."""

    rule_id: str
    confirmed: int
    adjusted: int
    dismissed: int
    recent: tuple[bool, ...]
    """Right or wrong, the last WINDOW decisions since trust was last restored, oldest first."""
    demoted: RuleWord | None

    @property
    def decided(self) -> int:
        return self.confirmed + self.adjusted + self.dismissed

    @property
    def precision(self) -> Decimal | None:
        """Of all decisions; None before the first."""
        if not self.decided:
            return None
        return (Decimal(self.confirmed + self.adjusted) / self.decided).quantize(Decimal("0.001"))

    @property
    def recent_precision(self) -> Decimal | None:
        if not self.recent:
            return None
        return (Decimal(sum(self.recent)) / len(self.recent)).quantize(Decimal("0.001"))

    @property
    def failing(self) -> bool:
        """Below the bound over the last decisions; ten wrong of thirty say it before thirty are reached."""
        right = self.recent_precision
        if right is None or len(self.recent) < FEWEST or right >= LEAST:
            return False
        wrong = len(self.recent) - sum(self.recent)
        return len(self.recent) >= WINDOW or wrong > WINDOW * (1 - LEAST)


def last_decisions(events: Iterable[CaseEvent]) -> dict[str, CaseEvent]:
    """Of each finding the decision that stands on its right or wrong, in the order in which they were made; pure."""
    final: dict[str, CaseEvent] = {}
    for event in events:
        if event.kind in ("confirm", "adjust", "dismiss"):
            final.pop(event.deficiency_no, None)
            final[event.deficiency_no] = event
        elif event.kind in ("withdraw", "return"):
            final.pop(event.deficiency_no, None)
    return final


@dataclass(frozen=True)
class CmsRecord:
    """How one rule fares on the sites of one publishing system."""

    cms: str
    """As tables/cms.toml names it; empty where the site's system was not recognised."""
    units: int
    """Units whose site runs on it."""
    shown: int
    """Findings of the rule that stand now."""
    confirmed: int
    rejected: int

    @property
    def precision(self) -> Decimal | None:
        """Of all decisions; None before the first."""
        decided = self.confirmed + self.rejected
        return (Decimal(self.confirmed) / decided).quantize(Decimal("0.001")) if decided else None


def by_cms(
    decisions: Iterable[tuple[str, CaseEvent]], shown: Iterable[str], cms_of: Mapping[str, str]
) -> tuple[CmsRecord, ...]:
    """One rule's decisions (unit, event) and standing findings (unit), told apart by the publishing system of the
    unit's site as it is now; pure. Systems of which there is nothing to say are left out."""
    standing = Counter(cms_of.get(unit, "") for unit in shown)
    said = Counter((cms_of.get(unit, ""), event.kind != "dismiss") for unit, event in decisions)
    sites = Counter(cms_of.values())
    found = (
        CmsRecord(
            cms=name, units=sites[name], shown=standing[name], confirmed=said[name, True], rejected=said[name, False]
        )
        for name in sorted({*standing, *(name for name, _ in said)}, key=lambda name: (not name, name))
    )  # fmt: skip
    return tuple(found)


def records(
    events: Iterable[CaseEvent], rule_of: Mapping[str, str], words: Sequence[RuleWord]
) -> dict[str, RuleRecord]:
    """The record of every rule that anybody decided about; pure. Only the last decision on a finding counts."""
    last_word = {word.rule_id: word for word in words}
    lifted = {word.rule_id: word.last_event for word in words if word.kind == "lift"}
    by_rule: dict[str, list[CaseEvent]] = {}
    for number, event in last_decisions(events).items():
        if number in rule_of:
            by_rule.setdefault(rule_of[number], []).append(event)
    found = {}
    for rule_id in sorted({*by_rule, *last_word}):
        own = by_rule.get(rule_id, [])
        kinds = [event.kind for event in own]
        recent = [event.kind != "dismiss" for event in own if event.no > lifted.get(rule_id, -1)]
        word = last_word.get(rule_id)
        found[rule_id] = RuleRecord(
            rule_id=rule_id, confirmed=kinds.count("confirm"), adjusted=kinds.count("adjust"),
            dismissed=kinds.count("dismiss"), recent=tuple(recent[-WINDOW:]),
            demoted=word if word and word.kind == "demote" else None,
        )  # fmt: skip
    return found


def records_of(kept: Store) -> dict[str, RuleRecord]:
    """The record of every rule, as of now."""
    events = [event for _, event in decisions_without_event(kept)] + list(events_after(kept))
    return records(events, rules_of(kept), rule_words(kept))


def demote_failing(kept: Store, at: datetime) -> tuple[str, ...]:
    """Let every rule that people contradicted too often only ask from now on; returns the newly demoted ones."""
    fallen = []
    for record in records_of(kept).values():
        if record.demoted or not record.failing:
            continue
        right, count = sum(record.recent), len(record.recent)
        because = (
            f"最近 {count} 个决定中成立 {right} 个（{record.recent_precision:.0%}），低于 90%，自动转为待核"
        )
        with kept.writing():
            word = RuleWord(
                rule_id=record.rule_id, kind="demote", because=because, last_event=last_event_no(kept)[0],
                who=MACHINE, at=at,
            )  # fmt: skip
            add_rule_word(kept, word)
            write_audit(
                kept,
                AuditLine(at=at, who=MACHINE, act="rule-demote", object=record.rule_id, detail=because),
            )
        fallen.append(record.rule_id)
    return tuple(fallen)


def demoted(kept: Store) -> dict[str, str]:
    """Rules that only ask for now, each with the reason."""
    last = {word.rule_id: word for word in rule_words(kept)}
    return {rule: word.because for rule, word in last.items() if word.kind == "demote"}


def lift(kept: Store, rule_id: str, *, reason: str, who: Account, at: datetime, place: str = "") -> None:
    """Trust a rule again; its decisions are counted anew from here."""
    if who.role is not Role.ADMIN:
        raise Refused("只有管理员可以恢复规则。")
    if rule_id not in demoted(kept):
        raise Refused("这条规则没有被转为待核。")
    said = reason.strip()
    if not said:
        raise Refused("请写明恢复的理由（比如规则已经改好）。")
    with kept.writing():
        word = RuleWord(
            rule_id=rule_id, kind="lift", because=said, last_event=last_event_no(kept)[0], who=who.name, at=at
        )
        add_rule_word(kept, word)
        write_audit(
            kept, AuditLine(at=at, who=who.name, act="rule-lift", object=rule_id, detail=said, place=place)
        )


def only_asking(deficiencies: Iterable[Deficiency], asking: Mapping[str, str]) -> tuple[Deficiency, ...]:
    """Findings of demoted rules as questions; pure."""
    changed = (
        one
        if one.verdict is not Verdict.FAIL or one.outcome.rule_id not in asking
        else msgspec.structs.replace(
            one,
            outcome=msgspec.structs.replace(
                one.outcome,
                verdict=Verdict.UNSURE,
                because=f"这条规则暂时只作提示（{asking[one.outcome.rule_id]}），请人工核对",
            ),
        )
        for one in deficiencies
    )
    return tuple(sorted(changed, key=lambda one: _ORDER.get(one.verdict, 3)))
