"""A page that did not change leaves one small record: when it was asked, what was answered, and where its body stands.

While a unit's crawl is open these records are appended to a plain WARC file (`<unit>-revisits-000.warc`), each at
once; when the unit is closed every record becomes a gzip member of its own in `<unit>-revisits-000.warc.gz`, as any
WARC tool expects. Places (`Capture.warc`, `Capture.offset`) name the plain file in both cases: unpacked, the
members are that file again, byte for byte.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple

from dossier.archive import records

MARK = "-revisits-"
"""In the name of every file that holds nothing but such records."""
PLAIN, PACKED = ".warc", ".warc.gz"
STANDS_IN = "X-Body-Stands-In"
"""Header of our revisit records: `<run>/<unit>/<file>@<offset>` of the unchanged body."""
_GZIP_HEAD = 10
_BLANK = b"\r\n\r\n"
_CONDITIONS = frozenset({"if-none-match", "if-modified-since", "host", "cookie"})

Header = tuple[str, str]


class Found(NamedTuple):
    """One record of a plain WARC stream."""

    begin: int
    end: int
    kind: str
    headers: Mapping[str, str]


class RevisitFile:
    """The open file of a unit's unchanged answers; it appears with the first of them."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._file: IO[bytes] | None = None
        self._asked: tuple[Header, ...] = ()
        self._base = ""
        self._count = 0
        self.name = ""

    def add(
        self, url: str, stamp: str, own: Sequence[Header], head: bytes, asked: tuple[str, Sequence[Header]]
    ) -> int:
        """Appends one revisit record and returns its offset.

        `asked` is the request's first line and headers. The request itself is written where it differs from the
        last one by more than address and conditions: those follow from the record in which the body stands.
        """
        file = self._file or self._open()
        line, headers = asked
        common = tuple(pair for pair in headers if pair[0].lower() not in _CONDITIONS)
        target = ("WARC-Target-URI", url), ("WARC-Date", stamp)
        if common != self._asked:
            self._asked = common
            file.write(
                records.plain("request", records.ASKING, self._name(), target, records.head_of(line, headers))
            )
        offset = file.tell()
        file.write(records.plain("revisit", records.ANSWER, self._name(), (*target, *own), head))
        file.flush()
        return offset

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> IO[bytes]:
        taken = {
            path.name.split(".")[0].rpartition("-")[2] for path in self._folder.glob(f"{self._prefix}{MARK}*")
        }
        number = max((int(text) + 1 for text in taken if text.isdigit()), default=0)
        self.name = f"{self._prefix}{MARK}{number:03d}{PLAIN}"
        self._base = secrets.token_hex(8)
        self._file = (self._folder / self.name).open("ab")
        return self._file

    def _name(self) -> str:
        """Random for the file and counted within it, in the shape of a version 4 UUID: unlike ids all their own
        these take next to no room."""
        self._count += 1
        base = self._base
        return f"<urn:uuid:{base[:8]}-{base[8:12]}-4{base[12:15]}-8000-{self._count:012x}>"


def is_revisits(name: str) -> bool:
    return MARK in name


def plain_bytes(path: Path) -> bytes:
    """The plain WARC stream of a file of revisits. Raises zlib.error or ValueError where it was packed and is damaged."""
    if path.is_file():
        return path.read_bytes()
    packed = path.with_name(path.name + ".gz")
    state = packed.stat()
    return _unpacked(packed, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _unpacked(path: Path, _size: int, _changed: int) -> bytes:
    """The plain stream of a packed file: its members one after another, but for the one that tells of the file."""
    data, found = path.read_bytes(), []
    head = data[:_GZIP_HEAD]
    while data:
        if not data.startswith(head):  # it has no check sum, and is the same for every member of a file
            raise ValueError(f"{path.name}: a record begins strangely")
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        found.append(member.decompress(data) + member.flush())
        if not member.eof:
            raise ValueError(f"{path.name}: a record is torn")
        data = member.unused_data
    if not found or next(walk(found[0])).kind != "warcinfo":
        raise ValueError(f"{path.name}: no packed records")
    return b"".join(found[1:])


def walk(data: bytes, start: int = 0) -> Iterator[Found]:
    """The whole records of a plain WARC stream; stops at the first that is torn or none."""
    begin = start
    while data.startswith(b"WARC/1.", begin):
        ends = data.find(_BLANK, begin)
        if ends < 0:
            return
        lines = data[begin:ends].decode("utf-8", errors="replace").split("\r\n")[1:]
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        length = headers.get("Content-Length", "")
        end = ends + 4 + int(length) + 4 if length.isdigit() else -1
        if end < 0 or data[end - 4 : end] != _BLANK:
            return
        yield Found(begin, end, headers.get("WARC-Type", ""), headers)
        begin = end


def pack_revisits(folder: Path) -> None:
    """Packs the plain files of a closed unit; the plain one goes when the packed one is whole on the disk."""
    for path in sorted(folder.glob(f"*{MARK}*{PLAIN}")):
        content = path.read_bytes()
        whole = list(walk(content))
        if not whole or whole[-1].end != len(content):
            continue  # torn: it stays as it is
        name = path.name + ".gz"
        info = records.about(name, whole[-1].headers.get("WARC-Date", ""))
        members = (records.gzipped(content[one.begin : one.end]) for one in whole)
        draft = path.with_name(name + ".tmp")
        with draft.open("wb") as out:
            out.write(b"".join((info, *members)))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path.with_name(name))
        path.unlink()
