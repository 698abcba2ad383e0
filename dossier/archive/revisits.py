"""A page that did not change leaves one small record: when it was asked, what was answered, and where its body stands.

While a unit's crawl is open these records are appended to a plain WARC file (`<unit>-revisits-000.warc`), each at
once; when the unit is closed every record becomes a gzip member of its own in `<unit>-revisits-000.warc.gz`, as any
WARC tool expects. Places (`Capture.warc`, `Capture.offset`) name the plain file in both cases: unpacked, the
members are that file again, byte for byte.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple
from uuid import uuid4

from dossier.archive import records

MARK = "-revisits-"
"""In the name of every file that holds nothing but such records."""
PLAIN, PACKED = ".warc", ".warc.gz"
STANDS_IN = "X-Body-Stands-In"
"""Header of our revisit records: `<run>/<unit>/<file>@<offset>` of the unchanged body."""
STANDS_NEAR = "X-Body"
"""In its stead where the body stands in the first archive of the same unit: `<run>@<offset>`."""
_FIRST = "-000.warc.gz"
_GZIP_HEAD = 10
_BLANK = b"\r\n\r\n"
_PLAIN_URI = re.compile(r"https?://[\w.:-]+(?:/[\w.~/?&=%+,;:@!$'()*\[\]-]*)?", re.ASCII)
"""An address to which a fragment can be added, and what comes out is a URI."""
_CONDITIONS = frozenset({"if-none-match", "if-modified-since", "host", "cookie"})

Header = tuple[str, str]


class Found(NamedTuple):
    """One record of a plain WARC stream."""

    begin: int
    end: int
    kind: str
    headers: Mapping[str, str]


class Head(NamedTuple):
    """The head of an answer."""

    text: Callable[[], bytes]
    says: Hashable
    """All of it that is worth telling twice; None: it says something new."""


class RevisitFile:
    """The open file of a unit's unchanged answers; it appears with the first of them."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._file: IO[bytes] | None = None
        self._asked: tuple[Header, ...] = ()
        self._answered: dict[str, Hashable] = {}
        """Host → what its last written head says."""
        self.name = ""

    def add(
        self, url: str, stamp: str, own: Sequence[Header], head: Head, asked: tuple[str, Sequence[Header]]
    ) -> int:
        """Appends one revisit record and returns its offset.

        The head of the answer is written where it says something that the last one of its host did not. `asked` is
        the request's first line and headers; the request is written where it differs from the last one by more than
        address and conditions: those follow from the record in which the body stands.
        """
        file = self._file or self._open()
        line, headers = asked
        common = tuple(pair for pair in headers if pair[0].lower() not in _CONDITIONS)
        target = ("WARC-Target-URI", url), ("WARC-Date", stamp)
        if common != self._asked:
            self._asked = common
            name = f"<urn:uuid:{uuid4()}>"
            file.write(records.plain("request", records.ASKING, name, target, records.head_of(line, headers)))
        host = url.split("/", 3)[2] if "://" in url else ""
        said_before = head.says is not None and self._answered.get(host) == head.says
        self._answered[host] = head.says
        offset = file.tell()
        block = b"" if said_before else head.text()
        file.write(records.plain("revisit", records.ANSWER, _name(url, stamp), (*target, *own), block))
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
        self._file = (self._folder / self.name).open("ab")
        return self._file


def _name(url: str, stamp: str) -> str:
    """What was asked and when, to the microsecond: no other record has that, and it takes next to no room where both
    are said already. The standard asks for a legal URI of a registered scheme and names `http:` for one."""
    return f"<{url}#{stamp}>" if _PLAIN_URI.fullmatch(url) else f"<urn:uuid:{uuid4()}>"


def place_said(place: str, beside: str) -> Header:
    """The header that says where an unchanged body stands. `beside`: `<unit>/<prefix>` of the file it is written in."""
    path, _, offset = place.rpartition("@")
    run, _, rest = path.partition("/")
    return (STANDS_NEAR, f"{run}@{offset}") if rest == f"{beside}{_FIRST}" else (STANDS_IN, place)


def beside_of(path: Path) -> str:
    """`<unit>/<prefix>` of a file of revisits."""
    return f"{path.parent.name}/{path.name.partition(MARK)[0]}"


def place_in(said: Callable[[str], str | None], beside: str) -> str:
    """Where the unchanged body stands, by the headers of a record; empty where none says it. `beside`: `<unit>/<prefix>`
    of the file that holds the record."""
    run, _, offset = (said(STANDS_NEAR) or "").partition("@")
    if run and offset:
        return f"{run}/{beside}{_FIRST}@{offset}"
    return said(STANDS_IN) or ""


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
