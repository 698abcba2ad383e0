"""Files that mean harm, or are harmed: each a few kilobytes that ask for gigabytes or for hours."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random

from .make_made import made
from .test_formats import docx, ofd, xlsx, zipped

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + f"]><w:document {SPACE}><w:body><w:p><w:r><w:t>&m;</w:t></w:r></w:p></w:body></w:document>"
)
REACHING = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><w:document {SPACE}><w:body><w:p><w:r><w:t>&f;这里有足够多的文字</w:t></w:r></w:p></w:body></w:document>'


def zip_bomb(inside: str = "word/document.xml", size: int = 400_000_000) -> bytes:
    """An entry that promises gigabytes of zeros in a megabyte or two."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as box,
        box.open(zipfile.ZipInfo(inside), "w", force_zip64=True) as out,
    ):
        block = b"\x00" * 10_000_000
        for _ in range(size // len(block)):
            out.write(block)
    return kept.getvalue()


def lying_zip() -> bytes:
    """An entry that says it is small and is not."""
    body = zip_bomb(size=50_000_000)
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        told = box.infolist()[0].file_size
    return body.replace(struct.pack("<Q", told), struct.pack("<Q", 1000)).replace(
        struct.pack("<L", told), struct.pack("<L", 1000)
    )


def nested_bomb() -> bytes:
    inner = zip_bomb("a.txt", 30_000_000)
    for level in range(5):
        inner = zipped({f"{level}-{n}.zip": inner for n in range(8)})
    return inner


def many_entries() -> bytes:
    return zipped({f"{n}.txt": b"x" for n in range(6_000)})


def empty_rows() -> bytes:
    """A sheet of a million rows that hold nothing, and one that claims the widest of ranges."""
    rows = "".join(f'<row r="{n}"/>' for n in range(1, 1_000_001))
    return with_sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>')


def far_cells() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 200_000, 7))
    return with_sheet(f"<sheetData>{rows}</sheetData>")


def merged_million() -> bytes:
    """The words of the prescribed table, and a merge over the whole sheet."""
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>本年新收 结转下年度</t></is></c></row>'
    merges = "".join(f'<mergeCell ref="A{n}:XFD{n + 900}"/>' for n in range(1, 1_000_000, 1000))
    return with_sheet(f'<sheetData>{text}</sheetData><mergeCells count="1">{merges}</mergeCells>')


def with_sheet(inside: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as box, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as out:
        for name in box.namelist():
            body = box.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>'.encode()
            out.writestr(name, body)
    return kept.getvalue()


def deep_word() -> bytes:
    inner = "<w:r><w:t>深处的文字</w:t></w:r>"
    for _ in range(240):
        inner = f"<w:smartTag>{inner}</w:smartTag>"
    return zipped(
        {
            "word/document.xml": f"<w:document {SPACE}><w:body><w:p>{inner}</w:p></w:body></w:document>".encode()
        }
    )


def wide_word() -> bytes:
    """A table whose cells claim to span thousands of columns, in thousands of rows."""
    cell = (
        '<w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr><w:p><w:r><w:t>本年新收</w:t></w:r></w:p></w:tc>'
    )
    row = f"<w:tr>{cell * 50}</w:tr>"
    return zipped(
        {
            "word/document.xml": f"<w:document {SPACE}><w:body><w:tbl>{row * 5_000}</w:tbl></w:body></w:document>".encode()
        }
    )


def pdf_of(objects: list[bytes], root: int = 1) -> bytes:
    out = b"%PDF-1.5\n"
    for number, body in enumerate(objects, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return out + b"trailer << /Size %d /Root %d 0 R >>\n%%%%EOF\n" % (len(objects) + 1, root)


def stream(body: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), extra, body)


def pdf_stream_bomb() -> bytes:
    """A page whose content unpacks, layer upon layer, to gigabytes."""
    content = b"0 0 m 1 1 l S " * 2_000_000
    for _ in range(2):
        content = zlib.compress(content, 9)
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [" + b"4 0 R " * 400 + b"] >>",
            stream(content, b"/Filter [/FlateDecode /FlateDecode]"),
        ]
    )


def pdf_many_pages() -> bytes:
    """A page count of millions, over a tree that leads back to itself."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [" + b"2 0 R 3 0 R " * 2000 + b"] /Count 2000000000 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            stream(b"BT ET"),
        ]
    )


def pdf_form_bomb() -> bytes:
    """Forms that each draw the next ten times: ten thousand million times the last."""
    levels = 11
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
        stream(b"/X Do " * 10),
    ]
    for level in range(levels):
        name = b"/Resources << /XObject << /X %d 0 R >> >>" % (6 + level) if level < levels - 1 else b""
        inside = b"/X Do " * 10 if level < levels - 1 else b"0 0 m 9 9 l S"
        objects.append(stream(inside, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + name))
    return pdf_of(objects)


def encrypted_pdf() -> bytes:
    """A PDF that says it wants a password that nobody has."""
    entry = b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -44 >>"
    body = pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", entry])
    return body.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 3 0 R /ID [<41><41>]")


def encrypted_zip() -> bytes:
    body = bytearray(zipped({"a.txt": b"text" * 50}))
    body[6] |= 1
    at = body.index(b"PK\x01\x02")
    body[at + 8] |= 1
    return bytes(body)


def encrypted_office() -> bytes:
    """The wrapping that Office gives an encrypted document: an OLE file with a stream of this name."""
    sector = 512
    header = bytearray(sector)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<LLLLLLLL", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<L", header, 76, 0)
    header[80:] = b"\xff" * (sector - 80)
    fat = struct.pack("<LL", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * (sector - 8)

    def entry(name: str, kind: int, child: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\x00\x00"
        return (
            raw.ljust(64, b"\x00") + struct.pack("<HBBLLL", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + b"\x00" * 36 + struct.pack("<LQ", 0xFFFFFFFE, 0)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, 0xFFFFFFFF) + b"\x00" * 256
    return bytes(header) + fat + directory


def torn(body: bytes, seed: int) -> bytes:
    """A file with some of its bytes thrown about, or cut off."""
    dice = Random(seed)
    raw = bytearray(body)
    for _ in range(dice.randrange(1, 60)):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return bytes(raw[: dice.randrange(len(raw) // 3, len(raw))]) if dice.random() < 0.4 else bytes(raw)


def laughing_sheet() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as box, zipfile.ZipFile(kept, "w") as out:
        for name in box.namelist():
            out.writestr(name, LAUGHS.encode() if name.endswith("sheet1.xml") else box.read(name))
    return kept.getvalue()


BOMBS: dict[str, tuple[Callable[[], bytes], frozenset[str]]] = {
    "zip bomb as a document": (zip_bomb, frozenset({"too-costly"})),
    "zip bomb as a workbook": (lambda: zip_bomb("xl/workbook.xml"), frozenset({"too-costly"})),
    "zip bomb as an archive": (lambda: zip_bomb("a.txt"), frozenset({"too-costly"})),
    "a zip that lies": (lying_zip, frozenset({"broken", "too-costly"})),
    "a bomb in a bomb": (nested_bomb, frozenset({"format", "too-costly"})),
    "thousands of entries": (many_entries, frozenset({"too-costly"})),
    "billion laughs": (lambda: zipped({"word/document.xml": LAUGHS.encode()}), frozenset({"broken"})),
    "laughs in another alphabet": (
        lambda: zipped({"word/document.xml": LAUGHS.encode("utf-16")}),
        frozenset({"broken"}),
    ),
    "an entity that reaches for a file": (
        lambda: zipped({"word/document.xml": REACHING.encode()}),
        frozenset({"broken"}),
    ),
    "laughs in a workbook": (laughing_sheet, frozenset({"broken"})),
    "laughs in an ofd": (lambda: zipped({"OFD.xml": LAUGHS.encode()}), frozenset({"broken"})),
    "a million empty rows": (empty_rows, frozenset({"", "too-costly"})),
    "cells at the end of the world": (far_cells, frozenset({"", "too-costly"})),
    "merges over everything": (merged_million, frozenset({"", "too-costly", "broken"})),
    "a document too deep": (deep_word, frozenset({"", "broken", "too-costly"})),
    "a table too wide": (wide_word, frozenset({"", "too-costly"})),
    "a page that unpacks to gigabytes": (pdf_stream_bomb, frozenset({"scanned", "too-costly", "broken"})),
    "a page count of millions": (pdf_many_pages, frozenset({"scanned", "too-costly", "broken"})),
    "forms that draw each other": (pdf_form_bomb, frozenset({"scanned", "too-costly", "broken"})),
    "an encrypted pdf": (encrypted_pdf, frozenset({"encrypted"})),
    "an encrypted archive": (encrypted_zip, frozenset({"encrypted"})),
    "an encrypted document": (encrypted_office, frozenset({"encrypted"})),
}


def sound() -> dict[str, bytes]:
    """Files with nothing wrong, to be torn."""
    return {
        "docx": docx(), "xlsx": xlsx(), "ofd": ofd([[(10, 10, "一页文字一页文字一页文字")]]),
        "pdf": made()["office-portrait.pdf"], "doc": made()["office-portrait.doc"],
        "rtf": made()["office-portrait.rtf"], "report.docx": made()["office-portrait.docx"],
    }  # fmt: skip
