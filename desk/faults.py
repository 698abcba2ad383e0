"""A fault of the program is told in one sentence; what a developer needs goes into a log file."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
import traceback
from pathlib import Path

from desk import clock
from dossier.home import Home

LOG = "faults.log"
DEBUG = "GONGKAI_DEBUG"
"""Environment variable: where it is set, the whole traceback is shown too."""
_MOST_BYTES = 5_000_000


def say_fault(error: BaseException, home: Home | None) -> str:
    """The sentence for an unexpected fault, after the traceback has been written to the home's log."""
    trace = "".join(traceback.format_exception(error))
    place = write_trace(trace, home)
    said = f"程序出错，没有做完：{in_words(error)}。"
    said += (
        f"\n详细记录在 {place}，请连同它报告给维护人员。"
        if place
        else "\n日志也写不进去，请检查磁盘空间和权限。"
    )
    return f"{trace}\n{said}" if os.environ.get(DEBUG) else said


def is_full(error: BaseException) -> bool:
    """Whether there was no room left to write."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if not isinstance(error, sqlite3.OperationalError):
        return False
    # Where not even the file that its readers share can be made larger, SQLite speaks of a disk I/O error.
    return "full" in str(error) or getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE


def in_words(error: BaseException) -> str:
    """What went wrong, in Chinese where a person can mend it, without the full stop."""
    short = " ".join(str(error).split())[:300]
    if isinstance(error, OSError) and is_full(error):
        return "磁盘已满，请腾出空间后再试（抓取中断的批次可用 gongkai nightly --resume 接着做）"
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"没有写入或读取的权限：{error.filename or short}"
    if isinstance(error, sqlite3.OperationalError) and "locked" in short:
        return "数据库正被另一个程序占用，请稍后再试"
    if is_full(error):
        return "磁盘已满，数据库没有写入，请腾出空间后再试"
    if isinstance(error, sqlite3.DatabaseError) and ("malformed" in short or "not a database" in short):
        return "数据库文件已损坏，请把 data/gongkai.db 移开，再用 gongkai restore 恢复最近的备份"
    if type(error).__module__.partition(".")[0] in ("desk", "dossier") and short:
        return short
    return f"{type(error).__name__}{f'（{short}）' if short else ''}"


def write_trace(trace: str, home: Home | None) -> Path | None:
    """Where the traceback was written; None where even that was not possible."""
    for folder in (home.data if home else None, Path(tempfile.gettempdir())):
        if folder is None:
            continue
        path = folder / LOG
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if path.is_file() and path.stat().st_size > _MOST_BYTES:
                path.replace(path.with_suffix(".log.1"))
            with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(f"—— {clock.now().isoformat(timespec='seconds')}\n{trace}\n")
        except OSError:
            continue
        return path
    return None
