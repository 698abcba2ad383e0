"""What people decided outlives the machine: one file with the decisions, what was brought in, and the evidence below them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from desk.evidence import LEFT_OUT, MANIFEST, sealed_files
from dossier import archive, store
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import Capture

FORMAT = "gongkai-backup-1"
LISTING = "backup.json"
DATABASE = "data/gongkai.db"
_CHUNK = 1 << 20
_PACKED = (".gz", ".zip", ".xlsx", ".docx", ".png", ".jpg", ".jpeg", ".webp", ".pdf", ".db")
_NEVER = frozenset({"desk.secret", "runs", "demo", "nightly.lock", "faults.log", "faults.log.1"})
"""Below data/: what is chosen run by run, or is nobody's."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a backup."""

    name: str
    bytes: int
    sha256: str


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """`backup.json`: all that a backup holds, so that it can be proven whole."""

    format: str
    made_at: datetime
    files: tuple[Member, ...]
    rows: dict[str, tuple[int, str]]
    """Of each precious table: rows, and the digest of their dump."""
    runs: tuple[str, ...]
    """Runs whose archives (of some units or all) are in it."""
    decisions: int


@dataclass(frozen=True)
class Done:
    """What was backed up or restored."""

    files: int
    decisions: int
    runs: int
    aside: Path | None = None
    """Where a forced restore put what was there before."""


def backup(home: Home, file: Path, *, at: datetime, everything: bool = False) -> Done:
    """Write a backup, while the desk and a night may be at work. The file appears whole or not at all."""
    if not home.database.is_file():
        raise BadInput(
            [Problem(str(home.database), "这个家目录还没有数据库", "请核对 --home；没有数据就不必备份")]
        )
    if file.is_dir():
        raise BadInput([Problem(str(file), "这是一个目录", "请写备份文件的名字，如 backup.zip")])
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as made:
        copy, first = Path(made) / "gongkai.db", Path(made) / "first.db"
        with store.open_store(home.database) as kept:
            store.take_copy(kept, first)
        with store.open_store(first) as snapshot:
            store.take_copy(snapshot, copy)
            used = store.evidence_in_use(snapshot)
            if everything:
                used |= {
                    (s.run_id, u.unit_id)
                    for s in store.seals(snapshot)
                    for u in store.units_of(snapshot, s.run_id)
                }
            decisions = len(store.decisions(snapshot))
            runs = tuple(run.run_id for run in store.runs(snapshot))
        chosen = _chosen(home, runs, used, everything=everything)
        part = Path(made) / "part.zip"
        files: list[Member] = []
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as zipped:
            part.chmod(0o600)  # it holds the digests of passwords
            files.append(_pack(zipped, copy, DATABASE))
            for table in store.precious_tables(copy):
                _pack_bytes(zipped, b"".join(store.dump_rows(copy, table)), f"precious/{table}.jsonl", files)
            for path in chosen:
                with contextlib.suppress(
                    FileNotFoundError
                ):  # gone since we looked, as a report written anew is
                    files.append(_pack(zipped, path, path.relative_to(home.root).as_posix()))
            for run in runs:
                _pack_left_out(zipped, home, run, files)
            listing = Listing(
                format=FORMAT, made_at=at, files=tuple(files), rows=store.row_digests(copy),
                runs=tuple(sorted({run for run, _ in used})), decisions=decisions,
            )  # fmt: skip
            zipped.writestr(LISTING, msgspec.json.format(msgspec.json.encode(listing), indent=1))
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        part.replace(file)
    return Done(files=len(files), decisions=decisions, runs=len(listing.runs))


def _chosen(home: Home, runs: tuple[str, ...], used: set[tuple[str, str]], *, everything: bool) -> list[Path]:
    """The files of a home that belong into its backup, the database left out."""
    found = {path for path in (home.units_csv, home.settings_toml) if path.is_file()}
    found |= {path for path in home.root.glob("tables/**/*") if path.suffix in (".toml", ".csv")}
    for path in home.data.iterdir():
        if path.name not in _NEVER and not path.name.startswith(home.database.name):
            found |= {path, *path.rglob("*")}
    for run in runs:
        folder = home.run(run)
        found |= {folder / "run.json", *folder.glob("manifest*.json")}
        if everything and (folder / MANIFEST).is_file():  # nobody writes into a sealed run any more
            found |= set(folder.rglob("*"))
    for run, unit in used:
        found |= set((home.run(run) / unit).rglob("*"))
        found |= _originals(home, run, unit)
        found |= set((home.reports / run).rglob("*"))
    return sorted(
        path for path in found if path.is_file() and not path.is_symlink() and path.name != LEFT_OUT
    )


def _originals(home: Home, run: str, unit: str) -> set[Path]:
    """The archives of earlier runs in which the unchanged pages of a unit stand, with their lists."""
    try:
        captures = archive.read_captures(home.run(run) / unit)
    except msgspec.DecodeError:
        return set()
    found: set[Path] = set()
    carried = [one for one in _carried(home.run(run) / unit) if one is not None]
    lists = {archive.manifest_file(home.runs / one.carried / unit) for one in carried}
    places = {capture.revisit_of for capture in (*captures, *carried) if capture.revisit_of}
    for place in places | {f"{one.carried}/{one.warc}" for one in carried if one.warc}:
        other, _, warc = place.partition("/")
        folder = (home.runs / other / unit).resolve()
        if folder.is_relative_to(home.runs.resolve()):
            found |= {
                *archive.files_of(folder, Path(warc).name),
                archive.manifest_file(folder),
                folder / "unit.json",
            }
    return found | lists


def _carried(folder: Path) -> list[Capture | None]:
    """What was carried into a night from earlier ones, with the answers it had then."""
    try:
        return [one.capture for one in archive.read_carried(folder)]
    except msgspec.DecodeError:
        return []


def _pack(zipped: zipfile.ZipFile, path: Path, name: str) -> Member:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in _PACKED else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, zipped.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Member(name=name, bytes=size, sha256=digest.hexdigest())


def _pack_bytes(zipped: zipfile.ZipFile, content: bytes, name: str, files: list[Member]) -> None:
    zipped.writestr(name, content)
    files.append(Member(name=name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest()))


def _pack_left_out(zipped: zipfile.ZipFile, home: Home, run: str, files: list[Member]) -> None:
    """Say which files of a sealed run are not in the backup, so that nobody takes them for lost."""
    inside = {member.name for member in files}
    names = [name for name in sealed_files(home.run(run)) if f"data/runs/{run}/{name}" not in inside]
    if names:
        _pack_bytes(zipped, msgspec.json.encode(names), f"data/runs/{run}/{LEFT_OUT}", files)
