"""One installation has one database file; whoever opens it finds today's tables in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlite_utils import Database

from dossier.store.schema import migrations

Value = str | int | float | bytes | None
"""What a SQLite cell can hold."""

BIGGEST = 2**63 - 1
WAIT_SECONDS = 60.0


class StoreTooNew(Exception):  # noqa: N818 - it names what was found
    """The file was written by a later version of the program; writing into it would damage it."""


@dataclass(frozen=True)
class Store:
    """An open database; a context manager that closes it."""

    path: Path
    db: Database

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing. The write lock is taken at once, so that two writers wait instead of failing."""
        if self.db.conn.in_transaction:
            with self.db.atomic():
                yield
            return
        self.db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.conn.execute("COMMIT")
        except BaseException:
            self.db.rollback()
            raise

    def ask(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        return self.db.conn.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Value] = ()) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.db.conn.execute(sql, values).fetchone()
        return row

    def put(self, sql: str, values: Sequence[Value] = ()) -> int:
        """One statement inside `writing`; how many rows it touched."""
        return self.db.conn.execute(sql, values).rowcount

    def put_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        self.db.conn.executemany(sql, rows)


def open_store(path: Path) -> Store:
    """Open (or make) the database of an installation and bring its tables up to date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Without it INSERT OR REPLACE deletes rows behind the back of the triggers.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA cache_size = -65536")
        store = Store(path, Database(connection))
        _bring_up_to_date(store)
    except BaseException:
        connection.close()
        raise
    return store


def _bring_up_to_date(store: Store) -> None:
    pending = migrations.pending(store.db)
    applied = {migration.name for migration in migrations.applied(store.db)}
    unknown = applied - known_changes()
    if unknown:
        raise StoreTooNew(
            f"{store.path}：数据库由更新版本的程序建立（{'、'.join(sorted(unknown))}），请升级程序后再用。"
        )
    if pending:
        with store.writing():
            migrations.apply(store.db)


def known_changes() -> set[str]:
    """The names of all changes that this version of the program knows."""
    return {change.name for change in migrations.pending(Database(memory=True))}


def described() -> tuple[tuple[str, str], ...]:
    """Every table, index and trigger of a new database, as (name, SQL), for the documentation."""
    database = Database(memory=True)
    migrations.apply(database)
    rows = database.conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "ORDER BY type = 'table' DESC, name"
    )
    return tuple((str(name), str(sql)) for name, sql in rows)


def plain(text: str) -> str:
    """A text that SQLite can hold: half a surrogate pair, as broken pages have them, becomes a question mark."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def bounded(number: int) -> int:
    """A number that SQLite can hold."""
    return max(-BIGGEST - 1, min(BIGGEST, number))
