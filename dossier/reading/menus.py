"""Menus and trees of columns that a page keeps as an array in a script, and that the script draws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from dossier.model import Link
from dossier.reading.data import array_at
from dossier.reading.links import absolute
from dossier.reading.tree import Node

_ARRAY = re.compile(r"[=(:]\s*(\[\s*\{)")
_MOST_ARRAYS = 12
_FEWEST, _MOST = 2, 300
_NAMES = ("name", "title", "text", "label", "cname", "chnlname", "chnldesc", "menuname", "columnname")
_ADDRESSES = ("url", "href", "link", "linkurl", "chnlurl", "menuurl", "columnurl", "path")
_DATED = re.compile(r"date|time", re.IGNORECASE)
_CHINESE = re.compile(r"[一-鿿]{2}")
_NO_PAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|ico|css|js|json|xml|mp4|webp)(?:[?#]|$)", re.IGNORECASE)
_LONGEST = 40


def menus_of(scripts: Iterable[tuple[Node, str]], base: str, known: frozenset[str]) -> tuple[Link, ...]:
    """The entries of such menus as links, without those that the page shows by itself anyway.

    A list of entries is such an array too, and read as one: records that bear a date are no menu.
    """
    found: dict[str, Link] = {}
    for _, code in scripts:
        if code.isascii() or "{" not in code or not _CHINESE.search(code):
            continue
        for match in list(_ARRAY.finditer(code))[:_MOST_ARRAYS]:
            entries = list(_entries(array_at(code, match.start(1)), 0))
            links = {url: name for name, address in entries if (url := absolute(base, address))}
            if not _FEWEST <= len(links) <= _MOST:
                continue
            for url, name in links.items():
                if url not in known:
                    found.setdefault(url, Link(url=url, text=name, raw=url[:200], tag="script", handler=True))
    return tuple(found.values())


def _entries(data: Any, depth: int) -> Iterator[tuple[str, str]]:
    if not isinstance(data, list) or depth > 6:
        return
    for record in data:
        if not isinstance(record, dict):
            continue
        low = {str(key).lower(): value for key, value in record.items()}
        if any(_DATED.search(key) for key in low):
            return
        name, address = _word(low, _NAMES), _word(low, _ADDRESSES)
        if _is_entry(name, address):
            yield " ".join(name.split()), address.strip()
        for value in low.values():
            yield from _entries(value, depth + 1)


def _is_entry(name: str, address: str) -> bool:
    return (
        0 < len(name) <= _LONGEST
        and _CHINESE.search(name) is not None
        and ("/" in address or "." in address)
        and not address.lower().startswith(("javascript", "#", "data:"))
        and not _NO_PAGE.search(address)
    )


def _word(low: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := low.get(name), str) and value.strip()), "")
