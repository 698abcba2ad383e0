"""The files of a run are read into the database; they can be read in again as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from dossier import archive, reading, store
from dossier.model import Capture, PageFacts, Purpose, Reach, Unit, UnitReport
from dossier.model.page import READER_VERSION
from dossier.reading.vocabulary import Vocabulary
from dossier.store import RunInfo, Store

READ_PURPOSES = frozenset({Purpose.PAGE, Purpose.ATTACHMENT, Purpose.INCLUDE, Purpose.DATA, Purpose.SEARCH})
"""Bodies that are read for their facts."""

Reader = Callable[[bytes, Capture], PageFacts | None]


@dataclass(frozen=True)
class Ingested:
    """What became of one unit's files."""

    unit_id: str
    closed: bool
    """Whether the crawl of the unit was closed by its report."""
    captures: int
    read_again: int
    """Bodies that had no reading, or one by an older reader."""
    trouble: tuple[str, ...] = ()
    """Chinese; what could not be used, and was left out."""


class _RunFile(msgspec.Struct, frozen=True, kw_only=True):
    """What run.json says, as far as the database keeps it."""

    run_id: str
    as_of: date
    started: datetime
    finished: datetime | None = None
    kind: str = "nightly"
    settings: msgspec.Raw = msgspec.Raw(b"null")
    tables: msgspec.Raw = msgspec.Raw(b"null")


def run_of(run_dir: Path) -> RunInfo:
    """What a run's own folder says of it."""
    found = msgspec.json.decode((run_dir / "run.json").read_bytes(), type=_RunFile)
    return RunInfo(
        run_id=found.run_id,
        as_of=found.as_of,
        started=found.started,
        finished=found.finished,
        kind=found.kind,
        settings=bytes(found.settings).decode(),
        tables=bytes(found.tables).decode(),
    )


def ingest(
    kept: Store, run_dir: Path, units: Iterable[Unit], *, vocabulary: Vocabulary
) -> tuple[Ingested, ...]:
    """Enter what a run saw of these units. A unit whose files are missing or torn is entered as not closed,
    and costs the others nothing. A run that the database does not know is entered from its run.json."""
    run = store.run_info(kept, run_dir.name)
    if run is None:
        run = run_of(run_dir)
        store.record_run(kept, run)

    def read(body: bytes, capture: Capture) -> PageFacts | None:
        if capture.purpose is Purpose.DATA and "html" not in capture.content_type.lower():
            return reading.read_data(body, url=capture.url, as_of=run.as_of, vocabulary=vocabulary)
        return reading.read(
            body,
            url=capture.url,
            content_type=capture.content_type,
            as_of=run.as_of,
            vocabulary=vocabulary,
            status=capture.status,
        )

    return tuple(_ingest_unit(kept, run_dir, unit, read) for unit in units)


def _ingest_unit(kept: Store, run_dir: Path, unit: Unit, read: Reader) -> Ingested:
    folder = run_dir / unit.unit_id
    trouble: list[str] = []
    report = _report(folder, trouble)
    captures = archive.with_carried(_captures(folder, trouble), _carried(kept, folder, trouble))
    readings = _Readings(kept, run_dir, unit.unit_id, captures, read, trouble)
    store.ingest_unit(kept, run_dir.name, unit, report, captures, readings.all())
    try:
        store.save_accounts(kept, run_dir.name, unit.unit_id, archive.read_accounts(folder))
    except msgspec.DecodeError as error:
        trouble.append(f"新媒体记录有一行读不出来，已略过：{error}")
    return Ingested(
        unit_id=unit.unit_id,
        closed=report is not None,
        captures=len(captures),
        read_again=readings.again,
        trouble=tuple(trouble),
    )


def _report(folder: Path, trouble: list[str]) -> UnitReport | None:
    try:
        return archive.read_report(folder)
    except msgspec.DecodeError as error:
        trouble.append(f"结束记录读不出来，按抓取没有收尾处理：{error}")
        return None


def _captures(folder: Path, trouble: list[str]) -> tuple[Capture, ...]:
    try:
        return archive.read_captures(folder)
    except msgspec.DecodeError as error:
        trouble.append(f"抓取清单有一行读不出来，本轮按没有看到处理：{error}")
        return ()


def _carried(kept: Store, folder: Path, trouble: list[str]) -> list[tuple[archive.CarriedLine, Capture]]:
    """What was not asked again that night, with the answers it had when it was; what cannot be followed was not seen."""
    found: list[tuple[archive.CarriedLine, Capture]] = []
    lost: list[str] = []
    known: dict[str, bool] = {}
    try:
        for line, capture in archive.read_carried(folder):
            if line.run not in known:
                known[line.run] = store.run_info(kept, line.run) is not None
            if capture is not None and known[line.run]:
                found.append((line, capture))
            else:
                lost.append(line.url)
    except msgspec.DecodeError as error:
        trouble.append(f"沿用清单读不出来，其中的网页按没有看到处理：{error}")
    if lost:
        trouble.append(f"{len(lost)} 个沿用的网页找不到原来的抓取，按没有看到处理，如 {lost[0]}")
    return found


class _Readings:
    """The readings of one unit's bodies: those the crawl made, and, where they are lacking or old, new ones."""

    def __init__(
        self,
        kept: Store,
        run_dir: Path,
        unit_id: str,
        captures: tuple[Capture, ...],
        read: Reader,
        trouble: list[str],
    ) -> None:
        self.again = 0
        self._kept = kept
        self._run_dir = run_dir
        self._unit_id = unit_id
        self._captures = captures
        self._read = read
        self._trouble = trouble

    def all(self) -> Iterator[tuple[str, str, PageFacts]]:
        made: set[tuple[str, str]] = set()
        old: dict[tuple[str, str], PageFacts] = {}
        try:
            for record in archive.read_facts(self._run_dir / self._unit_id):
                key = (record.url, record.sha256)
                if record.facts.reader == READER_VERSION:
                    made.add(key)
                    yield (*key, record.facts)
                else:
                    old[key] = record.facts
        except msgspec.DecodeError as error:
            self._trouble.append(f"阅读结果有一行读不出来，其余网页改从存档重读：{error}")
        yield from self._read_again(made, old)

    def _read_again(
        self, made: set[tuple[str, str]], old: Mapping[tuple[str, str], PageFacts]
    ) -> Iterator[tuple[str, str, PageFacts]]:
        lacking = {
            (capture.url, capture.sha256): capture
            for capture in self._captures
            if _is_read(capture, old)
            and not {(capture.url, capture.sha256), (capture.asked_url, capture.sha256)} & made
        }
        known = store.known_facts(self._kept, lacking.values())
        for key, capture in lacking.items():
            if key in known:
                continue
            try:
                body = archive.read_body(self._run_dir.parent, self._run_dir.name, self._unit_id, capture)
                facts = self._read(body, capture)
            except Exception as error:  # noqa: BLE001 - one page that cannot be read must not cost the night
                self._trouble.append(f"{capture.url} 没有读成：{type(error).__name__}: {error}")
                if key in old:
                    yield (*key, old[key])
                continue
            if facts is not None:
                self.again += 1
                yield (*key, facts)


def _is_read(capture: Capture, old: Mapping[tuple[str, str], PageFacts]) -> bool:
    if not capture.sha256 or not capture.warc:
        return False
    wanted = capture.reach is Reach.OK and capture.purpose in READ_PURPOSES
    return wanted or (capture.url, capture.sha256) in old
