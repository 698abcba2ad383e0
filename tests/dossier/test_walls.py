"""One answer for many addresses is somebody at the door, and says nothing of what is behind it."""

from __future__ import annotations

from typing import Any

import pytest

from dossier.model import (
    Area,
    AreaState,
    FormFacts,
    Link,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
)
from tests.dossier.small_site import (
    HOST,
    Site,
    at,
    nav,
    state,
    whole,
)


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


def test_the_few_that_another_host_of_the_unit_sends_home_on_such_a_night_are_not_dead_either() -> None:
    other = "http://zwgk.example.gov.cn/nb/"
    site = gone(other, "soft-404:home", whole())
    assert site.put_together().pages[other].gone_twice
    for number in range(1, 7):
        gone(f"/{number}.html", "soft-404:home", site)
    gone("http://zwgk.example.gov.cn/old.html", "status-404", site)
    made = site.put_together()
    assert made.pages[other].capture.reach is Reach.BROKEN
    assert made.pages["http://zwgk.example.gov.cn/old.html"].gone_twice


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


def test_a_single_login_page_where_nobody_spoke_of_one_hides_what_was_to_be_seen() -> None:
    login = (FormFacts(purpose="login"),)
    site = whole("/nb/")
    site.see("/nb/", PageKind.OTHER, nav("/help.html", "帮助"), whole_text="请登录后访问", forms=login)
    made = site.put_together()
    assert made.pages[at("/nb/")].capture.reach is Reach.BLOCKED
    assert state(made, Area.ANNUAL) is AreaState.UNREACHED


@pytest.mark.parametrize(
    ("path", "label"), [("/hd/", "用户登录"), ("/user/login.do", "我的"), ("/sq/", "在线申请")]
)
def test_a_login_page_that_is_called_so_beforehand_hides_nothing(path: str, label: str) -> None:
    site = Site().see("/", PageKind.HOME, nav(path, label), nav("/xw/", "动态"))
    site.see(path, PageKind.OTHER, whole_text="请登录", forms=(FormFacts(purpose="login"),))
    assert site.put_together().pages[at(path)].ok


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
