"""Not seen is not missing: what a night's captures allow us to say of each part of a site."""

from __future__ import annotations

from datetime import date

import pytest

from dossier.assembly.shape import same_addresses
from dossier.model import (
    Area,
    AreaState,
    Capture,
    Item,
    Link,
    LinkPlace,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
    Skipped,
)
from tests.dossier.small_site import (
    COLUMNS,
    HOME_LINKS,
    HOST,
    PLATFORM_LINKS,
    START,
    at,
    nav,
    state,
    whole,
)


@pytest.mark.parametrize("area", [area for area in Area if area not in (Area.LEADERS, Area.INTERPRETATION)])
def test_all_of_a_site_that_was_all_seen_is_complete(area: Area) -> None:
    assert state(whole().put_together(), area) is AreaState.COMPLETE


def test_what_no_page_leads_to_is_absent_when_every_page_was_seen() -> None:
    made = whole().put_together()
    assert state(made, Area.LEADERS) is AreaState.ABSENT
    assert f"{HOST}/xxgk/" in made.coverage.areas[Area.LEADERS].pages


@pytest.mark.parametrize(
    "reach", [Reach.SILENT, Reach.BLOCKED, Reach.REFUSED, Reach.BROKEN, Reach.DISALLOWED, Reach.OFF_SITE]
)
def test_what_is_linked_and_was_not_seen_is_unreached_and_never_absent(reach: Reach) -> None:
    made = whole("/zn/").miss("/zn/", reach).put_together()
    assert state(made, Area.GUIDE) is AreaState.UNREACHED
    assert made.coverage.areas[Area.GUIDE].unseen[0].because == reach.value


def test_gone_once_is_not_seen_and_gone_twice_is_not_there() -> None:
    assert state(whole("/zn/").miss("/zn/", Reach.GONE).put_together(), Area.GUIDE) is AreaState.UNREACHED
    assert state(whole("/zn/").miss("/zn/", Reach.GONE, 2).put_together(), Area.GUIDE) is AreaState.ABSENT


def test_a_link_that_was_never_asked_hides_what_it_leads_to() -> None:
    made = whole("/zn/").put_together(
        finish="budget", skipped=(Skipped(url=f"{HOST}/zn/", because="budget"),), skipped_counts={"budget": 1}
    )
    assert state(made, Area.GUIDE) is AreaState.UNREACHED
    assert made.coverage.areas[Area.GUIDE].unseen[0].because == "budget"
    assert state(made, Area.SITE) is AreaState.PARTIAL


def test_a_platform_on_a_host_that_is_not_listed_is_unreached_with_all_its_columns() -> None:
    home = (nav("http://xxgk.elsewhere.gov.cn/", "政府信息公开"), *HOME_LINKS[1:])
    made = whole("/xxgk/", *(path for path, _ in COLUMNS), home=home).put_together()
    assert state(made, Area.PLATFORM) is AreaState.UNREACHED
    assert made.coverage.areas[Area.PLATFORM].unseen[0].because == "off-site"
    assert state(made, Area.GUIDE) is not AreaState.ABSENT
    assert state(made, Area.APPLICATION) is not AreaState.ABSENT


def test_a_blocked_platform_hides_its_columns() -> None:
    made = whole("/xxgk/", "/zn/").miss("/xxgk/", Reach.BLOCKED).put_together()
    assert state(made, Area.PLATFORM) is AreaState.UNREACHED
    assert state(made, Area.GUIDE) in (AreaState.PARTIAL, AreaState.UNREACHED)


def test_a_platform_drawn_by_script_may_hold_what_it_does_not_show() -> None:
    site = whole("/xxgk/", "/zn/", platform=PLATFORM_LINKS[1:])
    made = site.see("/xxgk/", PageKind.PLATFORM, *PLATFORM_LINKS[1:], script_lists=True).put_together()
    assert state(made, Area.PLATFORM) is AreaState.PARTIAL
    assert state(made, Area.GUIDE) is AreaState.PARTIAL


def test_an_unseen_link_of_no_known_name_may_lead_to_what_is_looked_for() -> None:
    platform = (*PLATFORM_LINKS[1:], nav("/gd/", "更多公开事项"))
    made = whole("/zn/", platform=platform).miss("/gd/").put_together()
    assert state(made, Area.GUIDE) is AreaState.PARTIAL


def test_an_unseen_link_of_another_known_name_does_not() -> None:
    made = whole("/zn/", "/dt/", platform=PLATFORM_LINKS[1:]).miss("/dt/").put_together()
    assert state(made, Area.GUIDE) is AreaState.ABSENT


@pytest.mark.parametrize("reach", [Reach.BLOCKED, Reach.SILENT, Reach.BROKEN, Reach.GONE])
def test_a_home_page_that_was_not_seen_leaves_nothing_to_say(reach: Reach) -> None:
    made = whole("/").miss("/", reach, 2).put_together(finish="home-unseen")
    assert not made.coverage.inspected
    assert made.coverage.because


def test_a_home_page_drawn_by_script_was_not_seen() -> None:
    made = whole("/").see("/", PageKind.SHELL).put_together()
    assert not made.coverage.inspected


@pytest.mark.parametrize("finish", ["network-down", "crashed", "no-address"])
def test_a_crawl_that_ended_so_leaves_nothing_to_say(finish: str) -> None:
    assert not whole().put_together(finish=finish).coverage.inspected


def test_a_crawl_without_a_report_leaves_nothing_to_say() -> None:
    assert not whole().put_together(no_report=True).coverage.inspected


def test_fewer_pages_than_the_list_says_make_everything_partial() -> None:
    made = whole().put_together(min_pages=100)
    assert made.coverage.inspected
    assert {found.state for found in made.coverage.areas.values()} == {AreaState.PARTIAL}
    assert "100" in made.coverage.because


def test_far_fewer_pages_than_on_other_nights_make_everything_partial() -> None:
    made = whole().put_together(history={"pages": 300.0})
    assert {found.state for found in made.coverage.areas.values()} == {AreaState.PARTIAL}


def test_lists_that_are_suddenly_empty_freeze_the_structure() -> None:
    made = whole().put_together(history={"pages": 10.0, "items": 400.0})
    assert made.frozen_structure


def test_a_site_that_kept_few_of_its_addresses_was_rebuilt() -> None:
    assert whole().put_together(history={"same_addresses": 0.1}).frozen_structure
    assert not whole().put_together(history={"same_addresses": 0.8}).frozen_structure


def test_documents_that_suddenly_read_as_nothing_freeze_the_structure() -> None:
    made = whole().put_together(history={"pages": 8.0, "kind:document": 40.0})
    assert "公文页面" in made.frozen_structure


def test_an_address_that_was_asked_again_and_did_not_answer_was_not_moved() -> None:
    def night(reach: Reach) -> list[Capture]:
        return [
            Capture(unit_id="B07", asked_url=f"{HOST}/{number}.html", at=START, reach=reach)
            for number in range(40)
        ]

    assert same_addresses(night(Reach.OK), night(Reach.SILENT)) == 1.0
    assert same_addresses(night(Reach.OK), ()) == 0.0
    assert same_addresses(night(Reach.OK)[:5], ()) is None


def test_a_part_of_a_page_that_was_seen_is_no_unseen_place() -> None:
    framed = Link(url=at("/foot.html"), tag="iframe", place=LinkPlace.FOOTER)
    site = whole("/jg/", home=(*HOME_LINKS[:3], framed))
    assert state(site.put_together(), Area.FUNCTIONS) is AreaState.PARTIAL
    site.capture(
        "/foot.html", Reach.OK, PageFacts(url=at("/foot.html"), text="版权"), purpose=Purpose.INCLUDE
    )
    assert state(site.put_together(), Area.FUNCTIONS) is AreaState.ABSENT


def test_a_list_is_complete_for_the_year_once_an_older_entry_was_reached() -> None:
    def listed(day: date) -> AreaState:
        site = whole("/zc/")
        items = (Item(title="一份文件", url=f"{HOST}/zc/1", date=day),)
        site.see("/zc/", PageKind.COLUMN, items=items, next_pages=(f"{HOST}/zc/index_1.html",))
        site.see("/zc/1", PageKind.DOCUMENT).miss("/zc/index_1.html")
        return state(site.put_together(), Area.POLICY)

    assert listed(date(2019, 12, 30)) is AreaState.COMPLETE
    assert listed(date(2020, 3, 1)) is AreaState.PARTIAL


def test_a_document_of_the_year_that_was_not_seen_leaves_its_column_partly_seen() -> None:
    def with_unseen(day: date) -> AreaState:
        site = whole("/zc/")
        site.see("/zc/", PageKind.COLUMN, items=(Item(title="一份文件", url=f"{HOST}/zc/1", date=day),))
        return state(site.miss("/zc/1").put_together(), Area.POLICY)

    assert with_unseen(date(2020, 5, 1)) is AreaState.PARTIAL
    assert with_unseen(date(2018, 5, 1)) is AreaState.COMPLETE


@pytest.mark.parametrize(
    ("columns", "why", "wanted"),
    [
        (6, Reach.DISALLOWED, AreaState.COMPLETE),
        (2, Reach.DISALLOWED, AreaState.PARTIAL),
        (6, Reach.BLOCKED, AreaState.PARTIAL),
        (6, Reach.SILENT, AreaState.PARTIAL),
    ],
)
def test_what_the_frame_offers_beside_every_column_and_closes_to_everybody_is_no_unseen_part_of_one(
    columns: int, why: Reach, wanted: AreaState
) -> None:
    calendar = Item(title="日历查询", url=f"{HOST}/calendar?m=9")
    site = whole("/zn/").miss("/calendar?m=9", why)
    site.see("/zn/", PageKind.COLUMN, title="公开指南", text="指南" * 200, items=(calendar,))
    for n in range(columns - 1):
        site.see(f"/fd/{n}/", PageKind.COLUMN, title=f"事项{n}", items=(calendar,))
    assert state(site.put_together(), Area.GUIDE) is wanted
