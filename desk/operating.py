"""The list and the tables, changed from the desk: checked whole, then put in place; the file stays the truth."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from desk import stages
from desk.acting import Refused
from desk.import_table import import_table
from desk.installation import Installation
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.cards import scored_runs
from dossier.store.users import Account, Role
from dossier.units import load_units

TABLES = {
    "indicators_A.toml": "评分表（A 类）",
    "indicators_B.toml": "评分表（B 类）",
    "thresholds.toml": "阈值",
    "statutory.toml": "法定主动公开内容",
    "wording.toml": "错别字与表述",
    "illicit.toml": "暗链词",
    "coverage.toml": "一事不二扣",
    "columns.toml": "栏目名称",
    "challenges.toml": "访问验证特征",
    "cms.toml": "建站系统特征",
    "calendar.toml": "工作日历",
}


def save_units(
    installation: Installation,
    kept: Store,
    text: str,
    *,
    expected: str,
    who: Account,
    at: datetime,
    place: str = "",
) -> str:
    """Put a new unit list in place of the old one, which is kept; BadInput names every bad row."""
    _must_operate(who)
    path = installation.home.units_csv
    if digest_of(path) != expected:
        raise Refused("清单文件刚刚被别人改过，请刷新后重新修改。您的文字还在下面。")
    body = text.replace("\r\n", "\n").strip("\n").encode() + b"\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unit_sites.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        try:
            units = load_units(Path(name), installation.as_of)
        except BadInput as error:
            raise BadInput(
                replace(problem, file=path.name) if isinstance(problem, Problem) else problem
                for problem in error.problems
            ) from None
        with kept.writing():
            detail = f"单位清单：{len(units)} 个单位，SHA-256 {hashlib.sha256(body).hexdigest()[:12]}"
            write_audit(
                kept,
                AuditLine(at=at, who=who.name, act="list-save", object=path.name, detail=detail, place=place),
            )
            if path.exists():
                _backup(path).write_bytes(path.read_bytes())
            Path(name).chmod(0o644)
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return f"单位清单已保存，共 {len(units)} 个单位；原来的清单留有备份。下一夜起生效。"


def save_table(
    installation: Installation,
    kept: Store,
    path: Path,
    *,
    shown: str,
    who: Account,
    at: datetime,
    place: str = "",
) -> str:
    """Import an indicator table after checking it whole."""
    _must_operate(who)
    try:
        written = import_table(path, installation.home, stages.known_rules())
    except BadInput as error:
        raise BadInput(
            replace(problem, file=shown if problem.file in (str(path), path.name) else problem.file)
            for problem in error.problems
        ) from None
    write_audit(
        kept,
        AuditLine(
            at=at, who=who.name, act="table-save", object=written.name, place=place,
            detail=f"{shown}，SHA-256 {digest_of(written)[:12]}",
        ),
    )  # fmt: skip
    return f"已换用 {TABLES.get(written.name, written.name)}，原来的留有备份。请再点“重算扣分建议”。"


def reweigh(installation: Installation, kept: Store, *, who: Account, at: datetime, place: str = "") -> str:
    """Compute the suggestions of the last runs again, by today's tables; decisions stay as they are."""
    _must_operate(who)
    fresh = replace(installation, only=())
    fresh.check()
    last = sorted(set(scored_runs(kept).values()))
    with stages.one_night_at_a_time(fresh):
        for run_id in last:
            stages.suggest(fresh, kept, run_id)
    write_audit(
        kept,
        AuditLine(at=at, who=who.name, act="reweigh", object="、".join(last), detail="重算扣分建议", place=place),
    )  # fmt: skip
    return f"已按现在的评分表重算 {len(last)} 个批次的扣分建议，人的决定没有改动。"


def table_files(home: Home) -> tuple[tuple[str, str, bool, str], ...]:
    """Name, Chinese name, whether it is the home's own, digest."""
    return tuple(
        (name, words, (home.root / "tables" / name).is_file(), digest_of(path))
        for name, words in TABLES.items()
        if (path := home.table(name)).is_file()
    )


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _backup(path: Path) -> Path:
    n = 1
    while (kept := path.with_name(f"{path.name}.bak-{n}")).exists():
        n += 1
    return kept


def _must_operate(who: Account) -> None:
    if who.disabled or who.role is not Role.ADMIN:
        raise Refused("只有管理员可以改清单和评分表。")
