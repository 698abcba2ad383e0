"""A recheck fetches again only what standing deficiencies point at, and judges just their rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

import msgspec

from checks import engine
from checks.registry import RULES, rule_of
from desk import clock, evidence, judging
from desk.ingest import ingest
from desk.installation import Installation
from desk.recheck_cases import Case, of_unit, places_of
from desk.recheck_fetching import ROUNDS, Crawl, begin, crawl_in_processes, fetch
from desk.recheck_result import SecondLook, Sight, accounts_of, outcome_on, result_of, stale_evidence
from dossier import store
from dossier.assembly import assemble
from dossier.errors import NetworkDown
from dossier.model import (
    AccountFacts,
    Capture,
    SiteSnapshot,
    Unit,
    UnitJob,
    Verdict,
)
from dossier.store import Recheck, RecheckResult, SeenUnit, Sighting, Store

_MOST_SHOWN = 20


def recheck(
    installation: Installation, kept: Store, cases: Sequence[Case], crawl: Crawl | None = None
) -> tuple[Recheck, ...]:
    """Look at these deficiencies again, write what was seen of each, and return it. Raises NetworkDown."""
    if not cases:
        return ()
    crawl = crawl or crawl_in_processes
    run = begin(installation)
    folder = installation.home.run(run.run_id)
    units = {case.unit.unit_id: case.unit for case in cases}
    try:
        fetch(installation, kept, run.run_id, cases, crawl)
    except NetworkDown:
        folder.rename(folder.with_name(run.run_id + ".network-down"))
        raise
    store.record_run(kept, run)
    for left in range(ROUNDS, -1, -1):
        ingest(kept, folder, units.values(), vocabulary=installation.vocabulary)
        looks = {
            unit_id: _look(installation, kept, run.run_id, unit, of_unit(cases, unit_id))
            for unit_id, unit in units.items()
        }
        if not left or not _look_at_stale(installation, run.run_id, cases, looks, crawl):
            break
    evidence.seal(kept, installation.home, run.run_id, clock.now())
    made = [_made(kept, run.run_id, case, looks[case.unit.unit_id]) for case in cases]
    store.save_rechecks(kept, tuple(made))
    store.finish_run(kept, run.run_id, clock.now())
    return tuple(made)


def _look_at_stale(
    installation: Installation,
    run_id: str,
    cases: Sequence[Case],
    looks: Mapping[str, SecondLook],
    crawl: Crawl,
) -> bool:
    """Fetches what faults still rest on that was not seen now; whether there was anything of the kind."""
    seeds: dict[str, dict[str, None]] = {}
    for case in cases:
        look = looks[case.unit.unit_id]
        outcome = outcome_on(look, case.last)
        if outcome is not None and outcome.verdict is Verdict.FAIL and not case.is_beside:
            seeds.setdefault(case.unit.unit_id, {}).update(dict.fromkeys(stale_evidence(look, outcome)))
    units = {case.unit.unit_id: case.unit for case in cases}
    jobs = [UnitJob(unit=units[unit_id], seeds=tuple(urls)) for unit_id, urls in seeds.items() if urls]
    if not jobs:
        return False
    try:
        crawl(jobs, run_id, installation)
    except NetworkDown:
        return False  # what was seen until now stands
    return True


def in_words(made: Sequence[Recheck], cases: Sequence[Case]) -> str:
    """The Chinese summary of a recheck."""
    names = {
        RecheckResult.FIXED: "已整改", RecheckResult.NOT_FIXED: "未整改",
        RecheckResult.UNSEEN: "无法核验", RecheckResult.MOVED: "页面移动",
    }  # fmt: skip
    if not made:
        return "没有需要复查的问题。"
    rules = {case.number: rule_of(case.last.rule_id) for case in cases}
    counts = "，".join(f"{word} {sum(one.result is kind for one in made)} 项" for kind, word in names.items())
    lines = [f"复查批次 {made[0].run_id}：共 {len(made)} 项，{counts}。"]
    for one in made:
        rule = rules.get(one.deficiency_no)
        lines.append(f"  {one.deficiency_no} {rule.name if rule else ''} {names[one.result]}：{one.because}")
    return "\n".join(lines)


def _look(
    installation: Installation, kept: Store, run_id: str, unit: Unit, cases: Sequence[Case]
) -> SecondLook:
    """The rules of these cases over the base night with what was seen now in place of what was seen then."""
    base_run = cases[0].base_run
    before, now = (store.facts_for(kept, run, unit.unit_id) for run in (base_run, run_id))
    site = _site(installation, kept, base_run, run_id, unit, before, now)
    rules = {case.last.rule_id for case in cases}
    facts = (now.facts_of(capture) for capture in now.captures)
    return SecondLook(
        judgement=engine.judge(site, tuple(module for module in RULES if module.RULE.id in rules)),
        before=Sight.of(before.captures), now=Sight.of(now.captures),
        pages=tuple(one for one in facts if one is not None),
        accounts=store.accounts_of(kept, run_id, unit.unit_id),
        report=store.report_of(kept, run_id, unit.unit_id),
        accounts_before=store.accounts_of(kept, base_run, unit.unit_id),
    )  # fmt: skip


def _made(kept: Store, run_id: str, case: Case, look: SecondLook) -> Recheck:
    places = places_of(case, store.coverage_of(kept, case.base_run, case.unit.unit_id))
    result, because = result_of(look, case.last, places)
    before = _sightings(look.before, places, accounts_of(case.last, look.accounts_before), case.base_run)
    after = _sightings(look.now, places, accounts_of(case.last, look.accounts), run_id)
    return Recheck(
        deficiency_no=case.number, run_id=run_id, first_run=case.first_run, base_run=case.base_run,
        result=result, because=because, at=clock.now(),
        before=before, after=after,
    )  # fmt: skip


def _site(
    installation: Installation,
    kept: Store,
    base_run: str,
    run_id: str,
    unit: Unit,
    before: SeenUnit,
    now: SeenUnit,
) -> SiteSnapshot:
    then = {one.asked_url: one for one in before.captures}
    asked = {one.asked_url for one in now.captures}
    captures = [one for one in before.captures if one.asked_url not in asked]
    captures += [_as_then(one, then.get(one.asked_url)) for one in now.captures]
    report, closing = (store.report_of(kept, run, unit.unit_id) for run in (base_run, run_id))
    if report is not None and closing is not None:
        report = msgspec.structs.replace(report, certificates={**report.certificates, **closing.certificates})
    end = datetime.combine(installation.as_of + timedelta(days=1), time(), clock.BEIJING)
    rows = [row.url.split("/")[2].lower() for row in unit.websites if row.url.startswith("http")]
    hosts = tuple({*rows, *(host.partition(":")[0] for host in rows)})
    return assemble(
        unit, run_id=run_id, as_of=installation.as_of, report=report or closing, captures=captures,
        facts_of=lambda capture: now.facts_of(capture) or before.facts_of(capture),
        calendar=installation.calendar, tables=installation.tables.rules, vocabulary=installation.vocabulary,
        listed=store.listed_documents(kept, unit.unit_id),
        probes=store.probes(kept, hosts, since=end - timedelta(days=judging.PROBE_DAYS), until=end),
        accounts=_accounts(installation, kept, base_run, run_id, unit),
        exemptions=store.active_exemptions(kept, unit.unit_id, installation.as_of),
        history=store.history(kept, unit.unit_id, before=run_id),
    )  # fmt: skip


def _as_then(capture: Capture, before: Capture | None) -> Capture:
    """A page asked again is asked for the same reason as before."""
    if before is None:
        return capture
    return msgspec.structs.replace(
        capture, purpose=before.purpose, referrer=before.referrer or capture.referrer, depth=before.depth
    )


def _accounts(
    installation: Installation, kept: Store, base_run: str, run_id: str, unit: Unit
) -> tuple[AccountFacts, ...]:
    seen: dict[tuple[str, str], AccountFacts] = {}
    for run in (base_run, run_id):
        seen |= {
            (one.channel, one.account_id or one.url): one
            for one in store.accounts_of(kept, run, unit.unit_id)
        }
    imported = store.imported_accounts(kept, unit.unit_id)
    return judging.accounts(tuple(seen.values()), imported, installation.as_of)


def _sightings(
    sight: Sight, places: Sequence[str], accounts: Sequence[AccountFacts], run_id: str
) -> tuple[Sighting, ...]:
    """What was seen of each place, and of each account behind it."""
    if accounts:
        found = list(sight.of_bodies(frozenset(one.sha256 for one in accounts if one.sha256)))
    else:
        shown = (sight.last(store.normal_subject(place)) for place in places[:_MOST_SHOWN])
        found = [one for one in shown if one is not None]
    return tuple(
        Sighting(
            url=one.asked_url, run_id=one.carried or run_id, at=one.at, reach=one.reach.value, status=one.status,
            sha256=one.sha256, warc=one.warc, offset=one.offset,
        )
        for one in found
    )  # fmt: skip
