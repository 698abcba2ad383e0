"""Twelve weeks of one autumn: 54 units, nights, review, notices, appeals, rechecks, closing, a relapse, the bulletin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from nights import BEGIN, night, said, unit

from desk import caseload, decisions, lives, rectification, stages
from desk.caseload import Caseload
from desk.clock import BEIJING
from desk.installation import Installation
from desk.life import Life, Status
from desk.noticing import issue_notices, issue_recheck_results, ledger_of
from desk.papers.issuing import damage, drift, files_of
from desk.papers.text import Grid, read_back
from desk.period_papers import bulletin_of, issue_bulletin, issue_result
from desk.periods import (
    before,
    close_year,
    closed_scores,
    quarter_of,
    year_of,
)
from dossier import store
from dossier.store import Recheck, RecheckResult, RunInfo, Sighting, Store, open_store
from dossier.store.issued import issued_papers
from dossier.store.users import Account, Role

UNITS = [*(f"A{n:02d}" for n in range(1, 12)), *(f"B{n:02d}" for n in range(1, 44))]
ASSESSOR = Account(name="张三", role=Role.ASSESSOR, password="", created=BEGIN)
ADMIN = Account(name="王五", role=Role.ADMIN, password="", created=BEGIN)
RULES = ("link-broken", "document-metadata-incomplete")
CSV = "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note\n"


class Autumn:
    """A home of 54 units on a simulated calendar: day 0 is 28 September 2020."""

    def __init__(self, root: Path, kept: Store) -> None:
        lines = [
            f"{u},{u[0]},单位{u},单位{u}全称,website,单位{u}网站,http://{u.lower()}.example.gov.cn/,,,,,obey,,,,"
            for u in UNITS
        ]
        (root / "unit_sites.csv").write_text(CSV + "\n".join(lines) + "\n", "utf-8")
        self.root, self.kept, self.now = root, kept, BEGIN
        self.mended: set[tuple[str, str]] = set()
        self.statuses: set[Status] = set()
        self.installation = Installation.of(home=root, as_of=date(2020, 9, 28))

    def go_to(self, day: int, hour: int = 10) -> None:
        self.now = datetime(2020, 9, 28, hour - 8, tzinfo=UTC) + timedelta(days=day)
        self.installation = Installation.of(home=self.root, as_of=self.today)

    @property
    def today(self) -> date:
        return self.now.astimezone(BEIJING).date()

    @property
    def load(self) -> Caseload:
        return caseload.load(self.installation, self.kept, self.today)

    def lives(self) -> dict[str, Life]:
        found = lives.lives(self.kept, self.load, self.installation.calendar)
        self.statuses |= {life.status for life in found.values()}
        return found

    def make_night(self, number: int) -> None:
        for unit_id in UNITS:
            one = msgspec.structs.replace(
                unit(unit_id), short_name=f"单位{unit_id}", full_name=f"单位{unit_id}全称"
            )
            page = f"http://{unit_id.lower()}.example.gov.cn/zw/"
            faults = [
                said(rule, f"{page}{rule}.html", page=f"{page}{rule}.html")
                for rule in RULES
                if (unit_id, rule) not in self.mended
            ]
            night(self.kept, number, faults, captures=(), of=one, whole=True)
        stages.suggest(self.installation, self.kept, f"R{number}")

    def numbers(self, units: Iterable[str], rule: str = "") -> list[str]:
        return [
            case.number
            for case in self.load.cases
            if case.unit.unit_id in units and rule in ("", case.rule_id)
        ]

    def decide(self, kind: str, numbers: Iterable[str], **more: object) -> None:
        load = self.load
        cases = [(load.by_number[number].deficiency, load.by_number[number].state) for number in numbers]
        decisions.decide(
            self.kept, cases, kind, who=ASSESSOR, at=self.now, today=self.today, reason="已核实",
            seen={d.number: s.last_event for d, s in cases}, **more,
        )  # type: ignore[arg-type]  # fmt: skip

    def answer(self, kind: str, number: str) -> None:
        case = self.load.by_number[number]
        who = Account(name="李四", role=Role.UNIT, unit_id=case.unit.unit_id, password="", created=BEGIN)
        decisions.answer(
            self.kept,
            case.deficiency,
            case.state,
            kind=kind,
            text="已整改到位",
            attachment=None,
            who=who,
            at=self.now,
        )

    def recheck_due(self, result: Callable[[str], RecheckResult]) -> int:
        """What the schedule does in the morning, with the looks given instead of fetched."""
        due = {one.deficiency_no for one in store.due_rechecks(self.kept, self.today)}
        run = f"K{self.today:%m%d}-{self.now:%H}"
        store.record_run(self.kept, RunInfo(run_id=run, as_of=self.today, started=self.now, kind="recheck"))
        seen = Sighting(
            url="http://a.gov.cn/", run_id=run, at=self.now, reach="ok", status=200, sha256="ab" * 32
        )
        made = tuple(
            Recheck(
                deficiency_no=number, run_id=run, first_run="R1", base_run="R2", result=result(number), because="所见",
                before=(seen,), after=(seen,), at=self.now,
            )
            for number in sorted(due)
        )  # fmt: skip
        store.save_rechecks(self.kept, made)
        return len(made)


@pytest.fixture
def autumn(tmp_path: Path) -> Iterable[Autumn]:
    with open_store(tmp_path / "data" / "gongkai.db") as kept:
        yield Autumn(tmp_path, kept)


def of(*units: str) -> tuple[str, ...]:
    return units


def test_twelve_weeks_from_first_night_to_the_years_result(autumn: Autumn) -> None:
    # Week 1: three nights, then the review.
    for number in (1, 2, 3):
        autumn.go_to(number, 12)
        autumn.make_night(number)
    autumn.go_to(10)  # 8 October is the last day of the holiday
    every = autumn.numbers(UNITS)
    assert len(every) == 108
    assert {autumn.lives()[n].status for n in every} == {Status.PENDING}
    autumn.decide("dismiss", autumn.numbers(of("A02")))
    autumn.decide("adjust", autumn.numbers(of("B05")), points=Decimal("0.25"))
    rest = [n for n in every if n[:3] not in ("A02", "B05")]
    autumn.decide("confirm", rest)
    known = autumn.lives()
    assert {known[n].status for n in rest} == {Status.CONFIRMED}
    decided = store.decisions(autumn.kept)

    # 9 October: 53 notices, fifteen working days.
    autumn.go_to(11)
    papers = issue_notices(autumn.installation, autumn.kept, autumn.load, who=ASSESSOR, at=autumn.now)
    assert len(papers) == 53
    assert {paper.due for paper in papers} == {date(2020, 10, 29)}, "Saturday 10 October was worked"
    assert [paper.number for paper in papers[:2]] == ["整改通知〔2020〕1号", "整改通知〔2020〕2号"]
    assert not issue_notices(autumn.installation, autumn.kept, autumn.load, who=ASSESSOR, at=autumn.now), (
        "told once"
    )
    frozen = {paper.number: files_of(autumn.kept, paper.no) for paper in papers}

    # Week 3: appeals and reports.
    autumn.go_to(17)
    a04, a05, a06 = (autumn.numbers(of(unit_id)) for unit_id in ("A04", "A05", "A06"))
    for number in (*a04, *a05):
        autumn.answer("appeal", number)
    for number in a06:
        autumn.answer("explain", number)
    known = autumn.lives()
    assert {known[n].status for n in (*a04, *a05)} == {Status.APPEALED}
    assert {known[n].status for n in a06} == {Status.ANSWERED}
    autumn.go_to(18, 14)  # a report brings a look on the next morning
    assert {autumn.lives()[n].status for n in a06} == {Status.RECHECKING}
    assert autumn.recheck_due(lambda _: RecheckResult.FIXED) == 2
    known = autumn.lives()
    assert {known[n].status for n in a06} == {Status.FIXED}
    for number in a06:
        rectification.close(autumn.kept, known[number], who=ASSESSOR, at=autumn.now)
    autumn.mended |= {("A06", rule) for rule in RULES}
    assert {autumn.lives()[n].status for n in a06} == {Status.CLOSED}

    # Week 4: one appeal is granted, one is not; the refused one gets its days back.
    autumn.go_to(24)
    autumn.decide("dismiss", a04)
    autumn.decide("confirm", a05)
    known = autumn.lives()
    assert {known[n].status for n in a04} == {Status.DISMISSED}
    assert {known[n].status for n in a05} == {Status.NOTIFIED}
    assert all(known[n].due and known[n].due > date(2020, 10, 29) for n in a05)

    # 29 October is still the units' day; on the 30th what is due is looked at again.
    autumn.go_to(31)
    assert not rectification.overdue(autumn.load, autumn.lives())
    autumn.go_to(32, 6 + 8)
    kinds = list(RecheckResult)

    def looked(number: str) -> RecheckResult:
        return kinds[int(number[1:3]) % 4]

    assert {autumn.lives()[n].status for n in autumn.numbers(of("B01"))} == {Status.RECHECKING}
    assert autumn.recheck_due(looked) >= 100
    known = autumn.lives()
    late = rectification.overdue(autumn.load, known)
    assert late
    assert all(known[case.number].look.result is RecheckResult.NOT_FIXED for case, _ in late)  # type: ignore[union-attr]
    assert not any(case.unit.unit_id in ("A04", "A05", "A06") for case, _ in late)
    result_papers = issue_recheck_results(
        autumn.installation, autumn.kept, autumn.load, who=ASSESSOR, at=autumn.now
    )
    assert len(result_papers) >= 50

    # Week 6: one gets more time, the others are told again; what was mended is struck off; moved pages by hand.
    autumn.go_to(35)
    known = autumn.lives()
    first = late[0][0].number
    rectification.extend(
        autumn.kept,
        known[first],
        date(2020, 11, 20),
        reason="改版",
        who=ASSESSOR,
        at=autumn.now,
        today=autumn.today,
    )
    assert autumn.lives()[first].status is Status.NOT_FIXED
    again = issue_notices(
        autumn.installation, autumn.kept, autumn.load, who=ASSESSOR, at=autumn.now, again=True, days=10
    )
    assert 0 < len(again) < 20
    assert "再次责令" in read_back(again[0].value).blocks[1].text  # type: ignore[union-attr]
    known = autumn.lives()
    with pytest.raises(decisions.Refused, match="不能销号"):
        rectification.close(autumn.kept, known[late[-1][0].number], who=ASSESSOR, at=autumn.now)
    moved = next(life for life in known.values() if life.status is Status.MOVED)
    with pytest.raises(decisions.Refused, match="写明"):
        rectification.close(autumn.kept, moved, who=ASSESSOR, at=autumn.now)
    rectification.close(autumn.kept, moved, reason="新地址已核对", who=ASSESSOR, at=autumn.now)
    for life in [one for one in known.values() if one.status is Status.FIXED]:
        rectification.close(autumn.kept, life, who=ASSESSOR, at=autumn.now)

    # Week 9: what A06 had mended comes again; a person confirms it, and a new notice follows.
    autumn.go_to(60, 12)
    autumn.mended -= {("A06", RULES[0])}
    autumn.make_night(60)
    autumn.go_to(61)
    broken = autumn.numbers(of("A06"), RULES[0])[0]
    assert autumn.lives()[broken].status is Status.REOPENED
    assert [
        p.unit_id
        for p in issue_notices(autumn.installation, autumn.kept, autumn.load, who=ASSESSOR, at=autumn.now)
    ] == []
    autumn.decide("confirm", [broken])
    life = autumn.lives()[broken]
    assert (life.status, len(life.relapses)) == (Status.CONFIRMED, 1)
    assert len(issue_notices(autumn.installation, autumn.kept, autumn.load, who=ASSESSOR, at=autumn.now)) == 1
    assert autumn.lives()[broken].status is Status.NOTIFIED

    # Nights and rechecks added nothing to what people decided.
    assert store.decisions(autumn.kept)[: len(decided)] == decided
    assert autumn.statuses == set(Status), f"不曾出现：{set(Status) - autumn.statuses}"

    # Week 12: the quarter's bulletin; every group adds up, and what was issued is as it left.
    autumn.go_to(84)
    bulletin = issue_bulletin(
        autumn.installation, autumn.kept, autumn.load, quarter_of(autumn.today), who=ASSESSOR, at=autumn.now
    )
    text = read_back(bulletin.value)
    assert text.title[0] == "关于2020年第四季度"
    progress = next(one for one in text.blocks if isinstance(one, Grid) and "整改率" in one.heads)
    for row in progress.rows:
        whole, closed, fixed, going, appealed, unseen, undone, overdue = map(int, row[2:10])
        assert whole == closed + fixed + going + appealed + unseen + undone
        assert overdue <= undone
    columns = list(zip(*(row[2:10] for row in progress.rows[:-1]), strict=True))
    assert [str(sum(map(int, column))) for column in columns] == list(progress.rows[-1][2:10])
    table, count = ledger_of(autumn.installation, autumn.kept, autumn.load)
    assert len([row for row in table.rows if row[0]]) == count
    assert sum((Decimal(row[10]) for row in table.rows if row[10]), Decimal(0)) == Decimal(table.total[10])
    for paper in issued_papers(autumn.kept):
        assert damage(autumn.kept, paper) + drift(autumn.kept, paper) == ()
        if paper.number in frozen:
            assert files_of(autumn.kept, paper.no) == frozen[paper.number]

    # The year ends; its sheets are frozen, and the next quarter has something to be compared with.
    with pytest.raises(decisions.Refused, match="还没有结束"):
        close_year(autumn.installation, autumn.kept, autumn.load, 2020, who=ADMIN, at=autumn.now)
    autumn.go_to(100)
    with pytest.raises(decisions.Refused, match="写明理由"):
        close_year(autumn.installation, autumn.kept, autumn.load, 2020, who=ADMIN, at=autumn.now)
    closed_units = close_year(
        autumn.installation,
        autumn.kept,
        autumn.load,
        2020,
        who=ADMIN,
        at=autumn.now,
        reason="线下指标另行汇总",
    )
    assert len(closed_units) == 54
    scores = closed_scores(autumn.kept, 2020)
    autumn.decide("adjust", autumn.numbers(of("B05")), points=Decimal(3))
    assert closed_scores(autumn.kept, 2020) == scores, "a closed sheet does not move"
    result = read_back(
        issue_result(autumn.installation, autumn.kept, autumn.load, 2020, who=ADMIN, at=autumn.now).value
    )
    shown = {row[1]: row for row in result.tables[0].rows}
    assert {unit_id: Decimal(row[5]) for unit_id, row in shown.items()} == scores
    for row in shown.values():
        assert 100 - Decimal(row[3]) + Decimal(row[4]) == Decimal(row[5])
    after = bulletin_of(
        autumn.installation,
        autumn.kept,
        autumn.load,
        quarter_of(autumn.today),
        day=autumn.today,
        made=autumn.now,
    )
    assert "与上期（2020年第四季度）相比" in "".join(getattr(one, "text", "") for one in after.blocks)
    assert before(quarter_of(date(2021, 1, 6))).name == "2020年第四季度"
    assert year_of(2020).last == date(2020, 12, 31)
