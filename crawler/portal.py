"""Some networks answer in everybody's place: a login page, a hijacked name. What all sites say alike, none of them said.

A portal cannot be told from a site by one answer. It is told by this, that different sites of different units
answer alike, and that the very home pages which were seen before, or a name that cannot exist, now answer so too.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from crawler.addresses import host_of, wire
from crawler.fetch import Answer
from crawler.reach import Failure
from dossier.archive import Exchange

_LONGEST = 65_536
"""Longer pages are no login pages, and too dear to compare."""
_MOST_REMEMBERED, _MOST_PLACES = 512, 64
_UNITS_ALIKE, _PAGES_ALIKE = 3, 8
_HOMES_ASKED = 3
_CHANGING = b"0123456789abcdefABCDEF \t\r\n"
"""Counters, times, nonces and addresses are written with these; what is left of a page is what it says."""
_ANSWERS_TO_ALL = 511
"""Network Authentication Required (RFC 6585)."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Ask = Callable[[str], Awaitable[Exchange | Failure]]


def key_of(got: Exchange) -> str:
    """What two answers of one portal share, whichever site was asked; empty where an answer is nobody's but its own."""
    host = host_of(got.url)
    if got.status in _REDIRECTS:
        place = got.header("location").strip()
        where = host_of(place) if "://" in place else ""
        return f"to {where}" if where and where.removeprefix("www.") != host.removeprefix("www.") else ""
    body = got.body
    told = 200 <= got.status < 300 or got.status == _ANSWERS_TO_ALL
    if not told or not body or len(body) > _LONGEST or "html" not in got.header("content-type").lower():
        return ""
    for own in (got.url, host):
        body = body.replace(own.encode(), b"")
    return f"{got.status} {hashlib.sha256(body.translate(None, _CHANGING)).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One address at which something was heard, and how to ask it again."""

    url: str
    again: Callable[[], None]
    direct: bool = True
    """Whether the address answered by itself, and not the one that it led to."""


@dataclass(slots=True)
class Portal:
    """What sites have answered so far, as far as it may show that somebody else answered."""

    ask: Ask
    """Asks when the host's turn has come."""
    ask_at_once: Ask
    wait: Callable[[], Awaitable[None]]
    """Waits until our own line is well again; raises NetworkDown where it is not."""
    units: int = 1
    """How many units are asked at all."""
    proxied: bool = False
    """Whether a proxy resolves names for us: it says plainly that a name does not exist."""
    lies: set[str] = field(default_factory=set)
    homes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Unit → home page → key of its first answer."""
    owed: dict[str, set[str]] = field(default_factory=dict)
    """Unit → addresses at which a portal was heard and the site not yet."""
    _heard: OrderedDict[str, dict[str, list[Heard]]] = field(default_factory=OrderedDict)
    _honest: set[str] = field(default_factory=set)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def speaks(self, one: Heard, unit_id: str, answer: Answer, *, home: bool = False) -> bool:
        """Whether this answer came from a portal; then the line was waited for, and the address is to be asked again."""
        keys = [key_of(each) for each in answer.exchanges]
        key = next((each for each in keys if each.startswith("to ")), keys[-1] if keys else "")
        if home and keys:  # an unchanged one, which comes without a body, can be asked again too
            self.homes.setdefault(unit_id, {}).setdefault(one.url, key)
        if key in self.lies or (
            key
            and key not in self._honest
            and key not in self.homes.get(unit_id, {}).values()
            and self._is_suspicious(one, unit_id, key)
            and await self._is_lie(key)
        ):
            await self.wait()
            return True
        self.settled(unit_id, one.url)
        return False

    def settled(self, unit_id: str, url: str) -> None:
        """What stands last of this address is no portal's word any more."""
        if unit_id in self.owed:
            self.owed[unit_id].discard(url)

    def is_lie(self, got: Exchange) -> bool:
        return bool(self.lies) and key_of(got) in self.lies

    def is_tainted(self, unit_id: str) -> bool:
        """Whether something stands in a unit's archive that a portal said and its site was not heard on."""
        return bool(self.owed.get(unit_id))

    def _is_suspicious(self, one: Heard, unit_id: str, key: str) -> bool:
        heard = self._heard.setdefault(key, {})
        self._heard.move_to_end(key)
        own = heard.setdefault(unit_id, [])
        if len(own) < _MOST_PLACES:
            own.append(one)
        if len(self._heard) > _MOST_REMEMBERED:
            self._heard.popitem(last=False)
        if len(heard) >= min(_UNITS_ALIKE, max(2, self.units)):
            return True
        if self.units < _UNITS_ALIKE:
            return len(own) >= _PAGES_ALIKE
        return len(own) == _PAGES_ALIKE  # once: other units may yet say the same, which proves more

    async def _is_lie(self, key: str) -> bool:
        """Whether an answer that different sites gave alike is not theirs: home pages that were seen before say it now
        too, or a name that cannot exist does, or the very addresses at which it was heard now say something else."""
        async with self._lock:
            if key in self.lies or key in self._honest:
                return key in self.lies
            heard = dict(self._heard.get(key, {}))
            alone = len(heard) == 1 and self.units >= _UNITS_ALIKE
            others = [
                next(iter(homes))
                for unit_id, homes in self.homes.items()
                if key not in homes.values() and (len(heard) > 1 or unit_id not in heard)
            ][-_HOMES_ASKED:]
            lie = False
            if not alone:
                asking = [self.ask(wire(url)) for url in others] or [self.ask_at_once(_nobody())]
                lie = {_said(got) for got in await asyncio.gather(*asking)} == {key}
            if not lie:
                first = [
                    one.url for rank in zip_longest(*heard.values()) for one in rank if one and one.direct
                ]
                asking = [self.ask(wire(url)) for url in first[:_HOMES_ASKED]]
                again = [_said(got) for got in await asyncio.gather(*asking)]
                lie = bool(again) and key not in again and all(again)
            if lie or not alone:
                (self.lies if lie else self._honest).add(key)
            for unit_id, own in heard.items() if lie else ():
                for each in own:
                    self.owed.setdefault(unit_id, set()).add(each.url)
                    each.again()
            return lie

    async def everybody_alike(self, answered: Iterable[str]) -> frozenset[str]:
        """The units whose home pages, first seen, are one and the same page: what was seen there is not their sites.

        A name that cannot exist then answers so too. Where it has no answer, the sameness alone speaks, since three
        different offices never have one page, and nor have two where there are no others and we went out directly.
        Being sent to one and the same place may be a move of several offices together: that is believed only of all.
        """
        groups: dict[str, set[str]] = {}
        everybody = frozenset(answered)
        for unit_id in everybody & self.homes.keys():
            for key in set(self.homes[unit_id].values()) - {""}:
                groups.setdefault(key, set()).add(unit_id)
        found: set[str] = set()
        for key, units in groups.items():
            whole = everybody <= units
            many = len(units) >= _UNITS_ALIKE and not key.startswith("to ")
            if not (whole or many) or self._hosts_of(units) < len(units):
                continue
            got = await self.ask_at_once(_nobody())
            if (isinstance(got, Exchange) and key_of(got) == key) or self._speaks_alone(key, units):
                found |= units
        return frozenset(found)

    def _speaks_alone(self, key: str, units: set[str]) -> bool:
        """Whether one page on so many sites needs no other witness: a proxy may well know which names exist, and still
        put its own page before them all."""
        if not self.proxied:
            return len(units) > 1
        return len(units) >= _UNITS_ALIKE and not key.startswith("to ")

    def _hosts_of(self, units: set[str]) -> int:
        """How many different hosts these units' home pages stand on: offices that share a site share its page."""
        return len({host_of(url) for unit_id in units for url in self.homes[unit_id]})


def _said(got: Exchange | Failure) -> str:
    return key_of(got) or f"{got.status}" if isinstance(got, Exchange) else ""


def _nobody() -> str:
    return f"http://no-such-name-{secrets.token_hex(6)}.invalid/"
