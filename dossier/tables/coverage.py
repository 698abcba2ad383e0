"""One fact costs points once: which finding speaks for which other."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from dossier.tables.source import entries, open_table, top


class Same(StrEnum):
    """What makes two findings of one unit the same fact."""

    UNIT = "unit"
    SUBJECT = "subject"
    PAGE = "page"
    """The address before the first space of the subject (`page URL + phrase`)."""
    HOST = "host"
    TARGET = "target"
    """The covered finding's address is one that the covering finding rests on."""


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    rule_id: str
    covered: str
    """Rule whose findings about the same fact ask nothing."""
    same: Same
    subject: str = ""
    """Only where the covering finding is about this subject; empty = any."""
    covered_subject: str = ""
    where: tuple[tuple[str, str], ...] = ()
    """Only covered findings whose data says this."""
    alike: tuple[str, ...] = ()
    """Both findings must say the same under these keys of their data."""
    because: str = ""
    """Chinese."""


def read_covers(path: Path, known_rules: frozenset[str] | None = None) -> tuple[Cover, ...]:
    """Read tables/coverage.toml; covers that run in a circle are refused, for then nobody would pay."""
    file = open_table(path)
    top(file).only("covers")
    found: list[Cover] = []
    lines: list[int | None] = []
    for entry in entries(file, file.data, "covers", "一事不二扣"):
        entry.only("rule", "covered", "same", "subject", "covered_subject", "where", "alike", "because")
        rule = entry.text("rule")
        covered = entry.texts("covered")
        same = Same(entry.choice("same", tuple(each.value for each in Same)))
        where = entry.data.get("where", {})
        if not isinstance(where, dict) or not all(isinstance(value, str) for value in where.values()):
            entry.say("“where”应为 { 键 = 值 }，值为文字", '请写成 where = { kind = "news" }', "where")
            where = {}
        for name in (rule, *covered):
            if name and known_rules is not None and name not in known_rules:
                entry.say(f"没有“{name}”这条检查规则", "请对照规则目录改正规则编号")
        for name in covered:
            lines.append(entry.line)
            found.append(
                Cover(
                    rule_id=rule,
                    covered=name,
                    same=same,
                    subject=entry.text("subject", ""),
                    covered_subject=entry.text("covered_subject", ""),
                    where=tuple(sorted(where.items())),
                    alike=entry.texts("alike", required=False),
                    because=entry.text("because"),
                )
            )
    over: dict[str, set[str]] = {}
    for cover, line in zip(found, lines, strict=True):
        if _reaches(over, cover.covered, cover.rule_id):
            file.say(
                f"“{cover.rule_id}”与“{cover.covered}”互相覆盖（或绕成一圈）",
                "请只留一个方向，否则谁都不扣分",
                line=line,
            )
        else:
            over.setdefault(cover.rule_id, set()).add(cover.covered)
    file.refuse()
    return tuple(found)


def _reaches(over: dict[str, set[str]], start: str, goal: str) -> bool:
    todo, seen = [start], set[str]()
    while todo:
        rule = todo.pop()
        if rule == goal:
            return True
        if rule not in seen:
            seen.add(rule)
            todo.extend(over.get(rule, ()))
    return False
