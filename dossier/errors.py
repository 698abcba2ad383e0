"""What is wrong with something a person gave us, said so that they can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def why_not_opened(error: OSError) -> str:
    """Why a file could not be opened, in Chinese."""
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, IsADirectoryError):
        return "这是文件夹，不是文件"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    return error.strerror or "原因不明"


@dataclass(frozen=True)
class Problem:
    """One fault of one file, in Chinese."""

    file: str
    what: str
    """What is wrong."""
    mend: str
    """What to do about it."""
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f" 第 {self.line} 行"
        if self.column:
            place += f"“{self.column}”"
        return f"{place}：{self.what}。{self.mend}"


class BadInput(Exception):  # noqa: N818 - it names what was given, not what we did
    """A list, table, setting or import that cannot be used; nothing was changed (exit code 2)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


MOST_BYTES = 5_000_000
"""A list, table or settings file that people wrote is a hundredth of this."""


def read_bounded(path: Path, named: str = "") -> bytes:
    """A file that people wrote; one that is far too large to be what it should be is refused before it is read.

    Raises OSError where it cannot be opened.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        what = f"文件太大（{size // 1_000_000} MB，最多 {MOST_BYTES // 1_000_000} MB）"
        raise BadInput([Problem(named or path.name, what, "请核对是不是放错了文件；只留下应有的内容再试")])
    return path.read_bytes()


class NetworkDown(Exception):  # noqa: N818
    """Our own network is down: nothing was judged, nothing recorded against any unit (exit code 4)."""
