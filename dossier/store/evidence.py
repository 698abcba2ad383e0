"""What a run saw of a unit, taken out again for judging and for showing."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

import msgspec

from dossier.model import Capture, Coverage, PageFacts, Purpose, Reach, Unit, UnitReport, Via
from dossier.store.entering import PageKey, page_key
from dossier.store.opening import Store
from dossier.store.packing import as_json, digest_text, marks, moment_of, unpack_facts
from dossier.store.runs import visit_no
from dossier.store.sights import Sight, sights_of

NIGHTS_COMPARED = 7
"""Earlier runs whose median a night is compared with."""
FULL_ENDINGS = ("finished", "budget")
"""Ends of a crawl that went as far as it was allowed to."""
FULL_KINDS_EXCLUDED = ("recheck",)


@dataclass(frozen=True, eq=False)
class SeenUnit:
    """One unit as one run saw it, for `dossier.assembly.assemble`."""

    store: Store
    captures: tuple[Capture, ...]
    facts_ids: Mapping[PageKey, int]

    def facts_of(self, capture: Capture) -> PageFacts | None:
        """What was read from the body of a capture; None where nothing was."""
        packed = self._readings.get(self.facts_ids.get(page_key(capture)))
        return unpack_facts(packed) if packed else None

    @cached_property
    def _readings(self) -> Mapping[int | None, bytes]:
        """All readings as they are kept: to ask for them one by one takes three times as long."""
        wanted = as_json(sorted(set(self.facts_ids.values())))
        return dict(
            self.store.ask(
                "SELECT id, value FROM facts WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
            )
        )


def facts_for(store: Store, run_id: str, unit_id: str) -> SeenUnit:
    """The captures of a unit in a run, in time order, with their readings."""
    visit = visit_no(store, run_id, unit_id)
    if visit is None:
        return SeenUnit(store, (), {})
    return _seen_unit(store, sights_of(store, (visit,)))


_ATTEMPTS = """
        SELECT capture.id, capture.unit_id, asked.url, final.url, referrer.url, reach, reason, status, via, purpose,
               attempt, redirects, content_type, length, capture.sha256, revisit_of, etag, last_modified, depth, screenshot
        FROM json_each(?) AS wanted
        JOIN capture ON capture.id = wanted.value
        JOIN url AS asked ON asked.id = capture.asked_id
        LEFT JOIN url AS final ON final.id = capture.final_id
        LEFT JOIN url AS referrer ON referrer.id = capture.referrer_id
        """


def _seen_unit(store: Store, sights: Sequence[Sight]) -> SeenUnit:
    rows = {
        row[0]: row[1:]
        for row in store.ask(_ATTEMPTS, (as_json(sorted({one.capture_id for one in sights})),))
    }
    files = _names(store, "SELECT id, name FROM warc_name WHERE id IN", {one.warc_id for one in sights})
    nights = _names(
        store,
        "SELECT visit.no, run_id FROM visit JOIN run ON run.no = visit.run_no WHERE visit.no IN",
        {one.from_visit for one in sights},
    )
    captures = []
    facts_ids: dict[PageKey, int] = {}
    for one in sights:
        capture = _capture(rows[one.capture_id], one, files[one.warc_id], nights[one.from_visit])
        captures.append(capture)
        if one.facts_id:
            facts_ids[page_key(capture)] = one.facts_id
    return SeenUnit(store, tuple(captures), facts_ids)


def _names(store: Store, sql: str, numbers: Iterable[int | None]) -> dict[int | None, str]:
    wanted = sorted({number for number in numbers if number is not None})
    return {None: "", **dict(store.ask(f"{sql} ({marks(wanted)})", wanted))}


def seen_at(store: Store, run_id: str, unit_id: str, url: str) -> SeenUnit:
    """The captures of one address of a unit in a run, as asked or as answered, in time order, with their readings."""
    visit = visit_no(store, run_id, unit_id)
    row = store.one("SELECT id FROM url WHERE url = ?", (url,))
    if visit is None or row is None:
        return SeenUnit(store, (), {})
    same = store.ask(
        "SELECT id FROM capture WHERE unit_id = ? AND (asked_id = ? OR final_id = ?)",
        (unit_id, row[0], row[0]),
    )
    wanted = {number for (number,) in same}
    return _seen_unit(store, [one for one in sights_of(store, (visit,)) if one.capture_id in wanted])


def history(store: Store, unit_id: str, *, before: str = "") -> dict[str, float]:
    """Medians of what earlier whole crawls of a unit found; empty on the first night."""
    bound = store.one("SELECT started, no FROM run WHERE run_id = ?", (before,)) if before else None
    rows = store.ask(
        f"""
        SELECT visit.pages, visit.items, visit.dated_items
        FROM run CROSS JOIN visit ON visit.run_no = run.no JOIN coverage ON coverage.visit_no = visit.no
        WHERE visit.unit_id = ? AND coverage.inspected = 1 AND visit.pages NOT NULL AND visit.finish IN ({marks(FULL_ENDINGS)})
          AND run.kind NOT IN ({marks(FULL_KINDS_EXCLUDED)})
          AND (? IS NULL OR (run.started <= ? AND run.no < ?))
        ORDER BY run.started DESC, run.no DESC LIMIT ?
        """,  # noqa: S608 - only question marks are put in
        (unit_id, *FULL_ENDINGS, *FULL_KINDS_EXCLUDED, *(_bound(bound)), NIGHTS_COMPARED),
    )
    if not rows:
        return {}
    pages, items, dated = zip(*rows, strict=True)
    return {"pages": median(pages), "items": median(items), "dated_items": median(dated)}


def report_of(store: Store, run_id: str, unit_id: str) -> UnitReport | None:
    """How the crawl of a unit ended; None where the run has not closed it."""
    row = store.one(
        "SELECT report, packed_report FROM visit JOIN run ON run.no = visit.run_no WHERE run_id = ? AND unit_id = ?",
        (run_id, unit_id),
    )
    said = _unpacked(row)
    return msgspec.json.decode(said, type=UnitReport) if said else None


def unit_as_listed(store: Store, run_id: str, unit_id: str) -> Unit | None:
    """A unit as the list described it when the run was made."""
    return next((unit for unit in units_of(store, run_id) if unit.unit_id == unit_id), None)


def units_of(store: Store, run_id: str) -> tuple[Unit, ...]:
    """The units that a run visited, as they were listed then."""
    rows = store.ask(
        "SELECT listed FROM visit JOIN run ON run.no = visit.run_no WHERE run_id = ? ORDER BY unit_id",
        (run_id,),
    )
    return tuple(msgspec.json.decode(row[0], type=Unit) for row in rows)


def coverage_of(store: Store, run_id: str, unit_id: str) -> Coverage | None:
    """How much of a unit's site a run saw; None where the run was not judged yet."""
    visit = visit_no(store, run_id, unit_id)
    said = _unpacked(store.one("SELECT value, packed FROM coverage WHERE visit_no = ?", (visit,)))
    return msgspec.json.decode(said, type=Coverage) if said else None


def _unpacked(row: tuple[Any, ...] | None) -> str | bytes:
    """A text as it lies there: packed, or plain as older nights have it."""
    if row is None:
        return ""
    text, packed = row
    return zlib.decompress(packed) if packed else text or ""


def _bound(row: tuple[Any, ...] | None) -> tuple[Any, Any, Any]:
    return (row[0], row[0], row[1]) if row else (None, None, None)


def _capture(row: Sequence[Any], sight: Sight, warc: str, carried: str) -> Capture:
    return Capture(
        unit_id=row[0],
        asked_url=row[1],
        final_url=row[2] or "",
        referrer=row[3] or "",
        reach=Reach(row[4]),
        reason=row[5],
        status=row[6],
        via=Via(row[7]),
        purpose=Purpose(row[8]),
        attempt=row[9],
        redirects=msgspec.json.decode(row[10], type=tuple[str, ...]) if row[10] else (),
        content_type=row[11],
        length=row[12],
        sha256=digest_text(row[13]),
        revisit_of=row[14],
        etag=row[15],
        last_modified=row[16],
        depth=row[17],
        screenshot=row[18],
        at=moment_of(sight.at),
        elapsed_ms=sight.elapsed_ms,
        warc=warc,
        offset=sight.offset,
        carried=carried,
    )
