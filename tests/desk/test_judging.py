"""A run is judged unit by unit, by today's rules, from what the database holds."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nights import BEGIN, HOME, capture, dump, report, run, sha, unit

from checks.registry import rule_of
from desk import judging, rejudge
from desk.installation import Installation
from desk.judging import accounts, judge_run
from dossier import store
from dossier.home import Home
from dossier.model import AccountFacts, Claim, Exemption, Judgement, Outcome, Reach, Unit, Verdict
from dossier.reading import read
from dossier.store import Store, open_store

ROOT = Path(__file__).parents[2]
NEWS = "".join(
    f'<li><a href="/dt/{n}.html">测试市召开第{n}次会议</a><span>2020-09-2{n}</span></li>' for n in range(8)
)
HOME_PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>测试市人民政府</title></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/dt/">政务要闻</a></li></ul></div>
<div class="news"><h2>政务要闻</h2><ul>{NEWS}</ul></div>
<div class="footer">主办：测试市人民政府办公室 网站标识码：1401000001</div></body></html>"""
WITH_ENTRY = HOME_PAGE.replace("</ul></div>", '<li><a href="/zwgk/">政府信息公开</a></li></ul></div>', 1)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(Home(tmp_path), date(2020, 9, 29))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def visited(
    kept: Store, installation: Installation, one: Unit, html: str = HOME_PAGE, number: int = 1
) -> None:
    """A night that saw the home page and, of its links, that the news are there."""
    store.record_run(kept, run(number))
    vocabulary = installation.vocabulary
    body = html.encode()
    facts = read(body, url=HOME, content_type="text/html", as_of=run(number).as_of, vocabulary=vocabulary)
    seen = [capture(HOME, number, sha256=sha(html), unit_id=one.unit_id)]
    readings = [(HOME, sha(html), facts)]
    for path in ("dt/", *(f"dt/{n}.html" for n in range(8))):
        url = HOME + path
        page = (
            b"<html><head><title>x</title></head><body><h1>x</h1><p>"
            + "正文。".encode() * 40
            + b"</p></body></html>"
        )
        seen.append(capture(url, number, unit_id=one.unit_id))
        readings.append(
            (url, seen[-1].sha256, read(page, url=url, as_of=run(number).as_of, vocabulary=vocabulary))
        )
    closed = msgspec.structs.replace(report(number), unit_id=one.unit_id, asked=len(seen))
    store.ingest_unit(kept, f"R{number}", one, closed, seen, readings)


def judge(
    kept: Store, installation: Installation, *units: Unit, number: int = 1, workers: int = 1
) -> dict[str, Judgement]:
    return judge_run(
        kept, f"R{number}", units, rules=installation.tables.rules, calendar=installation.calendar,
        vocabulary=installation.vocabulary, workers=workers,
    )  # fmt: skip


def of_rule(judgement: Judgement, rule_id: str) -> list[Outcome]:
    return [one for one in judgement.outcomes if one.rule_id == rule_id]


def test_a_home_page_without_an_entry_fails_and_one_with_it_does_not(
    kept: Store, installation: Installation
) -> None:
    visited(kept, installation, unit("A01"))
    visited(kept, installation, unit("A02"), WITH_ENTRY)
    said = judge(kept, installation, unit("A01"), unit("A02"))
    assert [one.verdict for one in of_rule(said["A01"], "platform-entry-missing")] == [Verdict.FAIL]
    assert Verdict.FAIL not in [one.verdict for one in of_rule(said["A02"], "platform-entry-missing")]
    assert store.judgement_of(kept, "R1", "A01") == said["A01"]
    coverage = store.coverage_of(kept, "R1", "A01")
    assert coverage is not None
    assert coverage.inspected


def test_judging_a_run_again_changes_no_row(kept: Store, installation: Installation) -> None:
    visited(kept, installation, unit())
    judge(kept, installation, unit())
    rows = dump(kept.path)
    judge(kept, installation, unit())
    assert dump(kept.path) == rows


def test_two_processes_say_what_one_says(
    kept: Store, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "WORTH_A_PROCESS", 1)
    units = [unit(f"A{n:02}") for n in range(1, 6)]
    for number, one in enumerate(units):
        visited(kept, installation, one, WITH_ENTRY if number % 2 else HOME_PAGE)
    alone = judge(kept, installation, *units)
    begun: list[int] = []
    beside = judging._judge_beside

    def spied(*given: Any) -> Iterator[judging.Judged]:
        begun.append(given[-1])
        return beside(*given)

    monkeypatch.setattr(judging, "_judge_beside", spied)
    assert judge(kept, installation, *units, workers=2) == alone
    assert begun == [2]
    assert list(alone) == [one.unit_id for one in units]


BESIDE_A_NIGHT = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from desk import judging
beside = ProcessPoolExecutor(2, mp_context=judging.processes(), initializer=judging.end_with_the_night)
print(*{beside.submit(os.getpid).result() for _ in range(20)}, flush=True)
time.sleep(60)
"""


def test_what_judges_beside_a_night_ends_when_the_night_is_killed() -> None:
    night = subprocess.Popen(
        [sys.executable, "-c", BESIDE_A_NIGHT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert night.stdout is not None
    beside = [int(number) for number in night.stdout.readline().split()]
    assert beside
    assert all(map(_lives, beside))
    night.kill()
    night.wait()
    night.stdout.close()
    for _ in range(100):
        if not any(map(_lives, beside)):
            return
        time.sleep(0.1)
    pytest.fail(f"{beside} still wait for work")


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_unit_that_was_not_inspected_gets_no_outcome_of_its_pages(
    kept: Store, installation: Installation
) -> None:
    store.record_run(kept, run())
    blocked = capture(HOME, body=None, reach=Reach.BLOCKED)
    store.ingest_unit(kept, "R1", unit("A01"), report(finish="blocked"), [blocked], ())
    store.ingest_unit(kept, "R1", unit("A02"), None, (), ())
    said = judge(kept, installation, unit("A01"), unit("A02"), unit("A03"))
    assert set(said) == {"A01", "A02"}, "what the run did not visit is not judged"
    for unit_id in said:
        assert Verdict.FAIL not in {one.verdict for one in said[unit_id].outcomes}
        assert "platform-entry-missing" in {one.rule_id for one in said[unit_id].not_called}
        coverage = store.coverage_of(kept, "R1", unit_id)
        assert coverage is not None
        assert not coverage.inspected
        assert coverage.because


def test_a_unit_whose_papers_break_the_program_costs_the_others_nothing(
    kept: Store, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited(kept, installation, unit("A01"))
    visited(kept, installation, unit("A02"))
    whole = judging.assemble

    def breaks(one: Unit, **papers: object) -> object:
        if one.unit_id == "A01":
            raise RecursionError("too deep")
        return whole(one, **papers)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(judging, "assemble", breaks)
    said = judge(kept, installation, unit("A01"), unit("A02"))
    assert said["A01"].outcomes == ()
    coverage = store.coverage_of(kept, "R1", "A01")
    assert coverage is not None
    assert (coverage.inspected, coverage.finish) == (False, "crashed")
    assert said["A02"].outcomes


def test_an_exemption_silences_its_rule_until_its_day(kept: Store, installation: Installation) -> None:
    visited(kept, installation, unit())
    store.add_exemption(
        kept,
        Exemption(
            unit_id="A01",
            rule_id="platform-entry-missing",
            reason="并入省平台",
            author="张",
            until=date(2020, 9, 29),
        ),
    )
    said = judge(kept, installation, unit())
    assert [one.verdict for one in of_rule(said["A01"], "platform-entry-missing")] == [Verdict.NOT_APPLICABLE]


def test_a_night_that_found_half_of_what_nights_find_accuses_nobody_of_an_absence(
    kept: Store, installation: Installation
) -> None:
    for number in (1, 2):
        visited(kept, installation, unit(), number=number)
        judge(kept, installation, unit(), number=number)
    assert store.history(kept, "A01")["pages"] == 10
    store.record_run(kept, run(3))
    thin = HOME_PAGE
    facts = read(thin.encode(), url=HOME, as_of=run(3).as_of, vocabulary=installation.vocabulary)
    store.ingest_unit(
        kept, "R3", unit(), report(3), [capture(HOME, 3, sha256=sha(thin))], [(HOME, sha(thin), facts)]
    )
    said = judge(kept, installation, unit(), number=3)
    absences = [
        one
        for one in said["A01"].outcomes
        if (rule := rule_of(one.rule_id)) and rule.claim is Claim.ABSENCE and rule.needs
    ]
    assert absences
    assert Verdict.FAIL not in {one.verdict for one in absences}


def test_rejudging_lists_what_flips_and_keeps_nothing(kept: Store, installation: Installation) -> None:
    visited(kept, installation, unit())
    said = judge(kept, installation, unit())["A01"]
    assert rejudge.flips(kept, installation, "R1") == ()
    changed = [
        msgspec.structs.replace(one, verdict=Verdict.PASS) if one.rule_id == "platform-entry-missing" else one
        for one in said.outcomes
    ]
    coverage = store.coverage_of(kept, "R1", "A01")
    assert coverage is not None
    store.save_judgement(
        kept, "R1", msgspec.structs.replace(said, outcomes=tuple(changed)), coverage,
        store.Extent(pages=10, items=8, dated_items=8),
    )  # fmt: skip
    rows = dump(kept.path)
    found = rejudge.flips(kept, installation, "R1")
    assert [(flip.rule_id, flip.subject, flip.before, flip.after) for flip in found] == [
        ("platform-entry-missing", "A01", Verdict.PASS, Verdict.FAIL)
    ]
    assert str(found[0]) == "A01 platform-entry-missing A01：通过 → 不通过"
    assert dump(kept.path) == rows


def seen_account(state: str, day: int = 29, via: str = "http") -> AccountFacts:
    at = datetime(2020, 9, day, 1, tzinfo=UTC)
    return AccountFacts(
        unit_id="A01", channel="wechat", account_id="gh", state=state, observed_at=at, via=via
    )


@pytest.mark.parametrize(
    ("crawled", "day", "chosen"),
    [("unread", 28, "import"), ("open", 28, "http"), ("login", 1, "http"), ("blocked", 30, "http")],
    ids=["a person saw what the crawl could not", "the crawl saw it", "too long ago", "after the night"],
)
def test_what_a_person_saw_lately_stands_in_for_what_the_crawl_could_not(
    crawled: str, day: int, chosen: str
) -> None:
    found = accounts([seen_account(crawled)], [seen_account("open", day, "import")], date(2020, 9, 29))
    assert [one.via for one in found] == [chosen]


def test_the_last_of_several_observations_counts() -> None:
    found = accounts(
        [], [seen_account("gone", 28, "import"), seen_account("open", 20, "import")], date(2020, 9, 29)
    )
    assert [one.state for one in found] == ["gone"]
    assert BEGIN.tzinfo is UTC
