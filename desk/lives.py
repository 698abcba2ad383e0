"""Where every deficiency stands in its mending; reckoned again only for those to which something has happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from desk.caseload import Caseload
from desk.life import Life, Record, Sight, life_of
from dossier.model import WorkCalendar
from dossier.store import Store, rechecks
from dossier.store.issued import NoticeItem, RectifyEvent, notice_items, rectify_events, seen_nights
from dossier.store.rechecks import Recheck, RecheckRequest, due_rechecks, mending_marks

FAR = date(9999, 12, 31)
_Thing = TypeVar("_Thing", NoticeItem, RectifyEvent, Recheck, RecheckRequest)


@dataclass(frozen=True)
class Happened:
    """What notices asked, people did, looks found and is still wanted, by deficiency. These are only ever added, so
    the marks of how far they reach say whether they must be read again."""

    marks: tuple[int, ...]
    notices: Mapping[str, tuple[NoticeItem, ...]]
    acts: Mapping[str, tuple[RectifyEvent, ...]]
    looks: Mapping[str, tuple[Recheck, ...]]
    wanted: Mapping[str, tuple[RecheckRequest, ...]]


_happened: dict[Path, Happened] = {}
_lives: dict[Path, tuple[tuple[date, WorkCalendar], dict[str, tuple[Record, Life]]]] = {}


def lives(
    kept: Store, load: Caseload, calendar: WorkCalendar, numbers: Iterable[str] | None = None
) -> dict[str, Life]:
    """Where every deficiency stands of which anything was said (all, or the named ones)."""
    frame = (load.today, calendar)
    known = _lives.get(kept.path)
    before = known[1] if known is not None and known[0] == frame else {}
    found: dict[str, tuple[Record, Life]] = {}
    for number, record in _records(kept, load, None if numbers is None else set(numbers)).items():
        old = before.get(number)
        if old is not None and old[0] == record:
            found[number] = old
        else:
            found[number] = (record, life_of(record, as_of=load.today, calendar=calendar))
    if numbers is None:
        _lives[kept.path] = (frame, found)
    return {number: life for number, (_, life) in found.items()}


def _records(kept: Store, load: Caseload, wanted: set[str] | None) -> dict[str, Record]:
    """Everything that is known to have happened, by deficiency."""
    all_that = happened(kept)
    nights: dict[str, list[Sight]] = defaultdict(list)
    for number, run_id, at, day in seen_nights(kept, wanted):
        nights[number].append(Sight(run_id=run_id, at=at, day=day))
    numbers = load.by_number.keys() | load.events.keys() | all_that.notices.keys()
    return {
        number: Record(
            number=number,
            said=load.events.get(number, ()),
            notices=all_that.notices.get(number, ()),
            acts=all_that.acts.get(number, ()),
            looks=all_that.looks.get(number, ()),
            wanted=all_that.wanted.get(number, ()),
            nights=tuple(nights.get(number, ())),
        )
        for number in sorted(numbers if wanted is None else numbers & wanted)
    }


def happened(kept: Store) -> Happened:
    """All of it, as far as it reaches now."""
    marks = mending_marks(kept)
    known = _happened.get(kept.path)
    if known is None or known.marks != marks:
        known = Happened(
            marks,
            _by_number(notice_items(kept)),
            _by_number(rectify_events(kept)),
            _by_number(rechecks(kept)),
            _by_number(due_rechecks(kept, FAR)),
        )
        _happened[kept.path] = known
    return known


def _by_number(things: Iterable[_Thing]) -> dict[str, tuple[_Thing, ...]]:
    found: dict[str, list[_Thing]] = defaultdict(list)
    for thing in things:
        found[thing.deficiency_no].append(thing)
    return {number: tuple(own) for number, own in found.items()}
