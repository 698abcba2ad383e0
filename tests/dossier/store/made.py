"""Small made-up nights for the tests of the store and the desk."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dossier import store
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Capture,
    Channel,
    Coverage,
    Evidence,
    Item,
    Judgement,
    Link,
    NotCalled,
    Outcome,
    PageFacts,
    PageKind,
    Reach,
    SiteRow,
    Unit,
    UnitClass,
    UnitReport,
    Verdict,
)
from dossier.model.page import READER_VERSION
from dossier.store import Extent, RunInfo, Store

HOME = "http://www.example.gov.cn/"
BEGIN = datetime(2020, 9, 28, 14, 0, tzinfo=UTC)


def unit(unit_id: str = "A01") -> Unit:
    row = SiteRow(unit_id=unit_id, channel=Channel.WEBSITE, name="测试市政府网", url=HOME)
    return Unit(
        unit_id=unit_id,
        unit_class=UnitClass(unit_id[0]),
        short_name="测试",
        full_name="测试市人民政府",
        sites=(row,),
    )


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def run(night: int = 1, kind: str = "nightly") -> RunInfo:
    started = BEGIN + timedelta(days=night)
    return RunInfo(
        run_id=f"R{night}", as_of=date(2020, 9, 28) + timedelta(days=night), started=started, kind=kind
    )


def capture(
    url: str, night: int = 1, body: str | None = "same", reach: Reach = Reach.OK, **more: object
) -> Capture:
    given: dict[str, object] = {
        "unit_id": "A01",
        "asked_url": url,
        "final_url": url,
        "at": BEGIN + timedelta(days=night, seconds=3, microseconds=17),
        "reach": reach,
        "status": 200 if reach is Reach.OK else 404,
        "content_type": "text/html",
        "sha256": sha(url + body) if body is not None else "",
        "length": 4,
        "warc": "A01-000.warc.gz" if body is not None else "",
        "offset": 100 * night,
        "elapsed_ms": 7 + night,
        "referrer": HOME,
        "etag": '"e1"',
    }
    return Capture(**{**given, **more})  # type: ignore[arg-type]  # the fields are the caller's


def facts(url: str, *, items: int = 0, links: Sequence[str] = (), reader: int = READER_VERSION) -> PageFacts:
    return PageFacts(
        url=url,
        reader=reader,
        kind=PageKind.COLUMN,
        title="动态",
        items=tuple(
            Item(title=f"第{n}条", url=f"{url}{n}.html", date=date(2020, 9, 1)) for n in range(items)
        ),
        links=tuple(Link(url=target, text="链接") for target in links),
    )


def report(night: int = 1, finish: str = "finished") -> UnitReport:
    at = BEGIN + timedelta(days=night)
    return UnitReport(unit_id="A01", run_id=f"R{night}", started=at, finished=at, finish=finish)


def night(
    kept: Store,
    number: int,
    outcomes: Sequence[Outcome] = (),
    *,
    captures: Sequence[Capture] | None = None,
    read: Sequence[PageFacts] = (),
    not_called: Sequence[NotCalled] = (),
    whole: bool = False,
    inspected: bool = True,
    of: Unit | None = None,
) -> str:
    """A whole made-up night of one unit: visited and judged. `whole`: the site was seen completely."""
    one = of or unit()
    info = run(number)
    if store.run_info(kept, info.run_id) is None:
        store.record_run(kept, info)
    seen = [capture(HOME, number)] if captures is None else captures
    readings = [(page.url, sha(page.url + "same"), page) for page in read]
    store.ingest_unit(kept, info.run_id, one, report(number), seen, readings)
    state = AreaState.COMPLETE if whole else AreaState.PARTIAL
    store.save_judgement(
        kept,
        info.run_id,
        Judgement(unit_id=one.unit_id, outcomes=tuple(outcomes), not_called=tuple(not_called)),
        Coverage(areas={Area.SITE: AreaCoverage(area=Area.SITE, state=state)}, inspected=inspected),
        Extent(pages=len(seen), items=60, dated_items=55),
    )
    return info.run_id


def said(
    rule: str, subject: str, verdict: Verdict = Verdict.FAIL, page: str = HOME, **data: object
) -> Outcome:
    return Outcome(
        rule_id=rule,
        verdict=verdict,
        subject=subject,
        page_url=page,
        data=dict(data),
        because="" if verdict is Verdict.FAIL else "请人工核对",
        evidence=(Evidence(url=page, captured_at=BEGIN, status=200, sha256=sha(page), quote="原文"),),
    )


def dump(path: Path) -> list[str]:
    """Every row of a database file."""
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()
