"""Not seen is not missing: what a night's captures allow us to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import msgspec
import pytest

from dossier.assembly import assemble
from dossier.assembly.shape import same_addresses
from dossier.model import (
    Area,
    AreaState,
    Capture,
    Channel,
    Column,
    Footer,
    FormFacts,
    Item,
    Link,
    LinkPlace,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
    RuleTables,
    SiteRow,
    SiteSnapshot,
    Skipped,
    Unit,
    UnitClass,
    UnitReport,
    Via,
    WorkCalendar,
)

HOST = "http://www.example.gov.cn"
START = datetime(2020, 11, 20, 1, tzinfo=UTC)
NAMES = {
    "首页": Column.HOME,
    "政府信息公开": Column.PLATFORM,
    "公开指南": Column.GUIDE,
    "公开制度": Column.RULES,
    "主动公开": Column.STATUTORY,
    "年报": Column.ANNUAL,
    "依申请公开": Column.APPLICATION,
    "机构职能": Column.FUNCTIONS,
    "领导": Column.LEADERS,
    "政策文件": Column.POLICY,
    "规范性文件": Column.NORMATIVE,
    "动态": Column.NEWS,
}


class Names:
    """A vocabulary of a dozen words."""

    hints: ClassVar[dict[str, tuple[str, ...]]] = {
        "disclosure": ("公开", "更多"),
        "unit": ("机构", "公开", "更多"),
    }

    def column_of(self, text: str) -> Column | None:
        return NAMES.get(text)


def at(path: str) -> str:
    return path if path.startswith("http") else HOST + path


def nav(path: str, text: str) -> Link:
    return Link(url=at(path), text=text, place=LinkPlace.NAV)


class Site:
    """Captures and facts, page by page."""

    def __init__(self) -> None:
        self.captures: list[Capture] = []
        self.facts: dict[str, PageFacts] = {}

    def see(self, path: str, kind: PageKind = PageKind.COLUMN, *links: Link, **facts: Any) -> Site:
        made = PageFacts(url=at(path), kind=kind, links=links, **facts)
        return self.capture(path, Reach.OK, made)

    def miss(self, path: str, reach: Reach = Reach.SILENT, tries: int = 1) -> Site:
        for _ in range(tries):
            self.capture(path, reach)
        return self

    def capture(self, path: str, reach: Reach, facts: PageFacts | None = None, **more: Any) -> Site:
        number = len(self.captures)
        digest = f"{number:064x}"
        self.captures.append(
            Capture(
                unit_id="B07",
                asked_url=at(path),
                at=START + timedelta(minutes=number),
                reach=reach,
                sha256=more.pop("sha256", digest) if facts else "",
                **more,
            )
        )
        if facts:
            self.facts[self.captures[-1].sha256] = facts
        return self

    def put_together(self, *, min_pages: int = 0, no_report: bool = False, **report: Any) -> SiteSnapshot:
        history = report.pop("history", None)
        row = SiteRow(
            unit_id="B07", channel=Channel.WEBSITE, name="示例厅", url=f"{HOST}/", min_pages=min_pages
        )
        closed = UnitReport(
            unit_id="B07", run_id="r", started=START, finished=START, **{"finish": "finished", **report}
        )
        return assemble(
            Unit(
                unit_id="B07", unit_class=UnitClass.B, short_name="示例厅", full_name="示例厅", sites=(row,)
            ),
            run_id="r",
            as_of=date(2020, 11, 20),
            report=None if no_report else closed,
            captures=self.captures,
            facts_of=lambda capture: self.facts.get(capture.sha256),
            calendar=WorkCalendar(first_year=2019, last_year=2020),
            tables=RuleTables(),
            vocabulary=Names(),
            history=history,
        )


HOME_LINKS = (
    nav("/xxgk/", "政府信息公开"),
    nav("/dt/", "动态"),
    nav("/zc/", "政策文件"),
    nav("/jg/", "机构职能"),
)
COLUMNS = (
    ("/zn/", "公开指南"),
    ("/zd/", "公开制度"),
    ("/fd/", "主动公开"),
    ("/nb/", "年报"),
    ("/ysq/", "依申请公开"),
)
PLATFORM_LINKS = tuple(nav(path, text) for path, text in COLUMNS)


def whole(
    *without: str, home: tuple[Link, ...] = HOME_LINKS, platform: tuple[Link, ...] = PLATFORM_LINKS
) -> Site:
    """A small site, all of it seen, except for the paths named."""
    site = Site()
    pages: dict[str, tuple[PageKind, tuple[Link, ...], dict[str, Any]]] = {
        "/": (PageKind.HOME, home, {}),
        "/xxgk/": (PageKind.PLATFORM, platform, {}),
        "/dt/": (PageKind.COLUMN, (), {}),
        "/zc/": (PageKind.COLUMN, (), {}),
        "/jg/": (PageKind.FUNCTIONS, (), {"text": "职责" * 20}),
        "/zn/": (PageKind.GUIDE, (), {"text": "指南" * 200}),
        "/zd/": (PageKind.RULES, (), {"text": "制度" * 200}),
        "/fd/": (PageKind.STATUTORY, (), {}),
        "/nb/": (PageKind.COLUMN, (), {}),
        "/ysq/": (PageKind.APPLICATION, (), {"text": "申请" * 200}),
    }
    for path, (kind, links, facts) in pages.items():
        if path not in without:
            site.see(path, kind, *links, **facts)
    return site


def state(site: SiteSnapshot, area: Area) -> AreaState:
    return site.coverage.state(area)


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


def wall(site: Site, *paths: str, says: str = "用户登录 请先登录") -> Site:
    for path in paths:
        facts = PageFacts(url=at(path), kind=PageKind.COLUMN, whole_text=says)
        site.capture(path, Reach.OK, facts, sha256="w" * 64)
    return site


def test_one_answer_under_three_names_is_a_wall_and_what_it_hides_is_not_missing() -> None:
    hidden = ("/zn/", "/zd/", "/nb/")
    made = wall(whole(*hidden), *hidden).put_together()
    assert {state(made, area) for area in (Area.GUIDE, Area.RULES, Area.ANNUAL)} == {AreaState.UNREACHED}
    page = made.page(f"{HOST}/nb/")
    assert page is not None
    assert page.capture.reach is Reach.BLOCKED


@pytest.mark.parametrize(
    ("paths", "says"), [(("/zn/", "/zd/"), "用户登录"), (("/zn/", "/zd/", "/nb/"), "政府信息" * 200)]
)
def test_two_like_answers_or_long_ones_are_pages(paths: tuple[str, ...], says: str) -> None:
    page = wall(whole(*paths), *paths, says=says).put_together().page(f"{HOST}/zn/")
    assert page is not None
    assert page.ok


def test_an_answer_of_no_bytes_does_not_say_that_there_is_nothing() -> None:
    site = whole("/nb/")
    for _ in range(2):
        site.capture("/nb/", Reach.GONE, reason="empty")
    assert state(site.put_together(), Area.ANNUAL) is AreaState.UNREACHED


def gone(path: str, reason: str, site: Site, **more: Any) -> Site:
    for _ in range(2):
        site.capture(path, Reach.GONE, reason=reason, **more)
    return site


def test_the_front_door_in_a_columns_place_does_not_say_that_there_is_no_column() -> None:
    assert (
        state(gone("/nb/", "soft-404:home", whole("/nb/")).put_together(), Area.ANNUAL) is AreaState.UNREACHED
    )
    assert (
        state(gone("/nb/", "soft-404:calibrated", whole("/nb/")).put_together(), Area.ANNUAL)
        is AreaState.UNREACHED
    )
    assert state(gone("/nb/", "status-404", whole("/nb/")).put_together(), Area.ANNUAL) is AreaState.ABSENT


def test_a_page_that_says_of_itself_that_it_is_not_there_is_not_there() -> None:
    site, said = (
        whole("/nb/"),
        PageFacts(url=at("/nb/"), kind=PageKind.ERROR, whole_text="您访问的页面不存在"),
    )
    for number in range(2):
        site.capture("/nb/", Reach.GONE, said, reason="soft-404:calibrated", sha256=f"{number + 77:064x}")
    assert state(site.put_together(), Area.ANNUAL) is AreaState.ABSENT


def test_a_host_that_sends_very_many_addresses_home_had_sent_the_first_of_them_home_too() -> None:
    site = gone("/nb/", "soft-404:home", whole("/nb/"))
    gone("/a.pdf", "wrong-type", site, final_url=at("/"))
    gone("/b.pdf", "wrong-type", site, final_url=at("/b.pdf"))
    assert site.put_together().pages[at("/a.pdf")].capture.reach is Reach.GONE
    site.capture("/old/", Reach.BROKEN, reason="sent-home")
    made = site.put_together()
    assert made.pages[at("/nb/")].capture.reach is Reach.BROKEN
    assert made.pages[at("/a.pdf")].capture.reach is Reach.BROKEN
    assert made.pages[at("/b.pdf")].capture.reach is Reach.GONE


def test_a_host_that_gives_nothing_for_many_addresses_has_a_bad_night() -> None:
    site = gone("/1.pdf", "empty", whole())
    assert site.put_together().pages[at("/1.pdf")].gone_twice
    for number in range(2, 5):
        gone(f"/{number}.pdf", "empty", site)
    made = site.put_together()
    assert {made.pages[at(f"/{number}.pdf")].capture.reach for number in range(1, 5)} == {Reach.BROKEN}


def test_one_login_page_before_many_columns_is_a_wall_though_each_has_a_token_of_its_own() -> None:
    walled = ("/zn/", "/zd/", "/nb/")
    site = whole(*walled)
    for number, path in enumerate(walled):
        said = f"请登录后访问 {at(path)} 编号 4f{number}a9"
        site.see(path, PageKind.OTHER, whole_text=said, forms=(FormFacts(purpose="login"),))
    made = site.put_together()
    assert {made.pages[at(path)].capture.reach for path in walled} == {Reach.BLOCKED}
    assert state(made, Area.GUIDE) is not AreaState.COMPLETE


def test_a_login_page_in_a_files_place_is_a_wall() -> None:
    site = whole().capture(
        "/a.pdf", Reach.OK, PageFacts(url=at("/a.pdf"), whole_text="请登录", forms=(FormFacts(purpose="login"),)),
        purpose=Purpose.ATTACHMENT,
    )  # fmt: skip
    assert site.put_together().pages[at("/a.pdf")].capture.reach is Reach.BLOCKED


def test_a_column_that_shows_the_front_door_was_not_seen() -> None:
    site = whole("/nb/")
    home = site.facts[site.captures[0].sha256]
    site.capture(
        "/nb/", Reach.OK, home, final_url=at("/"), redirects=(at("/nb/"),), sha256=site.captures[0].sha256
    )
    made = site.put_together()
    assert state(made, Area.ANNUAL) is AreaState.PARTIAL
    assert made.coverage.areas[Area.ANNUAL].unseen[0].because == "front-door"


def test_few_addresses_that_lead_home_are_dead_and_many_are_a_bad_night() -> None:
    site = whole()
    for number in range(5):
        gone(f"/{number}.html", "soft-404:home", site)
    assert site.put_together().pages[at("/0.html")].gone_twice
    gone("/5.html", "soft-404:home", site)
    assert not site.put_together().pages[at("/0.html")].gone_twice


def test_a_front_door_that_leads_nowhere_was_not_the_site() -> None:
    for facts in (
        {"whole_text": "本网站正在进行系统升级维护，暂停访问"},
        {"links": (Link(url="https://beian.miit.gov.cn/", text="备案号"),), "whole_text": "系统升级"},
        {
            "links": (nav("/help.html", "帮助"),),
            "whole_text": "请登录",
            "forms": (FormFacts(purpose="login"),),
        },
    ):
        links = facts.pop("links", ())
        made = Site().see("/", PageKind.COLUMN, *links, **facts).put_together()
        assert not made.coverage.inspected
        assert "不像网站首页" in made.coverage.because


def test_a_front_door_with_a_way_in_is_one_however_little_it_says() -> None:
    assert Site().see("/", PageKind.COLUMN, nav("/index2.html", "进入")).put_together().coverage.inspected
    assert Site().see("/", PageKind.COLUMN, whole_text="办" * 700).put_together().coverage.inspected
    drawn = Site().see("/", PageKind.HOME, data_sources=(at("/list.json"),)).put_together()
    assert "不像网站首页" not in drawn.coverage.because


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


def test_a_site_that_shuts_its_doors_does_not_look_whole_because_nobody_knocked() -> None:
    site, paths = _with_texts(40)
    _carry(site, *paths)
    for number in range(60):
        site.miss(f"/zc/{number}.html", Reach.REFUSED)
    snapshot = site.put_together(history={"pages": 100})
    assert "视为没有看全" in snapshot.coverage.because
    assert snapshot.coverage.state(Area.HOME) is AreaState.PARTIAL


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
