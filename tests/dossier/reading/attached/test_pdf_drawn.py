"""What is kept of a PDF's page is what pdfplumber sees on it, to the last bit, however the page is written."""

from __future__ import annotations

import io
from itertools import pairwise
from random import Random
from typing import Any

import pdfplumber
import pytest
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSEOF, PSKeyword
from pdfplumber.table import merge_edges

from dossier.reading.attached import pdf_content
from dossier.reading.attached.pdf_again import letters_of
from dossier.reading.attached.pdf_cells import tables_between
from dossier.reading.attached.pdf_content import Order, Unusual, Words, orders
from dossier.reading.attached.pdf_drawn import drawn_on, each_once
from dossier.reading.attached.pdf_rules import Rules, rules_of

from .make_made import made

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
GRID = b"".join(
    b"%d %d m %d %d l S\n" % line
    for n in range(4)
    for line in ((50, 500 + 30 * n, 290, 500 + 30 * n), (50 + 80 * n, 500, 50 + 80 * n, 590))
)
WORDS = b"BT /F 11 Tf 60 510 Td (12) Tj 80 30 Td [(3)-20(4)] TJ ET\n"
# fmt: off
PAGES: dict[str, tuple[bytes, bytes]] = {
    "lines": (GRID + WORDS, b""),
    "turned by 90": (GRID + WORDS, b"/Rotate 90"),
    "turned by 180": (GRID + WORDS, b"/Rotate 180"),
    "turned by 270": (GRID + WORDS, b"/Rotate 270"),
    "no rules": (WORDS, b""),
    "nothing": (b"", b""),
    "dashed": (b"[3 2] 0 d 0.4 w\n" + GRID + WORDS, b""),
    "thin boxes": (
        GRID.replace(b"m", b"").replace(b"l S", b"re f") + b"50 500 240 .5 re f 50 500 .5 90 re f " + WORDS,
        b"",
    ),
    "cells as boxes": (b"".join(b"%d 500 80 30 re S " % x for x in (50, 130, 210)) + WORDS, b""),
    "one path": (GRID.replace(b"S", b"") + b"S " + WORDS, b""),
    "bent": (
        b"50 500 m 290 500 l 290 590 l 50 590 l 50 500 l h S 50 520 m 60 530 80 540 290 520 c 10 10 v S "
        + WORDS,
        b"",
    ),
    "leaning": (b"q 1 .002 -.002 1 0 0 cm " + GRID + b"Q " + WORDS, b""),
    "turned drawing": (b"q 0 1 -1 0 600 0 cm " + GRID + WORDS + b"Q", b""),
    "drawn within": (b"q 1.1 0 0 1.1 5 5 cm /X Do Q /X Do", b""),
    "corner elsewhere": (GRID + WORDS, b"/MediaBox [-30 -40 700 900]"),
    "cut": (GRID + WORDS, b"/CropBox [20 15 580 700]"),
    "upside down box": (GRID + WORDS, b"/MediaBox [612 792 0 0]"),
    "letters twice": (GRID + WORDS + WORDS + b"1 0 0 1 .3 .2 cm " + WORDS, b""),
    "strings": (
        b"BT /F 9 Tf 60 510 Td (a\\(b\\)\\061\\\n(c)\\z) Tj <313 2> Tj <3132> ' T* 2 1 (x) \" ET " + GRID,
        b"",
    ),
    "marked": (b"/P <</MCID 0 /A [1 /B]>> BDC " + WORDS + b"EMC % remark\n" + GRID, b""),
    "picture within": (b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI " + GRID + WORDS, b""),
    "broken": (b"] >> 1..2 --3 4x (( " + GRID, b""),
}
# fmt: on


def document(content: bytes, page: bytes = b"", *, within: bytes = GRID + WORDS) -> bytes:
    """A PDF of one page."""
    box = b"" if b"MediaBox" in page else b"/MediaBox [0 0 612 792]"
    own = b"/Resources <</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids [3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R" + own + box + page + b">>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        FONT,
        b"<</Type/XObject/Subtype/Form/BBox [0 0 612 792] /Matrix [1 0 0 1 3 4] %s/Length %d>>\nstream\n%s\nendstream"
        % (own, len(within), within),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 7\n0000000000 65535 f \n%strailer <</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(body))  # fmt: skip


def edge_of(edge: dict[str, Any]) -> tuple[float, ...]:
    return tuple(edge[name] for name in ("x0", "top", "x1", "bottom", "width", "height"))


def letter_of(char: dict[str, Any]) -> tuple[object, ...]:
    return tuple(char[name] for name in ("x0", "top", "x1", "bottom", "text"))


def same_as_pdfplumber(body: bytes) -> int:
    """Compares each page's edges, letters, rules and cells; how many tables there were."""
    tables = 0
    with pdfplumber.open(io.BytesIO(body)) as book:
        for page in book.pages:
            drawn = drawn_on(page, Words())
            assert [tuple(edge) for edge in drawn.edges] == [edge_of(edge) for edge in page.edges]
            assert [letter[:5] for letter in drawn.letters] == [letter_of(char) for char in page.chars]
            assert [letter[:5] for letter in each_once(drawn.letters)] == [
                letter_of(char) for char in page.dedupe_chars().chars
            ]
            rules = rules_of(drawn.edges)
            if min(map(len, rules)) < 2:
                continue
            assert_merged(page)
            found = sorted(page.find_tables(settings(rules)), key=lambda table: table.bbox[1])
            assert tables_between(rules) == [table.cells for table in found]
            tables += len(found)
    return tables


def assert_merged(page: Any) -> None:
    straight = [
        {**edge, "orientation": "h" if edge["width"] > edge["height"] else "v"}
        for edge in page.edges
        if min(edge["width"], edge["height"]) < 1.0
    ]
    edges = merge_edges(straight, 3.0, 3.0, 3.0, 3.0)
    rules = rules_of(drawn_on(page, Words()).edges)
    level = [
        (e["top"], e["x0"], e["x1"], e["width"]) for e in edges if e["orientation"] == "h" and e["width"] > 5
    ]
    upright = [(e["x0"], e["top"], e["bottom"], e["height"]) for e in edges if e["orientation"] == "v" and e["height"] > 5]  # fmt: skip
    assert rules.level[: len(level)] == level
    assert rules.upright[: len(upright)] == upright


def settings(rules: Rules) -> dict[str, Any]:
    def line(x0: float, x1: float, top: float, bottom: float) -> dict[str, Any]:
        return {
            "object_type": "line", "x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top,
            "width": x1 - x0, "height": bottom - top,
        }  # fmt: skip

    return {
        "horizontal_strategy": "explicit",
        "vertical_strategy": "explicit",
        "explicit_horizontal_lines": [line(r.begin, r.end, r.at, r.at) for r in rules.level],
        "explicit_vertical_lines": [line(r.at, r.at, r.begin, r.end) for r in rules.upright],
    }


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_seen_as_pdfplumber_sees_it(kind: str) -> None:
    tables = same_as_pdfplumber(document(*PAGES[kind]))
    assert tables or kind in ("no rules", "nothing", "bent", "broken", "thin boxes")


@pytest.mark.parametrize(
    "file", ["office-portrait.pdf", "office-broken-over-pages.pdf", pytest.param("portrait.pdf", marks=pytest.mark.slow)]
)  # fmt: skip
def test_a_printed_report_is_seen_as_pdfplumber_sees_it(file: str) -> None:
    assert same_as_pdfplumber(made()[file])


def test_a_drawing_that_draws_itself_ends() -> None:
    assert same_as_pdfplumber(document(b"/X Do", within=GRID + b"/X Do " + WORDS))


@pytest.mark.parametrize("seed", range(6))
def test_crooked_rules_make_the_same_cells(seed: int) -> None:
    dice = Random(seed)
    lines = b""
    for _ in range(60):
        x, y, far = dice.randrange(40, 500), dice.randrange(40, 700), dice.randrange(0, 300)
        x, y = (x - x % 40, y - y % 30) if dice.random() < 0.8 else (x, y)
        along, off = (
            (far, dice.choice((0, 0, 1, 4))) if dice.random() < 0.5 else (dice.choice((0, 0, 2)), far)
        )
        lines += b"%d %d m %d %d l S " % (x, y, x + along, y + off)
    same_as_pdfplumber(document(lines + WORDS))


def spelled(content: bytes) -> list[object]:
    """pdfminer's own spelling of a page's orders."""
    parser = PDFContentParser([PDFStream({}, content)])
    found: list[object] = []
    try:
        while True:
            found.append(parser.nextobject()[1])
    except PSEOF:
        return found


def told(content: bytes) -> list[object] | None:
    try:
        return orders([content], Words())
    except Unusual:
        return None


def same(one: object, other: object) -> bool:
    if isinstance(one, Order):
        name = str(other.name, "utf-8", "ignore") if isinstance(other, PSKeyword) else "?"
        known = f"do_{name.replace('*', '_a').replace(chr(34), '_w').replace(chr(39), '_q')}"
        return one.carry_out is getattr(pdf_content.Interpreter, known, None)
    return type(one) is type(other) and one == other


def test_what_is_told_at_once_is_what_pdfminer_spells() -> None:
    dice, plain = Random(5), 0
    pieces = [b"12", b"-.5", b"4.", b"/F1", b"Tj", b"T*", b"'", b"(a)", b"(\\(\\12\\8)", b"(a(b)c)", b"<3141>", b"<>", b"[", b"]", b"<<", b">>", b"%x\n", b"true", b"re", b"\x00", b"(", b"<", b">", b"/", b"#", b"{", b"1e5", b"--2", b"BI"]  # fmt: skip
    for _ in range(4000):
        count = dice.randrange(1, 9)
        usual = 18 if dice.random() < 0.8 else len(pieces)
        content = b"".join(dice.choice(pieces[:usual]) + dice.choice((b" ", b"\n", b"", b"\r\n")) for _ in range(count))  # fmt: skip
        read = told(content)
        if read is None:
            continue
        plain += 1
        careful = spelled(content)
        assert len(read) == len(careful), content
        assert all(map(same, read, careful)), content
    assert plain > 1000


@pytest.mark.parametrize(
    "content",
    [b"BI /W 1 ID x EI", b"[1 2", b"1 ]", b"<< /A >>", b"(open", b"<41", b"[1 Tj]", b"1..2", b"9" * 30],
)
def test_what_is_not_plain_is_left_to_pdfminer(content: bytes) -> None:
    assert told(content) is None


def test_a_page_of_too_many_orders_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_content, "_ORDINARY_SIZE", 100)
    assert same_as_pdfplumber(document(GRID + WORDS))


@pytest.mark.parametrize("file", ["office-portrait.pdf", "portrait.pdf"])
def test_pdfium_tells_the_same_letters_one_by_one_and_in_its_running_text(file: str) -> None:
    import pypdfium2

    for page in pypdfium2.PdfDocument(made()[file]):
        words = page.get_textpage()
        asked = [(words.get_text_range(n, 1), *words.get_charbox(n)) for n in range(words.count_chars())]
        assert list(letters_of(page)) == [one for one in asked if one[0].strip()]
        assert sum(one != other for one, other in pairwise(asked)) > 100
