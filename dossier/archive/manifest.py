"""The list of attempts: one line each, in time order; when its unit is closed and little was new, it is packed.

The list is `captures.jsonl`, every line whole. Of a closed unit of which most had not changed it is
`captures.jsonl.gz`, and the line of a page that did not change keeps its address, its moment and what is new; the rest it takes from
the line of the attempt that brought the body, named by `like` (`<run>/<unit>/<file>@<offset>`). That line is
always a whole one, so there is one step and never a chain.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dossier.archive.revisits import beside_of, is_revisits, place_in, plain_bytes, walk
from dossier.model import Capture, Reach

CAPTURES = "captures.jsonl"
PACKED = CAPTURES + ".gz"
MANIFEST_FILES = (PACKED, CAPTURES)
"""The names that the list of a unit may have."""
_LIKE, _WITHOUT = "like", "without"
_ALWAYS = ("asked_url", "at", "reach")
"""Said by every line itself."""

BY_PORTAL = "portal"
"""The reason of an attempt that was answered by somebody on our own line: a login page in everybody's place."""

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
"""What a line or a file of JSON raises that is no longer what was written."""

Fields = dict[str, Any]


class ManifestBroken(msgspec.DecodeError):
    """A list of attempts that cannot be read as it was written."""


class Line(NamedTuple):
    """One line of a list: the attempt, or why it cannot be told."""

    number: int
    capture: Capture | None
    trouble: str = ""
    """Chinese."""
    url: str = ""


class _Place(msgspec.Struct):
    """Of a line, where its attempt stands."""

    warc: str = ""
    offset: int = -1
    sha256: str = ""
    revisit_of: str = ""
    like: str = ""


def manifest_file(folder: Path) -> Path:
    """The list of a unit's folder, as it is there: packed or not."""
    packed = folder / PACKED
    return packed if packed.is_file() else folder / CAPTURES


def read_lines(folder: Path) -> Iterator[Line]:
    """All lines of a unit's list. Raises ManifestBroken where a packed list cannot be unpacked."""
    path = manifest_file(folder)
    if not path.is_file():
        return
    said: list[tuple[int, Fields | Capture | None]] = []
    whole = msgspec.json.Decoder(Capture)
    for number, raw in enumerate(_raw_lines(path), start=1):
        if not raw.strip():
            continue
        try:
            said.append((number, msgspec.json.decode(raw) if b'"like":' in raw else whole.decode(raw)))
        except msgspec.ValidationError:
            raise
        except UNREADABLE:
            said.append((number, None))
    places = {str(line[_LIKE]) for _, line in said if isinstance(line, dict) and _LIKE in line}
    originals = _originals(folder, places)
    for number, line in said:
        if line is None:
            yield Line(number, None, f"第 {number} 行不完整")
        elif isinstance(line, Capture):
            yield Line(number, line)
        else:
            yield _resolved(number, line, originals)


def as_it_stands(captures: Sequence[Capture]) -> list[Capture]:
    """The attempts as they are to be understood when all of a night's lines are known.

    Where a line says that somebody on our own line had answered for an address (`BY_PORTAL`), the lines of that address
    before it brought nothing of its site's: they are silences too, whatever they say.
    """
    taken_back = {one.asked_url: at for at, one in enumerate(captures) if one.reason == BY_PORTAL}
    return [_voided(one) if at < taken_back.get(one.asked_url, 0) else one for at, one in enumerate(captures)]


def _voided(capture: Capture) -> Capture:
    """An attempt without what it brought; where that lies stays said."""
    return msgspec.structs.replace(
        capture,
        reach=Reach.SILENT,
        reason=BY_PORTAL,
        status=None,
        sha256="",
        length=0,
        etag="",
        last_modified="",
        revisit_of="",
    )


def pack_manifest(folder: Path) -> None:
    """Packs the list of a closed unit of which most had not changed; the plain one goes when the packed one is whole on the disk."""
    path = folder / CAPTURES
    if not path.is_file():
        return
    decoder = msgspec.json.Decoder(_Place)
    try:
        lines = [line for line in path.read_bytes().splitlines() if line.strip()]
        said = [msgspec.json.decode(line) for line in lines]
        attempts = [decoder.decode(line) for line in lines]
    except UNREADABLE:
        return  # torn: it stays as it is
    places = {index: place for index, place in enumerate(_stands_in(folder, attempts)) if place}
    if 2 * len(places) < len(lines):
        return
    originals = _originals(folder, set(places.values()))
    for index, place in places.items():
        original = originals.get(place)
        if original is not None and original.get("sha256") == attempts[index].sha256:
            lines[index] = msgspec.json.encode(_shortened(said[index], original, place))
    draft = folder / (PACKED + ".tmp")
    with draft.open("wb") as out:
        out.write(gzip.compress(b"\n".join([*lines, b""]), 9, mtime=0))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / PACKED)
    path.unlink()


def unpack_manifest(folder: Path) -> None:
    """Lays a packed list open again, for a crawl that goes on in a closed folder."""
    if not (folder / PACKED).is_file():
        return
    captures = [line.capture for line in read_lines(folder) if line.capture is not None]
    draft = folder / (CAPTURES + ".tmp")
    draft.write_bytes(b"".join(msgspec.json.encode(capture) + b"\n" for capture in captures))
    draft.replace(folder / CAPTURES)
    (folder / PACKED).unlink()


def _shortened(fields: Fields, original: Fields, place: str) -> Fields:
    """What a line says that its original does not."""
    base = _as_revisit(original, place)
    short = {key: value for key, value in fields.items() if key in _ALWAYS or base.get(key) != value}
    short[_LIKE] = place
    gone = sorted(base.keys() - fields.keys())
    return {**short, _WITHOUT: gone} if gone else short


def _resolved(number: int, line: Fields, originals: Mapping[str, Fields]) -> Line:
    place, url = str(line.pop(_LIKE, "")), str(line.get("asked_url", ""))
    original = originals.get(place)
    if original is None:
        return Line(number, None, f"第 {number} 行所引的旧清单（{place}）找不到", url)
    base = _as_revisit(original, place)
    for key in line.pop(_WITHOUT, ()):
        base.pop(key, None)
    return Line(number, msgspec.convert({**base, **line}, Capture), "", url)


def _as_revisit(original: Fields, place: str) -> Fields:
    run, _, rest = place.partition("/")
    return {**original, "revisit_of": f"{run}/{rest.rpartition('/')[2].rpartition('@')[0]}"}


def _originals(folder: Path, places: Iterable[str]) -> dict[str, Fields]:
    """The whole lines that stand for these places, each from the list of its own night."""
    wanted: dict[tuple[str, str], dict[tuple[str, int], str]] = {}
    for place in places:
        path, _, offset = place.rpartition("@")
        if path.count("/") == 2 and offset.isdigit():
            run, unit, name = path.split("/")
            if ".." not in (run, unit):
                wanted.setdefault((run, unit), {})[name, int(offset)] = place
    found: dict[str, Fields] = {}
    decoder = msgspec.json.Decoder(_Place)
    for (run, unit), names in wanted.items():
        try:
            for raw in _raw_lines(manifest_file(folder.parent.parent / run / unit)):
                try:
                    at = decoder.decode(raw)
                except UNREADABLE:
                    continue
                place = names.get((at.warc, at.offset), "")
                if place and not at.like:
                    found[place] = msgspec.json.decode(raw)
        except (OSError, ManifestBroken):
            continue
    return {place: fields for place, fields in found.items() if "revisit_of" not in fields}


def _stands_in(folder: Path, attempts: Iterable[_Place]) -> Iterator[str]:
    """For each attempt the place where its unchanged body stands, or nothing."""
    known: dict[str, dict[int, str]] = {}
    for capture in attempts:
        name = capture.warc
        if not is_revisits(name) or not capture.revisit_of:
            yield ""
            continue
        if name not in known:
            found = walk(plain_bytes(folder / name))
            beside = beside_of(folder / name)
            known[name] = {one.begin: place_in(one.headers.get, beside) for one in found}
        yield known[name].get(capture.offset, "")


def _raw_lines(path: Path) -> Iterator[bytes]:
    if path.name != PACKED:
        with path.open("rb") as lines:
            yield from lines
        return
    try:
        yield from gzip.decompress(path.read_bytes()).splitlines()
    except (zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise ManifestBroken(f"{path.name} 已损坏") from error
