"""Evidence that nobody checks is not evidence: every archived body against its digest, every record against its line."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dossier.archive.carried import carried_file, read_carried
from dossier.archive.exchange import payload_digest
from dossier.archive.manifest import UNREADABLE, ManifestBroken, manifest_file, read_lines
from dossier.archive.places import THINNED, is_there, located, read_thinned, stream_at, thin_name
from dossier.archive.reader import BodyMissing, DigestMismatch, read_report, record_body
from dossier.archive.records import NOT_MODIFIED
from dossier.archive.revisits import MARK, PACKED, PLAIN, is_revisits, plain_bytes, walk
from dossier.archive.writer import FACTS, REPORT
from dossier.model import Capture, UnitReport


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the evidence of one unit in one run."""

    file: str
    kind: str
    """`digest`, `missing-body`, `missing-file`, `missing-line`, `extra-record`, `torn-line`, `torn-archive`,
    `torn-report`, `no-report`; and `thinned`, which is none: it went by the rule of retention."""
    what: str
    """Chinese sentence."""
    url: str = ""


def verify(folder: Path) -> list[Fault]:
    """Faults of one unit's folder, `<runs>/<run>/<unit>`; empty when all of it can still be shown."""
    captures, faults = _read_manifest(folder)
    faults += _torn_lines(folder, FACTS if (folder / FACTS).is_file() else thin_name(FACTS))
    faults += _report_faults(folder)
    faults += _carried_faults(folder)
    runs_dir, run_id, unit_id = folder.parent.parent, folder.parent.name, folder.name
    records, archive_faults = _read_archives(folder)
    faults += archive_faults
    claimed, gone = set(), 0
    for capture in captures:
        if not capture.warc:
            continue
        at = (capture.warc, capture.offset)
        claimed.add(at)
        if not is_there(folder / capture.warc):
            faults.append(
                Fault(capture.warc, "missing-file", "归档文件不在，清单却指向它", capture.asked_url)
            )
            continue
        found = records.get(at)
        if found is None and located(folder / capture.warc, capture.offset) is None:
            gone += 1
            continue
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
    if gone:
        faults.append(Fault(THINNED, "thinned", f"{gone} 条应答已按保存期限精简，清单仍在"))
    return faults


_EMPTY = hashlib.sha256(b"").hexdigest()


def _read_manifest(folder: Path) -> tuple[list[Capture], list[Fault]]:
    path = manifest_file(folder)
    if not path.is_file():
        if _asked_nothing(folder):
            return [], []
        return [], [Fault(path.name, "missing-file", "没有抓取清单")]
    captures, faults = [], []
    try:
        for line in read_lines(folder):
            if line.capture is not None:
                captures.append(line.capture)
            else:
                kind = "missing-line" if line.url else "torn-line"
                faults.append(Fault(path.name, kind, line.trouble, line.url))
    except ManifestBroken:
        faults.append(Fault(path.name, "torn-line", "抓取清单读不出来"))
    except msgspec.ValidationError as error:
        faults.append(Fault(path.name, "torn-line", f"抓取清单有一行不合格式：{error}"))
    return captures, faults


def _carried_faults(folder: Path) -> list[Fault]:
    """What was carried from earlier nights must still be found in their lists."""
    name = carried_file(folder).name
    try:
        return [
            Fault(name, "missing-line", f"沿用批次 {line.run} 的抓取，那里却没有这一条", line.url)
            for line, capture in read_carried(folder)
            if capture is None
        ]
    except ManifestBroken:
        return [Fault(name, "torn-line", "沿用清单读不出来")]


def _asked_nothing(folder: Path) -> bool:
    """Whether the unit was closed without a single address to ask, so that there is nothing to show."""
    try:
        report = read_report(folder)
    except UNREADABLE:
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
    except UNREADABLE:
        return [Fault(REPORT, "torn-report", "结束记录读不出来")]
    return []


def _read_archives(folder: Path) -> tuple[dict[tuple[str, int], tuple[str, str, str]], list[Fault]]:
    """(file, offset) → kind, digest of the body as it is, digest as the record declares it."""
    from warcio.archiveiterator import ArchiveIterator  # slow to load, and only this looks through archives
    from warcio.exceptions import ArchiveLoadFailed

    records: dict[tuple[str, int], tuple[str, str, str]] = {}
    faults = []
    try:
        thinned = read_thinned(folder)
    except UNREADABLE:
        return {}, [Fault(THINNED, "torn-archive", "精简记录读不出来")]
    stood = {
        (thin_name(name), now): (name, then)
        for name, moved in (thinned.files if thinned else {}).items()
        for then, now in moved.items()
    }
    for path in sorted(path for path in folder.glob("*.warc.gz") if not is_revisits(path.name)):
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
                    place = stood.get((path.name, offset), (path.name, offset))
                    records[place] = (record.rec_type, digest, declared)
                whole = _is_whole(path)
            except (ArchiveLoadFailed, zlib.error, EOFError, ValueError):
                whole = False
            if not whole:
                faults.append(Fault(path.name, "torn-archive", "归档文件有一处读不出来"))
    for name in sorted(
        {
            path.name.removesuffix(".gz")
            for path in folder.glob(f"*{MARK}*")
            if path.name.endswith((PLAIN, PACKED))
        }
    ):
        faults += _read_revisits(folder / name, records)
    return records, faults


def _read_revisits(path: Path, records: dict[tuple[str, int], tuple[str, str, str]]) -> list[Fault]:
    """Adds the records of a file of unchanged answers, packed or not."""
    try:
        content = plain_bytes(path)
    except (OSError, zlib.error, ValueError):
        return [Fault(path.name, "torn-archive", "归档文件有一处读不出来")]
    end = 0
    for found in walk(content):
        end = found.end
        if found.kind in ("response", "revisit"):
            records[path.name, found.begin] = (found.kind, "", found.headers.get("WARC-Payload-Digest", ""))
    if end != len(content):
        return [Fault(path.name, "torn-archive", "归档文件有一处读不出来")]
    return []


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
    from warcio.archiveiterator import ArchiveIterator

    passed = {address for capture in captures for address in capture.redirects}
    passed |= {capture.asked_url for capture in captures}
    faults = []
    for name, offset in sorted(unclaimed):
        place = located(folder / name, offset)
        if place is None:
            continue
        with stream_at(*place) as archive:
            for record in ArchiveIterator(archive):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                status = record.http_headers.get_statuscode() if record.http_headers else ""
                if record.rec_headers.get_header("WARC-Profile") == NOT_MODIFIED:
                    status = "304"
                if not (status.startswith("3") and url in passed):
                    faults.append(Fault(name, "extra-record", f"清单中没有的应答记录（{offset}）", url))
                break
    return faults
