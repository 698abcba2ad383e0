"""What earlier nights know of a unit's addresses, for the next crawl: it asks only for what changed, and not for all of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from dossier.model import KnownPage, Purpose
from dossier.store.opening import Store
from dossier.store.packing import as_json, digest_text, moment_of
from dossier.store.sights import Sight, captures_of, sights_of

NIGHTS_REMEMBERED = 14
"""Addresses not seen in so many visits are no longer asked conditionally."""
NIGHTS_OF_A_MOOD = 3
"""Nights after which a page that was seen, and is blank or leads elsewhere since, is believed to be gone."""
_NEVER = 1_000_000
"""Nights since a sight whose date lies ahead: nothing can be told from it."""


def known_pages(
    store: Store, unit_id: str, *, as_of: date | None = None, now: datetime | None = None
) -> Iterator[KnownPage]:
    """The last answer of each address, and where its body stands, for asking only for what changed.

    What was not there has no mark to be asked by; it is told so that the same 'not found' page is kept once. With a
    day and an hour for tonight it is also told for how long each page has not changed.
    """
    nights = [
        no
        for (no,) in store.ask(
            "SELECT run_no FROM visit JOIN run ON run.no = run_no WHERE unit_id = ? AND run.kind <> 'recheck' ORDER BY run_no",
            (unit_id,),
        )
    ]
    troubled = _troubled(store, unit_id)
    recent = store.ask(
        "SELECT visit.no, run_no, run.as_of, run.run_id FROM visit JOIN run ON run.no = run_no "
        "WHERE unit_id = ? AND run.kind <> 'recheck' ORDER BY run_no DESC LIMIT ?",
        (unit_id, NIGHTS_REMEMBERED),
    )
    lately_from = min((no for _, no, *_ in recent[:NIGHTS_OF_A_MOOD]), default=0)
    run_of = {visit: no for visit, no, *_ in recent}
    days = {no: date.fromisoformat(day) for _, no, day, _ in recent}
    names = {no: run_id for _, no, _, run_id in recent}
    rows = store.ask(_ANSWERS, (as_json(list(best := _last_answers(store, run_of))),))
    for (
        number, url, digest, etag, modified, run, warc, offset, length, content_type, reach, asked, purpose, final, body_no, body_day
    ) in rows:  # fmt: skip
        sight = best[number]
        seen_no, at = run_of[sight.visit_no], sight.at
        lately, seen_run = seen_no >= lately_from, names[seen_no]
        calm = reach == "ok" and as_of is not None and now is not None and asked not in troubled
        stood = since = 0
        if calm and as_of and now:
            between = bisect_right(nights, seen_no) - bisect_right(nights, body_no)
            stood = max(0, min(between, (days[seen_no] - date.fromisoformat(body_day)).days))
            passed = ((as_of - days[seen_no]).days, round((now - moment_of(at)).total_seconds() / 86_400))
            since = max(1 + len(nights) - bisect_right(nights, seen_no), *passed)
            since = _NEVER if min(passed) < 0 else since
        yield KnownPage(
            url=url,
            sha256=digest_text(digest),
            etag=etag if reach == "ok" else "",
            last_modified=modified if reach == "ok" else "",
            warc=f"{run}/{unit_id}/{warc}",
            offset=offset,
            length=length,
            content_type=content_type,
            seen=lately and reach == "ok",
            run=seen_run if calm else "",
            purpose=Purpose(purpose),
            final_url=final or "",
            stood=stood,
            since=since,
        )


_ANSWERS = """
    SELECT capture.id, url.url, capture.sha256, capture.etag, capture.last_modified, run.run_id, body.warc,
           body.offset, capture.length, capture.content_type, capture.reach, capture.asked_id, capture.purpose,
           final.url, run.no, run.as_of
    FROM json_each(?) AS wanted
    JOIN capture ON capture.id = wanted.value
    JOIN url ON url.id = capture.asked_id
    LEFT JOIN url AS final ON final.id = capture.final_id
    JOIN body ON body.unit_id = capture.unit_id AND body.sha256 = capture.sha256
    JOIN run ON run.no = body.run_no
    ORDER BY url.url
    """


def _last_answers(store: Store, run_of: Mapping[int, int]) -> dict[int, Sight]:
    """The attempt that brought the last answer of each address, one that was well before any that was not, and when
    it was made. Counted are plain answers with a body of which it is known where it stands."""
    visits = sorted(run_of, key=run_of.__getitem__)
    asked_then = [one for one in sights_of(store, visits) if one.from_visit is None]
    found = captures_of(
        store,
        asked_then,
        "asked_id, reach = 'ok', via = 'http' AND length > 0 AND EXISTS "
        "(SELECT 1 FROM body WHERE body.unit_id = capture.unit_id AND body.sha256 = capture.sha256)",
    )
    well: dict[int, Sight] = {}
    other: dict[int, Sight] = {}
    for one in reversed(asked_then):  # the newest first
        asked, is_well, counts = found[one.capture_id]
        if counts and asked not in well:
            (well if is_well else other).setdefault(asked, one)
    return {one.capture_id: one for one in {**other, **well}.values()}


def _troubled(store: Store, unit_id: str) -> frozenset[int]:
    """Addresses of which some try lately did not end well: they are asked until they have been well for a while."""
    recent = store.ask(
        "SELECT visit.no FROM visit JOIN run ON run.no = run_no WHERE unit_id = ? ORDER BY run_no DESC LIMIT ?",
        (unit_id, NIGHTS_OF_A_MOOD),
    )
    seen = sights_of(store, (visit for (visit,) in recent))
    tries = captures_of(store, seen, "asked_id, reach").values()
    return frozenset(asked for asked, reach in tries if reach != "ok")
