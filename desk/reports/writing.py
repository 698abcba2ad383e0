"""A night becomes a folder of papers; the same night always becomes the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desk.reports.html import summary_html, unit_html
from desk.reports.night import Night
from desk.reports.paper import UnitPaper, write_up
from desk.reports.pdf import find_browser, print_pdf
from desk.reports.pictures import Pictures
from desk.reports.province import gather
from desk.reports.unit_docx import write_unit_docx
from desk.reports.workbooks import write_summary_workbook, write_unit_workbook
from dossier.model import Rule

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")


def write_papers(night: Night, *, out: Path, rules: Mapping[str, Rule], pdf: bool = False) -> list[Path]:
    """Every paper of a night, the summary last; PDF only where a browser is there."""
    papers = [write_up(standing, night, rules) for standing in night.standings]
    for paper in papers:
        if not _PLAIN_NAME.fullmatch(paper.standing.unit.unit_id):
            raise ValueError(f"单位编号“{paper.standing.unit.unit_id}”不能用作文件名")
    out.mkdir(parents=True, exist_ok=True)
    written = [path for paper in papers for path in _write_unit(paper, night, out)]
    browser = find_browser() if pdf else None
    if browser:
        written += _print_all(browser, [path for path in written if path.suffix == ".html"])
    province = gather(night, papers)
    written.append(write_summary_workbook(out / "summary.xlsx", province))
    # The summary is written last: its presence means that every paper it points at is there.
    written.append(_write_text(out / "summary.html", summary_html(province)))
    return written


def _write_unit(paper: UnitPaper, night: Night, out: Path) -> list[Path]:
    unit_id = paper.standing.unit.unit_id
    root = night.evidence_root
    return [
        _write_text(out / f"{unit_id}.html", unit_html(paper, night, Pictures(root, unit_id))),
        write_unit_docx(out / f"{unit_id}.docx", paper, night, Pictures(root, unit_id)),
        write_unit_workbook(out / f"{unit_id}.xlsx", paper, night),
    ]


def _print_all(browser: Path, pages: Sequence[Path]) -> list[Path]:
    """Print the pages, two at a time; a page that the browser cannot print has no PDF and stops no other."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        printed = pool.map(lambda page: print_pdf(browser, page, page.with_suffix(".pdf")), pages)
        return [path for path in printed if path is not None]


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
