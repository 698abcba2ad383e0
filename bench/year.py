"""A year of nights in the database: its size, and whether anything grows with the number of nights that needn't.

    python -m bench year

One real night of some units is repeated through the store's own functions; each night 2 % of the pages say
something new and 2 % of the findings come or go.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bench import ground
from bench.commands import gongkai
from desk.installation import Installation
from desk.standing import stand, standings
from dossier import store
from dossier.model import Capture, Coverage, Judgement, PageFacts, Unit, UnitReport, Verdict
from dossier.store import RunInfo, Store, open_store
from dossier.store.judgements import Extent

UNITS = ("A01", "B06", "B20")
CHANGED = 0.02
MARKS = (1, 2, 7, 30, 90, 180, 365)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Pattern:
    """One unit on the real night."""

    unit: Unit
    report: UnitReport | None
    captures: tuple[Capture, ...]
    facts: dict[tuple[str, str], PageFacts]
    judgement: Judgement
    coverage: Coverage


def main(nights: int = 365, pages: int = 40, units: int = 54, most: int = 12, waiting: float = 0.6) -> None:
    """Prints a line for some nights; the last is the year's end.

    54 units whole would take hours: of each unit the first `most` attempts stand for all, and every unit is one of the
    three real ones under a number of its own, with all its findings and as many other words. A share `waiting` of the
    addresses waits its turn, as settled texts do, and is asked every seventh night (`decisions/0008`).
    """
    with tempfile.TemporaryDirectory() as name:
        home = ground.practice_home(Path(name) / "home", pages=pages)
        with ground.province(pages=pages, healthy=False) as proxy:
            gongkai(home, "crawl", proxy=proxy, units=",".join(UNITS))
        gongkai(home, "judge", units=",".join(UNITS))
        installation = Installation.of(home=home, as_of=ground.AS_OF)
        with open_store(installation.home.database) as kept:
            patterns = _many([_cut(one, most) for one in _patterns(kept)], units)
        seen = sum(len(one.captures) for one in patterns)
        said = sum(len(one.judgement.outcomes) for one in patterns)
        print(
            f"{len(patterns)} units, {seen} addresses and {said} outcomes a night, {waiting:.0%} of the addresses wait\n"
        )
        print(
            "| night | enter, CPU ms | judgements, ms | stand, ms | standings, ms | one unit, ms | known pages, ms | history, ms | database, MB | bytes a capture and night |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|")
        path = Path(name) / "year.db"
        with open_store(path) as kept:
            before, night_before = 0, 0
            for number in range(1, nights + 1):
                shown = number in MARKS or number == nights
                cells = _night(kept, installation, patterns, number, waiting, shown=shown)
                if shown:
                    size = _size(path)
                    growth = (size - before) / seen / (number - night_before)
                    before, night_before = size, number
                    figures = " | ".join(f"{value * 1000:.0f}" for value in cells)
                    print(f"| {number} | {figures} | {size / 1e6:.1f} | {growth:.0f} |", flush=True)
            begun = time.monotonic()
            kept.db.execute("VACUUM")
            print(f"\nVACUUM: {time.monotonic() - begun:.1f} s, {_size(path) / 1e6:.1f} MB")


def _patterns(kept: Store) -> list[Pattern]:
    run = store.latest_run(kept)
    assert run is not None
    found = []
    for unit in store.units_of(kept, run.run_id):
        seen = store.facts_for(kept, run.run_id, unit.unit_id)
        facts = {
            (one.url, one.sha256): read for one in seen.captures if (read := seen.facts_of(one)) is not None
        }
        judgement = store.judgement_of(kept, run.run_id, unit.unit_id)
        coverage = store.coverage_of(kept, run.run_id, unit.unit_id)
        assert judgement is not None
        assert coverage is not None
        report = store.report_of(kept, run.run_id, unit.unit_id)
        found.append(Pattern(unit, report, seen.captures, facts, judgement, coverage))
    return found


def _cut(one: Pattern, most: int) -> Pattern:
    """The first attempts of a unit, with what was read of them."""
    captures = one.captures[:most]
    kept = {(each.url, each.sha256) for each in captures}
    said = one.judgement.outcomes
    against = tuple(each for each in said if each.verdict in (Verdict.FAIL, Verdict.UNSURE))
    rest = tuple(each for each in said if each not in against)[:most]
    return replace(
        one, captures=captures, facts={key: value for key, value in one.facts.items() if key in kept},
        judgement=msgspec.structs.replace(one.judgement, outcomes=(*against, *rest)),
    )  # fmt: skip


def _many(patterns: Sequence[Pattern], count: int) -> list[Pattern]:
    """As many units as there are in the province, each with addresses of its own."""
    found = []
    for number in range(count):
        like = patterns[number % len(patterns)]
        unit_id = f"{'A' if like.unit.unit_id < 'B' else 'B'}{number + 100}"

        def own(text: str, mark: str = f"u{number}.") -> str:
            return text.replace("://", f"://{mark}", 1)

        captures = tuple(
            msgspec.structs.replace(
                one, unit_id=unit_id, asked_url=own(one.asked_url), final_url=own(one.final_url), referrer=own(one.referrer)
            )
            for one in like.captures
        )  # fmt: skip
        facts = {
            (own(url), sha): msgspec.structs.replace(read, url=own(read.url))
            for (url, sha), read in like.facts.items()
        }
        outcomes = tuple(
            msgspec.structs.replace(one, subject=own(one.subject), page_url=own(one.page_url))
            for one in like.judgement.outcomes
        )
        found.append(
            Pattern(
                msgspec.structs.replace(like.unit, unit_id=unit_id), like.report, captures, facts,
                Judgement(unit_id=unit_id, outcomes=outcomes, not_called=like.judgement.not_called), like.coverage,
            )
        )  # fmt: skip
    return found


def _night(
    kept: Store,
    installation: Installation,
    patterns: Sequence[Pattern],
    number: int,
    waiting: float,
    *,
    shown: bool,
) -> list[float]:
    start = datetime.fromisoformat("2020-01-01T20:00:00+00:00") + timedelta(days=number)
    run_id = f"night-{number:04d}"
    store.record_run(
        kept,
        RunInfo(run_id=run_id, as_of=start.date(), started=start, kind="nightly", settings="{}", tables="{}"),
    )
    made = [_tonight(one, number, waiting) for one in patterns]

    def enter() -> None:
        for pattern, captures, facts in made:
            store.ingest_unit(kept, run_id, pattern.unit, pattern.report, captures, facts)

    def judge() -> None:
        for pattern in patterns:
            outcomes = tuple(
                one
                for place, one in enumerate(pattern.judgement.outcomes)
                if _share(f"{place}/{number}") >= CHANGED
            )
            extent = Extent(pages=len(pattern.facts), items=1, dated_items=1)
            store.save_judgement(
                kept,
                run_id,
                msgspec.structs.replace(pattern.judgement, outcomes=outcomes),
                pattern.coverage,
                extent,
            )

    units = [one.unit.unit_id for one in patterns]
    spent = [
        _timed(enter),
        _timed(judge),
        _timed(lambda: stand(kept, run_id, installation.tables, units=units)),
    ]
    if not shown:
        return spent
    return [
        *spent,
        _timed(lambda: standings(kept, run_id, installation.tables, units=units)),
        _timed(lambda: standings(kept, run_id, installation.tables, units=units[:1])),
        _timed(lambda: [sum(1 for _ in store.known_pages(kept, unit)) for unit in units]),
        _timed(lambda: [store.history(kept, unit, before=run_id) for unit in units]),
    ]


def _tonight(pattern: Pattern, number: int, waiting: float) -> tuple[Pattern, list[Capture], list[Any]]:
    captures: list[Capture] = []
    facts: list[Any] = []
    for place, one in enumerate(pattern.captures):
        asked_on, before = number, number - 1
        if number > 3 and _share(one.asked_url) < waiting:
            asked_on = max(3, number - (number + int(_share(f"turn {one.asked_url}") * 7)) % 7)
            before = number - 7
        if asked_on < number:
            captures.append(_as_of_night(pattern, place, one, asked_on, carried=f"night-{asked_on:04d}"))
            continue
        captures.append(_as_of_night(pattern, place, one, number))
        read = pattern.facts.get((one.url, one.sha256))
        changed_on = _last_change(one.asked_url, number)
        if changed_on > before and read is not None:
            changed = msgspec.structs.replace(read, text=f"{read.text}\n{changed_on}")
            facts.append((one.url, captures[-1].sha256, changed))
    return pattern, captures, facts


def _as_of_night(pattern: Pattern, place: int, one: Capture, number: int, carried: str = "") -> Capture:
    """An attempt as it came out on a night."""
    start = datetime.fromisoformat("2020-01-01T20:00:00+00:00") + timedelta(days=number)
    changed_at = _last_change(one.asked_url, number)
    digest = hashlib.sha256(f"{one.sha256}{changed_at}".encode()).hexdigest() if one.sha256 else ""
    fresh = changed_at == number
    return msgspec.structs.replace(
        one, at=start + timedelta(seconds=place), sha256=digest, offset=1000 * place + number, carried=carried,
        status=200 if fresh else 304, etag=f'"{digest[:20]}"' if one.etag else "", elapsed_ms=(place * 7 + number) % 900,
        revisit_of="" if fresh else f"night-{changed_at:04d}/{pattern.unit.unit_id}-000.warc.gz",
    )  # fmt: skip


def _last_change(url: str, number: int) -> int:
    """The last night on which a page said something new; all were new on the first."""
    return next((night for night in range(number, 1, -1) if _share(f"{url} {night}") < CHANGED), 1)


def _share(text: str) -> float:
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=6).digest(), "big") / (
        1 << 48
    )


def _timed(act: Callable[[], _T]) -> float:
    """CPU seconds, so that other work on the machine does not count."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _size(path: Path) -> int:
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        count = database.execute("PRAGMA page_count").fetchone()[0]
        return int(count) * int(database.execute("PRAGMA page_size").fetchone()[0])


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:5]))
