"""A file is read for what it is, whatever it is called; what cannot be read says why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dossier.model import PageFacts
from dossier.reading.attached.extract import extract
from dossier.reading.attached.letters import meant

from .make_made import made

TEXT = "关于做好政府信息公开工作的通知，请各单位认真贯彻执行。"
Make = Callable[..., PageFacts]


def docx() -> bytes:
    import docx as word

    document = word.Document()
    document.add_paragraph(TEXT)
    document.add_table(1, 2).cell(0, 1).text = "表中文字"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([TEXT, 3])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def zipped(files: dict[str, bytes], *, encoding: str = "") -> bytes:
    """An archive; with an encoding, its names are written in that, unmarked, as an old Windows writes them."""
    kept = io.BytesIO()
    stand_ins: list[tuple[bytes, bytes]] = []
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as box:
        for number, (name, body) in enumerate(files.items()):
            raw = name.encode(encoding) if encoding else b""
            stand_in = f"{number:03d}".ljust(len(raw), "~")
            stand_ins.append((stand_in.encode(), raw))
            box.writestr(stand_in if raw else name, body)
    written = kept.getvalue()
    for stand_in_raw, raw in stand_ins:
        written = written.replace(stand_in_raw, raw) if raw else written
    return written


def ofd(pages: list[list[tuple[float, float, str]]], *, picture: bool = False) -> bytes:
    """A fixed-layout file of pages of placed text."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    files = {
        "OFD.xml": f'<?xml version="1.0"?><ofd:OFD {space} DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    for n, texts in enumerate(pages):
        inside = "".join(
            f'<ofd:TextObject ID="{k}" Boundary="{x} {y} {4 * len(text)} 5" Size="4"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
            for k, (x, y, text) in enumerate(texts)
        ) + ('<ofd:ImageObject ID="99" ResourceID="1"/>' if picture else "")
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{inside}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return zipped({name: text.encode() for name, text in files.items()})


MHT = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html; charset=gb2312\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n"
    + __import__("base64").encodebytes(f"<html><body><p>{TEXT}</p></body></html>".encode("gbk"))
    + b"\r\n--B--\r\n"
)
FLAT_WORD = f'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:body></w:wordDocument>'.encode()
FLAT_SHEET = f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="一"><Table><Row><Cell><Data>{TEXT}</Data></Cell><Cell><Data>3</Data></Cell></Row></Table></Worksheet></Workbook>'.encode()
RTF = (
    rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 \'cb\'ce\'cc\'e5;}}\f0 "
    + b"".join(b"\\'%02x" % byte for byte in TEXT.encode("gbk"))
    + rb"\par}"
)
HTML_SHEET = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=gbk></head><body><table><tr><td>{TEXT}</td><td>3</td></tr></table></body></html>'.encode(
    "gbk"
)
KINDS: dict[str, bytes] = {
    "docx": docx(),
    "xlsx": xlsx(),
    "mht": MHT,
    "flat-word": FLAT_WORD,
    "flat-sheet": FLAT_SHEET,
    "rtf": RTF,
    "ofd": ofd([[(10, 10, TEXT[:10]), (50, 10, TEXT[10:])]]),
    "zip": zipped({"附件/通知.docx": docx()}),
    "txt": TEXT.encode("gbk"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["P0201.pdf", "P0201.doc", "P0201.xls", "P0201.wps", "download?id=3", "附件"]
)
def test_a_file_is_read_by_what_it_holds_not_by_its_name(kind: str, name: str, page: Make) -> None:
    facts = page(KINDS[kind], url=f"http://a.gov.cn/{name}", content_type="application/octet-stream")
    assert TEXT in facts.text.replace(" ", "").replace("\n", "")
    assert not facts.unreadable


def test_a_page_that_calls_itself_a_workbook_is_read_as_a_page(page: Make) -> None:
    facts = page(HTML_SHEET, url="http://a.gov.cn/P0201.xls", content_type="application/vnd.ms-excel")
    assert TEXT in facts.whole_text
    assert not facts.unreadable


@pytest.mark.parametrize("form", ["docx", "doc", "rtf", "pdf"])
def test_one_report_in_four_forms_says_the_same(form: str) -> None:
    said = extract(made()[f"office-portrait.{form}"], "x")
    letters = "".join(said.text.split())
    for words in (
        "山西省教育厅2019年政府信息公开工作年度报告",
        "六、其他需要报告的事项",
        "（七）总计",
        "结转下年度继续办理",
    ):
        assert words in letters
    assert not said.fault
    assert not said.partial


def test_an_ofd_is_read_page_by_page_and_line_by_line() -> None:
    said = extract(
        ofd([[(10, 20, "第一页"), (10, 30, "甲"), (60, 30, "12")], [(10, 20, "第二页的第一行文字")]]), "x.ofd"
    )
    assert said.text.split("\n") == ["第一页", "甲 12", "第二页的第一行文字"]
    assert extract(ofd([[(10, 20, "第一页有足够多的文字了")], []], picture=True), "x").partial
    assert extract(ofd([[]], picture=True), "x").fault == "scanned"


def test_names_in_an_archive_are_read_as_they_were_written() -> None:
    said = extract(zipped({"附件：申请表.txt": TEXT.encode()}, encoding="gb18030"), "x.zip")
    assert "附件：申请表.txt" in said.text
    assert TEXT in said.text


def test_an_archive_in_an_archive_stays_shut_and_the_rest_is_read() -> None:
    said = extract(
        zipped({"a.docx": docx(), "b.zip": zipped({"c.txt": b"x" * 99}), "照片.jpg": b"\xff\xd8\xff\xe0"}),
        "x.zip",
    )
    assert TEXT in said.text
    assert said.partial
    assert "【b.zip】" in said.text
    assert extract(zipped({"b.zip": zipped({"c.txt": b"x" * 99})}), "x.zip").fault == "format"


def test_text_that_is_struck_or_hidden_is_not_what_a_document_says() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:document {space}><w:body><w:p><w:r><w:t>留下的文字足够长了吧</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t>一次</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>两次</w:t></w:r></mc:Fallback></mc:AlternateContent>"
        "<w:sdt><w:sdtContent><w:r><w:t>控件里</w:t></w:r></w:sdtContent></w:sdt></w:p></w:body></w:document>"
    )
    said = extract(zipped({"word/document.xml": body.encode()}), "x.docx")
    assert said.text == "留下的文字足够长了吧一次控件里"


def test_a_document_that_is_one_picture_is_a_scan() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body><w:p/></w:body></w:document>"
    assert (
        extract(zipped({"word/document.xml": body.encode(), "word/media/image1.png": b"\x89PNG"}), "x").fault
        == "scanned"
    )


def test_radicals_that_stand_for_words_are_words() -> None:
    assert meant("⼈⺠政府⻚⾯⻓治⻅解") == "人民政府页面长治见解"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 200, "format"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 200, "format"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 200, "media"),
        (b"PK\x05\x06" + b"\x00" * 18, "broken"),
        (zipped({"ppt/presentation.xml": b"<p/>", "[Content_Types].xml": b"<Types/>"}), "format"),
    ],
)
def test_what_no_kept_parser_reads_says_why(body: bytes, why: str, page: Make) -> None:
    facts = page(body, url="http://a.gov.cn/a.rar", content_type="application/octet-stream")
    assert facts.unreadable == why
    assert not facts.text


def test_real_files_of_the_practice_province_are_read(tmp_path: Path, page: Make) -> None:
    from practice import files

    for name, body in (
        ("a.pdf", files.pdf(["第一行文字足够长", "第二行"])),
        ("a.docx", files.word("标题", ["第一行文字足够长", "第二行"])),
        ("a.xlsx", files.workbook("表", [["第一行文字足够长", "2"]])),
    ):
        assert "第一行文字足够长" in page(body, url=f"http://a.gov.cn/{name}").text
