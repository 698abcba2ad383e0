"""Servers that mean harm, byte by byte: what no HTTP library would send."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator

Send = Callable[[bytes], None]
Wicked = Callable[[str, Send, "Wild"], None]


def html(body: str, title: str = "页") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def answer(
    body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8"
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


class Wild:
    """A loopback forward proxy: paths of the host `bad.gov.cn` do as they like, `good.gov.cn` is a plain site."""

    def __init__(self, cases: dict[str, Wicked]) -> None:
        self.cases = cases
        self.asked: list[tuple[str, str, str]] = []
        """Host, path, cookie of each request."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self.proxy = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Wild:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    @property
    def open(self) -> bool:
        return self._open

    def _accept(self) -> None:
        while self._open:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError, ValueError):
            peer.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                part = peer.recv(65536)
                if not part:
                    return
                head += part
            lines = head.decode("latin-1").split("\r\n")
            target = lines[0].split(" ")[1]
            host, _, path = target.removeprefix("http://").partition("/")
            cookie = next((line[8:] for line in lines if line.lower().startswith("cookie: ")), "")
            self.asked.append((host, "/" + path, cookie))
            self._act(host, "/" + path, peer.sendall)

    def _act(self, host: str, path: str, send: Send) -> None:
        if host.startswith("good"):
            send(good(path))
        elif path in ("/", "/robots.txt") or host != "bad.gov.cn":
            links = "".join(f'<p><a href="/{name}">{name}</a></p>' for name in self.cases)
            send(
                answer(html(f"<h1>首页</h1>{links}", "首页"))
                if path == "/"
                else answer(b"", status="404 Not Found")
            )
        else:
            name = path.strip("/").split("?")[0].split("/")[0]
            case = self.cases.get(name)
            if case is None:
                send(answer(b"", status="404 Not Found"))
            else:
                case(path, send, self)


def good(path: str) -> bytes:
    """A plain site of thirty pages."""
    if path == "/":
        links = "".join(f'<p><a href="/p{n}.html">文章{n}</a></p>' for n in range(30))
        return answer(html(f"<h1>首页</h1>{links}", "首页"))
    number = path.removeprefix("/p").removesuffix(".html")
    if number.isdigit() and int(number) < 30:
        name = "甲乙丙丁戊己庚辛壬癸"[int(number) % 10] + "子丑寅"[int(number) // 10]
        return answer(html(f"<h1>{name}</h1><p>{name}事项的正文，与别的都不同</p>", name))
    return answer(b"", status="404 Not Found")


def drip(parts: Iterator[bytes], send: Send, wild: Wild, pause: float = 0.0) -> None:
    """Sends until the other side has had enough."""
    for part in parts:
        if not wild.open:
            return
        send(part)
        if pause:
            time.sleep(pause)


def forever(part: bytes) -> Iterator[bytes]:
    while True:
        yield part


def gzip_bomb(megabytes: int) -> bytes:
    """So many megabytes of nothing, in a thousandth of them."""
    machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = b"\0" * 1_000_000
    return b"".join(machine.compress(block) for _ in range(megabytes)) + machine.flush()


def squeezed(body: bytes) -> bytes:
    return gzip.compress(body)
