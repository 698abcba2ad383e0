"""A week of probes is a verdict; a day of them, or a week of our own outage, is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from checks.rules import site_unreachable
from desk import probing
from desk.clock import BEIJING
from desk.installation import Installation
from dossier.model import Coverage, CrawlJob, Outcome, ProbeSample, SiteSnapshot, Verdict
from dossier.store import open_store, probes

HEAD = "unit_id,class,short_name,full_name,channel,name,url,account_id,site_code,extra_hosts,min_pages,robots,active_from,active_until,source,note"
LAST = date(2020, 9, 30)
Opens = Callable[[str, datetime], bool]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    rows = [
        f"A0{n},A,城{n},城{n}市人民政府,website,网站,http://www.c{n}.gov.cn/,,,,,,,,,"[:-1] for n in (1, 2)
    ]
    (tmp_path / "unit_sites.csv").write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    return Installation.of(home=tmp_path, as_of=LAST)


def week(
    installation: Installation, opens: Opens, *, a_day: int = 24, ours: bool = False
) -> dict[str, Outcome]:
    """Seven days of rounds in simulated time, then the rule's word on each host."""
    with open_store(installation.home.database) as kept:
        for number in range(7 * a_day):
            moment = datetime(2020, 9, 24, tzinfo=BEIJING) + timedelta(days=1) / a_day * number

            def knock(job: CrawlJob, at: datetime = moment) -> tuple[tuple[ProbeSample, ...], bool]:
                assert job.settings.timeout_seconds == 15
                hosts = [row.url.split("/")[2] for one in job.units for row in one.unit.websites]
                samples = tuple(
                    ProbeSample(
                        host=host, at=at, opened=opens(host, at), elapsed_ms=900, reason="timeout", ours=ours
                    )
                    for host in hosts
                )
                return samples, ours

            done = probing.probe(installation, kept, knock)
            assert len(done.samples) == 2
            probing.probe(installation, kept, knock)  # the same round told twice is one
        hosts = ("www.c1.gov.cn", "www.c2.gov.cn")
        since = datetime(2020, 9, 1, tzinfo=BEIJING)
        series = probes(kept, hosts, since=since, until=since + timedelta(days=60))
    assert len(series) == 2 * 7 * a_day
    said = {}
    for unit in installation.units:
        site = SiteSnapshot(
            unit=unit, run_id="r", as_of=LAST, pages={}, coverage=Coverage(), calendar=installation.calendar,
            tables=installation.tables.rules, probes=series,
        )  # fmt: skip
        for outcome in site_unreachable.check(site):
            said[outcome.subject] = outcome
    return said


def test_one_probe_in_twenty_over_a_week_is_a_fault(installation: Installation) -> None:
    def opens(host: str, at: datetime) -> bool:
        return host == "www.c2.gov.cn" or not (at.hour == 3 or at.hour == 4)

    said = week(installation, opens)
    assert said["www.c1.gov.cn"].verdict is Verdict.FAIL
    assert said["www.c1.gov.cn"].data["failed"] == 14
    assert said["www.c1.gov.cn"].data["total"] == 168
    assert said["www.c2.gov.cn"].verdict is Verdict.PASS


def test_a_share_below_the_limit_is_none(installation: Installation) -> None:
    said = week(installation, lambda _host, at: at.hour != 3)
    assert {one.verdict for one in said.values()} == {Verdict.PASS}  # 7 of 168 are 4.2 %


def test_too_few_probes_only_ask(installation: Installation) -> None:
    said = week(installation, lambda _host, at: at.hour != 0, a_day=12)
    assert {one.verdict for one in said.values()} == {Verdict.UNSURE}


def test_our_own_outage_is_taken_out_of_the_series(installation: Installation) -> None:
    said = week(installation, lambda _host, _at: False, ours=True)
    assert {one.verdict for one in said.values()} == {Verdict.NOT_APPLICABLE}


def test_a_round_is_told_in_chinese(installation: Installation) -> None:
    at = datetime(2020, 9, 30, 8, tzinfo=BEIJING)
    closed = ProbeSample(host="www.c1.gov.cn", at=at, opened=False, reason="timeout", elapsed_ms=15000)
    opened = ProbeSample(host="www.c2.gov.cn", at=at, opened=True)
    assert "打开 1 个" in probing.in_words(probing.Round((closed, opened), False))
    assert "www.c1.gov.cn" in probing.in_words(probing.Round((closed, opened), False))
    assert "本机网络" in probing.in_words(probing.Round((), True))


def test_a_crashed_process_records_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with open_store(installation.home.database) as kept, pytest.raises(probing.ProbeCrashed):
        probing.probe(installation, kept)
