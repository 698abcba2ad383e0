"""What is known of a site and not yet asked: bounded, in order, and every address left out is counted with its reason."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from crawler.addresses import host_of, identity, is_made_up, shape, trap_of
from dossier.model import CrawlSettings, Purpose, Reach, Skipped

MOST_LISTED = 3000
LAST = 99
"""Behind every rank: pages that would be due, and may wait where the budget is short."""
_WINDOW = 24
"""So many pages of one address shape are looked at before it may be called a trap."""
_FEWEST_FRESH = 0.2
_SHORT = 60
"""Pages with less text than this are too alike to be called copies."""
_NUMBERS = re.compile(r"[\d\s]+")
_TIMELESS = date(1900, 1, 1).toordinal()


@dataclass(slots=True)
class Wanted:
    """An address waiting for its turn."""

    url: str
    purpose: Purpose
    rank: int
    depth: int = 0
    referrer: str = ""
    text: str = ""
    encoding: str = ""
    """Charset of the page that linked here first."""
    attempt: int = 1
    stays: bool = False
    """It need not be asked tonight."""
    deferred: bool = False
    """It may wait, and others come first."""
    before: Reach | None = None
    """How the try before this one ended, of an address that is asked for the second time."""

    @property
    def turn(self) -> int:
        """Its rank among all that waits."""
        return LAST if self.deferred else self.rank


@dataclass(slots=True)
class _Shape:
    """How fruitful the pages of one address shape have been lately."""

    fresh: deque[bool] = field(default_factory=lambda: deque(maxlen=_WINDOW))

    @property
    def is_trap(self) -> bool:
        return len(self.fresh) == _WINDOW and sum(self.fresh) < _FEWEST_FRESH * _WINDOW


class Frontier:
    """One unit's queue of addresses."""

    def __init__(self, crawl: CrawlSettings) -> None:
        self._bounds = {
            Purpose.PAGE: crawl.max_pages,
            Purpose.ATTACHMENT: crawl.max_attachments,
            Purpose.IMAGE: crawl.max_attachments,
            Purpose.EXTERNAL: crawl.max_external,
            Purpose.INCLUDE: max(20, crawl.max_pages // 10),
            Purpose.DATA: max(20, crawl.max_pages // 10),
        }
        self._max_depth = crawl.max_depth
        self._heaps: dict[str, list[tuple[int, int, int, int, Wanted]]] = {}
        self._seen: set[str] = set()
        self.met: set[str] = set()
        """Addresses as pages write them whose page is known already: most links of most pages."""
        self._taken: Counter[Purpose] = Counter()
        self._waiting: Counter[tuple[Purpose, int]] = Counter()
        self._shapes: dict[str, _Shape] = {}
        self._texts: set[bytes] = set()
        self._whole: set[bytes] = set()
        self._sequence = 0
        self.skipped: list[Skipped] = []
        self.skipped_counts: Counter[str] = Counter()
        self.over_budget = False
        self.may_stay: Callable[[Wanted, bool], bool] = lambda _wanted, _short: False
        """Whether an address need not be asked tonight; the second says that the budget is short."""
        self.waited: Callable[[Wanted], int] = lambda _wanted: 0
        """For how many nights an address was not asked."""
        self.known_pages = 0
        """How many pages earlier nights saw: what the budget will be asked for."""

    def __len__(self) -> int:
        return sum(self._waiting.values())

    def add(self, wanted: Wanted, day: date | None = None) -> bool:
        """Takes an address in, unless it is known, too deep or a trap; says whether it waits now."""
        key = identity(wanted.url)
        if key in self._seen:
            return False
        self._seen.add(key)
        if wanted.depth > self._max_depth:
            self.skip(wanted, "depth")
            return False
        if wanted.purpose is not Purpose.EXTERNAL and (trap_of(wanted.url) or self._is_trap(wanted)):
            self.skip(wanted, "trap")
            return False
        self._push(wanted, day)
        return True

    def knows(self, url: str) -> bool:
        key = identity(url)
        if key not in self._seen:
            return False
        self.met.add(key if key == url else url)
        return True

    def mark(self, url: str) -> None:
        """Counts an address as asked without its having waited."""
        self._seen.add(identity(url))

    def hosts(self) -> list[str]:
        """Hosts that something waits for."""
        return list(self._heaps)

    def take(self, host: str) -> Wanted | None:
        """The next address of a host; None where nothing may be asked of it now."""
        heap = self._heaps.get(host)
        while heap:
            wanted = heapq.heappop(heap)[-1]
            self._waiting[wanted.purpose, wanted.turn] -= 1
            if not heap:
                del self._heaps[host]
            spent = self._taken[wanted.purpose] >= self._bounds.get(wanted.purpose, 1 << 60)
            if self.may_stay(wanted, spent):
                wanted.stays = True
                return wanted
            if not (spent or wanted.deferred) and self._is_short(wanted) and self.may_stay(wanted, True):
                self._push(replace(wanted, deferred=True), None)
            elif spent:
                self.over_budget |= wanted.purpose is Purpose.PAGE
                self.skip(wanted, "budget")
            elif wanted.purpose is not Purpose.EXTERNAL and self._is_trap(wanted):
                self.skip(wanted, "trap")
            elif self._is_outbid(wanted):
                self._push(wanted, None)
                return None
            else:
                self._taken[wanted.purpose] += 1
                return wanted
            heap = self._heaps.get(host)
        return None

    def ask_after_all(self, wanted: Wanted) -> None:
        """Puts an address back that was let off."""
        self._push(replace(wanted, stays=False), None)

    def is_copy(self, text: str) -> bool:
        """Whether a page reads exactly like one seen before under another address."""
        bare = "".join(text.split())
        if len(bare) < _SHORT:
            return False
        digest = hashlib.blake2b(bare.encode(), digest_size=16).digest()
        known = digest in self._whole
        self._whole.add(digest)
        return known

    def learnt(self, url: str, text: str, *, leads: int) -> None:
        """Notes how fruitful a page was: text that differs by more than its numbers, or leads of another shape."""
        bare = _NUMBERS.sub("", text)
        digest = hashlib.blake2b(bare.encode(), digest_size=16).digest()
        fresh = digest not in self._texts
        self._texts.add(digest)
        self._shapes.setdefault(shape(url), _Shape()).fresh.append(fresh or leads > 0)

    def skip(self, wanted: Wanted, because: str) -> None:
        self.skipped_counts[because] += 1
        if len(self.skipped) < MOST_LISTED:
            self.skipped.append(
                Skipped(url=wanted.url, because=because, text=wanted.text[:80], referrer=wanted.referrer)
            )

    def give_up(self, because: str, host: str = "") -> int:
        """Counts all that still waits (for one host, or at all) as not asked; returns how many."""
        count = 0
        for wanted in self._drain(host):
            self.skip(wanted, because)
            count += 1
        return count

    def _drain(self, host: str) -> Iterator[Wanted]:
        for name in [host] if host else list(self._heaps):
            for entry in self._heaps.pop(name, []):
                self._waiting[entry[-1].purpose, entry[-1].turn] -= 1
                yield entry[-1]

    def _push(self, wanted: Wanted, day: date | None) -> None:
        self._sequence += 1
        age = -(day.toordinal() if day is not None else _TIMELESS)
        if wanted.deferred:
            age = -self.waited(wanted)
        entry = (wanted.turn, age, wanted.depth, self._sequence, wanted)
        heapq.heappush(self._heaps.setdefault(host_of(wanted.url), []), entry)
        self._waiting[wanted.purpose, wanted.turn] += 1

    def _is_short(self, wanted: Wanted) -> bool:
        """Whether the budget may not reach for every page: then those that may wait come last."""
        if wanted.purpose is not Purpose.PAGE:
            return False
        bound = self._bounds[Purpose.PAGE]
        return self.known_pages > bound or bound - self._taken[Purpose.PAGE] < len(self)

    def _is_outbid(self, wanted: Wanted) -> bool:
        """Whether what is left of the budget is spoken for by better addresses on the unit's other hosts."""
        left = self._bounds.get(wanted.purpose, 1 << 60) - self._taken[wanted.purpose]
        if left > len(self):
            return False
        better = sum(
            count
            for (purpose, rank), count in self._waiting.items()
            if purpose is wanted.purpose and rank < wanted.turn
        )
        return better >= left

    def _is_trap(self, wanted: Wanted) -> bool:
        """Only addresses that a script makes up without end can be a trap; a file of its own is a page of its own."""
        if not is_made_up(wanted.url):
            return False
        known = self._shapes.get(shape(wanted.url))
        return known is not None and known.is_trap
