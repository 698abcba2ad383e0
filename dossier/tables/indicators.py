"""An indicator table on disk: read with its places, written so that it reads back the same."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from dossier.model import (
    Bonus,
    IndicatorTable,
    Major,
    Points,
    Row,
    Section,
    SourceStatus,
    UnitClass,
)
from dossier.tables.soundness import Place, faults, say_points
from dossier.tables.source import Entry, TableFile, entries, open_table, top

_ZERO = Decimal(0)
_STATUSES = tuple(status.value for status in SourceStatus)


def read_indicators(
    path: Path, known_rules: frozenset[str] | None = None, *, expected: UnitClass | None = None
) -> IndicatorTable:
    """Read one indicator table; an unsound one is refused with every fault it has."""
    file = open_table(path)
    table = _parse(file)
    if expected is not None and not file.problems and table.unit_class is not expected:
        file.say(
            f"这是 {table.unit_class} 类的评分表，应为 {expected} 类",
            f"请改 class，或改文件名为 indicators_{table.unit_class}.toml",
            line=file.find(r"^\s*class\s*="),
            column="class",
        )
    if not file.problems:
        for fault in faults(table, known_rules):
            file.say(fault.what, fault.mend, line=_line(file, table, fault.at))
    file.refuse()
    return table


def _parse(file: TableFile) -> IndicatorTable:
    head = top(file)
    head.only(
        "class",
        "year",
        "title",
        "source_status",
        "source",
        "bands_status",
        "band",
        "section",
        "major",
        "bonus",
        "unscored",
    )
    rows_before = 0
    sections = []
    for entry in entries(file, file.data, "section", "一级指标"):
        entry.only("name", "weight", "row")
        name = entry.text("name")
        entry.label = f"一级指标“{name}”"
        rows = entries(file, entry.data, "row", f"{entry.label}下的指标", header="section.row")
        for n, row in enumerate(rows):
            row.line = file.header("section.row", rows_before + n)
        rows_before += len(rows)
        sections.append(
            Section(name=name, weight=entry.number("weight") or _ZERO, rows=tuple(_row(row) for row in rows))
        )
    majors = []
    for entry in entries(file, file.data, "major", "重大扣分项"):
        entry.only("name", "points")
        majors.append(Major(name=entry.text("name"), points=_points(entry)))
    bonuses = []
    for entry in entries(file, file.data, "bonus", "加分项"):
        entry.only("name", "parent", "share")
        share = entry.number("share")
        bonuses.append(
            Bonus(
                name=entry.text("name"), parent=entry.text("parent"), share=_ZERO if share is None else share
            )
        )
    bands = []
    for entry in entries(file, file.data, "band", "等次"):
        entry.only("name", "least")
        least = entry.number("least")
        bands.append((entry.text("name"), _ZERO if least is None else least))
    return IndicatorTable(
        unit_class=UnitClass(head.choice("class", ("A", "B"))),
        year=head.whole("year"),
        title=head.text("title"),
        source_status=SourceStatus(head.choice("source_status", _STATUSES)),
        source=head.text("source"),
        sections=tuple(sections),
        majors=tuple(majors),
        bonuses=tuple(bonuses),
        unscored=_unscored(file),
        bands=tuple(bands),
        bands_status=SourceStatus(head.choice("bands_status", _STATUSES, "assumed")),
        digest=file.digest,
    )


def _row(entry: Entry) -> Row:
    entry.only("path", "weight", "online", "cap", "standard", "points")
    path = entry.texts("path")
    return Row(
        path=path,
        weight=entry.number("weight") or _ZERO,
        online=entry.flag("online", True),
        cap=entry.number("cap", required=False),
        standard=entry.text("standard", ""),
        points=_points(entry),
    )


def _points(entry: Entry) -> tuple[Points, ...]:
    given: Any = entry.data.get("points", [])
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        entry.say("“points”应为若干条规则", 'points = [{ rule = "规则编号", points = 0.5 }]', "points")
        return ()
    found = []
    for n, each in enumerate(given):
        line = entry.file.find(r"\brule\s*=", entry.line, n) if entry.line else None
        one = Entry(entry.file, each, line or entry.line, f"规则“{each.get('rule', '')}”")
        # The key's own line is not looked up: several rules may stand in one block, each on a line of its own.
        keys = ("rule", "points", "once", "cap", "severity")
        for key in each:
            if key not in keys:
                one.say(f"有不认识的键“{key}”", f"可用的键：{'、'.join(keys)}")
        found.append(
            Points(
                rule_id=one.text("rule"),
                points=one.number("points") or _ZERO,
                once=one.flag("once", False),
                cap=one.number("cap", required=False),
                severity=one.text("severity", ""),
            )
        )
    return tuple(found)


def _unscored(file: TableFile) -> dict[str, str]:
    given: Any = file.data.get("unscored", {})
    if not isinstance(given, dict) or not all(isinstance(reason, str) for reason in given.values()):
        file.say(
            "“unscored”应为 [unscored] 表：规则编号 = 理由",
            '请写成 规则编号 = "理由"',
            line=file.header("unscored"),
        )
        return {}
    return dict(given)


def _line(file: TableFile, table: IndicatorTable, at: Place) -> int | None:
    """The line of a fault's place."""
    if at.part == "unscored":
        return file.find(rf"^\s*\"?{re.escape(at.key)}\"?\s*=", file.header("unscored"))
    if not at.part:
        return file.find(rf"^\s*{at.key}\s*=") if at.key else 1
    if at.row >= 0:
        before = sum(len(section.rows) for section in table.sections[: at.index])
        block = file.header("section.row", before + at.row)
    else:
        block = file.header(at.part, at.index)
    if block is None:
        return None
    if at.points >= 0:
        return file.find(r"\brule\s*=", block, at.points) or block
    return (file.find(rf"^\s*{at.key}\s*=", block) if at.key else None) or block


def _quote(text: str) -> str:
    marks = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    escaped = "".join(marks.get(c) or (f"\\u{ord(c):04X}" if c < " " or c == "\x7f" else c) for c in text)
    return f'"{escaped}"'


def _render_points(points: Points) -> str:
    parts = [f"rule = {_quote(points.rule_id)}", f"points = {say_points(points.points)}"]
    if points.once:
        parts.append("once = true")
    if points.cap is not None:
        parts.append(f"cap = {say_points(points.cap)}")
    if points.severity:
        parts.append(f"severity = {_quote(points.severity)}")
    return "  { " + ", ".join(parts) + " },"


def render_indicators(table: IndicatorTable) -> str:
    """The table as TOML text; reading it back gives the same table (but for its digest)."""
    lines = [
        "# " + " ".join(table.title.split()),
        "",
        f'class = "{table.unit_class}"',
        f"year = {table.year}",
        f"title = {_quote(table.title)}",
        f'source_status = "{table.source_status}"',
        f"source = {_quote(table.source)}",
        f'bands_status = "{table.bands_status}"',
    ]
    for name, least in table.bands:
        lines += ["", "[[band]]", f"name = {_quote(name)}", f"least = {say_points(least)}"]
    for section in table.sections:
        lines += [
            "",
            "[[section]]",
            f"name = {_quote(section.name)}",
            f"weight = {say_points(section.weight)}",
        ]
        for row in section.rows:
            path = ", ".join(_quote(name) for name in row.path)
            lines += ["", "[[section.row]]", f"path = [{path}]", f"weight = {say_points(row.weight)}"]
            if not row.online:
                lines.append("online = false")
            if row.cap is not None:
                lines.append(f"cap = {say_points(row.cap)}")
            if row.standard:
                lines.append(f"standard = {_quote(row.standard)}")
            if row.points:
                lines += ["points = [", *(_render_points(points) for points in row.points), "]"]
    for major in table.majors:
        lines += ["", "[[major]]", f"name = {_quote(major.name)}", "points = ["]
        lines += [*(_render_points(points) for points in major.points), "]"]
    for bonus in table.bonuses:
        lines += ["", "[[bonus]]", f"name = {_quote(bonus.name)}", f"parent = {_quote(bonus.parent)}"]
        lines.append(f"share = {say_points(bonus.share)}")
    if table.unscored:
        lines += [
            "",
            "[unscored]",
            *(f"{_quote(rule)} = {_quote(why)}" for rule, why in table.unscored.items()),
        ]
    return "\n".join(lines) + "\n"
