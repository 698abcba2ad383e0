"""A feed says what was published when, in one of three ways: RSS, Atom or JSON Feed."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import msgspec

from crawler.account_reading import NEXT_STEP, Reading, refused, unread
from crawler.account_times import BEIJING, day_of
from dossier.archive import Exchange

GONE_STATUSES = frozenset({404, 410})
_LONGEST_QUOTE = 120


def read_feed(exchange: Exchange, now: datetime, challenge: str = "") -> Reading:
    """What a feed's answer says of the account behind it. `gone` here is one try's word; two are wanted."""
    if hindrance := refused(exchange, challenge):
        return hindrance
    if exchange.status in GONE_STATUSES:
        return Reading("gone", quote=f"HTTP {exchange.status} {exchange.reason}".strip(), via="feed")
    if not 200 <= exchange.status < 300:
        return unread(f"订阅源应答 {exchange.status}")
    return feed_in(exchange, now) or unread("这个地址给出的不是 RSS、Atom 或 JSON Feed")


def feed_in(exchange: Exchange, now: datetime) -> Reading | None:
    """The feed in a body, if there is one."""
    head = exchange.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head == b"{":
        return _json_feed(exchange.body, now)
    return _xml_feed(exchange, now) if head == b"<" else None


def _json_feed(body: bytes, now: datetime) -> Reading | None:
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if not isinstance(tree, dict) or "jsonfeed" not in str(tree.get("version")):
        return None
    items = tree.get("items")
    if not isinstance(items, list):
        return None
    rows = []
    for item in items:
        if isinstance(item, dict):
            raw = str(item.get("date_published") or item.get("date_modified") or "")
            title = str(item.get("title") or item.get("content_text") or item.get("summary") or "")
            rows.append((day_of(raw, now), raw, title, str(item.get("url") or item.get("id") or "")))
    return _reading(str(tree.get("title") or ""), rows)


def _xml_feed(exchange: Exchange, now: datetime) -> Reading | None:
    import feedparser  # a sixth of a second that only units with a feed need

    kind = {"content-type": exchange.header("content-type")}
    try:
        told: Any = feedparser.parse(BytesIO(exchange.body), response_headers=kind)
    except ValueError:  # a blank in the name of a namespace, 2026-11: the library takes it for three names
        return None
    if not told.get("version"):
        return None
    rows = []
    for entry in told.entries:
        raw = str(entry.get("published") or entry.get("updated") or entry.get("created") or "")
        title = str(entry.get("title") or entry.get("summary") or "")
        rows.append((_day(entry, raw, now), raw, title, str(entry.get("link") or "")))
    if not rows and "SAX" in type(told.get("bozo_exception")).__name__:
        return None  # torn before its first entry: not an empty feed
    return _reading(str(told.feed.get("title") or ""), rows)


def _day(entry: Mapping[str, Any], raw: str, now: datetime) -> date | None:
    """The day as the entry says it; words without a zone are taken as they stand, as Beijing's."""
    said = day_of(raw, now)
    parsed = entry.get("published_parsed") or entry.get("updated_parsed") or entry.get("created_parsed")
    if said is not None or parsed is None:
        return said
    return datetime.fromtimestamp(timegm(parsed), UTC).astimezone(BEIJING).date()


def _reading(title: str, rows: list[tuple[date | None, str, str, str]]) -> Reading:
    name = " ".join(title.split())
    if not rows:
        return Reading("empty", "订阅源里没有任何内容", shown_name=name, via="feed")
    dated = [(day, raw, text, url) for day, raw, text, url in rows if day is not None]
    if not dated:
        return Reading("open", f"订阅源的内容没有日期。{NEXT_STEP}", shown_name=name, via="feed")
    day, raw, text, url = max(dated, key=lambda row: row[0])
    quote = f"{raw} {' '.join(text.split())}".strip()[:_LONGEST_QUOTE]
    return Reading("open", shown_name=name, newest=day, newest_url=url, quote=quote, via="feed")
