"""A hostile page must not make us knock at the doors of our own house.

Loopback, private, link-local and other addresses that are nobody's on the open network are asked only where
the unit list itself names the host. Where we resolve names ourselves (no proxy), a name that leads to such an
address is refused too: once before asking, and once more in the resolver, so that a name cannot change its
mind between the two. Through a proxy names are the proxy's business.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import ClassVar

from aiohttp import ThreadedResolver
from aiohttp.abc import ResolveResult

from crawler.addresses import host_of

_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DNS_SECONDS = 10.0


def literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is instead of a name; odd spellings (127.1, 0x7f000001) are known."""
    text = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(text))
        except OSError:
            return None


def is_inner(address: str) -> bool:
    """Whether a literal address is not one of the open network."""
    found = literal(address)
    if found is None:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            return is_inner(str(inside))
    return not found.is_global or found.is_multicast


def is_inner_name(host: str) -> bool:
    """Whether a host names our own machine or network by itself, without being resolved."""
    if not host or is_inner(host):
        return True
    return host in _LOCAL_NAMES or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES))


class Guard:
    """Says of each address whether it may be asked at all."""

    def __init__(self, *, resolves: bool) -> None:
        self._resolves = resolves
        """Whether names are resolved here, and not by a proxy."""
        self._leads_inside: dict[str, asyncio.Task[bool]] = {}

    async def lets_out(self, url: str, own_hosts: set[str]) -> bool:
        """Whether an address may be asked for a unit that owns these hosts."""
        host = host_of(url)
        if host in own_hosts:
            return True
        if is_inner_name(host):
            return False
        if not self._resolves:
            return True
        if host not in self._leads_inside:
            self._leads_inside[host] = asyncio.ensure_future(_leads_inside(host))
        return not await asyncio.shield(self._leads_inside[host])


async def _leads_inside(host: str) -> bool:
    """Whether a name resolves to an inner address; a name that does not resolve leads nowhere."""
    try:
        async with asyncio.timeout(_DNS_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(is_inner(str(place[0])) for *_, place in found)


class Outward:
    """Which names may lead where, for whoever resolves them for the wire."""

    trusted: ClassVar[frozenset[str] | None] = None
    """Hosts of the unit list; None while nothing is refused (all names are the proxy's business)."""
    refused: ClassVar[set[str]] = set()
    """Names that led inside, so that nobody takes them for names that do not exist."""

    @classmethod
    def refuses(cls, name: str, address: str) -> bool:
        """Whether a name may not lead to this address; it is remembered then."""
        bare = name.lower().rstrip(".")
        if cls.trusted is None or bare in cls.trusted or not is_inner(address):
            return False
        cls.refused.add(bare)
        return True


class OutwardNames(ThreadedResolver):
    """Resolves names for aiohttp; a name that leads inside is not resolved, unless the unit list has it."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        async with asyncio.timeout(_DNS_SECONDS):
            found = await super().resolve(host, port, family)
        if any(Outward.refuses(host, each["host"]) for each in found):
            raise OSError(f"{host} leads inside")
        return found
