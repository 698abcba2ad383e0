"""The table of publishing systems and the signs by which each is known."""

from __future__ import annotations

import re
from pathlib import Path

from dossier.model import CmsSigns
from dossier.tables.source import entries, open_table, top

_STATUSES = ("verified", "unverified", "assumed")
USUAL_LEAST = 5


def read_cms(path: Path) -> tuple[CmsSigns, ...]:
    """Read the signs of publishing systems; a pattern that is none is refused with its line."""
    file = open_table(path)
    top(file).only("cms")
    found: list[CmsSigns] = []
    for entry in entries(file, file.data, "cms", "建站系统"):
        entry.only("name", "vendor", "paths", "generator", "least", "source", "source_status")
        name = entry.text("name")
        entry.label = f"建站系统“{name}”"
        if any(one.name == name for one in found):
            entry.say("重复", "请只留一条", "name")
        paths = entry.texts("paths", required=False)
        generator = entry.texts("generator", required=False)
        if not paths and not generator:
            entry.say("没有任何特征", "请写 paths 或 generator")
        for key, patterns in (("paths", paths), ("generator", generator)):
            for pattern in patterns:
                if fault := _fault(pattern):
                    entry.say(f"正则“{pattern}”{fault}", "请改正这个正则", key)
        least = entry.whole("least") if "least" in entry.data else USUAL_LEAST
        if least < 1:
            entry.say("least 应不小于 1", "请改正数值", "least")
        entry.text("vendor")
        entry.text("source")
        entry.choice("source_status", _STATUSES)
        found.append(CmsSigns(name=name, paths=paths, generator=generator, least=least))
    file.refuse()
    return tuple(found)


def _fault(pattern: str) -> str:
    try:
        found = re.compile(f"(?:{pattern})", re.IGNORECASE)
    except re.error as error:
        return f"写法不对（{error}）"
    return "什么都符合" if found.search("") else ""
