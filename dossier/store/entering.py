"""What a run saw is entered unit by unit, each wholly or not at all, and as often as one likes.

`capture` holds what an attempt was like, `sights` that it was so again (when, and where in the archive);
`facts` holds each different reading of a page once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from dossier.model import Capture, PageFacts, Unit, UnitReport
from dossier.model.page import READER_VERSION
from dossier.store.opening import Store, Value, bounded, plain
from dossier.store.packing import as_json, digest_bytes, marks, pack, short_digest, ticks
from dossier.store.runs import run_no, visit_no
from dossier.store.sayings import said_of, say_again
from dossier.store.schema import migrations
from dossier.store.sights import Sight, keep_sights

PageKey = tuple[str, str]
"""Address where the page stood, and SHA-256 of its body."""

CHUNK = 500
CARRYING = "ALTER TABLE seen ADD COLUMN from_visit INTEGER REFERENCES visit (no)"
"""The visit in which an address was last asked, where tonight it was not: the row repeats what it brought."""


@migrations()
def what_was_carried(db: Database) -> None:
    db.executescript(CARRYING)


def page_key(capture: Capture) -> PageKey:
    return (capture.url, capture.sha256)


def ingest_unit(
    store: Store,
    run_id: str,
    unit: Unit,
    report: UnitReport | None,
    captures: Sequence[Capture],
    facts: Iterable[tuple[str, str, PageFacts]],
) -> None:
    """Enter what a run saw of a unit; entering it again changes nothing.

    `report` is None where the crawl was never closed. `facts` are (address, body SHA-256, reading); a capture whose body was read on an earlier night takes
    that reading.
    """
    with store.writing():
        _enter_unit(store, unit)
        visit = _enter_visit(store, run_id, unit, report)
        said = said_of(store, visit)
        read = _enter_facts(store, facts)
        _enter_captures(store, run_id, visit, unit.unit_id, captures, read)
        if said is not None:
            say_again(store, visit, said.values())


def known_facts(store: Store, captures: Iterable[Capture]) -> set[PageKey]:
    """Which of these captures have a reading by today's reader already."""
    keys = {page_key(capture) for capture in captures if capture.sha256}
    return set(_facts_ids(store, keys))


def _enter_unit(store: Store, unit: Unit) -> None:
    store.put(
        "INSERT INTO unit (unit_id, unit_class, short_name, full_name) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (unit_id) DO UPDATE SET unit_class = excluded.unit_class, "
        "short_name = excluded.short_name, full_name = excluded.full_name",
        (unit.unit_id, unit.unit_class, plain(unit.short_name), plain(unit.full_name)),
    )


def _enter_visit(store: Store, run_id: str, unit: Unit, report: UnitReport | None) -> int:
    store.put(
        "INSERT INTO visit (run_no, unit_id, listed, packed_report, finish) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_no, unit_id) DO UPDATE SET "
        "listed = excluded.listed, report = NULL, packed_report = excluded.packed_report, finish = excluded.finish",
        (
            run_no(store, run_id),
            unit.unit_id,
            as_json(unit),
            zlib.compress(as_json(report).encode(), 9) if report else None,
            plain(report.finish) if report else "crashed",
        ),
    )
    found = visit_no(store, run_id, unit.unit_id)
    assert found is not None
    return found


def _url_ids(store: Store, urls: Iterable[str]) -> dict[str, int]:
    wanted = sorted({plain(url) for url in urls if url})
    store.put_many(
        "INSERT INTO url (url) VALUES (?) ON CONFLICT (url) DO NOTHING", ((url,) for url in wanted)
    )
    found: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        found.update(store.ask(f"SELECT url, id FROM url WHERE url IN ({marks(some)})", some))  # noqa: S608
    return found


class _Reading(NamedTuple):
    """One reading of one body, packed."""

    digest: bytes
    url: str
    sha256: str
    reader: int
    packed: bytes


def _enter_facts(store: Store, facts: Iterable[tuple[str, str, PageFacts]]) -> dict[PageKey, int]:
    """Keep each reading that is not kept yet; the row of every reading given."""
    keys: dict[bytes, PageKey] = {}
    some: list[_Reading] = []
    for url, sha256, read in facts:
        packed = pack(read)
        digest = short_digest(plain(url).encode() + b"\0" + plain(sha256).encode() + b"\0" + packed)
        keys[digest] = (url, sha256)
        some.append(_Reading(digest, url, sha256, read.reader, packed))
        if len(some) >= CHUNK:
            _keep(store, some)
            some = []
    _keep(store, some)
    found: dict[PageKey, int] = {}
    digests = list(keys)
    for start in range(0, len(digests), CHUNK):
        part = digests[start : start + CHUNK]
        rows = store.ask(f"SELECT digest, id FROM facts WHERE digest IN ({marks(part)})", part)  # noqa: S608
        found.update((keys[digest], row) for digest, row in rows)
    return found


def _keep(store: Store, some: Sequence[_Reading]) -> None:
    digests = [reading.digest for reading in some]
    rows = store.ask(f"SELECT digest FROM facts WHERE digest IN ({marks(digests)})", digests)  # noqa: S608
    kept = {row[0] for row in rows}
    new = [reading for reading in some if reading.digest not in kept]
    urls = _url_ids(store, (reading.url for reading in new))
    store.put_many(
        "INSERT INTO facts (digest, url_id, sha256, reader, value) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
        (
            (
                reading.digest,
                urls[plain(reading.url)],
                digest_bytes(reading.sha256),
                bounded(reading.reader),
                zlib.compress(reading.packed),
            )
            for reading in new
        ),
    )


def _facts_ids(store: Store, keys: Iterable[PageKey]) -> dict[PageKey, int]:
    """The newest reading by today's reader of each of these pages, where there is one."""
    wanted = {(plain(url), digest_bytes(sha256)): (url, sha256) for url, sha256 in keys if sha256}
    urls = sorted({url for url, _ in wanted})
    found: dict[PageKey, int] = {}
    for start in range(0, len(urls), CHUNK):
        part = urls[start : start + CHUNK]
        rows = store.ask(
            "SELECT url.url, facts.sha256, max(facts.id) FROM url JOIN facts ON facts.url_id = url.id "  # noqa: S608
            f"WHERE url.url IN ({marks(part)}) AND facts.reader = ? GROUP BY url.id, facts.sha256",
            (*part, READER_VERSION),
        )
        found.update((wanted[url, digest], row) for url, digest, row in rows if (url, digest) in wanted)
    return found


def _enter_captures(
    store: Store,
    run_id: str,
    visit: int,
    unit_id: str,
    captures: Sequence[Capture],
    read: Mapping[PageKey, int],
) -> None:
    asked_in = {one.carried: visit_no(store, one.carried, unit_id) for one in captures if one.carried}
    captures = [one for one in captures if one.url and (not one.carried or asked_in[one.carried])]
    urls = _url_ids(
        store,
        (url for capture in captures for url in (capture.asked_url, capture.final_url, capture.referrer)),
    )
    shapes = [_shape(unit_id, capture, urls) for capture in captures]
    digests = [short_digest(msgspec.msgpack.encode(shape)) for shape in shapes]
    store.put_many(
        f"INSERT INTO capture ({SHAPE}, digest) VALUES ({marks(SHAPE.split(','))}, ?) "  # noqa: S608 - constants
        "ON CONFLICT (digest) DO NOTHING",
        ((*shape, digest) for shape, digest in zip(shapes, digests, strict=True)),
    )
    rows: dict[bytes, int] = {}
    for start in range(0, len(digests), CHUNK):
        part = digests[start : start + CHUNK]
        rows.update(store.ask(f"SELECT digest, id FROM capture WHERE digest IN ({marks(part)})", part))  # noqa: S608
    lacking = {page_key(capture) for capture in captures} - set(read)
    readings = {**_facts_ids(store, lacking), **read}
    warcs = _warc_ids(store, captures)
    keep_sights(
        store,
        visit,
        [
            Sight(
                visit,
                seq,
                rows[digest],
                _reading_of(capture, readings),
                ticks(capture.at),
                bounded(capture.elapsed_ms),
                warcs.get(plain(capture.warc)),
                bounded(capture.offset),
                asked_in.get(capture.carried),
            )
            for seq, (capture, digest) in enumerate(zip(captures, digests, strict=True))
        ],
    )
    run = run_no(store, run_id)
    store.put_many(
        "INSERT INTO body (unit_id, sha256, run_no, warc, offset) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (unit_id, sha256) DO UPDATE SET run_no = excluded.run_no, warc = excluded.warc, "
        "offset = excluded.offset WHERE excluded.run_no > body.run_no",
        (
            (unit_id, digest_bytes(capture.sha256), run, plain(capture.warc), bounded(capture.offset))
            for capture in captures
            if capture.sha256 and capture.warc and not capture.revisit_of and not capture.carried
        ),
    )


def _reading_of(capture: Capture, readings: Mapping[PageKey, int]) -> int | None:
    """The reading of a body, kept under the address where it stood or, failing that, the one that was asked."""
    if not capture.sha256:
        return None
    return readings.get(page_key(capture)) or readings.get((capture.asked_url, capture.sha256))


SHAPE = (
    "unit_id, asked_id, final_id, referrer_id, reach, reason, status, via, purpose, attempt, redirects, "
    "content_type, length, sha256, revisit_of, etag, last_modified, depth, screenshot"
)


def _shape(unit_id: str, capture: Capture, urls: Mapping[str, int]) -> tuple[Value, ...]:
    """All of an attempt but its moment and its place in the archive."""
    return (
        unit_id,
        urls[plain(capture.asked_url)] if capture.asked_url else urls[plain(capture.final_url)],
        urls.get(plain(capture.final_url)),
        urls.get(plain(capture.referrer)),
        str(capture.reach),
        plain(capture.reason),
        None if capture.status is None else bounded(capture.status),
        str(capture.via),
        str(capture.purpose),
        bounded(capture.attempt),
        as_json(capture.redirects) if capture.redirects else "",
        plain(capture.content_type),
        bounded(capture.length),
        digest_bytes(capture.sha256),
        plain(capture.revisit_of),
        plain(capture.etag),
        plain(capture.last_modified),
        bounded(capture.depth),
        plain(capture.screenshot),
    )


def _warc_ids(store: Store, captures: Iterable[Capture]) -> dict[str, int]:
    names = sorted({plain(capture.warc) for capture in captures if capture.warc})
    store.put_many(
        "INSERT INTO warc_name (name) VALUES (?) ON CONFLICT (name) DO NOTHING", ((n,) for n in names)
    )
    return dict(store.ask(f"SELECT name, id FROM warc_name WHERE name IN ({marks(names)})", names))  # noqa: S608
