"""Answers that break the rules of the wire: encodings that lie, heads that are no heads, redirects that lead astray."""

from __future__ import annotations

import zlib

import brotli

from tests.crawler.hostile import Send, Wicked, Wild, answer, drip, forever, gzip_bomb, html, squeezed

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
OK = html("<p>正文</p>")


def say(body: bytes, *headers: str, **more: str) -> Wicked:
    return lambda _path, send, _wild: send(answer(body, *headers, **more))


def raw(*parts: bytes) -> Wicked:
    def act(_path: str, send: Send, _wild: Wild) -> None:
        for part in parts:
            send(part)

    return act


def dripped(head: bytes, part: bytes, pause: float = 0.0) -> Wicked:
    def act(_path: str, send: Send, wild: Wild) -> None:
        send(head)
        drip(forever(part), send, wild, pause)

    return act


def moved(*where: str, status: str = "302 Found") -> Wicked:
    return say(b"", *(f"Location: {each}" for each in where), status=status)


def headed(*lines: bytes, body: bytes = OK) -> Wicked:
    """A page whose head has these lines too."""
    length = b"Content-Length: %d\r\n" % len(body)
    return raw(HEAD + b"".join(line + b"\r\n" for line in lines) + length + b"\r\n" + body)


def layers(count: int) -> bytes:
    body = OK
    for _ in range(count):
        body = squeezed(body)
    return body


def _refresh(path: str, send: Send, _wild: Wild) -> None:
    other = "b" if not path.endswith("/b") else "a"
    send(answer(html(f"<meta http-equiv='refresh' content='0;url=/refresh-loop/{other}'><p>{other}</p>")))


def _late_status(path: str, send: Send, wild: Wild) -> None:
    drip(iter([b"HTTP/1.1 100 Continue\r\n\r\n"] * 5000), send, wild)
    send(answer(OK))


BR_BOMB = brotli.compress(b"\0" * 30_000_000, quality=5)
WIRE: dict[str, Wicked] = {
    # encodings
    "br-bomb": say(BR_BOMB, "Content-Encoding: br"),
    "br-that-lies": say(OK, "Content-Encoding: br"),
    "zstd-unasked": say(b"\x28\xb5\x2f\xfd\x04\x58" + b"\x01\x00\x00" * 20, "Content-Encoding: zstd"),
    "deflate-bomb": say(zlib.compress(b"\0" * 100_000_000, 9), "Content-Encoding: deflate"),
    "gzip-cut": say(squeezed(OK * 50)[:40], "Content-Encoding: gzip"),
    "gzip-and-more": say(squeezed(OK) + b"garbage" * 1000, "Content-Encoding: gzip"),
    "gzip-of-gzips": say(b"".join(squeezed(OK) for _ in range(2000)), "Content-Encoding: gzip"),
    "gzip-twenty-deep": say(layers(20), "Content-Encoding: " + ", ".join(["gzip"] * 20)),
    "encoding-unheard-of": say(OK, "Content-Encoding: x-nobody, identity, ,"),
    "bomb-in-chunks": raw(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", b"%x\r\n" % len(gzip_bomb(50)), gzip_bomb(50), b"\r\n0\r\n\r\n"),
    # heads
    "type-endless": headed(b"Content-Type: text/" + b"x" * 15_000),
    "type-nonsense": headed(b"Content-Type: \x00\xff;;;charset=;=;"),
    "type-twice": headed(b"Content-Type: application/pdf", b"Content-Type: image/png"),
    "type-quoted": headed(b"Content-Type: text/html; charset=\"gb2312'; DROP\""),
    "length-letters": raw(HEAD + b"Content-Length: twelve\r\n\r\n" + OK),
    "length-and-chunks": raw(HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    "length-huge-number": raw(HEAD + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + OK),
    "chunk-extensions": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 60_000 + b"\r\na\r\n0\r\n\r\n"),
    "trailers-without-end": dripped(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", b"X-T: " + b"y" * 4000 + b"\r\n"),
    "one-byte-chunks": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 40_000 + b"0\r\n\r\n"),
    "head-without-colon": headed(b"this line has no colon", b": no name", b"\x00\x01: nul"),
    "head-folded": headed(b"X-Long: a\r\n  b\r\n\tc"),
    "head-not-ascii": headed("X-名: 值".encode(), "Server: 服务器\u202e".encode()),
    "status-999": raw(b"HTTP/1.1 999 Nobody\r\nContent-Length: 2\r\n\r\nno"),
    "status-without-words": raw(b"HTTP/1.1 200\r\nContent-Length: %d\r\nContent-Type: text/html\r\n\r\n" % len(OK) + OK),
    "status-with-escapes": raw(b"HTTP/1.1 200 \x1b[31mred\x1b]0;title\x07\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"),
    "http-nought-nine": raw(OK),
    "http-version-nine": raw(b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    "continue-flood": _late_status,
    "early-hints-forever": dripped(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "no-content-with-body": raw(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"),
    "unchanged-unasked": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "part-unasked": say(OK, "Content-Range: bytes 5-4/-1", status="206 Partial Content"),
    "two-answers": raw(answer(OK) + answer(html("<p>被夹带的第二个应答</p>"))),
    "cut-in-head": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "cut-in-body": raw(HEAD + b"Content-Length: 1000\r\n\r\n<html><p>half"),
    "nothing-at-all": raw(),
    "retry-after-negative": say(b"", "Retry-After: -99999999999999999999", status="503 Busy"),
    "retry-after-nonsense": say(b"", "Retry-After: \x00-1e99 Thu, 99 Foo", status="503 Busy"),
    "etag-endless": headed(b'ETag: "' + b"e" * 15_000 + b'"'),
    "dates-nonsense": headed(b"Date: Thu, 99 Foo 99999 99:99:99 GMT", b"Age: -99999999999999999999999", b"Last-Modified: \x00"),
    "age-no-number": headed(b"Date: Tue, 01 Sep 2020 08:00:00 GMT", "Age: ²".encode("latin-1")),
    "age-of-5000-digits": headed(b"Date: Tue, 01 Sep 2020 08:00:00 GMT", b"Age: " + b"9" * 5000),
    "date-beyond-all": headed(b"Date: Tue, 01 Sep 99999999999999999999 08:00:00 GMT"),
    "retry-after-no-number": say(b"", "Retry-After: \u00b2", status="503 Busy"),
    "clock-far-ahead": headed(b"Date: Fri, 31 Dec 9999 23:59:59 GMT", b"Age: 99999999999999999999"),
    "disposition-astray": headed(b'Content-Disposition: attachment; filename="../../../../etc/cron.d/x"'),
    "warc-in-body": say(html("<p>x</p>") + b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 99999\r\n\r\n"),
    "warc-in-head": headed(b"X-A: b\rWARC-Type: response", b"WARC-Target-URI: http://good.gov.cn/", b"Content-Length: 1"),
    # cookies
    "cookie-for-all": headed(b"Set-Cookie: s=1; Domain=.gov.cn; Path=/", b"Set-Cookie: __Host-x=1", b"Set-Cookie: =;;;=", b"Set-Cookie: \x00=\x01"),
    "cookie-circle": say(b"", "Location: /cookie-circle", "Set-Cookie: n=1; Max-Age=99999999999999999", status="302 Found"),
    # ways that lead astray
    "two-places": moved("/good-place", "http://127.0.0.1:1/"),
    "place-empty": moved(""),
    "place-with-break": raw(b"HTTP/1.1 302 Found\r\nLocation: /x\x0d\x0bSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
    "place-with-user": moved("http://good.gov.cn@127.0.0.1:1/"),
    "place-mapped": moved("http://[::ffff:7f00:1]:1/"),
    "place-octal": moved("http://0177.0.0.1:1/"),
    "place-one-number": moved("http://2130706433:1/"),
    "place-full-width": moved("http://１２７.０.０.１:1/".encode().decode("latin-1")),
    "place-backslash": moved("http:\\\\127.0.0.1:1\\x", "//127.0.0.1:1/"),
    "place-no-scheme": moved("//169.254.169.254/latest/"),
    "place-javascript": moved("javascript:alert(1)"),
    "place-data": moved("data:text/html,<script>1</script>"),
    "place-bad-port": moved("http://bad.gov.cn:99999/"),
    "place-nat64": moved("http://[64:ff9b::7f00:1]:1/"),
    "refresh-loop": _refresh,
    "refresh-head": headed(b"Refresh: 0; url=http://127.0.0.1:1/"),
    "teapot": say(OK, status="418 I'm a teapot"),
}  # fmt: skip
