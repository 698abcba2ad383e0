"""One document goes by many names: full, short, quoted, interpreted, numbered.

Nothing here knows a page: titles and numbers in, comparable keys out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]+")
_MARKS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

LEAST_KEY = 5
"""A key shorter than this (`办法`, `工作方案`) names nothing in particular."""


def squeeze(text: str) -> str:
    """Text without white space and invisible signs, in its half-width form."""
    return _short(text) if len(text) <= _SHORT else _bare(text)


def _bare(text: str) -> str:
    return _UNUSUAL.sub(_folded, text)


_UNUSUAL = re.compile(r"[!-~]?[^!-~\u4e00-\u9fff、。《》【】〔〕“”—]+")
"""What is not its own half-width form or may be invisible, with the letter that a mark in it may stand above."""


def _folded(unusual: re.Match[str]) -> str:
    return _half_width(unusual[0])


@lru_cache(maxsize=1 << 12)  # nine in ten are a comma or a bracket
def _half_width(piece: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", piece))


_SHORT = 80
"""Titles and labels are asked about again and again; whole texts are not, and would fill the memory."""
_short = lru_cache(maxsize=1 << 15)(_bare)


def key_of(title: str) -> str:
    """A title reduced to what is left when brackets, quotes and spaces differ."""
    return _MARKS.sub("", squeeze(title).lower())


_ALTERNATE = str.maketrans("《》〈〉", "〈〉《》")


def nested(title: str) -> str:
    """A title as it is written between book-title marks: the marks inside alternate (GB/T 15834)."""
    return title.translate(_ALTERNATE)


# ---------------------------------------------------------------- 发文字号

_OPEN, _SHUT = r"[〔\[［(（【﹝〈<{]", r"[〕\]］)）】﹞〉>}]"
_SIGNED = re.compile(
    rf"(?P<agency>[\u4e00-\u9fff]{{2,14}}){_OPEN}(?P<year>(?:19|20)\d\d)年?{_SHUT}第?(?P<serial>\d{{1,5}})号"
)
_LOOSE = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{1,12}(?:发|函|字|办|文|规|政|通|令|审|批|电|告))第?"
    r"(?P<year>(?:19|20)\d\d)[.\-—年/]第?(?P<serial>\d{1,4})号?"
)
_BROKEN = re.compile(
    rf"(?P<agency>[\u4e00-\u9fff]{{2,14}}){_OPEN}?(?P<year>(?:19|20)\d\d){_SHUT}?第?(?P<serial>\d{{1,5}})号"
)
_ORDER = re.compile(r"(?P<agency>[\u4e00-\u9fff]{0,16}(?:令|公告|通告))\(?第?(?P<serial>\d{1,5})号\)?")
_YEAR_ORDER = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{0,16}(?:令|公告|通告)?)\(?(?P<year>(?:19|20)\d\d)年?\)?(?:公告|通告)?第(?P<serial>\d{1,5})号"
)
_LEAD = re.compile(
    r"^(?:.*(?:根据|按照|依据|转发|印发|关于|贯彻|落实|发文字号|文号|字号|文件编号|和|与|及|的|了|由|以))"
)


class DocumentNumber(NamedTuple):
    """A 发文字号 in its three parts; `agency` is the 机关代字."""

    agency: str
    year: int
    serial: int

    @property
    def series(self) -> str:
        return f"{self.agency}〔{self.year}〕"

    def __str__(self) -> str:
        return f"{self.series}{self.serial}号"


def _number(match: re.Match[str]) -> DocumentNumber:
    parts = match.groupdict()
    agency = _LEAD.sub("", parts["agency"]) or parts["agency"]
    return DocumentNumber(agency, int(parts.get("year") or 0), int(parts["serial"]))


def parse_number(text: str | None) -> DocumentNumber | None:
    """A field that should hold one 发文字号, in any of the spellings that real pages use."""
    packed = squeeze(text or "")
    if not packed:
        return None
    for pattern in (_SIGNED, _BROKEN, _YEAR_ORDER, _ORDER, _LOOSE):
        match = pattern.search(packed)
        if match:
            return _number(match)
    return None


def numbers_in(text: str) -> frozenset[DocumentNumber]:
    """Every bracketed 发文字号 that a running text mentions."""
    return frozenset(_number(match) for match in _SIGNED.finditer(squeeze(text)))


def names_number(text: str, number: DocumentNumber) -> bool:
    """Whether a text mentions a number, whatever words run into its 机关代字."""
    return any(
        found.year == number.year
        and found.serial == number.serial
        and (found.agency.endswith(number.agency) or number.agency.endswith(found.agency))
        for found in numbers_in(text)
    )


def same_number(one: DocumentNumber, other: DocumentNumber) -> bool:
    """Two numbers that differ at most in what stands before the 机关代字."""
    return (
        one.year == other.year
        and one.serial == other.serial
        and (one.agency.endswith(other.agency) or other.agency.endswith(one.agency))
    )


_ALONE = re.compile(r"^[(（【\[]?(?:发文字号|文号|文件编号|文件字号)?[:：]?(?P<rest>.*?)[)）】\]]?$")


def number_line(line: str) -> bool:
    """Whether a line of text is a 发文字号 and nothing else, however oddly written."""
    packed = squeeze(line)
    if not packed or len(packed) > 40:
        return False
    match = _ALONE.match(packed)
    rest = match["rest"] if match else packed
    return any(p.fullmatch(rest) for p in (_SIGNED, _BROKEN, _YEAR_ORDER, _ORDER, _LOOSE))


def leading_number(line: str) -> str:
    """The 发文字号 with which a line opens (`晋教办〔2020〕5号 各市教育局：`), else nothing."""
    match = _SIGNED.match(squeeze(line))
    return match[0] if match and not _LEAD.match(match["agency"]) else ""


# ---------------------------------------------------------------- 标题

_QUOTED = re.compile(r"[《<〈﹤]([^《》]{3,120}?)[》>〉﹥]")


def quoted_titles(text: str) -> tuple[str, ...]:
    """What stands between 书名号, outermost first; a title may quote another inside 〈〉."""
    found: list[str] = []
    depth, start = 0, 0
    for place, sign in enumerate(text):
        if sign == "《":
            if depth == 0:
                start = place + 1
            depth += 1
        elif sign == "》" and depth:
            depth -= 1
            if depth == 0 and 3 <= place - start <= 160:
                found.append(text[start:place])
    if not found:
        found = [match[1] for match in _QUOTED.finditer(text)]
    return tuple(dict.fromkeys(found))


_ISSUING = re.compile(
    r"关于(?:印发|发布|公布|下发|颁布|转发)(?P<inner>.+?)的?(?:通知|公告|通告|决定|函|批复)?$"
)
_ABOUT = re.compile(r"^[^《]{2,60}?(?=关于)")
_TAIL = re.compile(r"\((?:试行|暂行|修订|修订稿|修正|修正案|草案|\d{4}年?(?:修订|修正|版|本))\)$")
_KIND = re.compile(r"的?(?:通知|公告|通告|决定|函|批复)$")
_NUMBER_TAIL = re.compile(rf"\([\u4e00-\u9fff]{{2,14}}{_OPEN}?(?:19|20)\d\d{_SHUT}?第?\d{{1,5}}号\)$")


@lru_cache(maxsize=1 << 14)
def document_keys(title: str) -> frozenset[str]:
    """Every comparable name under which a document of this title may be meant.

    关于印发《X》的通知 is also X; 某厅关于做好Y工作的通知 is also 关于做好Y工作的通知.
    """
    packed = _NUMBER_TAIL.sub("", squeeze(title))
    names = {packed}
    bare = _ABOUT.sub("", packed)
    names.add(bare)
    names.add(_KIND.sub("", bare))
    issuing = _ISSUING.search(packed)
    if issuing:
        inner = quoted_titles(issuing["inner"])
        names.update(inner or (issuing["inner"],))
    names.update([_TAIL.sub("", name.rstrip("》")) for name in names])
    return frozenset(key for key in map(key_of, names) if len(key) >= LEAST_KEY)


def inner_title(title: str) -> str:
    """What a document really is: the X of 关于印发《X》的通知, else the title itself without its author."""
    packed = _NUMBER_TAIL.sub("", squeeze(title))
    issuing = _ISSUING.search(packed)
    if issuing:
        quoted = quoted_titles(issuing["inner"])
        return quoted[0] if quoted else issuing["inner"]
    return _ABOUT.sub("", packed).removeprefix("《").removesuffix("》")


_FORM = r"(?:政策|文字|图文|图片|图示|视频|动漫|动画|音频|专家|媒体|官方|部门|一图|权威|深度|文件|H5|h5)*"
_BEFORE = re.compile(
    rf"^[\[【(]?(?:{_FORM}解读|{_FORM}图解|一图(?:读懂|看懂|解读|了解|速览)|(?:图解|长图|动漫|视频|海报|H5)"
    rf"(?:政策|读懂|说|丨|\|)?|读懂|带你(?:读懂|了解)|答记者问|政策问答|问答)[\]】)]?(?:之[一二三四五六七八九十]+)?[:：|丨·\-—]*(?:关于(?=《))?"
)
_AFTER = re.compile(
    r"(?:的|有关|相关|热点|常见|主要)*(?:"
    rf"{_FORM}解读(?:材料|说明|文章|稿|方案|问答|之[一二三四五六七八九十]+)?|{_FORM}图解|政策问答|问答|答记者问|"
    r"(?:新闻)?发布会(?:实录)?|访谈(?:实录)?|起草说明|政策说明|编制说明|一图读懂|一图看懂|图读)"
    r"(?:\([^)]{1,12}\)|[一二三四五六七八九十\d])?$"
)
_HALF = re.compile(r"(?:.{0,30}(?:负责人|负责同志|有关同志))?(?:就|对)(?=《|关于)")


def interpretation_core(title: str) -> str:
    """What an interpretation's title says it interprets, without the words that call it one."""
    packed = squeeze(title)
    quoted = quoted_titles(packed)
    if quoted:
        return quoted[0]
    core = _BEFORE.sub("", packed, count=1)
    core = _HALF.sub("", core, count=1)
    for _ in range(2):
        core = _AFTER.sub("", core)
    return core.strip("“”\"'‘’:：|丨-—·") or packed


def interpretation_keys(title: str) -> frozenset[str]:
    """Every comparable name of the documents that an interpretation of this title is about."""
    quoted = quoted_titles(squeeze(title))
    cores = quoted or (interpretation_core(title),)
    keys: set[str] = set()
    for core in cores:
        keys |= document_keys(core)
    return frozenset(keys)


_CALLED_SO = re.compile(
    rf"^[\[【(]?{_FORM}(?:解读|图解)[\]】)]?[:：|丨·\-—《“]|^(?:一图|图解|长图|读懂|带你读懂|[\[【(]{_FORM}(?:解读|图解))|"
    rf"(?:的|》|”|\"|){_FORM}(?:解读|图解)(?:材料|说明|文章|稿|问答|之[一二三四五六七八九十]+)?(?:\([^)]{{1,12}}\)|[一二三四五六七八九十\d])?$|"
    r"答记者问|政策问答|一图读懂|一图看懂|》(?:热点|相关)?问答$"
)
_NOT_SO = re.compile(r"(?:通知|办法|意见|制度|规定|方案|函|公告|目录|清单)(?:\([^)]*\))?$")


def called_interpretation(title: str) -> bool:
    """Whether a title says by itself that this is an interpretation (and not a document about interpreting)."""
    packed = squeeze(title)
    if not _CALLED_SO.search(packed):
        return False
    if _NOT_SO.search(packed):
        return bool(
            re.search(rf"^[\[【(]{_FORM}(?:解读|图解)|^{_FORM}(?:解读|图解)[:：|丨]|^(?:图解|一图)", packed)
        )
    return True


def chinese_year(text: str) -> int | None:
    """The four-digit year a title carries, in figures or as 二〇一九."""
    packed = squeeze(text)
    match = re.search(r"(?<!\d)((?:19|20)\d\d)年?", packed)
    if match:
        return int(match[1])
    match = re.search(r"([一二][〇○零九][〇○零一二三四五六七八九]{2})年", packed)
    return int(match[1].translate(_DIGITS)) if match else None
