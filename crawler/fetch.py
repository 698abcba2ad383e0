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
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from scrapy import Request, signals
from scrapy.exceptions import StopDownload

from crawler.addresses import host_of, is_web, wire
from crawler.guard import OutwardResolver
from crawler.hosts import Hosts
from crawler.reach import Failure, failure_of
from dossier.archive import Exchange
from dossier.model import CrawlSettings, Reach

MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GRACE_SECONDS = 15.0
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

    def __init__(self, crawler: Any, crawl: CrawlSettings, hosts: Hosts) -> None:
        self._engine = crawler.engine
        self._crawl = crawl
        self._hosts = hosts
        self._room = asyncio.Semaphore(max(1, crawl.concurrency))
        self._nameless: asyncio.Task[Exchange | Failure] | None = None
        self._proxy, self._proxy_login = _split_proxy(crawl.proxy)
        self.ready: Callable[[], Awaitable[None]] | None = None
        """Waited for before each request: holds everything back while our own network is down."""
        crawler.signals.connect(_count_bytes, signal=signals.bytes_received)
        crawler.signals.connect(_tell_gate, signal=signals.request_reached_downloader)

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
            headers = dict(asking.headers)
            own = [f"{name}={value}" for (host, name), value in cookies.items() if host == host_of(url)]
            if own:
                headers["Cookie"] = "; ".join(own)
            got = await self.exchange(url, headers, asking.limit)
            if isinstance(got, Failure):
                return answer(got)
            exchanges.append(got)
            _keep_cookies(got, cookies)
            place = got.header("location").strip()
            if got.status not in _REDIRECTS or not place:
                return answer()
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
        """One request and its answer, when its host's turn has come."""
        gate = self._hosts.gate(host_of(url))
        async with gate.sending() as sent:
            if self.ready is not None:
                await self.ready()
            got = await self._request(url, headers, limit, sent)
        if isinstance(got, Exchange):
            if got.status >= 500 and self._proxy and await self._is_nameless(got):
                return Failure(Reach.SILENT, "dns")
            gate.heard(got.status, got.header("retry-after"))
        return got

    async def exchange_at_once(self, url: str, limit: int = 65536) -> Exchange | Failure:
        """One request outside all queues: for tests of our own network."""
        headers = {"User-Agent": "gongkai", "Accept": "*/*"}
        return await self._request(url, headers, limit)

    async def _request(
        self, url: str, headers: Mapping[str, str], limit: int, sent_off: Callable[[], None] | None = None
    ) -> Exchange | Failure:
        meta: dict[str, Any] = {
            "verbatim_url": True,
            "download_slot": host_of(url),
            "download_timeout": self._crawl.timeout_seconds,
            "body_limit": limit,
            "received": 0,
            "sent_off": sent_off,
        }
        sent = dict(headers)
        if self._proxy:
            meta["proxy"] = self._proxy
            if self._proxy_login:
                sent["Proxy-Authorization"] = self._proxy_login
        started = monotonic()
        try:
            request = Request(url, headers=sent, meta=meta, dont_filter=True)
            async with self._room:
                started = monotonic()
                response = await asyncio.wait_for(
                    self._engine.download_async(request), self._crawl.timeout_seconds + _GRACE_SECONDS
                )
        except Exception as error:  # noqa: BLE001 - whatever goes wrong on the wire is a Reach, never a crash
            if host_of(url) in OutwardResolver.refused:
                return Failure(Reach.BROKEN, "inner-address")
            return failure_of(error, proxied=bool(self._proxy))
        body, cut = _decoded(
            response.body, (response.headers.get(b"Content-Encoding") or b"").decode("latin-1"), limit
        )
        kept = tuple((name, value) for name, value in headers.items())
        return Exchange(
            url=url,
            at=datetime.now(UTC),
            status=response.status,
            reason=_phrase(response.status),
            protocol=response.protocol or "HTTP/1.1",
            request_headers=kept,
            response_headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in response.headers.items()
                for value in values
            ),
            body=body,
            cut=cut or "download_stopped" in response.flags or "dataloss" in response.flags,
            elapsed_ms=int((monotonic() - started) * 1000),
        )

    async def _is_nameless(self, got: Exchange) -> bool:
        """Whether the proxy says of this name what it says of a name that cannot exist."""
        if self._nameless is None:
            name = f"http://no-such-name-{secrets.token_hex(6)}.invalid/"
            self._nameless = asyncio.ensure_future(self._request(name, {"User-Agent": "gongkai"}, 65536))
        told = await asyncio.shield(self._nameless)
        if isinstance(told, Failure) or told.status < 500 or told.status != got.status:
            return False
        return _without_names(told) == _without_names(got)


def _tell_gate(request: Request, **_: Any) -> None:
    sent_off = request.meta.get("sent_off")
    if sent_off is not None:
        sent_off()


def _count_bytes(data: bytes, request: Request, **_: Any) -> None:
    meta = request.meta
    meta["received"] = meta.get("received", 0) + len(data)
    if meta["received"] > meta.get("body_limit", 1 << 62):
        raise StopDownload(fail=False)


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


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
