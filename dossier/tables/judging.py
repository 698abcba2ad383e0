"""The tables that rules read: thresholds, statutory items, wording, words of hidden links."""

from __future__ import annotations

import re
from pathlib import Path

from dossier.model import StatutoryItem, UnitClass, WordingEntry
from dossier.tables.source import Entry, entries, open_table, top

_STATUSES = ("verified", "unverified", "assumed")
_CODE = re.compile(r"(20|21)-([1-9]\d?)")
_UNIT_ID = re.compile(r"[A-Z](?:\d{2,4})?")
"""A unit, or all units of a class by its letter alone."""


def read_thresholds(
    path: Path, shipped: Path, known_rules: frozenset[str] | None = None
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Read the thresholds, and which of them an own table lacks.

    A threshold that came with a later release is not in a table that somebody changed before: it takes the
    shipped value, and its key is told so that it can be said. A key that no rule has is a slip and refused.
    """
    file = open_table(path)
    top(file).only("threshold")
    found: dict[str, float] = {}
    for entry in entries(file, file.data, "threshold", "阈值"):
        entry.only("key", "value", "unit", "basis", "source_status", "note")
        key = entry.text("key")
        entry.label = f"阈值“{key}”"
        value = entry.number("value")
        for name in ("unit", "basis", "note"):
            entry.text(name)
        entry.choice("source_status", _STATUSES)
        if "." not in key:
            entry.say("键应为“规则编号.名称”", "请改正键名", "key")
        elif known_rules is not None and key.split(".")[0] not in known_rules | {"confirm"}:
            entry.say(f"没有“{key.split('.')[0]}”这条检查规则", "请对照规则目录改正键名", "key")
        if key in found:
            entry.say("重复", "请只留一条", "key")
        if value is not None:
            whole = key.endswith(".confirm_nights") or key == "confirm.default"
            if value < 0:
                entry.say("数值不能为负", "请改正数值", "value")
            elif whole and (value < 1 or value != int(value)):
                entry.say("夜数应为不小于 1 的整数", "请改正数值", "value")
            elif key.endswith(".share") and value > 1:
                entry.say("比例不能大于 1", "请写成 0 到 1 之间的数，如 0.05 表示 5%", "value")
            found[key] = float(value)
    values = found if path == shipped else read_thresholds(shipped, shipped)[0]
    for key in sorted(set(found) - set(values)):
        line = file.find(rf"^\s*key\s*=\s*\"{re.escape(key)}\"")
        file.say(f"没有规则使用阈值“{key}”", "键名可能写错，请对照系统自带的 thresholds.toml", line=line)
    if "confirm.default" not in values:
        file.say("缺少阈值“confirm.default”", "请补上：默认几夜都看到才算确认")
    file.refuse()
    return {**values, **found}, tuple(sorted(set(values) - set(found)))


def read_statutory(path: Path) -> tuple[StatutoryItem, ...]:
    """Read the items of 条例 20 and 21 with the names under which sites show them."""
    file = open_table(path)
    top(file).only("item")
    found: list[StatutoryItem] = []
    for entry in entries(file, file.data, "item", "法定事项"):
        entry.only("code", "name", "labels", "near", "applies", "units", "source_status", "note")
        code = entry.text("code")
        entry.label = f"法定事项“{code}”"
        match = _CODE.fullmatch(code)
        if code and not (match and int(match[2]) <= {"20": 15, "21": 7}[match[1]]):
            entry.say("编号不对", "第二十条为 20-1 至 20-15，第二十一条为 21-1 至 21-7", "code")
        if any(item.code == code for item in found):
            entry.say("重复", "请只留一条", "code")
        classes = entry.texts("applies", required=False)
        if "applies" not in entry.data:
            entry.say("缺少“applies”", '请写明适用哪一类：applies = ["A", "B"]；都不检查的写 []')
        if not set(classes) <= {"A", "B"}:
            entry.say("适用类别不认识", "只能写 A、B", "applies")
            classes = ()
        units = entry.texts("units", required=False)
        if not all(_UNIT_ID.fullmatch(unit) for unit in units):
            entry.say("单位编号不对", "单位编号如 A01、B02", "units")
        entry.text("note", "")
        found.append(
            StatutoryItem(
                code=code,
                name=entry.text("name"),
                labels=entry.texts("labels"),
                near=entry.texts("near", required=False),
                applies=frozenset(UnitClass(each) for each in classes),
                units=frozenset(units) if "units" in entry.data else None,
                source_status=entry.choice("source_status", _STATUSES),
            )
        )
    if not found:
        file.say("没有一条法定事项", "请写明条例第二十条、第二十一条各项")
    file.refuse()
    return tuple(found)


def read_wording(path: Path) -> tuple[WordingEntry, ...]:
    """Read wrong → right phrases; an entry that would accuse correct text is refused."""
    file = open_table(path)
    top(file).only("entry", "source_status", "source")
    found: dict[str, WordingEntry] = {}
    lines = iter(file.every(r"\bwrong\s*="))
    for entry in entries(file, file.data, "entry", "表述"):
        entry.line = next(lines, entry.line) if "wrong" in entry.data else entry.line
        _inline_only(entry, "wrong", "right", "severity", "allowed")
        wrong, right = entry.text("wrong"), entry.text("right")
        entry.label = f"表述“{wrong}”"
        allowed = entry.texts("allowed", required=False)
        if wrong in found:
            entry.say("重复", "请只留一条")
        if 0 < len(wrong) < 2:
            entry.say("只有一个字，会误伤", "请写成两个字以上的词语")
        if wrong and wrong in right:
            entry.say(f"正确写法“{right}”里就含有它，会误伤", "请改写错误写法")
        for phrase in allowed:
            if wrong and (wrong not in phrase or phrase == wrong):
                entry.say(f"例外“{phrase}”应是包含“{wrong}”的更长的语句", "请改正例外")
        found[wrong] = WordingEntry(
            wrong=wrong,
            right=right,
            severity=entry.choice("severity", ("一般", "严重"), "一般"),
            allowed=allowed,
        )
    for entry_ in found.values():
        for other in found.values():
            if entry_.wrong and entry_.wrong in other.right and not _excused(entry_, other.right):
                file.say(
                    f"“{entry_.wrong}”出现在“{other.wrong}”的正确写法“{other.right}”里，会误伤",
                    "请改写其中一条，或列为例外",
                    line=file.find(rf"\bwrong\s*=\s*\"{re.escape(entry_.wrong)}\""),
                )
    file.refuse()
    return tuple(found.values())


def _excused(entry: WordingEntry, text: str) -> bool:
    """Whether every place of the wrong form in a text lies inside an allowed context."""
    for phrase in sorted(entry.allowed, key=len, reverse=True):
        text = text.replace(phrase, "\0")
    return entry.wrong not in text


def _inline_only(entry: Entry, *keys: str) -> None:
    for key in entry.data:
        if key not in keys:
            entry.say(f"有不认识的键“{key}”", f"可用的键：{'、'.join(keys)}")


_HOST = re.compile(r"(?:[a-z0-9\-]+\.)+[a-z0-9\-]+")


def read_illicit(path: Path, shipped: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the words that only gambling and pornography use, and the hosts to which a hidden link is none of theirs.

    A table made before hosts stood in it goes on with the shipped ones.
    """
    file = open_table(path)
    head = top(file)
    head.only("words", "source_status", "source", "trusted", "trusted_source", "trusted_status")
    words = head.texts("words")
    trusted = head.texts("trusted", required=False)
    for host in trusted:
        if not _HOST.fullmatch(host):
            file.say(
                f"“{host}”不是主机名",
                "请只写主机名的末尾部分，如 gov.cn",
                line=file.find(rf"\"{re.escape(host)}\""),
                column="trusted",
            )
    seen: set[str] = set()
    for word in words:
        if word in seen or len(word) < 2:
            what = f"“{word}”重复" if word in seen else f"“{word}”只有一个字，会误伤"
            mend = "请只留一个" if word in seen else "请写成两个字以上的词语"
            file.say(
                what, mend, line=file.find(rf"\"{re.escape(word)}\"", None, int(word in seen)), column="words"
            )
        seen.add(word)
    file.refuse()
    if "trusted" not in file.data and path != shipped:
        trusted = read_illicit(shipped, shipped)[1]
    return words, trusted
