"""Word's own words for paragraphs and tables, written directly: a report of hundreds of findings is made in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from desk.reports.wording import clean

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TWIPS_PER_MM = 56.6929


@dataclass(frozen=True)
class Run:
    """A stretch of text in one dress."""

    text: str
    bold: bool = False
    link: str = ""
    """Relationship id of an outside address."""
    grey: bool = False
    small: bool = False


Runs = str | Run | Sequence[Run]


def paragraph(content: Runs, style: str, *, keep_next: bool = False, align: str = "") -> str:
    """One `<w:p>` in a named style."""
    extra = ("<w:keepNext/>" if keep_next else "") + (f'<w:jc w:val="{align}"/>' if align else "")
    inner = "".join(_run(run) for run in _runs(content))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{inner}</w:p>'


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[Runs]],
    widths_mm: Sequence[float],
    *,
    right: frozenset[int] = frozenset(),
    bold_rows: frozenset[int] = frozenset(),
) -> str:
    """A bordered table whose head repeats on every page and whose rows do not split."""
    widths = [round(mm * TWIPS_PER_MM) for mm in widths_mm]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = [_row(heads, widths, "TableHead", head=True, right=frozenset(), bold=False)]
    lines += [
        _row(row, widths, "TableText", head=False, right=right, bold=nth in bold_rows)
        for nth, row in enumerate(rows)
    ]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="595959"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{margins}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(lines)}</w:tbl>'
    )


def _row(
    cells: Sequence[Runs], widths: Sequence[int], style: str, *, head: bool, right: frozenset[int], bold: bool
) -> str:
    fixed = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEBE8"/>' if head or bold else ""
    drawn = []
    for nth, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        align = "right" if nth in right else ""
        content = [Run(run.text, bold=True, link=run.link) for run in _runs(cell)] if bold else cell
        drawn.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{paragraph(content, style, align=align)}</w:tc>'
        )
    return f"<w:tr>{fixed}{''.join(drawn)}</w:tr>"


def _runs(content: Runs) -> Sequence[Run]:
    if isinstance(content, str):
        return (Run(content),)
    return (content,) if isinstance(content, Run) else content


def _run(run: Run) -> str:
    # The hint makes “ ” — … take the Chinese font and its full width.
    dress = (
        '<w:rFonts w:hint="eastAsia"/>'
        + ("<w:b/>" if run.bold else "")
        + ('<w:color w:val="595959"/>' if run.grey else "")
    )
    dress += '<w:color w:val="1A5FB4"/>' if run.link and not run.grey else ""
    dress += '<w:sz w:val="18"/><w:szCs w:val="18"/>' if run.small else ""
    lines = clean(run.text).replace("\t", " ").split("\n")
    text = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    drawn = f"<w:r><w:rPr>{dress}</w:rPr>{text}</w:r>"
    if run.link:
        drawn = f"<w:hyperlink r:id={quoteattr(run.link)}>{drawn}</w:hyperlink>"
    return drawn
