"""A page that has not changed for long waits its turn; what rules need, what is new and what is doubtful never does."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from crawler.carrying import interval, spread, waits
from dossier.archive import read_carried, verify
from dossier.model import Capture, KnownPage, Reach, UnitJob
from tests.crawler.conftest import Crawled, Run, unit
from tests.crawler.town import Reply, Town

HOST = "http://a.gov.cn"
PROSE = "为进一步做好全市防汛抗旱工作，经市人民政府同意，现将有关事项通知如下，请各县区认真贯彻执行。" * 6


def _page(title: str, inner: str) -> Reply:
    body = f'<html><head><meta charset="utf-8"><title>{title}</title></head><body>{inner}</body></html>'

    return Reply(body=body.encode())


def _article(number: int, more: str = "") -> Reply:
    return _page(
        f"关于防汛工作的通知{number}",
        f'<div class="article"><h1>关于防汛工作的通知{number}</h1><div class="info">发布时间：2020-11-0{number} 来源：市应急局</div>'
        f'<div class="content"><p>第{number}号。{PROSE}</p>{more}</div></div>',
    )


def _list(titles: dict[int, str]) -> Reply:
    rows = "".join(
        f'<li><a href="/a{n}.html">{title}</a><span>2020-11-0{n}</span></li>' for n, title in titles.items()
    )
    return _page("通知公告", f'<div class="position">首页 &gt; 通知公告</div><ul class="list">{rows}</ul>')


TITLES = {n: f"关于防汛工作的通知{n}" for n in (1, 2, 3)}


def _site(titles: dict[int, str] = TITLES, **more: Any) -> dict[str, Any]:
    found = {
        "/": _page(
            "某市人民政府", '<div class="nav"><a href="/">首页</a><a href="/list/">通知公告</a></div>'
        ),
        "/list/": _list(titles),
        "/a1.html": _article(1, '<p><a href="/only.html">另一篇只从这里可到的文章</a></p>'),
        "/a2.html": _article(2, '<p><a href="/there.html">相关附则全文</a></p>'),
        "/a3.html": _article(3),
        "/there.html": _article(4),
        "/only.html": _article(5),
    }
    return {**found, **more}


def _known(first: Crawled, doubted: tuple[str, ...], **told: Any) -> str:
    path = first.out / "known.jsonl"
    lines = [
        msgspec.json.encode(
            KnownPage(
                url=one.asked_url, sha256=one.sha256, warc=f"r1/A01/{one.warc}", offset=one.offset, length=one.length,
                content_type=one.content_type, seen=True, run="" if one.asked_url in doubted else "r1",
                purpose=one.purpose, final_url=one.final_url,
                **({"stood": 4, "since": 1} | told),
            )
        )
        for one in first.captures()
        if one.reach is Reach.OK and one.warc
    ]  # fmt: skip
    path.write_bytes(b"\n".join(lines) + b"\n")
    return str(path)


def _asked(crawled: Crawled) -> set[str]:
    return {one.asked_url.removeprefix(HOST) for one in crawled.captures() if one.purpose == "page"}


def _carried(crawled: Crawled) -> dict[str, Capture | None]:
    return {line.url.removeprefix(HOST): found for line, found in read_carried(crawled.out / "A01")}


def _nights(run: Run, second: dict[str, Any], *, first: dict[str, Any] | None = None, **told: Any) -> Crawled:
    """A first night, and one on which all texts have stood for four nights."""
    given = {name: told.pop(name) for name in ("stood", "since") if name in told}
    with Town({"a.gov.cn": first or _site()}) as town:
        before = run(town.proxy, unit("A01", f"{HOST}/"), run_id="r1", real=True)
    job = UnitJob(
        unit=unit("A01", f"{HOST}/"),
        known=_known(before, told.pop("doubted", ()), **given),
        seeds=told.pop("seeds", ()),
    )
    with Town({"a.gov.cn": second}) as town:
        return run(town.proxy, job, run_id="r2", real=True, **told)


def test_settled_texts_wait_their_turn_and_places_never_do(run: Run) -> None:
    crawled = _nights(run, _site(), stood=1_000_000, since=0)
    asked, carried = _asked(crawled), _carried(crawled)
    assert {"/", "/list/"} <= asked
    assert {"/a1.html", "/a2.html", "/a3.html"} <= asked | set(carried)
    assert len(carried) >= 3, "with an interval of seven nights most texts wait"
    assert not asked & set(carried), "what waits leaves no attempt"
    assert "/only.html" in asked | set(carried), "what a waiting page led to is still met"
    assert crawled.report().carried == len(carried)
    for url, then in carried.items():
        assert then is not None
        assert then.carried == "r1"
        assert then.asked_url == HOST + url
    assert verify(crawled.out / "A01") == []


def test_a_list_that_shows_an_entry_differently_has_it_asked(run: Run) -> None:
    titles = TITLES | {n: f"关于做好抗旱工作的通知{n}（修订）" for n in (1, 2)}
    crawled = _nights(run, _site(titles), stood=1_000_000, since=0)
    assert {"/a1.html", "/a2.html"} <= _asked(crawled)


def test_a_waiting_page_that_leads_to_something_gone_is_asked_the_same_night(run: Run) -> None:
    second = _site()
    del second["/there.html"]
    quiet = _nights(run, _site(), stood=4, since=0)
    assert "/a2.html" in _carried(quiet), "else this night shows nothing"
    crawled = _nights(run, second, stood=4, since=0, doubted=(f"{HOST}/there.html",))
    assert {"/there.html", "/a2.html"} <= _asked(crawled)
    assert crawled.report().carried == len(_carried(crawled)) - 1, "it was carried, and asked after all"


@pytest.mark.parametrize("told", [{"since": 7}, {"stood": 1}, {"revisit_nights": 1}, {"revisit_nights": 0}])
def test_nothing_waits_beyond_the_bound_nor_after_a_change_nor_where_it_is_switched_off(
    run: Run, told: dict[str, Any]
) -> None:
    crawled = _nights(run, _site(), **told)
    assert not _carried(crawled)
    assert set(_site()) <= _asked(crawled)


def test_a_recheck_asks_whatever_it_is_told_to(run: Run) -> None:
    crawled = _nights(run, _site(), stood=1_000_000, since=0, seeds=(f"{HOST}/a1.html", f"{HOST}/a3.html"))
    assert _asked(crawled) == {"/a1.html", "/a3.html"}


def test_under_a_budget_places_come_first_then_what_is_new_then_what_waited_longest(run: Run) -> None:
    new = {f"/n{n}.html": _article(n) for n in (6, 7)}
    rows = "".join(
        f'<li><a href="/n{n}.html">关于防汛工作的新通知{n}</a><span>2020-11-0{n}</span></li>' for n in (6, 7)
    )
    more = _page(
        "某市人民政府",
        f'<div class="nav"><a href="/">首页</a><a href="/list/">通知公告</a></div><ul>{rows}</ul>',
    )
    crawled = _nights(run, _site(**new, **{"/": more}), stood=4, since=5, max_pages=3)
    asked, carried = _asked(crawled), _carried(crawled)
    assert {"/", "/list/", "/n6.html", "/n7.html"} <= asked
    assert {"/a1.html", "/a2.html", "/a3.html"} <= asked | set(carried)
    assert carried, "due pages that the budget does not reach are still known from a night within the bound"
    assert not crawled.report().skipped_counts.get("budget")


@pytest.mark.parametrize("longest", [2, 3, 7, 13])
def test_a_page_is_due_after_as_many_nights_as_it_has_stood_up_to_the_bound(longest: int) -> None:
    steps = [interval(stood, longest) for stood in range(40)]
    assert steps[:2] == [1, 1], "what was seen unchanged only once or twice is asked every night"
    assert steps == sorted(steps)
    assert max(steps) == longest
    assert all(step <= max(1, stood) for stood, step in enumerate(steps))


@pytest.mark.parametrize("longest", [2, 7, 13])
def test_no_text_waits_longer_than_the_bound_whenever_it_was_seen_last(longest: int) -> None:
    for number in range(200):
        url = f"{HOST}/{number}.html"
        for stood in (0, 1, 2, 5, 8, 400):
            since = 1
            while waits(
                KnownPage(url=url, sha256="", stood=stood, since=since), date(2020, 12, 1 + since), longest
            ):
                since += 1
            assert since <= min(longest, max(1, stood))
            for short in (False, True):
                late = KnownPage(url=url, sha256="", stood=stood, since=longest)
                assert not waits(late, date(2020, 12, 1), longest, short=short)


def test_each_night_takes_its_share_of_what_waits() -> None:
    nights = [date(2020, 12, 1).toordinal() + n for n in range(7)]
    due = [sum((night + spread(f"{HOST}/{n}.html")) % 7 == 0 for n in range(700)) for night in nights]
    assert sum(due) == 700
    assert min(due) > 60
    assert max(due) < 145
