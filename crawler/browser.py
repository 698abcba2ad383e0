"""Some pages are drawn by script: a few of them are opened in a browser, as a visitor would see them.

Rendering costs twenty times a fetch (measured 2026-11: 120–190 ms CPU), so it is rationed. It is never used
to get past a challenge.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.addresses import host_of

log = logging.getLogger("gongkai.crawler")

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--proxy-bypass-list=<-loopback>",
)
_UNNEEDED = frozenset({"image", "media", "font"})
_TABS = 2
_MOST_CRASHES_OF_HOST = 2
_MOST_CRASHES = 8
_PROBE_SECONDS = 10.0
_SETTLE_MS = 4000
_TYPED_MS = 800
_LONGEST_PAGE = 6_000_000
_SEARCH_FIELDS = (
    "input[type=search]",
    "input[placeholder*=搜索], input[placeholder*=检索], input[placeholder*=关键], input[placeholder*=请输入]",
    "form[action*=search] input[type=text], form[action*=search] input:not([type])",
    "[class*=search] input[type=text], [id*=search] input[type=text], [class*=search] input:not([type])",
    "input[name=q], input[name=qt], input[name=keyword], input[name=keywords], input[name*=search]",
)
_SEARCH_BUTTONS = (
    "button, input[type=submit], input[type=button], input[type=image], a[class*=search], [class*=btn],"
    " [onclick*=earch i], [onclick*=sousuo i], [onclick*=query i], a[onclick], img[onclick],"
    " i[onclick], span[onclick], i[class*=search], span[class*=search]"
)

Asks = Callable[[str], Awaitable[bool]]
Act = Callable[[Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as the browser drew it."""

    url: str
    status: int
    html: bytes


def _faults() -> tuple[type[BaseException], ...]:
    """What goes wrong with a browser. The library is only loaded where there is one to drive: most nights need none."""
    from playwright.async_api import Error

    return Error, TimeoutError, OSError


class Browser:
    """One browser for a whole process, started when first needed and again after a crash."""

    def __init__(self, proxy: str, agent: str, timeout_seconds: float) -> None:
        self._proxy = proxy
        self._agent = agent
        self._timeout_ms = timeout_seconds * 1000
        self._room = asyncio.Semaphore(_TABS)
        self._entering = asyncio.Lock()
        self._lock = asyncio.Lock()
        self._playwright: Any = None
        self._browser: Any = None
        self._crashes = 0
        self._crashed_at: Counter[str] = Counter()
        self._open_at_last: set[str] = set()
        self.missing = False
        """No browser could be found or started on this machine."""

    async def render(self, url: str, asks: Asks | None = None) -> Rendered | None:
        """The page as drawn, or None where the browser could not show it; `asks` says which addresses it may ask."""
        return await self._shown(url, _settle, asks)

    async def search(self, url: str, words: str, asks: Asks | None = None) -> Rendered | None:
        """What the page shows after these words were typed into its search box; None where that failed."""
        return await self._shown(url, lambda page: _type_words(page, words), asks)

    async def _shown(self, url: str, act: Act, asks: Asks | None) -> Rendered | None:
        """What one page showed; it is opened once more where it was the browser that died."""
        while not self.is_given_up(url):
            async with self._place(url):
                browser = await self._started()
                if browser is None:
                    return None
                try:
                    async with asyncio.timeout(3 * self._timeout_ms / 1000 + 10):
                        return await self._draw(browser, url, act, asks)
                except _faults() as error:
                    log.warning("browser could not show %s: %s", url, str(error).splitlines()[:1])
                    if not await self._has_died(browser, url):
                        return None
        return None

    @contextlib.asynccontextmanager
    async def _place(self, url: str) -> AsyncIterator[None]:
        """A tab beside others; once the browser died over a host, alone: whose fault the next death is, is then clear."""
        wanted, taken = _TABS if self._crashed_at[host_of(url)] else 1, 0
        try:
            async with self._entering:
                while taken < wanted:
                    await self._room.acquire()
                    taken += 1
            yield
        finally:
            for _ in range(taken):
                self._room.release()

    def is_given_up(self, url: str) -> bool:
        """Whether the browser died so often over this host, or over all, that it is not started for it again."""
        return self._crashed_at[host_of(url)] >= _MOST_CRASHES_OF_HOST or self._crashes >= _MOST_CRASHES

    async def _has_died(self, browser: Any, url: str) -> bool:
        """Whether the browser, or what drives it, is no more; one death counts once, however many pages were open."""
        async with self._lock:
            if browser is self._browser:
                if await answers(browser):
                    return False
                self._crashes += 1
                self._open_at_last = set()
                await self.close()
            host = host_of(url)
            self._crashed_at[host] += host not in self._open_at_last
            self._open_at_last.add(host)
            return True

    async def close(self) -> None:
        for each, ending in ((self._browser, "close"), (self._playwright, "stop")):
            if each is not None:
                try:
                    async with asyncio.timeout(10):
                        await getattr(each, ending)()
                except _faults() as error:
                    log.warning("browser did not close: %s", error)
        self._browser = self._playwright = None

    async def _started(self) -> Any:
        async with self._lock:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self.missing:
                return None
            try:
                if self._playwright is None:
                    from playwright.async_api import async_playwright

                    self._playwright = await async_playwright().start()
                path = find_browser(self._playwright)
                if path is None:
                    self.missing = True
                    return None
                options: dict[str, Any] = {"executable_path": path, "args": list(ARGUMENTS)}
                if self._proxy:
                    options["proxy"] = _proxy_options(self._proxy)
                self._browser = await self._playwright.chromium.launch(**options)
            except _faults() as error:
                log.warning("no browser: %s", str(error).splitlines()[:1])
                self.missing = True
                return None
            return self._browser

    async def _draw(self, browser: Any, url: str, act: Act, asks: Asks | None) -> Rendered | None:
        context = await browser.new_context(
            ignore_https_errors=True,
            locale="zh-CN",
            user_agent=self._agent,
            service_workers="block",
            accept_downloads=False,
        )
        try:
            await context.route("**/*", lambda route: _pass_or_drop(route, asks))
            page = await context.new_page()
            page.set_default_timeout(self._timeout_ms)
            answer = await page.goto(url, timeout=self._timeout_ms, wait_until="domcontentloaded")
            page = await act(page)
            if page is None:
                return None
            html = (await page.content()).encode("utf-8")[:_LONGEST_PAGE]
            return Rendered(page.url, answer.status if answer is not None else 200, html)
        finally:
            await context.close()


async def answers(browser: Any) -> bool:
    """Whether it still does as it is told: one whose driver is dead calls itself connected for ever."""
    if not browser.is_connected():
        return False
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await (await browser.new_context()).close()
    except _faults():
        return False
    return True


async def _settle(page: Any) -> Any:
    try:
        await page.wait_for_load_state("networkidle", timeout=_SETTLE_MS)
    except _faults():
        log.debug("%s keeps loading", page.url)
    return page


async def _type_words(page: Any, words: str) -> Any:
    """Fills the first search field that can be seen and sends it; the page that then shows the results, or None."""
    await _settle(page)
    for selector in _SEARCH_FIELDS:
        for field in await page.query_selector_all(selector):
            if not await field.is_visible():
                continue
            before = page.url, await page.inner_text("body")
            await field.fill(words)
            if await field.evaluate(_SENT_BY_SCRIPT) and await _press_beside(field, page):
                return page.context.pages[-1]
            await field.press("Enter")
            await page.wait_for_timeout(_TYPED_MS)
            shown = page.context.pages[-1]
            await _settle(shown)
            if shown is not page or (page.url, await page.inner_text("body")) != before:
                return shown
            return page.context.pages[-1] if await _press_beside(field, page) else None
    return await _type_beside_a_button(page, words)


async def _type_beside_a_button(page: Any, words: str) -> Any:
    """Types into the field that stands beside a button of the name, where no mark of its own tells the field."""
    button = (await page.evaluate_handle(_NAMED_BUTTON)).as_element()
    field = button and (await button.evaluate_handle(_FIELD_BESIDE)).as_element()
    if not field:
        return None
    await field.fill(words)
    return page.context.pages[-1] if await _press(button, page) else None


_NAMED_BUTTON = """() => {
    const name = /^(站内|全站|本站|立即)?(搜索|检索|搜一下|搜一搜|搜)$/
    const told = one => [one.value, one.innerText, one.alt, one.title].some(words => name.test((words || '').replace(/\\s/g, '')))
    const seen = one => one.offsetWidth > 0 && one.offsetHeight > 0
    const buttons = document.querySelectorAll('button, a, input[type=submit], input[type=button], input[type=image], img, span')
    return [...buttons].find(one => seen(one) && told(one) && (FIELD)(one)) || null
}"""
_FIELD_BESIDE = """button => {
    const fields = 'input:not([type]), input[type=text], input[type=search]'
    for (let holder = button.parentElement, steps = 0; holder && steps < 3; holder = holder.parentElement, steps++) {
        const found = [...holder.querySelectorAll(fields)].filter(one => one.offsetWidth > 0)
        if (found.length) return found.length === 1 ? found[0] : null
    }
    return null
}"""
"""The one text field within three steps of it; among several nobody knows which it sends."""
_NAMED_BUTTON = _NAMED_BUTTON.replace("FIELD", _FIELD_BESIDE)


_SENT_BY_SCRIPT = """field => {
    const form = field.closest('form')
    return !!form && !form.getAttribute('action')
        && !form.querySelector('[type=submit], [type=image], button:not([type=button])')
        && !!form.querySelector('input[type=button], button[type=button]')
}"""
"""A form that goes nowhere, with a button that sends nothing: Enter would only show the same page again."""


async def _press_beside(field: Any, page: Any) -> bool:
    """Presses the button beside a field whose Enter did nothing; whether anything happened."""
    holder = await field.evaluate_handle("field => field.closest('form, div')")
    button = await holder.as_element().query_selector(_SEARCH_BUTTONS)
    return button is not None and await _press(button, page)


async def _press(button: Any, page: Any) -> bool:
    before = page.url, len(page.context.pages), await page.inner_text("body")
    if await button.is_visible():
        await button.click(timeout=3000)
    elif await button.evaluate("one => ['I', 'SPAN'].includes(one.tagName)"):
        await button.dispatch_event("click")  # a sign whose font did not load has no size
    else:
        return False
    await page.wait_for_timeout(_TYPED_MS)
    await _settle(page.context.pages[-1])
    return before != (page.url, len(page.context.pages), await page.inner_text("body"))


def find_browser(playwright: Any) -> str | None:
    """Playwright's own browser, else one that is installed on this machine."""
    own = Path(playwright.chromium.executable_path)
    if own.is_file():
        return str(own)
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


async def _pass_or_drop(route: Any, asks: Asks | None) -> None:
    unneeded = route.request.resource_type in _UNNEEDED
    if unneeded or (asks is not None and not await asks(route.request.url)):
        await route.abort()
    else:
        await route.continue_()


def _proxy_options(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    options = {"server": f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"}
    if parts.username:
        options |= {"username": parts.username, "password": parts.password or ""}
    return options
