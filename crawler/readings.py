"""A body that did not change says what it said: its reading is taken from the night that first kept it.

Taken only where it would come out the same again: the same reader, the same vocabulary, and no date in it that
was counted back from its night. A reading taken over is not written a second time; where the earlier files are
gone, the body is read anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import IO

import msgspec

from crawler.addresses import wire
from dossier.archive import FactsRecord, facts_file
from dossier.home import Home
from dossier.model import KnownPage, PageFacts
from dossier.model.page import READER_VERSION
from dossier.reading.attached.said import NO_READER

MARK = "reader.json"
_TABLES = ("columns.toml", "challenges.toml")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """With what the pages of one unit were read on one night."""

    reader: int
    as_of: date
    vocabulary: str


class _Key(msgspec.Struct, frozen=True):
    sha256: str
    url: str


def mark_of(home: Path, as_of: date) -> Mark:
    """Today's reader."""
    own = Home(home)
    digest = hashlib.sha256(b"".join(own.table(name).read_bytes() for name in _TABLES))
    return Mark(reader=READER_VERSION, as_of=as_of, vocabulary=digest.hexdigest())


def write_mark(folder: Path, mark: Mark) -> None:
    (folder / MARK).write_bytes(msgspec.json.encode(mark))


class EarlierReadings:
    """Readings of one unit that earlier nights wrote down."""

    def __init__(self, runs_dir: Path, mark: Mark, known: Mapping[str, KnownPage]) -> None:
        self._runs_dir = runs_dir
        self._mark = mark
        self._wanted = {bytes.fromhex(page.sha256) for page in known.values() if page.sha256}
        self._places: dict[str, dict[bytes, int]] = {}
        """Folder → digest of body and address → offset of the line."""
        self._files: dict[str, Path] = {}
        """Folder → the file that its readings stand in."""
        self._open: tuple[str, IO[bytes]] | None = None
        """The file that was read from last: most pages of a site were first kept on the same night."""
        self._tonight: dict[str, bool] = {}
        """Folder → whether that night had tonight's date."""
        self._last: tuple[str, int, FactsRecord] | None = None
        """What was taken last: who asks whether a page may wait takes it again when it does."""

    def of(self, known: KnownPage, asked: str, final: str) -> PageFacts | None:
        """The reading of an unchanged body; None where there is none that would come out the same tonight."""
        facts = self._first(known, asked, final)
        if facts is None:
            return None
        return facts if self._same_day(known.warc.rpartition("/")[0]) or dates_stand(facts) else None

    def like(self, known: KnownPage, asked: str, final: str, facts: PageFacts) -> str:
        """Where a body that was read anew was read just so on the night that first kept it (`SameReading.like`);
        empty where it was not."""
        if self._first(known, asked, final) != facts:
            return ""
        assert self._last is not None
        folder, offset, _ = self._last
        return f"{folder.partition('/')[0]}@{offset}"

    def _first(self, known: KnownPage, asked: str, final: str) -> PageFacts | None:
        """What this reader and vocabulary made of a body on the night that first kept it."""
        folder, _, _ = known.warc.rpartition("/")
        if not folder or not known.sha256:
            return None
        places = self._places_in(folder)
        url = asked if wire(asked) == final else final
        offset = places.get(_key(known.sha256, url))
        if offset is None:
            return None
        record = self._record(folder, offset)
        if record is None:
            return None
        facts = record.facts
        if record.sha256 != known.sha256 or facts.url != url or facts.reader != self._mark.reader:
            return None
        return None if facts.unreadable == NO_READER else facts  # that night's own trouble, not the file's

    def _record(self, folder: str, offset: int) -> FactsRecord | None:
        if self._last is not None and self._last[:2] == (folder, offset):
            return self._last[2]
        try:
            lines = self._lines(folder)
            lines.seek(offset)
            record = msgspec.json.decode(lines.readline(), type=FactsRecord)
        except (OSError, msgspec.DecodeError):
            return None
        self._last = folder, offset, record
        return record

    def _lines(self, folder: str) -> IO[bytes]:
        if self._open is None or self._open[0] != folder:
            self.close()
            self._open = folder, self._files[folder].open("rb")
        return self._open[1]

    def close(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _same_day(self, folder: str) -> bool:
        if folder not in self._tonight:
            mark = _read_mark(self._runs_dir / folder)
            self._tonight[folder] = mark is not None and mark.as_of == self._mark.as_of
        return self._tonight[folder]

    def _places_in(self, folder: str) -> dict[bytes, int]:
        known = self._places.get(folder)
        if known is not None:
            return known
        found = self._places[folder] = {}
        mark = _read_mark(self._runs_dir / folder)
        if mark is None or (mark.reader, mark.vocabulary) != (self._mark.reader, self._mark.vocabulary):
            return found
        decoder = msgspec.json.Decoder(_Key)
        file = facts_file(self._runs_dir / folder)
        self._files[folder] = file
        try:
            with file.open("rb") as lines:
                offset = 0
                for line in lines:
                    try:
                        key = decoder.decode(line)
                        if bytes.fromhex(key.sha256) in self._wanted:
                            found[_key(key.sha256, key.url)] = offset
                    except (msgspec.DecodeError, ValueError):
                        pass
                    offset += len(line)
        except OSError:
            found.clear()
        return found


def dates_stand(facts: PageFacts) -> bool:
    """Whether every date of the page's lists stands on it with its year, and none was counted from the night."""
    days = {item.date for item in facts.items if item.date is not None}
    if not days:
        return True
    text = "".join(facts.whole_text.split())
    return all(_is_written(day, text) for day in days)


def _is_written(day: date, text: str) -> bool:
    year, month, number = day.year, day.month, day.day
    return any(
        f"{year}{first}{written}" in text
        for first, second in (("-", "-"), ("/", "/"), (".", "."), ("年", "月"))
        for written in (f"{month:02d}{second}{number:02d}", f"{month}{second}{number}")
    )


def _key(sha256: str, url: str) -> bytes:
    return hashlib.blake2b(f"{sha256} {url}".encode(errors="replace"), digest_size=16).digest()


def _read_mark(folder: Path) -> Mark | None:
    try:
        return msgspec.json.decode((folder / MARK).read_bytes(), type=Mark)
    except (OSError, msgspec.DecodeError):
        return None
