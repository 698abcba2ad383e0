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
OFFICE_OR_OWN = OFFICE | OWN
"""The view itself keeps a unit to its own."""
DECIDE_OR_OWN = DECIDE | OWN

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
    "deciding.withdraw_group": DECIDE,
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
    "outlook.queue": OFFICE,
    "outlook.unit": OFFICE,
    "outlook.brief": OFFICE,
    "outlook.draft": OFFICE,
    "life.overview": OFFICE,
    "life.case": OFFICE,
    "life.recheck": DECIDE,
    "life.look": OFFICE_OR_OWN,
    "life.strike": DECIDE,
    "life.extend": DECIDE,
    "life.open_again": DECIDE,
    "life.rechecks": OFFICE,
    "life.mine": OWN,
    "notices.listing": OFFICE,
    "notices.preview": OFFICE,
    "notices.draft": OFFICE,
    "notices.issue": DECIDE,
    "notices.results": DECIDE,
    "notices.paper": OFFICE_OR_OWN,
    "notices.page": OFFICE_OR_OWN,
    "notices.download": OFFICE_OR_OWN,
    "campaign.show": OFFICE,
    "campaign.announce": DECIDE,
    "campaign.unit": OFFICE_OR_OWN,
    "campaign.deliver": DECIDE_OR_OWN,
    "campaign.waive": DECIDE,
    "campaign.claim": DECIDE_OR_OWN,
    "campaign.highlight": OFFICE,
    "campaign.look": DECIDE,
    "campaign.word": DECIDE,
    "series.probes": OFFICE,
    "series.unit": OFFICE,
    "series.compare": OFFICE,
    "rules.show": OFFICE,
    "rules.one": OFFICE,
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
