"""Broken files as offices deliver them, and as an ill-wisher would: each is made by code, none is kept."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import docx
import openpyxl
from openpyxl.cell import Cell as XlsxCell
from openpyxl.worksheet.worksheet import Worksheet

from desk.backup import backup
from desk.import_table import write_template
from dossier.home import Home
from dossier.store import open_store
from dossier.tables import read_indicators, shipped_table

Make = Callable[[Path, Path], list[str]]
"""From a home and a scratch folder to the words of a command that must be refused."""


@dataclass(frozen=True)
class Bad:
    """One broken file, and what the message must name."""

    name: str
    make: Make
    place: str
    """What the message must contain: the file's name, or the place in it."""


UNITS_HEAD = "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note"
UNIT = "A01,A,太原,太原市人民政府,website,太原市政府网,http://www.example.gov.cn/,,,,,,,,,"
SECOND = "B01,B,发改委,省发展和改革委员会,website,省发改委网,http://fgw.example.gov.cn/,,,,,,,,,"
GOOD_UNITS = f"{UNITS_HEAD}\n{UNIT}\n{SECOND}\n"
LIST_HEAD = [
    "公文全称",
    "文号",
    "公开属性",
    "牵头起草部门",
    "主动公开公文链接",
    "解读文件链接",
    "是否为非纯文字解读",
]
LIST_ROW = ["关于招生的通知", "晋教办〔2020〕3号", "主动公开", "基教处", "http://b02/a.html", "", ""]
SEEN_HEAD = [
    "unit_id",
    "channel",
    "account_id",
    "observed_at",
    "newest_post_at",
    "screenshot",
    "observer",
    "state",
]
SEEN_ROW = ["B01", "wechat", "sxfgw", "2020-09-15 10:20", "2020-09-01 08:00", "b01.png", "张三", ""]
NIGHT = ["judge"]


def docx_bytes() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("公文清单")
    document.save(out)
    return out.getvalue()


def xlsx_bytes(rows: list[list[object]], *, sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for number in range(1, sheets):
        book.create_sheet(f"表{number}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return out.getvalue()


def rezipped(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A zip with each member changed, or dropped for None."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return zip_bytes(
            {name: new for name in old.namelist() if (new := change(name, old.read(name))) is not None}
        )


@cache
def sheet_bomb() -> bytes:
    """A workbook whose worksheet unpacks to a hundred and fifty megabytes of nothing."""

    def change(name: str, content: bytes) -> bytes:
        return (
            content.replace(b"<sheetData>", b"<sheetData>" + b" " * 150_000_000)
            if name.endswith("sheet1.xml")
            else content
        )

    return rezipped(xlsx_bytes([LIST_HEAD, LIST_ROW]), change)


def entity_bomb() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "哈哈">{lol}]>'

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        return (
            head.encode()
            + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
        )

    return rezipped(xlsx_bytes([LIST_HEAD, LIST_ROW]), change)


def far_dimension() -> bytes:
    """A worksheet that claims a cell in the last row and column there can be."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        return content.replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
        )

    return rezipped(xlsx_bytes([LIST_HEAD, LIST_ROW]), change)


def merged_whole() -> bytes:
    """A worksheet all of whose cells are one."""

    def change(name: str, content: bytes) -> bytes:
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        return content.replace(b"</sheetData>", merged) if name.endswith("sheet1.xml") else content

    return rezipped(xlsx_bytes([LIST_HEAD, LIST_ROW]), change)


@cache
def too_many_cells() -> bytes:
    def change(name: str, content: bytes) -> bytes:
        cells = b"<row>" + b"<c/>" * 2_100_000 + b"</row></sheetData>"
        return content.replace(b"</sheetData>", cells) if name.endswith("sheet1.xml") else content

    return rezipped(xlsx_bytes([LIST_HEAD, LIST_ROW]), change)


SPREADSHEET_ANYHOW: dict[str, bytes | Callable[[], bytes]] = {
    "0 bytes.xlsx": b"",
    "a docx.xlsx": docx_bytes,
    "a picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "an old xls.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2048,
    "a page.xlsx": "<html><table><tr><td>公文</td></tr></table></html>".encode(),
    "a csv.xlsx": ",".join(LIST_HEAD).encode(),
    "an empty zip.xlsx": lambda: zip_bytes({}),
    "a foreign zip.xlsx": lambda: zip_bytes({"readme.txt": b"hello"}),
    "torn.xlsx": lambda: xlsx_bytes([LIST_HEAD, LIST_ROW])[:-200],
    "torn head.xlsx": lambda: xlsx_bytes([LIST_HEAD, LIST_ROW])[50:],
    "broken xml.xlsx": lambda: rezipped(
        xlsx_bytes([LIST_HEAD]),
        lambda name, content: content[:-30] if name.endswith("sheet1.xml") else content,
    ),
    "no workbook.xlsx": lambda: rezipped(
        xlsx_bytes([LIST_HEAD]), lambda name, content: None if name == "xl/workbook.xml" else content
    ),
    "no sheet.xlsx": lambda: rezipped(
        xlsx_bytes([LIST_HEAD]), lambda name, content: None if name.endswith("sheet1.xml") else content
    ),
    "bad strings.xlsx": lambda: rezipped(
        xlsx_bytes([LIST_HEAD]),
        lambda name, content: b"\xff\xfe\0" if name.endswith("sharedStrings.xml") else content,
    ),
    "no strings.xlsx": lambda: rezipped(
        xlsx_bytes([LIST_HEAD]), lambda name, content: None if name.endswith("sharedStrings.xml") else content
    ),
    "bad styles.xlsx": lambda: rezipped(
        xlsx_bytes([LIST_HEAD]),
        lambda name, content: b"<styleSheet><x" if name.endswith("styles.xml") else content,
    ),
    "empty sheet.xlsx": lambda: xlsx_bytes([]),
    "three empty sheets.xlsx": lambda: xlsx_bytes([], sheets=3),
    "only numbers.xlsx": lambda: xlsx_bytes([[1, 2, 3], [4, 5, 6]]),
    "a document.xlsx": docx_bytes(),
    "an older document.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "only a title.xlsx": lambda: xlsx_bytes([["某单位2020年制发公文清单"]]),
    "bomb.xlsx": sheet_bomb,
    "entities.xlsx": entity_bomb,
    "far cell.xlsx": far_dimension,
    "all merged.xlsx": merged_whole,
    "too many cells.xlsx": too_many_cells,
    "formulas alone.xlsx": lambda: xlsx_bytes(
        [["=A2&B2", "=1+1", "=NOW()"], ["=HYPERLINK()", "=#REF!", "=1/0"]]
    ),
}
"""Workbooks that no import may take."""

CSV_ANYHOW: dict[str, bytes] = {
    "0 bytes.csv": b"",
    "only a mark.csv": b"\xef\xbb\xbf",
    "blank lines.csv": b"\r\n\r\n\r\n",
    "nuls.csv": ",".join(LIST_HEAD).encode() + b"\n\0\0\0,\0\n",
    "utf-16.csv": ",".join(LIST_HEAD).encode("utf-16"),
    "utf-32.csv": ",".join(LIST_HEAD).encode("utf-32"),
    "broken bytes.csv": ",".join(LIST_HEAD).encode() + b"\n\xff\xfe\xfd\xfc\x81\n",
    "a workbook.csv": xlsx_bytes([LIST_HEAD, LIST_ROW]),
    "a page.csv": "<html><body>404 页面不存在</body></html>".encode(),
    "json.csv": json.dumps([dict(zip(LIST_HEAD, LIST_ROW, strict=True))]).encode(),
    "no header.csv": "甲,乙,丙\n1,2,3\n".encode(),
    "a header alone.csv": (",".join(LIST_HEAD) + "\n").encode(),
    "one long cell.csv": b'"' + b"x" * 300_000 + b'"\n',
}
WRONG_NAMES: dict[str, bytes] = {
    "list.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "list.et": b"ET",
    "list.pdf": b"%PDF-1.4\n",
    "list.docx": docx_bytes(),
    "list": b"a,b",
    "list.zip": zip_bytes({"list.csv": b"a,b"}),
}


def units_cases() -> Iterator[Bad]:
    def case(name: str, content: str | bytes, place: str = "unit_sites.csv") -> Bad:
        raw = content.encode() if isinstance(content, str) else content

        def make(home: Path, _: Path) -> list[str]:
            (home / "unit_sites.csv").write_bytes(raw)
            return NIGHT

        return Bad(f"units: {name}", make, place)

    def cell(column: str, value: str) -> str:
        cells = dict(zip(UNITS_HEAD.split(","), UNIT.split(","), strict=True)) | {column: value}
        return f"{UNITS_HEAD}\n{SECOND}\n{','.join(cells.values())}\n"

    for column, value in [
        ("unit_id", ""), ("unit_id", "a01"), ("unit_id", "A1"), ("unit_id", "A12345"), ("unit_id", "太原"),
        ("unit_id", "Ａ０１"), ("unit_id", "A01 B01"), ("unit_id", "../A01"), ("class", ""), ("class", "C"), ("class", "a"),
        ("class", "Ａ"), ("short_name", ""), ("full_name", ""), ("channel", ""), ("channel", "网站"), ("channel", "WEBSITE"),
        ("channel", "qq"), ("url", "www.example.gov.cn"), ("url", "ftp://example.gov.cn/"), ("url", "http://"),
        ("url", "javascript:alert(1)"), ("url", "file:///etc/passwd"), ("url", "http://a b.gov.cn/"), ("url", "http://[::1/"),
        ("url", "http://example.gov.cn:99999/"), ("url", "https:example.gov.cn"), ("extra_hosts", "http://a.gov.cn/"),
        ("extra_hosts", "a.gov.cn/path"), ("extra_hosts", "甲.政务"), ("min_pages", "-1"), ("min_pages", "很多"),
        ("min_pages", "1.5"), ("min_pages", "123456789"), ("robots", "maybe"), ("robots", "不理会"),
        ("active_from", "2020/5/1"), ("active_from", "2020-13-01"), ("active_until", "昨天"), ("active_until", "20200231"),
    ]:  # fmt: skip
        yield case(f"{column} = {value!r}", cell(column, value), "第 3 行")
    dates = UNIT.split(",")
    dates[12], dates[13] = "2020-06-01", "2020-05-01"
    yield case("ends before it begins", f"{UNITS_HEAD}\n{','.join(dates)}\n", "第 2 行")
    yield case("0 bytes", b"")
    yield case("only a mark", b"\xef\xbb\xbf")
    yield case("a header alone", UNITS_HEAD + "\n")
    yield case("no header", f"{UNIT}\n{SECOND}\n")
    yield case("gbk", GOOD_UNITS.encode("gbk"), "UTF-8")
    yield case("utf-16", GOOD_UNITS.encode("utf-16"))
    yield case("a workbook", xlsx_bytes([UNITS_HEAD.split(","), UNIT.split(",")]))
    yield case("nuls", GOOD_UNITS.replace("太原市政府网", "太\0原"))
    yield case("an open quote", GOOD_UNITS.replace("太原市政府网", '"太原市政府网'))
    yield case("semicolons", GOOD_UNITS.replace(",", ";"))
    yield case("a column twice", GOOD_UNITS.replace("note", "name", 1))
    yield case("an unknown column", GOOD_UNITS.replace("note", "备注", 1))
    for column in ("unit_id", "class", "short_name", "full_name", "channel", "url"):
        yield case(f"no column {column}", GOOD_UNITS.replace(f"{column},", "", 1))
    yield case("too many cells", GOOD_UNITS.replace("太原市政府网", "太原市,政府网"), "第 2 行")
    yield case("one row twice", f"{UNITS_HEAD}\n{UNIT}\n{UNIT}\n", "第 3 行")
    yield case(
        "two names of one unit",
        f"{UNITS_HEAD}\n{UNIT}\n{UNIT.replace('太原市人民政府', '并州市人民政府')}\n",
        "第 3 行",
    )
    yield case(
        "two classes of one unit", f"{UNITS_HEAD}\n{UNIT}\n{UNIT.replace('A01,A', 'A01,B')}\n", "第 3 行"
    )
    yield case("a huge cell", GOOD_UNITS.replace("太原市政府网", "太" * 200_000))

    def missing(home: Path, _: Path) -> list[str]:
        (home / "unit_sites.csv").unlink()
        return NIGHT

    yield Bad("units: none", missing, "unit_sites.csv")

    def long(home: Path, _: Path) -> list[str]:
        (home / "unit_sites.csv").write_text(f"{UNITS_HEAD}\n" + f"{UNIT}\n" * 500_000, "utf-8")
        return NIGHT

    yield Bad("units: 50 MB", long, "太大")

    def folder(home: Path, _: Path) -> list[str]:
        (home / "unit_sites.csv").unlink()
        (home / "unit_sites.csv").mkdir()
        return NIGHT

    yield Bad("units: a folder", folder, "unit_sites.csv")
    yield Bad("units: an unknown one asked for", lambda *_: ["--units", "Z99", *NIGHT], "--units")


def settings_cases() -> Iterator[Bad]:
    def case(name: str, content: str | bytes) -> Bad:
        raw = content.encode() if isinstance(content, str) else content

        def make(home: Path, _: Path) -> list[str]:
            (home / "settings.toml").write_bytes(raw)
            return NIGHT

        return Bad(f"settings: {name}", make, "settings.toml")

    yield case("gbk", "[report]\noffice = '办公室'".encode("gbk"))
    yield case("50 MB", b"[crawl]\n" + b"# nothing\n" * 5_000_000)
    yield case("utf-16", "[crawl]\ndelay_seconds = 1".encode("utf-16"))
    yield case("nuls", b"[crawl]\ndelay_seconds = \0\n")
    yield case("no toml", "[crawl\ndelay_seconds: 1")
    yield case("a key twice", "[crawl]\ndelay_seconds = 1\ndelay_seconds = 2")
    yield case("json", '{"crawl": {"delay_seconds": 1}}')
    yield case("an unknown section", "[craw]\ndelay_seconds = 1")
    yield case("an unknown key", "[crawl]\ndelay = 1")
    yield case("a key outside", "delay_seconds = 1")
    yield case("a section that is a value", "crawl = 1")
    yield case("a list of sections", "[[crawl]]\ndelay_seconds = 1")
    yield case("words for a number", '[crawl]\ndelay_seconds = "一秒"')
    yield case("a list for a number", "[crawl]\ndelay_seconds = [1]")
    yield case("a negative number", "[crawl]\ndelay_seconds = -1")
    yield case("nan", "[crawl]\ndelay_seconds = nan")
    yield case("infinity", "[crawl]\ndelay_seconds = inf")
    yield case("a fraction of a page", "[crawl]\nmax_pages = 1.5")
    yield case("a number beyond all bounds", "[crawl]\nmax_pages = 99999999999999999999999999")
    yield case("a number for yes or no", "[crawl]\nbrowser = 7")
    yield case("a date for a text", "[report]\noffice = 2020-01-01")
    yield case("numbers in a list of texts", "[network]\ncontrol_urls = [1, 2]")
    yield case("a deep table", "[crawl.delay_seconds]\nvalue = 1")

    def folder(home: Path, _: Path) -> list[str]:
        (home / "settings.toml").mkdir()
        return NIGHT

    yield Bad("settings: a folder", folder, "settings.toml")
    for words in ("crawl.delay_seconds", "=1", "crawl.nothing=1", "crawl.delay_seconds=很慢", "crawl.delay_seconds=nan",
                  "crawl.delay_seconds=inf", "crawl.max_pages=-5", "crawl.browser=maybe", "delay_seconds=1"):  # fmt: skip
        yield Bad(f"settings: --set {words}", lambda *_, words=words: ["--set", words, *NIGHT], "--set")


TABLES = (
    "thresholds.toml", "statutory.toml", "wording.toml", "illicit.toml", "coverage.toml", "calendar.toml",
    "columns.toml", "challenges.toml", "cms.toml", "indicators_A.toml", "indicators_B.toml",
)  # fmt: skip


def tables_cases() -> Iterator[Bad]:
    def case(table: str, name: str, change: Callable[[bytes], bytes]) -> Bad:
        def make(home: Path, _: Path) -> list[str]:
            (home / "tables").mkdir()
            (home / "tables" / table).write_bytes(change(shipped_table(table).read_bytes()))
            return NIGHT

        return Bad(f"tables: {table}: {name}", make, table)

    for table in TABLES:
        yield case(table, "gbk", lambda raw: raw.decode().encode("gb18030"))
        yield case(table, "utf-16", lambda raw: raw.decode().encode("utf-16"))
        yield case(table, "no toml", lambda raw: raw + b"\n[[[\n")
        yield case(table, "nuls", lambda raw: raw + b"\0")
        yield case(table, "50 MB", lambda raw: raw + b"# nothing\n" * 5_000_000)
        yield case(table, "a workbook", lambda raw: xlsx_bytes([["规则", "分值"]]))
    for table in (
        "indicators_A.toml",
        "statutory.toml",
        "wording.toml",
        "illicit.toml",
        "columns.toml",
        "challenges.toml",
        "cms.toml",
    ):
        yield case(table, "0 bytes", lambda raw: b"")
    for name, old, new in [
        ("another class", 'class = "A"', 'class = "B"'), ("no class", 'class = "A"\n', ""), ("no year", "year = 2020\n", ""),
        ("a year in words", "year = 2020", 'year = "二〇二〇"'), ("a weight too much", "weight = 6", "weight = 7"),
        ("a negative weight", "weight = 6", "weight = -6"), ("an unknown key", "[[section]]\n", "[[section]]\nwieght = 1\n"),
        ("an unknown rule", 'rule = "link-broken"', 'rule = "link-brocken"'),
    ]:  # fmt: skip

        def replaced(raw: bytes, old: str = old, new: str = new) -> bytes:
            changed = raw.replace(old.encode(), new.encode(), 1)
            assert changed != raw, old
            return changed

        yield case("indicators_A.toml", name, replaced)


def spreadsheet_cases(command: str, words: Callable[[Path], list[str]], *, csv: bool) -> Iterator[Bad]:
    """What no import may take, whatever it imports."""

    def case(name: str, content: bytes | Callable[[], bytes]) -> Bad:
        def make(_: Path, folder: Path) -> list[str]:
            path = folder / name
            path.write_bytes(content if isinstance(content, bytes) else content())
            return words(path)

        return Bad(f"{command}: {name}", make, name)

    for name, content in SPREADSHEET_ANYHOW.items():
        yield case(name, content)
    for name, raw in CSV_ANYHOW.items() if csv else ():
        yield case(name, raw)
    for name, raw in WRONG_NAMES.items():
        yield case(name, raw)

    def huge(_: Path, folder: Path) -> list[str]:
        with (folder / "huge.xlsx").open("wb") as file:
            file.truncate(50_000_001)
        return words(folder / "huge.xlsx")

    def long(_: Path, folder: Path) -> list[str]:
        (folder / "long.csv").write_bytes(
            (",".join(LIST_HEAD) + "\n").encode() + b"a,b,c,d,e,f,g\n" * 3_400_000
        )
        return words(folder / "long.csv")

    yield Bad(f"{command}: 50 MB", huge, "huge.xlsx")
    if csv:
        yield Bad(f"{command}: 48 MB of rows", long, "long.csv")
    yield Bad(f"{command}: no file", lambda _, folder: words(folder / "none.xlsx"), "none.xlsx")

    def directory(_: Path, folder: Path) -> list[str]:
        (folder / "dir.xlsx").mkdir()
        return words(folder / "dir.xlsx")

    yield Bad(f"{command}: a folder", directory, "dir.xlsx")


def list_cases() -> Iterator[Bad]:
    def case(name: str, rows: list[list[str]], place: str) -> Bad:
        def make(_: Path, folder: Path) -> list[str]:
            (folder / "list.csv").write_text("\n".join(",".join(row) for row in rows), "utf-8-sig")
            return ["import-list", "B01", str(folder / "list.csv")]

        return Bad(f"import-list: {name}", make, place)

    yield from spreadsheet_cases("import-list", lambda path: ["import-list", "B01", str(path)], csv=True)
    for column in ("公文全称", "文号", "公开属性", "主动公开公文链接"):
        place = LIST_HEAD.index(column)
        rows = [LIST_HEAD[:place] + LIST_HEAD[place + 1 :], LIST_ROW[:place] + LIST_ROW[place + 1 :]]
        yield case(f"no column {column}", rows, "list.csv")
    yield case("a row without a title", [LIST_HEAD, ["", *LIST_ROW[1:]]], "第 2 行")
    yield case("an unknown 公开属性", [LIST_HEAD, [*LIST_ROW[:2], "大概公开", *LIST_ROW[3:]]], "第 2 行")
    yield case("no 公开属性", [LIST_HEAD, LIST_ROW, [*LIST_ROW[:2], "", *LIST_ROW[3:]]], "第 3 行")
    yield Bad(
        "import-list: an unknown unit",
        lambda _, folder: ["import-list", "Z99", str(folder / "x.csv")],
        "Z99",
    )


def evidence_cases() -> Iterator[Bad]:
    def case(name: str, place: str, head: list[str] = SEEN_HEAD, **values: str) -> Bad:
        row = [values.get(key, value) for key, value in zip(SEEN_HEAD, SEEN_ROW, strict=True)]
        kept = [row[SEEN_HEAD.index(key)] for key in head]

        def make(_: Path, folder: Path) -> list[str]:
            (folder / "b01.png").write_bytes(b"\x89PNG\r\n\x1a\nx")
            (folder / "seen.csv").write_text(",".join(head) + "\n" + ",".join(kept), "utf-8-sig")
            return ["import-evidence", str(folder / "seen.csv")]

        return Bad(f"import-evidence: {name}", make, place)

    yield from spreadsheet_cases("import-evidence", lambda path: ["import-evidence", str(path)], csv=True)
    for key in ("unit_id", "channel", "observed_at", "newest_post_at", "screenshot", "observer"):
        yield case(f"no column {key}", "seen.csv", [name for name in SEEN_HEAD if name != key])
    for key, value in [
        ("unit_id", ""), ("unit_id", "甲"), ("channel", ""), ("channel", "qq"), ("channel", "website"), ("account_id", ""),
        ("observed_at", ""), ("observed_at", "上周"), ("observed_at", "2099-01-01 10:00"), ("observed_at", "2020-02-30"),
        ("newest_post_at", "不久前"), ("newest_post_at", "2020-09-16 10:00"), ("state", "很好"), ("state", "不存在"),
        ("observer", ""), ("screenshot", ""), ("screenshot", "none.png"), ("screenshot", "../b01.png"),
        ("screenshot", "/etc/passwd"), ("screenshot", "b01.exe"),
    ]:  # fmt: skip
        yield case(f"{key} = {value!r}", "第 2 行", **{key: value})


WEIGHT = "一级权重"


def first_below(sheet: Worksheet, header: str) -> XlsxCell:
    """The first number below a header."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == header:
                return next(
                    below for (below,) in sheet.iter_rows(cell.row + 1, min_col=cell.column, max_col=cell.column)
                    if isinstance(below.value, int | float)
                )  # fmt: skip
    raise AssertionError(header)


def table_cases() -> Iterator[Bad]:
    def workbook(name: str, sheet: str, cell: str, value: object, place: str = "table.xlsx") -> Bad:
        def make(_: Path, folder: Path) -> list[str]:
            path = write_template(read_indicators(shipped_table("indicators_A.toml")), folder / "table.xlsx")
            book = openpyxl.load_workbook(path)
            place = first_below(book[sheet], cell) if cell == WEIGHT else book[sheet][cell]
            place.value = value
            book.save(path)
            return ["import-table", str(path)]

        return Bad(f"import-table: {name}", make, place)

    def toml(name: str, change: Callable[[bytes], bytes]) -> Bad:
        def make(_: Path, folder: Path) -> list[str]:
            (folder / "table.toml").write_bytes(change(shipped_table("indicators_A.toml").read_bytes()))
            return ["import-table", str(folder / "table.toml")]

        return Bad(f"import-table: {name}", make, "table.toml")

    yield from spreadsheet_cases("import-table", lambda path: ["import-table", str(path)], csv=False)
    yield workbook("a weight in words", "评分表", WEIGHT, "六分")
    yield workbook("a weight too much", "评分表", WEIGHT, 60)
    yield workbook("a negative weight", "评分表", WEIGHT, -6)
    yield workbook("an error value", "评分表", WEIGHT, "#REF!")
    yield workbook("a header renamed", "评分表", "A1", "指标")
    yield workbook("an unknown class", "说明", "B2", "丙")
    yield toml("gbk", lambda raw: raw.decode().encode("gb18030"))
    yield toml("0 bytes", lambda raw: b"")
    yield toml("no toml", lambda raw: raw + b"\n[[")
    yield toml("an unknown rule", lambda raw: raw.replace(b'"link-broken"', b'"no-such-rule"', 1))
    yield toml("a class that is none", lambda raw: raw.replace(b'class = "A"', b'class = "Z"', 1))
    yield toml(
        "a rule twice in a row",
        lambda raw: raw.replace(
            b"points = [",
            b'points = [\n  { rule = "link-broken", points = 0.1 },\n  { rule = "link-broken", points = 0.1 },',
            1,
        ),
    )
    yield toml("points in words", lambda raw: raw.replace(b"weight = 6", b'weight = "6"', 1))


def made_backup(folder: Path) -> bytes:
    """A good backup of a small home."""
    home = Home(folder / "other")
    home.root.mkdir()
    home.units_csv.write_text(GOOD_UNITS, "utf-8")
    with open_store(home.database):
        pass
    backup(home, folder / "good.zip", at=datetime(2020, 9, 30, tzinfo=UTC))
    return (folder / "good.zip").read_bytes()


def with_listed(content: bytes, name: str, body: bytes) -> bytes:
    """A backup with one more file, properly listed."""

    def change(member: str, raw: bytes) -> bytes:
        if member != "backup.json":
            return raw
        listing = json.loads(raw)
        listing["files"].append(
            {"name": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        )
        return json.dumps(listing).encode()

    out = io.BytesIO(rezipped(content, change))
    with zipfile.ZipFile(out, "a") as zipped:
        zipped.writestr(name, body)
    return out.getvalue()


def restore_cases() -> Iterator[Bad]:
    def case(name: str, change: Callable[[bytes], bytes]) -> Bad:
        def make(_: Path, folder: Path) -> list[str]:
            (folder / "b.zip").write_bytes(change(made_backup(folder)))
            return ["--home", str(folder / "new"), "restore", str(folder / "b.zip")]

        return Bad(f"restore: {name}", make, "b.zip")

    def edited(key: str, value: object) -> Callable[[bytes], bytes]:
        def change(name: str, raw: bytes) -> bytes:
            return json.dumps(json.loads(raw) | {key: value}).encode() if name == "backup.json" else raw

        return lambda content: rezipped(content, change)

    def other_database(content: bytes, folder: Path | None = None) -> bytes:
        empty = sqlite3.connect(":memory:")
        empty.execute("CREATE TABLE decision (id INTEGER)")
        raw = empty.serialize()
        return rezipped(content, lambda name, old: raw if name == "data/gongkai.db" else old)

    yield case("0 bytes", lambda _: b"")
    yield case("a text", lambda _: "备份".encode())
    yield case("a workbook", lambda _: xlsx_bytes([["备份"]]))
    yield case("a foreign zip", lambda _: zip_bytes({"data/gongkai.db": b"x"}))
    yield case("torn at the end", lambda content: content[:-100])
    yield case("torn in the middle", lambda content: content[: len(content) // 2])
    yield case("its head gone", lambda content: content[500:])
    yield case("a flipped byte", lambda content: content[:3000] + bytes([content[3000] ^ 1]) + content[3001:])
    yield case("another format", edited("format", "gongkai-backup-99"))
    yield case(
        "a listing that is no object",
        lambda c: rezipped(c, lambda n, raw: b"[]" if n == "backup.json" else raw),
    )
    yield case(
        "a listing that is no json", lambda c: rezipped(c, lambda n, raw: b"{" if n == "backup.json" else raw)
    )
    yield case("no listing", lambda c: rezipped(c, lambda n, raw: None if n == "backup.json" else raw))
    yield case("no database", lambda c: rezipped(c, lambda n, raw: None if n == "data/gongkai.db" else raw))
    yield case("a file less", lambda c: rezipped(c, lambda n, raw: None if n == "unit_sites.csv" else raw))
    yield case(
        "a changed file", lambda c: rezipped(c, lambda n, raw: raw + b" " if n == "unit_sites.csv" else raw)
    )
    yield case("another database", other_database)
    yield case("other rows", edited("rows", {"decision": [5, "0" * 64]}))
    yield case("an unlisted file", lambda c: _added(c, "data/extra.txt", b"x"))
    for name in ("../outside.txt", "/tmp/outside.txt", "data/../../outside.txt", "data\\..\\outside.txt", "data/./x", "C:/x.txt",
                 "data//x", "etc/passwd", "crawler/run.py", "data/a\nb", "data/x ", "data", "settings.toml/x"):  # fmt: skip
        yield case(f"a file named {name!r}", lambda c, name=name: with_listed(c, name, b"x"))
    yield Bad("restore: no file", lambda _, folder: ["restore", str(folder / "b.zip")], "")
    yield Bad("restore: into a home with data", lambda home, folder: _good(folder), "")


def _added(content: bytes, name: str, body: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as zipped:
        zipped.writestr(name, body)
    return out.getvalue()


def _good(folder: Path) -> list[str]:
    made_backup(folder)
    return ["restore", str(folder / "good.zip")]


CASES = (
    *units_cases(), *settings_cases(), *tables_cases(), *list_cases(), *evidence_cases(), *table_cases(), *restore_cases(),
)  # fmt: skip
