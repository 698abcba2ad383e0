"""The front door: a unit whose home page was not seen was not seen."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from crawler.addresses import bare, host_of, other_scheme, wire, with_variants
from crawler.frontier import Wanted
from crawler.notfound import print_as, print_of
from crawler.priority import HOME
from crawler.reader import facts_of
from crawler.site import Site
from crawler.visit import visit
from dossier.archive import Exchange, record_body
from dossier.model import Capture, PageFacts, Purpose, Reach
from dossier.reasons import in_words


async def knock(site: Site) -> bool:
    """Asks for the home pages, twice where need be; whether any was seen."""
    seen = False
    waiting: list[Wanted] = []
    for home in site.homes:
        site.frontier.mark(home)
        wanted = Wanted(home, Purpose.PAGE, HOME, text="首页")
        capture = await _ask_home(site, wanted)
        if capture.reach is Reach.OK:
            seen = True
        elif capture.reach not in (Reach.DISALLOWED, Reach.OFF_SITE):
            waiting.append(replace(wanted, attempt=2))
    site.again.clear()
    for wanted in list(waiting):
        if await _answers_otherwise(site, wanted):
            waiting.remove(wanted)
            seen = True
    if waiting and not seen:
        await asyncio.sleep(site.world.job.settings.retry_wait_seconds)
        for wanted in waiting:
            capture = await _ask_home(site, wanted)
            seen |= capture.reach is Reach.OK
    else:
        site.again.extend(replace(wanted, attempt=1) for wanted in waiting)
    return seen


async def _answers_otherwise(site: Site, wanted: Wanted) -> bool:
    """Whether a home page that is silent under the listed scheme opens under the other, as visitors' browsers try."""
    kept = site.home_reaches[wanted.url]
    other = other_scheme(wanted.url)
    if kept[0] is not Reach.SILENT or kept[1] in ("dns", "proxy") or not other:
        return False
    capture = await _ask_home(site, wanted, on_wire=other)
    if capture.reach is Reach.OK:
        site.notes.append(f"名册中的首页地址 {wanted.url} 没有应答，按 {other} 检查。")
        return True
    site.again.clear()
    site.home_reaches[wanted.url] = kept
    return False


async def _ask_home(site: Site, wanted: Wanted, *, on_wire: str = "") -> Capture:
    capture = await visit(site, wanted, on_wire=on_wire)
    reach, reason = capture.reach, capture.reason
    final = host_of(capture.final_url)
    if reach is Reach.OK and final and final not in site.hosts:
        if bare(final) == bare(host_of(wanted.url)):
            site.hosts |= with_variants([final])
        else:
            site.notes.append(f"首页 {wanted.url} 跳转到名册以外的 {final}。")
            reach, reason = Reach.OFF_SITE, final
    if reach is Reach.OK and capture.final_url and capture.final_url not in site.homes:
        site.homes.append(capture.final_url)
    site.home_reaches[wanted.url] = (reach, reason)
    if reach is Reach.OK:
        site.home_captures.setdefault(wanted.url, capture)
    if reach is Reach.OK and site.home_print is None and capture.warc:
        await _remember_home(site, wanted, capture)
    return capture if reach is capture.reach else _as(capture, reach, reason)


def _as(capture: Capture, reach: Reach, reason: str) -> Capture:
    return Capture(
        unit_id=capture.unit_id, asked_url=capture.asked_url, at=capture.at, reach=reach, reason=reason
    )


async def _remember_home(site: Site, wanted: Wanted, capture: Capture) -> None:
    """Keeps the home page's fingerprint, as some sites show their home page for everything that is not there."""
    url = capture.url
    site.world.watch.heard(host_of(url), url)
    facts = home_facts(site, wanted.url, capture)
    if facts is not None:
        site.home_print = print_as(url, capture.sha256, facts)
        return
    place = f"{site.folder.parent.name}/{site.folder.name}/{capture.warc}@{capture.offset}"
    body = record_body(site.folder.parent.parent, place, capture.sha256)
    whole = Exchange(
        url=url,
        at=capture.at,
        status=200,
        body=body,
        response_headers=(("Content-Type", capture.content_type),),
    )
    site.home_print = print_of(whole, await facts_of(site, wanted, whole))


def home_facts(site: Site, home: str, capture: Capture) -> PageFacts | None:
    """What a home page said when it was visited tonight."""
    url = home if wire(home) == capture.url else capture.url
    return site.home_facts.get((capture.sha256, url))


def unseen_homes(site: Site) -> tuple[str, str]:
    """Why no home page was seen, in the words of the report."""
    said = []
    kinds = set()
    for home, (reach, reason) in site.home_reaches.items():
        kinds.add(reach)
        said.append(f"{home} {words_of(reach, reason)}")
    finish = "blocked" if kinds and kinds <= {Reach.BLOCKED, Reach.REFUSED} else "home-unseen"
    return finish, f"首页没有看到：{'；'.join(said)}。"


def words_of(reach: str, reason: str) -> str:
    words = {
        Reach.GONE: "应答说页面不存在",
        Reach.REFUSED: "拒绝访问",
        Reach.BLOCKED: "被网站防护拦截",
        Reach.BROKEN: "应答出错",
        Reach.SILENT: "没有应答",
        Reach.OFF_SITE: f"跳转到名册以外的 {reason}",
        Reach.DISALLOWED: "robots.txt 不许访问",
    }
    detail = f"（{in_words(reason)}）" if reason and reach not in (Reach.OFF_SITE, Reach.DISALLOWED) else ""
    return f"{words.get(Reach(reach), '没有看到')}{detail}"
