"""Who may sit at the desk: names, roles and salted password hashes, never passwords."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.runs import moment


class Role(StrEnum):
    """What a person does at the desk."""

    ADMIN = "admin"
    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    """Checks what an assessor decided (复核), decides nothing alone."""
    UNIT = "unit"
    """Of an inspected unit: sees its own confirmed deficiencies and answers them."""
    VIEWER = "viewer"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One person's access."""

    name: str
    shown_name: str = ""
    role: Role
    unit_id: str = ""
    password: str
    """The hash, with its salt and cost."""
    stamp: int = 1
    """Raised with every change of password, role or access: older sessions end."""
    disabled: bool = False
    created: datetime
    last_seen: datetime | None = None

    @property
    def called(self) -> str:
        return self.shown_name or self.name


COLUMNS = "name, shown_name, role, unit_id, password, stamp, disabled, created, last_seen"


def add_account(store: Store, account: Account) -> None:
    """Enter a person; ValueError where the name is taken."""
    with store.writing():
        if store.one("SELECT 1 FROM account WHERE name = ?", (account.name,)):
            raise ValueError(account.name)
        store.put(
            "INSERT INTO account (name, shown_name, role, unit_id, password, created) VALUES (?, ?, ?, ?, ?, ?)",
            (
                plain(account.name),
                plain(account.shown_name),
                str(account.role),
                account.unit_id or None,
                account.password,
                moment(account.created),
            ),
        )


def accounts(store: Store) -> tuple[Account, ...]:
    rows = store.ask(f"SELECT {COLUMNS} FROM account ORDER BY role, name")  # noqa: S608 - a constant
    return tuple(_account(row) for row in rows)


def account_of(store: Store, name: str) -> Account | None:
    row = store.one(f"SELECT {COLUMNS} FROM account WHERE name = ?", (name,))  # noqa: S608
    return _account(row) if row else None


def set_password(store: Store, name: str, password: str, *, ends_sessions: bool = True) -> None:
    """Keep a new hash; `ends_sessions=False` is for the same password hashed at a newer cost."""
    _changed(store, "password = ?", name, password, ends_sessions=ends_sessions)


def set_disabled(store: Store, name: str, disabled: bool) -> None:
    _changed(store, "disabled = ?", name, int(disabled))


def saw(store: Store, name: str, at: datetime) -> None:
    """Somebody signed in."""
    _changed(store, "last_seen = ?", name, moment(at), ends_sessions=False)


def _changed(store: Store, what: str, name: str, value: str | int, *, ends_sessions: bool = True) -> None:
    with store.writing():
        touched = store.put(
            f"UPDATE account SET {what}, stamp = stamp + ? WHERE name = ?",  # noqa: S608 - our own words
            (value, int(ends_sessions), name),
        )
        if not touched:
            raise KeyError(name)


def _account(row: tuple[Any, ...]) -> Account:
    name, shown, role, unit, password, stamp, disabled, created, seen = row
    return Account(
        name=name,
        shown_name=shown,
        role=Role(role),
        unit_id=unit or "",
        password=password,
        stamp=stamp,
        disabled=bool(disabled),
        created=datetime.fromisoformat(created),
        last_seen=datetime.fromisoformat(seen) if seen else None,
    )
