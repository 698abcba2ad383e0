"""A night's queue worked in a real browser, with the keyboard alone."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
import waitress
from conftest import application
from desk_sample import PASSWORD
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from desk.caseload import load
from desk.installation import Installation
from desk.web.signin import limiter
from dossier.store import Store
from dossier.store.case_events import events_after

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def address(installation: Installation) -> Iterator[str]:
    limiter.enabled = False
    server = waitress.create_server(application(installation), host="127.0.0.1", port=0, threads=3)
    worker = threading.Thread(target=server.run, daemon=True)
    worker.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    worker.join(5)


@pytest.fixture
def enter(browser: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def come_in(name: str) -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(address + "/login")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/m*")
        return page

    yield come_in
    for context in opened:
        context.close()
    assert faults == []


def press(page: Page, *keys: str) -> None:
    """Keys of one decision; the last one opens the next page."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_a_queue_is_worked_by_keyboard_in_at_most_two_keys_each(
    enter: Callable[[str], Page], address: str, kept: Store, installation: Installation
) -> None:
    page = enter("wang")
    page.goto(address + "/work")
    keys: list[tuple[str, ...]] = [
        ("1",), ("1",), ("g",), ("3", "1"), ("g",), ("1",), ("1",), ("3", "2"), ("4", "1"), ("4", "1"),
    ]  # fmt: skip
    for pressed in keys:
        press(page, *pressed)
    page.wait_for_selector("text=没有待处理的问题")
    events = events_after(kept)
    assert [event.kind for event in events] == [
        "confirm", "confirm", *["dismiss"] * 4, *["confirm"] * 5, "dismiss", "defer", "defer",
    ]  # fmt: skip
    assert len({event.batch for event in events if event.batch}) == 2
    assert all(event.reason for event in events if event.kind in ("dismiss", "defer"))
    assert max(len(pressed) for pressed in keys) == 2
    found = load(installation, kept, installation.as_of)
    assert not found.waiting


def test_j_k_and_enter_walk_the_queue_and_u_takes_back(
    enter: Callable[[str], Page], address: str, kept: Store
) -> None:
    page = enter("wang")
    page.goto(address + "/work")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    press(page, "Enter")
    assert page.url.endswith("/case/A02-2020-0001")
    press(page, "1")
    press(page, "u")
    assert [event.kind for event in events_after(kept)] == ["confirm", "withdraw"]
    assert page.url.endswith("/case/A02-2020-0001")


def test_slash_searches_e_turns_the_evidence_and_the_question_mark_tells_the_keys(
    enter: Callable[[str], Page], address: str
) -> None:
    page = enter("wang")
    page.goto(address + "/case/A01-2020-0002")
    assert page.inner_text("mark") == "招开会议"
    page.keyboard.press("e")
    page.keyboard.press("e")
    assert page.is_visible("#searched")
    assert not page.is_visible("#page")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("平川 招开")
    press(page, "Enter")
    assert page.url.split("?")[0].endswith("/case/A02-2020-0002")


def test_the_archived_page_runs_no_script_in_its_frame(enter: Callable[[str], Page], address: str) -> None:
    page = enter("wang")
    page.goto(address + "/case/A01-2020-0002")
    page.click("text=看归档页面的原样")
    page.wait_for_selector("iframe[src]")
    frame = page.frame_locator("iframe")
    assert "下一段写着" in frame.locator("body").inner_text()
    assert page.evaluate("window.hacked") is None


def test_two_assessors_at_once_and_the_second_loses_nothing(
    enter: Callable[[str], Page], address: str, kept: Store
) -> None:
    one, two = enter("wang"), enter("li")
    for page in (one, two):
        page.goto(address + "/case/A01-2020-0002")
    press(one, "1")
    two.keyboard.press("3")
    two.fill("#decide [name=reason]", "人工打开看过，已经改正")
    press(two, "Enter")
    assert "同事刚刚作了决定" in two.inner_text("[role=alert]")
    assert two.input_value("#decide [name=reason]") == "人工打开看过，已经改正"
    assert [event.who for event in events_after(kept)] == ["wang"]


def test_everything_important_fits_on_an_office_screen(enter: Callable[[str], Page], address: str) -> None:
    page = enter("wang")
    page.goto(address + "/case/A01-2020-0001")
    for what in (".queue", ".centre h1", ".answers", ".tabbar", "#decide .buttons"):
        box = page.locator(what).first.bounding_box()
        assert box
        assert box["y"] >= 0
        assert what == ".queue" or box["y"] + box["height"] <= 768, what
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_every_control_has_a_name(enter: Callable[[str], Page], address: str) -> None:
    page = enter("boss")
    nameless = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, img, iframe')]
        .filter(e => !e.closest('dialog:not([open])'))
        .filter(e => !(e.textContent || '').trim() && !e.labels?.length && !e.getAttribute('aria-label')
                     && !e.getAttribute('alt') && !e.title).map(e => e.outerHTML.slice(0, 120))"""
    for path in ("/morning", "/case/A01-2020-0002", "/group?rule=column-empty", "/unit/A01", "/ranking", "/rules",
                 "/runs", "/tables", "/users", "/settings", "/audit", "/password"):  # fmt: skip
        page.goto(address + path)
        assert page.evaluate(nameless) == [], path
        assert page.locator("h1").count() == 1, path
        assert re.fullmatch("zh-CN", page.get_attribute("html", "lang") or ""), path


def test_a_queue_is_worked_with_the_mouse_alone(
    enter: Callable[[str], Page], address: str, kept: Store, installation: Installation
) -> None:
    """Open, confirm, dismiss with an offered reason, adjust, a group, and both ways back: nothing needs a key."""
    page = enter("wang")

    def click(what: str) -> None:
        with page.expect_navigation():
            page.click(what)

    click("text=开始复核")
    click("#decide [value=confirm]")
    click("#undo button")
    click(".rows .item:has-text('A02-2020-0001')")
    page.click("#decide [value=dismiss]")
    click("ol.for-dismiss [data-reason] >> nth=0")
    page.click("#decide [value=adjust]")
    page.click("ol.for-adjust [data-reason] >> nth=0")
    page.fill("#decide [name=points]", "0.1")  # a number cannot be clicked
    click("#decide .go")
    page.goto(address + "/case/A02-2020-0003")
    click("a[data-key=g]")
    page.click("tbody input[type=checkbox] >> nth=3")
    click("#decide [value=confirm]")
    assert "3 个问题：确认" in page.inner_text(".flashes")
    click("#undo button")
    assert "整组 3 条已撤回" in page.inner_text(".flashes")
    for link in ("截图", "检索范围", "历次", "页面"):
        page.click(f".tabbar >> text={link}")
    page.click("text=按键 ?")
    page.click("text=知道了")
    click("text=退出")
    assert [event.kind for event in events_after(kept)] == [
        "confirm", "withdraw", "dismiss", "adjust", *["confirm"] * 3, *["withdraw"] * 3,
    ]  # fmt: skip
    assert len(load(installation, kept, installation.as_of).waiting) == 12


def test_u_takes_back_a_whole_group(enter: Callable[[str], Page], address: str, kept: Store) -> None:
    page = enter("wang")
    page.goto(address + "/case/A01-2020-0003")
    press(page, "g")
    press(page, "1")
    press(page, "u")
    assert [event.kind for event in events_after(kept)] == ["confirm"] * 4 + ["withdraw"] * 4


def test_what_is_printed_is_the_sheet_and_the_evidence_without_the_controls(
    enter: Callable[[str], Page], address: str
) -> None:
    page = enter("wang")
    page.emulate_media(media="print")
    for path, shown in (
        ("/case/A01-2020-0002", ["#page mark", "#searched table", "#nights table"]),
        ("/unit/A01", ["table.sheet tfoot"]),
    ):
        page.goto(address + path)
        for what in shown:
            assert page.is_visible(what), (path, what)
        for what in ("header.top", ".queue", "form", "button", "details", ".pager a", ".mates"):
            assert page.locator(f"{what} >> visible=true").count() == 0, (path, what)
    assert "线下考核，还没有录入" in page.inner_text("table.sheet")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    assert 1 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 4
