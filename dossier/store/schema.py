"""The tables, as a list of changes: a change is added, never edited, so that every old file can be opened.

Rebuilt from the files of the runs: run, unit, visit, url, body, facts, capture, seen, sights, judgement, outcome,
evidence, not_called, deficiency_night, scorecard, account_observation. Precious, because people made
them or quoted them: deficiency (its numbers are in letters), decision, note, issued_report, user,
document_list, evidence_import, exemption. A probe cannot be made again either.

Plain SQL throughout: the table objects of sqlite-utils create a table whose name was misspelt.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("gongkai")

RUNS = """
CREATE TABLE run (
  no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE CHECK (run_id <> ''),
  as_of TEXT NOT NULL CHECK (as_of GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  started TEXT NOT NULL,
  finished TEXT,
  kind TEXT NOT NULL CHECK (kind <> ''),
  settings TEXT NOT NULL DEFAULT '',
  tables TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX run_started ON run (started, no);
CREATE TABLE unit (
  unit_id TEXT PRIMARY KEY CHECK (unit_id <> ''),
  unit_class TEXT NOT NULL CHECK (unit_class IN ('A', 'B')),
  short_name TEXT NOT NULL,
  full_name TEXT NOT NULL
) STRICT;
CREATE TABLE visit (
  no INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES run (no),
  unit_id TEXT NOT NULL REFERENCES unit (unit_id),
  listed TEXT NOT NULL,
  report TEXT,
  finish TEXT NOT NULL,
  pages INTEGER CHECK (pages >= 0),
  items INTEGER CHECK (items >= 0),
  dated_items INTEGER CHECK (dated_items >= 0),
  UNIQUE (run_no, unit_id)
) STRICT;
CREATE INDEX visit_unit ON visit (unit_id, run_no);
"""

EVIDENCE = """
CREATE TABLE url (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE facts (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  url_id INTEGER NOT NULL REFERENCES url (id),
  sha256 BLOB NOT NULL,
  reader INTEGER NOT NULL,
  value BLOB NOT NULL
) STRICT;
CREATE INDEX facts_page ON facts (url_id, sha256, reader);
CREATE TABLE body (
  unit_id TEXT NOT NULL REFERENCES unit (unit_id),
  sha256 BLOB NOT NULL,
  run_no INTEGER NOT NULL REFERENCES run (no),
  warc TEXT NOT NULL CHECK (warc <> ''),
  offset INTEGER NOT NULL,
  PRIMARY KEY (unit_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  unit_id TEXT NOT NULL REFERENCES unit (unit_id),
  asked_id INTEGER NOT NULL REFERENCES url (id),
  final_id INTEGER REFERENCES url (id),
  referrer_id INTEGER REFERENCES url (id),
  reach TEXT NOT NULL CHECK (reach IN
    ('ok', 'gone', 'refused', 'blocked', 'broken', 'silent', 'off_site', 'disallowed')),
  reason TEXT NOT NULL,
  status INTEGER,
  via TEXT NOT NULL,
  purpose TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  redirects TEXT NOT NULL,
  content_type TEXT NOT NULL,
  length INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  revisit_of TEXT NOT NULL,
  etag TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  depth INTEGER NOT NULL,
  screenshot TEXT NOT NULL
) STRICT;
CREATE INDEX capture_asked ON capture (unit_id, asked_id);
CREATE TABLE warc_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE seen (
  visit_no INTEGER NOT NULL REFERENCES visit (no),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  capture_id INTEGER NOT NULL REFERENCES capture (id),
  facts_id INTEGER REFERENCES facts (id),
  at INTEGER NOT NULL,
  elapsed_ms INTEGER NOT NULL,
  warc_id INTEGER REFERENCES warc_name (id),
  offset INTEGER NOT NULL,
  PRIMARY KEY (visit_no, seq)
) STRICT, WITHOUT ROWID;
"""

JUDGEMENTS = """
CREATE TABLE coverage (
  visit_no INTEGER PRIMARY KEY REFERENCES visit (no),
  inspected INTEGER NOT NULL CHECK (inspected IN (0, 1)),
  value TEXT NOT NULL
) STRICT;
CREATE TABLE judgement (
  visit_no INTEGER PRIMARY KEY REFERENCES visit (no),
  digest BLOB NOT NULL CHECK (length(digest) = 16)
) STRICT;
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 16),
  value BLOB NOT NULL
) STRICT;
CREATE TABLE outcome (
  visit_no INTEGER NOT NULL REFERENCES judgement (visit_no),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  rule_id TEXT NOT NULL CHECK (rule_id <> ''),
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'unsure', 'not_applicable', 'error')),
  subject TEXT NOT NULL,
  page_url TEXT NOT NULL,
  message_key TEXT NOT NULL,
  data TEXT NOT NULL,
  because TEXT NOT NULL,
  evidence_id INTEGER REFERENCES evidence (id),
  PRIMARY KEY (visit_no, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcome_evidence ON outcome (evidence_id);
CREATE TABLE not_called (
  visit_no INTEGER NOT NULL REFERENCES judgement (visit_no),
  seq INTEGER NOT NULL,
  rule_id TEXT NOT NULL,
  area TEXT NOT NULL,
  because TEXT NOT NULL,
  PRIMARY KEY (visit_no, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE deficiency (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64),
  number TEXT UNIQUE CHECK (number <> ''),
  unit_id TEXT NOT NULL REFERENCES unit (unit_id),
  rule_id TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT;
CREATE INDEX deficiency_unit ON deficiency (unit_id);
CREATE TABLE numbering (
  unit_id TEXT NOT NULL REFERENCES unit (unit_id),
  year INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (unit_id, year)
) STRICT, WITHOUT ROWID;
CREATE TABLE deficiency_night (
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  visit_no INTEGER NOT NULL REFERENCES visit (no),
  verdict TEXT NOT NULL CHECK (verdict IN ('fail', 'unsure', 'error', 'gone', 'unseen')),
  outcome_seq INTEGER,
  because TEXT NOT NULL,
  PRIMARY KEY (deficiency_id, visit_no),
  CHECK ((verdict IN ('gone', 'unseen')) = (outcome_seq IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX deficiency_night_visit ON deficiency_night (visit_no);
CREATE TABLE scorecard (
  run_no INTEGER NOT NULL REFERENCES run (no),
  unit_id TEXT NOT NULL REFERENCES unit (unit_id),
  value TEXT NOT NULL,
  PRIMARY KEY (run_no, unit_id)
) STRICT, WITHOUT ROWID;
"""

INPUTS = """
CREATE TABLE document_list (
  id INTEGER PRIMARY KEY,
  unit_id TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows TEXT NOT NULL
) STRICT;
CREATE INDEX document_list_unit ON document_list (unit_id, id);
CREATE TABLE evidence_import (
  id INTEGER PRIMARY KEY,
  imported_at TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE account_observation (
  id INTEGER PRIMARY KEY,
  unit_id TEXT NOT NULL,
  run_no INTEGER REFERENCES run (no),
  import_id INTEGER REFERENCES evidence_import (id),
  seq INTEGER NOT NULL,
  value TEXT NOT NULL,
  CHECK ((run_no IS NULL) <> (import_id IS NULL)),
  UNIQUE (run_no, unit_id, seq),
  UNIQUE (import_id, seq)
) STRICT;
CREATE INDEX account_observation_unit ON account_observation (unit_id);
CREATE TABLE probe (
  host TEXT NOT NULL CHECK (host <> ''),
  at INTEGER NOT NULL,
  opened INTEGER NOT NULL CHECK (opened IN (0, 1)),
  elapsed_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  ours INTEGER NOT NULL CHECK (ours IN (0, 1)),
  PRIMARY KEY (host, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE exemption (
  id INTEGER PRIMARY KEY,
  unit_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  author TEXT NOT NULL CHECK (author <> ''),
  until TEXT NOT NULL,
  UNIQUE (unit_id, rule_id, subject, reason, author, until)
) STRICT;
"""

PEOPLE = """
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  shown_name TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('admin', 'assessor', 'unit')),
  unit_id TEXT,
  password TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  CHECK ((role = 'unit') = (unit_id IS NOT NULL))
) STRICT;
CREATE TABLE decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  run_no INTEGER NOT NULL REFERENCES run (no),
  kind TEXT NOT NULL CHECK (kind IN ('confirm', 'adjust', 'dismiss', 'defer')),
  points_hundredths INTEGER CHECK (points_hundredths >= 0),
  reason TEXT NOT NULL,
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL,
  CHECK (kind = 'confirm' OR reason <> ''),
  CHECK ((kind = 'adjust') <= (points_hundredths IS NOT NULL))
) STRICT;
CREATE INDEX decision_deficiency ON decision (deficiency_id, id);
CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is only ever added, never changed'); END;
CREATE TRIGGER decision_is_never_erased BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'a decision is only ever added, never erased'); END;
CREATE TRIGGER decision_is_never_replaced BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a decision is only ever added, never replaced'); END;
CREATE TABLE note (
  id INTEGER PRIMARY KEY,
  deficiency_id INTEGER NOT NULL REFERENCES deficiency (id),
  text TEXT NOT NULL CHECK (text <> ''),
  who TEXT NOT NULL CHECK (who <> ''),
  at TEXT NOT NULL
) STRICT;
CREATE TABLE issued_report (
  id INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL REFERENCES run (no),
  unit_id TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  template TEXT NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (run_no, unit_id, file, sha256)
) STRICT;
"""


@migrations()
def runs_and_units(db: Database) -> None:
    db.executescript(RUNS)


@migrations()
def what_was_seen(db: Database) -> None:
    db.executescript(EVIDENCE)


@migrations()
def what_was_judged(db: Database) -> None:
    db.executescript(JUDGEMENTS)


@migrations()
def what_was_brought_in(db: Database) -> None:
    db.executescript(INPUTS)


@migrations()
def what_people_decided(db: Database) -> None:
    db.executescript(PEOPLE)
