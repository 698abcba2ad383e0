"""The official scoring table replaces the assumed one: checked whole, then put in place in one move."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from desk.table_sheet import read_table_sheet
from desk.table_template import write_template
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import IndicatorTable
from dossier.tables import read_indicators, render_indicators

__all__ = ["import_table", "read_table", "write_template"]


def import_table(path: Path, home: Home, known_rules: frozenset[str]) -> Path:
    """Put an indicator table (xlsx or toml) into the home; the one it replaces is kept as `.bak-<n>`.

    Nothing is written unless the whole table is sound.
    """
    table, content = read_table(path, known_rules)
    folder = home.root / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"indicators_{table.unit_class}.toml"
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _same(table, read_indicators(Path(name), known_rules))
        Path(name).chmod(0o644)
        if target.exists():
            shutil.copy2(target, _backup(target))
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target


def read_table(path: Path, known_rules: frozenset[str]) -> tuple[IndicatorTable, bytes]:
    """An indicator table (xlsx or toml) and its content as TOML. Raises BadInput unless the whole table is sound."""
    suffix = path.suffix.lower()
    if suffix == ".toml":
        return read_indicators(path, known_rules), path.read_bytes()
    if suffix in (".xlsx", ".xlsm"):
        table = read_table_sheet(path, known_rules)
        return table, render_indicators(table).encode()
    mend = "请按模板填成 xlsx，或写成 toml"
    raise BadInput([Problem(str(path), f"不支持“{suffix or '无扩展名'}”文件", mend)])


def _same(asked: IndicatorTable, written: IndicatorTable) -> None:
    """What will be scored by must be what was given."""
    if msgspec.structs.replace(written, digest="") != msgspec.structs.replace(asked, digest=""):
        raise RuntimeError("the written table differs from the one that was read")


def _backup(target: Path) -> Path:
    n = 1
    while (kept := target.with_name(f"{target.name}.bak-{n}")).exists():
        n += 1
    return kept
