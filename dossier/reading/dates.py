"""Dates as Chinese offices write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "O": 0,
    "Ｏ": 0,
    "０": 0,
    "Ο": 0,
    "0": 0,
}
_WIDE = str.maketrans("０１２３４５６７８９．／－：", "0123456789./-:")
FULL = re.compile(
    r"(?<![\d.])((?:19|20)\d{2})\s*(?:年|[-/.．－—–])\s*(1[0-2]|0?[1-9])\s*(?:月|[-/.．－—–])\s*(3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_CHINESE = re.compile(
    r"([二一][〇○零OＯ０Ο0九八][〇○零OＯ０Ο0一二三四五六七八九]{2})\s*年\s*([一二三四五六七八九十]{1,2})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
_MONTH_DAY = re.compile(
    r"(?<![\d\-/.])(1[0-2]|0?[1-9])\s*(?:月|[-/.])\s*(3[01]|[12]\d|0?[1-9])(?![\d\-/.])\s*日?"
)
_AGO = re.compile(r"(\d{1,3})\s*(分钟|小时|天|日)前|(刚刚|今天|昨天|前天)")
_ADDRESS = (
    re.compile(r"/t((?:19|20)\d{2})(\d{2})(\d{2})_"),
    re.compile(r"/((?:19|20)\d{2})[-/](\d{1,2})[-/](\d{1,2})(?=/|\.)"),
    re.compile(r"/((?:19|20)\d{2})(\d{2})(\d{2})(?=/|\.)"),
    re.compile(r"/((?:19|20)\d{2})(\d{2})/(\d{2})(?=/|\.)"),
)
LONGEST_ROW_DATE = 40
_DATE_SIGNS = re.compile(
    r"[\d０-９\s\[\]()（）【】〔〕|:：·\-/.．－—–／>»+年月日号时分秒点一二三四五六七八九十〇○零OＯΟ星期周天发布表更新日期间GMTＴZ]+"
)
_CLOCK = re.compile(
    r"\d{1,2}\s*[:时点]\s*\d{1,2}(\s*[:分]\s*\d{1,2})?\s*[秒分]?|(星期|周)[一二三四五六日天]|GMT.*|(19|20)\d{2}年?"
)
_DATE_WORDS = re.compile(r"(发布|发表|更新)?(日期|时间)")
_DATE_MARKS = re.compile(r"[\s\[\]()（）【】〔〕|:：·\-/.—>»]+")


def make(year: str | int, month: str | int, day: str | int) -> date | None:
    """A calendar day, or None where there is no such day."""
    try:
        made = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return made if 1949 <= made.year <= 2099 else None


def first_date(text: str) -> date | None:
    """The first full date in a text, in figures or in Chinese numerals."""
    if not text:
        return None
    text = text.translate(_WIDE)
    for found in FULL.finditer(text):
        made = make(*found.groups())
        if made:
            return made
    for found in _CHINESE.finditer(text):
        made = _from_numerals(*found.groups())
        if made:
            return made
    return None


def any_date(text: str) -> date | None:
    """As `first_date`, but eight figures on end count as well (in tags and data)."""
    made = first_date(text)
    if made is None and text:
        for found in _COMPACT.finditer(text):
            made = make(*found.groups())
            if made:
                return made
    return made


def row_date(text: str, as_of: date) -> date | None:
    """The date beside a list entry; a month and day alone mean the latest such day not after `as_of`."""
    if not text:
        return None
    text = text.translate(_WIDE)
    made = first_date(text)
    if made is not None:
        return made
    found = _MONTH_DAY.search(text)
    if found:
        return latest(int(found.group(1)), int(found.group(2)), as_of)
    return ago(text, as_of)


def latest(month: int, day: int, as_of: date) -> date | None:
    """The latest such day of the year that is not after tomorrow."""
    for year in range(as_of.year, as_of.year - 5, -1):
        made = make(year, month, day)
        if made is not None and made <= as_of + timedelta(days=1):
            return made
    return None


_MONTH_FOLDER = re.compile(
    r"/((?:19|20)\d\d)[-/_]?(1[0-2]|0?[1-9])(?:[-/_]?\d{1,2})?(?=[/_\-])|/t((?:19|20)\d\d)(0[1-9]|1[0-2])\d\d_"
)


def year_of_address(day: date, url: str) -> date:
    """A date shown without its year has the year of its entry's address, where the months agree."""
    found = _MONTH_FOLDER.search(url.split("?", 1)[0])
    if found is None:
        return day
    year, month = (int(part) for part in found.groups() if part)
    made = make(year if day.month <= month else year - 1, day.month, day.day)
    if made is None or made > day or (year * 12 + month) - (made.year * 12 + made.month) > 1:
        return day
    return made


def ago(text: str, as_of: date) -> date | None:
    """`3天前`, `昨天` as a day."""
    found = _AGO.search(text)
    if not found:
        return None
    if found.group(3):
        return as_of - timedelta(days={"刚刚": 0, "今天": 0, "昨天": 1, "前天": 2}[found.group(3)])
    return as_of - timedelta(days=int(found.group(1)) if found.group(2) in ("天", "日") else 0)


@lru_cache(maxsize=8192)
def is_only_date(text: str) -> bool:
    """The text is a date (and perhaps a time, brackets, an arrow) and nothing else."""
    text = text.strip()
    if not text or len(text) > LONGEST_ROW_DATE or not _DATE_SIGNS.fullmatch(text):
        return False
    rest = FULL.sub("", text.translate(_WIDE), count=2)
    rest = _CHINESE.sub("", rest)
    rest = _MONTH_DAY.sub("", rest)
    rest = _DATE_WORDS.sub("", _CLOCK.sub("", rest))
    return not _DATE_MARKS.sub("", rest) and any(c.isdigit() or c == "月" for c in text)


def address_date(url: str) -> date | None:
    """The day in an address: when the file was made, not when the information was published."""
    path = url.split("?", 1)[0]
    for pattern in _ADDRESS:
        found = pattern.search(path)
        if found:
            made = make(*found.groups())
            if made:
                return made
    return None


def _from_numerals(year: str, month: str, day: str) -> date | None:
    figures = "".join(str(_NUMERALS.get(c, 0)) for c in year)
    return make(figures, _tens(month), _tens(day))


def _tens(text: str) -> int:
    if "十" not in text:
        return _NUMERALS.get(text, 0) if len(text) == 1 else 0
    before, _, after = text.partition("十")
    return (_NUMERALS.get(before, 1) if before else 1) * 10 + (_NUMERALS.get(after, 0) if after else 0)
