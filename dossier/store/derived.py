"""Tables to look around in, written to a file of their own: what is not copied cannot leak, and nobody can write back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType

from dossier.store.opening import bounded, plain

Cell = str | int | float | date | None


class DerivedFile:
    """A new SQLite file that takes tables once and is then closed for good: read-only on the disk too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("BEGIN")

    def __enter__(self) -> DerivedFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        self._connection.close()
        if kind is None:
            self.path.chmod(0o400)
        else:
            self.path.unlink(missing_ok=True)

    def table(self, name: str, columns: Sequence[str], *, indexed: Sequence[str] = ()) -> None:
        """Make a table; the names are ours, never a site's."""
        self._connection.execute(f"CREATE TABLE {_name(name)} ({', '.join(map(_name, columns))})")
        for column in indexed:
            index = _name(f"{name}_{column}")
            self._connection.execute(f"CREATE INDEX {index} ON {_name(name)} ({_name(column)})")

    def add(self, name: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Put rows into a table."""
        for row in rows:
            sql = f"INSERT INTO {_name(name)} VALUES ({', '.join('?' * len(row))})"  # noqa: S608 - names of ours
            self._connection.execute(sql, [_cell(one) for one in row])


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _cell(value: Cell) -> str | int | float | None:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return bounded(value)
    return value.isoformat() if isinstance(value, date) else value
