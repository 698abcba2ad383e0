"""A better rule can be asked about an old night: the archive is still there."""

from __future__ import annotations

from dataclasses import dataclass

from desk.doubts import doubts_of
from desk.installation import Installation
from desk.judging import Bench, judge_units
from dossier import store
from dossier.model import Judgement, Verdict
from dossier.store import Store

IN_WORDS = {
    Verdict.PASS: "通过",
    Verdict.FAIL: "不通过",
    Verdict.UNSURE: "待人工核查",
    Verdict.NOT_APPLICABLE: "不适用",
    Verdict.ERROR: "规则出错",
    None: "未提及",
}


@dataclass(frozen=True, order=True)
class Flip:
    """One verdict that today's rules would not repeat."""

    unit_id: str
    rule_id: str
    subject: str
    before: Verdict | None
    after: Verdict | None

    def __str__(self) -> str:
        return (
            f"{self.unit_id} {self.rule_id} {self.subject}：{IN_WORDS[self.before]} → {IN_WORDS[self.after]}"
        )


def flips(kept: Store, installation: Installation, run_id: str, *, workers: int = 2) -> tuple[Flip, ...]:
    """Judge an archived run with today's rules, as of its own date, and list what would change; nothing is kept.

    Silence on both sides of a pass is no flip: a rule may stop saying that all is well.
    """
    run = store.run_info(kept, run_id)
    if run is None:
        raise KeyError(run_id)
    bench = Bench(
        run_id, run.as_of, installation.tables.rules, installation.calendar, installation.vocabulary,
        doubts_of(kept, run),
    )  # fmt: skip
    wanted = [
        unit
        for unit in store.units_of(kept, run_id)
        if not installation.only or unit.unit_id in installation.only
    ]
    found: list[Flip] = []
    for judged in judge_units(kept, bench, wanted, workers=workers):
        before = store.judgement_of(kept, run_id, judged.judgement.unit_id)
        if before is not None:
            found.extend(compare(before, judged.judgement))
    return tuple(sorted(found, key=lambda flip: (flip.unit_id, flip.rule_id, flip.subject)))


def compare(before: Judgement, after: Judgement) -> list[Flip]:
    """The verdicts that differ between two judgements of one unit."""
    old, new = _verdicts(before), _verdicts(after)
    return [
        Flip(before.unit_id, rule, subject, old.get((rule, subject)), new.get((rule, subject)))
        for rule, subject in dict.fromkeys((*old, *new))
        if _matters(old.get((rule, subject)), new.get((rule, subject)))
    ]


def _matters(before: Verdict | None, after: Verdict | None) -> bool:
    quiet = (None, Verdict.PASS, Verdict.NOT_APPLICABLE)
    if before in quiet and after in quiet:
        return before is not None and after is not None and before is not after
    return before is not after


def _verdicts(judgement: Judgement) -> dict[tuple[str, str], Verdict]:
    return {(one.rule_id, one.subject): one.verdict for one in judgement.outcomes}
