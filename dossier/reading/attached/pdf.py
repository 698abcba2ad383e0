"""A PDF: the words of its pages, and its ruled tables where an annual report may stand."""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

from dossier.model import TableFacts
from dossier.reading.attached.letters import meant
from dossier.reading.attached.said import REPORT_WORDS, TEXT_BOUND, Said, Unread

_PAGES = 400
_TABLE_PAGES = 14
"""The prescribed table is one or two pages long; a report that spreads its words over more is cut here."""
_DOUBLED_SHARE = 0.06
_ANGLES = 60
"""Letters of a page whose slant is looked at."""
SHADOW = 1.0
"""Points within which the same letter drawn again is its own shadow."""
_GARBLED_SHARE = 0.3
_NO_LETTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
"""What a font without a map to characters leaves."""


def pdf(body: bytes) -> Said:
    """The text layer, page by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as fault:
        raise Unread("encrypted" if "password" in str(fault).lower() else "broken") from fault
    try:
        pages: list[str] = []
        turned: set[int] = set()
        size, wordless, count = 0, 0, len(document)
        for number in range(min(count, _PAGES)):
            text = _page_text(document, number, turned)
            pages.append(text)
            size += len(text)
            if len(text.strip()) < 2:
                wordless += _shows_pictures(document, number)
            if size > TEXT_BOUND:
                break
        text = "\n".join(pages)
        letters = "".join(text.split())
        if len(letters) < 10:
            raise Unread("scanned" if count else "broken")
        if len(_NO_LETTER.findall(letters)) > _GARBLED_SHARE * len(letters):
            raise Unread("garbled")
        return Said(
            text=text,
            tables=_tables(body, document, pages, turned),
            partial=wordless > 0 or len(pages) < count,
        )
    finally:
        document.close()


def _page_text(document: Any, number: int, turned: set[int]) -> str:
    import pypdfium2

    try:
        page = document[number]
        words = page.get_textpage()
        if (upright := _upright(words)) is not None and upright != page.get_rotation():
            page.set_rotation(upright)
            turned.add(number)
            words.close()
            words = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    text: str = words.get_text_bounded()
    if (
        sum(one == other and not one.isspace() for one, other in pairwise(text))
        > _DOUBLED_SHARE * len(text)
        > 5
    ):
        text = _without_shadows(words)
    words.close()
    page.close()
    return meant(text.replace("\r", "").replace("\ufffe", "").replace("\x02", ""))


def _without_shadows(words: Any) -> str:
    """Text whose letters were drawn twice to look bold, each letter once."""
    kept: list[str] = []
    before, left, down = "", 0.0, 0.0
    for number in range(words.count_chars()):
        letter = words.get_text_range(number, 1)
        box = words.get_charbox(number)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if letter.isspace() or letter != before or abs(x - left) > SHADOW or abs(y - down) > SHADOW:
            kept.append(letter)
        before, left, down = letter, x, y
    return "".join(kept)


def _shows_pictures(document: Any, number: int) -> bool:
    """Whether a page without words shows something after all; a page that cannot be opened may."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return True
    return any(True for _ in page.get_objects(max_depth=3))


def _tables(body: bytes, document: Any, pages: list[str], turned: set[int]) -> tuple[TableFacts, ...]:
    telling = [number for number, text in enumerate(pages) if re.search(REPORT_WORDS, "".join(text.split()))]
    if not telling:
        return ()
    from dossier.reading.attached.pdf_tables import tables_on

    wanted = tuple(range(telling[0], min(telling[-1] + 1, telling[0] + _TABLE_PAGES)))
    try:
        if turned & set(wanted):
            kept = io.BytesIO()
            document.save(kept)
            body = kept.getvalue()
        return tables_on(body, document, wanted)
    except Exception:  # noqa: BLE001 - the words stand even where the rules between them make no sense to a parser
        return ()


def _upright(words: Any) -> int | None:
    """How a page must be turned for its letters to stand upright, in degrees; None where it has no letters."""
    import pypdfium2

    count = words.count_chars()
    turns = Counter(
        round(pypdfium2.raw.FPDFText_GetCharAngle(words.raw, n) / (math.pi / 2)) % 4
        for n in range(0, count, max(1, count // _ANGLES))
        if words.get_text_range(n, 1).strip()
    )
    return -turns.most_common(1)[0][0] * 90 % 360 if turns else None
