"""Attachments are real files: a PDF with a text layer, a Word document, a workbook, a picture."""

from __future__ import annotations

import io
import struct
import zlib

import docx
import xlsxwriter


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF whose Chinese text can be taken out again through its ToUnicode map."""
    chars = sorted({char for line in lines for char in line})
    glyph = {char: n + 1 for n, char in enumerate(chars)}
    shows = ["BT /F1 12 Tf 60 790 Td 20 TL"]
    shows += [f"<{''.join(f'{glyph[c]:04X}' for c in line)}> Tj T*" for line in lines]
    content = "\n".join([*shows, "ET"]).encode()
    pairs = [f"<{glyph[c]:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c in chars]
    blocks = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
    maps = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\nendcmap end end"
    ).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /CIDToGIDMap /Identity /DW 1000 "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 8 0 R >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
        (
            b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
            b"/Ascent 859 /Descent -141 /CapHeight 700 /StemV 80 >>"
        ),
    ]
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


def picture() -> bytes:
    """A small grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + b"\xc8" * 32 for _ in range(32))
    head = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
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
