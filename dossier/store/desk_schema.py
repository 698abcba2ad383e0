"""What the desk in the browser adds to the tables: people, what they did and said, sheets and closings.

All of it is precious but `kept_standing`, which is a copy that can be made again. What people did is only
ever added: triggers refuse to change or erase it.
"""

from __future__ import annotations

from sqlite_utils import Database

from dossier.store.append_only import make_append_only
from dossier.store.schema import migrations

ADDED_ONLY = ("audit", "case_event", "attachment", "hand_line", "closing", "rule_word", "desk_setting")

DESK = """
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  shown_name TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('admin', 'assessor', 'reviewer', 'unit', 'viewer')),
  unit_id TEXT,
  password TEXT NOT NULL,
  stamp INTEGER NOT NULL DEFAULT 1,
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  created TEXT NOT NULL,
  last_seen TEXT,
  CHECK ((role = 'unit') = (unit_id IS NOT NULL))
) STRICT;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  act TEXT NOT NULL CHECK (act <> ''),
  object TEXT NOT NULL,
  detail TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;
CREATE INDEX audit_object ON audit (object, id);
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  name TEXT NOT NULL CHECK (name <> ''),
  kind TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  unit_id TEXT NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE TABLE case_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  kind TEXT NOT NULL CHECK (kind IN ('decided', 'withdraw', 'agree', 'return', 'explain', 'appeal')),
  decision_id INTEGER UNIQUE REFERENCES decision (id),
  text TEXT NOT NULL,
  until TEXT,
  gist TEXT NOT NULL DEFAULT '',
  batch TEXT NOT NULL DEFAULT '',
  needs_check INTEGER NOT NULL DEFAULT 0 CHECK (needs_check IN (0, 1)),
  attachment_id INTEGER REFERENCES attachment (id),
  said BLOB,
  run_no INTEGER REFERENCES run (no),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  CHECK ((kind = 'decided') = (decision_id IS NOT NULL)),
  CHECK (kind IN ('decided', 'agree') OR text <> '')
) STRICT;
CREATE INDEX case_event_deficiency ON case_event (deficiency_id, id);
CREATE TABLE hand_line (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  year INTEGER NOT NULL,
  unit_id TEXT NOT NULL CHECK (unit_id <> ''),
  section TEXT NOT NULL,
  path TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('deduct', 'bonus', 'void')),
  hundredths INTEGER NOT NULL CHECK (hundredths >= 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  attachment_id INTEGER REFERENCES attachment (id),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX hand_line_unit ON hand_line (year, unit_id, id);
CREATE TABLE closing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  year INTEGER NOT NULL,
  unit_id TEXT NOT NULL CHECK (unit_id <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('close', 'reopen')),
  value TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  reason TEXT NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  CHECK (kind = 'close' OR reason <> '')
) STRICT;
CREATE INDEX closing_unit ON closing (year, unit_id, id);
CREATE TABLE rule_word (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  rule_id TEXT NOT NULL CHECK (rule_id <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('demote', 'lift')),
  because TEXT NOT NULL CHECK (because <> ''),
  last_event INTEGER NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_setting (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL CHECK (key <> ''),
  value TEXT NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE TABLE kept_standing (
  run_no INTEGER NOT NULL REFERENCES run (no),
  unit_id TEXT NOT NULL,
  stamp BLOB NOT NULL CHECK (length(stamp) = 16),
  value BLOB NOT NULL,
  PRIMARY KEY (run_no, unit_id)
) STRICT, WITHOUT ROWID;
"""


@migrations()
def what_people_do_at_the_desk(db: Database) -> None:
    db.executescript(DESK)
    make_append_only(db, ADDED_ONLY)


@migrations()
def scorecards_by_unit(db: Database) -> None:
    db.executescript("CREATE INDEX scorecard_unit ON scorecard (unit_id, run_no)")
