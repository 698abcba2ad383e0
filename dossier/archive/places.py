"""A place (`<file>@<offset>`) is for ever: whoever asks for it is led to where its record stands today.

Files of revisits are packed when their unit is closed, and archives past their time are thinned into other files.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO

import msgspec

from dossier.archive.manifest import UNREADABLE
from dossier.archive.revisits import PACKED, PLAIN, is_revisits, plain_bytes

THINNED = "thinned.json"
_THIN = ".thin"


class Thinned(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule of retention left of one unit's folder."""

    at: datetime
    days: int
    """The setting in force: archives older than so many days were thinned."""
    files: dict[str, dict[int, int]]
    """File as it was called → offset then → offset in the thinned file."""
    removed: tuple[str, ...]
    """Names of the files that went, as the run's manifest lists them."""
    records_kept: int
    records_removed: int


def read_thinned(folder: Path) -> Thinned | None:
    """What was thinned in a unit's folder; None where nothing was. Raises DecodeError where it cannot be read."""
    path = folder / THINNED
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read(path, changed)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Thinned:
    return msgspec.json.decode(path.read_bytes(), type=Thinned)


def thin_name(name: str) -> str:
    """What a thinned file is called, made from what it was called."""
    stem = name.removesuffix(PACKED)
    return f"{stem}{_THIN}{PACKED}" if stem != name else f"{Path(name).stem}{_THIN}{Path(name).suffix}"


def full_name(name: str) -> str:
    """What a file was called before it was thinned."""
    return name.replace(f"{_THIN}.", ".", 1)


def files_of(folder: Path, name: str) -> tuple[Path, ...]:
    """The files of a unit's folder in which the records of one named file stand today, with what explains them."""
    if (folder / name).is_file() or not (folder / THINNED).is_file():
        return (folder / name,)
    return (folder / thin_name(name), folder / THINNED)


def is_there(path: Path) -> bool:
    """Whether the file that a place names is there: as it is, packed, or thinned."""
    if path.is_file():
        return True
    if is_revisits(path.name):
        return path.with_name(path.name + ".gz").is_file()
    return path.with_name(thin_name(path.name)).is_file()


def located(path: Path, offset: int) -> tuple[Path, int] | None:
    """Where the record of a place stands today; None where it went by the rule of retention."""
    if path.is_file() or is_revisits(path.name):
        return path, offset
    try:
        thinned = read_thinned(path.parent)
    except UNREADABLE:
        return path, offset  # where it stands cannot be told: it is missing, not thinned
    if thinned is None or path.name not in thinned.files:
        return path, offset
    now = thinned.files[path.name].get(offset)
    return None if now is None else (path.with_name(thin_name(path.name)), now)


def stream_at(path: Path, offset: int) -> IO[bytes]:
    """A stream that begins with a record. Raises zlib.error or ValueError where a packed file is damaged."""
    if is_revisits(path.name) and path.suffix == PLAIN:
        return BytesIO(plain_bytes(path)[offset:])
    file = path.open("rb")
    file.seek(offset)
    return file
