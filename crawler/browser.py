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
from crawler.seeking import faults, settle, type_words

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
_LONGEST_PAGE = 6_000_000
Asks = Callable[[str], Awaitable[bool]]
Act = Callable[[Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as the browser drew it."""

    url: str
    status: int
    html: bytes


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
        return await self._shown(url, settle, asks)

    async def search(self, url: str, words: str, asks: Asks | None = None) -> Rendered | None:
        """What the page shows after these words were typed into its search box; None where that failed."""
        return await self._shown(url, lambda page: type_words(page, words), asks)

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
                except faults() as error:
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
                except faults() as error:
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
            except faults() as error:
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
            answered: dict[str, int] = {}
            context.on("response", lambda answer: _note_answer(answered, answer))
            page = await context.new_page()
            page.set_default_timeout(self._timeout_ms)
            answer = await page.goto(url, timeout=self._timeout_ms, wait_until="domcontentloaded")
            page = await act(page)
            if page is None:
                return None
            html = (await page.content()).encode("utf-8")[:_LONGEST_PAGE]
            first = answer.status if answer is not None else 200
            return Rendered(page.url, answered.get(page.url.partition("#")[0], first), html)
        finally:
            await context.close()


def _note_answer(answered: dict[str, int], answer: Any) -> None:
    """With which status a page came that the browser went on to: a search may lead to one that is not there."""
    if answer.request.is_navigation_request():
        answered[answer.url.partition("#")[0]] = answer.status


async def answers(browser: Any) -> bool:
    """Whether it still does as it is told: one whose driver is dead calls itself connected for ever."""
    if not browser.is_connected():
        return False
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await (await browser.new_context()).close()
    except faults():
        return False
    return True


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
