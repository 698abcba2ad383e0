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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from checks.accuse import fail, seen, unsure
from checks.lenses.navigation import facts_of, home_pages, unit_hosts
from checks.lenses.own_words import lines_beside
from checks.lenses.unread import unread_files, why_unread
from dossier.addresses import host_of
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
    table = _table_of(site.tables.wording)
    for page in site.pages.values():
        if not page.ok or host_of(page.url) not in hosts or page.capture.purpose is Purpose.SEARCH:
            continue
        words = _words(page, beside.get(page.url, ()), whole=page.url in homes)
        taken: list[tuple[int, int]] = []
        for entry in table.perhaps_in(words):
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


def _overlaps(place: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in taken)


@dataclass(frozen=True)
class _Table:
    """The wrong phrases, each under that pair of its neighbouring letters which the table itself has least: a page without
    the pair need not be asked for the phrase. A phrase has two letters and more (its loader sees to it)."""

    pairs: re.Pattern[str]
    """Two letters side by side that may be such a pair."""
    asked_by: Mapping[tuple[str, str], tuple[tuple[int, WordingEntry], ...]]
    """Pair → its phrases, each with its place in the table."""

    def perhaps_in(self, words: str) -> list[WordingEntry]:
        """The phrases that may stand in a text, the longest first: one slip of the pen is accused once, by the longest phrase
        that names it (`脱贫攻艰`, and not `攻艰战` as well)."""
        shown = self.asked_by.keys() & set(self.pairs.findall(words))
        asked = [one for pair in shown for one in self.asked_by[pair]]
        return [entry for _, entry in sorted(asked, key=lambda one: (-len(one[1].wrong), one[0]))]


@lru_cache(maxsize=4)  # one table for all units of a night
def _table_of(wording: tuple[WordingEntry, ...]) -> _Table:
    often = Counter(pair for entry in wording for pair in pairwise(entry.wrong))
    asked_by: dict[tuple[str, str], list[tuple[int, WordingEntry]]] = {}
    for number, entry in enumerate(wording):
        rarest = min(pairwise(entry.wrong), key=often.__getitem__)
        asked_by.setdefault(rarest, []).append((number, entry))
    first, second = (re.escape("".join({pair[n] for pair in asked_by})) for n in (0, 1))
    return _Table(
        pairs=re.compile(f"([{first}])(?=([{second}]))" if asked_by else "(?!)"),
        asked_by={pair: tuple(phrases) for pair, phrases in asked_by.items()},
    )


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
