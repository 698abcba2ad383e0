"""A backup is believed only as a whole: it is opened beside the home, proven, and then put in place in one go."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

import filelock
import msgspec

from desk.backup import DATABASE, FORMAT, LISTING, Done, Listing, Member
from dossier import store
from dossier.errors import BadInput, Problem, why_not_opened
from dossier.home import Home

_CHUNK = 1 << 20
_MOST_LISTING = 500_000_000
_ROOTS = frozenset({"data", "tables", "reports", "precious"})
_FILES = frozenset({"unit_sites.csv", "settings.toml"})
_BAD_SIGNS = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError, KeyError,
)  # fmt: skip
_MEND = "请换一份完整的备份文件（由 gongkai backup 生成）"


def restore(home: Home, file: Path, *, at: datetime, force: bool = False) -> Done:
    """Put a backup into a home. Raises BadInput, and changes nothing, where the file is torn or foreign, or
    where the home has data already and `force` was not said."""
    if not force:
        _refuse_full_home(home)
    existed = home.root.exists()
    with contextlib.ExitStack() as undo:
        if not existed:
            undo.callback(shutil.rmtree, home.root, ignore_errors=True)
        with _opened(file) as zipped:
            listing = _listing(file, zipped)
            home.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".restore-", dir=home.root) as made:
                staged = Path(made)
                _unpack(file, zipped, listing, staged)
                _prove(file, staged / DATABASE, listing)
                aside = _put_in_place(home, staged, at, force=force)
        undo.pop_all()
    return Done(files=len(listing.files), decisions=listing.decisions, runs=len(listing.runs), aside=aside)


def _bad(file: Path, what: str, mend: str = _MEND) -> BadInput:
    return BadInput([Problem(str(file), what, mend)])


def _refuse_full_home(home: Home) -> None:
    if home.database.exists() or (home.runs.is_dir() and any(home.runs.iterdir())):
        raise _bad(
            home.root,
            "这个家目录已有数据，没有恢复",
            "请用 --home 指定一个空目录；确要覆盖请加 --force（原有的会移到一旁）",
        )


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        zipped = zipfile.ZipFile(file)
    except OSError as error:
        raise _bad(file, f"备份文件打不开（{why_not_opened(error)}）", "请核对文件名和读取权限") from error
    except _BROKEN as error:
        raise _bad(file, "不是备份文件，或已残缺") from error
    with zipped:
        yield zipped


def _listing(file: Path, zipped: zipfile.ZipFile) -> Listing:
    """What the backup says it holds; refused where it holds anything else, or a name could lead elsewhere."""
    try:
        info = zipped.getinfo(LISTING)
        if info.file_size > _MOST_LISTING:
            raise _bad(file, "目录（backup.json）大得不合理")
        listing = msgspec.json.decode(zipped.read(info), type=Listing)
    except (*_BROKEN, OSError, msgspec.DecodeError) as error:
        raise _bad(file, "不是 gongkai 的备份文件（没有可读的 backup.json）") from error
    if listing.format != FORMAT:
        raise _bad(file, f"备份格式“{listing.format[:40]}”不认识", "请用生成它的那一版程序恢复")
    listed = [member.name for member in listing.files]
    inside = [one.filename for one in zipped.infolist() if one.filename != LISTING]
    if sorted(listed) != sorted(inside) or len({name.casefold() for name in listed}) != len(listed):
        raise _bad(file, "内容与它的目录不符：有缺少、多余或重复的文件")
    for one in zipped.infolist():
        if not _is_safe(one.filename) or stat.S_ISLNK(one.external_attr >> 16) or one.is_dir():
            raise _bad(file, f"其中有不该有的文件名“{one.filename[:80]}”", "请勿使用这份文件，并查明来源")
    if DATABASE not in listed:
        raise _bad(file, "其中没有数据库")
    return listing


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    if name == LISTING or name in _FILES:
        return True
    return (
        not _BAD_SIGNS.search(name)
        and len(path.parts) > 1
        and path.parts[0] in _ROOTS
        and path.as_posix() == name
        and all(part not in ("..", ".") and part == part.rstrip(". ") for part in path.parts)
        and all(len(part.encode()) <= 255 for part in path.parts)
    )


def _unpack(file: Path, zipped: zipfile.ZipFile, listing: Listing, staged: Path) -> None:
    if shutil.disk_usage(staged).free < sum(member.bytes for member in listing.files):
        raise _bad(file, "磁盘空间不够恢复这份备份", "请腾出空间，或恢复到另一个磁盘")
    for member in listing.files:
        target = staged / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            same = _copy(zipped, member, target)
        except _BROKEN as error:
            raise _bad(file, f"其中的 {member.name} 已残缺") from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # a place before the beginning of the file
                raise
            raise _bad(file, f"其中的 {member.name} 已残缺") from error
        if not same:
            raise _bad(file, f"其中的 {member.name} 与目录的摘要不符")


def _copy(zipped: zipfile.ZipFile, member: Member, target: Path) -> bool:
    """Copy one file out, never more than its listed size; whether it is what was listed."""
    digest, left = hashlib.sha256(), member.bytes
    with zipped.open(member.name) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                return False
            digest.update(chunk)
            out.write(chunk)
    return left == 0 and digest.hexdigest() == member.sha256


def _prove(file: Path, database: Path, listing: Listing) -> None:
    """The database must be whole, of a version that this program knows, and row for row what was backed up."""
    if wrong := store.is_sound(database):
        raise _bad(file, f"其中的数据库不完整（{wrong}）")
    if store.row_digests(database, listing.rows) != listing.rows:
        raise _bad(file, "其中的数据库与备份时逐表登记的摘要不符")
    probe = database.with_name("probe.db")
    shutil.copyfile(database, probe)
    try:
        with store.open_store(probe):
            pass
    except store.StoreTooNew as error:
        raise _bad(file, "备份由更新版本的程序生成", "请升级程序后再恢复") from error
    finally:
        for path in probe.parent.glob("probe.db*"):
            path.unlink()


def _put_in_place(home: Home, staged: Path, at: datetime, *, force: bool) -> Path | None:
    """Move the proven files into the home; what stood in their place goes aside. Undone as a whole on a fault."""
    aside = home.root / f"before-restore-{at:%Y%m%d-%H%M%S}"
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        moved.append((source, target))

    home.data.mkdir(exist_ok=True)
    lock = filelock.FileLock(home.data / "nightly.lock", timeout=0)
    try:
        with lock:
            try:
                if not force:
                    _refuse_full_home(home)
                shutil.rmtree(staged / "precious", ignore_errors=True)
                for path in (*home.data.glob("gongkai.db*"), home.runs) if force else ():
                    if path.exists():
                        move(path, aside / path.relative_to(home.root))
                for path in sorted(path for path in staged.rglob("*") if path.is_file()):
                    name = path.relative_to(staged)
                    target = home.root / name
                    if target.exists() or target.is_symlink():
                        if target.is_file() and target.read_bytes() == path.read_bytes():
                            continue
                        move(target, aside / name)
                    move(path, target)
            except BaseException:
                for source, target in reversed(moved):
                    source.parent.mkdir(parents=True, exist_ok=True)
                    if source.is_dir() and not any(path.is_file() for path in source.rglob("*")):
                        shutil.rmtree(source)  # folders made on the way
                    target.rename(source)
                shutil.rmtree(aside, ignore_errors=True)
                raise
    except filelock.Timeout as error:
        raise _bad(home.root, "这里有一次检查正在进行，没有恢复", "请等它结束，或恢复到另一个目录") from error
    return aside if aside.exists() else None
