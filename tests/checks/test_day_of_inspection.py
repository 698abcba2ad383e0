"""A page from tomorrow is the unit's slip; a site full of them is a day of inspection that was set too early."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from made_sites import AS_OF, DEPARTMENT, HOST, page, said, site

from dossier.model import Channel, DateSource, Page, PageKind, SiteRow, Verdict

OWN = SiteRow(unit_id="B07", channel=Channel.WEBSITE, name="省教育厅", url=f"{HOST}/")


def dated(number: int, day: date) -> Page:
    return page(
        f"xw/{number}.html", kind=PageKind.ARTICLE, title=f"某市召开第{number}次会议",
        published=day, published_from=DateSource.LABEL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ahead", "in_time", "verdict"),
    [(1, 3, Verdict.FAIL), (9, 0, Verdict.FAIL), (10, 40, Verdict.FAIL), (10, 39, Verdict.UNSURE)],
)
def test_many_pages_from_the_future_speak_against_the_day_of_inspection(
    ahead: int, in_time: int, verdict: Verdict
) -> None:
    made = site(
        *(dated(n, date(2020, 12, 1)) for n in range(ahead)),
        *(dated(100 + n, date(2020, 9, 1)) for n in range(in_time)),
        unit=msgspec.structs.replace(DEPARTMENT, sites=(OWN,)),
    )
    made.tables.thresholds["publish-date-future.days"] = 1
    found = said("publish-date-future", made)
    assert [one.verdict for one in found.values()] == [verdict] * ahead
    if verdict is Verdict.UNSURE:
        assert all(f"晚于检查日 {AS_OF}" in one.because for one in found.values())
