"""解读照搬公文原文。

## 查什么
解读的文字有多少原样出自所解读的公文（含附件）；达到九成的记为照搬。过短的文字不比较。

## 为什么要紧
解读是把道理讲明白，照抄、摘抄原文不是解读。

## 看不见什么
图片、视频解读的内容读不出来，不比较；附有图片、音视频的提示人工核对。换了说法的照搬看不出来。

## 怎样整改
围绕背景依据、主要内容、适用范围、关键词和新旧差异重新撰写解读。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, seen, unsure
from checks.lenses.attached import attached_text
from checks.lenses.documents import PolicyDocument
from checks.lenses.likeness import LEAST_COPY, LEAST_TEXT, WHOLE, contained, shared_passage
from checks.lenses.pairs import Bond, Interpretation, documents_of, interpretations
from checks.lenses.titles import key_of, squeeze
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="interpretation-copies-document",
    name="解读照搬原文",
    topic=Topic.INTERPRETATION,
    severity=Severity.NORMAL,
    basis=("国办发〔2016〕80号", "解读不得照搬文件原文"),
    claim=Claim.PRESENCE,
    messages={"copied": "解读“{title}”约有 {share}% 的文字原样出自《{document}》"},
    remedy="请围绕背景依据、主要内容、适用范围、关键词和新旧差异重新撰写解读。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """To repeat a text is not to explain it."""
    limit = site.tables.threshold("interpretation-copies-document.similarity")
    for text in interpretations(site):
        words = _without_pointers(text)
        size = len(key_of(words))
        if size < LEAST_COPY:
            continue
        for pair in documents_of(site, text, Bond.TITLE):
            original = f"{pair.document.facts.text}\n{attached_text(site, pair.document.page)}"
            if min(size, len(key_of(original))) < LEAST_TEXT and not _the_same(words, original, limit):
                continue
            share = contained(words, original)
            if share >= limit:
                yield _say(text, pair.document, share, shared_passage(words, original))
            else:
                yield passed(RULE, text.url, page=text.page)


_ABOUT_THE_TEXT = re.compile(r"(?:发布|发文|更新)?(?:时间|日期)\s*[:：]|(?:信息|文章)?来源\s*[:：]")
_LONGEST_LINE_ABOUT_IT = 60


def _without_pointers(text: Interpretation) -> str:
    """What an interpretation itself says: its title, the line on when and by whom it was published, and a line that only
    points to the document are no part of it."""
    pointers = tuple(squeeze(link.text) for link in text.facts.sources if link.text)
    title = squeeze(text.title)
    return "\n".join(
        line
        for line in text.facts.text.splitlines()
        if squeeze(line) != title
        and not (len(line) <= _LONGEST_LINE_ABOUT_IT and _ABOUT_THE_TEXT.match(line.strip()))
        and not any(one in squeeze(line) and 2 * len(one) >= len(squeeze(line)) for one in pointers)
    )


def _the_same(words: str, original: str, limit: float) -> bool:
    """Whether two short texts are one and the same: a share of phrases alone may be chance there. The document may have a
    line more, its number above the text."""
    return contained(words, original) >= WHOLE and contained(original, words) >= limit


def _say(text: Interpretation, document: PolicyDocument, share: float, passage: str) -> Outcome:
    shown = (seen(document.page, passage, place="公文原文"),)
    words: dict[str, Any] = {
        "title": text.title,
        "document": document.title,
        "share": int(share * 100),
    }
    if text.facts.media or text.facts.truncated:
        because = "页面另有图片、音视频或未读完的部分，文字可能只是附录，请人工核对"
        return unsure(
            RULE, text.url, "copied", because=because, page=text.page, quote=passage, evidence=shown, **words
        )
    return fail(RULE, text.url, "copied", page=text.page, quote=passage, evidence=shown, **words)
