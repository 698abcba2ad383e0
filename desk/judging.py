"""Each unit of a run is assembled and judged by itself: one that breaks costs the others nothing."""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from multiprocessing.context import BaseContext
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from checks import engine
from desk.clock import BEIJING
from desk.doubts import NO_DOUBT, Doubts, doubts_of
from dossier import store
from dossier.assembly import assemble
from dossier.assembly.shape import SAME_ADDRESSES, same_addresses, shape_of
from dossier.model import (
    AccountFacts,
    Capture,
    Coverage,
    Judgement,
    Purpose,
    Reach,
    RuleTables,
    SiteSnapshot,
    Unit,
    WorkCalendar,
)
from dossier.reading.vocabulary import Vocabulary
from dossier.store import Extent, Store, open_store

PROBE_DAYS = 14
"""How far back probes are handed to the rules; a rule takes the days it wants."""
IMPORT_DAYS = 14
"""How long what a person saw of an account speaks for it (the span of the new-media rules themselves)."""
SEEN_STATES = frozenset({"open", "gone", "empty"})
"""States of an account that were really seen."""
NIGHTS_OF_A_REDESIGN = 3
"""For so many nights after its shape changed a site is asked about instead of accused."""
WHOLE_ENDINGS = frozenset({"finished", "budget"})
"""Ends of a crawl that went as far as it was allowed to."""
WORTH_A_PROCESS = 10_000
"""So many captures take some 5 s to judge (2026-11-30); the first process beside the night takes 0.5 s of CPU before it is of use."""


@dataclass(frozen=True)
class Bench:
    """What every unit is judged with."""

    run_id: str
    as_of: date
    rules: RuleTables
    calendar: WorkCalendar
    vocabulary: Vocabulary
    doubts: Doubts = NO_DOUBT
    """What speaks against our own machine tonight."""


@dataclass(frozen=True)
class Judged:
    """One unit, judged."""

    judgement: Judgement
    coverage: Coverage
    extent: Extent


def judge_run(
    kept: Store,
    run_id: str,
    units: Iterable[Unit],
    *,
    rules: RuleTables,
    calendar: WorkCalendar,
    vocabulary: Vocabulary,
    as_of: date | None = None,
    workers: int = 2,
) -> dict[str, Judgement]:
    """Judge these units of a run with today's rules and keep what was said; units that the run did not visit
    are left out. Judging the same again changes nothing. Of a unit that was not inspected only the rules that
    need no crawl speak; all others are in `not_called`."""
    run = store.run_info(kept, run_id)
    if run is None:
        raise KeyError(run_id)
    bench = Bench(run_id, as_of or run.as_of, rules, calendar, vocabulary, doubts_of(kept, run))
    said: dict[str, Judgement] = {}
    for one in judge_units(kept, bench, units, workers=workers):
        store.save_judgement(kept, run_id, one.judgement, one.coverage, one.extent)
        said[one.judgement.unit_id] = one.judgement
    return said


def judge_units(kept: Store, bench: Bench, units: Iterable[Unit], *, workers: int = 2) -> Iterator[Judged]:
    """Judge without keeping anything, in the order of the units."""
    visited = {unit.unit_id for unit in store.units_of(kept, bench.run_id)}
    todo = [unit for unit in units if unit.unit_id in visited]
    asked = (store.report_of(kept, bench.run_id, unit.unit_id) for unit in todo)
    worth = sum(report.asked for report in asked if report is not None) // WORTH_A_PROCESS
    workers = min(workers, worth + 1, len(todo))
    if workers < 2:
        for unit in todo:
            yield judge_unit(kept, bench, unit)
        return
    yield from _judge_beside(kept, bench, todo, workers)


def judge_unit(kept: Store, bench: Bench, unit: Unit) -> Judged:
    """One unit; where even assembling it breaks, the unit was not inspected, and says why."""
    try:
        with _left_alone():
            return _judged(kept, bench, unit)
    except Exception as error:  # noqa: BLE001 - one unit must not cost the other fifty-three
        because = f"整理该单位资料时程序出错，本轮不作判断：{type(error).__name__}: {error}"
        return Judged(
            Judgement(unit_id=unit.unit_id, outcomes=()),
            Coverage(finish="crashed", because=because, inspected=False),
            Extent(pages=0, items=0, dated_items=0),
        )


def _judged(kept: Store, bench: Bench, unit: Unit) -> Judged:
    site = snapshot(kept, bench, unit)
    return Judged(bench.doubts.weakened(engine.judge(site)), site.coverage, _extent(site))


@contextmanager
def _left_alone() -> Iterator[None]:
    """Python's collector looks for rings of values that hold one another. A unit's night is frozen values in their hundred
    thousands and has next to no ring (100 objects a unit, 2026-11-30): looking took 5 to 8 % of judging."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def snapshot(kept: Store, bench: Bench, unit: Unit) -> SiteSnapshot:
    """Everything that is known of one unit on one night."""
    seen = store.facts_for(kept, bench.run_id, unit.unit_id)
    end = datetime.combine(bench.as_of + timedelta(days=1), time(), BEIJING)
    return assemble(
        unit,
        run_id=bench.run_id,
        as_of=bench.as_of,
        report=bench.doubts.of(store.report_of(kept, bench.run_id, unit.unit_id)),
        captures=seen.captures,
        facts_of=seen.facts_of,
        calendar=bench.calendar,
        tables=bench.rules,
        vocabulary=bench.vocabulary,
        listed=store.listed_documents(kept, unit.unit_id),
        probes=store.probes(kept, _hosts(unit), since=end - timedelta(days=PROBE_DAYS), until=end),
        accounts=accounts(
            store.accounts_of(kept, bench.run_id, unit.unit_id),
            store.imported_accounts(kept, unit.unit_id),
            bench.as_of,
        ),
        exemptions=store.active_exemptions(kept, unit.unit_id, bench.as_of),
        history=store.history(kept, unit.unit_id, before=bench.run_id)
        | _shape_before(kept, bench.run_id, unit.unit_id, seen.captures),
    )


def _shape_before(kept: Store, run_id: str, unit_id: str, now: Sequence[Capture]) -> dict[str, float]:
    """The site's shape some nights ago: a redesign is new for as many nights, and then the site as it is."""
    night, before = None, store.previous_run(kept, run_id, unit_id)
    for _ in range(NIGHTS_OF_A_REDESIGN):
        if before is None:
            break
        report = store.report_of(kept, before.run_id, unit_id)
        if report is not None and report.finish in WHOLE_ENDINGS:
            night = before
        before = store.previous_run(kept, before.run_id, unit_id)
    if night is None:
        return {}
    then = store.facts_for(kept, night.run_id, unit_id)
    facts = (
        then.facts_of(one) for one in then.captures if one.reach is Reach.OK and one.purpose is Purpose.PAGE
    )
    shape = shape_of(one for one in facts if one is not None)
    found = {key: count for key, count in shape.items() if key.startswith("kind:")}
    share = same_addresses(then.captures, now)
    return found if share is None else found | {SAME_ADDRESSES: share}


def accounts(
    crawled: Sequence[AccountFacts], imported: Sequence[AccountFacts], as_of: date
) -> tuple[AccountFacts, ...]:
    """What is known of each account: what the run saw itself, else what a person saw lately.

    What a person saw long ago says nothing of today, so it is not handed on: the account stays unread.
    """
    known = {_account_key(one): one for one in crawled}
    for one in sorted(imported, key=lambda one: (one.observed_at is not None, one.observed_at)):
        if one.observed_at is None:
            continue
        age = (as_of - one.observed_at.astimezone(BEIJING).date()).days
        own = known.get(_account_key(one))
        if 0 <= age <= IMPORT_DAYS and (own is None or own.via == "import" or own.state not in SEEN_STATES):
            known[_account_key(one)] = one
    return tuple(known.values())


def _account_key(account: AccountFacts) -> tuple[str, str]:
    return (account.channel, account.account_id or account.url)


def _hosts(unit: Unit) -> tuple[str, ...]:
    named = {urlsplit(row.url).netloc.lower() for row in unit.websites if row.url}
    named |= {host.lower() for row in unit.websites for host in row.extra_hosts}
    return tuple(sorted(named | {host.partition(":")[0] for host in named}))


def _extent(site: SiteSnapshot) -> Extent:
    read = [page.facts for page in site.pages.values() if page.ok and page.facts]
    return Extent(
        pages=len(read),
        items=sum(len(facts.items) for facts in read),
        dated_items=sum(item.date is not None for facts in read for item in facts.items),
    )


def _judge_beside(kept: Store, bench: Bench, todo: Sequence[Unit], workers: int) -> Iterator[Judged]:
    """In several processes, each with a database connection of its own; what a dead process leaves is done here."""
    left = list(todo)
    packed = msgspec.msgpack.encode(todo)
    try:
        with ProcessPoolExecutor(
            max_workers=min(workers, len(todo)),
            mp_context=processes(),
            initializer=_begin,
            initargs=(kept.path, bench, packed),
        ) as pool:
            waiting: list[Future[Judged]] = [pool.submit(_judge_nth, place) for place in range(len(todo))]
            for future in waiting:
                judged = future.result()
                left.pop(0)
                yield judged
    except BrokenProcessPool:
        for unit in left:
            yield judge_unit(kept, bench, unit)


def processes() -> BaseContext:
    """How processes beside the night begin: as copies of one that has loaded once what judging takes, and never of the night
    itself, which has the database open (SQLite forbids to carry that into a copy) and may have threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    multiprocessing.set_forkserver_preload(["desk.judging", "desk.cli"])  # each loads its command as well
    return multiprocessing.get_context("forkserver")


_at_hand: list[tuple[Store, Bench, list[Unit]]] = []
"""Of a worker process: what it judges with."""


def _begin(path: Path, bench: Bench, packed: bytes) -> None:
    end_with_the_night()
    _at_hand.append((open_store(path), bench, msgspec.msgpack.decode(packed, type=list[Unit])))


def end_with_the_night() -> None:
    """Of a process beside the night: end when the night is killed, instead of waiting for work for ever."""
    night = multiprocessing.parent_process()
    assert night is not None

    def wait() -> None:
        multiprocessing.connection.wait([night.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _judge_nth(place: int) -> Judged:
    kept, bench, units = _at_hand[0]
    return judge_unit(kept, bench, units[place])
