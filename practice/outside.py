"""The rest of the web, as far as the practice province knows of it: ministries, marks, a microblog."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from practice.faults_upkeep import ILLICIT
from practice.model import Account
from practice.serving import Answer

PLAIN = (
    "www.gov.cn",
    "www.lianxi.gov.cn",
    "bszs.conac.cn",
    "dcs.conac.cn",
    "www.beian.gov.cn",
    "beian.miit.gov.cn",
    "zfwzgl.www.gov.cn",
)
_BEIJING = timezone(timedelta(hours=8))


def answer_outside(host: str, url: str) -> Answer | None:
    """A page of a known outside host; None where the name does not resolve."""
    path = urlsplit(url).path
    for text, known in ILLICIT:
        if host == known:
            return Answer(
                200,
                f"<html><head><meta charset=utf-8><title>{text}</title></head><body>{text}</body></html>".encode(),
            )
    if host == "www.jihe-closed.example.org":
        return Answer(403, b"<html><body>Forbidden</body></html>")
    if host == "www.jihe-slow.example.org":
        return Answer(0, hang=True)
    if host not in PLAIN:
        return None
    if path.startswith("/gone/"):
        return Answer(
            404, b"<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>"
        )
    if path.endswith(".js"):
        return Answer(200, b"/* */", "application/javascript")
    return Answer(
        200,
        f"<html><head><meta charset=utf-8><title>{host}</title></head><body><p>{host}</p></body></html>".encode(),
    )


def _stamp(day: date, n: int) -> str:
    moment = datetime(day.year, day.month, day.day, 9 + n % 8, 20, 30, tzinfo=_BEIJING)
    return moment.strftime("%a %b %d %H:%M:%S %z %Y")


def answer_weibo(accounts: dict[str, Account], url: str) -> Answer:
    """The microblog's open JSON, as a phone asks for it."""
    parts = urlsplit(url)
    if parts.path != "/api/container/getIndex":
        return Answer(
            200,
            "<html><head><meta charset=utf-8><title>微博</title></head><body><div id=app></div></body></html>".encode(),
        )
    query = parse_qs(parts.query)
    uid = query.get("value", [""])[0] or query.get("containerid", [""])[0][6:]
    account = accounts.get(uid)
    if account is None or account.state == "gone":
        return _json({"ok": 0, "msg": "用户不存在", "data": {}})
    user = {
        "id": int(uid),
        "screen_name": account.shown_name,
        "verified": True,
        "verified_reason": account.certified,
    }
    if query.get("containerid", [""])[0].startswith("100505"):
        return _json({"ok": 1, "data": {"userInfo": user}})
    cards: list[dict[str, object]] = []
    for n, (day, text) in enumerate(account.posts):
        blog = {"id": f"45{uid[-6:]}{n:03d}", "created_at": _stamp(day, n), "text": text, "user": user}
        cards.append(
            {"card_type": 9, "mblog": blog, "scheme": f"http://m.weibo.cn/status/45{uid[-6:]}{n:03d}"}
        )
    if cards:
        pinned: dict[str, object] = {
            "id": f"44{uid[-6:]}001",
            "created_at": _stamp(account.posts[-1][0] - timedelta(200), 1),
            "text": "关于我们",
            "user": user,
        }
        pinned |= {"isTop": 1, "title": {"text": "置顶"}}
        cards.insert(0, {"card_type": 9, "mblog": pinned, "scheme": ""})
    return _json({"ok": 1, "data": {"cardlistInfo": {"total": len(cards)}, "cards": cards}})


def _json(value: object) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def answer_feed(account: Account) -> Answer:
    """An RSS, Atom or JSON feed of an account."""
    if account.state == "gone":
        return Answer(410, b"gone", "text/plain")
    name = account.shown_name
    rows = [(f"{account.url}#p{n}", text, day) for n, (day, text) in enumerate(account.posts)]
    if account.feed == "json":
        items = [{"id": u, "url": u, "title": t, "date_published": f"{d}T10:00:00+08:00"} for u, t, d in rows]
        return Answer(
            200,
            json.dumps(
                {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
            ).encode(),
            "application/feed+json",
        )
    if account.feed == "atom":
        made = "".join(
            f"<entry><id>{u}</id><title>{t}</title><link href='{u}'/><updated>{d}T10:00:00+08:00</updated></entry>"
            for u, t, d in rows
        )
        text = f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>{name}</title><id>{account.url}</id>{made}</feed>"
        return Answer(200, text.encode(), "application/atom+xml")
    made = "".join(
        f"<item><title>{t}</title><link>{u}</link><pubDate>{datetime(d.year, d.month, d.day, 10, tzinfo=_BEIJING):%a, %d %b %Y %H:%M:%S %z}</pubDate></item>"
        for u, t, d in rows
    )
    text = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{name}</title><link>{account.url}</link>{made}</channel></rss>"
    return Answer(200, text.encode(), "application/rss+xml")
