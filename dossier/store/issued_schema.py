"""The tables of what left the house and of what followed; nothing in them is ever changed or erased."""

from __future__ import annotations

from sqlite_utils import Database

from dossier.store.append_only import make_append_only
from dossier.store.schema import migrations

ADDED_ONLY = ("issued_paper", "issued_file", "notice_item", "rectify_event", "campaign_event")

ISSUED = """
CREATE TABLE issued_paper (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind <> ''),
  year INTEGER NOT NULL,
  place INTEGER NOT NULL CHECK (place > 0),
  number TEXT NOT NULL UNIQUE CHECK (number <> ''),
  unit_id TEXT NOT NULL,
  run_no INTEGER REFERENCES run (no),
  template TEXT NOT NULL CHECK (template <> ''),
  tables TEXT NOT NULL,
  manifest TEXT NOT NULL,
  value BLOB NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  due TEXT,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  UNIQUE (kind, year, place)
) STRICT;
CREATE TABLE issued_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  paper_id INTEGER NOT NULL REFERENCES issued_paper (id),
  name TEXT NOT NULL CHECK (name <> ''),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  body BLOB NOT NULL,
  UNIQUE (paper_id, name)
) STRICT;
CREATE TABLE notice_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  paper_id INTEGER NOT NULL REFERENCES issued_paper (id),
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  due TEXT NOT NULL CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  UNIQUE (paper_id, deficiency_id)
) STRICT;
CREATE INDEX notice_item_deficiency ON notice_item (deficiency_id, id);
CREATE TABLE rectify_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  kind TEXT NOT NULL CHECK (kind IN ('extend', 'close', 'reopen')),
  due TEXT,
  reason TEXT NOT NULL CHECK (reason <> ''),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  CHECK ((kind = 'extend') = (due IS NOT NULL))
) STRICT;
CREATE INDEX rectify_event_deficiency ON rectify_event (deficiency_id, id);
CREATE TABLE campaign_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  year INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('announce', 'deliver', 'waive', 'highlight')),
  item TEXT NOT NULL,
  day TEXT NOT NULL,
  due TEXT,
  text TEXT NOT NULL,
  attachment_id INTEGER REFERENCES attachment (id),
  paper_id INTEGER REFERENCES issued_paper (id),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX campaign_event_year ON campaign_event (year, unit_id, id);
"""


@migrations()
def what_left_the_house_and_what_followed(db: Database) -> None:
    db.executescript(ISSUED)
    make_append_only(db, ADDED_ONLY)
