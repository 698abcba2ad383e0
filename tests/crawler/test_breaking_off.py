"""A page that stops in the middle was not seen, and what says "come back later" is not how a site says "not there"."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.notfound import Trial, learn
from crawler.reach import Seen, breaks_off, reach_of
from dossier.archive import Exchange
from dossier.model import PageFacts, PageKind, Purpose, Reach

REAL = Path(__file__).parents[3] / "shared" / "realpages"
URL = "http://www.example.gov.cn/tzgg/"
FACTS = PageFacts(url=URL, whole_text="通知公告 关于工作的通知")
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告</title></head><body><div class="nav"><ul>
<li><a href="/">首页</a></li></ul></div><div class="main"><ul><li><a href="/1.html">关于工作的通知</a></li></ul>
<table><tr><td>电话</td></tr></table></div></body></html>"""


def _answer(html: str) -> Exchange:
    return Exchange(
        url=URL,
        at=datetime(2020, 10, 16, tzinfo=UTC),
        status=200,
        response_headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=html.encode(),
    )


@pytest.mark.parametrize("share", [0.35, 0.5, 0.6, 0.75])
def test_a_page_cut_without_a_stated_length_was_not_seen(share: float) -> None:
    cut = PAGE[: int(len(PAGE) * share)]
    seen = Seen(asked_url=URL, purpose=Purpose.PAGE, exchange=_answer(cut), facts=FACTS)
    assert reach_of(seen) == (Reach.BROKEN, "incomplete")


def test_a_whole_page_and_a_fragment_are_not_cut() -> None:
    seen = Seen(asked_url=URL, purpose=Purpose.PAGE, exchange=_answer(PAGE), facts=FACTS)
    assert reach_of(seen) == (Reach.OK, "")
    assert not breaks_off(b"<div class='foot'><p>0351</p>")
    assert not breaks_off(b"<html><head><title>x</title></head><body><p>Closed by habit never<p>but all said")


def test_a_page_that_stops_in_a_link_is_cut_and_one_that_stops_in_an_item_is_not() -> None:
    page = b"<html><body><div class='path'><ul><li><a href='/'>Home</a></ul>"
    assert breaks_off(page + b"<a href='/zcjd/'>Reading")
    assert breaks_off(page + b"<span>")
    assert not breaks_off(page + b"<p>the last word")
    assert not breaks_off(page + b"<a href='/zcjd/'>Reading</a>")


def test_a_page_without_even_its_frame_was_not_seen() -> None:
    html = "<html><head><title>通知公告</title></head><body></body></html>"
    blank = PageFacts(url=URL, kind=PageKind.COLUMN, html_title="通知公告")
    drawn = PageFacts(url=URL, kind=PageKind.SHELL, html_title="通知公告")
    seen = Seen(asked_url=URL, purpose=Purpose.PAGE, exchange=_answer(html), facts=blank)
    assert reach_of(seen) == (Reach.BROKEN, "empty")
    assert (
        reach_of(Seen(asked_url=URL, purpose=Purpose.PAGE, exchange=_answer(html), facts=drawn))[0]
        is Reach.OK
    )


@pytest.mark.skipif(not REAL.is_dir(), reason="no real pages beside the repository")
def test_real_pages_as_they_are_do_not_break_off() -> None:
    said = [path.name for path in sorted(REAL.rglob("*.html")) if breaks_off(path.read_bytes())]
    assert [name for name in said if "trimmed" not in name and "fragment" not in name] == []


@pytest.mark.parametrize(
    ("title", "text", "how"),
    [
        ("系统维护中", "网站正在升级维护，请稍后访问，给您带来不便敬请谅解", "unknown"),
        ("提示", "访问过于频繁，请稍候再试", "unknown"),
        ("页面不存在", "抱歉，您访问的页面不存在或已被删除", "soft"),
    ],
)
def test_what_passes_is_not_learnt_as_a_way_to_say_not_there(title: str, text: str, how: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><p>{text}</p></body></html>"
    facts = PageFacts(url=URL, kind=PageKind.ERROR, html_title=title, whole_text=text)
    trials = tuple(Trial(f"{URL}{name}.html", _answer(html), Reach.BROKEN, facts) for name in ("zq1", "zq2"))
    assert learn(trials).how == how
