"""A page that has not changed for long is not asked every night; its list of a night says on which it was last asked.

`carried.jsonl` stands beside the list of attempts and is none itself: one line for an address that was met tonight
and not asked, with the run whose list holds its last answer. It is packed when the unit is closed. A line always
leads to an attempt, never to another such line.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from dossier.archive.manifest import UNREADABLE, ManifestBroken, as_it_stands, read_lines
from dossier.model import Capture, Reach, Via

CARRIED = "carried.jsonl"
CARRIED_PACKED = CARRIED + ".gz"


class CarriedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the file."""

    url: str
    """As it was asked then, and would have been asked tonight."""
    run: str
    """The run in which it was last asked and there."""
    after: int
    """So many attempts of tonight had been made when it was met."""


class Resolved(NamedTuple):
    """A line, and the answer that it leads to; None where that night's list does not hold it any more."""

    line: CarriedLine
    capture: Capture | None


def carried_file(folder: Path) -> Path:
    """The file of a unit's folder, packed or not."""
    packed = folder / CARRIED_PACKED
    return packed if packed.is_file() else folder / CARRIED


def read_carried(folder: Path) -> Iterator[Resolved]:
    """All lines of a unit's folder with their answers, in the order of the night. Raises ManifestBroken where the
    packed file is damaged; a line torn by a kill is left out."""
    lines = list(_lines(carried_file(folder)))
    nights = {run: _answers(folder.parent.parent / run / folder.name) for run in {one.run for one in lines}}
    for line in lines:
        found = nights[line.run].get(line.url)
        yield Resolved(line, msgspec.structs.replace(found, carried=line.run) if found else None)


def with_carried(
    captures: Iterable[Capture], carried: Iterable[tuple[CarriedLine, Capture]]
) -> tuple[Capture, ...]:
    """Attempts of a night and what was carried into it, in the order in which the crawl met them."""
    asked = tuple(captures)
    met: list[list[Capture]] = [[] for _ in range(len(asked) + 1)]
    for line, capture in carried:
        met[min(max(0, line.after), len(asked))].append(capture)
    found = list(met[0])
    for one, after in zip(asked, met[1:], strict=True):
        found += (one, *after)
    return tuple(found)


def pack_carried(folder: Path) -> None:
    """Packs the file of a closed unit; the plain one goes when the packed one is whole on the disk."""
    path = folder / CARRIED
    if not path.is_file():
        return
    draft = folder / (CARRIED_PACKED + ".tmp")
    with draft.open("wb") as out:
        out.write(gzip.compress(path.read_bytes(), 9, mtime=0))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / CARRIED_PACKED)
    path.unlink()


def _answers(folder: Path) -> dict[str, Capture]:
    """The last good answer of each address on one night."""
    try:
        said = as_it_stands([line.capture for line in read_lines(folder) if line.capture is not None])
    except (OSError, *UNREADABLE):
        return {}
    return {one.asked_url: one for one in said if is_a_sight(one)}


def is_a_sight(capture: Capture) -> bool:
    """Whether an attempt showed the thing itself, as the server gives it to everybody."""
    return capture.reach is Reach.OK and capture.via is Via.HTTP and capture.length > 0


def _lines(path: Path) -> Iterator[CarriedLine]:
    if not path.is_file():
        return
    raw = path.read_bytes()
    if path.name == CARRIED_PACKED:
        try:
            raw = gzip.decompress(raw)
        except (zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise ManifestBroken(f"{path.name} 已损坏") from error
    decoder = msgspec.json.Decoder(CarriedLine)
    for line in raw.splitlines():
        try:
            one = decoder.decode(line)
        except UNREADABLE:
            continue
        if one.run and "/" not in one.run and ".." not in one.run:
            yield one
