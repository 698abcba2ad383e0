"""Weibo shows a profile and its last posts to any phone, as JSON (shape as of 2026-11).

`/api/container/getIndex?type=uid&value=<uid>&containerid=107603<uid>` holds posts, `100505<uid>` the profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from crawler.account_reading import NEXT_STEP, Reading, gone_words, plain, refused, unread
from crawler.account_times import day_of
from dossier.archive import Exchange
from dossier.model import SiteRow

POSTS, PROFILE = "107603", "100505"
_MOBILE = "m.weibo.cn"
_UID = re.compile(r"/(?:u|profile|p/1005\d\d)/?(\d{5,12})(?:[/?#]|$)|^/(\d{5,12})/?$")
_LONGEST_QUOTE = 120


def uid_of(row: SiteRow) -> str:
    """The number under which Weibo knows an account; empty where the list does not give it."""
    if row.account_id.isascii() and row.account_id.isdigit():
        return row.account_id
    found = _UID.search(urlsplit(row.url).path)
    return (found[1] or found[2]) if found else ""


def address_of(row: SiteRow, container: str) -> str:
    """Where the JSON of an account is asked, by the scheme under which the account is listed."""
    uid, parts = uid_of(row), urlsplit(row.url)
    host = parts.netloc if (parts.hostname or "") == _MOBILE else _MOBILE
    return f"{parts.scheme}://{host}/api/container/getIndex?type=uid&value={uid}&containerid={container}{uid}"


def read_posts(exchange: Exchange, now: datetime, challenge: str = "") -> Reading:
    """What the list of posts says."""
    tree, hindrance = _opened(exchange, challenge)
    if hindrance is not None:
        return hindrance
    message = str(tree.get("msg") or "")
    if tree.get("ok") != 1:
        return _refusal(message, tree)
    data = tree.get("data")
    cards = data.get("cards") if isinstance(data, dict) else None
    if not isinstance(cards, list):
        return unread("微博返回的内容样式没有认出")
    blogs = [(card, blog) for card, blog in _blogs(cards) if isinstance(blog, dict)]
    if not blogs:
        if cards and not _says_nothing_yet(str(cards)):
            return unread("微博返回的列表里没有认出任何一条内容")
        return Reading("empty", "微博没有显示任何内容")
    dated = [
        (day, card, blog) for card, blog in blogs if (day := day_of(str(blog.get("created_at") or ""), now))
    ]
    name, body = _owner(blogs[-1][1].get("user"))
    if not dated:
        return Reading("open", f"微博内容的发布时间没有认出。{NEXT_STEP}", shown_name=name, certified=body)
    day, card, blog = max(
        dated, key=lambda one: one[0]
    )  # by date and not by place: a pinned post stands first
    return Reading(
        "open",
        shown_name=name,
        certified=body,
        newest=day,
        newest_url=_address_of_post(card, blog, exchange.url),
        quote=f"{blog.get('created_at')} {plain(str(blog.get('text') or ''))}".strip()[:_LONGEST_QUOTE],
    )


def read_profile(exchange: Exchange, challenge: str = "") -> Reading:
    """What the profile says: name and certified body."""
    tree, hindrance = _opened(exchange, challenge)
    if hindrance is not None:
        return hindrance
    if tree.get("ok") != 1:
        return _refusal(str(tree.get("msg") or ""), tree)
    data = tree.get("data")
    user = data.get("userInfo") if isinstance(data, dict) else None
    name, body = _owner(user)
    if not name:
        return unread("微博返回的主页样式没有认出")
    count = user.get("statuses_count") if isinstance(user, dict) else None
    return Reading("empty" if count == 0 else "open", shown_name=name, certified=body)


def together(profile: Reading, posts: Reading) -> Reading:
    """An account from its profile and its posts; what the two disagree on stays open."""
    if posts.state == "gone" and profile.state != "gone":
        return unread("微博一处说用户不存在，另一处没有这样说")
    if posts.state == "empty" and profile.state == "open":
        posts = unread("微博主页显示有内容，列表却没有给出")
    if posts.state == "empty" and profile.state in ("gone", "blocked", "login"):
        return unread("微博没有给出内容，主页也没有看到") if profile.state == "gone" else profile
    return Reading(
        posts.state,
        posts.because,
        profile.shown_name or posts.shown_name,
        profile.certified or posts.certified,
        posts.newest,
        posts.newest_url,
        posts.quote,
    )


def _opened(exchange: Exchange, challenge: str) -> tuple[dict[str, Any], Reading | None]:
    if hindrance := refused(exchange, challenge):
        return {}, hindrance
    if not 200 <= exchange.status < 300:
        return {}, unread(f"微博应答 {exchange.status}")
    try:
        tree = msgspec.json.decode(exchange.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        tree = None
    if not isinstance(tree, dict) or "ok" not in tree:
        return {}, unread("微博返回的内容样式没有认出")
    return tree, None


def _refusal(message: str, tree: dict[str, Any]) -> Reading:
    if tree.get("ok") == -100 or "passport" in str(tree.get("url") or ""):
        return Reading("login", f"微博要求登录后才能查看，没有看到内容。{NEXT_STEP}")
    if gone := gone_words(message):
        return Reading("gone", quote=message.strip()[:_LONGEST_QUOTE] or gone)
    if _says_nothing_yet(message):
        return Reading("empty", "微博没有显示任何内容", quote=message)
    return unread(f"微博没有给出内容（{message[:40] or '没有说明'}）")


def _says_nothing_yet(text: str) -> bool:
    return "还没有内容" in text or "还没有发" in text or "暂无内容" in text


def _blogs(cards: list[Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Posts as they lie in cards, or in groups of cards."""
    for card in cards:
        if not isinstance(card, dict):
            continue
        if card.get("card_type") == 9 and card.get("mblog"):
            yield card, card["mblog"]
        if isinstance(group := card.get("card_group"), list):
            yield from _blogs(group)


def _owner(user: Any) -> tuple[str, str]:
    """Name and certified body of an account; one that is not certified has no body."""
    if not isinstance(user, dict):
        return "", ""
    name = str(user.get("screen_name") or "").strip()
    return name, str(user.get("verified_reason") or "").strip() if user.get("verified", True) else ""


def _address_of_post(card: dict[str, Any], blog: dict[str, Any], asked: str) -> str:
    scheme = str(card.get("scheme") or "")
    if scheme.startswith(("http://", "https://")):
        return scheme
    number = str(blog.get("bid") or blog.get("id") or "")
    parts = urlsplit(asked)
    return f"{parts.scheme}://{parts.netloc}/status/{number}" if number else ""
