"""What stands against a unit after a night: the same fault is the same deficiency on every night.

A night is a run. Two runs with one as-of date are two nights, because each looked for itself (a recheck
an hour later is a second look); judging one run twice is one night. A fault is confirmed once it was seen
as `fail` on so many nights as its rule asks for (tables/thresholds.toml), counted anew after a night on
which it was looked for and not found. What was not found because nobody could look stands on as a
question (未复现，本次未能检测), and costs nothing that night.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from checks import engine
from checks.engine import WAITS
from desk.disappearance import Look, look_of, why_unseen
from desk.picturing import with_pictures
from dossier import store
from dossier.model import Deficiency, IndicatorTable, Outcome, UnitClass, Verdict
from dossier.store import SIGHT_OF, Night, Past, Sight, Store
from dossier.tables import Tables

SPOKEN = (Sight.FAIL, Sight.UNSURE, Sight.ERROR)
"""Sights with an outcome of their own."""
_ORDER = {Verdict.FAIL: 0, Verdict.UNSURE: 1, Verdict.ERROR: 2}
_VOLATILE = re.compile(r"\d+")


@dataclass(frozen=True)
class Standing:
    """One unit after one night."""

    unit_id: str
    deficiencies: tuple[Deficiency, ...]
    """`fail` first, then `unsure`, then `error`; each in the order of the unit's indicator table."""
    gone: tuple[Deficiency, ...]
    """Stood before this night, not found any more where it was looked for."""


def stand(
    kept: Store, run_id: str, tables: Tables, *, units: Iterable[str] | None = None
) -> dict[str, Standing]:
    """Enter the night of a run for these units (all that it visited), and say how each unit stands."""
    return {unit_id: stand_unit(kept, run_id, unit_id, tables) for unit_id in _visited(kept, run_id, units)}


def standings(
    kept: Store, run_id: str, tables: Tables, *, units: Iterable[str] | None = None
) -> dict[str, Standing]:
    """How units stood after a run, as it was entered."""
    return {unit_id: standing_of(kept, run_id, unit_id, tables) for unit_id in _visited(kept, run_id, units)}


def stand_unit(kept: Store, run_id: str, unit_id: str, tables: Tables) -> Standing:
    """Enter the night of one unit: what was seen, what is gone, what could not be looked for."""
    judgement = store.judgement_of(kept, run_id, unit_id)
    store.keep_tallies(kept, unit_id, run_id)
    stood = {one.fingerprint: one for one in store.past_of(kept, unit_id, run_id, lately=True) if _stood(one)}
    tonight: dict[str, Night] = {}
    waits: dict[str, str] = {}
    """Faults that stand, of which a page was carried tonight: nobody looked, so they stay as they are."""
    for seq, outcome in enumerate(judgement.outcomes if judgement else ()):
        sight = SIGHT_OF.get(outcome.verdict)
        if sight is None:
            continue
        mark = store.fingerprint(unit_id, outcome.rule_id, outcome.subject)
        if sight is Sight.UNSURE and WAITS in outcome.because and _is_fault(stood.get(mark)):
            waits[mark] = outcome.because
            continue
        before = tonight.get(mark)
        if before is None or SPOKEN.index(sight) < SPOKEN.index(before.sight):
            tonight[mark] = Night(
                fingerprint=mark,
                rule_id=outcome.rule_id,
                subject=outcome.subject,
                sight=sight,
                outcome_seq=seq,
            )
    look = _look(kept, run_id, unit_id)
    nights = list(tonight.values())
    for past in stood.values():
        if past.fingerprint in tonight or past.last is None:
            continue
        why = waits.get(past.fingerprint) or (
            why_unseen(look, past.fingerprint, past.last, _last_run(past)) if look else "本次没有作判断"
        )
        nights.append(
            Night(
                fingerprint=past.fingerprint,
                rule_id=past.rule_id,
                subject=past.subject,
                sight=Sight.UNSEEN if why else Sight.GONE,
                because=why,
            )
        )
    store.save_nights(kept, run_id, unit_id, nights)
    return standing_of(kept, run_id, unit_id, tables)


def standing_of(kept: Store, run_id: str, unit_id: str, tables: Tables) -> Standing:
    """How one unit stood after a run, as it was entered."""
    before = {past.fingerprint: past for past in store.past_of(kept, unit_id, run_id, lately=True)}
    standing: list[Deficiency] = []
    gone: list[Deficiency] = []
    for past in store.past_of(kept, unit_id, run_id, with_this=True, lately=True):
        if past.last is None or past.tally.run != run_id:
            continue
        deficiency = _deficiency(past, before.get(past.fingerprint), unit_id, tables)
        (gone if past.tally.sight is Sight.GONE else standing).append(deficiency)
    place = _table_order(_table(kept, run_id, unit_id, tables))

    def order(one: Deficiency) -> tuple[int, int, str, str]:
        rule = one.outcome.rule_id
        return (_ORDER.get(one.verdict, 3), place.get(rule, len(place)), rule, one.outcome.subject)

    runs = kept.path.parent / "runs"
    standing = [with_pictures(runs, one) for one in standing]
    return Standing(unit_id, tuple(sorted(standing, key=order)), tuple(sorted(gone, key=order)))


def sentence_of(outcome: Outcome) -> str:
    """The Chinese sentence of an outcome; one whose words cannot be filled in costs only its words."""
    try:
        return engine.message_of(outcome)
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        return outcome.because or outcome.rule_id


def _visited(kept: Store, run_id: str, units: Iterable[str] | None) -> list[str]:
    wanted = None if units is None else set(units)
    return [unit.unit_id for unit in store.units_of(kept, run_id) if wanted is None or unit.unit_id in wanted]


def _look(kept: Store, run_id: str, unit_id: str) -> Look | None:
    judgement = store.judgement_of(kept, run_id, unit_id)
    coverage = store.coverage_of(kept, run_id, unit_id)
    if judgement is None or coverage is None:
        return None
    return look_of(
        judgement,
        coverage,
        store.facts_for(kept, run_id, unit_id),
        store.accounts_of(kept, run_id, unit_id),
        store.report_of(kept, run_id, unit_id),
    )


def _last_run(past: Past) -> str:
    seen = [one.run for one in (past.tally.last, past.tally.last_error) if one]
    return max(seen, default="")


def _is_fault(past: Past | None) -> bool:
    return past is not None and past.last is not None and past.last.verdict is Verdict.FAIL


def _stood(past: Past) -> bool:
    """Whether a deficiency stood before tonight. A rule that broke accused nobody."""
    return past.tally.doubted


def _deficiency(past: Past, before: Past | None, unit_id: str, tables: Tables) -> Deficiency:
    tally = past.tally
    assert past.last is not None
    assert tally.spoken is not None
    first, last = tally.spoken
    faults = tally.faults_before if tally.sight is Sight.GONE else tally.faults
    return Deficiency(
        fingerprint=past.fingerprint,
        number=past.number,
        unit_id=unit_id,
        outcome=past.last
        if tally.sight is not Sight.UNSEEN or WAITS in tally.because
        else _carried(past, last.day),
        message=sentence_of(past.last),
        first_seen=first.run,
        last_seen=last.run,
        first_at=first.day,
        last_at=last.day,
        nights_seen=tally.counts.get(past.last.verdict.value, 0),
        confirmed=faults >= tables.confirm_nights(past.rule_id),
        news=_news(past, before),
    )


def _carried(past: Past, day: date) -> Outcome:
    """A deficiency that nobody could look for tonight: it stands as a question."""
    assert past.last is not None
    because = f"{day.isoformat()} 曾见到；本次未能检测（{past.tally.because or '没有看到所在页面'}），未复现也未能排除，请人工核对"
    return msgspec.structs.replace(past.last, verdict=Verdict.UNSURE, because=because)


def _news(past: Past, before: Past | None) -> str:
    if before is None or before.last is None or before.tally.sight is Sight.GONE:
        return "new"
    if past.tally.sight in (Sight.UNSEEN, Sight.GONE):
        return "standing"
    assert past.last is not None
    return "standing" if _gist(past.last) == _gist(before.last) else "changed"


def _gist(outcome: Outcome) -> tuple[Any, ...]:
    """What an outcome says, without the numbers and dates that grow from night to night."""

    def without_numbers(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return tuple(without_numbers(one) for one in value)
        return _VOLATILE.sub("", value) if isinstance(value, str) else None

    said = tuple(sorted((key, without_numbers(value)) for key, value in outcome.data.items()))
    return (outcome.verdict, outcome.message_key, said)


def _table(kept: Store, run_id: str, unit_id: str, tables: Tables) -> IndicatorTable | None:
    unit = store.unit_as_listed(kept, run_id, unit_id)
    return tables.indicators.get(unit.unit_class if unit else UnitClass.A)


def _table_order(table: IndicatorTable | None) -> dict[str, int]:
    """Where each rule stands in an indicator table."""
    if table is None:
        return {}
    rows = [points for section in table.sections for row in section.rows for points in row.points]
    rules = [points.rule_id for points in (*rows, *(p for major in table.majors for p in major.points))]
    return {rule: place for place, rule in enumerate(dict.fromkeys((*rules, *table.unscored)))}
