"""What many rules want to know of one site is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from dossier.model import SiteSnapshot

T = TypeVar("T")


def lens(look: Callable[[SiteSnapshot], T]) -> Callable[[SiteSnapshot], T]:
    """A pure function of a snapshot, remembered for as long as that very snapshot lives.

    The memory is the only mutation in this room; it is keyed by the identity of a frozen value, so it
    can never be stale.
    """
    kept: WeakKeyDictionary[SiteSnapshot, T] = WeakKeyDictionary()

    @wraps(look)
    def through(site: SiteSnapshot) -> T:
        try:
            return kept[site]
        except KeyError:
            seen = kept[site] = look(site)
            return seen

    return through
