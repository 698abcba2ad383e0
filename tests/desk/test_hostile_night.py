"""A night over a site that means harm, through the real commands: its words come out as words, wherever they come out."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

sys.path.append(str(Path(__file__).parents[2]))

from desk import clock
from desk.cli import registered
from desk.installation import Installation
from desk.people import add_user
from desk.web import create_app
from desk.web.signin import limiter
from dossier.store import open_store
from tests.crawler.hostile import Send, Wicked, Wild, answer

EVIL = '"><script>alert(1)</script>\x1b[31m=HYPERLINK("http://evil.example","x")\u202e'
NAMES = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", EVIL)
UNITS = (
    "unit_id,class,short_name,full_name,channel,name,url\n"
    "A01,A,坏,坏市人民政府,website,坏,http://bad.gov.cn/\nA02,A,好,好市人民政府,website,好,http://good.gov.cn/\n"
)


def page(title: str, body: str) -> bytes:
    return answer(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


def site() -> dict[str, Wicked]:
    """Columns and documents whose every word is a trick, with faults enough that they are talked about."""

    def column(_path: str, send: Send, _wild: Wild) -> None:
        items = "".join(
            f"<li><a href='/doc/{n}.html?t={n}'>{name}</a><span>2019-01-0{n + 1}</span></li>"
            for n, name in enumerate(NAMES)
        )
        send(page(f"政策文件 {EVIL}", f"<h1>政策文件</h1><ul>{items}</ul>"))

    def document(path: str, send: Send, _wild: Wild) -> None:
        number = int(re.sub(r"\D", "", path.partition("?")[0]) or 0)
        name = NAMES[number % len(NAMES)]
        send(
            page(
                name,
                f"<h1>{name}</h1><p>发文字号：坏政发〔2019〕{number}号</p><p>{name} 招开会议 {EVIL * 20}</p><a href='/gone/{number}.html'>{name}</a>",
            )
        )

    return {"zcwj": column, "doc": document}


@dataclass
class Done:
    home: Path
    night: Result

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(registered(), [*words, "--home", str(self.home), "--as-of", "2020-09-30"])

    @property
    def papers(self) -> Path:
        return next(iter(sorted((self.home / "reports").iterdir())))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    home = tmp_path_factory.mktemp("hostile-night")
    (home / "unit_sites.csv").write_text(UNITS, "utf-8")
    with Wild(site()) as wild:
        (home / "settings.toml").write_text(
            f'[crawl]\nproxy = "{wild.proxy}"\ndelay_seconds = 0\nretry_wait_seconds = 0\ntimeout_seconds = 3\nbrowser = false\n'
            "[judge]\nprocesses = 1\n[report]\nscreenshots = false\n",
            "utf-8",
        )
        made = Done(home, Result)  # type: ignore[arg-type]  # filled in below
        made.night = made.run("nightly")
        assert made.night.exit_code in (0, 3), (made.night.output, made.night.exception)
        yield made


class Tags(HTMLParser):
    """What a browser would make of a page: its elements, and attributes that act."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.acts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed"):
            self.scripts.append(self.get_starttag_text() or tag)
        self.acts += [
            f"{name}={value}"
            for name, value in attrs
            if name.startswith("on") or str(value).strip().lower().startswith("javascript:")
        ]


def test_its_titles_reach_the_papers(done: Done) -> None:
    assert "1+1" in (done.papers / "A01.html").read_text("utf-8")


def test_no_paper_carries_a_script_of_its_making(done: Done) -> None:
    for path in done.papers.glob("*.html"):
        tags = Tags()
        tags.feed(path.read_text("utf-8"))
        assert not [text for text in tags.scripts if "alert" in text or "iframe" in text], path
        assert not tags.acts, path
        assert "<script>alert" not in path.read_text("utf-8")


def test_no_cell_of_a_workbook_is_a_formula(done: Done) -> None:
    seen = 0
    for path in done.papers.glob("*.xlsx"):
        for sheet in load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    seen += cell.value is not None
                    assert cell.data_type != "f", (path.name, sheet.title, cell.coordinate, cell.value)
        with zipfile.ZipFile(path) as packed:
            outside = b"".join(packed.read(name) for name in packed.namelist() if name.endswith(".rels"))
        assert b"evil.example" not in outside
    assert seen > 100


def test_no_cell_of_an_export_starts_a_formula(done: Done) -> None:
    said = done.run("export", "findings", "--format", "csv", "--all")
    assert said.exit_code == 0
    rows = list(csv.reader(io.StringIO(said.stdout.lstrip("\ufeff"))))
    assert len(rows) > 5
    risky = [
        cell
        for row in rows
        for cell in row
        if cell[:1] in ("=", "+", "@", "\t", "\r") or re.match(r"-\D", cell)
    ]
    assert not risky, risky[:3]


def test_no_word_document_holds_a_field_of_its_making(done: Done) -> None:
    for path in done.papers.glob("*.docx"):
        with zipfile.ZipFile(path) as packed:
            text = packed.read("word/document.xml").decode()
            assert "instrText" not in text or "HYPERLINK(" not in text
            assert "evil.example" not in packed.read("word/_rels/document.xml.rels").decode()


def test_nothing_it_says_moves_the_cursor_of_a_terminal(done: Done) -> None:
    for said in (
        done.night.output,
        done.run("export", "findings", "--all").output,
        done.run("rejudge", _run(done)).output,
    ):
        assert "\x1b" not in said
        assert not [letter for letter in said if ord(letter) < 32 and letter not in "\n\r\t"]
    logs = b"".join(path.read_bytes() for path in (done.home / "data" / "runs").rglob("*.log"))
    assert b"\x1b" not in logs


def test_the_desk_shows_it_as_words(done: Done) -> None:
    installation = Installation.of(home=done.home, as_of=date(2020, 9, 30))
    with open_store(installation.home.database) as kept:
        add_user(
            kept,
            name="wang",
            password="correct horse 一二三",
            role="assessor",
            unit_id="",
            known_units=("A01",),
            by="t",
            at=clock.now(),
        )
    client = create_app(installation, dated=True, testing=True).test_client()
    limiter.enabled = False
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token
    client.post("/login", data={"csrf_token": token[1], "name": "wang", "password": "correct horse 一二三"})
    shown = 0
    for place in ("/", "/queue", *(f"/case/A01-2020-{n:04d}" for n in range(1, 12))):
        answer_ = client.get(place, follow_redirects=True)
        if answer_.status_code != 200:
            continue
        shown += "alert(1)" in answer_.text
        tags = Tags()
        tags.feed(answer_.text)
        assert not tags.acts, place
        assert "<script>alert" not in answer_.text, place
        assert "script-src 'self'" in answer_.headers["Content-Security-Policy"]
    assert shown, "its words were never shown, so nothing was tested"


def _run(done: Done) -> str:
    return next(path.name for path in sorted((done.home / "data" / "runs").iterdir()))
