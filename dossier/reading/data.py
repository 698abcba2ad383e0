"""Lists that a script fetches: the JSON or XML behind them, read as the page would show it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urljoin

from dossier.model import Item, PageFacts, PageKind
from dossier.model.page import READER_VERSION
from dossier.reading import dates
from dossier.reading.decoding import decode, mend_mojibake
from dossier.reading.growing import grow
from dossier.reading.lists import lists_of
from dossier.reading.numbers import number_value
from dossier.reading.regions import regions_of
from dossier.reading.vocabulary import Vocabulary

_TITLE = (
    "gk_doctitle",
    "doctitle",
    "articletitle",
    "title",
    "subject",
    "name",
    "infotitle",
    "bt",
    "headline",
    "topic",
    "showtitle",
    "title2",
    "doc_title",
    "maintitle",
    "mc",
)
_URL = (
    "docpuburl",
    "puburl",
    "publishurl",
    "url",
    "linkurl",
    "href",
    "link",
    "arturl",
    "infourl",
    "pageurl",
    "doc_puburl",
    "docurl",
    "staticurl",
    "visiturl",
    "detailurl",
    "wapurl",
    "gk_url",
    "path",
)
_DATE = (
    "docpubtime",
    "publishtime",
    "pubtime",
    "pubdate",
    "publishdate",
    "docreltime",
    "releasetime",
    "releasedate",
    "date",
    "time",
    "crtime",
    "createdate",
    "infodate",
    "fbsj",
    "fbrq",
    "publish_time",
    "pub_date",
    "opertime",
    "deploytime",
    "writetime",
    "displaytime",
    "inputtime",
    "addtime",
    "showdate",
)
_NUMBER = (
    "fileno",
    "docno",
    "filenum",
    "wh",
    "fwzh",
    "filenumber",
    "documentnumber",
    "gk_fwzh",
    "wenhao",
    "file_no",
    "pubno",
)
_XML_RECORD = re.compile(r"<record>(.*?)</record>", re.DOTALL | re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CHINA = timedelta(hours=8)
_BOUND = 5000


def read_data(body: bytes, *, url: str, as_of: date, vocabulary: Vocabulary) -> PageFacts | None:  # noqa: ARG001 - as for pages
    """The entries in an answer that feeds a list; None where it holds no list."""
    text, encoding = decode(body)
    text = mend_mojibake(text.strip())
    items = _of_xml(text, url, as_of) if text.startswith("<") else _of_json(text, url, as_of)
    if not items:
        return None
    return PageFacts(
        url=url, reader=READER_VERSION, encoding=encoding, kind=PageKind.COLUMN, items=tuple(items[:_BOUND])
    )


def records_in(html_or_xml: str) -> str:
    """The pieces of HTML that a Hanweb datastore keeps, joined; empty where there is none."""
    records = [unescape(found) if "&lt;" in found else found for found in _XML_RECORD.findall(html_or_xml)]
    return "\n".join(_CDATA.sub(lambda m: m.group(1), record) for record in records)


_ARRAY = re.compile(r"[=(:]\s*(\[\s*\{)")
_MOST_ARRAYS = 8
_NAME = re.compile(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:")
_WORD = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"(?:[^\"\\\n]|\\.)*\"")
_TRAILING = re.compile(r",(\s*[\]}])")


def entries_in_code(code: str, url: str, as_of: date) -> tuple[Item, ...]:
    """The entries that a script keeps as an array of records and writes into the page by itself.

    A menu is such an array too: only records that lead somewhere and are dated count.
    """
    best: list[Item] = []
    for found in list(_ARRAY.finditer(code))[:_MOST_ARRAYS]:
        rows = array_at(code, found.start(1))
        entries = (entry for entry in rows if isinstance(entry, dict)) if isinstance(rows, list) else ()
        items = [item for entry in entries if (item := _item(entry, url, as_of)) and item.url and item.date]
        if len(items) > len(best):
            best = items
    return tuple(best[:_BOUND])


def array_at(code: str, begin: int) -> Any:
    """The array that begins there: as JSON, else as a script may spell it (bare names, single quotes)."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(code, begin)[0]
    except (ValueError, RecursionError):
        end = code.find("];", begin)
        if not 0 <= end - begin < 400_000:
            return None
    quoted: list[str] = []

    def kept(word: re.Match[str]) -> str:
        said = word[0] if word[1] is None else json.dumps(word[1].replace("\\'", "'"), ensure_ascii=False)
        quoted.append(said)
        return f"\x00{len(quoted) - 1}\x00"

    bare = _NAME.sub(r'\1"\2":', _WORD.sub(kept, code[begin : end + 1]))
    spelled = re.sub(r"\x00(\d+)\x00", lambda number: quoted[int(number[1])], _TRAILING.sub(r"\1", bare))
    try:
        return json.loads(spelled, strict=False)
    except (ValueError, RecursionError):
        return None


def _of_xml(text: str, url: str, as_of: date) -> list[Item]:
    html = records_in(text) or text
    tree = grow(f"<ul>{html}</ul>" if "<li" in html.lower() and "<ul" not in html.lower() else html)
    return list(lists_of(tree, regions_of(tree), url, as_of).items)


def _of_json(text: str, url: str, as_of: date) -> list[Item]:
    data = _load(text)
    if data is None:
        return []
    best: list[Item] = []
    for found in _lists(data, 0):
        items = [item for item in (_item(entry, url, as_of) for entry in found) if item is not None]
        if len(items) > len(best):
            best = items
    if best:
        return best
    for html in _pieces(data, 0):
        items = _of_xml(html, url, as_of)
        if len(items) > len(best):
            best = items
    return best


def _load(text: str) -> Any:
    wrapped = re.match(r"^[\w.$]{1,60}\s*\((.*)\)\s*;?\s*$", text, re.DOTALL)
    if wrapped:
        text = wrapped.group(1)
    else:
        assigned = re.match(r"^(?:var\s+)?[\w.$]{1,60}\s*=\s*([\[{].*[\]}])\s*;?\s*$", text, re.DOTALL)
        text = assigned.group(1) if assigned else text
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _lists(data: Any, depth: int) -> Iterator[list[dict[str, Any]]]:
    if depth > 12:
        return
    if isinstance(data, list):
        rows = [entry for entry in data if isinstance(entry, dict)]
        if rows:
            yield rows
        for entry in data[:2000]:
            yield from _lists(entry, depth + 1)
    elif isinstance(data, dict):
        for value in data.values():
            if isinstance(value, (list, dict)):
                yield from _lists(value, depth + 1)
            elif isinstance(value, str) and value[:1] in "[{" and len(value) > 20:
                inner = _load(value)
                if inner is not None:
                    yield from _lists(inner, depth + 1)


def _pieces(data: Any, depth: int) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(data, str):
        if "<a" in data or "<record" in data:
            yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _pieces(value, depth + 1)
    elif isinstance(data, list):
        for value in data[:200]:
            yield from _pieces(value, depth + 1)


def _item(entry: dict[str, Any], url: str, as_of: date) -> Item | None:
    low = {str(key).lower().replace("_", ""): value for key, value in entry.items()}
    title = _first(low, _TITLE)
    link = _first(low, _URL)
    if not title or not (link or _first(low, _DATE)):
        return None
    title = " ".join(unescape(re.sub(r"<[^>]+>", "", title)).split())
    if not title:
        return None
    address = urljoin(url, link.strip()) if link else ""
    return Item(
        title=mend_mojibake(title)[:300],
        url=address if address.startswith("http") else "",
        date=_day(low, as_of),
        number=number_value(_first(low, _NUMBER)),
    )


def _first(low: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = low.get(name.replace("_", ""))
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and isinstance(value[0], str):
            return value[0]
    return ""


def _day(low: dict[str, Any], as_of: date) -> date | None:
    for name in _DATE:
        value = low.get(name.replace("_", ""))
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, str):
            if re.fullmatch(r"\d{10}|\d{13}", value.strip()):
                value = int(value)
            else:
                found = dates.any_date(value) or dates.row_date(value, as_of)
                if found:
                    return found
                continue
        if isinstance(value, (int, float)) and value > 1e8:
            seconds = value / 1000 if value > 1e11 else value
            try:
                return (datetime.fromtimestamp(seconds, UTC) + _CHINA).date()
            except (ValueError, OverflowError, OSError):
                continue
    return None
