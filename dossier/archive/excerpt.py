"""A few records of an archive, copied byte for byte into a WARC file of their own, for whoever has to be shown them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from dossier.archive.places import is_there, located
from dossier.archive.reader import BodyMissing
from dossier.archive.repair import members
from dossier.archive.revisits import beside_of, is_revisits, place_in, plain_bytes, walk

_MOST_STEPS = 10


def excerpt(runs_dir: Path, places: Iterable[str], name: str) -> bytes:
    """A WARC file with the records at these places (`<run>/<unit>/<file>@<offset>`), the requests that they
    answer, and, for a revisit, the record in which the unchanged body stands.

    Raises BodyMissing where a record is not there.
    """
    from warcio.warcwriter import WARCWriter  # slow to load, and excerpts are rare

    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer.write_record(
        writer.create_warcinfo_record(name, {"software": "gongkai", "format": "WARC File Format 1.1"})
    )
    taken: set[str] = set()
    for place in places:
        for _ in range(_MOST_STEPS):
            if not place or place in taken:
                break
            taken.add(place)
            raw, place = _copied(runs_dir, place)
            out.write(raw)
    return out.getvalue()


def _copied(runs_dir: Path, place: str) -> tuple[bytes, str]:
    """The answer at a place with its request, as they lie in the file; and where an unchanged body stands."""
    path_text, _, offset_text = place.rpartition("@")
    path = (runs_dir / path_text).resolve()
    if not path.is_relative_to(runs_dir.resolve()) or not is_there(path):
        raise BodyMissing(f"归档文件不在：{path_text}")
    if is_revisits(path.name):
        return _unchanged(path, int(offset_text))
    now = located(path, int(offset_text))
    if now is None:
        raise BodyMissing(f"归档记录已按保存期限精简：{place}")
    path, offset = now
    raw, points_to, first = b"", "", True
    for begin, end in members(path, offset):
        with path.open("rb") as file:
            file.seek(begin)
            member = file.read(end - begin)
        kind, stands_in = _kind(member, path, place)
        if first and kind not in ("response", "revisit"):
            raise BodyMissing(f"此处不是应答记录：{place}")
        if not first and kind != "request":
            break
        raw += member
        if first:
            points_to, first = stands_in, False
        else:
            break
    if first:
        raise BodyMissing(f"归档文件在此处没有记录：{place}")
    return raw, points_to


def _unchanged(path: Path, offset: int) -> tuple[bytes, str]:
    """A packed revisit as a gzip member of its own, byte for byte inside."""
    try:
        content = plain_bytes(path)
    except (zlib.error, ValueError) as error:
        raise BodyMissing(f"归档记录已损坏：{path.name}") from error
    found = next(walk(content, offset), None)
    if found is None or found.kind != "revisit":
        raise BodyMissing(f"归档文件在此处没有记录：{path.name}@{offset}")
    return gzip.compress(content[offset : found.end], mtime=0), place_in(found.headers.get, beside_of(path))


def _kind(member: bytes, path: Path, place: str) -> tuple[str, str]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(BytesIO(member)):
            return str(record.rec_type), place_in(record.rec_headers.get_header, beside_of(path))
    except ArchiveLoadFailed as error:
        raise BodyMissing(f"归档记录已损坏：{place}") from error
    return "", ""
