"""What people decided must survive the machine: a whole copy while the desk is at work, and proof that it is one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from dossier.store.opening import Store

REBUILT = frozenset(
    {
        "body",
        "capture",
        "coverage",
        "deficiency_night",
        "evidence",
        "facts",
        "judgement",
        "kept_standing",
        "not_called",
        "outcome",
        "said",
        "saying",
        "scorecard",
        "seen",
        "sights",
        "tallied",
        "tally",
        "unit",
        "url",
        "visit",
        "warc_name",
    }
)
"""Tables that can be built again from the files of the runs; all others are precious."""
_WITH_RUN = "run_no"
_WITH_DEFICIENCY = "deficiency_id"


def take_copy(store: Store, target: Path) -> None:
    """A copy of the database as it is at one moment, made while others read and write."""
    with closing(sqlite3.connect(target)) as copy:
        store.db.conn.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode = DELETE")


def is_sound(path: Path) -> str:
    """Empty where a database file is whole; else what is wrong with it, in SQLite's words."""
    try:
        with closing(_open(path)) as database:
            said = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)")]
            broken = database.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    if said != ["ok"]:
        return "；".join(said)
    return f"foreign key of {broken[0]}" if broken else ""


def precious_tables(path: Path) -> tuple[str, ...]:
    """Tables of a database file that cannot be made again."""
    return tuple(name for name in _tables(path) if name not in REBUILT)


def dump_rows(path: Path, table: str) -> Iterator[bytes]:
    """Every row of a table as one JSON line, in the order of its key; bytes as hexadecimal."""
    with closing(_open(path)) as database:
        columns = [str(row[1]) for row in database.execute(f'PRAGMA table_info("{table}")')]
        order = ", ".join(f'"{name}"' for name in columns)
        for row in database.execute(f'SELECT {order} FROM "{table}" ORDER BY {order}'):  # noqa: S608 - from the schema
            cells = {name: _shown(cell) for name, cell in zip(columns, row, strict=True)}
            yield json.dumps(cells, ensure_ascii=False).encode() + b"\n"


def row_digests(path: Path, tables: Iterable[str] | None = None) -> dict[str, tuple[int, str]]:
    """Of each precious table (or of those that are named and there): how many rows, and the digest of their dump."""
    found = {}
    wanted = precious_tables(path) if tables is None else set(_tables(path)).intersection(tables)
    for table in sorted(wanted):
        count, digest = 0, hashlib.sha256()
        for line in dump_rows(path, table):
            count += 1
            digest.update(line)
        found[table] = (count, digest.hexdigest())
    return found


def evidence_in_use(store: Store) -> set[tuple[str, str]]:
    """Runs and units whose archives something stands on that a person said, wrote or sent."""
    found: set[tuple[str, str]] = set()
    for table in _tables(store.path):
        if table in REBUILT:
            continue
        columns = {str(row[1]) for row in store.ask(f'PRAGMA table_info("{table}")')}
        if {_WITH_RUN, _WITH_DEFICIENCY} <= columns:
            # A recheck points at three runs: its own, the night it is compared with, and the one that found it first.
            every = [column for column in sorted(columns) if column.endswith(_WITH_RUN)]
            sql = " UNION ".join(
                f'SELECT DISTINCT run_id, unit_id FROM "{table}" AS it '  # noqa: S608 - from the schema
                f"JOIN deficiency ON deficiency.id = it.deficiency_id JOIN run ON run.no = it.{column}"
                for column in every
            )
        elif {_WITH_RUN, "unit_id"} <= columns and table != "account_observation":
            sql = f'SELECT DISTINCT run_id, unit_id FROM "{table}" AS it JOIN run ON run.no = it.run_no'  # noqa: S608
        elif _WITH_DEFICIENCY in columns:
            sql = _LAST_SEEN.format(table=table)
        else:
            continue
        found |= {(str(run), str(unit)) for run, unit in store.ask(sql)}
        if _WITH_DEFICIENCY in columns:
            found |= {(str(run), str(unit)) for run, unit in store.ask(_LAST_SEEN.format(table=table))}
    return found


_LAST_SEEN = """
SELECT run_id, unit_id FROM (
  SELECT run.run_id, deficiency.unit_id, max(run.no) FROM deficiency
  JOIN deficiency_night AS night ON night.deficiency_id = deficiency.id AND night.outcome_seq NOT NULL
  JOIN visit ON visit.no = night.visit_no JOIN run ON run.no = visit.run_no
  WHERE deficiency.id IN (SELECT deficiency_id FROM "{table}") GROUP BY deficiency.id
)
"""


def _tables(path: Path) -> tuple[str, ...]:
    with closing(_open(path)) as database:
        rows = database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name"
        )
        return tuple(str(row[0]) for row in rows)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)


def _shown(cell: object) -> object:
    return cell.hex() if isinstance(cell, bytes) else cell
