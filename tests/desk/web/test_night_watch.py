"""A night that runs is seen while it runs: by its own files, unit by unit, until it is closed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import waitress
from conftest import Sitting, application
from desk_sample import PASSWORD
from playwright.sync_api import sync_playwright

from desk import clock
from desk.installation import Installation
from desk.night_watch import QUIET_SECONDS, watch
from dossier import store
from dossier.archive import write_report
from dossier.model import UnitReport
from dossier.store import RunInfo, Store

Seat = Callable[[str], Sitting]
RUN = "20300101-010000"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def begin(installation: Installation, *units: str) -> Path:
    """A run folder as the crawl begins it."""
    folder = installation.home.run(RUN)
    folder.mkdir(parents=True)
    (folder / "run.json").write_bytes(msgspec.json.encode({"run_id": RUN, "units": units}))
    return folder


def fetch(folder: Path, unit: str, count: int) -> None:
    (folder / unit).mkdir(exist_ok=True)
    with (folder / unit / "captures.jsonl").open("ab") as file:
        file.write(b"{}\n" * count)


def close(folder: Path, unit: str, finish: str = "finished", asked: int = 0) -> None:
    now = datetime.now(UTC)
    write_report(
        folder / unit,
        UnitReport(unit_id=unit, run_id=RUN, started=now, finished=now, finish=finish, asked=asked),
    )


def test_each_unit_is_told_from_its_own_files(installation: Installation, kept: Store) -> None:
    folder = begin(installation, "A01", "B01")
    fetch(folder, "A01", 7)
    now = watch(installation, kept)
    assert now
    assert [(one.unit_id, one.name, one.state, one.attempts) for one in now.units] == [
        ("A01", "清河", "running", 7), ("B01", "省发展改革委", "waiting", 0),
    ], "A02 is not of this run"  # fmt: skip
    assert (now.phase, now.share, now.running) == ("正在抓取", 0, True)
    close(folder, "A01", asked=9)
    fetch(folder, "B01", 1)
    close(folder, "B01", "blocked", asked=1)
    now = watch(installation, kept)
    assert now
    assert (now.done, now.share, now.attempts, now.running) == (2, 100, 10, True)
    assert now.phase == "抓取完了，正在入库、判断、出报告"
    store.record_run(kept, RunInfo(run_id=RUN, as_of=installation.as_of, started=clock.now(), kind="nightly"))
    store.finish_run(kept, RUN, clock.now())
    now = watch(installation, kept)
    assert now
    assert (now.phase, now.running) == ("已全部完成", False)


def test_a_night_that_went_silent_is_said_to_have_stopped(installation: Installation, kept: Store) -> None:
    folder = begin(installation, "A01", "B01")
    fetch(folder, "A01", 7)
    late = clock.now() + timedelta(seconds=QUIET_SECONDS + 5)
    now = watch(installation, kept, late)
    assert now
    assert (now.phase, now.running) == ("已停止，没有抓完", False)
    for unit in ("A01", "B01"):
        fetch(folder, unit, 1)
        close(folder, unit)
    now = watch(installation, kept, late)
    assert now
    assert now.phase == "已停止，没有出报告"


@pytest.mark.parametrize("damage", [b"", b"{", b'{"units": 3}', b'{"run_id": "x"}'])
def test_a_broken_run_file_shows_the_whole_list(
    installation: Installation, kept: Store, damage: bytes
) -> None:
    (begin(installation) / "run.json").write_bytes(damage)
    now = watch(installation, kept)
    assert now
    assert [one.unit_id for one in now.units] == ["A01", "A02", "B01"]


def test_the_page_says_it_in_words_and_an_empty_home_too(sit: Seat, installation: Installation) -> None:
    folder = begin(installation, "A01", "B01")
    fetch(folder, "A01", 7)
    text = sit("guan").get("/runs").text
    assert 'data-refresh="/runs/progress"' in text
    for words in ("正在抓取", "0/2 个单位抓完", "已取 7", "等候"):
        assert words in text
    close(folder, "A01", "home-unseen")
    assert "未看到" in sit("guan").get("/runs/progress").text


@pytest.fixture
def address(installation: Installation) -> Iterator[str]:
    server = waitress.create_server(application(installation), host="127.0.0.1", port=0, threads=3)
    worker = threading.Thread(target=server.run, daemon=True)
    worker.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    worker.join(5)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_moves_by_itself_and_ends_with_the_night(
    installation: Installation, kept: Store, address: str
) -> None:
    folder = begin(installation, "A01", "B01")
    fetch(folder, "A01", 7)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="zh-CN")
        page.goto(address + "/login")
        page.fill("[name=name]", "guan")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/m*")
        page.goto(address + "/runs")
        assert "已取 7" in page.inner_text("ol.progress")
        fetch(folder, "A01", 5)
        page.wait_for_selector("ol.progress >> text=已取 12", timeout=20_000)
        for unit in ("A01", "B01"):
            fetch(folder, unit, 1)
            close(folder, unit, asked=3)
        page.wait_for_selector("text=正在入库、判断、出报告", timeout=20_000)
        store.record_run(
            kept, RunInfo(run_id=RUN, as_of=installation.as_of, started=clock.now(), kind="nightly")
        )
        store.finish_run(kept, RUN, clock.now())
        page.wait_for_selector(f"td >> text={RUN}", timeout=20_000)  # the whole page was read again
        assert "已全部完成" in page.inner_text("main")
        assert page.locator("[data-refresh]").count() == 0
        browser.close()
