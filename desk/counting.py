"""To which assessment year a decided deficiency belongs; one fault does not cost again in the next year by itself."""

from __future__ import annotations

from datetime import date

from desk.case_state import BEIJING
from desk.caseload import Case
from dossier.store.case_events import DECISIONS

SEASON_ENDS = (3, 31)
"""Until this day of the next year a year's sheets are still being settled (its result was told in late January)."""


def counts_in(case: Case, year: int) -> bool:
    """Whether a decided deficiency belongs to a year: first found in it, or decided anew in it because it still stood."""
    if case.deficiency.first_at.year == year:
        return True
    decided = [event.at.astimezone(BEIJING).year for event in case.events if event.kind in DECISIONS]
    stood = case.deficiency.last_at.year == year
    return stood and year in decided and any(one < year for one in decided)


def assessed_year(table_year: int, today: date) -> int:
    """The year whose faults cost under a table: its own, or today's where an older table serves for want of a newer."""
    if today.year <= table_year or today <= date(table_year + 1, *SEASON_ENDS):
        return table_year
    return today.year
