"""Some pages are drawn by script: a few of them are opened in a browser, as a visitor would see them.

Rendering costs twenty times a fetch (measured 2026-11: 120–190 ms CPU), so it is rationed. It is never used
to get past a challenge.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

log = logging.getLogger("gongkai.crawler")

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_ARGUMENTS = (
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
_MOST_CRASHES = 3
_SETTLE_MS = 4000
_LONGEST_PAGE = 6_000_000


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
        self._lock = asyncio.Lock()
        self._playwright: Any = None
        self._browser: Any = None
        self._crashes = 0
        self.missing = False
        """No browser could be found or started on this machine."""

    async def render(self, url: str) -> Rendered | None:
        """The page as drawn, or None where the browser could not show it."""
        async with self._room:
            browser = await self._started()
            if browser is None:
                return None
            try:
                async with asyncio.timeout(3 * self._timeout_ms / 1000 + 10):
                    return await self._draw(browser, url)
            except (PlaywrightError, TimeoutError, OSError) as error:
                log.warning("browser could not show %s: %s", url, str(error).splitlines()[:1])
                if not browser.is_connected():
                    self._crashes += 1
                return None

    async def close(self) -> None:
        for each, ending in ((self._browser, "close"), (self._playwright, "stop")):
            if each is not None:
                try:
                    async with asyncio.timeout(10):
                        await getattr(each, ending)()
                except (PlaywrightError, TimeoutError, OSError) as error:
                    log.warning("browser did not close: %s", error)
        self._browser = self._playwright = None

    async def _started(self) -> Any:
        async with self._lock:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self.missing or self._crashes >= _MOST_CRASHES:
                return None
            try:
                if self._playwright is None:
                    self._playwright = await async_playwright().start()
                path = find_browser(self._playwright)
                if path is None:
                    self.missing = True
                    return None
                options: dict[str, Any] = {"executable_path": path, "args": list(_ARGUMENTS)}
                if self._proxy:
                    options["proxy"] = _proxy_options(self._proxy)
                self._browser = await self._playwright.chromium.launch(**options)
            except (PlaywrightError, OSError) as error:
                log.warning("no browser: %s", str(error).splitlines()[:1])
                self.missing = True
                return None
            return self._browser

    async def _draw(self, browser: Any, url: str) -> Rendered | None:
        context = await browser.new_context(
            ignore_https_errors=True, locale="zh-CN", user_agent=self._agent, service_workers="block"
        )
        try:
            page = await context.new_page()
            await page.route("**/*", _pass_or_drop)
            answer = await page.goto(url, timeout=self._timeout_ms, wait_until="domcontentloaded")
            try:
                await page.wait_for_load_state("networkidle", timeout=_SETTLE_MS)
            except PlaywrightError:
                log.debug("%s keeps loading", url)
            html = (await page.content()).encode("utf-8")[:_LONGEST_PAGE]
            return Rendered(page.url, answer.status if answer is not None else 200, html)
        finally:
            await context.close()


def find_browser(playwright: Any) -> str | None:
    """Playwright's own browser, else one that is installed on this machine."""
    own = Path(playwright.chromium.executable_path)
    if own.is_file():
        return str(own)
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


async def _pass_or_drop(route: Any) -> None:
    if route.request.resource_type in _UNNEEDED:
        await route.abort()
    else:
        await route.continue_()


def _proxy_options(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    options = {"server": f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"}
    if parts.username:
        options |= {"username": parts.username, "password": parts.password or ""}
    return options
