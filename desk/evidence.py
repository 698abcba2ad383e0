"""What a night brought home is sealed by one digest, and nobody can change, drop or add a file unnoticed.

`<run>/manifest.json` names every file of the run with its digest, and the digest of the manifest that was
sealed before it; the database keeps the digest of each manifest. What is drawn from the archive later
(screenshots) is sealed apart, in `<run>/manifest-pictures.json`. docs/evidence.md says what all that
proves and what it does not.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

import msgspec

from dossier import archive, store
from dossier.home import Home
from dossier.model import Capture
from dossier.store import Seal, Store

MANIFEST = "manifest.json"
LEFT_OUT = "not-in-backup.json"
"""Names the files of a run that a backup did not carry; `restore` writes it."""
PICTURES = "pictures"
"""What is drawn from the archive after judging."""
_CHUNK = 1 << 20
_MANIFESTS = "manifest*.json"
_BESIDE = ("manifest*.json.tmp", "manifest*.json.tsr", "manifest*.json.tsr.part")
"""Drafts of manifests, and what an authority says of them afterwards."""
_OF_A_BROKEN_OFF_CRAWL = frozenset({"no-report", "torn-line", "torn-archive", "extra-record", "missing-file"})
"""What a unit's folder shows when its crawl was killed; the manifest says that it was so from the first."""


class FileDigest(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a run."""

    path: str
    """Below the run folder, with `/`."""
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All files of a run, and the run that was sealed before it."""

    run_id: str
    made_at: datetime
    previous_run: str
    previous_sha256: str
    files: tuple[FileDigest, ...]
    format: int = 1


@dataclass
class Checked:
    """What became of one run's evidence."""

    run_id: str
    faults: list[str] = field(default_factory=list)
    """Chinese; each names the file and what is wrong with it."""
    unverifiable: list[str] = field(default_factory=list)
    """Chinese; what cannot be checked, and why."""
    notes: list[str] = field(default_factory=list)
    """Chinese; what is as it was sealed, but was not whole then."""

    @property
    def word(self) -> str:
        if self.faults:
            return f"发现 {len(self.faults)} 处问题"
        return "无法核验" if self.unverifiable else "存档完好"


def seal(kept: Store, home: Home, run_id: str, at: datetime, part: str = "") -> Seal:
    """Seal the files of a run that were not sealed before: those of the crawl, or a later `part` (`pictures`).

    What is sealed is sealed once; asked again, its seal is returned.
    """
    name = f"{run_id}/{part}" if part else run_id
    known = store.seal_of(kept, name)
    if known is not None:
        return known
    folder = home.run(run_id)
    before = next(reversed(store.seals(kept)), None)
    path = manifest_path(home, name)
    others = (other for file, other in _manifests(kept, folder).items() if file != path.name)
    sealed = {file.path for other in others if other for file in other.files}
    manifest = Manifest(
        run_id=name, made_at=at,
        previous_run=before.run_id if before else "", previous_sha256=before.sha256 if before else "",
        files=tuple(file for file in _files(folder) if file.path not in sealed),
    )  # fmt: skip
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    draft = path.with_name(path.name + ".tmp")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    made = Seal(
        run_id=name, sha256=hashlib.sha256(content).hexdigest(),
        previous_run=manifest.previous_run, previous_sha256=manifest.previous_sha256,
        files=len(manifest.files), bytes=sum(file.bytes for file in manifest.files), at=at,
    )  # fmt: skip
    return made if store.add_seal(kept, made) else seal(kept, home, run_id, at, part)


def manifest_path(home: Home, name: str) -> Path:
    """Where the manifest of a seal stands: `<run>` or `<run>/<part>` is its name."""
    run_id, _, part = name.partition("/")
    return home.run(run_id) / (f"manifest-{part}.json" if part else MANIFEST)


def sealed_files(folder: Path) -> tuple[str, ...]:
    """Every file of a run that any of its manifests names."""
    read = (read_manifest(path) for path in sorted(folder.glob(_MANIFESTS)))
    return tuple(file.path for manifest in read if manifest for file in manifest.files)


def check_run(kept: Store, home: Home, run_id: str) -> Checked:
    """Every file of a run against its manifest, the manifest against the chain, every body against its digest."""
    checked = Checked(run_id)
    folder = home.run(run_id)
    if not folder.is_dir():
        checked.faults.append("批次的存档目录不在了")
        return checked
    _check_manifests(kept, folder, checked)
    left_out = _left_out(folder)
    for unit in sorted(path for path in folder.iterdir() if _is_unit(path)):
        broken_off = not (unit / "unit.json").is_file() and f"{unit.name}/unit.json" not in left_out
        for fault in archive.verify(unit):
            if f"{unit.name}/{fault.file}" in left_out:
                continue
            line = f"{unit.name}/{fault.file}：{fault.what}" + (f"（{fault.url}）" if fault.url else "")
            if fault.kind == "thinned":
                checked.notes.append(line)
                continue
            if broken_off and fault.kind in _OF_A_BROKEN_OFF_CRAWL and store.seal_of(kept, run_id):
                checked.notes.append(f"{line}（该单位抓取中断，封存时即如此）")
            else:
                checked.faults.append(line)
        if not left_out & {f"{unit.name}/{name}" for name in archive.MANIFEST_FILES}:
            checked.faults += _against_database(kept, run_id, unit)
    return checked


def check_chain(kept: Store, home: Home) -> list[str]:
    """Whether each seal names the one before it, and whether no sealed run has gone. Chinese, empty when sound."""
    faults = []
    before: Seal | None = None
    for one in store.seals(kept):
        wanted = (before.run_id, before.sha256) if before else ("", "")
        if (one.previous_run, one.previous_sha256) != wanted:
            faults.append(f"批次 {one.run_id} 的清单所指的前一批次与数据库不符：链条在此断开")
        path = manifest_path(home, one.run_id)
        try:
            said = msgspec.json.decode(path.read_bytes(), type=Manifest)
        except OSError:
            faults.append(f"批次 {one.run_id} 的清单（{path.name}）不在了")
        except (msgspec.DecodeError, UnicodeDecodeError):
            faults.append(f"批次 {one.run_id} 的清单（{path.name}）读不出来")
        else:
            if hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
                faults.append(f"批次 {one.run_id} 的清单（{path.name}）被改动：与数据库登记的摘要不符")
            elif (said.previous_run, said.previous_sha256) != (one.previous_run, one.previous_sha256):
                faults.append(f"批次 {one.run_id} 在数据库中的登记与它的清单不符")
        before = one
    return faults


def read_manifest(path: Path) -> Manifest | None:
    """What a manifest says; None where there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _manifests(kept: Store, folder: Path) -> dict[str, Manifest | None]:
    """The manifests of a run by file name: those that are there, and those that ought to be."""
    names = {path.name for path in folder.glob(_MANIFESTS)}
    for one in store.seals(kept):
        run_id, _, part = one.run_id.partition("/")
        if run_id == folder.name:
            names.add(f"manifest-{part}.json" if part else MANIFEST)
    return {name: read_manifest(folder / name) for name in sorted(names)}


def _check_manifests(kept: Store, folder: Path, checked: Checked) -> None:
    manifests = _manifests(kept, folder)
    if MANIFEST not in manifests:
        checked.unverifiable.append("这个批次没有清单（旧版程序所抓，或抓取没有做完），只核对了网页摘要")
        return
    known = {manifest_path(Home(Path()), seal.run_id).name: seal for seal in store.seals(kept)
             if seal.run_id.partition("/")[0] == folder.name}  # fmt: skip
    for name, manifest in manifests.items():
        path = folder / name
        if not path.is_file():
            checked.faults.append(f"{name}：清单不在了，数据库登记有它")
        elif name not in known:
            checked.faults.append(f"{name}：数据库没有登记这份清单")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != known[name].sha256:
            checked.faults.append(f"{name}：清单被改动，与数据库登记的摘要不符")
        elif manifest is None:
            checked.faults.append(f"{name}：清单读不出来")
    read = [manifest for manifest in manifests.values() if manifest]
    if not read:
        return
    _check_files(folder, [file for manifest in read for file in manifest.files], checked)


def _check_files(folder: Path, files: list[FileDigest], checked: Checked) -> None:
    left_out = _left_out(folder)
    listed = {file.path: file for file in files}
    found = {file.path: file for file in _files(folder)}
    missing = sorted(set(listed) - set(found) - _thinned_away(folder, listed))
    checked.faults += [f"{name}：文件不在了" for name in missing if name not in left_out]
    if gone := [name for name in missing if name in left_out]:
        checked.unverifiable.append(f"{len(gone)} 个文件没有随备份恢复，如 {gone[0]}")
    checked.faults += [f"{name}：清单中没有的文件，事后添加" for name in sorted(set(found) - set(listed))]
    for name in sorted(set(found) & set(listed)):
        if found[name] != listed[name]:
            size = "" if found[name].bytes == listed[name].bytes else "（大小也变了）"
            checked.faults.append(f"{name}：内容与封存时的摘要不符{size}")


def _against_database(kept: Store, run_id: str, unit: Path) -> list[str]:
    """The attempts that the database judges by must be those of the list."""
    try:
        listed = [_key(one) for one in archive.read_captures(unit) if one.url]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [f"{unit.name}/{archive.manifest_file(unit).name}：有一行读不出来"]
    seen = store.facts_for(kept, run_id, unit.name).captures
    entered = [_key(one) for one in seen if not one.carried]
    if sorted(listed) == sorted(entered):
        return []
    missing, extra = set(listed) - set(entered), set(entered) - set(listed)
    example = next(iter(sorted(missing or extra)), ("次数不同",))[0]
    counts = f"抓取清单 {len(listed)} 条与数据库 {len(entered)} 条不符"
    return [f"{unit.name}：{counts}（数据库缺 {len(missing)} 条、多 {len(extra)} 条，如 {example}）"]


def _key(capture: Capture) -> tuple[str, str, str, int]:
    return (capture.asked_url or capture.final_url, capture.sha256, capture.warc, capture.offset)


def _thinned_away(folder: Path, listed: Mapping[str, FileDigest]) -> set[str]:
    """Files that went by the rule of retention, as far as a sealed record says so."""
    gone: set[str] = set()
    for unit in (path for path in folder.iterdir() if f"{path.name}/{archive.THINNED}" in listed):
        try:
            said = archive.read_thinned(unit)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        gone |= {f"{unit.name}/{name}" for name in said.removed} if said else set()
    return gone


def _left_out(folder: Path) -> frozenset[str]:
    try:
        return frozenset(msgspec.json.decode((folder / LEFT_OUT).read_bytes(), type=list[str]))
    except (OSError, msgspec.DecodeError):
        return frozenset()


def _is_unit(path: Path) -> bool:
    return path.is_dir() and any((path / name).is_file() for name in (*archive.MANIFEST_FILES, "unit.json"))


def _files(folder: Path) -> Iterator[FileDigest]:
    """Every file below a run folder but the manifest itself, by path."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        beside = "/" not in name and any(fnmatch(name, one) for one in (_MANIFESTS, *_BESIDE))
        if not path.is_file() or name == LEFT_OUT or beside:
            continue
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        yield FileDigest(path=name, bytes=size, sha256=digest.hexdigest())
