"""One loopback process is the whole invented web: a forward proxy that knows 54 hosts and little else."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import ssl
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from types import TracebackType
from urllib.parse import urlsplit

from practice.certificates import Authority
from practice.mishaps import Line, Veil
from practice.province import Province
from practice.serving import Answer, moved

CONTROL = "control.practice"
"""Ask http://control.practice/log (or /__log__ on the server itself) for what was asked."""
_REASONS = {
    200: "OK",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    412: "Precondition Failed",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the request log."""

    host: str
    path: str
    at: float
    """When the request was there, whatever answering it took."""
    agent: str
    status: int
    method: str = "GET"


@dataclass(eq=False)
class PracticeServer:
    """The running server; `log` and `counts` may be read from any thread."""

    province: Province
    port: int = 0
    silence: float = 120.0
    """Seconds after which even a silent site hangs up."""
    log: list[Asked] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    authority: Authority = field(default_factory=Authority)
    line: Line = field(default_factory=Line)
    """What happens on the way here tonight."""
    veils: dict[str, Veil] = field(default_factory=dict)
    """Unit → what hides a share of its pages tonight."""
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _server: asyncio.Server | None = None
    _cache: OrderedDict[str, tuple[Answer, str, bytes]] = field(default_factory=OrderedDict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Draw every page anew: the province has changed."""
        self._cache.clear()
        self.province.forget()

    def start(self) -> PracticeServer:
        """Listen on loopback in a thread of its own; `port` is then the real one."""
        ready = threading.Event()
        failed: list[BaseException] = []

        def run() -> None:
            loop = asyncio.new_event_loop()
            self._loop = loop
            try:
                self._server = loop.run_until_complete(
                    asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)
                )
                self.port = self._server.sockets[0].getsockname()[1]
            except OSError as error:
                failed.append(error)
                ready.set()
                loop.close()
                return
            ready.set()
            try:
                loop.run_forever()
            finally:
                loop.run_until_complete(self._shut())
                loop.close()

        self._thread = threading.Thread(target=run, name="practice-server", daemon=True)
        self._thread.start()
        ready.wait()
        if failed:
            raise failed[0]
        return self

    def stop(self) -> None:
        """Close every socket and the thread."""
        if self._loop and self._thread and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def __enter__(self) -> PracticeServer:
        return self if self._thread else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _shut(self) -> None:
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (
            ConnectionError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ssl.SSLError,
            TimeoutError,
            asyncio.CancelledError,
        ):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secured: str = ""
    ) -> bool:
        """One request and its answer; whether the connection stays open. `secured`: the host inside a tunnel."""
        head = await reader.readuntil(b"\r\n\r\n")
        came = time.time()
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        try:
            method, target, _ = first.split(" ", 2)
        except ValueError:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return False
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        if length := int(headers.get("content-length", "0") or 0):
            await reader.readexactly(length)
        if method == "CONNECT":
            if self.line.answer(target) is not None:
                return False
            return await self._tunnel(target, headers, reader, writer)
        url = target if target.startswith("http://") else f"http://{headers.get('host', '')}{target}"
        url = url.split("#", 1)[0]
        parts = urlsplit(url)
        host, path = (
            (parts.hostname or "").lower(),
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        )
        if host == CONTROL or path.startswith("/__log__") or host in ("127.0.0.1", "localhost"):
            return self._control(path, writer)
        mishap = self.line.answer(url) if not secured else None
        if mishap is not None:
            if not mishap.status and not mishap.hang:
                return False
            answer, etag, packed = mishap, "", b""
        elif secured:
            answer, etag, packed = moved(f"http://{secured}{path}"), "", b""
        else:
            answer, etag, packed = self._look(f"http://{host}{path}")
            if (veiled := self._veiled(host, path, answer)) is not None:
                if not veiled.status and not veiled.hang:
                    return False
                answer, etag, packed = veiled, "", b""
        status = 0 if answer.hang else answer.status
        fresh = status == 200 and bool(etag) and headers.get("if-none-match") == etag
        self.log.append(
            Asked(host, path, came, headers.get("user-agent", ""), 304 if fresh else status, method)
        )
        self.counts[host] += 1
        if answer.hang:
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), self.silence)
            return False
        keep = headers.get("connection", headers.get("proxy-connection", "keep-alive")).lower() != "close"
        keep = keep and not answer.cut
        writer.write(self._bytes(answer, etag, packed, headers, fresh, method == "HEAD", keep))
        await writer.drain()
        return keep

    def _veiled(self, host: str, path: str, true: Answer) -> Answer | None:
        """What stands before this page tonight, if anything does."""
        site = self.province.hosts.get(host) if self.veils else None
        veil = self.veils.get(site.unit.unit_id) if site else None
        return veil.answer(f"http://{host}{path}", site.home, true) if veil and site else None

    def _look(self, url: str) -> tuple[Answer, str, bytes]:
        """The answer with its tag and its packed body; good pages are drawn once."""
        known = self._cache.get(url)
        if known:
            return known
        answer = self.province.answer(url)
        if answer is None:
            return (
                Answer(502, b"Bad Gateway: name not resolved", "text/plain", {"X-Practice": "unresolved"}),
                "",
                b"",
            )
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:20]}"'
        packed = (
            gzip.compress(answer.body, 1, mtime=0)
            if len(answer.body) > 400 and "text" in answer.kind
            else b""
        )
        made = (answer, etag, packed)
        if answer.status == 200 and not answer.hang and len(answer.body) < 400_000:
            self._cache[url] = made
            if len(self._cache) > 12_000:
                self._cache.popitem(last=False)
        return made

    def _bytes(
        self,
        answer: Answer,
        etag: str,
        packed: bytes,
        headers: dict[str, str],
        fresh: bool,
        bare: bool,
        keep: bool,
    ) -> bytes:
        body = b"" if fresh else answer.body
        now = datetime.now(timezone.utc) + self.line.clock  # noqa: UP017
        fields = {"Date": format_datetime(now, usegmt=True), "Server": "nginx"}
        if answer.status == 200 and etag:
            back = int(etag[1:7] or "0", 16) % (40 * 86400)
            base = datetime.combine(self.province.as_of, datetime.min.time(), timezone.utc)  # noqa: UP017
            fields |= {
                "ETag": etag,
                "Last-Modified": format_datetime(base - timedelta(seconds=back), usegmt=True),
            }
        if packed and not fresh and "gzip" in headers.get("accept-encoding", ""):
            body = packed
            fields |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        status = 304 if fresh else answer.status
        if not fresh:
            fields |= {"Content-Type": answer.kind, "Content-Length": str(len(body))}
        if answer.cut:
            del fields["Content-Length"]
        fields |= answer.headers | {"Connection": "keep-alive" if keep else "close"}
        top = f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}\r\n"
        text = top + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n"
        return text.encode("latin-1") + (b"" if bare else body)

    async def _tunnel(
        self,
        target: str,
        headers: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """TLS for the sites that have it, each with the certificate it deserves; all other tunnels are refused."""
        host = target.rsplit(":", 1)[0].lower()
        how = self.province.tls(host)
        status = 200 if how else 502
        self.log.append(Asked(host, target, time.time(), headers.get("user-agent", ""), status, "CONNECT"))
        self.counts[host] += 1
        if how:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            await writer.start_tls(self.authority.context(host, how), ssl_handshake_timeout=10)
            while await self._one(reader, writer, host):
                pass
            return False
        why = b"no tls here" if host in self.province.hosts else b"name not resolved"
        writer.write(
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(why), why)
        )
        return False

    def _control(self, path: str, writer: asyncio.StreamWriter) -> bool:
        if "reset" in path:
            self.log.clear()
            self.counts.clear()
        value = {
            "counts": dict(self.counts),
            "log": [[a.host, a.path, a.at, a.agent, a.status, a.method] for a in self.log],
        }
        body = json.dumps(value).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (len(body), body)
        )
        return False


@contextmanager
def serve(province: Province, port: int = 0, silence: float = 120.0) -> Iterator[PracticeServer]:
    """The province on loopback for as long as the block lasts; `.url` is the proxy to use."""
    server = PracticeServer(province, port, silence).start()
    try:
        yield server
    finally:
        server.stop()
