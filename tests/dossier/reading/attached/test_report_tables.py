"""The figures of an annual report come out of its file as they stand in it, however it was laid out."""

from __future__ import annotations

import io
from functools import partial
from itertools import product
from random import Random

import pytest

from checks.lenses.annual import PartSeen, parts_seen
from checks.lenses.applications_table import (
    ApplicationsTable,
    is_applications_table,
    read_applications,
    speaks_of_applications,
    wrong_sums,
)
from dossier.model import TableFacts
from dossier.reading.attached import pdf_tables
from dossier.reading.attached.extract import extract
from dossier.reading.attached.pdf_drawn import Edge
from dossier.reading.attached.pdf_rules import Rule, Rules, rules_of
from dossier.reading.attached.said import Said
from dossier.reading.files import read_attachment

from .make_made import LOOKS, OFFICE, known, made
from .reports import Figures, Look, figures, report_html

NO_RULES = "no-rules"
RULED = [f"{name}.pdf" for name in LOOKS if name != NO_RULES]
FROM_OFFICE = [f"office-{name}.{form}" for name, form in product(OFFICE, ("pdf", "docx", "doc"))]


def report_of(file: str) -> Figures:
    return known(file.removeprefix("office-").rpartition(".")[0])


def applications(said: Said) -> ApplicationsTable | None:
    """The one table of applications in what a file says, if it could be read with certainty."""
    tables = [table for table in said.tables if is_applications_table(table)]
    assert len(tables) <= 1
    return read_applications(tables[0]) if tables else None


def numbers(table: ApplicationsTable) -> list[list[int]]:
    return [[figure or 0 for figure in line.figures] for line in table.lines]


def accusations(table: ApplicationsTable) -> list[str]:
    return [one.working for one in wrong_sums(table) if one.firm]


@pytest.mark.parametrize("file", [*RULED, *FROM_OFFICE])
def test_every_figure_is_read_as_it_stands_and_only_a_wrong_sum_is_accused(file: str) -> None:
    table = applications(extract(made()[file], file))
    assert table is not None
    assert numbers(table) == report_of(file).lines
    planted, found = report_of(file).wrong, accusations(table)
    assert bool(found) == bool(planted)
    assert not planted or any(planted in working for working in found)


@pytest.mark.parametrize("file", sorted(made()))
def test_every_part_of_a_report_is_found_by_its_heading(file: str) -> None:
    facts = read_attachment(made()[file], url=f"http://a.gov.cn/{file}", content_type="")
    assert set(parts_seen(facts.text).values()) == {PartSeen.HEADING}
    assert speaks_of_applications(facts.text)


def test_a_table_without_rules_is_not_read_at_all_and_its_words_are() -> None:
    said = extract(made()[f"{NO_RULES}.pdf"], "x.pdf")
    assert applications(said) is None
    assert "本年新收政府信息公开申请数量" in "".join(said.text.split())


def turned(body: bytes, degrees: int) -> bytes:
    """The same PDF with its pages turned on the screen."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    for page in document:
        page.set_rotation(degrees)
    return saved(document)


def drawn_turned(body: bytes, degrees: int, *, upright: bool) -> bytes:
    """The same pages drawn lying on their side; `upright` sets them right again for the reader."""
    import pypdfium2

    source, document = pypdfium2.PdfDocument(body), pypdfium2.PdfDocument.new()
    for number in range(len(source)):
        width, height = source[number].get_size()
        drawn = source.page_as_xobject(number, document).as_pageobject()
        moved = {90: (height, 0), 180: (width, height), 270: (0, width)}[degrees]
        drawn.set_matrix(pypdfium2.PdfMatrix().rotate(degrees, ccw=True).translate(*moved))
        page = document.new_page(*((width, height) if degrees == 180 else (height, width)))
        page.insert_obj(drawn)
        page.gen_content()
        if upright:
            page.set_rotation(degrees)
    return saved(document)


def boxed(body: bytes, *, media: tuple[int, ...] = (), crop: tuple[int, ...] = ()) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    for page in document:
        if media:
            page.set_mediabox(*media)
        if crop:
            page.set_cropbox(*crop)
    return saved(document)


def saved(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined]
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "degrees"),
    [
        ("office-portrait", 90),
        ("office-broken-over-pages", 270),
        *(
            pytest.param(name, degrees, marks=pytest.mark.slow)
            for name, degrees in product(("portrait", "broken-over-pages", "full-width"), (90, 180, 270))
        ),
    ],
)
def test_a_page_that_lies_on_its_side_is_read_upright(name: str, degrees: int) -> None:
    body = made()[f"{name}.pdf"]
    pages = (
        turned(body, degrees),
        drawn_turned(body, degrees, upright=True),
        drawn_turned(body, degrees, upright=False),
    )
    for page in pages:
        table = applications(extract(page, "x.pdf"))
        assert table is not None
        assert numbers(table) == report_of(f"{name}.pdf").lines


@pytest.mark.slow
@pytest.mark.parametrize("name", ["office-portrait", "office-broken-over-pages", "narrow-columns"])
def test_a_table_with_rules_missing_is_read_whole_or_not_at_all(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = made()[f"{name}.pdf"]
    for seed in range(15):
        monkeypatch.setattr(pdf_tables, "rules_of", partial(thinned, Random(seed)))
        table = applications(extract(body, "x.pdf"))
        assert table is None or numbers(table) == report_of(f"{name}.pdf").lines


def thinned(dice: Random, edges: list[Edge]) -> Rules:
    """The rules of a page without one to three of them, or with these cut short."""
    rules = rules_of(edges)
    for _ in range(dice.choice((1, 1, 2, 3))):
        way = dice.choice(rules)
        if not way:
            continue
        rule = way.pop(dice.randrange(len(way)))
        if dice.random() < 0.5:
            end = rule.begin + (rule.end - rule.begin) * dice.random()
            way.append(Rule(rule.at, rule.begin, end, end - rule.begin))
    return rules


@pytest.mark.parametrize(
    "boxes", [{"media": (-30, -40, 700, 900)}, {"media": (10, 10, 612, 792)}, {"crop": (20, 15, 600, 780)}]
)
def test_pages_whose_corner_is_elsewhere_are_read_the_same(boxes: dict[str, tuple[int, ...]]) -> None:
    table = applications(extract(boxed(made()["portrait.pdf"], **boxes), "x.pdf"))
    assert table is not None
    assert numbers(table) == known("portrait").lines


@pytest.mark.parametrize("look", [Look(), Look(zero="/"), Look(wide=True), Look(split_cells=True)])
@pytest.mark.parametrize("wrong", ["", "column", "row"])
def test_a_page_that_is_a_file_is_read_too(look: Look, wrong: str) -> None:
    report = figures(40, wrong=wrong)
    table = applications(extract(report_html(report, look).encode(), "report.doc"))
    assert table is not None
    assert numbers(table) == report.lines
    assert bool(accusations(table)) == bool(wrong) or look.zero != "0"


def workbook(report: Figures) -> bytes:
    """The prescribed table as a workbook with merged cells, by way of the table that a page shows."""
    import openpyxl

    from dossier.reading.attached.flat import html

    rows = next(t.rows for t in html(report_html(report).encode(), "").tables if is_applications_table(t))
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    for box in ("A1:C3", "D1:J1", "D2:D3", "E2:I2", "J2:J3", "A4:C4", "A5:C5", "A6:A27", "A28:C28"):
        sheet.merge_cells(box)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("wrong", ["", "column", "row"])
def test_a_workbook_with_merged_cells_is_read(wrong: str) -> None:
    report = figures(41, wrong=wrong)
    table = applications(extract(workbook(report), "table.xlsx"))
    assert table is not None
    assert numbers(table) == report.lines
    assert bool(accusations(table)) == bool(wrong)


def test_a_word_table_inside_controls_and_with_struck_text_keeps_its_columns() -> None:
    report = figures(42)
    body = rewrapped(made()["office-portrait.docx"])
    table = applications(extract(body, "x.docx"))
    assert table is not None
    assert numbers(table) == known("portrait").lines
    assert report.lines != known("portrait").lines


def rewrapped(body: bytes) -> bytes:
    """Every other cell put into a content control, and struck text beside each figure."""
    import zipfile

    from lxml import etree

    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    box = zipfile.ZipFile(io.BytesIO(body))
    root = etree.fromstring(box.read("word/document.xml"))
    for number, cell in enumerate(list(root.iter(f"{space}tc"))):
        paragraph = next(cell.iter(f"{space}p"))
        struck = etree.SubElement(
            etree.SubElement(etree.SubElement(paragraph, f"{space}del"), f"{space}r"), f"{space}delText"
        )
        struck.text = "99"
        if number % 2:
            control = etree.Element(f"{space}sdt")
            cell.getparent().replace(cell, control)
            etree.SubElement(control, f"{space}sdtContent").append(cell)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as out:
        for name in box.namelist():
            out.writestr(name, etree.tostring(root) if name == "word/document.xml" else box.read(name))
    return kept.getvalue()


@pytest.mark.parametrize("cell", ["1\n2", "1 2", "\ufffd", "约12", "1.5"])
def test_a_cell_that_is_not_one_figure_is_no_figure(cell: str) -> None:
    said = extract(report_html(figures(43)).encode(), "x.doc")
    rows = [list(row) for table in said.tables if is_applications_table(table) for row in table.rows]
    rows[3][4] = cell
    assert read_applications(TableFacts(rows=tuple(map(tuple, rows)))) is None
