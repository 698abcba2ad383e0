"""Whoever does something at the desk must be allowed to, says why, and leaves a line in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.users import Account, Role

DECIDERS = (Role.ADMIN, Role.ASSESSOR)
CHECKERS = (Role.ADMIN, Role.ASSESSOR, Role.REVIEWER)
LONGEST = 2000


class Refused(Exception):  # noqa: N818 - it names what happened
    """Somebody asked for what may not be done; says in Chinese why, and what to do instead."""


def must_be(who: Account, roles: Sequence[Role], otherwise: str) -> None:
    if who.disabled or who.role not in roles:
        raise Refused(otherwise + "。")


def words_of(text: str, *, required: bool, what: str = "") -> str:
    """What somebody wrote, without the space around it."""
    words = text.strip()
    if required and not words:
        raise Refused(what + "。")
    if len(words) > LONGEST:
        raise Refused(f"文字最多 {LONGEST} 字，请写简短些，详情放在附件里。")
    return words


def note(kept: Store, who: Account, at: datetime, place: str, act: str, thing: str, detail: str) -> None:
    """The line of the audit log; asked for inside the `writing` of the act itself."""
    write_audit(kept, AuditLine(at=at, who=who.name, act=act, object=thing, detail=detail, place=place))
