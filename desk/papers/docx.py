"""A paper as Word holds it, to the looks of GB/T 9704."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from desk.papers.charts import chart_part
from desk.papers.text import Bars, Grid, PaperText, Para, Sign, Turn
from desk.reports.oxml import Run, Runs, paragraph, table
from desk.reports.word import Paper
from desk.reports.wording import chinese_date

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_STYLE = {"head1": "PaperHead1", "head2": "PaperHead2"}
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
EMU_PER_MM = 36_000


class Letter(Paper):
    """A DOCX that can also hold charts."""

    _charts = 0

    def chart(self, bars: Bars, width_mm: float, height_mm: float) -> None:
        """A chart of Word's own, centred."""
        self._charts += 1
        name = PackURI(f"/word/charts/chart{self._charts}.xml")
        part = Part(name, CHART_TYPE, chart_part(bars), self._doc.part.package)
        key = self._doc.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        wide, high = round(width_mm * EMU_PER_MM), round(height_mm * EMU_PER_MM)
        self.add(
            '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
            f'<wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{100 + self._charts}" name="chart{self._charts}" descr="{_plain(bars.caption)}"/>'
            f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" r:id="{key}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )


def docx_bytes(text: PaperText) -> bytes:
    """The paper as a Word file; the same value gives the same bytes."""
    doc = Letter(text.heading, text.made)
    if text.number:
        doc.add(paragraph(text.number, "PaperSubtitle"))
        doc.add(paragraph("", "PaperBody"))
    for line in text.title:
        doc.add(paragraph(line, "PaperTitle"))
    doc.add(paragraph("", "PaperBody"))
    for block in text.blocks:
        match block:
            case Para():
                _para(doc, block)
            case Grid():
                _grid(doc, block)
            case Bars():
                doc.add(paragraph(block.caption, "TableCaption", keep_next=True))
                doc.chart(block, 150, 68)
            case Turn():
                doc.turn(landscape=block.landscape)
            case Sign():
                _sign(doc, block)
    with tempfile.TemporaryDirectory(prefix="gongkai-paper-") as folder:
        return doc.save(Path(folder) / "paper.docx").read_bytes()


def _para(doc: Letter, block: Para) -> None:
    match block.kind:
        case "to":
            doc.add(_indented(block.text, left=0, first=0))
        case "annex":
            # The lines of a list of annexes stand under its first name: 附件：1. …
            doc.add(_indented(block.text, left=0 if block.text.startswith("附件") else 3, first=2))
        case "note":
            doc.add(paragraph(block.text, "PaperEvidence"))
        case kind:
            doc.add(paragraph(block.text, _STYLE.get(kind, "PaperBody")))


def _grid(doc: Letter, block: Grid) -> None:
    if block.caption:
        doc.add(paragraph(block.caption, "TableCaption", keep_next=True))
    rows = [[_cell(doc, block, nth, cell) for nth, cell in enumerate(row)] for row in block.rows]
    doc.add(
        table(block.heads, rows, block.widths, right=frozenset(block.right), bold_rows=frozenset(block.bold))
    )
    doc.add(paragraph("", "TableText"))


def _cell(doc: Letter, block: Grid, nth: int, text: str) -> Runs:
    if nth in block.links:
        return Run(text, link=doc.link(text), small=True)
    return Run(text, small=True) if nth in block.small else text


def _sign(doc: Letter, block: Sign) -> None:
    """成文日期 four characters in from the right, the office centred above it."""
    said = chinese_date(block.day)
    doc.add(paragraph("", "PaperBody"))
    above = max(0.0, 4 + (_wide(said) - _wide(block.office)) / 2)
    doc.add(_to_the_right(block.office, above, keep_next=True))
    doc.add(_to_the_right(said, 4))


def _indented(text: str, *, left: int, first: int) -> str:
    pitch = 320
    ind = (
        f'<w:ind w:leftChars="{left * 100}" w:left="{left * pitch}" '
        f'w:firstLineChars="{first * 100}" w:firstLine="{first * pitch}"/>'
    )
    return _with(paragraph(text, "PaperBody"), ind)


def _to_the_right(text: str, characters: float, *, keep_next: bool = False) -> str:
    ind = (
        f'<w:ind w:rightChars="{round(characters * 100)}" w:right="{round(characters * 320)}" '
        'w:firstLineChars="0" w:firstLine="0"/>'
    )
    keep = "<w:keepNext/>" if keep_next else ""
    return _with(paragraph(text, "PaperBody", align="right"), keep + ind)


def _with(xml: str, properties: str) -> str:
    mark = '<w:pStyle w:val="PaperBody"/>'
    return xml.replace(mark, mark + properties, 1)


def _wide(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.5 for char in text)


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char in "（）、，")
