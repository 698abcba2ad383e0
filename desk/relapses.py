"""What was struck off and is there again goes back to a person, with all that happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from desk.life import Record, Sight, Status, life_of
from dossier.model import WorkCalendar
from dossier.store import Store, rechecks
from dossier.store.case_events import CaseEvent
from dossier.store.issued import notice_items, rectify_events, seen_nights


def came_again(
    kept: Store, events: Mapping[str, Sequence[CaseEvent]], today: date, calendar: WorkCalendar
) -> dict[str, date]:
    """Number → since when it is there again (or was opened again by hand), and nobody has spoken since."""
    acts = _by_number(rectify_events(kept))
    closed = {number for number, own in acts.items() if any(one.kind == "close" for one in own)}
    if not closed:
        return {}
    nights: dict[str, list[Sight]] = {number: [] for number in closed}
    for number, run_id, at, day in seen_nights(kept, closed):
        nights[number].append(Sight(run_id=run_id, at=at, day=day))
    items, looks = _by_number(notice_items(kept)), _by_number(rechecks(kept))
    found = {}
    for number in sorted(closed):
        record = Record(
            number=number, said=tuple(events.get(number, ())), notices=items.get(number, ()),
            acts=acts[number], looks=looks.get(number, ()), nights=tuple(nights[number]),
        )  # fmt: skip
        life = life_of(record, as_of=today, calendar=calendar)
        if life.status is Status.REOPENED and life.came_again is not None:
            found[number] = life.came_again
    return found


class _OfDeficiency(Protocol):
    @property
    def deficiency_no(self) -> str: ...


_One = TypeVar("_One", bound=_OfDeficiency)


def _by_number(every: Iterable[_One]) -> dict[str, tuple[_One, ...]]:
    found: dict[str, list[_One]] = defaultdict(list)
    for one in every:
        found[one.deficiency_no].append(one)
    return {number: tuple(own) for number, own in found.items()}
