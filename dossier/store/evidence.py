"""What a run saw of a unit, taken out again for judging and for showing."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import msgspec

from dossier.model import Capture, Coverage, PageFacts, Purpose, Reach, Unit, UnitReport, Via
from dossier.store.entering import PageKey, page_key
from dossier.store.opening import Store
from dossier.store.packing import digest_text, marks, moment_of, unpack_facts
from dossier.store.runs import visit_no

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
        facts_id = self.facts_ids.get(page_key(capture))
        if facts_id is None:
            return None
        row = self.store.one("SELECT value FROM facts WHERE id = ?", (facts_id,))
        return unpack_facts(row[0]) if row else None


def facts_for(store: Store, run_id: str, unit_id: str) -> SeenUnit:
    """The captures of a unit in a run, in time order, with their readings."""
    visit = visit_no(store, run_id, unit_id)
    if visit is None:
        return SeenUnit(store, (), {})
    return _seen_unit(store, store.ask(f"{_SEEN} WHERE seen.visit_no = ? ORDER BY seen.seq", (visit,)))


_SEEN = """
        SELECT capture.unit_id, asked.url, final.url, referrer.url, reach, reason, status, via, purpose, attempt,
               redirects, content_type, length, capture.sha256, revisit_of, etag, last_modified, depth, screenshot,
               seen.at, seen.elapsed_ms, warc_name.name, seen.offset, asked_in.run_id, seen.facts_id
        FROM seen
        JOIN capture ON capture.id = seen.capture_id
        JOIN url AS asked ON asked.id = capture.asked_id
        LEFT JOIN url AS final ON final.id = capture.final_id
        LEFT JOIN url AS referrer ON referrer.id = capture.referrer_id
        LEFT JOIN warc_name ON warc_name.id = seen.warc_id
        LEFT JOIN visit AS earlier ON earlier.no = seen.from_visit
        LEFT JOIN run AS asked_in ON asked_in.no = earlier.run_no
        """


def _seen_unit(store: Store, rows: Sequence[Sequence[Any]]) -> SeenUnit:
    captures = tuple(_capture(row) for row in rows)
    found = {page_key(capture): row[-1] for capture, row in zip(captures, rows, strict=True) if row[-1]}
    return SeenUnit(store, captures, found)


def seen_at(store: Store, run_id: str, unit_id: str, url: str) -> SeenUnit:
    """The captures of one address of a unit in a run, as asked or as answered, in time order, with their readings."""
    visit = visit_no(store, run_id, unit_id)
    row = store.one("SELECT id FROM url WHERE url = ?", (url,))
    if visit is None or row is None:
        return SeenUnit(store, (), {})
    at = "capture_id IN (SELECT id FROM capture WHERE unit_id = ? AND (asked_id = ? OR final_id = ?))"
    rows = store.ask(
        f"{_SEEN} WHERE seen.visit_no = ? AND {at} ORDER BY seen.seq", (visit, unit_id, row[0], row[0])
    )
    return _seen_unit(store, rows)


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


def _capture(row: Sequence[Any]) -> Capture:
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
        at=moment_of(row[19]),
        elapsed_ms=row[20],
        warc=row[21] or "",
        offset=row[22],
        carried=row[23] or "",
    )
