"""What one file says, as its parser tells it to those who asked."""

from __future__ import annotations

import msgspec

from dossier.model import TableFacts

TEXT_BOUND = 200_000
"""Characters of one file that are kept."""
REPORT_WORDS = r"本年(?:度)?新收|上年(?:度)?结转|结转下(?:一)?年度?"
"""Words of the table that an annual report must carry: only there are cells kept as cells."""


NO_READER = "no-reader"
"""The fault of a file for which no reading process could be started: ours, not the file's."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The text of a file and its tables; or why there is none."""

    text: str = ""
    tables: tuple[TableFacts, ...] = ()
    fault: str = ""
    """`encrypted`, `format`, `media`, `archive`, `too-large`, `too-costly`, `scanned`, `garbled`, `broken`."""
    partial: bool = False
    """Some of it was not read: pages beyond the bound, pictures among its pages, entries of an archive."""


class Unread(Exception):  # noqa: N818 - a state of the file, as the other rooms name theirs
    """A file that does not say anything to us, and why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault
