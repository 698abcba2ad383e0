"""What officials hold in their hands after a night: a summary, and a report for every unit."""

from __future__ import annotations

from pathlib import Path

from desk.reports.night import Night

__all__ = ["Night", "write_reports"]


def write_reports(night: Night, *, out: Path, pdf: bool = False) -> list[Path]:
    """Write a night's papers into `out`: summary.html, summary.xlsx and each unit's html, docx, xlsx (and pdf).

    Raises `desk.reports.scoresheet.Unbalanced` before anything is written, where points do not add up.
    """
    # The writers of Word and spreadsheets are slow to load; a command that writes no paper does without them.
    from desk.reports.rulebook import current_rules
    from desk.reports.writing import write_papers

    return write_papers(night, out=out, pdf=pdf, rules=current_rules())
