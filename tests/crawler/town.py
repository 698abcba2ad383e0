"""A loopback forward proxy that answers for made-up sites, and remembers who asked what and when."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"
    wait: float = 0.0
    drop: bool = False


@dataclass(frozen=True)
class Visit:
    at: float
    """When the request reached this machine's network, by the kernel's clock: a busy server reads it later."""
    host: str
    path: str
    headers: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


Answer = Reply | Callable[[Visit], Reply]
_STAMPS = getattr(socket, "SO_TIMESTAMPNS", 35) if sys.platform == "linux" else None


def page(title: str, *lines: str, links: Mapping[str, str] | None = None, more: str = "") -> Reply:
    """An HTML page with paragraphs and links (address → label)."""
    anchors = "".join(f'<p><a href="{href}">{label}</a></p>' for href, label in (links or {}).items())
    body = "".join(f"<p>{line}</p>" for line in lines)
    return Reply(
        body=f"<html><head><title>{title}</title></head><body>{body}{anchors}{more}</body></html>".encode()
    )


def _arrival(connection: socket.socket) -> float:
    """When the first byte of the next request came; now, where the kernel does not say so."""
    told: list[tuple[int, int, bytes]] = []
    if _STAMPS is not None and not isinstance(connection, ssl.SSLSocket):
        try:
            _, told, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(16), socket.MSG_PEEK)
        except OSError:
            return time.time()  # a connection that was broken off: who reads it next is told so
    for level, kind, value in told:
        if (level, kind) == (socket.SOL_SOCKET, _STAMPS):
            seconds, nanoseconds = struct.unpack("@ll", value[:16])
            return float(seconds) + float(nanoseconds) / 1e9
    return time.time()


class Town:
    """Sites by host and path (with query); `*` answers for all other paths of a host, else 404."""

    def __init__(self, sites: Mapping[str, Mapping[str, Answer]]) -> None:
        self.sites = {host: dict(paths) for host, paths in sites.items()}
        self.visits: list[Visit] = []
        self.refuse = False
        self._lock = threading.Lock()
        town = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.came = _arrival(self.connection)
                super().handle_one_request()

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                host = parts.netloc or self.headers.get("Host", "")
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                visit = Visit(self.came, host, path, {k.lower(): v for k, v in self.headers.items()})
                with town._lock:
                    town.visits.append(visit)
                town._answer(self, visit)

            def log_message(self, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if _STAMPS is not None:
            self._server.socket.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Town:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wrap(self, context: ssl.SSLContext) -> None:
        """Answers over TLS, as a site of its own rather than a proxy."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def paths(self, host: str) -> list[str]:
        """What was asked of a host, in order."""
        return [visit.path for visit in self.visits if visit.host == host]

    def _answer(self, handler: BaseHTTPRequestHandler, visit: Visit) -> None:
        site = self.sites.get(visit.host)
        if self.refuse:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        if site is None:
            reply = Reply(502, f"no such name: {visit.host}".encode(), type="text/plain")
        else:
            answer = site.get(
                visit.path, site.get("*", Reply(404, b"<html><title>404</title>not here</html>"))
            )
            reply = answer if isinstance(answer, Reply) else answer(visit)
        if reply.wait:
            time.sleep(reply.wait)
        if reply.drop:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        try:
            handler.send_response(reply.status)
            handler.send_header("Content-Type", reply.type)
            handler.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(reply.body)
        except OSError:
            handler.close_connection = True
