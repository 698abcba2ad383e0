"""The papers of rectification: right in form, whole, and the same bytes whenever they are drawn again."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest
from docx import Document
from lxml import etree, html

from desk.papers.book import book_bytes
from desk.papers.bulletin import bulletin_text, scores_in
from desk.papers.bulletin_facts import BulletinFacts, Placed
from desk.papers.campaign_papers import ResultRow, receipt_text, result_text
from desk.papers.docx import docx_bytes
from desk.papers.issuing import FORM, drawn
from desk.papers.ledger import HEADS, KINDS, LedgerRow, ledger_annex, ledger_table
from desk.papers.page import page_text
from desk.papers.text import Bars, Grid, Pair, PaperText, Para, Shot, Sign, Turn, annex, keep, read_back
from dossier.model import UnitClass

MADE = datetime(2020, 11, 20, 2, 0, tzinfo=UTC)
HOSTILE = "=1+1 <script>alert(1)</script> ]]> & \x0b\u202e“引号”"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def row(number: int, message: str = "栏目缺失", **changes: object) -> LedgerRow:
    one = LedgerRow(
        unit_id="A01", unit="某市", number=f"A01-2020-{number:04d}", name="平台缺少规定栏目", section="主动公开",
        row=("公开平台", "栏目"), message=message, url="http://a.gov.cn/zwgk/", found=date(2020, 9, 28), basis="61号",
        points=Decimal("2.00"), remedy="补设栏目。", due=date(2020, 12, 1), told="", result="", looked=None, closed="", major=False,
    )  # fmt: skip
    return msgspec.structs.replace(one, **changes)


def paper(*blocks: object, **changes: object) -> PaperText:
    rows = [row(1), row(2, HOSTILE, url="javascript:alert(1)")]
    body = blocks or (
        Para(text="某市人民政府：", kind="to"),
        Para(text="一、情况", kind="head1"),
        Para(text=HOSTILE),
        Bars(caption="分布（单位数）", names=("甲", "乙"), series=(("A类", (1.0, 2.0)), ("B类", (3.0, 0.0)))),
        Para(text="附件：1. 台账", kind="annex"),
        Sign(office="省政务公开领导小组办公室", day=date(2020, 11, 20)),
        Para(text="（联系人及电话：王小明　0351-3041234）", kind="contact"),
        Turn(landscape=True),
        *annex("附件1", "问题台账"),
        ledger_annex(rows, Decimal("1.50")),
        Turn(landscape=True),
        *annex("附件2", "整改前后页面对照"),
        Pair(
            caption="A01-2020-0001", left=Shot(words="整改前", body=PNG), right=Shot(words="复查时", body=PNG)
        ),
    )
    one = PaperText(
        kind="notice", template="notice-1", title=("关于整改", "的通知"), number="整改通知〔2020〕1号", made=MADE,
        blocks=body, tables=(ledger_table(rows, Decimal("1.50"), "台账", "说明"),),
    )  # type: ignore[arg-type]  # fmt: skip
    return msgspec.structs.replace(one, **changes)


def test_a_kept_paper_is_drawn_again_to_the_same_bytes() -> None:
    one = paper()
    assert drawn(read_back(keep(one))) == drawn(one)


DRAWN = {
    # Long addresses in a workbook wrap, their link on the row's number; this paper's are short.
    "form-4": {"docx": "d7e516e8f60ea53c", "html": "a238991aead3ab99", "xlsx": "4fc78265b240fd7c"},
    "form-3": {"docx": "d7e516e8f60ea53c", "html": "a238991aead3ab99", "xlsx": "4fc78265b240fd7c"},
    "form-2": {"docx": "dde0cb70507dfaca", "html": "a238991aead3ab99", "xlsx": "4fc78265b240fd7c"},
    "form-1": {"docx": "78e437f2793fc94e", "html": "de68b5408776048b", "xlsx": "4fc78265b240fd7c"},
}


def test_a_change_of_any_form_raises_its_version() -> None:
    found = {kind: digest_of(body) for kind, body in drawn(paper()).items()}
    assert found == DRAWN[FORM], "版式变了：请提高 FORM，并把新的摘要记在这里"


def digest_of(body: bytes) -> str:
    """Of what stands inside, so that a packing library may pack otherwise."""
    if not body.startswith(b"PK"):
        return hashlib.sha256(body).hexdigest()[:16]
    digest = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in sorted(archive.namelist()):
            digest.update(name.encode() + archive.read(name))
    return digest.hexdigest()[:16]


def test_a_word_file_is_whole_and_has_the_page_of_an_official_paper() -> None:
    body = docx_bytes(paper())
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        assert "word/charts/chart1.xml" in archive.namelist()
        assert b"charts/chart1.xml" in archive.read("[Content_Types].xml")
    doc = Document(io.BytesIO(body))
    upright, wide, _ = doc.sections
    assert (round(upright.top_margin.mm), round(upright.left_margin.mm)) == (37, 28)
    assert wide.page_width > wide.page_height
    table = doc.tables[0]
    assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
    assert all(each._tr.find(f"{W}trPr/{W}cantSplit") is not None for each in table.rows)
    assert "javascript" not in "".join(rel.target_ref for rel in doc.part.rels.values() if rel.is_external)
    assert doc.paragraphs[2].text == "关于整改"


ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents jc textDirection textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps color spacing w kern position sz szCs highlight u shd vertAlign lang",
    "tblPr": "tblStyle tblpPr tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "trPr": "cantSplit tblHeader",
}


def test_word_files_keep_the_order_of_the_schema() -> None:
    """Word mends (and says so) what stands in another order than the schema's."""
    with zipfile.ZipFile(io.BytesIO(docx_bytes(paper()))) as archive:
        for part in ("word/document.xml",):
            for element in etree.fromstring(archive.read(part)).iter():
                name = etree.QName(element).localname if isinstance(element.tag, str) else ""
                if ORDERS.get(name):
                    order = ORDERS[name].split()
                    places = [order.index(etree.QName(child).localname) for child in element]
                    assert places == sorted(places), (
                        part,
                        name,
                        [etree.QName(child).localname for child in element],
                    )
        body = etree.fromstring(archive.read("word/document.xml"))[0]
        kinds = [etree.QName(child).localname for child in body]
        assert kinds[-1] == "sectPr"
        assert kinds[-2] == "p", "a table may not be the last thing before the end"
        ids = [
            one.get("id")
            for one in body.iter(
                "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
            )
        ]
        assert len(ids) == len(set(ids)) > 2


def test_no_signature_stands_alone_on_a_page() -> None:
    """The last paragraph of the body, the annexes and the signature keep together."""
    doc = Document(io.BytesIO(docx_bytes(paper())))
    texts = [one.text for one in doc.paragraphs]
    start = next(n for n, text in enumerate(texts) if text.startswith("附件："))
    end = texts.index("2020年11月20日")
    kept = [one._p.find(f"{W}pPr/{W}keepNext") is not None for one in doc.paragraphs[start - 1 : end]]
    assert all(kept)


def test_a_page_runs_nothing_that_a_site_wrote() -> None:
    tree = html.fromstring(page_text(paper()))
    assert not tree.xpath("//script")
    assert tree.xpath("//a/@href") == ["http://a.gov.cn/zwgk/"]
    assert all(src.startswith("data:image/png;base64,") for src in tree.xpath("//@src"))
    assert tree.xpath("//svg/title")


def test_the_workbook_has_the_columns_of_real_ledgers_and_lets_the_unit_fill_in_its_own() -> None:
    book = openpyxl.load_workbook(io.BytesIO(book_bytes(paper())))
    sheet = book["问题台账"]
    assert tuple(cell.value for cell in sheet[3]) == HEADS
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.protection.sheet
    assert not sheet.cell(4, KINDS.index("open") + 1).protection.locked
    assert sheet.cell(4, 8).hyperlink.target == "http://a.gov.cn/zwgk/"
    assert sheet.cell(5, 8).hyperlink is None
    assert isinstance(sheet.cell(4, 9).value, datetime)
    assert isinstance(sheet.cell(4, 11).value, int | float)
    assert sheet.cell(5, 7).data_type == "s", "no text of a site computes"


def test_the_annex_shows_how_its_sum_comes_about() -> None:
    grid = ledger_annex([row(1), row(2)], Decimal("1.50"))
    assert grid.rows[-2][7] == "−1.5"
    assert grid.rows[-1][7] == "2.5"
    assert sum(grid.widths) == pytest.approx(225)


def placed(unit_id: str, score: str, *, inspected: bool = True, grade: str = "优秀") -> Placed:
    return Placed(
        unit_id=unit_id, unit=f"单位{unit_id}", site="网站", unit_class=UnitClass(unit_id[0]), inspected=inspected,
        score=Decimal(score), grade=grade if inspected else "", closed=False,
    )  # fmt: skip


def bulletin(rows: list[LedgerRow], **changes: object) -> PaperText:
    facts = BulletinFacts(
        office="办公室", basis="42号", period="2020年第四季度", first=date(2020, 10, 1), last=date(2020, 12, 31), day=date(2020, 12, 30),
        made=MADE, before={"A01": Decimal("80.00")}, before_period="2020年第三季度", repeats={"A01": 1}, highlights=(), assumed=True,
        last_band="不合格",
        placed=(placed("A01", "92.50"), placed("A02", "92.50"), placed("A03", "55.00", grade="不合格"), placed("B01", "100", inspected=False)),
    )  # fmt: skip
    return bulletin_text(msgspec.structs.replace(facts, **changes), rows, {})


def said(text: PaperText) -> str:
    return "\n".join(one.text for one in text.blocks if isinstance(one, Para))


def test_a_bulletin_ranks_only_what_was_seen_and_compares_with_the_last() -> None:
    text = bulletin([row(1)])
    ranking = text.tables[0]
    assert [line[1:3] for line in ranking.rows] == [
        ("1", "A01"),
        ("1", "A02"),
        ("3", "A03"),
        ("不排名", "B01"),
    ]
    assert scores_in(text) == {"A01": Decimal("92.50"), "A02": Decimal("92.50"), "A03": Decimal("55.00")}
    words = said(text)
    assert "单位B011个单位的网站本期未能检测，不评分、不排名。" in words
    assert "合格单位2个，合格率66.7%。与上期（2020年第三季度）相比，1个单位得分上升" in words
    assert "暂定评分表，非官方" in words


def test_a_bulletin_names_at_most_five_kinds_and_five_units_of_each() -> None:
    rows = [row(n, unit_id=f"B{n % 9:02d}", unit=f"单位{n % 9}", name=f"毛病{n % 7}") for n in range(63)]
    words = said(bulletin(rows))
    kinds = re.findall(r"（[一二三四五六七]）毛病\d。.*", words)
    assert len(kinds) == 5
    assert all(len(re.findall(r"单位\d[、等]", line)) == 5 and "等9个单位" in line for line in kinds)


def test_no_paper_uses_words_that_only_a_closed_sheet_may() -> None:
    words = said(bulletin([row(1)]))
    assert "建议得分" in words


def test_a_result_adds_up_and_leaves_the_unseen_without_a_grade() -> None:
    seen = ResultRow(
        unit_id="A01", unit="某市", unit_class=UnitClass.A, deducted=Decimal("7.5"), bonus=Decimal(1), score=Decimal("93.5"),
        grade="优秀", closed=True, before=Decimal(90), inspected=True,
    )  # fmt: skip
    blind = msgspec.structs.replace(
        seen, unit_id="A02", unit="盲市", grade="", closed=False, inspected=False, before=None
    )
    text = result_text(
        [seen, blind], number="", office="办公室", year=2020, bands="优秀不低于90分", assumed=True, day=date(2021, 1, 8), made=MADE
    )  # fmt: skip
    shown = next(one for one in text.blocks if isinstance(one, Grid)).rows
    assert shown[0] == ("1", "某市", "7.5", "1", "93.50", "+3.50", "优秀")
    assert shown[1][0] == "不排名"
    assert shown[1][4:] == ("—", "—", "—")


def test_a_receipt_says_what_is_missing() -> None:
    lines = [
        ("自查报告", "四", "已报送", date(2020, 11, 1), "a.docx"),
        ("公文清单", "五", "逾期未报", None, ""),
    ]
    text = receipt_text(
        "某市",
        lines,
        number="x",
        office="办公室",
        year=2020,
        taken="自查报告",
        day=date(2020, 11, 1),
        made=MADE,
    )
    assert "尚缺：公文清单。" in said(text)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_libreoffice_opens_what_we_write(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"paper.{kind}"
    path.write_bytes(drawn(paper())[kind])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "paper.pdf").stat().st_size > 5000
