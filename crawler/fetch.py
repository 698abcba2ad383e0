"""One address is asked, its redirects followed, and what came back is handed on as it came: no judgement here."""

from __future__ import annotations

import asyncio
import secrets
import zlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic
from urllib.parse import unquote, urljoin, urlsplit

from crawler.addresses import host_of, is_web, wire
from crawler.carriers import PatientCarrier, Sent, Way
from crawler.failing import NotUnderstoodError
from crawler.guard import Outward, literal
from crawler.hosts import Hosts
from crawler.quick import QuickCarrier
from crawler.reach import Failure, failure_of
from dossier.archive import Exchange
from dossier.model import CrawlSettings, Reach

MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASK_FOR_PATIENCE = frozenset({429, 503})
_PHRASES = {one.value: one.phrase for one in HTTPStatus}
_MUTE = Failure(Reach.SILENT, "connection")
_LONGEST_SIGNPOST = 65_536
"""Of a redirect only where it leads is of use."""
_LONGEST_LOCATION = 4096
_MOST_COOKIES, _LONGEST_COOKIE = 30, 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """All that came of asking one address once."""

    asked_url: str
    exchanges: tuple[Exchange, ...] = ()
    failure: Failure | None = None
    left_to: str = ""
    """Where it wanted to send us, outside the hosts that we may follow to."""
    elapsed_ms: int = 0
    redirects: tuple[str, ...] = ()
    """Addresses passed on the way, the asked one first; empty where it answered by itself."""

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None

    @property
    def final_url(self) -> str:
        return self.left_to or (self.exchanges[-1].url if self.exchanges else "")


async def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Asking:
    """How one address is to be asked."""

    url: str
    headers: Mapping[str, str]
    limit: int
    """Most bytes of body that are taken."""
    may_follow: Callable[[str], bool] = is_web
    """Whether a redirect to this address is followed."""
    allowed: Callable[[str], Awaitable[bool]] = field(default=_always)
    """Whether robots.txt lets us ask this address."""
    lets_out: Callable[[str], Awaitable[bool]] = field(default=_always)
    """Whether this address is one of the open network, or the unit's own."""
    encoding: str = "utf-8"
    on_wire: str = ""
    """The address exactly as it goes over the wire, where that differs."""


class Fetcher:
    """The one mouth of a process: every request goes through here, and through the proxy where one is set."""

    def __init__(self, crawl: CrawlSettings, hosts: Hosts) -> None:
        self._hosts = hosts
        self._room = asyncio.Semaphore(max(1, crawl.concurrency))
        self._nameless: asyncio.Task[Exchange | Failure] | None = None
        proxy, login = _split_proxy(crawl.proxy)
        self._proxied = bool(proxy)
        way = Way(proxy, login, crawl.timeout_seconds, 2 * crawl.max_body_bytes + 1_000_000)
        self._quick = QuickCarrier(way)
        self._patient = PatientCarrier(crawl, way)
        self._needs_patience: set[str] = set()
        """Hosts that the quick carrier could not understand."""
        self.ready: Callable[[], Awaitable[None]] | None = None
        """Waited for before each request: holds everything back while our own network is down."""

    async def close(self) -> None:
        await self._quick.close()
        await self._patient.close()

    async def ask(self, asking: Asking) -> Answer:
        """Asks, and follows redirects as far as they may be followed."""
        exchanges: list[Exchange] = []
        cookies: dict[tuple[str, str], str] = {}
        seen: set[tuple[str, int]] = set()
        passed: list[str] = []
        url = asking.on_wire or wire(asking.url, asking.encoding)
        started = monotonic()

        def answer(failure: Failure | None = None, left_to: str = "") -> Answer:
            took = int((monotonic() - started) * 1000)
            return Answer(asking.url, tuple(exchanges), failure, left_to, took, tuple(passed))

        while True:
            if not await asking.lets_out(url):
                return answer(Failure(Reach.BROKEN, "inner-address"))
            if not await asking.allowed(url):
                return answer(Failure(Reach.DISALLOWED, "robots"))
            got = await self.exchange(url, _with_cookies(asking.headers, url, cookies), asking.limit)
            if isinstance(got, Failure):
                return answer(got)
            exchanges.append(got)
            place = got.header("location").strip() if got.status in _REDIRECTS else ""
            if not place:
                return answer()
            _keep_cookies(got, cookies)
            exchanges[-1] = replace(got, body=got.body[:_LONGEST_SIGNPOST])
            following = _following(url, place)
            if not is_web(following) or (following, len(cookies)) in seen or len(passed) >= MOST_REDIRECTS:
                return answer(Failure(Reach.BROKEN, "redirect-loop"))
            seen.add((following, len(cookies)))
            passed.append(asking.url if not passed else url)
            if not asking.may_follow(following):
                return answer(left_to=following)
            url = following

    async def exchange(self, url: str, headers: Mapping[str, str], limit: int) -> Exchange | Failure:
        """One request and its answer, when its host's turn has come; a second where the first was not understood."""
        gate = self._hosts.gate(host_of(url))
        got: Exchange | Failure | None = None
        while got is None:
            async with gate.sending() as sent:
                if self.ready is not None:
                    await self.ready()
                got = await self._request(url, headers, limit, sent)
        if isinstance(got, Exchange):
            named = got.status >= 500 and self._proxied and literal(host_of(url)) is None
            if named and await self._is_nameless(got):
                return Failure(Reach.SILENT, "dns")
            gate.heard(got.status, got.header("retry-after") if got.status in _ASK_FOR_PATIENCE else "")
        return got

    async def exchange_at_once(self, url: str, limit: int = 65536) -> Exchange | Failure:
        """One request outside all queues: for tests of our own network."""
        headers = {"User-Agent": "gongkai", "Accept": "*/*"}
        return await self._request(url, headers, limit) or await self._request(url, headers, limit) or _MUTE

    async def _request(
        self, url: str, headers: Mapping[str, str], limit: int, sent: Sent | None = None
    ) -> Exchange | Failure | None:
        """One request; None where its host has to be asked again by the patient carrier."""
        host = host_of(url)
        carrier = self._patient if host in self._needs_patience else self._quick
        started = monotonic()
        try:
            async with self._room:
                started = monotonic()
                got = await carrier.carry(url, headers, limit, sent)
        except NotUnderstoodError:
            self._needs_patience.add(host)
            await self._patient.make_ready()
            return None
        except Exception as error:  # noqa: BLE001 - whatever goes wrong on the wire is a Reach, never a crash
            if host in Outward.refused:
                return Failure(Reach.BROKEN, "inner-address")
            failure = failure_of(error, proxied=self._proxied)
            nameless = failure.reason == "dns" and literal(host) is not None
            return Failure(failure.reach, "refused-connection") if nameless else failure
        body, cut = _decoded(got.body, got.header("content-encoding"), limit)
        return Exchange(
            url=url,
            at=datetime.now(UTC),
            status=got.status,
            reason=_PHRASES.get(got.status, ""),
            protocol=got.protocol,
            request_headers=tuple(headers.items()),
            response_headers=got.headers,
            body=body,
            cut=cut or got.cut,
            elapsed_ms=int((monotonic() - started) * 1000),
        )

    async def _is_nameless(self, got: Exchange) -> bool:
        """Whether the proxy says of this name what it says of a name that cannot exist."""
        if self._nameless is None:
            name = f"http://no-such-name-{secrets.token_hex(6)}.invalid/"
            self._nameless = asyncio.ensure_future(self.exchange_at_once(name))
        told = await asyncio.shield(self._nameless)
        if isinstance(told, Failure) or told.status < 500 or told.status != got.status:
            return False
        return _without_names(told) == _without_names(got)


def _without_names(got: Exchange) -> tuple[str, str]:
    """An error page with the name it complains of taken out."""
    text = got.body[:4096].decode("utf-8", errors="replace")
    for word in (got.url, got.url.rstrip("/"), host_of(got.url), urlsplit(got.url).path.strip("/")):
        text = text.replace(word, "") if word else text
    return got.header("server"), "".join(letter for letter in text if not letter.isdigit()).strip()


def _split_proxy(proxy: str) -> tuple[str, str]:
    """The proxy without its login, and the login as a header."""
    if not proxy:
        return "", ""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    place = f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    if parts.username is None:
        return place, ""
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return place, "Basic " + b64encode(login.encode()).decode("ascii")


def _decoded(body: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    """The body without its content encoding, and whether it had to be cut: a bomb is not unpacked."""
    for one in reversed([name.strip().lower() for name in coding.split(",") if name.strip()]):
        if one in ("gzip", "x-gzip", "deflate") and body:
            body, cut = _inflated(body, one, limit)
            if cut:
                return body, True
    return (body[:limit], True) if len(body) > limit else (body, False)


def _inflated(body: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    for window in (zlib.MAX_WBITS | 32,) if coding != "deflate" else (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        machine = zlib.decompressobj(window)
        try:
            text = machine.decompress(body, limit + 1)
        except zlib.error:
            continue
        return text[:limit], len(text) > limit
    return body, False  # it lied about its encoding; what came is what came


def _with_cookies(
    headers: Mapping[str, str], url: str, cookies: Mapping[tuple[str, str], str]
) -> Mapping[str, str]:
    own = [f"{name}={value}" for (host, name), value in cookies.items() if host == host_of(url)]
    return {**headers, "Cookie": "; ".join(own)} if own else headers


def _keep_cookies(got: Exchange, cookies: dict[tuple[str, str], str]) -> None:
    """Cookies set on the way to one page are sent on that same way, as without them some sites turn in a circle."""
    host = host_of(got.url)
    for name, value in got.response_headers:
        if name.lower() == "set-cookie":
            key, mark, rest = value.partition(";")[0].partition("=")
            if mark and key.strip() and len(value) <= _LONGEST_COOKIE and len(cookies) < _MOST_COOKIES:
                cookies[host, key.strip()] = rest.strip()


def _following(url: str, place: str) -> str:
    """The address a redirect leads to; empty where it leads to none."""
    if len(place) > _LONGEST_LOCATION:
        return ""
    try:
        return wire(urljoin(url, _as_text(place)))
    except ValueError:
        return ""


def _as_text(place: str) -> str:
    """A Location header's octets as text: UTF-8 if they are, else GBK."""
    raw = place.encode("latin-1", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
