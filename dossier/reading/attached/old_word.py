"""The old Word's binary document (DOC, and WPS as it was), by its table of pieces."""

from __future__ import annotations

import re
from typing import Any

from dossier.model import TableFacts
from dossier.reading.attached.old_word_tables import Piece, tables_in
from dossier.reading.attached.said import REPORT_WORDS, Said, Unread

_STREAM_BOUND = 60_000_000
_PIECES = 100_000


def doc(box: Any) -> Said:
    """The text of a Word document from before 2007."""
    stream: bytes = box.openstream("WordDocument").read(_STREAM_BOUND)
    if len(stream) < 0x1AA:
        raise Unread("broken")
    flags = int.from_bytes(stream[10:12], "little")
    if flags & 0x0100:
        raise Unread("encrypted")
    name = "1Table" if flags & 0x0200 else "0Table"
    if not box.exists(name):
        raise Unread("format")
    table: bytes = box.openstream(name).read(_STREAM_BOUND)
    pieces = _pieces(stream, table)
    text = _shown("".join(_letters(piece) for piece in pieces))
    if len(text.strip()) < 4:
        raise Unread("scanned" if text else "format")
    return Said(
        text=text, tables=_tables(box, stream, table, pieces) if re.search(REPORT_WORDS, text) else ()
    )


def _tables(box: Any, stream: bytes, table: bytes, pieces: list[Piece]) -> tuple[TableFacts, ...]:
    data: bytes = box.openstream("Data").read(_STREAM_BOUND) if box.exists("Data") else b""
    try:
        found = tables_in(stream, table, data, pieces)
    except (IndexError, ValueError):
        return ()  # the words stand even where the properties of their paragraphs are torn
    return tuple(
        TableFacts(rows=tuple(tuple(_shown(cell).strip() for cell in row) for row in each.rows))
        for each in found
    )


def _pieces(stream: bytes, table: bytes) -> list[Piece]:
    at = int.from_bytes(stream[0x01A2:0x01A6], "little")
    size = int.from_bytes(stream[0x01A6:0x01AA], "little")
    clx = table[at : at + size]
    while clx and clx[0] == 1:
        clx = clx[3 + int.from_bytes(clx[1:3], "little") :]
    if not clx or clx[0] != 2:
        return []
    length = int.from_bytes(clx[1:5], "little")
    plc = clx[5 : 5 + length]
    count = (len(plc) - 4) // 12
    if count <= 0 or count > _PIECES:
        return []
    ends = [int.from_bytes(plc[4 * n : 4 * n + 4], "little") for n in range(count + 1)]
    parts: list[Piece] = []
    left = _STREAM_BOUND
    for n in range(count):
        entry = plc[4 * (count + 1) + 8 * n : 4 * (count + 1) + 8 * n + 8]
        place = int.from_bytes(entry[2:6], "little")
        chars = max(0, min(ends[n + 1] - ends[n], left))
        left -= chars
        narrow = bool(place & 0x40000000)
        begin = (place & 0x3FFFFFFF) // 2 if narrow else place
        parts.append(Piece(begin, stream[begin : begin + (chars if narrow else 2 * chars)], wide=not narrow))
    return parts


def _letters(piece: Piece) -> str:
    return piece.raw.decode("utf-16-le" if piece.wide else "cp1252", "replace")


def _shown(text: str) -> str:
    """Text as a reader sees it: no field codes, cells parted, lines ended."""
    text = re.sub("\x07{2,}", "\n", text.replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n"))
    text = text.replace("\x07", "\t")  # two marks end a row, one a cell
    text = re.sub(r"\x13[^\x14\x15]*\x14?", "", text)
    return re.sub(r"[\x00-\x08\x0e-\x1f]", "", text)
