"""Which of a unit's pages have to be looked at tonight whatever their record: those that something stands against."""

from __future__ import annotations

from dossier import store
from dossier.store import Sight, Store


def places_in_question(kept: Store, unit_id: str) -> frozenset[str]:
    """Every address that a standing deficiency names, accuses or shows as evidence, as `normal_subject` writes it.

    A fault is confirmed, and gone, only by looking; so where one stands, somebody looks every night.
    """
    runs = store.visits_of(kept, unit_id).get(unit_id, ())
    if not runs:
        return frozenset()
    found: set[str] = set()
    for past in store.past_of(kept, unit_id, runs[-1], with_this=True, lately=True):
        if past.last is None or past.tally.sight is Sight.GONE:
            continue
        named = (*past.subject.split(), *past.last.subject.split(), past.last.page_url)
        found |= {one for one in named if "://" in one}
        found |= {piece.url for piece in past.last.evidence if piece.url}
    return frozenset(store.normal_subject(url) for url in found)
