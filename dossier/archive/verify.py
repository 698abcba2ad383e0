"""Evidence that nobody checks is not evidence: every archived body against its digest, every record against its line."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from dossier.archive.reader import BodyMissing, DigestMismatch, read_report, record_body
from dossier.archive.writer import CAPTURES, FACTS, REPORT, payload_digest
from dossier.model import Capture, UnitReport


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the evidence of one unit in one run."""

    file: str
    kind: str
    """`digest`, `missing-body`, `missing-file`, `extra-record`, `torn-line`, `torn-archive`, `torn-report`, `no-report`."""
    what: str
    """Chinese sentence."""
    url: str = ""


def verify(folder: Path) -> list[Fault]:
    """Faults of one unit's folder, `<runs>/<run>/<unit>`; empty when all of it can still be shown."""
    captures, faults = _read_manifest(folder)
    faults += _torn_lines(folder, FACTS)
    faults += _report_faults(folder)
    runs_dir, run_id, unit_id = folder.parent.parent, folder.parent.name, folder.name
    records, archive_faults = _read_archives(folder)
    faults += archive_faults
    claimed = set()
    for capture in captures:
        if not capture.warc:
            continue
        at = (capture.warc, capture.offset)
        claimed.add(at)
        if not (folder / capture.warc).is_file():
            faults.append(
                Fault(capture.warc, "missing-file", "归档文件不在，清单却指向它", capture.asked_url)
            )
            continue
        found = records.get(at)
        if found is None:
            faults.append(Fault(capture.warc, "missing-body", "清单所指之处没有应答记录", capture.asked_url))
            continue
        kind, digest, declared = found
        if kind == "revisit":
            faults += _revisit_faults(runs_dir, run_id, unit_id, capture)
        elif digest != (capture.sha256 or _EMPTY):
            faults.append(Fault(capture.warc, "digest", "归档内容与清单的摘要不符", capture.asked_url))
        elif declared and declared != payload_digest(digest):
            faults.append(Fault(capture.warc, "digest", "归档内容与记录自带的摘要不符", capture.asked_url))
    faults += _extra_records(folder, set(records) - claimed, captures)
    return faults


_EMPTY = hashlib.sha256(b"").hexdigest()


def _read_manifest(folder: Path) -> tuple[list[Capture], list[Fault]]:
    path = folder / CAPTURES
    if not path.is_file():
        if _asked_nothing(folder):
            return [], []
        return [], [Fault(CAPTURES, "missing-file", "没有抓取清单")]
    captures, faults = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            captures.append(msgspec.json.decode(line, type=Capture))
        except msgspec.DecodeError:
            faults.append(Fault(CAPTURES, "torn-line", f"第 {number} 行不完整"))
    return captures, faults


def _asked_nothing(folder: Path) -> bool:
    """Whether the unit was closed without a single address to ask, so that there is nothing to show."""
    try:
        report = read_report(folder)
    except msgspec.DecodeError:
        return False
    return report is not None and report.finish == "no-address" and not any(folder.glob("*.warc.gz"))


def _torn_lines(folder: Path, name: str) -> list[Fault]:
    path = folder / name
    if not path.is_file():
        return []
    faults = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                msgspec.json.decode(line, type=msgspec.Raw)
            except msgspec.DecodeError:
                faults.append(Fault(name, "torn-line", f"第 {number} 行不完整"))
    return faults


def _report_faults(folder: Path) -> list[Fault]:
    path = folder / REPORT
    if not path.is_file():
        return [Fault(REPORT, "no-report", "没有结束记录：抓取没有做完或被中断")]
    try:
        msgspec.json.decode(path.read_bytes(), type=UnitReport)
    except msgspec.DecodeError:
        return [Fault(REPORT, "torn-report", "结束记录读不出来")]
    return []


def _read_archives(folder: Path) -> tuple[dict[tuple[str, int], tuple[str, str, str]], list[Fault]]:
    """(file, offset) → kind, digest of the body as it is, digest as the record declares it."""
    records: dict[tuple[str, int], tuple[str, str, str]] = {}
    faults = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as archive:
            iterator = ArchiveIterator(archive)
            try:
                for record in iterator:
                    if record.rec_type not in ("response", "revisit"):
                        record.content_stream().read()
                        continue
                    digest = hashlib.sha256(record.content_stream().read()).hexdigest()
                    offset = iterator.get_record_offset()  # reads on to the record's end
                    declared = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                    records[path.name, offset] = (record.rec_type, digest, declared)
                whole = _is_whole(path)
            except (ArchiveLoadFailed, zlib.error, EOFError, ValueError):
                whole = False
            if not whole:
                faults.append(Fault(path.name, "torn-archive", "归档文件有一处读不出来"))
    return records, faults


def _is_whole(path: Path) -> bool:
    """Whether the last record ends; a reader takes the beginnings of one for the end of the file."""
    ended = True
    with path.open("rb") as archive:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while chunk := archive.read(1 << 20):
            while chunk:
                member.decompress(chunk)
                ended, chunk = member.eof, member.unused_data
                if ended:
                    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return ended


def _revisit_faults(runs_dir: Path, run_id: str, unit_id: str, capture: Capture) -> list[Fault]:
    place = f"{run_id}/{unit_id}/{capture.warc}@{capture.offset}"
    try:
        body = record_body(runs_dir, place, capture.sha256)
    except DigestMismatch as error:
        return [Fault(capture.warc, "digest", str(error), capture.asked_url)]
    except BodyMissing as error:
        return [Fault(capture.warc, "missing-body", str(error), capture.asked_url)]
    if hashlib.sha256(body).hexdigest() != capture.sha256:
        return [Fault(capture.warc, "digest", "未变内容的原件与摘要不符", capture.asked_url)]
    return []


def _extra_records(folder: Path, unclaimed: set[tuple[str, int]], captures: list[Capture]) -> list[Fault]:
    """Answers that no line claims. A redirect's answer is claimed by the capture that went through it."""
    passed = {address for capture in captures for address in capture.redirects}
    passed |= {capture.asked_url for capture in captures}
    faults = []
    for name, offset in sorted(unclaimed):
        with (folder / name).open("rb") as archive:
            archive.seek(offset)
            for record in ArchiveIterator(archive):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                status = record.http_headers.get_statuscode() if record.http_headers else ""
                if not (status.startswith("3") and url in passed):
                    faults.append(Fault(name, "extra-record", f"清单中没有的应答记录（{offset}）", url))
                break
    return faults
