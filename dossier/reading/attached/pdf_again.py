"""A page's characters and their places as PDFium tells them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2

_PLAIN = (range(0x21, 0x7F), range(0xA1, 0xD800), range(0xFF01, 0xFFE7))
"""Characters that PDFium's running text holds as they are; the others (controls, surrogates, hyphens) are asked for."""


def letters_of(page: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """Each character that is no space: the letter, its left, bottom, right and top."""
    words = page.get_textpage()
    raw = words.raw
    letter_at, box_at = pypdfium2.raw.FPDFText_GetUnicode, pypdfium2.raw.FPDFText_GetCharBox
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    places = [ctypes.byref(one) for one in (left, right, bottom, top)]
    for number in range(words.count_chars()):
        code = letter_at(raw, number)
        if code == 0x20:
            continue
        text = chr(code) if any(code in plain for plain in _PLAIN) else words.get_text_range(number, 1)
        if not text.strip():
            continue
        if not box_at(raw, number, *places):
            raise pypdfium2.PdfiumError("a character without a place")
        yield text, left.value, bottom.value, right.value, top.value
    words.close()
