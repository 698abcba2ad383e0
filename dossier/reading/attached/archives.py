"""A zip of files: each of them is read, one level deep, and named as its owner named it."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable

from dossier.model import TableFacts
from dossier.reading.attached.parts import part
from dossier.reading.attached.said import TEXT_BOUND, Said, Unread

_FILES = 200
_FILE_BYTES = 30_000_000
_ALL_BYTES = 120_000_000
_OF_NO_CONCERN = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_UTF8_NAME = 0x800

ReadFile = Callable[[bytes, str], Said]


def zipped(box: zipfile.ZipFile, read: ReadFile) -> Said:
    """All that the files of an archive say, each under its name; what could not be read makes the whole partial."""
    texts: list[str] = []
    tables: list[TableFacts] = []
    faults: Counter[str] = Counter()
    partial = False
    taken = size = 0
    for entry in box.infolist():
        name = name_in(entry)
        if entry.is_dir() or any(mark in name.lower() for mark in _OF_NO_CONCERN):
            continue
        taken += 1
        size += entry.file_size
        if taken > _FILES or size > _ALL_BYTES or sum(map(len, texts)) > TEXT_BOUND * 2:
            partial = True
            break
        said = _one(box, entry, name, read)
        if said.fault:
            faults[said.fault] += 1
            texts.append(f"【{name}】")
            continue
        partial = partial or said.partial
        texts.append(f"【{name}】\n{said.text}")
        tables += said.tables
    if faults.total() == taken:
        raise Unread(faults.most_common(1)[0][0] if faults else "broken")
    return Said(text="\n".join(texts), tables=tuple(tables[:30]), partial=partial or bool(faults))


def _one(box: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, read: ReadFile) -> Said:
    try:
        return read(part(box, entry.filename, _FILE_BYTES), posixpath.basename(name))
    except Unread as unread:
        return Said(fault=unread.fault)


def name_in(entry: zipfile.ZipInfo) -> str:
    """An entry's name; without the mark of UTF-8 it was mostly written by a Chinese Windows."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return entry.filename
