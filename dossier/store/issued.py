"""What left the house as it left: papers with their bytes, what they asked of whom by when, and what followed.

Nothing here is ever changed or erased. A paper keeps the value it was written from beside its bytes, so that
it can be written again and held against what was sent.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.packing import marks
from dossier.store.runs import moment, run_no


class IssuedPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that left the house."""

    kind: str
    """`notice`, `bulletin`, `announcement`, `receipt`, `recheck`, `result`, `ledger`."""
    number: str
    """整改通知〔2020〕1号."""
    unit_id: str = ""
    """Empty: about all units."""
    run_id: str = ""
    template: str
    """Which form wrote it, with its version: `notice-1`."""
    tables: str = ""
    """Digests of the indicator tables in force, as JSON."""
    manifest: str = ""
    """Digest of the evidence manifest of the run (and unit) it rests on."""
    value: bytes
    """JSON of what it was written from."""
    day: date
    due: date | None = None
    who: str
    at: datetime
    place: int = 0
    """Its place among the papers of its kind and year."""
    no: int = 0


class NoticeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One deficiency in one notice."""

    deficiency_no: str
    number: str
    """Of the notice."""
    day: date
    due: date
    at: datetime
    no: int = 0


class RectifyEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did to the mending of a deficiency."""

    deficiency_no: str
    kind: str
    """`extend` (a later deadline), `close` (销号), `reopen`."""
    due: date | None = None
    reason: str
    who: str
    at: datetime
    no: int = 0


def next_place(store: Store, kind: str, year: int) -> int:
    """The next number of a kind of paper in a year; ask inside the `writing` that takes it."""
    row = store.one(
        "SELECT coalesce(max(place), 0) + 1 FROM issued_paper WHERE kind = ? AND year = ?", (kind, year)
    )
    assert row is not None
    return int(row[0])


def add_paper(
    store: Store, paper: IssuedPaper, files: Mapping[str, bytes], items: Iterable[tuple[str, date]] = ()
) -> int:
    """Keep a paper with its files, and what it asks to be mended by when."""
    with store.writing():
        row = store.one(
            "INSERT INTO issued_paper (kind, year, place, number, unit_id, run_no, template, tables, manifest, value, "
            "day, due, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                paper.kind,
                paper.day.year,
                paper.place,
                paper.number,
                paper.unit_id,
                run_no(store, paper.run_id) if paper.run_id else None,
                paper.template,
                paper.tables,
                paper.manifest,
                zlib.compress(paper.value),
                paper.day.isoformat(),
                paper.due.isoformat() if paper.due else None,
                plain(paper.who),
                moment(paper.at),
            ),
        )
        assert row is not None
        for name, body in files.items():
            store.put(
                "INSERT INTO issued_file (paper_id, name, sha256, body) VALUES (?, ?, ?, ?)",
                (row[0], name, hashlib.sha256(body).hexdigest(), body),
            )
        for number, due in items:
            store.put(
                "INSERT INTO notice_item (paper_id, deficiency_id, due) VALUES (?, ?, ?)",
                (row[0], _deficiency_id(store, number), due.isoformat()),
            )
        return int(row[0])


_PAPER = (
    "SELECT issued_paper.id, issued_paper.kind, place, number, unit_id, run.run_id, template, issued_paper.tables, "
    "manifest, value, day, due, who, at FROM issued_paper LEFT JOIN run ON run.no = run_no "
)


def issued_papers(store: Store, kind: str = "") -> tuple[IssuedPaper, ...]:
    """Every paper (of a kind), oldest first."""
    return tuple(
        _paper(row)
        for row in store.ask(_PAPER + "WHERE ? IN ('', issued_paper.kind) ORDER BY issued_paper.id", (kind,))
    )


def listed_papers(store: Store, kind: str = "") -> tuple[IssuedPaper, ...]:
    """The same without what they say (`value` is empty): a list of papers unpacks no text and no picture."""
    light = _PAPER.replace("manifest, value,", "manifest, NULL,")
    return tuple(
        _paper(row)
        for row in store.ask(light + "WHERE ? IN ('', issued_paper.kind) ORDER BY issued_paper.id", (kind,))
    )


def issued_paper(store: Store, number: str) -> IssuedPaper | None:
    """The paper with this number."""
    row = store.one(_PAPER + "WHERE number = ?", (number,))
    return _paper(row) if row else None


def files_of(store: Store, paper_no: int) -> dict[str, tuple[str, bytes]]:
    """Name → digest and bytes, as they left."""
    return {
        name: (sha, body)
        for name, sha, body in store.ask(
            "SELECT name, sha256, body FROM issued_file WHERE paper_id = ? ORDER BY id", (paper_no,)
        )
    }


def notice_items(store: Store, deficiency_no: str = "") -> tuple[NoticeItem, ...]:
    """What notices asked, oldest first."""
    rows = store.ask(
        "SELECT deficiency.number, issued_paper.number, day, notice_item.due, at, notice_item.id FROM notice_item "
        "JOIN issued_paper ON issued_paper.id = paper_id JOIN deficiency ON deficiency.id = deficiency_id "
        "WHERE ? IN ('', deficiency.number) ORDER BY notice_item.id",
        (deficiency_no,),
    )
    return tuple(
        NoticeItem(
            deficiency_no=row[0],
            number=row[1],
            day=date.fromisoformat(row[2]),
            due=date.fromisoformat(row[3]),
            at=datetime.fromisoformat(row[4]),
            no=row[5],
        )
        for row in rows
    )


def add_rectify_event(store: Store, event: RectifyEvent) -> None:
    with store.writing():
        store.put(
            "INSERT INTO rectify_event (deficiency_id, kind, due, reason, who, at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                _deficiency_id(store, event.deficiency_no),
                event.kind,
                event.due.isoformat() if event.due else None,
                plain(event.reason),
                plain(event.who),
                moment(event.at),
            ),
        )


def rectify_events(store: Store, deficiency_no: str = "") -> tuple[RectifyEvent, ...]:
    rows = store.ask(
        "SELECT number, kind, due, reason, who, at, rectify_event.id FROM rectify_event "
        "JOIN deficiency ON deficiency.id = deficiency_id WHERE ? IN ('', number) ORDER BY rectify_event.id",
        (deficiency_no,),
    )
    return tuple(
        RectifyEvent(
            deficiency_no=row[0],
            kind=row[1],
            due=date.fromisoformat(row[2]) if row[2] else None,
            reason=row[3],
            who=row[4],
            at=datetime.fromisoformat(row[5]),
            no=row[6],
        )
        for row in rows
    )


def seen_nights(
    store: Store, numbers: Iterable[str] | None = None
) -> tuple[tuple[str, str, datetime, date], ...]:
    """Every night that saw a fault again which had been struck off or found mended before: (number, run, start of the
    run, as-of date). Earlier nights say nothing new of it."""
    wanted = None if numbers is None else sorted(set(numbers))
    found: list[tuple[str, str, datetime, date]] = []
    for some in [None] if wanted is None else _in_parts(wanted):
        rows = store.ask(
            _NIGHTS.format(narrowed="" if some is None else f"AND number IN ({marks(some)})"),
            tuple(some or ()),
        )
        found += [
            (row[0], row[1], datetime.fromisoformat(row[2]), date.fromisoformat(row[3])) for row in rows
        ]
    return tuple(found)


_NIGHTS = """
WITH mended AS (
  SELECT deficiency_id, min(at) AS at FROM (
    SELECT deficiency_id, at FROM rectify_event WHERE kind = 'close'
    UNION ALL SELECT deficiency_id, at FROM recheck WHERE result = 'fixed'
  ) GROUP BY deficiency_id
)
SELECT number, run_id, started, as_of FROM mended
JOIN deficiency ON deficiency.id = mended.deficiency_id
JOIN deficiency_night AS night ON night.deficiency_id = mended.deficiency_id
JOIN visit ON visit.no = night.visit_no JOIN run ON run.no = visit.run_no
WHERE night.verdict = 'fail' AND run.kind <> 'recheck' AND run.started >= mended.at AND number NOT NULL {narrowed}
ORDER BY run.started, run.no
"""


def _in_parts(numbers: list[str]) -> list[list[str]]:
    return [numbers[start : start + 500] for start in range(0, len(numbers), 500)]


def _paper(row: tuple[Any, ...]) -> IssuedPaper:
    no, kind, place, number, unit, run, template, tables, manifest, value, day, due, who, at = row
    return IssuedPaper(
        kind=kind,
        number=number,
        unit_id=unit,
        run_id=run or "",
        template=template,
        tables=tables,
        manifest=manifest,
        value=zlib.decompress(value) if value is not None else b"",
        day=date.fromisoformat(day),
        due=date.fromisoformat(due) if due else None,
        who=who,
        at=datetime.fromisoformat(at),
        place=place,
        no=no,
    )


def _deficiency_id(store: Store, number: str) -> int:
    row = store.one("SELECT id FROM deficiency WHERE number = ?", (number,))
    if row is None:
        raise KeyError(number)
    return int(row[0])
