"""Every main screen of every role, looked through by axe: nothing at WCAG A and AA is wrong with it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from conftest import application
from desk_sample import NIGHT_2, PASSWORD
from playwright.sync_api import Browser, Page, sync_playwright

from desk.installation import Installation

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
LEVELS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
OFFICE = (
    "/morning", "/work", "/case/A01-2020-0001", "/case/A01-2020-0002?stage=all", "/case/A01-2020-0007", "/group?unit=A01&rule=column-empty",
    "/work?q=没有这样的词", "/ranking", "/unit/A01", "/unit/B01", "/rules", "/rules/column-empty", "/runs", "/rectify", "/rechecks",
    "/case/A01-2020-0002/life", "/notices", "/notices/preview/A02?again=1", "/paper/1", "/campaign?year=2020", "/campaign/A01?year=2020",
    "/probes", "/probes/A01", "/unit/A01/story", "/brief", "/compare", "/no-such-page", "/password",
)  # fmt: skip
SCREENS = {
    "boss": (*OFFICE, "/audit", "/tables", "/users", "/settings"),
    "wang": ("/morning", "/case/A01-2020-0003", "/group?rule=column-empty&verdict=fail", "/unit/A01", "/users"),
    "zhao": ("/work", "/case/A01-2020-0002?stage=all", "/group?unit=A01&rule=column-empty", "/audit"),
    "guan": ("/morning", "/case/A01-2020-0001", "/unit/A02", "/rules"),
    "unit1": ("/mine", "/mine/A01-2020-0002", "/mine/life", "/campaign/A01?year=2020", "/paper/1", "/morning", "/case/A02-2020-0001"),
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(worked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("axe") / "home"
    shutil.copytree(worked_home, folder)
    app = application(Installation.of(home=folder, as_of=NIGHT_2))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=3)
    worker = threading.Thread(target=server.run, daemon=True)
    worker.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    worker.join(5)


def faults(page: Page, where: str) -> list[str]:
    """What axe finds on the page as it stands."""
    found = axe_playwright.Axe().run(page, options=LEVELS).response["violations"]
    return [
        f"{where} {one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]


def enter(browser: Browser, address: str, name: str) -> Page:
    # axe is put into the page by us, which the desk's own policy rightly forbids to a page.
    page = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="zh-CN", reduced_motion="reduce", bypass_csp=True
    ).new_page()
    page.goto(address + "/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/m*")
    return page


@pytest.mark.parametrize("name", SCREENS)
def test_axe_finds_nothing_on_the_screens_of(browser: Browser, address: str, name: str) -> None:
    page = enter(browser, address, name)
    found = []
    for path in SCREENS[name]:
        page.goto(address + path)
        found += faults(page, path)
    page.context.close()
    assert found == []


def test_axe_finds_nothing_while_somebody_is_at_work(browser: Browser, address: str) -> None:
    """Panels, dialogs and messages that only a key or a click opens."""
    page = enter(browser, address, "wang")
    found = []
    page.goto(address + "/case/A01-2020-0005")
    for keys, what in ((["?"], "keys"), (["Escape", "3"], "reasons"), (["Escape", "2"], "points"), (["Escape", "e"], "shots"),
                       (["e"], "searched"), (["e"], "nights")):  # fmt: skip
        for key in keys:
            page.keyboard.press(key)
        found += faults(page, what)
    page.goto(address + "/case/A01-2020-0005")
    with page.expect_navigation():
        page.keyboard.press("1")
    found += faults(page, "done")
    for path in ("/case/A01-2020-0006", "/unit/A01", "/work?stage=all"):
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found += faults(page, path + " with all folds open")
    page.context.close()
    assert found == []


def test_axe_finds_nothing_at_the_door(browser: Browser, address: str) -> None:
    page = browser.new_context(bypass_csp=True, locale="zh-CN", reduced_motion="reduce").new_page()
    page.goto(address + "/login")
    found = faults(page, "login")
    page.fill("[name=name]", "wang")
    page.fill("[name=password]", "not it at all")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    found += faults(page, "refused")
    page.context.close()
    assert found == []


def test_axe_itself_sees_a_fault_that_is_there(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang='zh-CN'><title>x</title><main><img src='x.png'><input></main></html>")
    assert {one.split()[1] for one in faults(page, "x")} >= {"image-alt:", "label:"}
    page.close()
