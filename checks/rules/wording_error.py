"""表述错误。

## 查什么
页面和附件的标题、正文中有没有表述词表里的错误写法；处在词表所列“允许的语境”中的不算。
同一句里既有错误写法又有正确写法、并且说的是正误的（“‘布署’应为‘部署’”），是在讲这个错字，只提示人工核对。

## 为什么要紧
国办秘函〔2019〕19号：出现严重表述错误的单项否决，一般错别字扣分。

## 看不见什么
图片里的文字查不到。扫描、加密、损坏或没有读全的附件查不到，按主机列出提示人工核对，不算没有问题。
只认词表里的写法，不作语法判断。

## 怎样整改
按提示的正确写法改正。
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from checks.accuse import fail, seen, unsure
from checks.lenses.navigation import facts_of, home_pages, host_of, unit_hosts
from checks.lenses.own_words import lines_beside
from checks.lenses.unread import unread_files, why_unread
from dossier.model import Claim, Outcome, Page, Purpose, Rule, Severity, SiteSnapshot, Topic, WordingEntry

RULE = Rule(
    id="wording-error",
    name="表述错误",
    topic=Topic.WORDING,
    severity=Severity.NORMAL,
    basis=("国办秘函〔2019〕19号 单项否决“严重表述错误”、信息准确性",),
    claim=Claim.PRESENCE,
    messages={
        "wrong": "出现“{wrong}”，应为“{right}”（{severity}）",
        "unread": "{count} 个附件没有读出或没有读全文字，未作表述检查：{kinds}",
    },
    remedy="按正确写法改正，并检查同类稿件。",
)

_CONTEXT = 20
_SENTENCE = 80
_SENTENCE_END = re.compile(r"[。！？；\n]")
_CORRECTING = re.compile(r"误|错|更正|订正|纠正|应为|应是|应作|改为|改成|不是|而非|写成|写作|→")
_SPOKEN_OF = "这句话像是在指出或更正这个错字，请人工看上下文是否仍在误用"


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Each wrong phrase of the table, where it stands."""
    hosts = unit_hosts(site)
    homes = {page.url for page in home_pages(site)}
    beside = lines_beside(site)
    waiting = _by_rarest_letter(site.tables.wording)
    for page in site.pages.values():
        if not page.ok or host_of(page.url) not in hosts or page.capture.purpose is Purpose.SEARCH:
            continue
        words = _words(page, beside.get(page.url, ()), whole=page.url in homes)
        said = frozenset(words)
        asked = [one for letter in waiting.keys() & said for one in waiting[letter] if one[1] <= said]
        taken: list[tuple[int, int]] = []
        for _, _, entry in sorted(asked, key=_longest_first):
            places = [place for place in _places(words, entry) if not _overlaps(place, taken)]
            if not places:
                continue
            taken += places
            used, mentioned = _first(words, places, entry.right)
            subject = f"{page.url} {entry.wrong}"
            data: dict[str, Any] = {"wrong": entry.wrong, "right": entry.right, "severity": entry.severity}
            if used:
                yield fail(RULE, subject, "wrong", page=page, quote=used, **data)
            elif mentioned:
                yield unsure(RULE, subject, "wrong", because=_SPOKEN_OF, page=page, quote=mentioned, **data)
    for unread in unread_files(site):
        yield unsure(
            RULE,
            unread.host,
            "unread",
            because="附件中的文字没有看到，请人工打开核对",
            evidence=(seen(page, note=why_unread(page)) for page in unread.files),
            count=unread.count,
            kinds=unread.kinds,
        )


def _longest_first(asked: tuple[int, frozenset[str], WordingEntry]) -> tuple[int, int]:
    """One slip of the pen is accused once, by the longest phrase that names it (`脱贫攻艰`, and not `攻艰战` as well)."""
    return -len(asked[2].wrong), asked[0]


def _overlaps(place: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in taken)


@lru_cache(maxsize=4)  # one table for all units of a night
def _by_rarest_letter(
    wording: tuple[WordingEntry, ...],
) -> dict[str, list[tuple[int, frozenset[str], WordingEntry]]]:
    """The phrases under that of their letters which the table itself has least: a page without it need not be asked for
    the phrase. Each with its place in the table and its letters."""
    often = Counter(letter for entry in wording for letter in entry.wrong)
    waiting: dict[str, list[tuple[int, frozenset[str], WordingEntry]]] = {}
    for number, entry in enumerate(wording):
        if entry.wrong:
            rarest = min(entry.wrong, key=often.__getitem__)
            waiting.setdefault(rarest, []).append((number, frozenset(entry.wrong), entry))
    return waiting


def _words(page: Page, beside: Iterable[str], *, whole: bool) -> str:
    """What a page says itself; the frame that all pages share is read on the home page alone."""
    facts = facts_of(page)
    items = "\n".join(item.title for item in facts.items) if whole else ""
    return "\n".join((facts.title or "", facts.text, items, facts.whole_text if whole else "", *beside))


def _places(words: str, entry: WordingEntry) -> Iterator[tuple[int, int]]:
    """Where a wrong phrase stands outside its allowed contexts."""
    start = words.find(entry.wrong)
    while start >= 0:
        end = start + len(entry.wrong)
        if not any(_covered(words, start, end, phrase, entry.wrong) for phrase in entry.allowed):
            yield start, end
        start = words.find(entry.wrong, end)


def _first(words: str, places: Iterable[tuple[int, int]], right: str) -> tuple[str, str]:
    """What stands around the first place where a wrong phrase is used, and the first where it is only spoken of; empty
    where there is none."""
    used = mentioned = ""
    for start, end in places:
        before = words[max(0, start - _CONTEXT) : start].rpartition("\n")[2]
        quote = before + words[start:end] + words[end : end + _CONTEXT].partition("\n")[0]
        if _spoken_of(words, start, end, right):
            mentioned = mentioned or quote
        else:
            used = used or quote
    return used, mentioned


def _spoken_of(words: str, start: int, end: int, right: str) -> bool:
    """Whether the sentence sets the wrong phrase against the right one."""
    before = _SENTENCE_END.split(words[max(0, start - _SENTENCE) : start])[-1]
    after = _SENTENCE_END.split(words[end : end + _SENTENCE])[0]
    return right in f"{before}\n{after}" and bool(_CORRECTING.search(before) or _CORRECTING.search(after))


def _covered(words: str, start: int, end: int, phrase: str, wrong: str) -> bool:
    """Whether the allowed phrase stands just where the wrong one does."""
    offset = phrase.find(wrong)
    while offset >= 0:
        left = start - offset
        if left >= 0 and words.startswith(phrase, left) and left + len(phrase) >= end:
            return True
        offset = phrase.find(wrong, offset + 1)
    return False
