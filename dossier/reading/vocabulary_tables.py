"""The vocabulary is read from tables that an assessor may change; what is wrong in them is said with its line and its mend."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, cast

from dossier.errors import BadInput, Problem, read_bounded
from dossier.home import Home
from dossier.model import Column
from dossier.reading.sieve import Sieve
from dossier.reading.vocabulary import CLEAN, ChallengeSign, ColumnLabels, Vocabulary


def load_vocabulary(home: Home) -> Vocabulary:
    """The tables of a home folder, or of the product where the home has none."""
    columns_path, signs_path = home.table("columns.toml"), home.table("challenges.toml")
    columns_data, columns_lines = _read_toml(columns_path)
    signs_data, signs_lines = _read_toml(signs_path)
    problems: list[Problem] = []
    columns = _columns(columns_data, columns_path, columns_lines, problems)
    challenges = _challenges(signs_data, signs_path, signs_lines, problems)
    hints = _hints(columns_data, columns_path, columns_lines, problems)
    error, moved = (_section(signs_data, key, signs_path, problems) for key in ("error", "moved"))
    exact_titles = _patterns(
        error.get("exact_titles", []), "error.exact_titles", signs_path, signs_lines, problems
    )
    titles = _patterns(error.get("titles"), "error.titles", signs_path, signs_lines, problems)
    phrases = _patterns(error.get("phrases"), "error.phrases", signs_path, signs_lines, problems)
    moves = _patterns(moved.get("phrases"), "moved.phrases", signs_path, signs_lines, problems)
    if problems:
        raise BadInput(problems)
    exact: dict[str, Column] = {}
    for labels in columns:
        for name in labels.exact:
            exact.setdefault(CLEAN.sub("", name), labels.column)
    return Vocabulary(
        columns=columns,
        challenges=challenges,
        error_exact_titles=exact_titles,
        error_titles=titles,
        error_phrases=phrases,
        error_longest=_number(error.get("longest"), 220),
        moved_phrases=moves,
        moved_longest=_number(moved.get("longest"), 200),
        hints=hints,
        _exact=exact,
    )


def _read_toml(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        text = read_bounded(path, str(path)).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            [Problem(str(path), f"读不出来（{fault}）", "请检查文件是否存在、是否为 UTF-8 编码")]
        ) from fault
    try:
        return tomllib.loads(text), text.splitlines()
    except tomllib.TOMLDecodeError as fault:
        at = re.search(r"line (\d+)", str(fault))
        line = int(at.group(1)) if at else len(text.splitlines())
        raise BadInput(
            [Problem(str(path), "不是合法的 TOML", "请检查该行的引号、括号和逗号", line)]
        ) from fault


def _columns(
    data: dict[str, Any], path: Path, lines: list[str], problems: list[Problem]
) -> tuple[ColumnLabels, ...]:
    rows: list[ColumnLabels] = []
    owner: dict[str, str] = {}
    entries = data.get("column")
    if not isinstance(entries, list) or not entries:
        problems.append(
            Problem(str(path), "没有任何 [[column]]", "至少写一个栏目，可从随附的 tables/columns.toml 复制")
        )
        return ()
    for number, entry in enumerate(entries):
        line = _line_of(lines, "[[column]]", number)
        key = entry.get("key") if isinstance(entry, dict) else None
        if key not in {column.value for column in Column}:
            names = "、".join(column.value for column in Column)
            problems.append(
                Problem(str(path), f"栏目代号 {key!r} 不认识", f"key 只能是：{names}", line, "key")
            )
            continue
        lists = {}
        for name in ("exact", "contains", "not_contains"):
            lists[name] = _words(entry.get(name, []), name, path, line, problems)
        problems += [
            Problem(str(path), f"名称“{word}”同时属于 {owner[word]} 和 {key}", "请只留一处", line, "exact")
            for word in lists["exact"]
            if owner.setdefault(word, key) != key
        ]
        rows.append(
            ColumnLabels(
                Column(key),
                frozenset(lists["exact"]),
                lists["contains"],
                lists["not_contains"],
                _number(entry.get("longest"), 20),
            )
        )
    return tuple(rows)


HINTS = ("disclosure", "unit")


def _hints(
    data: dict[str, Any], path: Path, lines: list[str], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    """The hints of a table; one made before hints stood in it goes on with the shipped ones."""
    if "hints" not in data:
        path = Path(str(resources.files("tables") / "columns.toml"))
        data, lines = _read_toml(path)
    section, line = data.get("hints"), _line_of(lines, "[hints]", 0)
    entry = section if isinstance(section, dict) else {}
    found = {name: _words(entry.get(name), name, path, line, problems) for name in HINTS}
    problems += [
        Problem(
            str(path), f"{name} 一个词也没有", "请至少写一个，可从随附的 tables/columns.toml 复制", line, name
        )
        for name in HINTS
        if entry.get(name) == []
    ]
    return found


def _challenges(
    data: dict[str, Any], path: Path, lines: list[str], problems: list[Problem]
) -> tuple[ChallengeSign, ...]:
    rows: list[ChallengeSign] = []
    entries = data.get("challenge", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        line = _line_of(lines, "[[challenge]]", number)
        name = entry.get("name", "") if isinstance(entry, dict) else ""
        if not name or not isinstance(name, str):
            problems.append(Problem(str(path), "验证页特征没有名字", "请写 name", line, "name"))
            continue
        headers: list[tuple[str, re.Pattern[str]]] = []
        for text in _words(entry.get("header", []), "header", path, line, problems):
            head, _, pattern = text.partition(":")
            headers += [
                (head.strip().lower(), made)
                for made in _patterns([pattern.strip()], "header", path, lines, problems)
            ]
        body = _patterns(entry.get("body", []), "body", path, lines, problems)
        body_all = _patterns(entry.get("body_all", []), "body_all", path, lines, problems)
        if not (headers or body or body_all):
            problems.append(
                Problem(str(path), f"特征 {name} 什么也不看", "请写 header、body 或 body_all", line)
            )
        status = entry.get("status", [])
        if not isinstance(status, list) or not all(isinstance(code, int) for code in status):
            problems.append(
                Problem(str(path), "status 须是状态码数组", "例如 status = [412]", line, "status")
            )
            status = []
        rows.append(
            ChallengeSign(
                name,
                frozenset(status),
                tuple(headers),
                tuple(map(Sieve.before, body)),
                tuple(map(Sieve.before, body_all)),
                _number(entry.get("longest"), 0),
                bool(entry.get("needs_empty", False)),
            )
        )
    return tuple(rows)


def _section(data: dict[str, Any], key: str, path: Path, problems: list[Problem]) -> dict[str, Any]:
    section = data.get(key)
    if not isinstance(section, dict):
        problems.append(Problem(str(path), f"缺少 [{key}]", "可从随附的 tables/challenges.toml 复制"))
        return {}
    return cast("dict[str, Any]", section)


def _words(value: object, name: str, path: Path, line: int, problems: list[Problem]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        problems.append(Problem(str(path), f"{name} 须是文字数组", f'例如 {name} = ["政策文件"]', line, name))
        return ()
    return tuple(value)


def _patterns(
    value: object, name: str, path: Path, lines: list[str], problems: list[Problem]
) -> tuple[re.Pattern[str], ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        problems.append(Problem(str(path), f"{name} 须是正则数组", "用方括号括起来的单引号文字", None, name))
        return ()
    made: list[re.Pattern[str]] = []
    for word in value:
        try:
            made.append(re.compile(word, re.IGNORECASE | re.DOTALL))
        except re.error as fault:
            line = next((n for n, text in enumerate(lines, 1) if word in text), None)
            problems.append(
                Problem(str(path), f"正则 {word!r} 写错了（{fault}）", "请改正或删去", line, name)
            )
    return tuple(made)


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _line_of(lines: list[str], head: str, number: int) -> int:
    seen = [n for n, text in enumerate(lines, 1) if text.strip() == head]
    return seen[number] if number < len(seen) else 1
