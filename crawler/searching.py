"""A site's own search is asked for a title just seen on the site, as a visitor would who read it there yesterday."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.addresses import host_of, is_web
from crawler.asking import is_allowed, lets_out
from crawler.browser import Rendered
from crawler.frontier import Wanted
from crawler.homes import home_facts
from crawler.keeping import write_facts
from crawler.priority import HOME
from crawler.reader import facts_of
from crawler.site import Site
from crawler.titles import words_to_ask
from crawler.visit import visit
from dossier.archive import BodyMissing, Exchange, record_answer
from dossier.model import Capture, Column, PageFacts, PageKind, Purpose, Reach, Via
from dossier.reading.decoding import decode

MOST_SEARCHES = 2
_TELLING = 6
"""Characters at the beginning of a title by which a result is known: lists cut the rest off."""
_SEARCHES = re.compile(
    r"search|query|sousuo|jiansuo|搜索|检索|搜一搜|请输入|关键[词字]|keyword|\bq\b|\bwd\b|\bkw\b",
    re.IGNORECASE,
)
_TEXT_TYPES = ("text", "search", "")


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A form that a visitor's browser would send without any script.

    On a GBK page browsers send GBK, and not every server behind such a page knows it: both ways are tried.
    """

    action: str
    field: str
    """Name of the field that takes the words."""
    others: tuple[tuple[str, str], ...] = ()
    encoding: str = "utf-8"

    def address(self, words: str) -> str:
        """Where a search for these words is sent."""
        parts = urlsplit(self.action)
        pairs = [*self.others, (self.field, words)]
        query = urlencode(pairs, encoding=self.encoding, errors="xmlcharrefreplace")
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


async def search_some(site: Site) -> bool:
    """Tries the search of each home page once; whether anything is left that should be asked again."""
    if site.searched or not site.crawl_links or site.late:
        return False
    site.searched = True
    before = len(site.again)
    hosts: set[str] = set()
    for home, capture in list(site.home_captures.items()):
        host = host_of(capture.url)
        words = list(words_to_ask(site.titles.get(host, ())))
        if host in hosts or not words or site.closed.get(host):
            continue
        hosts.add(host)
        seen = await _home_again(site, home, capture)
        if seen is not None:
            await _search(site, home, *seen, words)
    return len(site.again) > before


async def _search(site: Site, home: str, body: str, facts: PageFacts, words: list[str]) -> None:
    form = plain_form(body, facts.url, facts.encoding)
    if form is None:
        # A head that is fetched into the page brings its search box along: the browser sees it, the page's text does not.
        if facts.search_box or facts.includes or any(each.purpose == "search" for each in facts.forms):
            await _try_typing(site, home, words)
        elif door := _search_door(site, facts):
            await _try_typing(site, door, words)
        return
    forms = [form] if form.encoding == "utf-8" else [form, replace(form, encoding="utf-8")]
    for each, way in [(each, way) for each in words[:MOST_SEARCHES] for way in forms]:
        url = way.address(each)
        if site.frontier.knows(url):
            continue
        site.frontier.mark(url)
        wanted = Wanted(url, Purpose.SEARCH, HOME, depth=1, referrer=home, text=each)
        capture = await visit(site, wanted)
        if capture.reach is not Reach.OK:
            continue
        if site.drawn_by_script.get(url) and _has_browser(site):
            browser = site.world.browser
            assert browser is not None
            async with site.world.hosts.gate(host_of(url)).turn():
                _keep_rendered(site, wanted, *await _timed(browser.render(url, partial(lets_out, site))))


async def _try_typing(site: Site, page: str, words: list[str]) -> None:
    for each in words[:MOST_SEARCHES]:
        if not await _type_in(site, page, each):
            break


def _search_door(site: Site, facts: PageFacts) -> str:
    """The page of the unit on which it keeps its search, where the home page only leads there; empty where it names none."""
    for link in facts.links:
        if link.url and site.in_scope(link.url) and link.url != facts.url and link.tag == "a":
            named = site.world.vocabulary.column_of(link.text) is Column.SEARCH if link.text else False
            if named or _DOOR.search(urlsplit(link.url).path):
                return link.url
    return ""


_DOOR = re.compile(r"/(?:\w*search|sousuo|jiansuo)(?:/|\.\w+$|/index\.\w+$)", re.IGNORECASE)


async def _type_in(site: Site, home: str, words: str) -> bool:
    """Types the words into the page's search box in the browser, where no plain form sends them; whether other words
    should be tried: results came, and these words are not among them."""
    browser = site.world.browser
    if browser is None or not _has_browser(site) or not await is_allowed(site, home):
        return False
    url = f"{home}#search={quote(words)}"
    wanted = Wanted(url, Purpose.SEARCH, HOME, depth=1, referrer=home, text=words)
    facts = None
    for attempt in (1, 2):
        async with site.world.hosts.gate(host_of(home)).turn():
            await site.world.watch.ready()
            shown, took = await _timed(browser.search(home, words, partial(lets_out, site)))
            facts = _keep_rendered(site, replace(wanted, attempt=attempt), shown, took)
        if shown is None or shown.status < _BROKEN:
            break
        facts = None
        if attempt == 1:
            await asyncio.sleep(site.world.job.settings.retry_wait_seconds)
        if not _has_browser(site):
            break
    if facts is None:
        return False
    return not any(words[:_TELLING] in link.text for link in facts.links)


_BROKEN = 500
"""From here on a status says that the server broke; a search is then tried once more after a pause."""


def _has_browser(site: Site) -> bool:
    return site.world.browser is not None and not site.world.browser.missing and not site.late


async def _timed(shown: Any) -> tuple[Rendered | None, int]:
    started = monotonic()
    return await shown, int((monotonic() - started) * 1000)


def _keep_rendered(site: Site, wanted: Wanted, shown: Rendered | None, took: int) -> PageFacts | None:
    """Files what the browser showed; its facts where it is an answer, None where it is none."""
    if shown is None:
        return None
    site.rendered += 1
    exchange = Exchange(
        url=shown.url,
        at=datetime.now(UTC),
        status=shown.status,
        response_headers=(("Content-Type", "text/html; charset=utf-8"), ("X-Gongkai-Via", "browser")),
        body=shown.html,
        elapsed_ms=took,
    )
    facts = site.world.read(
        shown.html,
        url=shown.url,
        content_type="text/html; charset=utf-8",
        as_of=site.world.job.as_of,
        vocabulary=site.world.vocabulary,
        status=shown.status,
    )
    good = 200 <= shown.status < 300 and facts.kind is not PageKind.CHALLENGE
    capture = site.archive.add(
        Capture(
            unit_id=site.job.unit.unit_id,
            asked_url=wanted.url,
            at=exchange.at,
            reach=Reach.OK if good else Reach.BLOCKED if shown.status < 400 else Reach.BROKEN,
            reason="" if good else f"status-{shown.status}",
            final_url=shown.url,
            status=shown.status,
            via=Via.BROWSER,
            purpose=Purpose.SEARCH,
            attempt=wanted.attempt,
            content_type="text/html; charset=utf-8",
            elapsed_ms=took,
            referrer=wanted.referrer,
            depth=wanted.depth,
        ),
        [exchange],
    )
    write_facts(site, capture, facts)
    return facts if good else None


async def _home_again(site: Site, home: str, capture: Capture) -> tuple[str, PageFacts] | None:
    """The home page's text and facts, from the archive."""
    if not capture.warc:
        return None
    place = f"{site.folder.parent.name}/{site.folder.name}/{capture.warc}@{capture.offset}"
    try:
        body, kind = await asyncio.to_thread(record_answer, site.world.runs_dir, place, capture.sha256)
    except (BodyMissing, ValueError):
        return None
    exchange = Exchange(
        url=capture.url, at=capture.at, status=200, body=body, response_headers=(("Content-Type", kind),)
    )
    facts = home_facts(site, home, capture) or await facts_of(
        site, Wanted(home, Purpose.PAGE, HOME), exchange
    )
    return None if facts is None else (decode(body, kind)[0], facts)


def plain_form(html: str, url: str, encoding: str) -> SearchForm | None:
    """The page's search form, if it can be sent as it stands: by GET, with a named field, and no script between."""
    tree = LexborHTMLParser(html)
    base = tree.css_first("base[href]")
    base_url = urljoin(url, base.attributes.get("href") or "") if base is not None else url
    for form in tree.css("form"):
        told = {name: value or "" for name, value in form.attributes.items()}
        fields = [
            {name: value or "" for name, value in field.attributes.items()} for field in form.css("input")
        ]
        typed = [
            field
            for field in fields
            if field.get("type", "").lower() in _TEXT_TYPES and "disabled" not in field
        ]
        secret = any(field.get("type", "").lower() in ("password", "file") for field in fields)
        if secret or not 1 <= len(typed) <= 2 or form.css_first("textarea") is not None:
            continue
        looks = " ".join(told.get(key, "") for key in ("action", "id", "class", "name")) + " ".join(
            " ".join(field.get(key, "") for key in ("name", "id", "placeholder", "value", "class"))
            for field in fields
        )
        if not _SEARCHES.search(looks):
            continue
        action = urljoin(base_url, told.get("action", "") or url)
        scripted = told.get("onsubmit") or any(
            field.get("onclick") for field in fields if field.get("type", "").lower() in ("button", "image")
        )
        beside = any(field.get("type", "").lower() == "button" for field in fields)
        sends = (
            any(field.get("type", "").lower() in ("submit", "image") for field in fields)
            or form.css_first("button") is not None
        )
        method = told.get("method", "get").lower()
        name = typed[0].get("name", "")
        if method != "get" or scripted or not name or not is_web(action) or not (sends or len(typed) == 1):
            return None
        if beside and not sends and not told.get("action"):
            return None  # a button without a handler of its own: a script elsewhere sends it somewhere else
        others = tuple(
            (field["name"], field.get("value", ""))
            for field in fields
            if field.get("name") and field.get("type", "").lower() == "hidden"
        ) + tuple(_chosen(form))
        wanted = told.get("accept-charset", "").split(",")[0].strip().lower() or encoding or "utf-8"
        return SearchForm(action, name, others, _codec(wanted))
    return None


def _chosen(form: Any) -> Iterator[tuple[str, str]]:
    """What the form's lists and ticks would send untouched."""
    for choice in form.css("select[name]"):
        option = choice.css_first("option[selected]") or choice.css_first("option")
        if option is not None:
            yield choice.attributes["name"] or "", option.attributes.get("value") or ""
    for tick in form.css("input[name][checked]"):
        yield tick.attributes["name"] or "", tick.attributes.get("value") or "on"


def _codec(name: str) -> str:
    if name.startswith(("gb", "x-gb", "cp936", "ms936")):
        return "gb18030"
    try:
        "字".encode(name)
    except (LookupError, UnicodeError):
        return "utf-8"
    return name
