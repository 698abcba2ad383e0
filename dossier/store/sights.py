"""When each attempt of a night was made and what it brought, as one packed row for a unit and night.

A year is mostly nights on which the same was seen again. As rows of a table each sight took some 37 bytes; column by
column, each number as what it adds to the one before, it takes 8. Nights entered before 2026-12 stand in the
table `seen`, one row a sight, and are read from there.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import accumulate, count, repeat
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from dossier.store.opening import Store
from dossier.store.packing import as_json, marks
from dossier.store.schema import migrations

SIGHTS = """
CREATE TABLE sights (
  visit_no INTEGER PRIMARY KEY REFERENCES visit (no),
  value BLOB NOT NULL
) STRICT;
"""
_WIDTH = 1 << 63


@migrations()
def sights_packed(db: Database) -> None:
    db.executescript(SIGHTS)


class Sight(NamedTuple):
    """One attempt of a visit, or what was carried into it."""

    visit_no: int
    seq: int
    capture_id: int
    facts_id: int | None
    at: int
    """Microseconds since 1970 UTC."""
    elapsed_ms: int
    warc_id: int | None
    offset: int
    from_visit: int | None
    """The visit in which the address was last asked, where in this one it was not."""


class _Columns(msgspec.Struct, array_like=True):
    capture_id: list[int | None]
    facts_id: list[int | None]
    at: list[int]
    elapsed_ms: list[int]
    warc_id: list[int | None]
    offset: list[int]
    from_visit: list[int | None]


_decoder = msgspec.msgpack.Decoder(_Columns)


def keep_sights(store: Store, visit: int, sights: Sequence[Sight]) -> None:
    """Keep what a visit saw, in place of what was kept of it before. `sights` are in the order of their numbers."""
    store.put("DELETE FROM seen WHERE visit_no = ?", (visit,))
    store.put(
        "INSERT INTO sights (visit_no, value) VALUES (?, ?) "
        "ON CONFLICT (visit_no) DO UPDATE SET value = excluded.value",
        (visit, _packed(sights)),
    )


def sights_of(store: Store, visits: Iterable[int]) -> list[Sight]:
    """What these visits saw, each in the order of its night."""
    wanted = list(visits)
    packed = dict(
        store.ask(f"SELECT visit_no, value FROM sights WHERE visit_no IN ({marks(wanted)})", wanted)  # noqa: S608
    )
    found: list[Sight] = []
    for visit in wanted:
        if visit in packed:
            found += _unpacked(visit, packed[visit])
        else:
            rows = store.ask(
                "SELECT visit_no, seq, capture_id, facts_id, at, elapsed_ms, warc_id, offset, from_visit "
                "FROM seen WHERE visit_no = ? ORDER BY seq",
                (visit,),
            )
            found += (Sight(*row) for row in rows)
    return found


def captures_of(store: Store, sights: Iterable[Sight], columns: str) -> dict[int, tuple[Any, ...]]:
    """What the attempts behind some sights were like: number of the attempt → these columns of `capture`."""
    ids = as_json(sorted({one.capture_id for one in sights}))
    rows = store.ask(
        f"SELECT id, {columns} FROM capture WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - constants
        (ids,),
    )
    return {row[0]: row[1:] for row in rows}


def _packed(sights: Sequence[Sight]) -> bytes:
    nights = [one.from_visit for one in sights]
    columns = _Columns(
        _steps([one.capture_id for one in sights]),
        _steps([one.facts_id for one in sights]),
        _steps_within([one.at for one in sights], nights),
        [one.elapsed_ms for one in sights],
        _steps([one.warc_id for one in sights]),
        _steps_within([one.offset for one in sights], nights),
        _steps(nights),
    )
    return zlib.compress(msgspec.msgpack.encode(columns), 9)


def _unpacked(visit: int, value: bytes) -> list[Sight]:
    said = _decoder.decode(zlib.decompress(value))
    nights = _sums(said.from_visit)
    columns = (
        repeat(visit), count(), _sums(said.capture_id), _sums(said.facts_id), _sums_within(said.at, nights),
        said.elapsed_ms, _sums(said.warc_id), _sums_within(said.offset, nights), nights,
    )  # fmt: skip
    return list(map(Sight._make, zip(*columns, strict=False)))


def _bounded(number: int) -> int:
    """A difference or a sum within 64 bits, past whose end numbers begin anew: so every number comes back."""
    return number if -_WIDTH <= number < _WIDTH else (number + _WIDTH) % (2 * _WIDTH) - _WIDTH


def _steps(values: Sequence[int | None]) -> list[int | None]:
    """Each number as what it adds to the last one before it; what is missing stays so."""
    found: list[int | None] = []
    before = 0
    for value in values:
        found.append(None if value is None else _bounded(value - before))
        before = before if value is None else value
    return found


def _sums(steps: Sequence[int | None]) -> list[int | None]:
    quick = _quick_sums(steps)
    if quick is not None:
        return quick
    found: list[int | None] = []
    before = 0
    for step in steps:
        before = _bounded(before + (step or 0))
        found.append(None if step is None else before)
    return found


def _quick_sums(steps: Sequence[int | None]) -> list[Any] | None:
    """The sums where nothing is missing and none leaves 64 bits, as on nearly every night."""
    if not steps or steps.count(None) == len(steps):
        return list(steps)
    if None in steps:
        return None
    found: list[int] = list(accumulate(steps))  # type: ignore[arg-type] # nothing is missing
    return found if max(found) < _WIDTH and min(found) >= -_WIDTH else None


def _steps_within(values: Sequence[int], nights: Sequence[int | None]) -> list[int]:
    """The same, each night's numbers among themselves."""
    before: dict[int | None, int] = {}
    found = []
    for value, night in zip(values, nights, strict=True):
        found.append(_bounded(value - before.get(night, 0)))
        before[night] = value
    return found


def _sums_within(steps: Sequence[int], nights: Sequence[int | None]) -> list[int]:
    quick = _quick_sums(steps) if nights.count(None) == len(nights) else None
    if quick is not None:
        return quick
    before: dict[int | None, int] = {}
    found = []
    for step, night in zip(steps, nights, strict=True):
        before[night] = _bounded(before.get(night, 0) + step)
        found.append(before[night])
    return found
