"""One page does not speak for a template where the lists that lead to the others were not seen."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from made_sites import DEPARTMENT, HOST, page, said, site

from dossier.model import Channel, Column, PageKind, SiteRow, Verdict

OWN = SiteRow(unit_id="B07", channel=Channel.WEBSITE, name="省教育厅", url=f"{HOST}/")


@pytest.mark.parametrize(
    ("seen", "drawn", "verdict"),
    [(1, True, Verdict.UNSURE), (2, True, Verdict.UNSURE), (3, True, Verdict.FAIL), (1, False, Verdict.FAIL)],
)
def test_content_labels_are_asked_where_few_pages_were_seen_behind_lists_that_a_script_draws(
    seen: int, drawn: bool, verdict: Verdict
) -> None:
    made = site(
        page("xw/index.html", (Column.NEWS,), kind=PageKind.COLUMN, title="要闻", script_lists=drawn),
        *(page(f"xw/{n}.html", title=f"第{n}次会议", published=date(2020, 9, 1)) for n in range(seen)),
        unit=msgspec.structs.replace(DEPARTMENT, sites=(OWN,)),
    )
    made.tables.thresholds["page-tags-missing.share"] = 0.5
    assert said("page-tags-missing", made)["content"].verdict is verdict
