"""An account is seen as the platform shows it to anybody; whatever bars the way is told, never held against a unit."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from crawler import account_feed, account_profile, account_wechat, account_weibo
from crawler.account_reading import NEXT_STEP, Reading, unread
from crawler.account_times import run_clock
from crawler.addresses import host_of, is_web, origin_of
from crawler.fetch import Answer, Asking
from crawler.frontier import Wanted
from crawler.identity import browser_headers, plain_headers
from crawler.keeping import keep
from crawler.priority import REST
from crawler.reach import Failure, Seen, challenge_in, reach_of
from crawler.robots import RobotsFile, robots_of
from crawler.site import Site
from dossier.archive import Exchange, append_account
from dossier.errors import NetworkDown
from dossier.model import AccountFacts, Capture, Channel, Purpose, Reach, RobotsPolicy, SiteRow, UnitJob

log = logging.getLogger("gongkai.crawler")

_MOST_BYTES = 3_000_000
_MOST_OUTAGES = 3
_WORDS = {
    Reach.SILENT: "没有应答",
    Reach.BROKEN: "应答出错",
    Reach.OFF_SITE: "跳转到别处",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One try at an address of an account."""

    capture: Capture
    exchange: Exchange | None
    challenge: str = ""

    @property
    def now(self) -> datetime:
        return self.capture.at


def account_rows(job: UnitJob) -> tuple[SiteRow, ...]:
    """The accounts that a job looks at: all of the unit's, or in a recheck those that it names."""
    rows = job.unit.accounts
    return tuple(row for row in rows if row.url in job.seeds) if job.seeds else rows


async def see_accounts(site: Site) -> None:
    """Looks at each account of a unit once and writes what was seen; one that breaks costs the others nothing."""
    for row in account_rows(site.job):
        try:
            facts = await _see(site, row)
        except NetworkDown:
            return  # nothing was seen, and nothing is said
        except Exception:  # a platform's new shape must not cost the unit its night
            log.exception("account %s of %s broke", row.url, row.unit_id)
            facts = _facts(row, unread("读取账号时程序出错"), None)
        append_account(site.folder, facts)


async def _see(site: Site, row: SiteRow) -> AccountFacts:
    if row.channel is Channel.APP:
        return _facts(
            row, Reading("unread", "移动客户端不能自动查看，请用 import-evidence 导入人工核查记录"), None
        )
    if row.channel is Channel.WECHAT and (
        not row.url or (account_wechat.is_wechat(row) and not account_wechat.is_article(row))
    ):
        return _facts(row, Reading("unread", account_wechat.NO_HISTORY), None)
    if not row.url:
        return _facts(row, Reading("no-address", "单位清单没有登记这个账号的地址"), None)
    if not is_web(row.url):
        return _facts(row, Reading("no-address", "登记的账号地址不是网址"), None)
    if row.channel is Channel.WEIBO:
        return await _see_weibo(site, row)
    return await _see_page(site, row)


async def _see_weibo(site: Site, row: SiteRow) -> AccountFacts:
    """Profile and posts; that an account is gone must be said of both."""
    if not account_weibo.uid_of(row):
        why = f"清单里没有微博的数字编号（uid），请把它写进 account_id。{NEXT_STEP}"
        return _facts(row, Reading("unread", why), None)
    looked = await _look(site, row, account_weibo.address_of(row, account_weibo.PROFILE))
    profile = _barred(looked)
    if profile is None and looked.exchange is not None:
        profile = account_weibo.read_profile(looked.exchange, looked.challenge)
    if profile is not None and profile.state in ("blocked", "login"):
        return _facts(row, profile, looked)  # the platform turned us away: no second knock
    listed = await _look(site, row, account_weibo.address_of(row, account_weibo.POSTS))
    posts = _barred(listed)
    if posts is None and listed.exchange is not None:
        clock = run_clock(site.world.job.as_of, listed.now)
        posts = account_weibo.read_posts(listed.exchange, clock, listed.challenge)
    assert profile is not None
    assert posts is not None
    return _facts(row, account_weibo.together(profile, posts), listed)


async def _see_page(site: Site, row: SiteRow) -> AccountFacts:
    """A feed, an article or a profile page; "not there" is believed when it was said twice."""
    looked = await _look(site, row, row.url)
    reading = _read(site, row, looked)
    if reading.state != "gone":
        return _facts(row, reading, looked)
    await asyncio.sleep(site.world.job.settings.retry_wait_seconds)
    again = await _look(site, row, row.url, attempt=2)
    second = _read(site, row, again)
    return _facts(row, second, again)


def _read(site: Site, row: SiteRow, looked: Look) -> Reading:
    barred = _barred(looked)
    if barred is not None or looked.exchange is None:
        return barred or unread("没有应答")
    clock = run_clock(site.world.job.as_of, looked.now)
    if row.channel is Channel.FEED:
        return account_feed.read_feed(looked.exchange, clock, looked.challenge)
    if account_wechat.is_article(row):
        return account_wechat.read_article(looked.exchange, looked.challenge)
    if row.channel is Channel.WECHAT:
        found = account_feed.feed_in(looked.exchange, clock) if looked.capture.reach is Reach.OK else None
        return found or Reading("unread", f"登记的地址没有给出订阅源。{account_wechat.NO_HISTORY}")
    return account_profile.read_profile_page(looked.exchange, clock, looked.challenge)


def _barred(looked: Look) -> Reading | None:
    """Why an address could not be asked at all; None where something answered."""
    if looked.exchange is not None:
        return None
    reach, reason = looked.capture.reach, looked.capture.reason
    if reach is Reach.DISALLOWED:
        return Reading("blocked", f"平台的 robots.txt 不许自动访问（robots）。{NEXT_STEP}")
    detail = f"（{reason}）" if reason else ""
    return unread(f"平台{_WORDS.get(reach, '没有看到')}{detail}")


async def _look(site: Site, row: SiteRow, url: str, attempt: int = 1) -> Look:
    """Asks once, keeps what came; while our own line is dead the try does not count."""
    wanted = Wanted(url, Purpose.ACCOUNT, REST, attempt=attempt)
    agent = site.world.agent
    headers = plain_headers(agent) if attempt == 1 else browser_headers(agent, "")
    asking = Asking(
        url,
        headers,
        _MOST_BYTES,
        allowed=partial(_is_allowed, site, row),
        lets_out=partial(_lets_out, site, host_of(url)),
    )
    for _ in range(_MOST_OUTAGES):
        answer = await site.world.fetcher.ask(asking)
        failure = answer.failure
        if failure is None or failure.reach is not Reach.SILENT:
            break
        if not await site.world.watch.is_ours(host_of(url), failure.reason, foreign=True):
            break
    if answer.failure is not None or answer.last is None:
        failed = answer.failure or Failure(Reach.SILENT, "connection")
        return Look(keep(site, wanted, answer, failed.reach, failed.reason, None), None)
    return _kept(site, wanted, answer, answer.last)


def _kept(site: Site, wanted: Wanted, answer: Answer, last: Exchange) -> Look:
    challenge = challenge_in(last, site.world.vocabulary.challenge_of)
    reach, reason = reach_of(Seen(wanted.url, Purpose.ACCOUNT, last, challenge=challenge))
    return Look(keep(site, wanted, answer, reach, reason, None), last, challenge)


async def _is_allowed(site: Site, row: SiteRow, url: str) -> bool:
    """Platforms are asked as robots.txt allows, unless the list says that the inspecting authority waived it."""
    if row.robots is RobotsPolicy.IGNORE:
        return True
    book, origin = site.world.robots, origin_of(url)
    if origin not in book:
        book[origin] = asyncio.ensure_future(_ask_robots(site, origin))
    return (await asyncio.shield(book[origin])).allows(url)


async def _lets_out(site: Site, listed: str, url: str) -> bool:
    """Where a platform sends us on, it may not send us into our own house."""
    return await site.world.guard.lets_out(url, {listed})


async def _ask_robots(site: Site, origin: str) -> RobotsFile:
    wanted = Wanted(f"{origin}/robots.txt", Purpose.ROBOTS, REST)
    answer = await site.world.fetcher.ask(Asking(wanted.url, plain_headers(site.world.agent), 600_000))
    last = answer.last
    if answer.failure is not None or last is None:
        failed = answer.failure or Failure(Reach.SILENT, "connection")
        keep(site, wanted, answer, failed.reach, failed.reason, None)
        return RobotsFile()
    reach, reason = reach_of(Seen(wanted.url, Purpose.ROBOTS, last))
    keep(site, wanted, answer, reach, reason, None)
    rules = robots_of(last.status, last.header("content-type"), last.body)
    site.world.hosts.gate(host_of(origin)).slow_to(rules.crawl_delay)
    return rules


def _facts(row: SiteRow, reading: Reading, looked: Look | None) -> AccountFacts:
    return AccountFacts(
        unit_id=row.unit_id,
        channel=row.channel.value,
        account_id=row.account_id,
        url=row.url,
        state=reading.state,
        shown_name=reading.shown_name,
        certified=reading.certified,
        newest_post=reading.newest,
        newest_post_url=reading.newest_url,
        observed_at=looked.capture.at if looked else datetime.now(UTC),
        via=reading.via,
        quote=reading.quote,
        sha256=looked.capture.sha256 if looked else "",
        because=reading.because.rstrip("。"),
    )
