"""unit_sites.csv: who is inspected, and where they publish."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dossier.errors import BadInput, Problem, read_bounded, why_not_opened
from dossier.model import Channel, RobotsPolicy, SiteRow, Unit, UnitClass

COLUMNS = (
    "unit_id", "class", "short_name", "full_name", "channel", "name", "url", "account_id", "site_code",
    "extra_hosts", "min_pages", "robots", "active_from", "active_until", "source", "note",
)  # fmt: skip
REQUIRED = ("unit_id", "class", "short_name", "full_name", "channel", "url")

_UNIT_ID = re.compile(r"[A-Z]\d{2,4}")
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
Kind = TypeVar("Kind", bound=StrEnum)


def load_units(path: Path, as_of: date, *, only: Iterable[str] = ()) -> tuple[Unit, ...]:
    """The units in the order of the list, each with the rows that are active on the inspection date.

    `only` keeps the named units; a name that is not on the list is refused.
    Raises BadInput with every fault found (file, line, column, mend); nothing runs on half a list.
    """
    problems: list[Problem] = []
    rows = _read_rows(path, problems)
    units: dict[str, Unit] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for line, cells in rows:
        reader = _RowReader(path.name, line, cells, problems)
        row, unit = reader.site_row(), reader.unit()
        if row is None or unit is None:
            continue
        _check_against_list(path.name, row, unit, units, seen, problems)
        known = units.setdefault(unit.unit_id, unit)
        if _is_active(row, as_of):
            units[unit.unit_id] = Unit(
                unit_id=known.unit_id,
                unit_class=known.unit_class,
                short_name=known.short_name,
                full_name=known.full_name,
                sites=(*known.sites, row),
            )
    if not units and not problems:
        problems.append(Problem(path.name, "清单里没有任何单位", "请至少填写一行单位"))
    wanted = tuple(dict.fromkeys(only))
    problems.extend(
        Problem("--units", f"清单里没有单位“{unit_id}”", f"请核对单位编号，或把它加进 {path.name}")
        for unit_id in wanted
        if unit_id not in units
    )
    if problems:
        raise BadInput(problems)
    return tuple(unit for unit in units.values() if not wanted or unit.unit_id in wanted)


def _read_rows(path: Path, problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    try:
        raw = read_bounded(path)
    except OSError as error:
        raise BadInput(
            [
                Problem(
                    str(path),
                    f"打不开单位清单（{why_not_opened(error)}）",
                    "请确认文件存在且可读，或用 --home 指定所在目录",
                )
            ]
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(
            [Problem(path.name, "不是 UTF-8 编码", "请在表格软件里另存为“CSV UTF-8”", line=line)]
        ) from error
    if "\0" in text:
        raise BadInput([Problem(path.name, "不是文本文件（含空字节）", "请用 CSV UTF-8 格式保存后再试")])
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(table, [])]
        _check_header(path.name, header, problems)
        rows = []
        for cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                problems.append(
                    Problem(path.name, f"这一行有 {len(cells)} 列，表头只有 {len(header)} 列",
                            "请检查是否多了逗号；含逗号的内容要用双引号括起来", line=table.line_num)
                )  # fmt: skip
                continue
            padded = cells + [""] * (len(header) - len(cells))
            rows.append(
                (table.line_num, {name: cell.strip() for name, cell in zip(header, padded, strict=True)})
            )
    except csv.Error as error:
        raise BadInput(
            [
                Problem(
                    path.name,
                    f"不是合格的 CSV（{error}）",
                    "请检查这一行的双引号是否成对",
                    line=table.line_num,
                )
            ]
        ) from error
    return rows


def _check_header(file: str, header: list[str], problems: list[Problem]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    double = sorted({name for name in header if header.count(name) > 1})
    if missing:
        problems.append(
            Problem(
                file, f"表头缺少列：{'、'.join(missing)}", f"请补上；完整的表头是 {','.join(COLUMNS)}", line=1
            )
        )
    if unknown:
        shown = "、".join(name or "（空）" for name in unknown)
        problems.append(
            Problem(file, f"表头有不认识的列：{shown}", f"可用的列是 {','.join(COLUMNS)}", line=1)
        )
    if double:
        problems.append(Problem(file, f"表头有重复的列：{'、'.join(double)}", "请删去重复的列", line=1))
    if missing or unknown or double:
        raise BadInput(problems)


class _RowReader:
    """One line of the list, read cell by cell; what is wrong is noted, not raised."""

    def __init__(self, file: str, line: int, cells: dict[str, str], problems: list[Problem]) -> None:
        self.file, self.line, self.cells, self.problems = file, line, cells, problems
        self.before = len(problems)

    def wrong(self, column: str, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, what, mend, line=self.line, column=column))

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def choice(self, column: str, kind: type[Kind], default: Kind | None = None) -> Kind | None:
        value = self.cell(column)
        if not value and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            self.wrong(column, f"不能是“{value}”", f"只能填：{'、'.join(member.value for member in kind)}")
            return None

    def parsed(self, column: str, parse: Callable[[str], date], what: str) -> date | None:
        value = self.cell(column)
        if not value:
            return None
        try:
            return parse(value)
        except ValueError:
            self.wrong(column, f"“{value}”不是{what}", "请写成 2020-05-22 的样子，或留空")
            return None

    def count(self, column: str) -> int:
        value = self.cell(column)
        if value and not re.fullmatch(r"\d{1,7}", value):
            self.wrong(column, f"“{value}”不是页数", "请填 0 或正整数，或留空")
            return 0
        return int(value or 0)

    def unit(self) -> Unit | None:
        unit_id, short, full = self.cell("unit_id"), self.cell("short_name"), self.cell("full_name")
        if not _UNIT_ID.fullmatch(unit_id):
            self.wrong("unit_id", f"“{unit_id}”不是单位编号", "请写一个大写字母加 2–4 位数字，如 A01、B07")
        for column, value in (("short_name", short), ("full_name", full)):
            if not value:
                self.wrong(column, "没有填写", "请按附件1填写单位名称")
        unit_class = self.choice("class", UnitClass)
        if unit_class is None or len(self.problems) > self.before:
            return None
        return Unit(unit_id=unit_id, unit_class=unit_class, short_name=short, full_name=full)

    def site_row(self) -> SiteRow | None:
        channel = self.choice("channel", Channel)
        robots = self.choice("robots", RobotsPolicy, RobotsPolicy.OBEY)
        url = self.cell("url")
        if url and not _is_web_address(url):
            self.wrong("url", f"“{url}”不是网址", "请写完整的网址，以 http:// 或 https:// 开头；不知道就留空")
        hosts = tuple(self.cell("extra_hosts").split())
        for host in hosts:
            if not _HOST.fullmatch(host):
                self.wrong(
                    "extra_hosts",
                    f"“{host}”不是主机名",
                    "只写主机名，如 szxxgk.example.gov.cn，多个用空格隔开",
                )
        start = self.parsed("active_from", date.fromisoformat, "日期")
        end = self.parsed("active_until", date.fromisoformat, "日期")
        if start and end and end < start:
            self.wrong("active_until", "早于 active_from", "请把两个日期的先后改正")
        min_pages = self.count("min_pages")
        if channel is None or robots is None or len(self.problems) > self.before:
            return None
        return SiteRow(
            unit_id=self.cell("unit_id"), channel=channel, name=self.cell("name") or self.cell("short_name"),
            url=url, account_id=self.cell("account_id"), site_code=self.cell("site_code"), extra_hosts=hosts,
            min_pages=min_pages, robots=robots, active_from=start, active_until=end,
            source=self.cell("source"), note=self.cell("note"), line=self.line,
        )  # fmt: skip


def _check_against_list(
    file: str, row: SiteRow, unit: Unit, units: dict[str, Unit],
    seen: dict[tuple[str, str, str], int], problems: list[Problem],
) -> None:  # fmt: skip
    known = units.get(unit.unit_id)
    if known and (known.unit_class, known.short_name, known.full_name) != (
        unit.unit_class, unit.short_name, unit.full_name,
    ):  # fmt: skip
        problems.append(
            Problem(file, f"单位 {unit.unit_id} 的类别或名称与前面的行不一致", "同一编号的各行要写同样的类别和名称",
                    line=row.line, column="unit_id")
        )  # fmt: skip
    if not row.url and not row.account_id:
        return
    key = (unit.unit_id, row.channel.value, row.url or row.account_id)
    if key in seen:
        problems.append(
            Problem(file, f"与第 {seen[key]} 行重复", "请删去其中一行", line=row.line, column="url")
        )
    seen.setdefault(key, row.line)


def _is_active(row: SiteRow, as_of: date) -> bool:
    return (row.active_from is None or row.active_from <= as_of) and (
        row.active_until is None or as_of <= row.active_until
    )


def _is_web_address(url: str) -> bool:
    if any(ch.isspace() or ord(ch) < 32 for ch in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
