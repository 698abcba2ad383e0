"""A small home with two nights, three units and everybody who may sit at the desk."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk import stages
from desk.installation import Installation
from desk.people import add_user
from dossier import store
from dossier.archive import ArchiveWriter, Exchange
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Capture,
    Channel,
    Coverage,
    Evidence,
    Judgement,
    Outcome,
    PageFacts,
    Reach,
    SiteRow,
    Unit,
    UnitClass,
    UnitReport,
    Verdict,
)
from dossier.model.page import READER_VERSION
from dossier.store import Extent, RunInfo, Store, open_store

PASSWORD = "correct horse 一二三"
NIGHT_1 = date(2020, 9, 28)
NIGHT_2 = date(2020, 9, 29)
BEGIN = datetime(2020, 9, 27, 17, 0, tzinfo=UTC)
PEOPLE = (
    ("boss", "admin", ""),
    ("wang", "assessor", ""),
    ("li", "assessor", ""),
    ("zhao", "reviewer", ""),
    ("guan", "viewer", ""),
    ("unit1", "unit", "A01"),
    ("unit2", "unit", "A02"),
)
HEADER = "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note\n"
BODY = (
    "<html><head><title>领导信息</title><script>parent.hacked = 1</script></head><body onload='hacked()'>"
    "<p>张三，市长。身份证 11010519491231002X。</p><p>下一段写着 招开会议 四个字。</p></body></html>"
)
HOSTILE = "<script>alert(1)</script>“x”"


def unit(unit_id: str) -> Unit:
    address = f"http://www.{unit_id.lower()}.gov.cn/"
    names = {"A01": "清河", "A02": "平川", "B01": "省发展改革委"}
    row = SiteRow(unit_id=unit_id, channel=Channel.WEBSITE, name=names[unit_id], url=address)
    full = names[unit_id] + ("市人民政府" if unit_id[0] == "A" else "")
    return Unit(
        unit_id=unit_id, unit_class=UnitClass(unit_id[0]), short_name=names[unit_id], full_name=full, sites=(row,)
    )  # fmt: skip


def page(unit_id: str, name: str) -> str:
    return f"http://www.{unit_id.lower()}.gov.cn/{name}"


def outcome(
    unit_id: str, rule: str, subject: str, key: str, *, verdict: Verdict = Verdict.FAIL, quote: str = "", note: str = "", **data: object
) -> Outcome:  # fmt: skip
    where = page(unit_id, "page.html")
    return Outcome(
        rule_id=rule, verdict=verdict, subject=subject, page_url=where, message_key=key, data=data,
        because="" if verdict is Verdict.FAIL else "请人工打开网站核对",
        evidence=(
            Evidence(
                url=where, captured_at=BEGIN + timedelta(days=1), status=200, quote=quote, note=note,
                sha256=hashlib.sha256(BODY.encode()).hexdigest(),
            ),
        ),
    )  # fmt: skip


def accusations(unit_id: str) -> tuple[Outcome, ...]:
    """What every night says of a unit: one major, one on wording, four broken links with one cause, one question."""
    if unit_id == "B01":
        return ()
    links = tuple(
        outcome(
            unit_id, "column-empty", page(unit_id, f"lanmu{n}/"), "empty", column=f"栏目{n}", note="已查，未见“条目”"
        )
        for n in range(4)
    )  # fmt: skip
    return (
        outcome(unit_id, "illicit-link", "http://bad.example/", "hidden", text=HOSTILE, target="http://bad.example/", how="移出屏幕", quote="友情链接"),
        outcome(unit_id, "wording-error", page(unit_id, "page.html") + " 招开会议", "wrong", wrong="招开会议", right="召开会议", severity="一般", quote="招开会议"),
        *links,
        outcome(unit_id, "leadership-page-missing", unit_id, "missing", verdict=Verdict.UNSURE, note="已查，未见“领导信息”"),
    )  # fmt: skip


def add_night(
    installation: Installation, kept: Store, night: int, *, said: dict[str, tuple[Outcome, ...]] | None = None
) -> str:
    """One more night, judged and weighed by the real stages."""
    day = NIGHT_1 + timedelta(days=night - 1)
    started = BEGIN + timedelta(days=night - 1)
    run_id = f"{day:%Y%m%d}-010000"
    store.record_run(kept, RunInfo(run_id=run_id, as_of=day, started=started, kind="nightly"))
    for one in installation.units:
        _see(installation, kept, run_id, one, started)
        outcomes = (said or {}).get(one.unit_id, accusations(one.unit_id))
        areas = {
            Area.SITE: AreaCoverage(area=Area.SITE, state=AreaState.COMPLETE, pages=(page(one.unit_id, ""),))
        }
        inspected = one.unit_id != "B01"
        store.save_judgement(
            kept, run_id, Judgement(unit_id=one.unit_id, outcomes=outcomes),
            Coverage(
                areas=areas if inspected else {}, inspected=inspected,
                finish="finished" if inspected else "blocked", because="" if inspected else "网站拦截了检查访问",
            ),
            Extent(pages=1, items=10, dated_items=10),
        )  # fmt: skip
    stages.suggest(installation, kept, run_id)
    store.finish_run(kept, run_id, started + timedelta(hours=3))
    return run_id


def _see(installation: Installation, kept: Store, run_id: str, one: Unit, at: datetime) -> None:
    url = page(one.unit_id, "page.html")
    folder = installation.home.run(run_id) / one.unit_id
    capture = Capture(
        unit_id=one.unit_id, asked_url=url, final_url=url, at=at, reach=Reach.OK, status=200, content_type="text/html",
    )  # fmt: skip
    with ArchiveWriter(folder, one.unit_id) as archive:
        kept_capture = archive.add(
            capture,
            [Exchange(url=url, status=200, reason="OK", response_headers=(("Content-Type", "text/html"),), body=BODY.encode(), at=at)],
        )  # fmt: skip
    facts = PageFacts(
        url=url, reader=READER_VERSION, encoding="utf-8", title="领导信息",
        text="张三，市长。身份证 11010519491231002X。\n下一段写着 招开会议 四个字。\n友情链接",
    )  # fmt: skip
    report = UnitReport(unit_id=one.unit_id, run_id=run_id, started=at, finished=at, finish="finished")
    store.ingest_unit(kept, run_id, one, report, [kept_capture], [(url, kept_capture.sha256, facts)])


def make_home(folder: Path, *, nights: int = 2) -> Installation:
    """A home with its list, its nights and its people."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{one.unit_id},{one.unit_class.value},{one.short_name},{one.full_name},website,{one.sites[0].name},{one.sites[0].url},,,,,obey,,,样例,"
        for one in map(unit, ("A01", "A02", "B01"))
    ]
    (folder / "unit_sites.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    installation = Installation.of(home=folder, as_of=NIGHT_2)
    with open_store(installation.home.database) as kept:
        for night in range(1, nights + 1):
            add_night(installation, kept, night)
        for name, role, unit_id in PEOPLE:
            add_user(
                kept, name=name, password=PASSWORD, role=role, unit_id=unit_id, known_units=("A01", "A02", "B01"),
                by="test", at=BEGIN,
            )  # fmt: skip
    return installation
