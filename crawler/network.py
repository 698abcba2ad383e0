"""When our own line is dead every site looks dead. That must never be told about anybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

from dossier.errors import NetworkDown

_FEWEST_FAILURES = 6
"""So many silences, and not one answer from anywhere between them, are worth a test of our own line."""
_WITNESSES = 3
_REST_AFTER_TEST = 10.0
_UNDER_WAY = 30.0
"""An answer may be taken in so many seconds after it was sent: silences from shortly before it may be later ones."""


async def proxy_answers(proxy: str, timeout_seconds: float = 5.0) -> bool:
    """Whether anything listens where the proxy should be."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(timeout_seconds):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except OSError:  # TimeoutError is one
        return False
    writer.close()
    return True


async def _resolves(url: str) -> bool:
    """Whether our resolver knows this address's host now."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(10):
            found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 80)
    except OSError:
        return False
    return bool(found)


class NetworkWatch:
    """Tells our own outage from the silence of sites, holds everything back during it, and gives up in time."""

    def __init__(
        self,
        proxy: str,
        control_urls: Iterable[str],
        answers: Callable[[str], Awaitable[bool]],
        tell: Callable[[str], None] = lambda _: None,
        *,
        patience_seconds: float = 600.0,
        step_seconds: float = 5.0,
    ) -> None:
        self._proxy = proxy
        self._control = tuple(control_urls)
        self._answers = answers
        self._tell = tell
        self._patience = patience_seconds
        self._step = step_seconds
        self._open = asyncio.Event()
        self._open.set()
        self._lock = asyncio.Lock()
        self._alive: dict[str, str] = {}
        """Hosts that have answered, with an address of each."""
        self._silent: set[str] = set()
        self._failures = 0
        self._heard_at = monotonic()
        self._held_against: dict[str, float] = {}
        """Units → when a silence was last taken for theirs."""
        self._tested_at = 0.0
        self.outages = 0
        self.lost = False

    async def is_up(self) -> bool:
        """Whether the proxy can be reached and any control address, or any site that answered before, answers."""
        if self._proxy and not await proxy_answers(self._proxy):
            return False
        asked = self._control or self._witnesses()
        if not asked:
            return True  # nothing to test with; the end of the run decides
        if not self._proxy and not any(await asyncio.gather(*(_resolves(url) for url in asked))):
            return False  # an open connection may live on while the resolver is dead
        return any(await asyncio.gather(*(self._answers(url) for url in asked)))

    def _witnesses(self) -> tuple[str, ...]:
        """Addresses that answered before, of hosts that nothing is held against where there are such."""
        others = tuple(url for host, url in self._alive.items() if host not in self._silent)
        return (others or tuple(self._alive.values()))[-_WITNESSES:]

    async def ready(self) -> None:
        """Waits while the network is down; raises NetworkDown when it stays down."""
        await self._open.wait()
        if self.lost:
            raise NetworkDown("本机网络不通")

    def heard(self, host: str, url: str) -> None:
        """A site answered, whatever it said."""
        self._alive.pop(host, None)
        self._alive[host] = url
        self._silent.clear()
        self._failures = 0
        self._heard_at = monotonic()

    def hold_against(self, unit_id: str) -> None:
        """A silence was taken for a unit's own, as nothing spoke against it yet."""
        self._held_against[unit_id] = monotonic()

    async def wrongly_held(self) -> frozenset[str]:
        """At the end of a run that lost its line: the units that a silence was held against since nobody answered any more."""
        if self._failures and not self.lost and (self._control or self._alive.keys() - self._silent):
            with suppress(NetworkDown):
                await self.wait_out()  # the last few silences of a night are too few to have been tested
        if not self.lost:
            return frozenset()
        since = self._heard_at - _UNDER_WAY
        return frozenset(unit for unit, at in self._held_against.items() if at >= since)

    async def is_ours(self, host: str, reason: str, *, foreign: bool = False) -> bool:
        """Whether a silence was our own network's (then ask again); raises NetworkDown when it stays down.

        Foreign hosts are silent for reasons of their own. Only that a name does not exist is checked
        against our own resolver, because that alone may be told about them.
        """
        if foreign and reason not in ("dns", "proxy"):
            return False
        if not foreign:
            self._silent.add(host)
            self._failures += 1
        if not (foreign or self._suspicious(reason)):
            return False
        seen = self.outages
        async with self._lock:
            if self.outages != seen:
                await self.ready()
                return True  # another failure of the same outage has already waited for its end
            if reason != "proxy" and monotonic() - self._tested_at < _REST_AFTER_TEST:
                return False
            if await self.is_up():
                self._tested_at = monotonic()
                return False
            await self._wait_for_end()
            return True

    async def wait_out(self) -> None:
        """Waits until our line is well again, if it is not; raises NetworkDown when it stays so."""
        seen = self.outages
        async with self._lock:
            if self.outages != seen:
                await self.ready()
            elif not await self.is_up():
                await self._wait_for_end()

    def _suspicious(self, reason: str) -> bool:
        if reason == "proxy":
            return True
        return self._failures >= _FEWEST_FAILURES  # late in a night one site may be all that is still asked

    async def _wait_for_end(self) -> None:
        self._open.clear()
        self._tell("down")
        ends_at = monotonic() + self._patience
        try:
            while monotonic() < ends_at:
                await asyncio.sleep(self._step)
                if await self.is_up():
                    self._silent.clear()
                    self._failures = 0
                    self._tell("up")
                    return
            self.lost = True
            raise NetworkDown("本机网络不通")
        finally:
            self.outages += 1
            self._open.set()
