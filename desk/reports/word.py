"""The page form of an official paper: A4, GB/T 9704-like margins and type, page numbers on the outer side."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from desk.reports.oxml import R, W
from desk.reports.wording import beijing_naive, clean, safe_link

LINE = Pt(28.9)
"""22 lines on 225 mm."""
TITLE_FONT, BODY_FONT, HEAD_FONT, SUBHEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
FALLBACKS = {
    TITLE_FONT: "小标宋,FZXiaoBiaoSong-B05S,华文中宋,宋体,Noto Serif CJK SC",
    BODY_FONT: "仿宋,FangSong,华文仿宋,Noto Serif CJK SC",
    HEAD_FONT: "SimHei,Noto Sans CJK SC",
    SUBHEAD_FONT: "楷体,KaiTi,华文楷体,Noto Serif CJK SC",
    "Times New Roman": "Liberation Serif",
}
_STYLES = (
    # id, Chinese font, points, bold, first-line characters, exact line, alignment
    ("PaperTitle", TITLE_FONT, 22, False, 0, Pt(36), "center"),
    ("PaperSubtitle", SUBHEAD_FONT, 16, False, 0, LINE, "center"),
    ("PaperBody", BODY_FONT, 16, False, 2, LINE, "both"),
    ("PaperHead1", HEAD_FONT, 16, False, 2, LINE, "left"),
    ("PaperHead2", SUBHEAD_FONT, 16, False, 2, LINE, "left"),
    ("PaperHead3", BODY_FONT, 16, True, 2, LINE, "left"),
    ("PaperEvidence", BODY_FONT, 12, False, 2, Pt(20), "left"),
    ("TableHead", HEAD_FONT, 10.5, False, 0, None, "center"),
    ("TableText", BODY_FONT, 10.5, False, 0, None, "left"),
    ("TableCaption", HEAD_FONT, 14, False, 0, LINE, "center"),
)


class Paper:
    """A DOCX in the making."""

    def __init__(self, title: str, made: datetime) -> None:
        self._doc: Any = Document()
        self._made = beijing_naive(made)
        self._links: dict[str, str] = {}
        body = self._doc.element.body
        for child in list(body):
            if child.tag != qn("w:sectPr"):
                body.remove(child)
        properties = self._doc.core_properties
        properties.title, properties.author, properties.comments = clean(title)[:250], "", ""
        properties.created = properties.modified = self._made
        properties.last_modified_by, properties.revision = "", 1
        for lang in self._doc.styles.element.iter(qn("w:lang")):
            # Figures and Latin words are no Chinese: taken for it, a year or a score is broken across two lines.
            lang.set(qn("w:val"), "en-US")
            lang.set(qn("w:eastAsia"), "zh-CN")
        for entry in _STYLES:
            _add_style(self._doc, *entry)
        _shape(self._doc.sections[0], landscape=False)
        self._doc.settings.odd_and_even_pages_header_footer = True
        _number_pages(self._doc.sections[0])

    def add(self, xml: str) -> None:
        """Put a paragraph or a table at the end."""
        element = parse_xml(xml.replace(">", f' xmlns:w="{W}" xmlns:r="{R}">', 1))
        body = self._doc.element.body
        body.insert(len(body) - 1, element)

    def link(self, url: str) -> str:
        """The relationship id of an outside address; empty for one that must not be a link."""
        if url not in self._links:
            made = safe_link(url) and self._doc.part.relate_to(
                url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
            self._links[url] = str(made)
        return self._links[url]

    def picture(self, body: bytes, width_mm: float) -> bool:
        """A screenshot, centred; False where the bytes are no whole picture, and then nothing is added."""
        try:
            self._doc.part.get_or_add_image(io.BytesIO(body))
        except (
            InvalidImageStreamError,
            UnexpectedEndOfFileError,
            UnrecognizedImageError,
            KeyError,
            ValueError,
        ):
            return False
        self._doc.add_picture(io.BytesIO(body), width=Mm(width_mm))
        self._doc.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        return True

    def turn(self, *, landscape: bool) -> None:
        """Go on in a new section, wide or upright."""
        section = self._doc.add_section(WD_SECTION.NEW_PAGE)
        _shape(section, landscape=landscape)

    def save(self, path: Path) -> Path:
        """Write the file; the same paper and time give the same bytes."""
        raw = io.BytesIO()
        self._doc.save(raw)
        stamp = (max(self._made.year, 1980), *self._made.timetuple()[1:6])
        with (
            zipfile.ZipFile(raw) as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
        ):
            for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                body = _font_table() if name == "word/fontTable.xml" else old.read(name)
                entry = zipfile.ZipInfo(name, date_time=stamp)
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, body)
        return path


def _add_style(
    doc: Any, name: str, font: str, size: float, bold: bool, indent: int, line: Pt | None, align: str
) -> None:
    """A paragraph style, its properties in the order that the schema asks for."""
    style = doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = None
    style.font.name, style.font.size, style.font.bold = "Times New Roman", Pt(size), bold
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hint"), "eastAsia")
    rule = "auto" if line is None else "exact"
    pitch = 240 if line is None else round(line.pt * 20)
    level = {"PaperHead1": 0, "PaperHead2": 1, "PaperHead3": 2}.get(name)
    parts = [
        "" if level is None else "<w:keepNext/>",
        '<w:widowControl w:val="0"/>',
        # Addresses and digests may be broken anywhere.
        '<w:wordWrap w:val="0"/>' if name in ("PaperEvidence", "TableText") else "",
        f'<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="{rule}"/>',
        f'<w:ind w:firstLineChars="{indent * 100}" w:firstLine="{round(size * 20 * indent)}"/>'
        if indent
        else "",
        f'<w:jc w:val="{align}"/>',
        "" if level is None else f'<w:outlineLvl w:val="{level}"/>',
    ]
    made = parse_xml(f'<w:pPr xmlns:w="{W}">{"".join(parts)}</w:pPr>')
    old = style.element.get_or_add_pPr()
    old.getparent().replace(old, made)


def _shape(section: Any, *, landscape: bool) -> None:
    """Text block 156 × 225 mm, upright or turned."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    top, right, bottom, left = (28, 35, 26, 37) if landscape else (37, 26, 35, 28)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(15), Mm(bottom - 10)


def _number_pages(section: Any) -> None:
    """`— 1 —` in 四号: odd pages at the right, even pages at the left, one character in."""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        element = footer.paragraphs[0]._p  # noqa: SLF001 - python-docx offers no field codes
        run = '<w:r><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>{}</w:r>'
        pieces = [
            run.format('<w:t xml:space="preserve">— </w:t>'),
            run.format('<w:fldChar w:fldCharType="begin"/>'),
            run.format('<w:instrText xml:space="preserve"> PAGE </w:instrText>'),
            run.format('<w:fldChar w:fldCharType="separate"/>'),
            run.format("<w:t>1</w:t>"),
            run.format('<w:fldChar w:fldCharType="end"/>'),
            run.format('<w:t xml:space="preserve"> —</w:t>'),
        ]
        ends = f'<w:ind w:left="280" w:right="280"/><w:jc w:val="{side}"/>'
        made = parse_xml(f'<w:p xmlns:w="{W}"><w:pPr>{ends}</w:pPr>{"".join(pieces)}</w:p>')
        element.getparent().replace(element, made)


def _font_table() -> bytes:
    """What a machine without the official fonts may use in their place."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="{"00" if name.isascii() else "86"}"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'.encode()
