"""The bench's loopback server: a site with every class of link, asked directly or as a forward proxy."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from bench.links.answers import Answer, Asked, article, not_found, page
from bench.links.classes import BY_NAME, CLASSES, class_of, markup

SITE, OUTSIDE = "www.lianjie.gov.cn", "waibu.example.org"
_NUMBER = re.compile(r"(\d+)(?=\.\w+$|$)")
_MISSING = page("出错了", "<p>对不起，您要访问的页面不存在或已被删除。</p>")


class _Quiet(ThreadingHTTPServer):
    """A client that hangs up is nothing to write about."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address


class LinkServer:
    """One run's server; what it answers once is answered anew by the next server."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        bench = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                bench._serve(self)

            def do_HEAD(self) -> None:
                bench._serve(self)

            def do_CONNECT(self) -> None:
                self.send_error(502)

            def log_message(self, *_: Any) -> None:
                return

        self._servers = [_Quiet(("127.0.0.1", 0), Handler)]
        port = self._servers[0].server_address[1]
        self._servers.append(_Quiet(("127.0.0.2", port), Handler))
        self.direct = f"http://127.0.0.1:{port}/"
        self.proxy = f"http://127.0.0.1:{port}"
        self._outside = f"http://127.0.0.2:{port}"

    def __enter__(self) -> LinkServer:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path if handler.path.startswith("http") else f"//x{handler.path}")
        as_proxy = handler.path.startswith("http")
        host = (parts.hostname or "") if as_proxy else handler.headers.get("Host", "").partition(":")[0]
        address = f"{host}{parts.path}?{parts.query}"
        with self._lock:
            before = self._asked[address]
            self._asked[address] += handler.command != "HEAD"
        asked = Asked(
            host, parts.path, parts.query, handler.command, handler.headers.get("User-Agent", ""),
            handler.headers.get("Cookie", ""), before, f"http://{OUTSIDE}" if as_proxy else self._outside,
        )  # fmt: skip
        _send(handler, self._answer(asked, as_proxy))

    def _answer(self, asked: Asked, as_proxy: bool) -> Answer:
        if as_proxy and asked.host not in (SITE, OUTSIDE):
            return Answer(502, b"no such name", "text/plain")
        outside = asked.host in (OUTSIDE, "127.0.0.2")
        if not outside and asked.path in ("", "/", "/index.html"):
            return _front(asked)
        if asked.path in ("/zwgk/index.html", "/xwdt/index.html"):
            return article(asked.path)
        if asked.path == "/error.html":
            return _MISSING
        name = asked.path.strip("/").split("/")[0]
        known = BY_NAME.get(name)
        if known is None or class_of(asked.path) != name:
            return not_found()
        number = _NUMBER.search(asked.path) or _NUMBER.search(asked.query.partition("&")[0])
        n = int(number.group(1)) if number else -1
        linked = 0 <= n < known.count and len(number.group(1) if number else "") <= 2
        return known.answer(asked, n if linked or "step=" in asked.query or "login" in asked.path else -1)


def _front(asked: Asked) -> Answer:
    """The home page: every link there is."""
    parts = []
    for each in CLASSES:
        links = "".join(f"<li>{markup(each, n, asked.outside)}</li>" for n in range(each.count))
        parts.append(f"<h2>{each.name}</h2><ul>{links}</ul>")
    return page("某某市人民政府", f"<h1>某某市人民政府</h1>{''.join(parts)}")


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    if answer.wait:
        time.sleep(answer.wait)
    try:
        if answer.reset:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.kind)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        if answer.chunked:
            for start in range(0, len(answer.body), 500):
                part = answer.body[start : start + 500]
                handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            handler.wfile.write(b"0\r\n\r\n")
        else:
            handler.wfile.write(answer.body)
    except OSError:
        handler.close_connection = True
