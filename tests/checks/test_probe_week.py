"""Which days of probes count on the morning of a night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checks.rules import site_unreachable
from dossier.model import (
    Channel,
    Coverage,
    ProbeSample,
    RuleTables,
    SiteRow,
    SiteSnapshot,
    Unit,
    UnitClass,
    Verdict,
    WorkCalendar,
)

AS_OF = date(2020, 9, 30)
HOST = "www.example.gov.cn"
ROW = SiteRow(unit_id="B01", channel=Channel.WEBSITE, name="示例", url=f"http://{HOST}/")
SITE = SiteSnapshot(
    unit=Unit(unit_id="B01", unit_class=UnitClass.B, short_name="示例", full_name="示例", sites=(ROW,)),
    run_id="r",
    as_of=AS_OF,
    pages={},
    coverage=Coverage(),
    calendar=WorkCalendar(first_year=2020, last_year=2020),
    tables=RuleTables(
        thresholds={
            "site-unreachable.days": 7,
            "site-unreachable.seconds": 15,
            "site-unreachable.share": 0.05,
            "site-unreachable.probes_a_day": 20,
        }
    ),
)


def probes(first: date, days: int, a_day: int, fail_each: int) -> list[ProbeSample]:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)
    return [
        ProbeSample(
            host=HOST,
            at=start + timedelta(days=day, minutes=60 * n),
            opened=(day * a_day + n) % fail_each != 0,
        )
        for day in range(days)
        for n in range(a_day)
    ]


def said(samples: list[ProbeSample]) -> Verdict:
    (outcome,) = site_unreachable.check(replace(SITE, probes=tuple(samples)))
    return outcome.verdict


@pytest.mark.parametrize(("fail_each", "verdict"), [(10, Verdict.FAIL), (200, Verdict.PASS)])
def test_early_in_the_morning_the_seven_whole_days_before_count(fail_each: int, verdict: Verdict) -> None:
    week = probes(AS_OF - timedelta(days=7), 7, 24, fail_each)
    this_morning = probes(AS_OF, 1, 1, 1000)
    assert said(week + this_morning) is verdict


def test_late_in_the_evening_the_day_itself_counts() -> None:
    assert said(probes(AS_OF - timedelta(days=6), 7, 24, 10)) is Verdict.FAIL


def test_six_days_are_not_a_week() -> None:
    assert said(probes(AS_OF - timedelta(days=6), 6, 24, 10)) is Verdict.UNSURE
