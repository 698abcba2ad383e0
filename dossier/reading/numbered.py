"""A list goes on behind bare numbers whose addresses are the page's own but for the number."""

from __future__ import annotations

import re
from itertools import islice

from dossier.model import Link

_NTH = re.compile(r"^\s*[\[(（【]?\s*第?\s*([2-9]|[1-9]\d{1,2})\s*页?\s*[\])）】]?\s*$")
_FIRST_FILE = re.compile(r"(?:index|list|default|main|page|p)?[-_]?\d*(?:\.\w{2,5})?", re.IGNORECASE)
_MOST, _LONGEST = 60, 500
"""Numbers of a page, and letters of an address, that are looked at."""
_STEP = re.compile(r"[\w/.&=?\-]{0,30}")


def further_pages(links: tuple[Link, ...], url: str) -> list[str]:
    """Addresses behind bare numbers that are this page's own but for the number: its list goes on there."""
    numbered = (
        (link.url, int(number[1]))
        for link in links
        if link.tag == "a" and 0 < len(link.url) <= _LONGEST and (number := _NTH.match(link.text))
    )
    return [address for address, number in islice(numbered, _MOST) if _continues(url, address, number)]


def _continues(own: str, other: str, number: int) -> bool:
    """Whether another address is that of the page of this number of the same list: it differs in a short stretch that
    holds the number (or the one before it, where pages are counted from nought)."""
    begin = 0
    for mine, theirs in zip(own, other, strict=False):
        if mine != theirs:
            break
        begin += 1
    while begin and other[begin - 1].isdigit():
        begin -= 1
    end = 0
    while end < min(len(own), len(other)) - begin and own[-1 - end] == other[-1 - end]:
        end += 1
    while end and other[-end].isdigit():
        end -= 1
    mine, theirs = own[begin : len(own) - end], other[begin : len(other) - end]
    if begin <= len("https://") or not (_STEP.fullmatch(mine) and _STEP.fullmatch(theirs)):
        return False
    if re.search("[A-Za-z]", mine) and not _FIRST_FILE.fullmatch(mine):
        return False  # another column
    return (
        begin >= own.find("/", 8) > 0
        and {str(number), str(number - 1)} & set(re.findall(r"\d+", theirs)) != set()
    )
