"""An archived body is only believed if its digest still says that it is what was fetched."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dossier.archive.exchange import payload_digest
from dossier.archive.manifest import UNREADABLE, ManifestBroken, as_it_stands, read_lines
from dossier.archive.places import is_there, located, stream_at, thin_name
from dossier.archive.revisits import beside_of, place_in
from dossier.archive.writer import ACCOUNTS, FACTS, REPORT
from dossier.model import AccountFacts, Capture, PageFacts, UnitReport

_MOST_STEPS = 10
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class BodyMissing(Exception):  # noqa: N818 - it names what is wrong with the archive
    """No archived body stands where the manifest says."""


class DigestMismatch(BodyMissing):
    """An archived body is not what was fetched."""


class FactsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One line of facts.jsonl."""

    sha256: str
    url: str
    facts: PageFacts


class SameReading(msgspec.Struct, frozen=True, kw_only=True):
    """A line of facts.jsonl for a body that was read anew and says what it said on an earlier night."""

    sha256: str
    url: str
    like: str
    """`<run>@<offset>` of the whole line among the readings of the same unit."""


class _FactsLine(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    url: str
    facts: PageFacts | None = None
    like: str = ""


def read_body(runs_dir: Path, run_id: str, unit_id: str, capture: Capture) -> bytes:
    """The body of a capture, from this run's archive or, for an unchanged page, from the one it stands in.

    Raises DigestMismatch where bytes differ from what the manifest says, BodyMissing where there are none.
    """
    if not capture.warc:
        raise BodyMissing(f"{capture.asked_url}: 没有归档内容")
    place = place_of(run_id, unit_id, capture)
    body = record_body(runs_dir, place, capture.sha256)
    if hashlib.sha256(body).hexdigest() != capture.sha256 and (capture.sha256 or body):
        raise DigestMismatch(f"{capture.asked_url}: 归档内容与摘要不符（{place}）")
    return body


def place_of(run_id: str, unit_id: str, capture: Capture) -> str:
    """Where the record of a capture stands: in its run's folder, or in that of the night from which it was carried."""
    return f"{capture.carried or run_id}/{unit_id}/{capture.warc}@{capture.offset}"


def record_body(runs_dir: Path, place: str, sha256: str = "") -> bytes:
    """The body that stands at `<run>/<unit>/<file>@<offset>`, revisits followed."""
    return record_answer(runs_dir, place, sha256)[0]


def record_answer(runs_dir: Path, place: str, sha256: str = "") -> tuple[bytes, str]:
    """The body that stands at a place, revisits followed, and the content type that it came with."""
    for _ in range(_MOST_STEPS):
        path_text, _, offset_text = place.rpartition("@")
        path = runs_dir / path_text
        if not is_there(path):
            raise BodyMissing(f"归档文件不在：{path_text}")
        now = located(path, int(offset_text))
        if now is None:
            raise BodyMissing(f"归档记录已按保存期限精简：{place}")
        kind, body, said = _read_record(*now)
        if kind == "response":
            return body, said
        if kind != "revisit":
            raise BodyMissing(f"此处不是应答记录：{place}")
        place = said or _place_by_digest(runs_dir, path, sha256)
    raise BodyMissing(f"未变内容的指向成环：{place}")


def read_captures(folder: Path) -> tuple[Capture, ...]:
    """All attempts of one unit in time order; a torn last line is left out.

    Raises ManifestBroken where a line leans on an earlier night's list that is not there any more.
    """
    found = []
    for line in read_lines(folder):
        if line.capture is not None:
            found.append(line.capture)
        elif line.url:
            raise ManifestBroken(f"{line.url}：{line.trouble}")
    return tuple(as_it_stands(found))


def read_facts(folder: Path) -> Iterator[FactsRecord]:
    """What was read of each body of one unit; a torn last line is left out, and so is one whose earlier reading is
    not where it was."""
    for line in _lines(_facts_path(folder), _FactsLine):
        facts = line.facts if line.facts is not None else _facts_like(folder, line)
        if facts is not None:
            yield FactsRecord(sha256=line.sha256, url=line.url, facts=facts)


def _facts_like(folder: Path, line: _FactsLine) -> PageFacts | None:
    """The reading of an earlier night that a line refers to."""
    run, _, offset = line.like.partition("@")
    if not run or "/" in run or ".." in run or not offset.isdigit():
        return None
    try:
        with _facts_path(folder.parent.parent / run / folder.name).open("rb") as lines:
            lines.seek(int(offset))
            found = msgspec.json.decode(lines.readline(), type=FactsRecord)
    except (OSError, *UNREADABLE):
        return None
    return found.facts if (found.sha256, found.url) == (line.sha256, line.url) else None


def _facts_path(folder: Path) -> Path:
    thinned = folder / thin_name(FACTS)
    path = folder / FACTS
    return path if path.is_file() or not thinned.is_file() else thinned


def read_accounts(folder: Path) -> tuple[AccountFacts, ...]:
    return tuple(_lines(folder / ACCOUNTS, AccountFacts))


def read_report(folder: Path) -> UnitReport | None:
    """The closing report of a unit; None while its crawl is open (or was killed)."""
    path = folder / REPORT
    if not path.is_file():
        return None
    return msgspec.json.decode(path.read_bytes(), type=UnitReport)


def _lines(path: Path, kind: type[_Struct]) -> Iterator[_Struct]:
    """Whole lines only. A line torn by a kill is skipped, at the end or where a later run went on after it."""
    if not path.is_file():
        return
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                yield decoder.decode(line)
            except msgspec.ValidationError:
                raise
            except UNREADABLE:
                continue


def _read_record(path: Path, offset: int) -> tuple[str, bytes, str]:
    """Kind; body and content type of a response; for a revisit, no body and the place where it stands."""
    from warcio.archiveiterator import ArchiveIterator  # a crawl and a judgement hardly ever open an archive
    from warcio.exceptions import ArchiveLoadFailed

    try:
        archive = stream_at(path, offset)
    except (zlib.error, ValueError) as error:
        raise DigestMismatch(f"归档记录已损坏：{path.name}") from error
    with archive:
        try:
            for record in ArchiveIterator(archive):
                if record.rec_type != "response":
                    return str(record.rec_type), b"", place_in(record.rec_headers.get_header, beside_of(path))
                body: bytes = record.content_stream().read()
                if record.http_headers is None:  # a flipped bit that unpacks, but to no answer
                    raise DigestMismatch(f"归档记录已损坏：{path.name}@{offset}")
                declared: Any = record.http_headers.get_header("Content-Type")
                return "response", body, str(declared or "")
        except (ArchiveLoadFailed, zlib.error, EOFError, ValueError) as error:
            raise DigestMismatch(f"归档记录已损坏：{path.name}@{offset}") from error
    raise BodyMissing(f"归档文件在此处没有记录：{path.name}@{offset}")


def _place_by_digest(runs_dir: Path, path: Path, sha256: str) -> str:
    """Where another tool's revisit points, found by digest in the same unit's other files of any run."""
    from warcio.archiveiterator import ArchiveIterator

    wanted = payload_digest(sha256) if sha256 else ""
    for other in sorted(runs_dir.glob(f"*/{path.parent.name}/*.warc.gz")):
        with other.open("rb") as archive:
            records = ArchiveIterator(archive)
            for record in records:
                if (
                    record.rec_type == "response"
                    and record.rec_headers.get_header("WARC-Payload-Digest") == wanted
                ):
                    return f"{other.relative_to(runs_dir)}@{records.get_record_offset()}"
    raise BodyMissing(f"找不到未变内容的原件：{path.name}")
