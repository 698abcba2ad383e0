"""A crawl ends: budgets, depth and traps are bounds, and what they leave out is counted."""

from __future__ import annotations

from dossier.model import Purpose, Reach, UnitJob
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, Visit, page

A = "http://a.gov.cn"


def test_the_page_budget_goes_to_what_the_rules_look_for_and_the_rest_is_counted(run: Run) -> None:
    wanted = {"/zwgk.html": "政府信息公开", "/zn.html": "政府信息公开指南", "/jg.html": "机构职能"}
    rest = {f"/rest{n}.html": f"闲话{n}" for n in range(30)}
    site: dict[str, Reply] = {"/": page("首页", "首页", links=rest | wanted)}
    site |= {path: page(label, f"{label}的内容") for path, label in (wanted | rest).items()}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), max_pages=8)
    asked = {c.asked_url for c in crawled.captures() if c.purpose is Purpose.PAGE}
    assert {A + path for path in wanted} <= asked
    report = crawled.report()
    assert report.finish == "budget"
    assert report.because.startswith("达到单个单位的页数上限")
    assert report.skipped_counts["budget"] == 33 - (len(asked) - 1)
    assert {each.because for each in report.skipped} == {"budget"}


def test_traps_are_left_after_a_while_and_real_pages_are_all_seen(run: Run) -> None:
    def calendar(visit: Visit) -> Reply:
        month = int(visit.path.rpartition("=")[2])
        return page("日历", f"第{month}月 没有活动安排", links={f"/cal?month={month + 1}": "下月"})

    def deeper(visit: Visit) -> Reply:
        if not visit.path.startswith("/deep/"):
            return Reply(404)
        return page(
            "目录", f"目录 {visit.path} 的内容", links={f"{visit.path}x{len(visit.path)}/": "再深一层"}
        )

    articles = {f"/show?id={n}": f"文章{'甲乙丙丁戊己庚辛'[n % 8]}{'子丑寅卯辰'[n // 8]}" for n in range(40)}
    start = {
        "/cal?month=1": "日历",
        "/deep/": "目录",
        "/a/;jsessionid=9F": "会话",
        "/a/;jsessionid=8E": "会话",
    }
    site: dict[str, object] = {"/": page("首页", "首页", links=start | articles), "*": deeper}
    site |= {path: page(label, f"{label}的正文") for path, label in articles.items()}
    site |= {f"/cal?month={n}": calendar for n in range(500)}
    site |= {"/a/;jsessionid=9F": page("会话", "会话页"), "/a/;jsessionid=8E": page("会话", "会话页")}
    with Town({"a.gov.cn": site | {"/robots.txt": Reply(404)}}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), max_depth=40)
        months = [path for path in town.paths("a.gov.cn") if path.startswith("/cal")]
        sessions = [path for path in town.paths("a.gov.cn") if "jsessionid" in path]
    assert len(months) <= 40
    assert len(sessions) == 1
    assert all(crawled.last(A + path).reach is Reach.OK for path in articles)
    counts = crawled.report().skipped_counts
    assert counts == {"trap": 1, "depth": 1}


def test_a_copy_of_the_site_under_another_folder_is_not_walked_again(run: Run) -> None:
    def copy(visit: Visit) -> Reply:
        return page(
            "镜像",
            "同样的内容，同样的话，处处都一样，这一页在每一个目录之下都能看到，没有任何分别，也没有任何新的内容，读过一遍就够了。",
            links={"x/": "往下"},
        )

    with Town({"a.gov.cn": {"*": copy, "/robots.txt": Reply(404)}}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"))
        asked = [path for path in town.paths("a.gov.cn") if path.endswith("x/")]
    assert len(asked) <= 2
    assert crawled.report().finish == "finished"


def test_external_targets_are_bounded_and_counted(run: Run) -> None:
    links = {f"http://e{n}.example/": f"外链{n}" for n in range(6)}
    town_sites = {f"e{n}.example": {"/": page("外", "外")} for n in range(6)}
    with Town({"a.gov.cn": {"/": page("首页", "首页", links=links)}, **town_sites}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), max_external=2)
    asked = [c for c in crawled.captures() if c.purpose is Purpose.EXTERNAL]
    assert len(asked) == 2
    assert crawled.report().skipped_counts == {"budget": 4}
    assert crawled.report().finish == "finished"


def test_a_recheck_asks_only_what_it_was_told_to(run: Run) -> None:
    site = {
        "/": page("首页", "首页", links={"/a.html": "甲"}),
        "/a.html": page("甲", "甲的内容", links={"/b.html": "乙"}),
    }
    job = UnitJob(unit=unit("A01", f"{A}/"), seeds=(f"{A}/a.html", f"{A}/gone.html", "http://x.example/"))
    with Town({"a.gov.cn": site, "x.example": {}}) as town:
        crawled = run(town.proxy, job)
        asked = {path for path in town.paths("a.gov.cn") if "zq" not in path}
    assert asked == {"/robots.txt", "/a.html", "/gone.html"}
    assert crawled.last(f"{A}/gone.html").attempt == 2
    assert crawled.last("http://x.example/").purpose is Purpose.EXTERNAL
    assert crawled.report().finish == "finished"


def test_addresses_of_the_units_own_list_are_seen_besides(run: Run) -> None:
    site = {"/": page("首页", "首页"), "/listed.html": page("文件", "清单里的文件")}
    job = UnitJob(unit=unit("A01", f"{A}/"), extra=(f"{A}/listed.html",))
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, job)
    assert crawled.last(f"{A}/listed.html").reach is Reach.OK


def test_a_unit_ends_at_its_time_bound(run: Run) -> None:
    site = {"/": page("首页", "首页", links={f"/p{n}.html": f"页{n}" for n in range(200)})}
    site |= {f"/p{n}.html": page(f"页{n}", f"内容{n}") for n in range(200)}
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), delay_seconds=0.1, unit_seconds=1.5)
    report = crawled.report()
    assert report.finish == "budget"
    assert "时间上限" in report.because
    assert report.skipped_counts["budget"] > 100
