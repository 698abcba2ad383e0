"""One deficiency as an assessor asks about it: what was checked, on what ground, what was seen, what it costs, when it is mended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from checks.registry import RULES
from desk.reports.paper import Finding
from desk.reports.wording import points
from dossier.model import Claim, Verdict

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answers:
    """The five questions, answered in plain Chinese."""

    checked: str
    basis: tuple[str, ...]
    seen: str
    """The finding's sentence."""
    shown: tuple[str, ...]
    """What the evidence shows of it: quotes, or where was looked and for what."""
    doubt: str
    """Why the machine cannot say; empty for a fault."""
    costs: tuple[str, ...]
    mended: str
    blind: str
    """What this rule cannot see, from its handbook page."""


def explain(finding: Finding) -> Answers:
    """The answers for one finding."""
    book = handbook(finding.rule_id)
    outcome = finding.deficiency.outcome
    return Answers(
        checked=book.get("查什么", finding.name),
        basis=finding.basis,
        seen=finding.deficiency.message,
        shown=_shown(finding),
        doubt=outcome.because if finding.deficiency.verdict is not Verdict.FAIL else "",
        costs=_costs(finding),
        mended=finding.remedy or book.get("怎样整改", ""),
        blind=book.get("看不见什么", ""),
    )


def is_absence(rule_id: str) -> bool:
    """Whether the rule accuses a unit of lacking something: its evidence is where was looked."""
    return any(module.RULE.id == rule_id and module.RULE.claim is Claim.ABSENCE for module in RULES)


def _shown(finding: Finding) -> tuple[str, ...]:
    evidence = finding.deficiency.outcome.evidence
    said = [
        f"原文“{one.quote}”" + (f"（{one.place}）" if one.place and "/" not in one.place else "")
        for one in evidence
        if one.quote
    ]
    looked = [one.note for one in evidence if one.note and not one.quote]
    if is_absence(finding.rule_id) and looked:
        pages = len({one.url for one in evidence})
        return (f"为此查看了 {pages} 个页面；{looked[0]}", *said[:2])
    return tuple(said[:3]) or tuple(looked[:2])


@cache
def handbook(rule_id: str) -> Mapping[str, str]:
    """A rule's page of the handbook by heading."""
    module = next((one for one in RULES if one.RULE.id == rule_id), None)
    if module is None:
        return {}
    text = import_module(f"checks.rules.{rule_id.replace('-', '_')}").__doc__ or ""
    parts = _HEADING.split(text)
    return {heading.strip(): _joined(body) for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def _joined(text: str) -> str:
    """Wrapped lines as one; between Chinese characters a line's end is no space."""
    return re.sub(
        r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])", "", " ".join(text.split())
    )


def _costs(finding: Finding) -> tuple[str, ...]:
    if finding.deficiency.verdict is Verdict.UNSURE:
        return ("机器拿不准，不扣分；人工确认后按评分表计分",)
    if finding.deficiency.verdict is Verdict.ERROR:
        return ("检查程序出错，不扣分",)
    said = tuple(part for line in finding.working for part in line.split("；") if part)
    return said or (f"建议扣 {points(finding.granted)} 分",)
