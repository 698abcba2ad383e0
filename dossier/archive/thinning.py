"""After its time an archive keeps what something rests on and lets the rest go; what went is written down.

Of a thinned unit's folder the list of attempts, the unchanged answers and the closing report stay as they were.
Its WARC files are written anew under another name, the records that stay byte for byte; `thinned.json` says where
each of them stood and which files went. A kept body is still proven by its digest in the list of attempts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from dossier.archive.manifest import UNREADABLE
from dossier.archive.places import THINNED, Thinned, read_thinned, thin_name
from dossier.archive.reader import read_captures
from dossier.archive.repair import members
from dossier.archive.revisits import is_revisits
from dossier.archive.writer import FACTS
from dossier.model import Capture

PICTURES = "screenshots"
Needed = Callable[[Capture], bool]


@dataclass(frozen=True)
class Plan:
    """What thinning a unit's folder would do."""

    kept: int
    """Records of answers that stay."""
    removed: int
    bytes: int
    """By which the folder shrinks, about."""
    names: tuple[str, ...] = ()
    """Files that go, or are written anew with less in them."""


def plan_of(folder: Path, needed: Needed) -> Plan:
    """What would go and what would stay of a unit's folder; nothing is touched."""
    kept = removed = freed = 0
    for path, groups in _groups(folder):
        for begin, end, capture in groups:
            if capture is None or needed(capture):
                kept += capture is not None
            else:
                removed += 1
                freed += end - begin
        del path
    facts, pictures = folder / FACTS, _pictures(folder)
    if facts.is_file():
        bodies = _bodies(folder, needed)
        with facts.open("rb") as lines:
            freed += sum(len(line) for line in lines if not _is_of(line, bodies))
    freed += sum(path.stat().st_size for path in pictures)
    return Plan(kept, removed, freed, _going(folder))


def thin(folder: Path, needed: Needed, *, at: datetime, days: int) -> Thinned:
    """Writes the thinned files beside the old ones, and what became of each; `remove_thinned` ends it."""
    files: dict[str, dict[int, int]] = {}
    kept = removed = 0
    for path, groups in _groups(folder):
        moved = files[path.name] = {}
        with path.open("rb") as old, (folder / thin_name(path.name)).open("wb") as new:
            for begin, end, capture in groups:
                if capture is not None and not needed(capture):
                    removed += 1
                    continue
                old.seek(begin)
                start = new.tell()
                new.write(old.read(end - begin))
                for member, _ in members(path, begin) if capture is not None else ():
                    if member >= end:
                        break
                    moved[member] = start + member - begin
                kept += capture is not None
            _settle(new)
    if (folder / FACTS).is_file():
        bodies = _bodies(folder, needed)
        with (folder / FACTS).open("rb") as lines, (folder / thin_name(FACTS)).open("wb") as new:
            new.writelines(line for line in lines if _is_of(line, bodies))
            _settle(new)
    said = Thinned(
        at=at, days=days, files=files, removed=_going(folder), records_kept=kept, records_removed=removed
    )
    draft = folder / (THINNED + ".tmp")
    with draft.open("wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(said), indent=1))
        _settle(out)
    draft.replace(folder / THINNED)
    return said


def remove_thinned(folder: Path) -> None:
    """Removes the files that `thinned.json` names; what was begun and broken off is finished so."""
    said = read_thinned(folder)
    for name in said.removed if said else ():
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)


def facts_file(folder: Path) -> Path:
    """The readings of a unit's folder, thinned or not."""
    path = folder / FACTS
    thinned = folder / thin_name(FACTS)
    return thinned if not path.is_file() and thinned.is_file() else path


def _going(folder: Path) -> tuple[str, ...]:
    named = [path.name for path in _archives(folder)] + [FACTS] * (folder / FACTS).is_file()
    return (*named, *(path.relative_to(folder).as_posix() for path in _pictures(folder)))


def _archives(folder: Path) -> list[Path]:
    said = sorted(folder.glob("*.warc.gz"))
    return [path for path in said if not is_revisits(path.name) and ".thin." not in path.name]


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / PICTURES).glob("*") if path.is_file())


def _groups(folder: Path) -> Iterator[tuple[Path, list[tuple[int, int, Capture | None]]]]:
    """Each archive as runs of members: what was written for one attempt (its redirects, its answer, the requests)
    is kept or goes together; what no attempt claims (the file's own head) always stays."""
    claimed = {(one.warc, one.offset): one for one in read_captures(folder) if one.warc}
    for path in _archives(folder):
        groups: list[tuple[int, int, Capture | None]] = []
        start, owner = 0, None
        ended = 0
        for begin, end in members(path):
            capture = claimed.get((path.name, begin))
            if begin == 0 and capture is None:
                groups.append((begin, end, None))  # the file's own head
                start = end
            elif capture is not None:
                owner = capture
            elif owner is not None:  # the request that follows the answer ends the group
                groups.append((start, end, owner))
                start, owner = end, None
            ended = end
        if start < ended:
            groups.append((start, ended, owner))
        yield path, groups


def _bodies(folder: Path, needed: Needed) -> frozenset[str]:
    return frozenset(one.sha256 for one in read_captures(folder) if one.sha256 and needed(one))


class _Key(msgspec.Struct):
    sha256: str = ""


_decoder = msgspec.json.Decoder(_Key)


def _is_of(line: bytes, bodies: frozenset[str]) -> bool:
    try:
        return _decoder.decode(line).sha256 in bodies
    except UNREADABLE:
        return False


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
