"""A browser that dies while it draws is started again; a page that kills it each time costs its own site alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from dossier.archive import read_body, verify
from dossier.model import Reach, Via
from tests.crawler.conftest import Run, unit
from tests.crawler.killing import kill_browser
from tests.crawler.test_picture import ROOT, _kept, _wanted
from tests.crawler.town import Answer, Reply, Town, Visit, page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not shutil.which("chromium") and not shutil.which("google-chrome"), reason="no browser here"
    ),
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found through /proc"),
]
A, B = "http://a.gov.cn", "http://b.gov.cn"
SHELL = Reply(body=b"<html><head><title></title></head><body><script src=/app.js></script></body></html>")
SCRIPT = Reply(
    body="document.body.innerHTML='<p>这是脚本画出来的栏目</p>'".encode(),
    type="text/javascript; charset=utf-8",
)


def site_of(script: Answer) -> dict[str, Answer]:
    return {
        "/": page("首页", "首页", links={"/one.html": "政务公开", "/two.html": "通知公告"}),
        "/one.html": SHELL,
        "/two.html": SHELL,
        "/app.js": script,
    }


@pytest.mark.parametrize("what", ["browser", "driver"])
def test_a_browser_killed_while_it_draws_comes_back_and_draws_that_page_too(run: Run, what: str) -> None:
    killed: list[int] = []

    def once(_: Visit) -> Reply:
        if not killed:
            killed.append(kill_browser(what))
        return SCRIPT

    with Town({"a.gov.cn": site_of(once)}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), browser=True, timeout_seconds=15.0)
    assert killed == [1]
    assert crawled.code == 0, crawled.stderr
    for name in ("one", "two"):
        capture = crawled.last(f"{A}/{name}.html")
        assert (capture.via, capture.reach) == (Via.BROWSER, Reach.OK), crawled.stderr
        assert "脚本画出来" in read_body(crawled.out.parent, "r1", "A01", capture).decode()
    assert crawled.report().browser == "used"
    assert verify(crawled.out / "A01") == []


def test_a_page_that_kills_the_browser_each_time_is_given_up_and_the_other_sites_are_drawn(run: Run) -> None:
    def always(_: Visit) -> Reply:
        kill_browser()
        return SCRIPT

    with Town({"a.gov.cn": site_of(always), "b.gov.cn": site_of(SCRIPT)}) as town:
        crawled = run(
            town.proxy, unit("A01", f"{A}/"), unit("B01", f"{B}/"), browser=True, timeout_seconds=15.0
        )
        asked = town.paths("a.gov.cn").count("/app.js")
    assert crawled.code == 0, crawled.stderr
    assert 1 <= asked <= 2
    assert crawled.report("A01").browser == "crashed"
    assert crawled.last(f"{A}/one.html").via is Via.HTTP
    assert crawled.report("B01").browser == "used"
    assert {crawled.last(f"{B}/{name}.html", "B01").via for name in ("one", "two")} == {Via.BROWSER}


@pytest.mark.parametrize("what", ["browser", "driver"])
def test_pictures_are_drawn_by_the_next_browser_where_the_first_was_killed(tmp_path: Path, what: str) -> None:
    runs = tmp_path / "runs"
    kept = _kept(runs, b"<html><body><p>yes</p></body></html>")
    names = [f"n{n}" for n in range(12)]
    path = runs / "job.json"
    wanted = [_wanted(runs, kept, name) for name in names]
    path.write_bytes(msgspec.json.encode({"runs": str(runs), "seconds": 300.0, "pictures": wanted}))
    drawing = subprocess.Popen(
        [sys.executable, "-m", "crawler.picture", str(path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert drawing.stdout is not None
    first = drawing.stdout.readline()
    assert kill_browser(what) == 1
    rest = drawing.stdout.read()  # by the same reader, which may hold more than the first line already
    drawing.stdout.close()
    drawing.wait(30)
    lines = [msgspec.json.decode(line) for line in (first + rest).splitlines()]
    assert drawing.returncode == 0
    assert sorted(line["file"] for line in lines) == sorted(f"{name}.png" for name in names)
