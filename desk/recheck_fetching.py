"""What a recheck fetches: the places of what stands, who shows them, and where an absence may have been mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from desk import clock, crawling
from desk.engines.local import LocalProcesses
from desk.installation import Installation
from desk.logins import kept_settings
from desk.recheck_cases import KIND, MOST_PLACES, Case, of_unit, places_of
from dossier import archive, store
from dossier.assembly.places import hosts_of
from dossier.errors import NetworkDown
from dossier.model import PageFacts, Reach, Unit, UnitJob
from dossier.store import RunInfo, Store

_LONGEST_RETRY_WAIT = 5.0
"""A second look continues an accusation and never begins one: it need not wait as long between two tries."""
_MOST_NEW = 80
ROUNDS = 3
"""Pages that an absence may have gained lie at most so many new links away."""

Crawl = Callable[[Sequence[UnitJob], str, Installation], None]


def crawl_in_processes(jobs: Sequence[UnitJob], run_id: str, installation: Installation) -> None:
    """Fetch the seeds of each job into the run's folder."""
    crawl = installation.settings.crawl
    wait = min(crawl.retry_wait_seconds, _LONGEST_RETRY_WAIT)
    settings = msgspec.structs.replace(
        installation.settings, crawl=msgspec.structs.replace(crawl, retry_wait_seconds=wait)
    )
    crawling.crawl(
        jobs, run_id=run_id, as_of=installation.as_of, home=installation.home, settings=settings,
        watch=lambda _number, _progress: None, engine=LocalProcesses(),
    )  # fmt: skip


def begin(installation: Installation, mark: str = KIND) -> RunInfo:
    """A folder of its own for the recheck, named so that it is never taken for a night."""
    started = clock.now()
    name = f"{clock.run_id_of(started)}-{mark}"
    run_id = next(
        one for one in (name, *(f"{name}-{n}" for n in range(2, 1000)))
        if not any(installation.home.runs.glob(one + "*"))
    )  # fmt: skip
    run = RunInfo(
        run_id=run_id, as_of=installation.as_of, started=started, kind=KIND,
        settings=kept_settings(installation.settings),
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


def fetch(installation: Installation, kept: Store, run_id: str, cases: Sequence[Case], crawl: Crawl) -> None:
    """The places of all cases, and for absences what the pages lead to that was not there before."""
    folder = installation.home.run(run_id)
    seeds: dict[str, list[str]] = {}
    for unit_id in dict.fromkeys(case.unit.unit_id for case in cases):
        mine = of_unit(cases, unit_id)
        coverage = store.coverage_of(kept, mine[0].base_run, unit_id)
        places = [place for case in mine for place in places_of(case, coverage)]
        shown = [place for case in mine if not case.is_absence for place in places_of(case, coverage)]
        seeds[unit_id] = [*places, *_shown_by(kept, unit_id, mine, shown)]
    units = {case.unit.unit_id: case.unit for case in cases}
    bases = {case.unit.unit_id: case.base_run for case in cases if case.is_absence}
    for nth in range(ROUNDS):
        jobs = [
            UnitJob(unit=units[unit_id], seeds=tuple(dict.fromkeys(urls)))
            for unit_id, urls in seeds.items()
            if urls
        ]
        if not jobs:
            return
        try:
            crawl(jobs, run_id, installation)
        except NetworkDown:
            if not nth:
                raise
            return  # what was seen until now stands; of the rest the units' reports say that nobody looked
        seeds = {
            unit_id: _new_leads(kept, base, folder / unit_id, units[unit_id])
            for unit_id, base in bases.items()
        }


def _shown_by(kept: Store, unit_id: str, cases: Sequence[Case], places: Iterable[str]) -> list[str]:
    """The pages that led to what is looked at: lists show dates and titles of their own."""
    pages = set(places)
    if all(case.is_beside for case in cases):
        return []
    seen = store.facts_for(kept, cases[0].base_run, unit_id)
    found: Counter[str] = Counter()
    for capture in seen.captures:
        if capture.asked_url in pages and capture.referrer:
            found[capture.referrer] += 1
        facts = seen.facts_of(capture) if capture.reach is Reach.OK else None
        shown = sum(item.url in pages for item in facts.items) if facts else 0
        if shown:
            found[capture.asked_url] += shown
    return [url for url, _ in found.most_common(MOST_PLACES)]


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
