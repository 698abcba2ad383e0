"""A night on which we could not see is recognised, said, and costs nobody a point."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bad_nights import UNITS, CalmNight, Inspection, calm_night, inspection, set_trust

sys.path.append(str(Path(__file__).parents[2]))

import checks
from checks.registry import RULES
from desk.clock import today
from desk.doubts import DATED, _of_browser, clock_ahead
from dossier.model import Claim, UnitReport
from dossier.reading.decoding import decode
from dossier.store import open_store, runs
from practice.certificates import Authority
from practice.mishaps import TROUBLES, Line
from practice.serving import Answer
from tests.crawler.killing import kill_browser

claims = {module.RULE.id: module.RULE.claim for module in RULES}


def report(unit_id: str = "A01", **more: Any) -> UnitReport:
    at = "2020-09-30T00:00:00Z"
    base = {"unit_id": unit_id, "run_id": "r", "started": at, "finished": at, "finish": "finished"}
    return msgspec.convert(base | more, UnitReport)


def telling(**clocks: int) -> UnitReport:
    return report(clocks=clocks)


@pytest.fixture
def bad(tmp_path: Path) -> Iterator[Inspection]:
    with inspection(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> CalmNight:
    """The night before, made once: many tests begin with the same one."""
    return calm_night(tmp_path_factory.mktemp("calm") / "home")


@pytest.fixture(scope="module")
def calm_two(tmp_path_factory: pytest.TempPathFactory) -> CalmNight:
    """The same of two units."""
    return calm_night(tmp_path_factory.mktemp("calm") / "home", units=("A02", "B03"))


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_line_that_is_dead_or_lies_from_the_first_ends_with_four_and_records_nothing(
    bad: Inspection, trouble: str
) -> None:
    done = bad.night(line=Line(trouble))
    assert bad.code(done) == 4, (done.output, done.exception)
    assert "网络" in str(done.exception)
    assert bad.runs == []
    with open_store(bad.home / "data" / "gongkai.db") as kept:
        assert runs(kept) == ()
    assert not (bad.home / "reports").exists() or not list((bad.home / "reports").iterdir())


@pytest.mark.parametrize("trouble", TROUBLES)
def test_crawl_processes_of_one_unit_each_know_a_dead_or_lying_line_by_one_another(
    tmp_path: Path, trouble: str
) -> None:
    with inspection(tmp_path / "home", units=("A02", "B03", "B12"), processes=3) as bad:
        done = bad.night(line=Line(trouble))
        assert bad.code(done) == 4, (done.output, done.exception)
        assert bad.runs == []


@pytest.mark.parametrize(
    "trouble",
    [one if one in ("nameless", "portal") else pytest.param(one, marks=pytest.mark.slow) for one in TROUBLES],
)
def test_a_line_that_goes_bad_in_mid_run_accuses_nobody_of_more(
    tmp_path: Path, calm: CalmNight, trouble: str
) -> None:
    with inspection(tmp_path / "home", after=calm.home) as bad:
        done = bad.night("--fresh", line=Line(trouble, after=calm.asked // 2))
        assert bad.code(done) in (0, 3, 4), (done.output, done.exception)
        if bad.code(done) == 4:
            assert bad.fails() == calm.fails
        else:
            assert not bad.fails() - calm.fails
            assert "没有" in bad.paper()


def test_the_portal_is_named_for_what_it_is(bad: Inspection) -> None:
    done = bad.night(line=Line("portal"))
    assert "认证页" in str(done.exception)


@pytest.mark.parametrize(
    "trouble",
    [pytest.param("cut", marks=pytest.mark.slow), pytest.param("gateway", marks=pytest.mark.slow), "portal"],
)
def test_an_outage_that_passes_leaves_no_trace(tmp_path: Path, calm: CalmNight, trouble: str) -> None:
    with inspection(tmp_path / "home", after=calm.home) as bad:
        bad.environment["GONGKAI_NETWORK_PATIENCE"] = "30"
        done = bad.night("--fresh", line=Line(trouble, after=calm.asked // 2, lasts=40))
        assert done.exit_code in (0, 3), (done.output, done.exception)
        assert not bad.fails() - calm.fails
        spared = {row["unit_id"] for row in bad.export("scorecards") if not row["inspected"]}
        left = {key: count for key, count in calm.fails.items() if key[0] not in spared}
        assert dict(bad.fails()) == left or trouble != "cut"


@pytest.mark.parametrize(
    ("trouble", "share", "lasts"),
    [
        ("portal", 0.28, 3),
        *(
            pytest.param(trouble, share, lasts, marks=pytest.mark.slow)
            for trouble, lasts in [
                ("portal", 3),
                ("portal", 15),
                ("portal-511", 8),
                ("gateway", 8),
                ("cut", 8),
            ]
            for share in (0.15, 0.55, 0.88)
        ),
    ],
)
def test_an_outage_of_a_moment_which_no_watch_can_notice_accuses_nobody_of_more(
    tmp_path: Path, calm: CalmNight, trouble: str, share: float, lasts: int
) -> None:
    with inspection(tmp_path / "home", after=calm.home) as bad:
        done = bad.night("--fresh", line=Line(trouble, after=int(calm.asked * share), lasts=lasts))
        assert done.exit_code in (0, 3), (done.output, done.exception)
        assert not bad.fails() - calm.fails


@pytest.mark.parametrize("share", [0.8, 0.9, 0.97])
def test_what_was_seen_before_the_outage_is_taken_up_when_the_line_is_back(
    tmp_path: Path, calm: CalmNight, share: float
) -> None:
    with inspection(tmp_path / "home") as bad:
        lost = bad.night(line=Line("cut", after=int(calm.asked * share)))
        assert bad.code(lost) == 4
        done = bad.night()
        assert done.exit_code in (0, 3), (done.output, done.exception)
        assert bad.fails() == calm.fails
        assert bad.run("evidence", "verify").exit_code == 0


def test_sites_whose_clocks_say_that_ours_is_wrong_are_not_held_to_a_date(tmp_path: Path) -> None:
    ahead = 400
    theirs = today() - timedelta(days=ahead)
    with inspection(tmp_path / "home", as_of=theirs, faults=[]) as bad:
        bad.as_of = None
        assert bad.night().exit_code in (0, 3)  # by their own clocks these sites have been silent for a year
        accused = {rule for _, rule in bad.fails()} & DATED
        assert {"home-stale", "column-stale"} <= accused
        done = bad.night("--fresh", line=Line(clock=timedelta(days=-ahead)))
        assert done.exit_code in (0, 3), done.output
        assert not {rule for _, rule in bad.fails()} & DATED
        assert "本机时钟与" in bad.paper()
        assert "400 天" in bad.paper()
        for unit_id in UNITS:
            assert "本机时钟与" in bad.paper(f"{unit_id}.html")
        bad.as_of = theirs
        done = bad.night("--fresh", line=Line(clock=timedelta(days=-ahead)))
        assert "检查日期不受影响" in bad.paper()


def test_one_site_with_a_wrong_clock_is_its_own_affair(tmp_path: Path) -> None:
    assert not clock_ahead([telling(a=90_000, b=2, c=-3)])
    assert not clock_ahead([telling(a=90_000, b=-90_000)])
    assert not clock_ahead([telling(a=30, b=-20)])
    assert clock_ahead([telling(a=90_000, b=90_010, c=-3)]) == timedelta(seconds=90_000)


def test_a_certificate_store_that_suddenly_trusts_nobody_is_ours(tmp_path: Path) -> None:
    tls = dict.fromkeys(UNITS, "valid")
    with inspection(tmp_path / "home", tls=tls) as bad:
        set_trust(bad, bad.server.authority.pem)
        assert bad.night().exit_code in (0, 3)
        assert not any(rule == "certificate-invalid" for _, rule in bad.fails())
        set_trust(bad, Authority().pem)
        assert bad.night("--fresh").exit_code in (0, 3)
        assert not any(rule == "certificate-invalid" for _, rule in bad.fails())
        asked = [r for r in bad.export("findings") if r["rule_id"] == "certificate-invalid"]
        assert {row["verdict"] for row in asked} == {"unsure"}
        assert "证书库可能过旧" in bad.paper()


def test_one_bad_certificate_among_good_ones_is_the_sites_own(tmp_path: Path) -> None:
    tls = dict.fromkeys(UNITS, "valid") | {"B03": "untrusted"}
    with inspection(tmp_path / "home", tls=tls) as bad:
        set_trust(bad, bad.server.authority.pem)
        assert bad.night().exit_code in (0, 3)
        assert [unit for unit, rule in bad.fails() if rule == "certificate-invalid"] == ["B03"]


def test_a_machine_without_any_root_accuses_no_certificate(tmp_path: Path) -> None:
    with inspection(tmp_path / "home", tls={"A02": "untrusted"}, units=("A02",)) as bad:
        empty = tmp_path / "no-roots"
        empty.mkdir()
        set_trust(bad, b"")
        bad.environment["SSL_CERT_DIR"] = str(empty)
        bad.night()
        assert not any(rule == "certificate-invalid" for _, rule in bad.fails())


@pytest.mark.parametrize("browser", ["missing", "breaks"])
def test_without_a_browser_the_papers_say_whose_pages_were_not_seen(
    tmp_path: Path, calm_two: CalmNight, browser: str
) -> None:
    with inspection(tmp_path / "home", units=("A02", "B03"), after=calm_two.home) as bad:
        folder = tmp_path / "bin"
        folder.mkdir()
        if browser == "breaks":
            (folder / "chromium").write_text("#!/bin/sh\nexit 1\n")
            (folder / "chromium").chmod(0o755)
        bad.environment |= {"PATH": str(folder), "PLAYWRIGHT_BROWSERS_PATH": str(folder)}
        drawn = bad.server.province.sites["B03"].sections["notices"].url
        true = bad.server.province.answer
        shell = b"<html><head><title>x</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>"
        bad.server.province.answer = lambda url: Answer(200, shell) if url == drawn else true(url)  # type: ignore[method-assign]
        bad.server.forget()
        done = bad.night("--fresh", "--set", "crawl.browser=true")
        assert done.exit_code in (0, 3), done.output
        assert "本机没有可用的浏览器：B03" in bad.paper()
        assert not {key for key in bad.fails() if key[0] == "A02"} - set(calm_two.fails)
        more = {rule for unit, rule in bad.fails() - calm_two.fails if unit == "B03"}
        assert not {rule for rule in more if claims[rule] is Claim.ABSENCE}


@pytest.mark.browser
@pytest.mark.skipif(
    not shutil.which("chromium") or not Path("/proc/self/task").is_dir(), reason="no browser, or no /proc"
)
@pytest.mark.parametrize("always", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_browser_killed_while_a_list_is_drawn_costs_nobody_a_point(
    tmp_path: Path, calm_two: CalmNight, always: bool
) -> None:
    with inspection(tmp_path / "home", units=("A02", "B03"), after=calm_two.home) as bad:
        calm, killed = calm_two.fails, []
        drawn = bad.server.province.sites["B03"].sections["notices"].url
        true = bad.server.province.answer
        shell = b"<html><head><title>x</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>"
        whole = true(drawn)
        assert whole is not None
        script = f"document.documentElement.innerHTML = {json.dumps(decode(whole.body, whole.kind)[0])}"

        def answer(url: str) -> Answer | None:
            if url == drawn:
                return Answer(200, shell)
            if not url.endswith("/app.js"):
                return true(url)
            if always or not killed:
                killed.append(kill_browser())
                return Answer(404, b"")
            return Answer(200, script.encode(), "text/javascript; charset=utf-8")

        bad.server.province.answer = answer  # type: ignore[method-assign]
        bad.server.forget()
        done = bad.night("--fresh", "--set", "crawl.browser=true", "--set", "crawl.timeout_seconds=10")
        assert done.exit_code in (0, 3), done.output
        assert killed == ([1, 1] if always else [1])
        assert ("浏览器中途崩溃：B03" in bad.paper()) is always
        assert "本机没有可用的浏览器" not in bad.paper()
        more = {(unit, rule) for unit, rule in bad.fails() - calm}
        assert not {
            rule for unit, rule in more if unit == "A02" or claims[rule] is Claim.ABSENCE or not always
        }


def test_a_browser_that_crashed_too_often_is_said() -> None:
    assert "浏览器中途崩溃：B03" in _of_browser([report("B03", browser="crashed")])[0]


def test_a_night_that_saw_less_than_its_own_history_says_so_on_every_sheet(tmp_path: Path) -> None:
    with inspection(tmp_path / "home", pages=24, faults=[]) as bad:
        bad.night()
        site = bad.server.province.sites["B03"]
        for section in site.sections.values():
            del section.leaves[2:]
        for gone in list(site.leaves)[6:]:
            del site.leaves[gone]
        bad.server.forget()
        done = bad.night("--fresh")
        assert done.exit_code in (0, 3), done.output
        assert "比往常少得多" in bad.paper()
        assert "视为没有看全" in bad.paper("B03.html")
        absences = [
            row for row in bad.export("findings") if row["unit_id"] == "B03" and row["verdict"] == "fail"
        ]
        assert not [row["rule_id"] for row in absences if claims[row["rule_id"]] is Claim.ABSENCE]


def test_each_rule_that_reads_the_inspection_date_is_known_as_dated() -> None:
    root = Path(checks.__file__).parent
    direct = {
        path.stem.replace("_", "-") for path in (root / "rules").glob("*.py") if ".as_of" in path.read_text()
    }
    undated = {"personal-data-exposed"}  # only whether a birth date lies in the future
    assert direct - undated <= DATED
