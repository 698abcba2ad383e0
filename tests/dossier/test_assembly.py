"""A night's captures are put together to the pages of a site, and each page stands where the site shows it."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from dossier.model import (
    Area,
    AreaState,
    Column,
    Footer,
    Item,
    Link,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
    Via,
)
from tests.dossier.small_site import (
    COLUMNS,
    HOME_LINKS,
    HOST,
    NAMES,
    PLATFORM_LINKS,
    START,
    Site,
    at,
    nav,
    state,
    whole,
)


def test_a_redirect_makes_one_page_of_two_addresses() -> None:
    site = whole()
    facts = PageFacts(url=f"{HOST}/new", kind=PageKind.ARTICLE)
    site.capture("/old", Reach.OK, facts, final_url=f"{HOST}/new")
    site.capture("/new", Reach.OK, facts, final_url=f"{HOST}/new")
    made = site.put_together()
    assert f"{HOST}/new" not in made.pages
    page = made.page(f"{HOST}/new")
    assert page is not None
    assert page.url == f"{HOST}/old"


def test_a_browser_that_failed_does_not_undo_what_was_seen() -> None:
    site = whole().capture("/dt/", Reach.BROKEN, via=Via.BROWSER)
    page = site.put_together().page(f"{HOST}/dt/")
    assert page is not None
    assert page.ok
    assert [one.reach for one in page.tries] == [Reach.BROKEN, Reach.OK]


def test_a_footer_that_is_loaded_into_the_page_is_the_pages_own() -> None:
    blank = Footer(**dict.fromkeys(Footer.__struct_fields__))
    whole_foot = Footer(**dict.fromkeys(Footer.__struct_fields__, True))
    site = whole("/").see("/", PageKind.HOME, *HOME_LINKS, footer=blank, includes=(f"{HOST}/foot.html",))
    site.capture(
        "/foot.html",
        Reach.OK,
        PageFacts(url=f"{HOST}/foot.html", footer=whole_foot, links=(nav("/zn/", "公开指南"),)),
        purpose=Purpose.INCLUDE,
    )
    made = site.put_together()
    home = made.page(f"{HOST}/")
    assert home is not None
    assert home.facts is not None
    assert home.facts.footer == whole_foot
    assert home.facts.includes == ()
    assert state(made, Area.HOME) is AreaState.COMPLETE
    assert f"{HOST}/foot.html" not in made.pages


def test_a_part_of_the_home_page_that_was_not_fetched_leaves_it_partly_seen() -> None:
    site = whole("/").see("/", PageKind.HOME, *HOME_LINKS, includes=(f"{HOST}/foot.html",))
    made = site.put_together()
    home = made.page(f"{HOST}/")
    assert state(made, Area.HOME) is AreaState.PARTIAL
    assert home is not None
    assert home.facts is not None
    assert home.facts.includes == (f"{HOST}/foot.html",)


def test_a_list_drawn_from_data_that_was_fetched_belongs_to_its_column() -> None:
    site = whole("/dt/").see("/dt/", PageKind.COLUMN, script_lists=True, data_sources=(f"{HOST}/dt.json",))
    item = Item(title="一条消息", url=f"{HOST}/dt/1", date=date(2020, 11, 1))
    site.capture("/dt.json", Reach.OK, PageFacts(url=f"{HOST}/dt.json", items=(item,)), purpose=Purpose.DATA)
    site.see("/dt/1", PageKind.ARTICLE)
    made = site.put_together()
    column = made.page(f"{HOST}/dt/")
    article = made.page(f"{HOST}/dt/1")
    assert column is not None
    assert column.facts is not None
    assert column.facts.items == (item,)
    assert not column.facts.script_lists
    assert article is not None
    assert article.columns == {Column.NEWS}
    assert article.list_date == date(2020, 11, 1)


@pytest.mark.parametrize(("kind", "unseen"), [("text/html", True), ("application/json", False)])
def test_a_page_in_place_of_a_lists_data_says_nothing_of_the_list(kind: str, unseen: bool) -> None:
    data = f"{HOST}/dt.json"
    site = whole("/dt/").see("/dt/", PageKind.COLUMN, data_sources=(data,))
    notice = PageFacts(url=data, whole_text="系统维护中" if unseen else "")
    site.capture("/dt.json", Reach.OK, notice, purpose=Purpose.DATA, content_type=kind)
    column = site.put_together().page(f"{HOST}/dt/")
    assert column is not None
    assert column.facts is not None
    assert column.facts.data_sources == ((data,) if unseen else ())


def test_the_second_page_of_a_list_stands_where_the_first_stands() -> None:
    site = whole("/zc/").see("/zc/", PageKind.COLUMN, next_pages=(f"{HOST}/zc/index_1.html",))
    site.see("/zc/index_1.html", items=(Item(title="旧文件", url=f"{HOST}/zc/9"),)).see(
        "/zc/9", PageKind.DOCUMENT
    )
    page = site.put_together().page(f"{HOST}/zc/9")
    assert page is not None
    assert Column.POLICY in page.columns


@pytest.mark.parametrize(("beside", "own"), [(1, False), (5, True)])
def test_news_in_a_rail_beside_every_column_belong_to_their_own_column_alone(beside: int, own: bool) -> None:
    news = (Item(title="某县召开水利工作会议", url=f"{HOST}/dt/9"),)
    named = dict(COLUMNS)
    paths = ("/zc/", "/fd/", "/nb/", "/zd/", "/zn/")[:beside]
    site = whole(*paths)
    for path in paths:
        site.see(path, column=NAMES[named.get(path, "政策文件")], items=news)
    page = site.see("/dt/9", PageKind.ARTICLE, breadcrumb=("动态",)).put_together().page(f"{HOST}/dt/9")
    assert page is not None
    assert Column.NEWS in page.columns
    assert (page.columns == {Column.NEWS}) is own


@pytest.mark.parametrize(("calls_itself", "normative"), [(Column.POLICY, False), (None, True)])
def test_a_catalogue_does_not_make_documents_normative_that_stand_in_a_column_of_another_name(
    calls_itself: Column | None, normative: bool
) -> None:
    links = (*PLATFORM_LINKS, nav("/zc/", "规范性文件"))
    site = whole("/zc/", platform=links).see(
        "/zc/", column=calls_itself, items=(Item(title="关于调整领导组成员的通知", url=f"{HOST}/zc/9"),)
    )
    page = site.see("/zc/9", PageKind.DOCUMENT).put_together().page(f"{HOST}/zc/9")
    assert page is not None
    assert (Column.NORMATIVE in page.columns) is normative


def test_who_links_to_a_page_is_known_under_the_address_of_the_page() -> None:
    made = whole().put_together()
    assert made.inbound[f"{HOST}/zn/"] == ((f"{HOST}/xxgk/", "公开指南"),)


def _carry(site: Site, *paths: str, nights: int = 3) -> Site:
    """These pages were last asked some nights ago."""
    urls = {at(path) for path in paths}
    site.captures = [
        msgspec.structs.replace(one, at=one.at - timedelta(days=nights), carried="r0")
        if one.asked_url in urls
        else one
        for one in site.captures
    ]
    return site


def _with_texts(count: int) -> tuple[Site, list[str]]:
    site = whole()
    paths = [f"/dt/{number}.html" for number in range(count)]
    for path in paths:
        site.see(path, PageKind.ARTICLE)
    return site, paths


def test_a_carried_page_makes_no_area_look_incomplete_and_is_counted() -> None:
    site, paths = _with_texts(8)
    plain = site.put_together(asked=20)
    snapshot = _carry(site, *paths).put_together(asked=12)
    assert {area: one.state for area, one in snapshot.coverage.areas.items()} == {
        area: one.state for area, one in plain.coverage.areas.items()
    }
    assert snapshot.coverage.carried == 8
    assert plain.coverage.carried == 0
    assert snapshot.coverage.oldest_carried == snapshot.pages[at(paths[0])].capture.at
    assert snapshot.coverage.oldest_carried < START


def test_carried_pages_stand_where_the_crawl_met_them() -> None:
    site, paths = _with_texts(8)
    plain = list(site.put_together().pages)
    assert list(_carry(site, *paths[2:5]).put_together().pages) == plain


def test_a_page_that_was_asked_after_all_is_known_by_that_alone() -> None:
    site, paths = _with_texts(2)
    _carry(site, paths[0])
    site.miss(paths[0], Reach.GONE, tries=2)
    page = site.put_together().pages[at(paths[0])]
    assert page.capture.reach is Reach.GONE
    assert page.gone_twice
    assert not any(one.carried for one in page.tries)


def test_a_list_in_a_frame_goes_on_where_its_page_goes_on() -> None:
    """The pager stands in the frame and leads to the further pages of the page around it."""
    from dossier.assembly.pages import _include

    column = PageFacts(
        url="http://a.gov.cn/docs/main.htm", reader=1, includes=("http://a.gov.cn/frames/docs.htm",)
    )
    frame = PageFacts(
        url="http://a.gov.cn/frames/docs.htm",
        reader=1,
        links=tuple(
            Link(url=f"http://a.gov.cn/docs/main{n or ''}.htm", text=str(n + 1), tag="a") for n in (0, 1)
        ),
    )
    assert _include(column, frame).next_pages == ("http://a.gov.cn/docs/main1.htm",)


def test_a_site_that_shuts_its_doors_does_not_look_whole_because_nobody_knocked() -> None:
    site, paths = _with_texts(40)
    _carry(site, *paths)
    for number in range(60):
        site.miss(f"/zc/{number}.html", Reach.REFUSED)
    snapshot = site.put_together(history={"pages": 100})
    assert "视为没有看全" in snapshot.coverage.because
    assert snapshot.coverage.state(Area.HOME) is AreaState.PARTIAL
