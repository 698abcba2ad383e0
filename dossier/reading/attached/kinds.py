"""Kinds of files that begin like text, told by how they begin."""

from __future__ import annotations

import re


def is_flat_word(head: bytes) -> bool:
    """The one-file XML of Word 2003."""
    return b'progid="Word.Document"' in head or b"schemas.microsoft.com/office/word/2003/wordml" in head


def is_flat_workbook(head: bytes) -> bool:
    """The one-file XML of Excel 2003; a page that only borrows its name spaces is a page."""
    return head.startswith(b"<?xml") and (
        b'progid="Excel.Sheet"' in head or (b"<Workbook" in head and b"office:spreadsheet" in head)
    )


def is_one_file_page(head: bytes) -> bool:
    """A page saved with all that belongs to it (MHT)."""
    return bool(
        re.match(
            rb"(?:[\w-]+:[^\n]*\r?\n[ \t]?){0,8}?(?:MIME-Version:|Content-Type: multipart/related)",
            head,
            re.IGNORECASE,
        )
    )
