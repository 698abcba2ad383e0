"""When our own line is dead, nothing is said of anybody; when one site is dead, that is said of it alone."""

from __future__ import annotations

import socket
import threading
import time

from dossier.archive import read_report
from tests.crawler.conftest import Run, unit
from tests.crawler.town import Reply, Town, Visit, page

HOME = {"/": page("首页", "首页")}


def _dead_port() -> int:
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        return int(hole.getsockname()[1])


def test_a_proxy_that_cannot_be_reached_ends_the_run_with_no_word_about_anybody(run: Run) -> None:
    crawled = run(f"http://127.0.0.1:{_dead_port()}", unit("A01", "http://a.gov.cn/"))
    assert crawled.code == 4
    assert read_report(crawled.out / "A01") is None
    assert [line.note for line in crawled.progress if line.event == "network"] == ["down"]


def test_no_control_address_answers(run: Run) -> None:
    with Town({"a.gov.cn": HOME}) as town:
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"), control=("http://control.example/",))
        assert town.paths("a.gov.cn") == []
    assert crawled.code == 4


def test_every_site_silent_is_our_own_fault(run: Run) -> None:
    with Town({}) as town:
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"), unit("A02", "http://b.gov.cn/"))
    assert crawled.code == 4
    assert crawled.report("A01").finish == "network-down"
    assert crawled.report("A02").finish == "network-down"


def test_one_dead_site_among_living_ones_is_home_unseen(run: Run) -> None:
    with Town({"a.gov.cn": HOME, "b.gov.cn": {"*": Reply(drop=True)}}) as town:
        crawled = run(
            town.proxy,
            unit("A01", "http://a.gov.cn/"),
            unit("A02", "http://b.gov.cn/"),
            unit("A03", "http://none.gov.cn/"),
            unit("A04"),
        )
    assert crawled.code == 0
    assert crawled.report("A01").finish == "finished"
    assert crawled.report("A02").finish == "home-unseen"
    assert "没有应答" in crawled.report("A02").because
    assert crawled.report("A03").finish == "home-unseen"
    assert crawled.report("A04").finish == "no-address"


def test_a_home_page_behind_a_challenge_is_blocked(run: Run) -> None:
    sites = {
        "a.gov.cn": HOME,
        "b.gov.cn": {"*": Reply(412, b"<html></html>")},
        "c.gov.cn": {"*": Reply(403, b"no")},
    }
    with Town(sites) as town:
        crawled = run(town.proxy, *(unit(f"A0{n}", f"http://{host}/") for n, host in enumerate(sites, 1)))
    assert crawled.report("A02").finish == "blocked"
    assert crawled.report("A03").finish == "blocked"


def _outage_at(town: Town, path: str) -> None:
    """The line goes when this page is asked for, and not at some moment of a busy machine's choosing."""
    plain = town.sites["a.gov.cn"][path]
    gone = threading.Event()

    def goes(visit: Visit) -> Reply:
        if not gone.is_set():
            gone.set()
            town.refuse = True
        return plain if isinstance(plain, Reply) else plain(visit)

    town.sites["a.gov.cn"][path] = goes


def test_an_outage_in_the_middle_leaves_no_trace_when_it_passes(run: Run) -> None:
    pages = {f"/p{n}.html": page(f"页{n}", f"内容{n}") for n in range(60)}
    site = {"/": page("首页", "首页", links={path: path for path in pages})} | pages
    with Town({"a.gov.cn": site, "control.example": HOME}) as town:
        _outage_at(town, "/p30.html")

        def ends() -> None:
            """The line comes back when the crawl has asked twice in vain whether it has."""
            until = time.monotonic() + 60
            while time.monotonic() < until:
                begun = next((n for n, visit in enumerate(town.visits) if visit.path == "/p30.html"), None)
                if begun is not None and len(_controls(town.visits[begun:])) >= 2:
                    break
                time.sleep(0.01)
            town.refuse = False

        storm = threading.Thread(target=ends)
        storm.start()
        crawled = run(
            town.proxy,
            unit("A01", "http://a.gov.cn/"),
            control=("http://control.example/",),
            delay_seconds=0.02,
            environment={"GONGKAI_NETWORK_STEP": "0.3"},
        )
        storm.join()
    assert crawled.code == 0
    events = [line.note for line in crawled.progress if line.event == "network"]
    assert events == ["down", "up"]
    assert crawled.report().finish == "finished"
    assert crawled.report().ok == 61, crawled.report().skipped_counts


def _controls(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.host == "control.example"]


def test_an_outage_that_stays_ends_the_run(run: Run) -> None:
    pages = {f"/p{n}.html": page(f"页{n}", f"内容{n}") for n in range(60)}
    site = {"/": page("首页", "首页", links={path: path for path in pages})} | pages
    with Town({"a.gov.cn": site, "control.example": HOME}) as town:
        _outage_at(town, "/p20.html")
        crawled = run(
            town.proxy,
            unit("A01", "http://a.gov.cn/"),
            control=("http://control.example/",),
            delay_seconds=0.02,
            environment={"GONGKAI_NETWORK_STEP": "0.2", "GONGKAI_NETWORK_PATIENCE": "1"},
        )
    assert crawled.code == 4
    assert crawled.report().finish == "network-down"


def test_a_silence_at_the_very_end_of_a_run_is_not_held_against_a_unit_when_our_line_is_gone(
    run: Run,
) -> None:
    """A link that looked dead is asked once more; that second try, the last of the night, meets our own outage."""
    with Town({"a.gov.cn": {}, "b.gov.cn": HOME, "control.example": HOME}) as town:

        def dead(_: Visit) -> Reply:
            town.refuse = True  # whatever is asked from now on finds nobody
            return Reply(404, b"gone")

        town.sites["a.gov.cn"] |= {"/": page("首页", "首页", links={"/x.html": "一"}), "/x.html": dead}
        crawled = run(
            town.proxy,
            unit("A01", "http://a.gov.cn/"),
            unit("A02", "http://b.gov.cn/"),
            control=("http://control.example/",),
            delay_seconds=0.5,
            environment={"GONGKAI_NETWORK_STEP": "0.2", "GONGKAI_NETWORK_PATIENCE": "1"},
        )
    assert crawled.code == 4
    assert crawled.report("A01").finish == "network-down"
    assert crawled.report("A02").finish == "finished"


def test_a_silence_at_the_very_end_of_a_run_is_a_sites_own_when_our_line_is_well(run: Run) -> None:
    with Town({"a.gov.cn": {}, "control.example": HOME}) as town:
        site = {"/": page("首页", "首页", links={"/x.html": "一"}), "/x.html": Reply(drop=True)}
        town.sites["a.gov.cn"] |= site
        crawled = run(town.proxy, unit("A01", "http://a.gov.cn/"), control=("http://control.example/",))
    assert crawled.code == 0
    assert crawled.report("A01").finish == "finished"


def test_one_site_alone_that_dies_at_the_very_end_is_not_taken_for_our_line(run: Run) -> None:
    with Town({"a.gov.cn": {}}) as town:

        def dead(_: Visit) -> Reply:
            town.refuse = True
            return Reply(404, b"gone")

        town.sites["a.gov.cn"] |= {"/": page("首页", "首页", links={"/x.html": "一"}), "/x.html": dead}
        crawled = run(
            town.proxy,
            unit("A01", "http://a.gov.cn/"),
            delay_seconds=0.5,
            environment={"GONGKAI_NETWORK_STEP": "0.2", "GONGKAI_NETWORK_PATIENCE": "1"},
        )
    assert crawled.code == 0
    assert crawled.report("A01").finish == "finished"
