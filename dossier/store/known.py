"""What earlier nights know of a unit's addresses, for the next crawl: it asks only for what changed, and not for all of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime

from dossier.model import KnownPage, Purpose
from dossier.store.opening import Store
from dossier.store.packing import digest_text, moment_of

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
    visits = store.ask(
        "SELECT run.no, run.as_of FROM visit JOIN run ON run.no = run_no "
        "WHERE unit_id = ? AND run.kind <> 'recheck' ORDER BY run.no",
        (unit_id,),
    )
    nights = [no for no, _ in visits]
    days = {no: date.fromisoformat(day) for no, day in visits}
    troubled = _troubled(store, unit_id)
    rows = store.ask(
        """
        WITH recent AS (
          SELECT visit.no, run_no FROM visit JOIN run ON run.no = run_no
          WHERE unit_id = ? AND run.kind <> 'recheck' ORDER BY run_no DESC LIMIT ?
        )
        SELECT url.url, capture.sha256, capture.etag, capture.last_modified, run.run_id, body.warc, body.offset,
               capture.length, capture.content_type, capture.reach,
               recent.run_no IN (SELECT run_no FROM recent ORDER BY run_no DESC LIMIT ?),
               capture.asked_id, capture.purpose, final.url, recent.run_no, sight.run_id, seen.at, run.no, run.as_of,
               max((capture.reach = 'ok') * 1000000000000000 + recent.run_no * 10000000 + seen.seq)
        FROM recent
        JOIN seen ON seen.visit_no = recent.no AND seen.from_visit IS NULL
        JOIN capture ON capture.id = seen.capture_id
        JOIN url ON url.id = capture.asked_id
        LEFT JOIN url AS final ON final.id = capture.final_id
        JOIN body ON body.unit_id = capture.unit_id AND body.sha256 = capture.sha256
        JOIN run ON run.no = body.run_no
        JOIN run AS sight ON sight.no = recent.run_no
        WHERE capture.via = 'http' AND capture.length > 0
        GROUP BY capture.asked_id ORDER BY url.url
        """,
        (unit_id, NIGHTS_REMEMBERED, NIGHTS_OF_A_MOOD),
    )
    for (
        url, digest, etag, modified, run, warc, offset, length, content_type, reach, lately,
        asked, purpose, final, seen_no, seen_run, at, body_no, body_day, _,
    ) in rows:  # fmt: skip
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
            seen=bool(lately) and reach == "ok",
            run=seen_run if calm else "",
            purpose=Purpose(purpose),
            final_url=final or "",
            stood=stood,
            since=since,
        )


def _troubled(store: Store, unit_id: str) -> frozenset[int]:
    """Addresses of which some try lately did not end well: they are asked until they have been well for a while."""
    rows = store.ask(
        """
        SELECT DISTINCT capture.asked_id FROM (
          SELECT visit.no FROM visit JOIN run ON run.no = run_no WHERE unit_id = ? ORDER BY run_no DESC LIMIT ?
        ) AS recent
        JOIN seen ON seen.visit_no = recent.no JOIN capture ON capture.id = seen.capture_id
        WHERE capture.reach <> 'ok'
        """,
        (unit_id, NIGHTS_OF_A_MOOD),
    )
    return frozenset(row[0] for row in rows)
