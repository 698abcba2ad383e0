"""Events are only ever added, so what was read once stays true; only later ones are read again."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from dossier.store import Store
from dossier.store.case_events import CaseEvent, decisions_without_event, events_after, last_event_no


class Events:
    """All that people did to deficiencies, as far as it was read from one database."""

    def __init__(self) -> None:
        self.last = (0, 0)
        self.by_number: dict[str, tuple[CaseEvent, ...]] = {}
        self.lock = threading.Lock()

    def up_to_now(self, kept: Store) -> Mapping[str, tuple[CaseEvent, ...]]:
        with self.lock:
            now = last_event_no(kept)
            if now != self.last:
                if now < self.last:  # another file came under the same name (a restore)
                    self.last, self.by_number = (0, 0), {}
                new = [*(event for _, event in decisions_without_event(kept, self.last[1]))]
                new += events_after(kept, self.last[0])
                fresh: dict[str, list[CaseEvent]] = defaultdict(list)
                for event in new:
                    fresh[event.deficiency_no].append(event)
                found = dict(self.by_number)
                for number, events in fresh.items():
                    whole = [*found.get(number, ()), *events]
                    found[number] = tuple(sorted(whole, key=lambda one: (one.at, one.no)))
                self.by_number, self.last = found, now
            return self.by_number


_read: dict[Path, Events] = {}
_lock = threading.Lock()


def events_of(kept: Store) -> Events:
    """What was read of a database so far."""
    with _lock:
        return _read.setdefault(kept.path, Events())
