"""Every change that a person made, in the order in which it was made."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.runs import moment


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """One human change."""

    at: datetime
    who: str
    act: str
    """`decide`, `withdraw`, `login`, `user-add`, `table-import` …"""
    object: str = ""
    """What was changed: a deficiency number, a unit, a user, a file."""
    detail: str = ""
    """Chinese: what it was and what it became."""
    place: str = ""
    """The address it came from, or `cli`."""
    no: int = 0


def write_audit(store: Store, line: AuditLine) -> None:
    """Add a line; called inside the same `writing` as the change itself."""
    with store.writing():
        store.put(
            "INSERT INTO audit (at, who, act, object, detail, place) VALUES (?, ?, ?, ?, ?, ?)",
            (
                moment(line.at),
                plain(line.who),
                line.act,
                plain(line.object),
                plain(line.detail),
                plain(line.place),
            ),
        )


def audit_lines(
    store: Store, *, who: str = "", act: str = "", thing: str = "", before: int = 0, limit: int = 100
) -> tuple[AuditLine, ...]:
    """Newest first; `before` is the number of the last line already shown."""
    rows = store.ask(
        "SELECT at, who, act, object, detail, place, id FROM audit "
        "WHERE (? = '' OR who = ?) AND (? = '' OR act = ?) AND (? = '' OR object = ?) AND (? = 0 OR id < ?) "
        "ORDER BY id DESC LIMIT ?",
        (who, who, act, act, thing, thing, before, before, limit),
    )
    return tuple(
        AuditLine(
            at=datetime.fromisoformat(at), who=who, act=act, object=thing, detail=detail, place=place, no=no
        )
        for at, who, act, thing, detail, place, no in rows
    )
