"""A paper as Word holds it, to the looks of GB/T 9704."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm
from lxml import etree

from desk.papers.charts import chart_part
from desk.papers.text import Bars, Grid, Pair, PaperText, Para, Shot, Sign, Turn, wide
from desk.reports.oxml import TWIPS_PER_MM, Run, Runs, paragraph, table
from desk.reports.word import Paper
from desk.reports.wording import chinese_date

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_STYLE = {"head1": "PaperHead1", "head2": "PaperHead2"}
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
EMU_PER_MM = 36_000
HALF_MM = 112.0
"""Half of a wide page's text."""
SHOT_MM = 90.0
"""So that two pairs stand on a page."""


class Letter(Paper):
    """A DOCX that can also hold charts."""

    _charts = 0
    _shots = 0

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

    def pair(self, pair: Pair) -> None:
        """Two pictures beside each other under one caption, never torn apart."""
        cells = "".join(self._shot(shot) for shot in (pair.left, pair.right))
        half = round(HALF_MM * TWIPS_PER_MM)
        self.add(paragraph(pair.caption, "TableCaption", keep_next=True))
        self.add(
            f'<w:tbl><w:tblPr><w:tblW w:w="{2 * half}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
            f'<w:tblGrid><w:gridCol w:w="{half}"/><w:gridCol w:w="{half}"/></w:tblGrid>'
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
        )

    def _shot(self, shot: Shot) -> str:
        half = round(HALF_MM * TWIPS_PER_MM)
        try:
            inline = self._doc.part.new_pic_inline(BytesIO(shot.body), width=Mm(SHOT_MM))
        except (
            InvalidImageStreamError,
            UnexpectedEndOfFileError,
            UnrecognizedImageError,
            KeyError,
            ValueError,
        ):
            drawn = paragraph("（图片损坏）", "TableText")
        else:
            self._shots += 1
            inline.docPr.id, inline.docPr.name = 1000 + self._shots, f"picture{self._shots}"
            picture = etree.tostring(inline, encoding="unicode")
            drawn = f'<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr><w:r><w:drawing>{picture}</w:drawing></w:r></w:p>'
        said = paragraph(shot.words, "TableText")
        return f'<w:tc><w:tcPr><w:tcW w:w="{half}" w:type="dxa"/></w:tcPr>{said}{drawn}</w:tc>'


def docx_bytes(text: PaperText) -> bytes:
    """The paper as a Word file; the same value gives the same bytes."""
    doc = Letter(text.heading, text.made)
    if text.number:
        doc.add(paragraph(text.number, "PaperSubtitle"))
        doc.add(paragraph("", "PaperBody"))
    for line in text.title:
        doc.add(paragraph(line, "PaperTitle"))
    doc.add(paragraph("", "PaperBody"))
    for nth, block in enumerate(text.blocks):
        match block:
            case Para():
                _para(doc, block, keep_next=_leads_to_the_signature(text, nth))
            case Grid():
                _grid(doc, block)
            case Pair():
                doc.pair(block)
            case Bars():
                doc.add(paragraph(block.caption, "TableCaption", keep_next=True))
                doc.chart(block, 150, 68)
            case Turn():
                doc.turn(landscape=block.landscape)
            case Sign():
                _sign(doc, block)
    if isinstance(text.blocks[-1], Pair):
        doc.add(paragraph("", "TableText"))
    with tempfile.TemporaryDirectory(prefix="gongkai-paper-") as folder:
        return doc.save(Path(folder) / "paper.docx").read_bytes()


def _leads_to_the_signature(text: PaperText, nth: int) -> bool:
    """Whether a paragraph is the last of the body, or a line of annexes after it: no signature stands on a page alone."""
    after = text.blocks[nth + 1 :]
    for block in after:
        if isinstance(block, Sign):
            return True
        if not (isinstance(block, Para) and block.kind == "annex"):
            return False
    return False


def _para(doc: Letter, block: Para, *, keep_next: bool = False) -> None:
    match block.kind:
        case "to":
            doc.add(_indented(block.text, left=0, first=0))
        case "annex_mark":
            doc.add(_indented(block.text, left=0, first=0, style="PaperHead1"))
        case "annex_title":
            doc.add(paragraph(block.text, "PaperTitle", keep_next=True))
            doc.add(paragraph("", "TableText", keep_next=True))
        case "annex":
            first = block.text.startswith("附件")
            if first:
                doc.add(paragraph("", "PaperBody", keep_next=keep_next))
            # The lines of a list of annexes stand under its first name: 附件：1. …
            doc.add(_indented(block.text, left=0 if first else 3, first=2, keep_next=keep_next))
        case "note":
            doc.add(paragraph(block.text, "PaperEvidence"))
        case kind:
            doc.add(paragraph(block.text, _STYLE.get(kind, "PaperBody"), keep_next=keep_next))


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
    doc.add(paragraph("", "PaperBody", keep_next=True))
    above = max(0.0, 4 + (wide(said) - wide(block.office)) / 2)
    doc.add(_to_the_right(block.office, above, keep_next=True))
    doc.add(_to_the_right(said, 4))


def _indented(text: str, *, left: int, first: int, style: str = "PaperBody", keep_next: bool = False) -> str:
    pitch = 320
    ind = (
        f'<w:ind w:leftChars="{left * 100}" w:left="{left * pitch}" '
        f'w:firstLineChars="{first * 100}" w:firstLine="{first * pitch}"/>'
    )
    return _with(paragraph(text, style), ("<w:keepNext/>" if keep_next else "") + ind, style)


def _to_the_right(text: str, characters: float, *, keep_next: bool = False) -> str:
    ind = (
        f'<w:ind w:rightChars="{round(characters * 100)}" w:right="{round(characters * 320)}" '
        'w:firstLineChars="0" w:firstLine="0"/>'
    )
    keep = "<w:keepNext/>" if keep_next else ""
    return _with(paragraph(text, "PaperBody", align="right"), keep + ind)


def _with(xml: str, properties: str, style: str = "PaperBody") -> str:
    mark = f'<w:pStyle w:val="{style}"/>'
    return xml.replace(mark, mark + properties, 1)


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char in "（）、，")
