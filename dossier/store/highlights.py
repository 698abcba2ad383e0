"""What was seen of the reports that units are proud of, and what people made of them; only ever added."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from dossier.store.append_only import make_append_only
from dossier.store.opening import Store, plain
from dossier.store.runs import moment, run_no
from dossier.store.schema import migrations

ADDED_ONLY = ("highlight_look", "highlight_word")

HIGHLIGHTS = """
CREATE TABLE highlight_look (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id INTEGER NOT NULL REFERENCES campaign_event (id),
  run_no INTEGER NOT NULL REFERENCES run (no),
  unit_id TEXT NOT NULL CHECK (unit_id <> ''),
  url TEXT NOT NULL,
  medium TEXT NOT NULL,
  reach TEXT NOT NULL CHECK (reach <> ''),
  status INTEGER,
  sha256 TEXT NOT NULL,
  warc TEXT NOT NULL,
  warc_offset INTEGER NOT NULL,
  title TEXT NOT NULL,
  published TEXT CHECK (published IS NULL OR published GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  named TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (event_id, run_no)
) STRICT;
CREATE INDEX highlight_look_event ON highlight_look (event_id, id);
CREATE TABLE highlight_word (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id INTEGER NOT NULL REFERENCES campaign_event (id),
  kind TEXT NOT NULL CHECK (kind IN ('accept', 'decline')),
  reason TEXT NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  CHECK (kind = 'accept' OR reason <> '')
) STRICT;
CREATE INDEX highlight_word_event ON highlight_word (event_id, id);
"""


@migrations()
def what_was_seen_of_highlights(db: Database) -> None:
    db.executescript(HIGHLIGHTS)
    make_append_only(db, ADDED_ONLY)


class HighlightLook(msgspec.Struct, frozen=True, kw_only=True):
    """One look at one claimed report."""

    claim: int
    """The number of the campaign event that claimed it."""
    unit_id: str
    run_id: str
    url: str
    """Where it ended."""
    medium: str
    """To which medium that address belongs; empty: to none of the table."""
    reach: str
    status: int | None = None
    sha256: str = ""
    warc: str = ""
    offset: int = -1
    title: str = ""
    published: date | None = None
    named: str = ""
    """The name of the unit that stands on the page, with the words around it; empty where none does."""
    at: datetime


class HighlightWord(msgspec.Struct, frozen=True, kw_only=True):
    """What a person made of a claim; the last word holds."""

    claim: int
    kind: str
    """`accept` or `decline`."""
    reason: str = ""
    who: str
    at: datetime


def add_highlight_looks(store: Store, looks: tuple[HighlightLook, ...]) -> None:
    """Keep what was seen; the same claim in the same run twice is one."""
    with store.writing():
        for one in looks:
            store.put(
                "INSERT INTO highlight_look (event_id, run_no, unit_id, url, medium, reach, status, sha256, warc, "
                "warc_offset, title, published, named, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (event_id, run_no) DO NOTHING",
                (
                    one.claim,
                    run_no(store, one.run_id),
                    one.unit_id,
                    plain(one.url),
                    one.medium,
                    one.reach,
                    one.status,
                    one.sha256,
                    one.warc,
                    one.offset,
                    plain(one.title),
                    one.published.isoformat() if one.published else None,
                    plain(one.named),
                    moment(one.at),
                ),
            )


def highlight_looks(store: Store, year: int) -> dict[int, HighlightLook]:
    """Claim → the last look at it."""
    rows = store.ask(
        "SELECT event_id, highlight_look.unit_id, run_id, url, medium, reach, status, sha256, warc, warc_offset, "
        "title, published, named, highlight_look.at FROM highlight_look "
        "JOIN run ON run.no = run_no JOIN campaign_event ON campaign_event.id = event_id "
        "WHERE campaign_event.year = ? ORDER BY highlight_look.id",
        (year,),
    )
    return {
        row[0]: HighlightLook(
            claim=row[0], unit_id=row[1], run_id=row[2], url=row[3], medium=row[4], reach=row[5], status=row[6],
            sha256=row[7], warc=row[8], offset=row[9], title=row[10],
            published=date.fromisoformat(row[11]) if row[11] else None, named=row[12], at=datetime.fromisoformat(row[13]),
        )
        for row in rows
    }  # fmt: skip


def add_highlight_word(store: Store, word: HighlightWord) -> None:
    with store.writing():
        store.put(
            "INSERT INTO highlight_word (event_id, kind, reason, who, at) VALUES (?, ?, ?, ?, ?)",
            (word.claim, word.kind, plain(word.reason), plain(word.who), moment(word.at)),
        )


def highlight_words(store: Store, year: int) -> dict[int, HighlightWord]:
    """Claim → the last word on it."""
    rows = store.ask(
        "SELECT event_id, highlight_word.kind, reason, highlight_word.who, highlight_word.at FROM highlight_word "
        "JOIN campaign_event ON campaign_event.id = event_id WHERE campaign_event.year = ? ORDER BY highlight_word.id",
        (year,),
    )
    return {
        claim: HighlightWord(claim=claim, kind=kind, reason=reason, who=who, at=datetime.fromisoformat(at))
        for claim, kind, reason, who, at in rows
    }
