"""How fast the desk opens its pages with a year of nights behind it: `python -m bench.desk [nights] [units]`.

A home is built with model values, no crawl: each unit has some thirty findings a night that come and go,
and half of them were decided; of the last nights it also has the readings of a thousand pages a unit, as a real
site leaves them. Then every page is asked many times as an assessor, an administrator and a unit would, and the
95th percentile of each is printed. The bound is 200 ms. `GONGKAI_BENCH_HOME` names a folder to build in, or to
take as it was built before.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from desk import stages
from desk.caseload import load
from desk.decisions import decide
from desk.installation import Installation
from desk.people import add_user
from desk.web import create_app, make_ready
from dossier import store
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Capture,
    Coverage,
    Evidence,
    Judgement,
    Link,
    Outcome,
    PageFacts,
    PageKind,
    Reach,
    UnitReport,
    Verdict,
)
from dossier.model.page import READER_VERSION
from dossier.store import Extent, RunInfo, Store, open_store
from dossier.store.users import account_of

RULES = (
    ("column-empty", {"column": "通知公告"}, "empty"),
    ("wording-error", {"wrong": "招开会议", "right": "召开会议", "severity": "一般"}, "wrong"),
    ("illicit-link", {"text": "友情链接", "target": "http://x.example/", "how": "移出屏幕"}, "hidden"),
)  # fmt: skip
PASSWORD = "a sentence for the bench"
CPU = "处理器："
"""On a machine that does other things too, the time of the processor says what the desk itself needs."""
FIRST = date(2020, 1, 1)
READ_NIGHTS = 12
"""So many last nights have their captures and readings; a case looks back over ten."""
OTHER_PAGES = 460
"""Beside the 540 pages that findings rest on."""
TEXT = "为规范政府信息公开工作，根据有关规定，现将有关事项通知如下。会议要求各单位认真落实，按时报送。" * 60
HEADER = "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note"


def build(home: Path, nights: int, units: int) -> Installation:
    names = [f"A{n:02d}" for n in range(1, 12)] + [f"B{n:02d}" for n in range(1, 44)]
    rows = [
        f"{name},{name[0]},单位{name},单位{name}全称,website,网站,http://www.{name.lower()}.gov.cn/,,,,,obey,,,测速,"
        for name in names[:units]
    ]
    home.mkdir(parents=True)
    (home / "unit_sites.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    last = FIRST + timedelta(days=nights - 1)
    installation = Installation.of(home=home, as_of=last)
    chance = random.Random(20200522)
    pools = {
        one.unit_id: [(n, chance.random(), chance.random()) for n in range(45)] for one in installation.units
    }
    with open_store(installation.home.database) as kept:
        kept.db.conn.execute("PRAGMA synchronous = OFF")
        for night in range(nights):
            whole = night in (0, nights - 1) or night % 30 == 0
            _night(installation, kept, night, pools, whole=whole, read=night >= nights - READ_NIGHTS)
        for name, role, unit in (
            ("wang", "assessor", ""),
            ("boss", "admin", ""),
            ("unit1", "unit", installation.units[-1].unit_id),
        ):
            add_user(
                kept, name=name, password=PASSWORD, role=role, unit_id=unit, known_units=names, by="bench",
                at=datetime.now(UTC),
            )  # fmt: skip
        _decide_half(installation, kept, last)
    return installation


def _night(
    installation: Installation, kept: Store, night: int, pools: dict[str, list[tuple[int, float, float]]], *, whole: bool,
    read: bool,
) -> None:  # fmt: skip
    day = FIRST + timedelta(days=night)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    run_id = f"{day:%Y%m%d}-010000"
    store.record_run(kept, RunInfo(run_id=run_id, as_of=day, started=at, finished=at, kind="nightly"))
    for one in installation.units:
        url = f"http://www.{one.unit_id.lower()}.gov.cn/"
        seen = [
            _outcome(url, n) for n, born, dies in pools[one.unit_id] if born * 365 <= night + 60 and dies * 700 > night
        ]  # fmt: skip
        report = UnitReport(unit_id=one.unit_id, run_id=run_id, started=at, finished=at, finish="finished")
        captures, facts = _pages(one.unit_id, url, at) if read else ([], [])
        store.ingest_unit(kept, run_id, one, report, captures, facts)
        areas = {Area.SITE: AreaCoverage(area=Area.SITE, state=AreaState.COMPLETE)}
        store.save_judgement(
            kept, run_id, Judgement(unit_id=one.unit_id, outcomes=tuple(seen)), Coverage(areas=areas),
            Extent(pages=90, items=300, dated_items=280),
        )  # fmt: skip
        if not whole:
            _quick_nights(kept, run_id, one.unit_id, seen)
    if whole:
        stages.suggest(installation, kept, run_id)
    else:
        for card in store.scorecards(kept, f"{FIRST:%Y%m%d}-010000"):
            kept_card = card.__class__(
                **{**{f: getattr(card, f) for f in card.__struct_fields__}, "run_id": run_id}
            )
            store.save_scorecard(kept, kept_card)


def _quick_nights(kept: Store, run_id: str, unit_id: str, seen: list[Outcome]) -> None:
    """What `stand` would enter, without looking back through every night."""
    store.save_nights(
        kept, run_id, unit_id,
        [
            store.Night(
                fingerprint=store.fingerprint(unit_id, one.rule_id, one.subject), rule_id=one.rule_id,
                subject=one.subject, sight=store.SIGHT_OF[one.verdict], outcome_seq=seq,
            )
            for seq, one in enumerate(seen)
        ],
    )  # fmt: skip


def _pages(unit_id: str, url: str, at: datetime) -> tuple[list[Capture], list[tuple[str, str, PageFacts]]]:
    """A thousand pages as a night reads them: the same every night, as most pages are."""
    captures, facts = [], []
    addresses = [f"{url}p{n}-{m}.html" for n in range(45) for m in range(12)]
    addresses += [f"{url}art/{n}.html" for n in range(OTHER_PAGES)]
    for n, address in enumerate(addresses):
        digest = hashlib.sha256(address.encode()).hexdigest()
        captures.append(
            Capture(
                unit_id=unit_id, asked_url=address, final_url=address, at=at, reach=Reach.OK, status=200,
                content_type="text/html", sha256=digest, length=22_000,
            )
        )  # fmt: skip
        links = tuple(
            Link(url=f"{url}art/{k}.html", text=f"关于第{k}号事项的通知") for k in range(n % 40, n % 40 + 60)
        )
        facts.append(
            (
                address, digest,
                PageFacts(
                    url=address, reader=READER_VERSION, kind=PageKind.ARTICLE, title=f"第{n}页", links=links,
                    text=TEXT + "招开会议" + TEXT, whole_text=TEXT + "招开会议" + TEXT,
                ),
            )
        )  # fmt: skip
    return captures, facts


def _outcome(url: str, n: int) -> Outcome:
    rule, data, key = RULES[n % len(RULES)]
    subject = f"{url}p{n}.html"
    return Outcome(
        rule_id=rule, verdict=Verdict.UNSURE if n % 9 == 0 else Verdict.FAIL, subject=subject, page_url=subject,
        message_key=key, data=dict(data), because="请人工核对" if n % 9 == 0 else "",
        evidence=tuple(
            Evidence(url=f"{url}p{n}-{m}.html", captured_at=datetime(2020, 1, 1, tzinfo=UTC), status=200, sha256="0" * 64,
                     quote="招开会议", note="已查，未见“条目”")
            for m in range(12)
        ),
    )  # fmt: skip


def _decide_half(installation: Installation, kept: Store, today: date) -> None:
    wang = account_of(kept, "wang")
    assert wang
    cases = [one for n, one in enumerate(load(installation, kept, today).waiting) if n % 2]
    for start in range(0, len(cases), 10):
        part = cases[start : start + 10]
        decide(
            kept, [(one.deficiency, one.state) for one in part], "dismiss" if start % 70 == 0 else "confirm", who=wang,
            at=datetime.now(UTC), today=today, reason="测速", seen={one.number: 0 for one in part},
        )  # fmt: skip


Ask = Callable[..., None]


def measure(installation: Installation, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every page, as those who may open it ask for it."""
    from desk.web.signin import limiter

    app = create_app(installation, dated=True, testing=True)
    make_ready(app)  # as `serve` does before it says that the desk is open
    limiter.enabled = False
    spent: dict[str, list[float]] = {}
    wang, mark = _seat(app.test_client(), "wang", spent)
    boss, _ = _seat(app.test_client(), "boss", spent)
    unit, _ = _seat(app.test_client(), "unit1", spent)
    wang("第一次打开", "/morning")
    with open_store(installation.home.database) as kept:
        load_ = load(installation, kept, installation.as_of)
        numbers = [one.number for one in load_.waiting]
        decided = [one.number for one in load_.cases if one.state.in_force]
        own = [one.number for one in load_.by_unit[installation.units[-1].unit_id] if one.state.in_force]
    chance = random.Random(1)
    for _ in range(rounds):
        number = chance.choice(numbers)
        wang("今晨", "/morning")
        wang("队列（含打开第一条）", "/work")
        wang("队列，筛选", "/work?rule=wording-error&order=points")
        wang("队列，全部", "/work?stage=all&order=severity")
        wang("队列，搜索", "/work?q=召开&stage=all")
        wang("问题", f"/case/{number}")
        wang("问题，别的证据", f"/case/{number}?at={chance.randrange(12)}")
        wang("问题，前后对照", f"/case/{chance.choice(decided)}?stage=confirmed")
        wang("一组", f"/group?unit={number[:3]}&rule=column-empty")
        wang("一组，各单位", "/group?rule=column-empty&verdict=fail")
        wang("评分表", f"/unit/{number[:3]}")
        wang("单位的全部经过", f"/unit/{number[:3]}/story")
        wang("排名", "/ranking")
        wang("规则", "/rules")
        wang("一条规则", "/rules/column-empty")
        wang("整改", "/rectify")
        wang("一个问题的整改", f"/case/{chance.choice(decided)}/life")
        wang("复查", "/rechecks")
        wang("文书", "/notices")
        wang("通知预览", f"/notices/preview/{number[:3]}")
        wang("情况专报", "/drafts/brief.html")
        wang("考核材料", "/campaign?year=2020")
        wang("探测", "/probes")
        wang("两夜对照", "/compare")
        wang("运行", "/runs")
        wang("进度", "/runs/progress")
        wang("日志", "/audit")
        wang("日志，按对象", f"/audit?object={number}")
        boss("清单与表", "/tables")
        boss("用户", "/users")
        boss("设置", "/settings")
        unit("单位：本单位的问题", "/mine")
        unit("单位：整改与期限", "/mine/life")
        unit("单位：一个问题", f"/mine/{chance.choice(own)}")
    for number in numbers[:rounds]:
        wang("作决定", f"/case/{number}/decide", {"csrf_token": mark, "kind": "confirm", "seen": "0"})
        wang("决定后的下一条", "/work")
    return spent


def _seat(client: FlaskClient, name: str, spent: dict[str, list[float]]) -> tuple[Ask, str]:
    """Somebody signed in, who asks for pages against the clock; and the mark that their forms carry."""

    def token(path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
        assert found
        return found[1]

    signed = client.post("/login", data={"csrf_token": token("/login"), "name": name, "password": PASSWORD})
    assert signed.status_code == 302

    def ask(page: str, path: str, data: dict[str, str] | None = None) -> None:
        begun, worked = time.perf_counter(), time.process_time()
        answer = client.post(path, data=data) if data else client.get(path, follow_redirects=True)
        spent.setdefault(page, []).append((time.perf_counter() - begun) * 1000)
        spent.setdefault(CPU + page, []).append((time.process_time() - worked) * 1000)
        assert answer.status_code in (200, 302), (path, answer.status_code)

    return ask, token("/password")


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def main() -> int:
    nights = int(sys.argv[1]) if len(sys.argv) > 1 else 365
    units = int(sys.argv[2]) if len(sys.argv) > 2 else 54
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        home = Path(os.environ.get("GONGKAI_BENCH_HOME", folder)) / "home"
        if home.is_dir():
            installation = Installation.of(home=home, as_of=FIRST + timedelta(days=nights - 1))
        else:
            build(home.with_name("unfinished"), nights, units)
            home.with_name("unfinished").rename(home)  # what broke off is never taken for a year
            installation = Installation.of(home=home, as_of=FIRST + timedelta(days=nights - 1))
        size = installation.home.database.stat().st_size / 1e6
        print(
            f"{units} 个单位 × {nights} 夜，数据库 {size:.0f} MB，造数 {time.perf_counter() - begun:.0f} 秒，"
            f"开始时机器负载 {os.getloadavg()[0]:.1f}（{os.cpu_count()} 核）"
        )
        spent = measure(installation, rounds=40)
    worst = worst_cpu = 0.0
    for name, times in spent.items():
        if name.startswith(CPU):
            continue
        p95, cpu = _p95(times), _p95(spent[CPU + name])
        worst, worst_cpu = max(worst, p95), max(worst_cpu, cpu)
        print(
            f"{name}：中位 {statistics.median(times):.0f} ms，p95 {p95:.0f} ms，其中处理器时间 p95 {cpu:.0f} ms"
        )
    print(
        f"最慢 p95 {worst:.0f} ms（处理器时间 {worst_cpu:.0f} ms），{'不超过' if worst <= 200 else '超过'} 200 ms，"
        f"结束时机器负载 {os.getloadavg()[0]:.1f}"
    )
    return 0 if worst <= 200 else 1


if __name__ == "__main__":
    sys.exit(main())
