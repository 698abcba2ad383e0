"""A recheck fetches again only what standing deficiencies point at, and judges just their rules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import msgspec

from checks import engine
from checks.registry import RULES, rule_of
from desk import clock, crawling, evidence, judging
from desk.ingest import ingest
from desk.installation import Installation
from desk.recheck_cases import KIND, Case, places_of
from desk.recheck_result import SecondLook, Sight, result_of
from dossier import archive, store
from dossier.assembly import assemble
from dossier.assembly.places import hosts_of
from dossier.errors import NetworkDown
from dossier.model import (
    AccountFacts,
    Capture,
    PageFacts,
    SiteSnapshot,
    Unit,
    UnitJob,
)
from dossier.store import Recheck, RecheckResult, RunInfo, SeenUnit, Sighting, Store

_LONGEST_RETRY_WAIT = 5.0
"""A second look continues an accusation and never begins one: it need not wait as long between two tries."""
_MOST_NEW = 80
_ROUNDS = 3
"""Pages that an absence may have gained lie at most so many new links away."""
_MOST_SHOWN = 20

Crawl = Callable[[Sequence[UnitJob], str, Installation], None]


def recheck(
    installation: Installation, kept: Store, cases: Sequence[Case], crawl: Crawl | None = None
) -> tuple[Recheck, ...]:
    """Look at these deficiencies again, write what was seen of each, and return it. Raises NetworkDown."""
    if not cases:
        return ()
    run = _begin(installation)
    units = {case.unit.unit_id: case.unit for case in cases}
    try:
        _fetch(installation, kept, run.run_id, cases, crawl or crawl_in_processes)
    except NetworkDown:
        folder = installation.home.run(run.run_id)
        folder.rename(folder.with_name(run.run_id + ".network-down"))
        raise
    store.record_run(kept, run)
    ingest(kept, installation.home.run(run.run_id), units.values(), vocabulary=installation.vocabulary)
    evidence.seal(kept, installation.home, run.run_id, clock.now())
    made: list[Recheck] = []
    for unit in units.values():
        mine = [case for case in cases if case.unit.unit_id == unit.unit_id]
        made += _judge(installation, kept, run.run_id, unit, mine)
    store.save_rechecks(kept, tuple(made))
    store.finish_run(kept, run.run_id, clock.now())
    return tuple(made)


def crawl_in_processes(jobs: Sequence[UnitJob], run_id: str, installation: Installation) -> None:
    """Fetch the seeds of each job into the run's folder."""
    crawl = installation.settings.crawl
    wait = min(crawl.retry_wait_seconds, _LONGEST_RETRY_WAIT)
    settings = msgspec.structs.replace(
        installation.settings, crawl=msgspec.structs.replace(crawl, retry_wait_seconds=wait)
    )
    crawling.crawl(
        jobs, run_id=run_id, as_of=installation.as_of, home=installation.home, settings=settings,
        watch=lambda _number, _progress: None, environment=os.environ,
    )  # fmt: skip


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


def _begin(installation: Installation) -> RunInfo:
    """A folder of its own for the recheck, named so that it is never taken for a night."""
    started = clock.now()
    name = f"{clock.run_id_of(started)}-recheck"
    run_id = next(
        one for one in (name, *(f"{name}-{n}" for n in range(2, 1000)))
        if not any(installation.home.runs.glob(one + "*"))
    )  # fmt: skip
    run = RunInfo(
        run_id=run_id, as_of=installation.as_of, started=started, kind=KIND,
        settings=msgspec.json.encode(installation.settings).decode(),
        tables=msgspec.json.encode(installation.tables.digests).decode(),
    )  # fmt: skip
    folder = installation.home.run(run_id)
    folder.mkdir(parents=True)
    content = {
        "run_id": run.run_id, "as_of": run.as_of, "started": run.started, "kind": run.kind,
        "settings": msgspec.Raw(run.settings.encode()), "tables": msgspec.Raw(run.tables.encode()),
    }  # fmt: skip
    (folder / "run.json").write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))
    return run


def _fetch(installation: Installation, kept: Store, run_id: str, cases: Sequence[Case], crawl: Crawl) -> None:
    """The places of all cases, and for absences what the pages lead to that was not there before."""
    folder = installation.home.run(run_id)
    seeds: dict[str, list[str]] = {}
    for case in cases:
        coverage = store.coverage_of(kept, case.base_run, case.unit.unit_id)
        seeds.setdefault(case.unit.unit_id, []).extend(places_of(case, coverage))
    units = {case.unit.unit_id: case.unit for case in cases}
    bases = {case.unit.unit_id: case.base_run for case in cases if case.is_absence}
    for _ in range(_ROUNDS):
        jobs = [
            UnitJob(unit=units[unit_id], seeds=tuple(dict.fromkeys(urls)))
            for unit_id, urls in seeds.items()
            if urls
        ]
        if not jobs:
            return
        crawl(jobs, run_id, installation)
        seeds = {
            unit_id: _new_leads(kept, base, folder / unit_id, units[unit_id])
            for unit_id, base in bases.items()
        }


def _new_leads(kept: Store, base_run: str, folder: Path, unit: Unit) -> list[str]:
    """Addresses on the pages now seen that the night before knew nothing of."""
    known = {one.asked_url for one in store.facts_for(kept, base_run, unit.unit_id).captures}
    known |= {one.asked_url for one in archive.read_captures(folder)}
    before = store.report_of(kept, base_run, unit.unit_id)
    known |= {one.url for one in before.skipped} if before else set()
    hosts = hosts_of(unit)
    found: dict[str, None] = {}
    for record in archive.read_facts(folder):
        for url in _targets(record.facts):
            bare = url.partition("#")[0]
            if bare not in known and _host(bare) in hosts:
                found.setdefault(bare)
    return list(found)[:_MOST_NEW]


def _targets(facts: PageFacts) -> Iterable[str]:
    yield from (item.url for item in facts.items if item.url)
    yield from (link.url for link in facts.interpretations if link.url)
    yield from (link.url for link in facts.links if link.url)


def _host(url: str) -> str:
    return url.split("/")[2].partition(":")[0].lower() if url.startswith(("http://", "https://")) else ""


def _judge(
    installation: Installation, kept: Store, run_id: str, unit: Unit, cases: Sequence[Case]
) -> list[Recheck]:
    """The rules of these cases over the base night with what was seen now in place of what was seen then."""
    base_run = cases[0].base_run
    before, now = (store.facts_for(kept, run, unit.unit_id) for run in (base_run, run_id))
    site = _site(installation, kept, base_run, run_id, unit, before, now)
    rules = {case.last.rule_id for case in cases}
    judgement = engine.judge(site, tuple(module for module in RULES if module.RULE.id in rules))
    facts = (now.facts_of(capture) for capture in now.captures)
    look = SecondLook(
        judgement=judgement, before=Sight.of(before.captures), now=Sight.of(now.captures),
        pages=tuple(one for one in facts if one is not None),
        accounts=store.accounts_of(kept, run_id, unit.unit_id),
        report=store.report_of(kept, run_id, unit.unit_id),
    )  # fmt: skip
    coverage = store.coverage_of(kept, base_run, unit.unit_id)
    made = []
    for case in cases:
        places = places_of(case, coverage)
        result, because = result_of(look, case.last, places)
        shown = [store.normal_subject(place) for place in places][:_MOST_SHOWN]
        made.append(
            Recheck(
                deficiency_no=case.number, run_id=run_id, first_run=case.first_run, base_run=base_run,
                result=result, because=because, at=clock.now(),
                before=_sightings(look.before, shown, base_run), after=_sightings(look.now, shown, run_id),
            )
        )  # fmt: skip
    return made


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


def _sightings(sight: Sight, places: Iterable[str], run_id: str) -> tuple[Sighting, ...]:
    found = (sight.last(place) for place in places)
    return tuple(
        Sighting(
            url=one.asked_url, run_id=run_id, at=one.at, reach=one.reach.value, status=one.status,
            sha256=one.sha256, warc=one.warc, offset=one.offset,
        )
        for one in found if one is not None
    )  # fmt: skip
