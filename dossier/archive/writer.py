"""A visit leaves a record that can be shown later: request, answer, and one manifest line for each attempt."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import msgspec

from dossier.archive import records
from dossier.archive.carried import CARRIED, CarriedLine, pack_carried
from dossier.archive.exchange import (
    Exchange,
    answer_record,
    ascii_of,
    request_head,
    request_record,
    revisit_of,
)
from dossier.archive.manifest import CAPTURES, pack_manifest, unpack_manifest
from dossier.archive.revisits import RevisitFile, pack_revisits
from dossier.model import AccountFacts, Capture, KnownPage, UnitReport

FACTS = "facts.jsonl"
REPORT = "unit.json"
ACCOUNTS = "accounts.jsonl"
_PART_BYTES = 1_000_000_000
_FEWEST_SPARED = 512
"""Bodies shorter than this are written again rather than referred to."""
_MOST_SPARED = 20_000
_NOTHING = hashlib.sha256(b"").hexdigest()


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

    @property
    def closed(self) -> bool:
        return self._file.closed

    def close(self) -> None:
        self._file.close()


class ArchiveWriter:
    """The open archive of one unit in one run; files are cut at about a gigabyte."""

    def __init__(self, folder: Path, prefix: str, *, part_bytes: int = _PART_BYTES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._beside = f"{folder.parent.name}/{folder.name}"
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
                    url=last.url, sha256=digest, warc=f"{self._beside}/{name}", offset=offset,
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

    @property
    def closed(self) -> bool:
        """Whether nothing more can be added."""
        return self._captures.closed

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
        stamp = _stamp(exchange.at)
        if unchanged is not None:
            url, asked = ascii_of(exchange.url), request_head(exchange)
            own, head = revisit_of(exchange, unchanged, f"{self._folder.name}/{self._prefix}")
            offset = self._revisits.add(url, stamp, own, head, asked)
            return self._revisits.name, offset
        out = self._open_part()
        offset = out.tell()
        answer, name = answer_record(exchange, digest, stamp)
        out.write(answer + request_record(exchange, name, stamp))
        out.flush()
        return self._name, offset

    def _said_before(self, exchange: Exchange, digest: str) -> KnownPage | None:
        known = self._said.get(bytes.fromhex(digest)) if digest else None
        return known if known and known.content_type == exchange.header("content-type") else None

    def _open_part(self) -> IO[bytes]:
        if self._file is not None and self._file.tell() >= self._part_bytes:
            self._file.close()
            self._file = None
            self._part += 1
        if self._file is None:
            self._name = f"{self._prefix}-{self._part:03d}.warc.gz"
            self._file = (self._folder / self._name).open("ab")
            self._file.write(records.about(self._name, _stamp(datetime.now(UTC))))
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


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _digest_of(exchange: Exchange) -> str:
    return hashlib.sha256(exchange.body).hexdigest() if exchange.body else _NOTHING


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
