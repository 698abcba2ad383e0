"""`python -m crawler.picture JOB.json`: the place of a fault as a visitor would have seen it, drawn from the archive.

What is drawn is the archived body alone: no network, no script of the page. The place is outlined, and a bar
above names address, Beijing time of capture and digest, so that the picture can be held against the archive.
One JSON line on standard output for each picture made.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from crawler.browser import ARGUMENTS, answers, find_browser
from dossier.archive import BodyMissing, record_answer
from dossier.reading.decoding import decode

log = logging.getLogger("gongkai.crawler")

EXIT_NO_BROWSER = 3
_BEIJING = timezone(timedelta(hours=8))
_WIDTH, _HEIGHT = 1100, 720
_PAGE_SECONDS = 6.0
_MOST_CRASHES = 3
_LARGEST_PNG = 450_000
"""Papers carry pictures inside them; a heavier one is drawn as JPEG."""
_LONGEST_TEXT = 3_000_000


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One picture to draw."""

    place: str
    """`<run>/<unit>/<file>@<offset>` of the archived body, below `runs`."""
    sha256: str
    url: str
    at: datetime
    quote: str = ""
    """Words on the page that matter; empty for an absence."""
    target: str = ""
    """Address of the link that is accused, if one is."""
    note: str = ""
    """What the bar says of the fault."""
    out: str
    """File to write; the ending follows what is drawn."""


class PictureJob(msgspec.Struct, frozen=True, kw_only=True):
    runs: str
    """Folder of all runs."""
    seconds: float = 60.0
    """All pictures together; what is not drawn by then is left undrawn."""
    tabs: int = 2
    pictures: tuple[Picture, ...]


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one picture."""

    out: str
    file: str = ""
    """The file as written; empty where nothing could be drawn."""
    marked: bool = False
    because: str = ""


def main(arguments: list[str]) -> int:
    """Draws a job; 0 done (each line says how), 2 bad job, 3 no browser."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if len(arguments) != 1:
        sys.stderr.write("用法：python -m crawler.picture JOB.json\n")
        return 2
    try:
        job = msgspec.json.decode(Path(arguments[0]).read_bytes(), type=PictureJob)
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"任务文件读不出来：{error}\n")
        return 2
    return asyncio.run(draw(job))


async def draw(job: PictureJob) -> int:
    """All pictures of a job, a few at a time, within its time."""
    waiting = list(reversed(job.pictures))
    ends_at = monotonic() + job.seconds
    for _ in range(_MOST_CRASHES):
        if not waiting or monotonic() >= ends_at:
            break
        async with async_playwright() as playwright:  # its driver may have died with the browser
            path = find_browser(playwright)
            if path is None:
                return EXIT_NO_BROWSER
            try:
                browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            except (PlaywrightError, OSError) as error:
                log.warning("no browser: %s", str(error).splitlines()[:1])
                return EXIT_NO_BROWSER
            try:
                await asyncio.gather(
                    *(_tab(browser, Path(job.runs), waiting, ends_at) for _ in range(max(1, job.tabs)))
                )
            finally:
                await _closed(browser)
    return 0


async def _closed(browser: Any) -> None:
    try:
        async with asyncio.timeout(10):
            await browser.close()
    except (PlaywrightError, TimeoutError, OSError) as error:
        log.warning("browser did not close: %s", error)


async def _tab(browser: Any, runs: Path, waiting: list[Picture], ends_at: float) -> None:
    """One tab, one picture after another; a crash of the browser ends it, and what waits is left to the next one.

    What was being drawn then waits behind all others: it may be what brought the browser down.
    """
    page: Any = None
    while waiting and monotonic() < ends_at and browser.is_connected():
        wanted = waiting.pop()
        try:
            async with asyncio.timeout(_PAGE_SECONDS + 4):
                text = await _archived(runs, wanted)
                if page is None:
                    page = await _blank(browser)
                drawn = await _draw_one(page, wanted, text)
        except (BodyMissing, ValueError) as error:
            drawn = Drawn(out=wanted.out, because=str(error)[:120])
        except (PlaywrightError, TimeoutError, OSError) as error:
            if not await answers(browser):
                log.warning("the browser died over %s", wanted.url)
                waiting.insert(0, wanted)
                return
            drawn = Drawn(out=wanted.out, because=str(error).split("\n", 1)[0][:120])
            page = None  # closed with its browser; a stuck one is left behind
        sys.stdout.write(msgspec.json.encode(drawn).decode() + "\n")
        sys.stdout.flush()


async def _archived(runs: Path, wanted: Picture) -> str:
    """The page as it was kept; ValueError where it is no page."""
    body, kind = await asyncio.to_thread(record_answer, runs, wanted.place, wanted.sha256)
    html = b"<" in body[:4096] and not body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    if not html or "image/" in kind:
        raise ValueError("不是网页")
    return decode(body, kind)[0][:_LONGEST_TEXT]


async def _blank(browser: Any) -> Any:
    """A page without script and without network."""
    context = await browser.new_context(
        viewport={"width": _WIDTH, "height": _HEIGHT},
        locale="zh-CN",
        java_script_enabled=False,
        service_workers="block",
        accept_downloads=False,
    )
    page = await context.new_page()
    page.set_default_timeout(_PAGE_SECONDS * 1000)
    return page


async def _draw_one(page: Any, wanted: Picture, text: str) -> Drawn:
    async def from_archive(route: Any) -> None:
        await _only_archived(route, text)

    await page.route("**/*", from_archive)
    try:
        await page.goto(wanted.url, wait_until="domcontentloaded")
        marked = bool(await page.evaluate(_MARK, [wanted.quote, wanted.target, *_bar(wanted)]))
        out = Path(wanted.out)
        out.parent.mkdir(parents=True, exist_ok=True)
        picture = await page.screenshot()
        if len(picture) > _LARGEST_PNG:
            out = out.with_suffix(".jpg")
            picture = await page.screenshot(type="jpeg", quality=60)
        part = out.with_name(out.name + ".tmp")
        part.write_bytes(picture)
        part.replace(out)
        return Drawn(out=wanted.out, file=out.name, marked=marked)
    finally:
        await page.unroute("**/*")


async def _only_archived(route: Any, text: str) -> None:
    """The page itself comes from the archive; nothing else comes at all."""
    request = route.request
    if request.is_navigation_request() and request.frame.parent_frame is None:
        await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=text)
    else:
        await route.abort()


def _bar(wanted: Picture) -> tuple[str, str]:
    """What the bar above the picture says: the fault, and what the picture was drawn from."""
    at = wanted.at if wanted.at.tzinfo else wanted.at.replace(tzinfo=UTC)
    when = at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return wanted.note, f"{wanted.url}\n抓取于 {when}（北京时间） SHA-256 {wanted.sha256}"


_MARK = """([quote, target, note, origin]) => {
  const bare = text => (text || '').replace(/\\s+/g, '');
  const parts = (quote || '').split(/[\\s、；/*]+/).map(bare).filter(part => part.length > 3);
  const sayings = [bare(quote), ...parts.sort((one, other) => other.length - one.length)].filter(part => part.length > 1);
  const wanted = sayings[0] || '';
  const shown = node => { const box = node.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  const address = value => { try { return new URL(value, document.baseURI).href.replace(/#.*$/, ''); } catch { return ''; } };
  let place = null;
  if (target) {
    const goal = address(target);
    const links = [...document.querySelectorAll('a[href], area[href], img[src], iframe[src], [onclick]')].filter(
      node => address(node.getAttribute('href') || node.getAttribute('src') || '') === goal
        || (node.getAttribute('onclick') || '').includes(target.replace(/^https?:\\/\\/[^/]+/, '')));
    place = links.find(node => wanted && bare(node.textContent).includes(wanted) && shown(node))
      || links.find(shown) || links[0] || null;
  }
  for (const said of sayings) {
    if (place || !document.body) break;
    const holds = node => bare(node.textContent).includes(said)
      || bare(node.getAttribute && (node.getAttribute('title') || node.getAttribute('alt') || '')).includes(said);
    if (holds(document.body)) {
      place = document.body;
      for (let deeper = place; deeper; ) {
        deeper = [...place.children].find(child => !['SCRIPT', 'STYLE'].includes(child.tagName) && holds(child));
        if (deeper) place = deeper;
      }
      if (place === document.body) place = null;
    }
  }
  if (place) {
    for (let above = place; above; above = above.parentElement) if (above.tagName === 'DETAILS') above.open = true;
    place.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const box = place.getBoundingClientRect();
    if (box.width > 0 && box.height > 0) {
      const ring = document.createElement('div');
      ring.style.cssText = 'all:initial;position:absolute;pointer-events:none;z-index:2147483646;border:3px solid #d0021b;'
        + 'box-shadow:0 0 0 3px rgba(255,235,59,.6);box-sizing:border-box;';
      ring.style.left = (box.left + scrollX - 5) + 'px'; ring.style.top = (box.top + scrollY - 5) + 'px';
      ring.style.width = (box.width + 10) + 'px'; ring.style.height = (box.height + 10) + 'px';
      document.documentElement.append(ring);
    } else place = null;
  }
  const bar = document.createElement('div');
  bar.style.cssText = 'all:initial;position:fixed;left:0;right:0;top:0;z-index:2147483647;padding:6px 10px;background:#fffbe6;'
    + 'border-bottom:2px solid #d0021b;color:#111;font:13px/1.45 "Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",'
    + '"Microsoft YaHei","PingFang SC","WenQuanYi Zen Hei",sans-serif;white-space:pre-wrap;overflow-wrap:anywhere;';
  const head = document.createElement('div');
  head.style.cssText = 'all:initial;display:block;font:bold 14px/1.45 "Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",'
    + '"PingFang SC","WenQuanYi Zen Hei",sans-serif;color:#b00020;';
  head.textContent = note + (quote || target ? (place ? '' : '（页面上没有找到可以圈出的位置）') : '');
  const foot = document.createElement('div');
  foot.style.cssText = 'all:initial;display:block;font:12px/1.45 "Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",'
    + '"PingFang SC","WenQuanYi Zen Hei",sans-serif;white-space:pre-wrap;overflow-wrap:anywhere;color:#333;';
  foot.textContent = origin;
  bar.append(head, foot);
  document.documentElement.append(bar);
  return Boolean(place);
}"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
