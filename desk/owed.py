"""What every unit prepares for the year's assessment (附件4), as an editable table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from dossier.home import Home
from dossier.model import Unit
from dossier.tables.source import entries, open_table, top

_KINDS = ("report", "list", "evidence", "highlight")


@dataclass(frozen=True)
class Owed:
    """One thing that a unit prepares (附件4)."""

    code: str
    name: str
    classes: tuple[str, ...]
    required: bool
    kind: str
    basis: str


def owed_table(home: Home) -> tuple[Owed, ...]:
    """What units prepare, as the table says; BadInput names the line of what is wrong."""
    file = open_table(home.table("owed.toml"))
    top(file).only("owed")
    found: list[Owed] = []
    for entry in entries(file, file.data, "owed", "应报材料"):
        entry.only("code", "name", "classes", "required", "kind", "basis")
        code, name, basis = entry.text("code"), entry.text("name"), entry.text("basis")
        kind = entry.text("kind")
        classes = tuple(str(one) for one in cast(Sequence[object], entry.data.get("classes") or ()))
        if kind not in _KINDS:
            entry.say(f"不认识的 kind“{kind}”", f"请写 {'、'.join(_KINDS)} 之一", "kind")
        if not classes or set(classes) - {"A", "B"}:
            entry.say("classes 应为 A、B", '请写成 classes = ["A", "B"]', "classes")
        if code in {one.code for one in found}:
            entry.say(f"编号“{code}”重复", "请改成另一个编号", "code")
        found.append(Owed(code, name, classes, entry.flag("required", True), kind, basis))
    file.refuse()
    return tuple(found)


def owed_of(table: Sequence[Owed], unit: Unit) -> tuple[Owed, ...]:
    return tuple(one for one in table if unit.unit_class.value in one.classes)
