"""A small home with real archives: two nights of one unit, crawled, entered, judged, stood and sealed."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
from nights import unit

from checks.registry import RULES
from desk.evidence import seal
from desk.ingest import ingest
from desk.standing import stand
from dossier import store
from dossier.archive import (
    ArchiveWriter,
    Exchange,
    FactsRecord,
    LineFile,
    pack_unit,
    read_captures,
    write_report,
)
from dossier.home import Home
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Capture,
    Coverage,
    Evidence,
    Judgement,
    KnownPage,
    Outcome,
    Reach,
    UnitReport,
    Verdict,
)
from dossier.reading import load_vocabulary, read
from dossier.store import Extent, Store
from dossier.tables import load_tables

SITE = "http://www.example.gov.cn/"
PAGES = (SITE, SITE + "a.html", SITE + "b.html")
QUOTE = "<script>alert(1)</script>错误的原文"
BEGIN = datetime(2020, 9, 28, 14, 0, tzinfo=UTC)
UNITS = (
    "unit_id,class,short_name,full_name,channel,url\n"
    f"A01,A,测试,测试市人民政府,website,{SITE}\nA02,A,他市,他市人民政府,website,http://www.other.gov.cn/\n"
)


def body(url: str) -> bytes:
    text = f"关于做好防汛工作的通知，请各单位贯彻落实。{QUOTE} {url}" * 3
    return f'<html><head><meta charset="utf-8"><title>通知</title></head><body>{text}</body></html>'.encode()


def crawled(
    home: Home, number: int, unit_id: str = "A01", *, closed: bool = True, known: bool = False
) -> Path:
    """What a crawl of one night leaves: three pages, one dead link; on later nights the unchanged ones as revisits."""
    folder = home.run(f"R{number}") / unit_id
    at = BEGIN + timedelta(days=number)
    before = {}
    if known:
        for capture in _captures(home.run(f"R{number - 1}") / unit_id):
            place = f"R{number - 1}/{unit_id}/{capture.warc}"
            before[capture.asked_url] = KnownPage(
                url=capture.asked_url, sha256=capture.sha256, warc=place, offset=capture.offset
            )
    with ArchiveWriter(folder, unit_id) as writer:
        lines = LineFile(folder / "facts.jsonl")
        for url in PAGES:
            placed = writer.add(
                Capture(
                    unit_id=unit_id, asked_url=url, final_url=url, at=at, reach=Reach.OK, status=200, content_type="text/html"
                ),
                [Exchange(url=url, at=at, status=200, response_headers=(("Content-Type", "text/html"),), body=body(url))],
                before.get(url),
            )  # fmt: skip
            facts = read(
                body(url), url=url, content_type="text/html", as_of=date(2020, 9, 28), vocabulary=load_vocabulary(home)
            )  # fmt: skip
            lines.add(FactsRecord(sha256=placed.sha256, url=url, facts=facts))
        lines.close()
        writer.add(
            Capture(unit_id=unit_id, asked_url=SITE + "x", at=at, reach=Reach.SILENT, reason="timeout")
        )
    if closed:
        pack_unit(folder)
        write_report(
            folder,
            UnitReport(unit_id=unit_id, run_id=f"R{number}", started=at, finished=at, finish="finished"),
        )
    return folder


def _captures(folder: Path) -> list[Capture]:
    return [one for one in read_captures(folder) if one.warc and one.sha256]


def written_run(home: Home, number: int, *, kind: str = "nightly", units: tuple[str, ...] = ("A01",)) -> Path:
    folder = home.run(f"R{number}")
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "run_id": folder.name, "as_of": date(2020, 9, 28) + timedelta(days=number), "started": BEGIN + timedelta(days=number),
        "kind": kind, "units": units, "settings": {}, "tables": {},
    }  # fmt: skip
    (folder / "run.json").write_bytes(msgspec.json.encode(said))
    return folder


def night(home: Home, kept: Store, number: int, *, sealed: bool = True) -> str:
    """One whole night of A01 with one fault; its deficiency number."""
    folder = written_run(home, number)
    crawled(home, number, known=number > 1)
    ingest(kept, folder, [unit()], vocabulary=load_vocabulary(home))
    url = PAGES[1]
    proof = Evidence(
        url=url, captured_at=BEGIN + timedelta(days=number), status=200,
        sha256=hashlib.sha256(body(url)).hexdigest(), quote=QUOTE, place="正文",
    )  # fmt: skip
    rule = next(module.RULE for module in RULES if module.RULE.id == "document-body-empty")
    outcome = Outcome(
        rule_id=rule.id, verdict=Verdict.FAIL, subject=url, page_url=url, message_key=next(iter(rule.messages)), evidence=(proof,)
    )  # fmt: skip
    coverage = Coverage(
        areas={Area.SITE: AreaCoverage(area=Area.SITE, state=AreaState.COMPLETE)}, inspected=True
    )
    store.save_judgement(
        kept, folder.name, Judgement(unit_id="A01", outcomes=(outcome,)), coverage, Extent(pages=3, items=0, dated_items=0)
    )  # fmt: skip
    stood = stand(kept, folder.name, load_tables(home))
    store.finish_run(kept, folder.name, BEGIN + timedelta(days=number, hours=1))
    if sealed:
        seal(kept, home, folder.name, BEGIN + timedelta(days=number, hours=1))
    return stood["A01"].deficiencies[0].number


def small_home(root: Path, nights: int = 2) -> Home:
    """A home with so many nights behind it."""
    home = Home(root)
    root.mkdir(parents=True, exist_ok=True)
    home.units_csv.write_text(UNITS, "utf-8")
    with store.open_store(home.database) as kept:
        for number in range(1, nights + 1):
            night(home, kept, number)
    return home
