"""A visit leaves a record that can be shown later: request, answer, and one manifest line for each attempt."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

import msgspec

from dossier.archive import records
from dossier.archive.carried import CARRIED, CarriedLine, pack_carried
from dossier.archive.manifest import CAPTURES, pack_manifest, unpack_manifest
from dossier.archive.revisits import STANDS_IN, RevisitFile, pack_revisits
from dossier.model import AccountFacts, Capture, KnownPage, UnitReport

FACTS = "facts.jsonl"
REPORT = "unit.json"
ACCOUNTS = "accounts.jsonl"
_PART_BYTES = 1_000_000_000
_STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"
_FEWEST_SPARED = 512
"""Bodies shorter than this are written again rather than referred to."""
_MOST_SPARED = 20_000
_PRINTABLE = "".join(chr(code) for code in range(32, 127))
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


class LineFile:
    """A file of JSON lines that loses at most its last line when the process is killed."""

    def __init__(self, path: Path) -> None:
        torn = path.is_file() and path.stat().st_size > 0 and not _ends_with_newline(path)
        self._file = path.open("ab")
        self.count = 0
        """Lines added since it was opened."""
        if torn:
            self._file.write(b"\n")

    def add(self, value: Any) -> None:
        self._file.write(msgspec.json.encode(value) + b"\n")
        self._file.flush()
        self.count += 1

    def close(self) -> None:
        self._file.close()


class ArchiveWriter:
    """The open archive of one unit in one run; files are cut at about a gigabyte."""

    def __init__(self, folder: Path, prefix: str, *, part_bytes: int = _PART_BYTES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._prefix = prefix
        self._part_bytes = part_bytes
        self._part = _first_free_part(folder, prefix)
        self._file: IO[bytes] | None = None
        self._name = ""
        unpack_manifest(folder)
        self._captures = LineFile(folder / CAPTURES)
        self._carried: LineFile | None = None
        self._revisits = RevisitFile(folder, prefix)
        self._said: dict[bytes, KnownPage] = {}
        """Digest → where a body of this very crawl stands: one 'not found' page is one body, however often shown."""

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(
        self,
        capture: Capture,
        exchanges: Sequence[Exchange] = (),
        known: KnownPage | None = None,
    ) -> Capture:
        """Keeps the exchanges of one attempt (redirects first), then its manifest line; returns the placed capture.

        The capture's place, digest and length are those of the last exchange. Where `known` has the
        same body, or the answer was 304, a revisit record stands in its place. Without an exchange
        only the manifest line is written.
        """
        for exchange in exchanges[:-1]:
            self._write(exchange, None, _digest_of(exchange))
        if exchanges:
            last = exchanges[-1]
            fetched = _digest_of(last)
            digest = fetched if last.body else ""
            length = len(last.body)
            unchanged = known if known is not None and known.warc else None
            if unchanged is not None and last.status == 304:
                digest = unchanged.sha256
            elif unchanged is None or digest != unchanged.sha256 or not digest:
                unchanged = self._said_before(last, digest)
            name, offset = self._write(last, unchanged, fetched)
            if unchanged is None and length >= _FEWEST_SPARED and len(self._said) < _MOST_SPARED:
                self._said[bytes.fromhex(digest)] = KnownPage(
                    url=last.url, sha256=digest, warc=self._place(name), offset=offset,
                    content_type=last.header("content-type"),
                )  # fmt: skip
            capture = msgspec.structs.replace(
                capture,
                warc=name,
                offset=offset,
                sha256=digest,
                length=capture.length if last.status == 304 else length,
                revisit_of=_without_unit(unchanged.warc) if unchanged is not None else "",
            )
        self._captures.add(capture)
        return capture

    def carry(self, url: str, run: str) -> None:
        """Notes that an address was met and not asked, and on which night it was last asked."""
        if self._carried is None:
            self._carried = LineFile(self._folder / CARRIED)
        self._carried.add(CarriedLine(url=url, run=run, after=self._captures.count))

    def close(self) -> None:
        self._captures.close()
        if self._carried is not None:
            self._carried.close()
        self._revisits.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, exchange: Exchange, unchanged: KnownPage | None, digest: str) -> tuple[str, int]:
        """Writes answer and request, or that the answer is unchanged; returns the file and the offset of the former."""
        stamp = exchange.at.astimezone(UTC).strftime(_STAMP)
        if unchanged is not None:
            url, asked = _ascii(exchange.url), _request_head(exchange)
            own, head = _revisit_of(exchange, unchanged)
            offset = self._revisits.add(url, stamp, own, head, asked)
            return self._revisits.name, offset
        out = self._open_part()
        offset = out.tell()
        answer, name = _answer_record(exchange, digest, stamp)
        out.write(answer + _request_record(exchange, name, stamp))
        out.flush()
        return self._name, offset

    def _said_before(self, exchange: Exchange, digest: str) -> KnownPage | None:
        known = self._said.get(bytes.fromhex(digest)) if digest else None
        return known if known and known.content_type == exchange.header("content-type") else None

    def _place(self, name: str) -> str:
        return f"{self._folder.parent.name}/{self._folder.name}/{name}"

    def _open_part(self) -> IO[bytes]:
        if self._file is not None and self._file.tell() >= self._part_bytes:
            self._file.close()
            self._file = None
            self._part += 1
        if self._file is None:
            self._name = f"{self._prefix}-{self._part:03d}.warc.gz"
            self._file = (self._folder / self._name).open("ab")
            self._file.write(records.about(self._name, datetime.now(UTC).strftime(_STAMP)))
        return self._file


def pack_unit(folder: Path) -> None:
    """Packs what the closed crawl of a unit left: its unchanged answers, its list of attempts, and what it carried."""
    pack_manifest(folder)
    pack_carried(folder)
    pack_revisits(folder)


def write_report(folder: Path, report: UnitReport) -> None:
    """Closes a unit: the report appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (REPORT + ".tmp")
    with part.open("wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(report), indent=1))
        out.flush()
        os.fsync(out.fileno())
    part.replace(folder / REPORT)


def append_account(folder: Path, facts: AccountFacts) -> None:
    """Adds what was seen of one account."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = LineFile(folder / ACCOUNTS)
    try:
        lines.add(facts)
    finally:
        lines.close()


def payload_digest(sha256_hex: str) -> str:
    """A SHA-256 as WARC tools expect to see it."""
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256_hex)).decode("ascii")


def _digest_of(exchange: Exchange) -> str:
    return hashlib.sha256(exchange.body).hexdigest()


def _answer_record(exchange: Exchange, digest: str, stamp: str) -> tuple[bytes, str]:
    own = [("WARC-Target-URI", _ascii(exchange.url)), ("WARC-Date", stamp)]
    if exchange.cut:
        own.append(("WARC-Truncated", "length"))
    own.append(("WARC-Payload-Digest", payload_digest(digest)))
    return records.response(own, _answer_head(exchange, revisit=False), exchange.body)


def _revisit_of(exchange: Exchange, unchanged: KnownPage) -> tuple[list[tuple[str, str]], bytes]:
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
        own.append(("WARC-Refers-To-Target-URI", _ascii(unchanged.url)))
    if exchange.cut:
        own.append(("WARC-Truncated", "length"))
    own.append((STANDS_IN, f"{unchanged.warc}@{unchanged.offset}"))
    return own, _answer_head(exchange, revisit=True)


def _answer_head(exchange: Exchange, *, revisit: bool) -> bytes:
    status_line = _ascii(f"{exchange.protocol} {exchange.status} {exchange.reason}".strip())
    return records.head_of(status_line, _kept_headers(exchange, revisit=revisit))


def _request_record(exchange: Exchange, answer: str, stamp: str) -> bytes:
    line, pairs = _request_head(exchange)
    own = (("WARC-Target-URI", _ascii(exchange.url)), ("WARC-Date", stamp), ("WARC-Concurrent-To", answer))
    return records.request(own, records.head_of(line, pairs))[0]


def _request_head(exchange: Exchange) -> tuple[str, list[tuple[str, str]]]:
    rest = exchange.url.split("://", 1)[-1]
    host, slash, path = rest.partition("/")
    line = f"{exchange.method} /{_ascii(path) if slash else ''} HTTP/1.1"
    pairs = [("Host", _ascii(host))]
    pairs += [(key, _ascii(value)) for key, value in exchange.request_headers if key.lower() != "host"]
    return line, pairs


def _kept_headers(exchange: Exchange, *, revisit: bool) -> list[tuple[str, str]]:
    """The answer's headers, true for the decoded body that is kept; what they were is kept beside it."""
    kept = []
    for name, value in exchange.response_headers:
        if name.lower() in _CHANGED_BY_DECODING:
            kept.append((f"X-Archive-Orig-{name}", value))
        else:
            kept.append((name, value))
    if not revisit:
        kept.append(("Content-Length", str(len(exchange.body))))
    return [(_ascii(name), _ascii(" ".join(value.split()))) for name, value in kept]


def _ascii(text: str) -> str:
    """Header text as WARC tools can take it: whatever is not ASCII is percent-encoded."""
    return text if text.isascii() else quote(text, safe=_PRINTABLE)


def _without_unit(place: str) -> str:
    """`<run>/<unit>/<file>` as `<run>/<file>`."""
    parts = place.split("/")
    return f"{parts[0]}/{parts[-1]}"


def _first_free_part(folder: Path, prefix: str) -> int:
    taken = (path.name[len(prefix) + 1 :].split(".")[0] for path in folder.glob(f"{prefix}-*.warc.gz"))
    return max((int(number) + 1 for number in taken if number.isdigit()), default=0)


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as lines:
        lines.seek(-1, os.SEEK_END)
        return lines.read(1) == b"\n"
