"""Whether pages are read by compiled code (`make fast`) or by the interpreter: the same sources say the same either way.

What was compiled lies outside the source tree, under a name made of all sources of this room. Once one of them
differs by a letter, that name is looked for in vain and the sources themselves are run: a stale build
shadows nothing, it is not found.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

ROOM = Path(__file__).parent
SHELF = Path(sys.prefix) / "lib" / "gongkai-compiled"
"""Inside the environment that runs us, so that a compiled module never meets another Python than its own."""
OFF = "GONGKAI_INTERPRETED"
"""Set to anything, this variable has the sources run although they were compiled."""
_PACKAGES = ("reading",)


def sources() -> list[Path]:
    """The modules that `make fast` compiles."""
    return [
        path
        for package in _PACKAGES
        for path in sorted((ROOM / package).glob("*.py"))
        if path.name != "__init__.py"
    ]


def digest_of(room: Path) -> str:
    """The name of a build: every source of the room, because compiled code takes types and constants from others."""
    told = hashlib.sha256(str(sysconfig.get_config_var("EXT_SUFFIX")).encode())
    for path in sorted(room.rglob("*.py")):
        body = path.read_bytes()
        told.update(f"\0{path.relative_to(room).as_posix()}\0{len(body)}\0".encode())
        told.update(body)
    return told.hexdigest()[:24]


@cache
def build() -> Path | None:
    """The folder of what was compiled from exactly these sources; None where there is none or it is not wanted."""
    if is_off() or not SHELF.is_dir():
        return None
    folder = SHELF / digest_of(ROOM)
    return folder if folder.is_dir() else None


def is_off() -> bool:
    """Whether somebody wants the sources run, compiled or not."""
    return bool(os.environ.get(OFF))


def is_stale() -> bool:
    """Whether something was compiled once, but from other sources."""
    return build() is None and SHELF.is_dir() and any(SHELF.iterdir())


def prefer_compiled(package: str, path: list[str]) -> None:
    """Have a package's modules looked for among what was compiled before they are looked for among the sources."""
    folder = build()
    if folder is None or package.rpartition(".")[2] not in _PACKAGES:
        return
    path.insert(0, str(folder.joinpath(*package.split("."))))
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # the library that all compiled modules share lies there
