"""A workbook is a zip of XML: a few kilobytes of it can unpack to gigabytes, or to a billion cells."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

from dossier.errors import BadInput, Problem

UNREADABLE = "不是可以读的 xlsx 文件"
RESAVE = "文件可能损坏、加密，或只是改了扩展名；请用 Excel 或 WPS 打开后另存为 xlsx"
MOST_PART_BYTES = 100_000_000
MOST_CELLS = 2_000_000
MOST_MERGED = 5_000_000
"""Cells under merged ranges: each is made one by one when the workbook is read."""
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell[^>]*?ref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})[\"']"
)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


def refuse_bombs(path: Path) -> None:
    """Refuse a workbook that would unpack beyond all measure, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as zipped:
            parts = zipped.infolist()
            if sum(part.file_size for part in parts) > 4 * MOST_PART_BYTES:
                raise _too_much(path)
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_part(path, zipped, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        OSError,
        ValueError,
    ) as error:
        raise BadInput([Problem(str(path), UNREADABLE, RESAVE)]) from error


def _refuse_part(path: Path, zipped: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > MOST_PART_BYTES:
        raise _too_much(path)
    content = zipped.read(part)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<\0!\0D" in content:
        raise BadInput(
            [
                Problem(
                    str(path),
                    "含有不该有的 XML 声明，没有读取",
                    "请在 Excel 或 WPS 里新建一个工作簿，把内容粘贴进去再导入",
                )
            ]
        )
    if "worksheets" not in part.filename:
        return
    merged = sum(
        (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)
        for left, top, right, bottom in _MERGED.findall(content)
    )
    if merged > MOST_MERGED or sum(1 for _ in _CELL.finditer(content)) > MOST_CELLS:
        raise _too_much(path)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_much(path: Path) -> BadInput:
    return BadInput(
        [
            Problem(
                str(path),
                "内容过多或展开后大得不合理，没有读取",
                "请只留下清单本身，去掉空行、整列合并和无关内容",
            )
        ]
    )
