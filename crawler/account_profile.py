"""Other platforms draw their profiles by script; what the plain HTML says is read, and nothing is guessed (2026-11)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawler.account_feed import feed_in
from crawler.account_reading import NEXT_STEP, Reading, gone_words, plain, refused, text_of, unread
from crawler.account_times import day_of, day_of_stamp
from dossier.archive import Exchange

_WALLS = ("请登录", "登录后查看", "扫码登录", "登录后即可", "验证码", "拖动滑块", "安全验证", "完成验证")
_STAMPS = frozenset(
    {"publish_time", "publishTime", "create_time", "createTime", "behot_time", "behotTime", "datePublished"}
)
_TIME_CLASS = re.compile(r"time|date", re.IGNORECASE)
_TITLE_NAME = re.compile(r"^(.{1,30}?)的(?:抖音|头条|今日头条|快手|个人)?(?:主页|首页|抖音|快手号?|视频)")
_CERTIFIED = re.compile(r"(?:官方认证|认证信息|认证主体|认证)\s*[:：]\s*(\S{2,40})")
_SHORT_PAGE = 600
_LONGEST_QUOTE = 120
_FEWEST_ALIKE = 2


def read_profile_page(exchange: Exchange, now: datetime, challenge: str = "") -> Reading:
    """What a profile page shows as it comes: newest post, name, certified body; or why it shows nothing."""
    if hindrance := refused(exchange, challenge):
        return hindrance
    if 200 <= exchange.status < 300 and (feed := feed_in(exchange, now)):
        return feed
    text = text_of(exchange)
    shown = plain(text)
    if len(shown) <= _SHORT_PAGE and (gone := gone_words(shown)):
        return Reading("gone", quote=gone)
    if not 200 <= exchange.status < 300:
        return unread(f"账号页面应答 {exchange.status}")
    tree = LexborHTMLParser(text)
    name, certified = _name(tree), _CERTIFIED.search(shown)
    times = [*_marked_times(tree, now), *_times_in_data(tree, now)]
    if times:
        day, quote = max(times, key=lambda one: one[0])
        return Reading(
            "open",
            shown_name=name,
            certified=certified[1] if certified else "",
            newest=day,
            quote=quote[:_LONGEST_QUOTE],
        )
    if wall := next((words for words in _WALLS if words in shown), ""):
        state = "login" if "登录" in wall else "blocked"
        return Reading(state, f"平台页面提示“{wall}”，没有看到内容。{NEXT_STEP}")
    return unread("平台页面由脚本生成或样式没有认出，没有读到发布时间")


def _name(tree: LexborHTMLParser) -> str:
    """The account's name where the page says it plainly: its only headline, or a title of a known form."""
    heads = [plain(node.text() or "") for node in tree.css("h1")]
    if len(heads) == 1 and 0 < len(heads[0]) <= 30:
        return heads[0]
    title = tree.css_first("title")
    found = _TITLE_NAME.match(plain(title.text() or "")) if title else None
    return found[1] if found else ""


def _marked_times(tree: LexborHTMLParser, now: datetime) -> Iterator[tuple[date, str]]:
    """Times that the page marks as such: <time>, or several elements of one class that hold nothing but a time."""
    for node in tree.css("time"):
        said = str(node.attributes.get("datetime") or "") or plain(node.text() or "")
        if day := day_of(said, now):
            yield day, said
    found: list[tuple[str, date, str]] = []
    for node in tree.css("[class]"):
        label = str(node.attributes.get("class") or "")
        words = plain(node.text() or "") if _TIME_CLASS.search(label) else ""
        if 0 < len(words) <= 30 and (day := day_of(words, now)):
            found.append((label, day, words))
    alike = Counter(label for label, _, _ in found)
    yield from ((day, words) for label, day, words in found if alike[label] >= _FEWEST_ALIKE)


def _times_in_data(tree: LexborHTMLParser, now: datetime) -> Iterator[tuple[date, str]]:
    """Times in the data that a page carries for its own scripts."""
    for node in tree.css("script[type*=json]"):
        raw = (node.text() or "").strip()
        if raw.startswith("%7B"):
            raw = unquote(raw)
        try:
            data = msgspec.json.decode(raw)
        except msgspec.DecodeError:
            continue
        for key, value in _stamps(data):
            day = day_of_stamp(value) or (day_of(value, now) if isinstance(value, str) else None)
            if day:
                yield day, f"{key}: {value}"


def _stamps(data: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if depth > 40:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if key in _STAMPS and isinstance(value, str | int | float):
                yield key, value
            else:
                yield from _stamps(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _stamps(value, depth + 1)
