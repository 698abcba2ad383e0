"""How an office can be reached, as its pages state it."""

from __future__ import annotations

import re

from dossier.model import PageKind
from dossier.reading.tables import expand
from dossier.reading.tree import Tree

_PLACES = (
    PageKind.GUIDE,
    PageKind.APPLICATION,
    PageKind.FUNCTIONS,
    PageKind.LEADERS,
    PageKind.RULES,
    PageKind.STATUTORY,
    PageKind.FORM,
    PageKind.PLATFORM,
)
_PHONE_NUMBER = (
    r"(?:[（(]?0\d{2,3}[）)]?\s*[-—－–]?\s*)?\d{7,8}|1[3-9]\d{9}|\b(?:123\d\d|400-?\d{3}-?\d{4})\b"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "name",
        re.compile(
            r"(?:机构名称|受理机构(?:名称)?|单位名称|工作机构(?:名称)?|部门名称|办理机构|受理部门|受理单位|公开机构|名\s*称|办公机构|责任机构)\s*[】\]]?\s*[:：为是]?\s*\n?\s*(?P<v>[一-鿿（）()]{4,40})"
        ),
    ),
    (
        "address",
        re.compile(
            r"(?:办公|单位|通[信讯]|联系|受理|机构|接待|来访|邮寄|现场|地)\s*(?:地\s*址|地\s*点)\s*[】\]]?\s*[:：为是]?\s*\n?\s*(?P<v>[^\n：:]{4,60})|(?<![一-鿿])(?:地\s*址|地\s*点)\s*[】\]]?\s*[:：]\s*\n?\s*(?P<w>[^\n：:]{4,60})"
            r"|(?:^|\n)[^\S\n]*地\s*址[^\S\n]*\n\s*(?P<x>[^\n：:]{4,40}[路街巷道]\s*\d+\s*号[^\n：:]{0,20})"
        ),
    ),
    (
        "hours",
        re.compile(
            r"(?:办公|工作|受理|上班|接待|对外服务|服务|开放|作息)\s*(?:时\s*间)\s*[】\]]?\s*[:：为是]?\s*\n?\s*(?P<v>[^\n]{4,80})|(?P<w>(?:周|星期)一\s*(?:至|到|-|—|～|~)\s*(?:周|星期)?五[^\n]{0,60}\d{1,2}[:：]\d{2})"
        ),
    ),
    (
        "phone",
        re.compile(
            rf"(?:电\s*话|联系方式|联系号码|咨询热线|热线|(?<![A-Za-z])(?:Tel|TEL)\b)[^\n\d]{{0,24}}\n?\s*(?P<v>{_PHONE_NUMBER})"
        ),
    ),
    (
        "fax",
        re.compile(
            r"(?:传\s*真|(?<![A-Za-z])(?:Fax|FAX)\b)\s*(?:号\s*码|电话)?\s*(?:[(（][^)）]{1,8}[）)])?\s*[】\]）)]?\s*[:：为是]?\s*\n?\s*(?P<v>[（(]?\d[\d\-—－–（）() ]{5,18}\d)"
        ),
    ),
    (
        "internet",
        re.compile(
            r"(?P<v>(?<![A-Za-z0-9_.\-])[A-Za-z0-9_.\-]{1,60}@[A-Za-z0-9\-]{1,60}(?:\.[A-Za-z0-9\-]{1,30}){1,4})|(?:电子邮[箱件](?:地址)?|邮箱|E-?mail|网\s*址|互联网(?:联系方式)?|网上(?:申请|提交|受理)|在线(?:申请|提交|填写)|网站)[^\n]{0,30}?\n?\s*(?P<w>https?://[A-Za-z0-9./?=&%#_\-:]+|www\.[A-Za-z0-9.\-/]+)",
            re.IGNORECASE,
        ),
    ),
    (
        "head",
        re.compile(
            r"(?:负\s*责\s*人|主要负责人|机构负责人|单位负责人|法定代表人|主要领导|行政负责人|负责人姓名)\s*(?:姓\s*名)?\s*[】\]]?\s*[:：为是]?\s*\n?\s*(?P<v>[一-鿿·]{2,4}(?:\s[一-鿿])?)(?![一-鿿])|(?:^|\n)\s*(?:党组书记[、，]?\s*)?(?:厅长|局长|主任|市长|县长|院长|书记)\s*[:：\s]\s*(?P<w>[一-鿿·]{2,4})(?![一-鿿])"
        ),
    ),
)
_EMPTY = re.compile(
    r"^((联系|办公|咨询)?电话|传真|(办公|联系|通信)?地址|邮编|邮政编码|(办公|工作)?时间|联系方式|[\W_]*$)"
)


_COLONS = (":", "：")
_IN_ADDRESSES = re.compile(r"[\d路街巷道]")


def contacts_of(kind: PageKind, text: str, whole: str, tree: Tree) -> dict[str, str]:
    """Each contact fact found, with the words that state it."""
    if kind not in _PLACES:
        return {}
    source = text if len(text) >= 30 else whole
    source = _unspaced("\n".join((source[:60_000], *_told_in_columns(tree))))
    found: dict[str, str] = {}
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(source):
            value = next((group for group in match.groups() if group), "").strip(" 。；;，,、")
            if not value or _EMPTY.match(value):
                continue
            if (
                name == "address"
                and source[match.end() : match.end() + 1] in _COLONS
                and not _IN_ADDRESSES.search(value)
            ):
                continue  # the label of the next field of a form to be filled in
            found[name] = " ".join(match.group(0).split())[:120]
            break
    return found


_HEADING = re.compile(
    r"(?:联系|办公|咨询|受理|通[信讯]|电子|机构|单位|部门|责任|工作|主要)?(?:电\s*话|传\s*真|地\s*[址点]|时\s*间|邮\s*[箱件]|名\s*称|机构|单位|负责人|网\s*址|联系方式)(?:号\s*码|姓\s*名)?"
)
_FEWEST_HEADINGS, _MOST_TABLES = 2, 12


def _told_in_columns(tree: Tree) -> list[str]:
    """The rows of a table whose first row is of headings (`名称 | 电话 | 传真`), each value behind its own."""
    told: list[str] = []
    for table in tree.tagged("table")[:_MOST_TABLES]:
        head: tuple[str, ...] = ()
        for row in expand(tree, table):
            cells = tuple(" ".join(cell.split()) for cell in row)
            named = tuple(cell if _HEADING.fullmatch(cell) else "" for cell in cells)
            names, said = set(filter(None, named)), set(filter(None, cells))
            if len(names) >= _FEWEST_HEADINGS and 2 * len(names) > len(said):
                head = named
            else:
                told += [
                    f"{name}：{cell}"
                    for name, cell, own in zip(head, cells, named, strict=False)
                    if name and cell and not own
                ]
    return told


_GAP = re.compile(r"[ \u3000\xa0](?<=[一-鿿].)[ \u3000\xa0]*(?=[一-鿿：:])")
"""Spaces inside a word or before its colon. It begins with a space and not with the look behind, because a sign that
stands by itself is found a tenth as dear."""


def _unspaced(text: str) -> str:
    return _GAP.sub("", text)
