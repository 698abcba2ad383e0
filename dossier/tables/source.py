"""A table is a text file that a person edits, so every fault in it has a file and a line.

`tomllib` tells values but not places; `TableFile` keeps both.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from dossier.errors import BadInput, Problem, read_bounded, why_not_opened

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TRIPLE = re.compile(r'"""|\'\'\'')


@dataclass(eq=False)
class TableFile:
    """One table file, read whole, with the problems found in it so far."""

    path: Path
    text: str
    data: dict[str, Any]
    digest: str
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = self.text.splitlines()
        self._headers = tuple(self._find_headers())

    def _find_headers(self) -> Iterable[tuple[int, str]]:
        inside = ""
        for number, line in enumerate(self._lines, start=1):
            if not inside and (found := _HEADER.match(line)):
                yield number, found[1] + re.sub(r"[\s\"']", "", found[2])
            for mark in _TRIPLE.findall(line.split("#")[0] if not inside else line):
                if not inside:
                    inside = mark
                elif mark == inside:
                    inside = ""

    def header(self, name: str, index: int = 0) -> int | None:
        """The line of the `index`-th `[[name]]` (or of `[name]`)."""
        lines = [number for number, header in self._headers if header.lstrip("[") == name]
        return lines[index] if index < len(lines) else None

    def find(self, pattern: str, start: int | None = None, nth: int = 0) -> int | None:
        """The line of the `nth` match of a pattern, inside the block that begins at `start` if one is given."""
        first = start or 1
        end = len(self._lines)
        if start is not None:
            end = min((number - 1 for number, _ in self._headers if number > start), default=end)
        wanted = re.compile(pattern)
        for number in range(first, end + 1):
            for _ in wanted.finditer(self._lines[number - 1]):
                if nth == 0:
                    return number
                nth -= 1
        return None

    def every(self, pattern: str) -> list[int]:
        """The line of each match of a pattern in the file, comments left out."""
        wanted = re.compile(pattern)
        return [
            number
            for number, line in enumerate(self._lines, start=1)
            if not line.lstrip().startswith("#")
            for _ in wanted.finditer(line)
        ]

    def say(self, what: str, mend: str, *, line: int | None = None, column: str = "") -> None:
        self.problems.append(Problem(str(self.path), what, mend, line, column))

    def refuse(self) -> None:
        """Raise if anything was said."""
        if self.problems:
            raise BadInput(self.problems)


def open_table(path: Path) -> TableFile:
    """Read a table file; one that is no UTF-8 or no TOML is refused with the line where it breaks."""
    try:
        raw = read_bounded(path, str(path))
    except OSError as error:
        problem = Problem(
            str(path), f"表格文件读不出来（{why_not_opened(error)}）", "请检查文件是否存在、是否有读取权限"
        )
        raise BadInput([problem]) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(str(path), "文件不是 UTF-8 编码", "请用记事本等软件另存为 UTF-8 编码后再用", line)
        raise BadInput([problem]) from error
    if not text.strip():
        raise BadInput([Problem(str(path), "文件是空的", "请照随附的表格填写；删去这个文件即用随附的表格")])
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())
        problem = Problem(
            str(path),
            f"不符合 TOML 写法（{error}）",
            "请检查这一行及上一行的引号、括号、等号和逗号，键也不能重复",
            line,
        )
        raise BadInput([problem]) from error
    return TableFile(path, text, data, hashlib.sha256(raw).hexdigest())


@dataclass(eq=False)
class Entry:
    """One entry of a table file: what it says, and where it stands."""

    file: TableFile
    data: dict[str, Any]
    line: int | None
    label: str
    """How a message names it, e.g. `一级指标“平台建设”`."""

    def say(self, what: str, mend: str, column: str = "") -> None:
        line = self.file.find(rf"(?:^|[{{,])\s*\"?{re.escape(column)}\"?\s*=", self.line) if column else None
        where = f"{self.label}：" if self.label else ""
        self.file.say(where + what, mend, line=line or self.line, column=column)

    def only(self, *keys: str) -> None:
        """Say every key that has no meaning here: a misspelt key would silently change nothing."""
        for key in self.data:
            if key not in keys:
                self.say(f"有不认识的键“{key}”", f"可用的键：{'、'.join(keys)}", key)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            self.say(f"缺少“{key}”", f'请补上 {key} = "……"')
            return ""
        if not isinstance(value, str):
            self.say(f"“{key}”应为文字，现为 {value!r}", "请用英文双引号括起来", key)
            return ""
        if default is None and not value.strip():
            self.say(f"“{key}”是空的", "请填写内容", key)
        return value.strip()

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value and value not in choices:
            self.say(f"“{key}”的值“{value}”不认识", f"可用的值：{'、'.join(choices)}", key)
        return value if value in choices else choices[0]

    def number(self, key: str, *, required: bool = True) -> Decimal | None:
        """A number as Decimal: money-like values never pass through binary fractions."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.say(f"缺少“{key}”", f"请补上 {key} = 数值")
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.say(f"“{key}”应为数值，现为 {value!r}", "请写成不带引号的数值，如 0.5", key)
            return None
        number = Decimal(value)
        if not number.is_finite():
            self.say(f"“{key}”不是有限的数值", "请写成普通数值，如 0.5", key)
            return None
        return number

    def whole(self, key: str) -> int:
        value = self.data.get(key)
        if value is None:
            self.say(f"缺少“{key}”", f"请补上 {key} = 整数")
        elif isinstance(value, bool) or not isinstance(value, int):
            self.say(f"“{key}”应为整数，现为 {value!r}", "请写成不带引号的整数", key)
        else:
            return value
        return 0

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            self.say(f"“{key}”应为 true 或 false，现为 {value!r}", "请改为 true 或 false（不带引号）", key)
            return default
        return value

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        value = self.data.get(key)
        if value is None:
            if required:
                self.say(f"缺少“{key}”", f'请补上 {key} = ["……"]')
            return ()
        if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
            self.say(f"“{key}”应为一组非空文字", f'请写成 {key} = ["……", "……"]', key)
            return ()
        if required and not value:
            self.say(f"“{key}”是空的", "请至少写一个", key)
        return tuple(part.strip() for part in value)


def top(file: TableFile) -> Entry:
    """The file itself as an entry: its keys outside any header."""
    return Entry(file, file.data, 1, "")


def entries(
    file: TableFile, data: dict[str, Any], name: str, label: str, *, header: str = ""
) -> tuple[Entry, ...]:
    """The `[[name]]` entries of a table, in the order of the file."""
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        line = file.header(header or name) or file.find(rf"^\s*{re.escape(name)}\s*=")
        file.say(
            f"“{name}”应为若干条 [[{header or name}]]",
            f"请把标题写成双层方括号 [[{header or name}]]",
            line=line,
        )
        return ()
    return tuple(
        Entry(file, each, file.header(header or name, n), f"{label}第 {n + 1} 条")
        for n, each in enumerate(found)
    )
