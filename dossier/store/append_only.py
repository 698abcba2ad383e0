"""What people said and did is only ever added: the database itself refuses to change or erase it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database


def make_append_only(db: Database, tables: Iterable[str]) -> None:
    """Triggers that abort every change, erasure and replacement of a row of these tables (key: `id`)."""
    for table in tables:
        for word, act in (("changed", "UPDATE"), ("erased", "DELETE")):
            db.executescript(
                f"CREATE TRIGGER {table}_is_never_{word} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added, never {word}'); END;"
            )
        db.executescript(
            f"CREATE TRIGGER {table}_is_never_replaced BEFORE INSERT ON {table} "  # noqa: S608 - our own names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added, never replaced'); END;"
        )
