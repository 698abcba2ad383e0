"""Which role may open which view: one table, and nothing that is not in it opens for anybody."""

from __future__ import annotations

from collections.abc import Mapping

from dossier.store.users import Role

ADMIN, ASSESSOR, REVIEWER, UNIT, VIEWER = (
    Role.ADMIN,
    Role.ASSESSOR,
    Role.REVIEWER,
    Role.UNIT,
    Role.VIEWER,
)
EVERYONE = frozenset(Role)
OFFICE = frozenset({ADMIN, ASSESSOR, REVIEWER, VIEWER})
DECIDE = frozenset({ADMIN, ASSESSOR})
CHECK = frozenset({ADMIN, ASSESSOR, REVIEWER})
OPERATE = frozenset({ADMIN})
OWN = frozenset({UNIT})

PUBLIC = frozenset({"static", "signin.login"})
"""Open before anybody has signed in."""

VIEWS: Mapping[str, frozenset[Role]] = {
    "signin.logout": EVERYONE,
    "signin.password": EVERYONE,
    "morning.start": EVERYONE,
    "morning.show": OFFICE,
    "work.queue": OFFICE,
    "work.case": OFFICE,
    "work.group": OFFICE,
    "deciding.decide": DECIDE,
    "deciding.decide_group": DECIDE,
    "deciding.withdraw": DECIDE,
    "deciding.exempt": DECIDE,
    "deciding.check": CHECK,
    "evidence.frame": EVERYONE,
    "evidence.picture": EVERYONE,
    "evidence.upload": EVERYONE,
    "sheets.ranking": OFFICE,
    "sheets.unit": OFFICE,
    "sheets.enter": DECIDE,
    "sheets.close": DECIDE,
    "sheets.reopen": OPERATE,
    "own.show": OWN,
    "own.case": OWN,
    "own.answer": OWN,
    "rules.show": OFFICE,
    "rules.lift": OPERATE,
    "operations.runs": OFFICE,
    "operations.progress": OFFICE,
    "operations.tables": OPERATE,
    "operations.save_list": OPERATE,
    "operations.save_table": OPERATE,
    "operations.reweigh": OPERATE,
    "people.show": OPERATE,
    "people.add": OPERATE,
    "people.allow": OPERATE,
    "people.password": OPERATE,
    "people.settings": OPERATE,
    "people.audit": CHECK,
}


def may(role: Role, view: str) -> bool:
    """Whether somebody of this role may open a view; objects are checked by the view itself."""
    return role in VIEWS.get(view, frozenset())
