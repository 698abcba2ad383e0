"""Attachments are real files: a PDF with a text layer, a Word document, a workbook, a picture."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import docx
import xlsxwriter


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a PDF: words at their places, and rules; measured in points from the lower left corner."""

    words: tuple[tuple[float, float, float, str], ...]
    """(x, y, size, text)."""
    rules: tuple[tuple[float, float, float, float], ...] = ()


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF whose Chinese text can be taken out again through its ToUnicode map."""
    return pdf_of([Sheet(tuple((60, 790 - 20 * n, 12, line) for n, line in enumerate(lines)))])


def pdf_of(sheets: list[Sheet]) -> bytes:
    """A PDF of some pages with one font, which has a ToUnicode map as office software writes it."""
    chars = sorted({char for sheet in sheets for word in sheet.words for char in word[3]})
    glyph = {char: n + 1 for n, char in enumerate(chars)}
    pairs = [f"<{glyph[c]:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c in chars]
    blocks = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
    maps = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\nendcmap end end"
    ).encode()
    kids = " ".join(f"{7 + 2 * n} 0 R" for n in range(len(sheets)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDToGIDMap /Identity /DW 1000 "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 6 0 R >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
        (
            b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
            b"/Ascent 859 /Descent -141 /CapHeight 700 /StemV 80 >>"
        ),
    ]
    for n, sheet in enumerate(sheets):
        drawn = [f"{x0:.1f} {y0:.1f} m {x1:.1f} {y1:.1f} l S" for x0, y0, x1, y1 in sheet.rules]
        drawn += [
            f"BT /F1 {size:g} Tf {x:.1f} {y:.1f} Td <{''.join(f'{glyph[c]:04X}' for c in text)}> Tj ET"
            for x, y, size, text in sheet.words
        ]
        content = "\n".join(("0.5 w", *drawn)).encode()
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(page.encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for n, body in enumerate(objects):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n + 1, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def word(title: str, lines: list[str]) -> bytes:
    document = docx.Document()
    document.add_heading(title, level=1)
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(title: str, rows: list[list[str]]) -> bytes:
    """A sheet; cells that are addresses become hyperlinks."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(title[:28] or "Sheet1")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell.startswith("http://"):
                sheet.write_url(y, x, cell)
            else:
                sheet.write_string(y, x, cell)
    book.close()
    return out.getvalue()


def picture(says: str = "") -> bytes:
    """A small grey PNG; what it says is kept beside the picture, so that no two are the same."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + b"\xc8" * 32 for _ in range(32))
    head = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + (chunk(b"tEXt", b"Comment\x00" + says.encode()) if says else b"")
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURE = picture()
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat"
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
