"""An archived page is foreign matter: it is shown as text with the quote marked, or in a frame that can do nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
from markupsafe import Markup, escape

from desk.installation import Installation
from desk.reports.wording import clean
from dossier import archive, store
from dossier.model import Capture, Deficiency, Evidence, PageFacts
from dossier.store import Store

LONGEST = 60_000
LOOKED_BACK = 10
"""So many newest runs are searched for a newer capture of a page."""
_SECRET = re.compile(r"(?<!\d)(\d{4})(\d{9,13})([\dXx]{2})(?!\d)")
_SPACE = re.compile(r"\s+")
_DATE_BEFORE = re.compile(r"^\d{4}-\d\d-\d\d\s+(?=\S)")
_SAYS = re.compile(r"\w")
FORBIDDEN_FRAMES = frozenset({"personal-data-exposed"})
"""Rules whose pages show what nobody should see again: text only, with the numbers covered."""


@dataclass(frozen=True)
class PageText:
    """One archived page as the desk shows it."""

    evidence: Evidence
    title: str
    paragraphs: tuple[Markup, ...]
    quoted: bool
    """Whether the quote was found and marked."""
    capture: Capture | None
    frame: bool
    """Whether the page itself can be shown in a frame."""
    cut: bool
    why_not: str = ""


def page_text(kept: Store, deficiency: Deficiency, nth: int) -> PageText | None:
    """The text of the nth page of a finding's evidence; None where it has none."""
    evidence = deficiency.outcome.evidence
    if not 0 <= nth < len(evidence):
        return None
    one = evidence[nth]
    capture, facts = _captured(kept, deficiency, one)
    if facts is None:
        why = "这个地址没有可读的内容。" if capture else "存档里没有这一页（可能来自名单、探测或人工证据）。"
        return PageText(one, "", (), False, capture, False, False, why)
    text, quote = quoted_text(facts, one.quote)
    marked, quoted = mark(text[:LONGEST], quote)
    may_frame = bool(capture and capture.sha256 and "html" in (capture.content_type or "html"))
    return PageText(
        one, facts.title or facts.html_title or "", marked, quoted, capture,
        may_frame and deficiency.outcome.rule_id not in FORBIDDEN_FRAMES, len(text) > LONGEST,
        "" if marked else "页面没有正文文字。",
    )  # fmt: skip


def quoted_text(facts: PageFacts, quote: str) -> tuple[str, str]:
    """The text of a page in which a quote stands, and as much of the quote as stands there: we quote an entry of a
    list as date and title, and a page may write the date behind, otherwise, or in another cell."""
    if quote.strip():
        for words in dict.fromkeys((quote, _DATE_BEFORE.sub("", quote))):
            for text in (facts.text, facts.whole_text):
                if _pattern(words).search(text):
                    return text, words
    return facts.text or facts.whole_text, quote


@dataclass(frozen=True)
class Compared:
    """The page as it was when somebody decided, and as it was seen last."""

    before: PageText
    before_run: str
    after: PageText | None
    after_run: str


def compared(kept: Store, decided: Deficiency, nth: int) -> Compared | None:
    """The nth page of what was decided upon beside its newest capture; None where there is no page."""
    before = page_text(kept, decided, nth)
    if before is None:
        return None
    for run in reversed(store.runs(kept)[-LOOKED_BACK:]):
        if run.run_id == decided.last_seen:
            break
        newest = msgspec.structs.replace(
            decided,
            last_seen=run.run_id,
            outcome=msgspec.structs.replace(
                decided.outcome,
                evidence=tuple(
                    msgspec.structs.replace(one, sha256="", captured_at=None, status=None)
                    for one in decided.outcome.evidence
                ),
            ),
        )
        after = page_text(kept, newest, nth)
        if after is not None and after.capture is not None:
            return Compared(before, decided.last_seen, after, run.run_id)
    return Compared(before, decided.last_seen, None, "")


def mark(text: str, quote: str) -> tuple[tuple[Markup, ...], bool]:
    """Paragraphs, escaped, with every place of the quote marked and long personal numbers covered."""
    found = _pattern(quote) if quote.strip() else None
    paragraphs = []
    hits = 0
    for line in clean(text).split("\n"):
        if not _SAYS.search(line):
            continue  # bullets and rules alone
        parts: list[Markup] = []
        end = 0
        for hit in found.finditer(line) if found else ():
            parts += [escape(_covered(line[end : hit.start()])), Markup("<mark>"), escape(_covered(hit[0])), Markup("</mark>")]  # fmt: skip
            end = hit.end()
            hits += 1
        parts.append(escape(_covered(line[end:])))
        paragraphs.append(Markup("").join(parts))
    return tuple(paragraphs), hits > 0


def body_of(
    installation: Installation, kept: Store, deficiency: Deficiency, nth: int
) -> tuple[bytes, str] | None:
    """The bytes of the nth page and its encoding; None where there is no page to show in a frame."""
    if deficiency.outcome.rule_id in FORBIDDEN_FRAMES:
        return None
    evidence = deficiency.outcome.evidence
    if not 0 <= nth < len(evidence):
        return None
    capture, facts = _captured(kept, deficiency, evidence[nth])
    if capture is None or not capture.sha256 or "html" not in (capture.content_type or "html"):
        return None
    try:
        body = archive.read_body(installation.home.runs, deficiency.last_seen, deficiency.unit_id, capture)
    except archive.BodyMissing:
        return None
    return body, (facts.encoding if facts and facts.encoding else "utf-8")


def _captured(
    kept: Store, deficiency: Deficiency, evidence: Evidence
) -> tuple[Capture | None, PageFacts | None]:
    seen = store.seen_at(kept, deficiency.last_seen, deficiency.unit_id, evidence.url)
    same = [one for one in seen.captures if evidence.url in (one.asked_url, one.final_url)]
    exact = [one for one in same if one.sha256 == evidence.sha256] if evidence.sha256 else same
    for capture in reversed(exact or same):
        facts = seen.facts_of(capture)
        if facts is not None:
            return capture, facts
    left = exact or same
    return (left[-1] if left else None), None


def _pattern(quote: str) -> re.Pattern[str]:
    """A quote whose white space may have been folded differently."""
    words = [re.escape(word) for word in _SPACE.split(clean(quote).strip()) if word]
    return re.compile(r"\s*".join(words)) if words else re.compile(r"(?!)")


def _covered(text: str) -> str:
    """Resident and card numbers without their middle."""
    return _SECRET.sub(lambda hit: hit[1] + "*" * len(hit[2]) + hit[3], text)
