"""What assessors typed into score sheets, what was attached, and which sheets were closed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.runs import moment


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody handed in; its bytes lie beside the database under their digest."""

    sha256: str
    name: str
    kind: str
    size: int
    unit_id: str
    who: str
    at: datetime
    no: int = 0


class HandLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a score sheet that an assessor typed in; the last one of a row is in force."""

    year: int
    unit_id: str
    section: str
    path: tuple[str, ...]
    kind: str
    """`deduct`, `bonus`, or `void` (taken back)."""
    points: Decimal
    reason: str
    attachment: int | None = None
    who: str
    at: datetime
    no: int = 0


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet was closed as it stood, or opened again with a reason."""

    year: int
    unit_id: str
    kind: str
    value: str = ""
    """The sheet as it stood, as JSON."""
    sha256: str = ""
    reason: str = ""
    who: str
    at: datetime
    no: int = 0


def add_attachment(store: Store, one: Attachment) -> int:
    with store.writing():
        row = store.one(
            "INSERT INTO attachment (sha256, name, kind, size, unit_id, who, at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (one.sha256, plain(one.name), one.kind, one.size, one.unit_id, plain(one.who), moment(one.at)),
        )
        assert row is not None
        return int(row[0])


def attachment_of(store: Store, number: int) -> Attachment | None:
    row = store.one(
        "SELECT sha256, name, kind, size, unit_id, who, at, id FROM attachment WHERE id = ?", (number,)
    )
    if row is None:
        return None
    sha, name, kind, size, unit, who, at, no = row
    return Attachment(
        sha256=sha, name=name, kind=kind, size=size, unit_id=unit, who=who, at=datetime.fromisoformat(at), no=no
    )  # fmt: skip


def add_hand_line(store: Store, line: HandLine) -> None:
    with store.writing():
        store.put(
            "INSERT INTO hand_line (year, unit_id, section, path, kind, hundredths, reason, attachment_id, who, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                line.year,
                line.unit_id,
                line.section,
                msgspec.json.encode(line.path).decode(),
                line.kind,
                int((line.points * 100).to_integral_exact()),
                plain(line.reason),
                line.attachment,
                plain(line.who),
                moment(line.at),
            ),
        )


def hand_lines(store: Store, year: int, unit_id: str = "") -> tuple[HandLine, ...]:
    """Every line that was ever typed in, oldest first."""
    rows = store.ask(
        "SELECT year, unit_id, section, path, kind, hundredths, reason, attachment_id, who, at, id FROM hand_line "
        "WHERE year = ? AND (? = '' OR unit_id = ?) ORDER BY id",
        (year, unit_id, unit_id),
    )
    return tuple(
        HandLine(
            year=row[0],
            unit_id=row[1],
            section=row[2],
            path=msgspec.json.decode(row[3], type=tuple[str, ...]),
            kind=row[4],
            points=Decimal(row[5]) / 100,
            reason=row[6],
            attachment=row[7],
            who=row[8],
            at=datetime.fromisoformat(row[9]),
            no=row[10],
        )
        for row in rows
    )


def add_closing(store: Store, one: Closing) -> None:
    with store.writing():
        store.put(
            "INSERT INTO closing (year, unit_id, kind, value, sha256, reason, who, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (one.year, one.unit_id, one.kind, one.value, one.sha256, plain(one.reason), plain(one.who), moment(one.at)),
        )  # fmt: skip


def closings(store: Store, year: int, unit_id: str = "") -> tuple[Closing, ...]:
    """Every closing and reopening, oldest first."""
    rows: list[tuple[Any, ...]] = store.ask(
        "SELECT year, unit_id, kind, value, sha256, reason, who, at, id FROM closing "
        "WHERE year = ? AND (? = '' OR unit_id = ?) ORDER BY id",
        (year, unit_id, unit_id),
    )
    return tuple(
        Closing(
            year=row[0], unit_id=row[1], kind=row[2], value=row[3], sha256=row[4], reason=row[5], who=row[6],
            at=datetime.fromisoformat(row[7]), no=row[8],
        )
        for row in rows
    )  # fmt: skip
