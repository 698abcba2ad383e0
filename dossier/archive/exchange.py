"""One request and its answer, and how they are told in the records of an archive."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import quote

from dossier.archive import records
from dossier.archive.revisits import Head, place_said
from dossier.model import KnownPage

_PRINTABLE = "".join(chr(code) for code in range(32, 127))
_LASTING = frozenset(
    {"server", "content-type", "content-encoding", "content-language", "content-location", "location"}
)
"""Headers whose values are more than the hour, the length or the number of an answer."""
_CHANGED_BY_DECODING = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, the body already freed of its content encoding."""

    url: str
    at: datetime
    """UTC, when the answer was there."""
    status: int
    reason: str = ""
    protocol: str = "HTTP/1.1"
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    response_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: bool = False
    """The body was longer than our bound, or its end never came."""
    elapsed_ms: int = 0

    def header(self, name: str) -> str:
        """The first value of a response header, or nothing."""
        wanted = name.lower()
        for key, value in self.response_headers:
            if key.lower() == wanted:
                return value
        return ""


def payload_digest(sha256_hex: str) -> str:
    """A SHA-256 as WARC tools expect to see it."""
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256_hex)).decode("ascii")


def answer_record(exchange: Exchange, digest: str, stamp: str) -> tuple[bytes, str]:
    own = [("WARC-Target-URI", ascii_of(exchange.url)), ("WARC-Date", stamp)]
    if exchange.cut:
        own.append(("WARC-Truncated", "length"))
    own.append(("WARC-Payload-Digest", payload_digest(digest)))
    return records.response(own, _answer_head(exchange, revisit=False), exchange.body)


def revisit_of(exchange: Exchange, unchanged: KnownPage, beside: str) -> tuple[list[tuple[str, str]], Head]:
    """Headers of a revisit record and the head of its answer. Where the server itself said that nothing changed, it
    is taken at its word; where the same body came again, its digest says so."""
    if exchange.status == 304:
        own = [("WARC-Profile", records.NOT_MODIFIED)]
    else:
        own = [
            ("WARC-Profile", records.UNCHANGED),
            ("WARC-Payload-Digest", payload_digest(unchanged.sha256)),
        ]
    if unchanged.url != exchange.url:
        own.append(("WARC-Refers-To-Target-URI", ascii_of(unchanged.url)))
    if exchange.cut:
        own.append(("WARC-Truncated", "length"))
    own.append(place_said(f"{unchanged.warc}@{unchanged.offset}", beside))
    return own, Head(partial(_answer_head, exchange, revisit=True), _says(exchange, unchanged))


def _says(exchange: Exchange, unchanged: KnownPage) -> tuple[object, ...] | None:
    """What the head of a 304 says that holds beyond the moment: which headers there are, and what they say of the
    server and the page. None for every other answer, whose status nothing else in the record tells, and where a mark
    of the page is not the one that was known."""
    marks = (("etag", unchanged.etag), ("last-modified", unchanged.last_modified))
    if exchange.status != 304 or any(exchange.header(name) not in ("", known) for name, known in marks):
        return None
    headers = (
        (name.lower(), value if name.lower() in _LASTING else "") for name, value in exchange.response_headers
    )
    return (exchange.protocol, exchange.reason, *sorted(headers))


def _answer_head(exchange: Exchange, *, revisit: bool) -> bytes:
    status_line = ascii_of(f"{exchange.protocol} {exchange.status} {exchange.reason}".strip())
    return records.head_of(status_line, _kept_headers(exchange, revisit=revisit))


def request_record(exchange: Exchange, answer: str, stamp: str) -> bytes:
    line, pairs = request_head(exchange)
    own = (("WARC-Target-URI", ascii_of(exchange.url)), ("WARC-Date", stamp), ("WARC-Concurrent-To", answer))
    return records.request(own, records.head_of(line, pairs))[0]


def request_head(exchange: Exchange) -> tuple[str, list[tuple[str, str]]]:
    rest = exchange.url.split("://", 1)[-1]
    host, slash, path = rest.partition("/")
    line = f"{exchange.method} /{ascii_of(path) if slash else ''} HTTP/1.1"
    pairs = [("Host", ascii_of(host))]
    pairs += [(key, ascii_of(value)) for key, value in exchange.request_headers if key.lower() != "host"]
    return line, pairs


def _kept_headers(exchange: Exchange, *, revisit: bool) -> list[tuple[str, str]]:
    """The answer's headers, true for the decoded body that is kept; what they were is kept beside it."""
    kept = []
    for name, value in exchange.response_headers:
        changed = name.lower() in _CHANGED_BY_DECODING
        kept.append((ascii_of(f"X-Archive-Orig-{name}" if changed else name), _on_one_line(value)))
    if not revisit:
        kept.append(("Content-Length", str(len(exchange.body))))
    return kept


def _on_one_line(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    return ascii_of(" ".join(value.split()))


def ascii_of(text: str) -> str:
    """Header text as WARC tools can take it: whatever is not ASCII is percent-encoded."""
    return text if text.isascii() else quote(text, safe=_PRINTABLE)
