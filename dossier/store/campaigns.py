"""A year's assessment is announced, units deliver what they owe, claim what they are proud of; all of it is only added."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.runs import moment


class CampaignEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened in a year's campaign."""

    year: int
    unit_id: str = ""
    """Empty: all units."""
    kind: str
    """`announce`, `deliver`, `waive` (excused, with a reason), `highlight`."""
    item: str = ""
    """Code of what is owed; of a highlight the medium."""
    day: date
    """On which it happened; of an announcement the day of issue."""
    due: date | None = None
    """Of an announcement: by when to deliver."""
    text: str = ""
    attachment: int | None = None
    paper: int | None = None
    who: str
    at: datetime
    no: int = 0


def add_campaign_event(store: Store, event: CampaignEvent) -> int:
    with store.writing():
        row = store.one(
            "INSERT INTO campaign_event (year, unit_id, kind, item, day, due, text, attachment_id, paper_id, who, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                event.year,
                event.unit_id,
                event.kind,
                event.item,
                event.day.isoformat(),
                event.due.isoformat() if event.due else None,
                plain(event.text),
                event.attachment,
                event.paper,
                plain(event.who),
                moment(event.at),
            ),
        )
        assert row is not None
        return int(row[0])


def campaign_events(store: Store, year: int) -> tuple[CampaignEvent, ...]:
    """Everything of a year's campaign, oldest first."""
    return tuple(
        CampaignEvent(
            year=row[0],
            unit_id=row[1],
            kind=row[2],
            item=row[3],
            day=date.fromisoformat(row[4]),
            due=date.fromisoformat(row[5]) if row[5] else None,
            text=row[6],
            attachment=row[7],
            paper=row[8],
            who=row[9],
            at=datetime.fromisoformat(row[10]),
            no=row[11],
        )
        for row in store.ask(
            "SELECT year, unit_id, kind, item, day, due, text, attachment_id, paper_id, who, at, id "
            "FROM campaign_event WHERE year = ? ORDER BY id",
            (year,),
        )
    )
