"""Sites call the same 栏目 by many names; the names, and the looks of blocked and broken pages, are tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, cast

from dossier.errors import BadInput, Problem, read_bounded
from dossier.home import Home
from dossier.model import Column
from dossier.reading.sieve import fold, may_match

_CLEAN = re.compile(
    r"[\s\u200b\ufeff\ue000-\uf8ff>》»›→▶·•|:：\[\]【】＞…+]+|\.{2,}|(更多|more|MORE|More|查看更多|首页>)$"
)
_TITLE_CUT = re.compile(r"\s*(?:--+|——|[-–—_|｜_])\s*")


@dataclass(frozen=True)
class ColumnLabels:
    """The names of one 栏目."""

    column: Column
    exact: frozenset[str]
    contains: tuple[str, ...]
    not_contains: tuple[str, ...]
    longest: int


@dataclass(frozen=True)
class ChallengeSign:
    """How one kind of protection shows itself."""

    name: str
    status: frozenset[int]
    header: tuple[tuple[str, re.Pattern[str]], ...]
    body: tuple[re.Pattern[str], ...]
    body_all: tuple[re.Pattern[str], ...]
    longest: int
    needs_empty: bool


@dataclass(frozen=True)
class Vocabulary:
    """All that reading takes from tables."""

    columns: tuple[ColumnLabels, ...]
    challenges: tuple[ChallengeSign, ...]
    error_exact_titles: tuple[re.Pattern[str], ...]
    error_titles: tuple[re.Pattern[str], ...]
    error_phrases: tuple[re.Pattern[str], ...]
    error_longest: int
    moved_phrases: tuple[re.Pattern[str], ...]
    moved_longest: int
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`disclosure`, `unit`: words of a link that was not seen and may lead to what is looked for."""
    _exact: Mapping[str, Column] = field(default_factory=dict)
    _seen: dict[str, Column | None] = field(default_factory=dict, compare=False, repr=False)

    def column_of(self, text: str) -> Column | None:
        """The 栏目 that a link's label, a breadcrumb step or a page title names; None where none is named."""
        if not text or len(text) > 200:
            return None
        if text in self._seen:
            return self._seen[text]
        if len(self._seen) > 50_000:
            self._seen.clear()
        column = self._seen[text] = self._look_up(text)
        return column

    def _look_up(self, text: str) -> Column | None:
        label = _CLEAN.sub("", text)
        known = self._exact.get(label)
        if known is not None:
            return known
        size = len(label)
        for labels in self.columns:
            if (
                size <= labels.longest
                and any(word in label for word in labels.contains)
                and not any(word in label for word in labels.not_contains)
            ):
                return labels.column
        return None

    def column_of_title(self, text: str) -> Column | None:
        """The 栏目 of a page from its <title>: each part of `栏目--网站` is tried, the site's name last."""
        for part in _TITLE_CUT.split(text):
            column = self.column_of(part)
            if column is not None:
                return column
        return None

    def challenge_of(
        self,
        text: str,
        status: int | None,
        headers: Mapping[str, str] | None = None,
        *,
        visible: int | None = None,
    ) -> str | None:
        """The protection that answered instead of the site, or None. `visible` counts the characters a reader sees."""
        bound = max((sign.longest or 1_000_000 for sign in self.challenges), default=0)
        seen = _visible_length(text, bound) if visible is None else visible
        if seen > bound:
            return None
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        folded = fold(text)

        def holds(pattern: re.Pattern[str]) -> bool:
            return may_match(pattern, folded) and pattern.search(text) is not None

        for sign in self.challenges:
            if sign.longest and seen > sign.longest:
                continue
            if sign.needs_empty and seen > 60:
                continue
            if sign.status and status is not None and status not in sign.status:
                continue
            if any(pattern.search(lowered.get(name, "")) for name, pattern in sign.header):
                return sign.name
            if sign.body_all and not all(map(holds, sign.body_all)):
                continue
            if sign.body and not any(map(holds, sign.body)):
                continue
            if sign.body or sign.body_all:
                return sign.name
        return None

    def error_of(self, title: str, text: str, status: int | None = None) -> str | None:
        """The sign by which a page says itself that it is not there or broken, or None."""
        name = title.strip()
        text = " ".join(text.split())
        size = len(text)
        if any(pattern.search(name) for pattern in self.error_exact_titles):
            return f"title:{name[:40]}"
        if 0 < len(name) <= 40 and size <= 3 * self.error_longest:
            for pattern in self.error_titles:
                if pattern.search(name):
                    return f"title:{name[:40]}"
        if size <= self.error_longest:
            for pattern in self.error_phrases:
                found = pattern.search(text)
                if found:
                    return f"phrase:{found.group(0)[:40]}"
        if status is not None and status >= 400 and size <= self.error_longest:
            return f"status:{status}"
        return None

    def moved_of(self, text: str) -> str | None:
        """The words by which a short page says that the site moved, or None."""
        text = " ".join(text.split())
        if len(text) > self.moved_longest:
            return None
        for pattern in self.moved_phrases:
            found = pattern.search(text)
            if found:
                return found.group(0)[:40]
        return None


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
            exact.setdefault(_CLEAN.sub("", name), labels.column)
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
                body,
                body_all,
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


_OPAQUE = re.compile(r"(?i)<(?:(script|style|noscript|title)\b|!--)")
"""What begins here is not shown up to its own end."""
_END = {name: re.compile(rf"(?i)</{name}\s*>") for name in ("script", "style", "noscript", "title")}
_END["--"] = re.compile("-->")
_TAG = re.compile(r"<[^>]*+>")


_FIRST = 2_000
"""So much of a piece is looked at first: most pages show more than any challenge does in their first lines."""


def _visible_length(text: str, bound: int) -> int:
    """The characters that a reader sees, or some number beyond the bound where there are more."""
    size = 0
    for piece in _unhidden(text[:200_000]):
        first = piece.rfind(">", 0, _FIRST) + 1
        for part in (piece[:first], piece[first:]):
            last = part.rfind(">") + 1
            size += len("".join((_TAG.sub("", part[:last]) + part[last:]).split()))
            if size > bound:
                return size
    return size


def _unhidden(text: str) -> Iterator[str]:
    """A page without what scripts, styles and comments hold. What is never closed is looked for once and not from every
    place where it is opened: a page of 60 KB of nothing but `<!--` took half a minute (2026-11-30)."""
    at = clear = 0
    endless: set[str] = set()
    found = _OPAQUE.search(text)
    while found is not None:
        begin, end = found.start(), 0
        if text.rfind("<", clear, begin) <= text.rfind(">", clear, begin):  # else it stands inside a tag
            name = (found[1] or "--").lower()
            if name not in endless and name in _END:
                closed = _END[name].search(text, found.end())
                if closed is None:
                    endless.add(name)
                else:
                    yield text[at:begin]
                    at = end = closed.end()
        clear = end or text.find(">", begin) + 1
        found = _OPAQUE.search(text, clear) if clear else None
    yield text[at:]
