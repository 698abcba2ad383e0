"""A crawl that was killed leaves archives that break off; what is whole in them is kept, and the rest beside it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from dossier.archive.revisits import walk

TAIL = ".torn"
"""Added to the name of the file that keeps the torn end of another."""
_CHUNK = 1 << 16


def close_folder(folder: Path) -> tuple[str, ...]:
    """Cut every archive and list of a unit's folder after its last whole record; the names of those that were torn."""
    torn = [path.name for path in sorted(folder.glob("*.warc.gz")) if _cut(path, whole_bytes(path))]
    torn += [path.name for path in sorted(folder.glob("*.warc")) if _cut(path, _whole_stream(path))]
    return (*torn, *(path.name for path in sorted(folder.glob("*.jsonl")) if _cut(path, _whole_lines(path))))


def whole_bytes(path: Path) -> int:
    """Where the last whole record of a WARC file ends: each is a gzip member of its own."""
    return max((end for _, end in members(path)), default=0)


def members(path: Path, start: int = 0) -> Iterator[tuple[int, int]]:
    """Begin and end of each whole gzip member from `start` on; stops at the first that is torn or broken."""
    with path.open("rb") as file:
        file.seek(start)
        begin = start
        pending = b""
        while True:
            unzip = zlib.decompressobj(wbits=31)
            taken = 0
            while not unzip.eof:
                chunk = pending or file.read(_CHUNK)
                pending = b""
                if not chunk:
                    return
                try:
                    while chunk and not unzip.eof:
                        unzip.decompress(chunk, _CHUNK)
                        before, chunk = len(chunk), unzip.unconsumed_tail
                        taken += before - len(chunk)
                except zlib.error:
                    return
            taken -= len(unzip.unused_data)
            yield begin, begin + taken
            begin += taken
            pending = unzip.unused_data


def _whole_stream(path: Path) -> int:
    """Where the last whole record of a plain WARC stream ends."""
    return max((found.end for found in walk(path.read_bytes())), default=0)


def _whole_lines(path: Path) -> int:
    size = path.stat().st_size
    with path.open("rb") as file:
        end = size
        while end > 0:
            start = max(0, end - _CHUNK)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
    return 0


def _cut(path: Path, keep: int) -> bool:
    if path.stat().st_size <= keep:
        return False
    with path.open("r+b") as file, path.with_name(path.name + TAIL).open("ab") as tail:
        file.seek(keep)
        while chunk := file.read(_CHUNK):
            tail.write(chunk)
        tail.flush()
        os.fsync(tail.fileno())
        file.truncate(keep)
    return True
