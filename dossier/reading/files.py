"""What a file says that a page hangs on itself: PDF, Word, Excel, plain text; and why, where it cannot be had."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import unquote, urlsplit

from dossier.model import PageFacts, TableFacts
from dossier.model.page import READER_VERSION
from dossier.reading.decoding import decode

TEXT_BOUND = 200_000
SIZE_BOUND = 60_000_000
PAGE_BOUND = 400


def read_attachment(body: bytes, *, url: str, content_type: str) -> PageFacts:
    """The text of one file; where it cannot be had, why."""
    title = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    if len(body) > SIZE_BOUND:
        return _facts(url, title, "", "too-large")
    try:
        text, fault = _text_of(body, content_type, url)
    except Exception as fault_met:  # noqa: BLE001 - four parsers, each with faults of its own on broken files
        fault = (
            "encrypted"
            if re.search(r"encrypt|password", f"{type(fault_met).__name__} {fault_met}", re.IGNORECASE)
            else "broken"
        )
        text = ""
    return _facts(url, title, text, fault)


def _facts(url: str, title: str, text: str, fault: str) -> PageFacts:
    lines = (" ".join(line.split()) for line in text[: TEXT_BOUND * 2].split("\n"))
    folded = "\n".join(line for line in lines if line)
    return PageFacts(
        url=url,
        reader=READER_VERSION,
        title=title or None,
        text=folded[:TEXT_BOUND],
        whole_text=folded[:TEXT_BOUND],
        tables=_tables_in(text) if _REPORT_TABLE.search(text) else (),
        unreadable=fault,
        truncated=len(folded) > TEXT_BOUND,
    )


_REPORT_TABLE = re.compile(r"本年新收|上年结转|结转下年度")
"""Words of the table that an annual report must carry: only there are cells kept as cells."""


def _tables_in(text: str) -> tuple[TableFacts, ...]:
    """Tables of a Word or Excel file: runs of lines whose cells are parted by tabs."""
    found: list[TableFacts] = []
    rows: list[tuple[str, ...]] = []
    for line in (*text.split("\n"), ""):
        cells = tuple(" ".join(cell.split()) for cell in line.split("\t"))
        if len(cells) >= 2 and len(rows) < 200:
            rows.append(cells)
            continue
        if len(rows) >= 2:
            found.append(TableFacts(rows=tuple(rows)))
        rows = []
    return tuple(found[:30])


def _text_of(body: bytes, content_type: str, url: str) -> tuple[str, str]:
    head = body[:1024].lstrip()
    if not body:
        return "", "broken"
    if head.startswith(b"%PDF"):
        return _pdf(body)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(body)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole(body)
    if head.startswith(b"{\\rtf"):
        return _rtf(body), ""
    if head.startswith((b"Rar!", b"7z\xbc\xaf")) or content_type.startswith(
        ("image/", "audio/", "video/", "font/")
    ):
        return "", "format"
    path = urlsplit(url).path.lower()
    if content_type.startswith("text/") or path.endswith((".txt", ".csv")) or _is_text(body):
        return decode(body[: TEXT_BOUND * 4], content_type)[0], ""
    return "", "format"


def _pdf(body: bytes) -> tuple[str, str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    try:
        parts: list[str] = []
        size = 0
        for number in range(min(len(document), PAGE_BOUND)):
            page = document[number]
            words = page.get_textpage()
            text = words.get_text_bounded()
            words.close()
            page.close()
            parts.append(text)
            size += len(text)
            if size > TEXT_BOUND:
                break
        text = "\n".join(parts).replace("\r", "")
    finally:
        document.close()
    return (text, "") if len(text.strip()) >= 10 else ("", "scanned")


def _zipped(body: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = set(archive.namelist())
        if sum(info.file_size for info in archive.infolist()) > 400_000_000:
            return "", "too-large"
    if "word/document.xml" in names:
        return _docx(body), ""
    if "xl/workbook.xml" in names:
        return _xlsx(body), ""
    return "", "format"


def _docx(body: bytes) -> str:
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(body))
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += [
                "\t".join(cell.text.replace("\n", " ") for cell in row.cells) for row in block.rows[:2000]
            ]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _xlsx(body: bytes) -> str:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    lines: list[str] = []
    size = 0
    try:
        for sheet in book.worksheets:
            lines.append(str(sheet.title))
            for row in sheet.iter_rows(values_only=True, max_row=20_000):
                line = "\t".join("" if value is None else str(value) for value in row[:100]).rstrip()
                if line:
                    lines.append(line)
                    size += len(line)
                if size > TEXT_BOUND:
                    break
    finally:
        book.close()
    return "\n".join(lines)


def _ole(body: bytes) -> tuple[str, str]:
    import olefile

    with olefile.OleFileIO(io.BytesIO(body)) as box:
        if box.exists("Workbook") or box.exists("Book"):
            return _xls(body), ""
        if box.exists("EncryptedPackage"):
            return "", "encrypted"
        if box.exists("WordDocument"):
            stream = box.openstream("WordDocument").read()
            if len(stream) > 12 and int.from_bytes(stream[10:12], "little") & 0x0100:
                return "", "encrypted"
            text = _doc(box, stream)
            return (text, "") if len(text.strip()) >= 4 else ("", "format")
    return "", "format"


def _xls(body: bytes) -> str:
    import xlrd

    book = xlrd.open_workbook(file_contents=body, on_demand=True, logfile=io.StringIO())
    lines: list[str] = []
    for sheet in book.sheets():
        lines.append(sheet.name)
        for number in range(min(sheet.nrows, 20_000)):
            line = "\t".join(_cell(value) for value in sheet.row_values(number, 0, 100)).rstrip()
            if line:
                lines.append(line)
    return "\n".join(lines)


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _doc(box: object, stream: bytes) -> str:
    """The old Word's text by its piece table."""
    flags = int.from_bytes(stream[10:12], "little")
    name = "1Table" if flags & 0x0200 else "0Table"
    exists = getattr(box, "exists")  # noqa: B009 - the library is untyped
    if not exists(name):
        return ""
    table: bytes = getattr(box, "openstream")(name).read()  # noqa: B009
    at = int.from_bytes(stream[0x01A2:0x01A6], "little")
    size = int.from_bytes(stream[0x01A6:0x01AA], "little")
    clx = table[at : at + size]
    while clx and clx[0] == 1:
        clx = clx[3 + int.from_bytes(clx[1:3], "little") :]
    if not clx or clx[0] != 2:
        return ""
    length = int.from_bytes(clx[1:5], "little")
    plc = clx[5 : 5 + length]
    count = (length - 4) // 12
    if count <= 0 or count > 100_000:
        return ""
    ends = [int.from_bytes(plc[4 * n : 4 * n + 4], "little") for n in range(count + 1)]
    parts: list[str] = []
    for n in range(count):
        entry = plc[4 * (count + 1) + 8 * n : 4 * (count + 1) + 8 * n + 8]
        place = int.from_bytes(entry[2:6], "little")
        chars = max(0, min(ends[n + 1] - ends[n], 1_000_000))
        if place & 0x40000000:
            begin = (place & 0x3FFFFFFF) // 2
            parts.append(stream[begin : begin + chars].decode("cp1252", "replace"))
        else:
            parts.append(stream[place : place + 2 * chars].decode("utf-16-le", "replace"))
    text = "".join(parts).replace("\r", "\n").replace("\x07", "\t").replace("\x0b", "\n")
    text = re.sub(r"\x13[^\x14\x15]*\x14?", "", text)
    return re.sub(r"[\x00-\x08\x0c\x0e-\x1f]", "", text)


def _rtf(body: bytes) -> str:
    raw = body[: TEXT_BOUND * 6].decode("latin-1")
    raw = re.sub(r"\\u(-?\d+)\??(?:\\'[0-9a-f]{2}){0,2}", lambda m: chr(int(m.group(1)) % 65536), raw)

    def pairs(found: re.Match[str]) -> str:
        return bytes.fromhex(found.group(0).replace("\\'", "")).decode("gb18030", "replace")

    raw = re.sub(r"(?:\\'[0-9a-fA-F]{2})+", pairs, raw)
    raw = re.sub(r"\\par[d]?\b", "\n", raw)
    return re.sub(r"\\[a-z]+-?\d* ?|[{}]|\\\*", "", raw)


def _is_text(body: bytes) -> bool:
    head = body[:2000]
    return b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0
