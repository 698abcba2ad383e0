"""A site that was rebuilt overnight is asked about for some nights, and is then the site that it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from nights import HOME, capture, report, run, sha, unit

from desk.installation import Installation
from desk.judging import NIGHTS_OF_A_REDESIGN, judge_run
from dossier import store
from dossier.home import Home
from dossier.model import Outcome
from dossier.reading import read
from dossier.store import Store, open_store

PAGES = 40
TEXT = "<p>各县区人民政府，各有关单位：现就有关工作通知如下，请认真贯彻执行，确保任务落实到位。</p>" * 3


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(Home(tmp_path), date(2020, 9, 29))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def night(kept: Store, installation: Installation, number: int, folder: str) -> Outcome:
    """A night over a site whose articles stand in one folder; what was said of its platform's entry."""
    store.record_run(kept, run(number))
    rows = "".join(
        f'<li><a href="/{folder}/{n}.html">测试市召开第{n}次会议</a><span>2020-09-20</span></li>'
        for n in range(PAGES)
    )
    front = (
        '<html><head><meta charset="utf-8"><title>测试市人民政府</title></head><body><div class="nav"><ul><li><a href="/">首页</a></li></ul></div>'
        f"<div><h2>要闻</h2><ul>{rows}</ul></div><div class='footer'>主办：测试市人民政府 网站标识码：1401000001</div></body></html>"
    )
    made = {HOME: front} | {
        f"{HOME}{folder}/{n}.html": f"<html><head><title>测试市召开第{n}次会议</title></head><body><h1>测试市召开第{n}次会议</h1>{TEXT}</body></html>"
        for n in range(PAGES)
    }
    seen, readings = [], []
    for url, html in made.items():
        seen.append(capture(url, number, sha256=sha(html)))
        facts = read(html.encode(), url=url, as_of=run(number).as_of, vocabulary=installation.vocabulary)
        readings.append((url, sha(html), facts))
    closed = msgspec.structs.replace(report(number), finish="finished")
    store.ingest_unit(kept, f"R{number}", unit(), closed, seen, readings)
    said = judge_run(
        kept, f"R{number}", [unit()], rules=installation.tables.rules, calendar=installation.calendar,
        vocabulary=installation.vocabulary, workers=1,
    )  # fmt: skip
    return next(one for one in said["A01"].outcomes if one.rule_id == "platform-entry-missing")


def test_a_rebuilt_site_is_asked_about_and_then_judged_as_it_is(
    kept: Store, installation: Installation
) -> None:
    assert night(kept, installation, 1, "old").verdict == "fail"
    assert night(kept, installation, 2, "old").verdict == "fail"
    rebuilt = night(kept, installation, 3, "new")
    assert rebuilt.verdict == "unsure"
    assert "改版" in rebuilt.because
    assert "网址" in rebuilt.because
    later = [night(kept, installation, 4 + n, "new").verdict for n in range(NIGHTS_OF_A_REDESIGN)]
    assert later == ["unsure"] * (NIGHTS_OF_A_REDESIGN - 1) + ["fail"]
