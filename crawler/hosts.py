"""A host is one server to its owner, whatever the scheme: it is asked one thing at a time, with a pause between.

A 429 makes the pause longer, and so does a row of 503s; any success makes it short again, and Retry-After is
obeyed. A single page that answers 503 is the page's own trouble and holds nobody up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic

from crawler.headers import moment, whole_number

LONGEST_CRAWL_DELAY = 10.0
"""A Crawl-delay beyond this would keep a unit from being inspected at all."""
LONGEST_RETRY_AFTER = 300.0
_MARGIN = 0.015
"""Seconds. The way to a host takes one request a little longer than the next; the host must not see less than its pause."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_LONGEST_PAUSE_OVERLOADED = 10.0
_OVERLOADS_OF_A_PAGE, _OVERLOADS_OF_A_HOST = 3, 20
"""So many 503s in a row are still some pages' trouble; so many are the whole server's."""


class HostGate:
    """The turnstile before one host, shared by all units of a process."""

    def __init__(self, delay: float, concurrency: int, clock: Callable[[], float] = monotonic) -> None:
        self.delay = delay
        self.pause = 0.0
        """Extra wait after the last refusal; 0 while all goes well."""
        self._clock = clock
        self._next_at = 0.0
        self._paused_until = 0.0
        self._overloads = 0
        """503s in a row."""
        self._room = asyncio.Semaphore(max(1, concurrency))
        self._door = asyncio.Lock()
        """Held by the one request that was let through and has not left yet."""

    def slow_to(self, crawl_delay: float | None) -> None:
        """Takes a robots.txt Crawl-delay into account, within reason."""
        if crawl_delay is not None and crawl_delay > self.delay:
            self.delay = min(float(crawl_delay), LONGEST_CRAWL_DELAY)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One request's turn: it begins no sooner than the pause allows."""
        async with self.sending() as sent:
            sent()
            yield

    def sending(self) -> Turn:
        """A turn whose pause is counted from when the request really leaves, which the caller tells.

        A process that is busy, or that has to connect first, may grant a turn and send much later; counted from
        the grant, the next request would follow on its heels (gaps of 0.2 s under a delay of 1 s, measured
        2026-11-23). Until it has left, nobody else is let through.
        """
        return Turn(self)

    async def enter(self) -> None:
        """Waits for a turn; whoever has it holds the door, and room behind it."""
        await self._room.acquire()
        try:
            await self._door.acquire()
        except BaseException:
            self._room.release()
            raise
        try:
            while (wait := self._next_at - self._clock()) > 0:
                await asyncio.sleep(wait)
        except BaseException:
            self.let_in_next()
            self.leave()
            raise

    def let_in_next(self) -> None:
        """A request left, or will not: the next one may, after the pause."""
        pause = self.delay + _MARGIN if self.delay else 0.0
        self._next_at = max(self._next_at, self._clock() + pause)
        self._door.release()

    def leave(self) -> None:
        self._room.release()

    def heard(self, status: int, retry_after: str = "") -> float:
        """Learns from an answer; returns the wait that it asks for, 0 for none."""
        if status == 429:
            if self._clock() >= self._paused_until:  # answers of one burst are one refusal
                self.pause = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, self.pause * 2))
        elif status == 503:
            self._overloads += 1
            if self._overloads > _OVERLOADS_OF_A_HOST:
                self.pause = min(_LONGEST_PAUSE_OVERLOADED, max(_FIRST_PAUSE, self.pause + 0.2))
            elif self._overloads > _OVERLOADS_OF_A_PAGE:
                self.pause = _FIRST_PAUSE
        else:
            if status < 500:
                self._overloads = 0
            if status < 400:
                self.pause = 0.0
            return 0.0
        wait = max(self.pause, min(seconds_of(retry_after), LONGEST_RETRY_AFTER))
        if not wait:
            return 0.0
        self._paused_until = self._next_at = max(self._next_at, self._clock() + wait)
        return wait


class Turn:
    """One request's turn at a host."""

    __slots__ = ("_gate", "_left")

    def __init__(self, gate: HostGate) -> None:
        self._gate = gate
        self._left = False

    async def __aenter__(self) -> Callable[[], None]:
        await self._gate.enter()
        return self.sent

    async def __aexit__(self, *_: object) -> None:
        self.sent()
        self._gate.leave()

    def sent(self) -> None:
        """The request has left; told again, it changes nothing."""
        if not self._left:
            self._left = True
            self._gate.let_in_next()


class Hosts:
    """The gates of all hosts that a process asks."""

    def __init__(self, delay: float, concurrency: int) -> None:
        self._delay = delay
        self._concurrency = concurrency
        self._gates: dict[str, HostGate] = {}

    def gate(self, host: str) -> HostGate:
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = HostGate(self._delay, self._concurrency)
        return gate


def seconds_of(retry_after: str) -> float:
    """Seconds that a Retry-After header asks for, given as a number or a date; 0 where it cannot be read."""
    text = retry_after.strip()
    if not text:
        return 0.0
    if (seconds := whole_number(text)) is not None:
        return float(seconds)
    then = moment(text)
    return max(0.0, (then - datetime.now(UTC)).total_seconds()) if then is not None else 0.0
