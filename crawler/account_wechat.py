"""WeChat shows its history to nobody without a login; a single article tells its time and whose it is (2026-11)."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from crawler.account_reading import Reading, plain, refused, text_of, unread
from crawler.account_times import day_of_stamp
from dossier.archive import Exchange
from dossier.model import SiteRow

NO_HISTORY = "微信公众号的历史文章要登录才能看；请为它配置订阅源（channel=feed），或用 import-evidence 导入人工核查记录"
_TIME = re.compile(r"""\b(?:var\s+)?(?:ct|oriCreateTime|create_time)\s*[=:]\s*["']?(\d{10})\b""")
_NAME = re.compile(
    r"""\b(?:var\s+)?nickname\s*=\s*(?:htmlDecode\()?["']([^"']{1,60})["']|"""
    r"""class="[^"]*(?:profile_nickname|wx_follow_nickname)[^"]*"[^>]*>\s*([^<]{1,60}?)\s*<"""
)
_ARTICLE_GONE = (
    "该内容已被发布者删除",
    "此内容因违规无法查看",
    "此内容被投诉且经审核涉嫌侵权",
    "该文章已被删除",
)
_CHALLENGE = ("环境异常", "完成验证后即可继续访问", "访问过于频繁")


def is_article(row: SiteRow) -> bool:
    """Whether the listed address is that of one article."""
    parts = urlsplit(row.url)
    return parts.hostname == "mp.weixin.qq.com" and (parts.path == "/s" or parts.path.startswith("/s/"))


def is_wechat(row: SiteRow) -> bool:
    return (urlsplit(row.url).hostname or "").endswith("weixin.qq.com")


def read_article(exchange: Exchange, challenge: str = "") -> Reading:
    """Time and name of an article. One article is never the account's last word, so the account stays unread."""
    if hindrance := refused(exchange, challenge):
        return hindrance
    text = text_of(exchange)
    shown = plain(text)
    if any(words in shown[:2000] for words in _CHALLENGE):
        return Reading("blocked", f"微信要求验证，没有看到文章。{NO_HISTORY}")
    if gone := next((words for words in _ARTICLE_GONE if words in shown), ""):
        return Reading(
            "unread", f"名录所给的文章已看不到（{gone}），这不等于账号不存在。{NO_HISTORY}", quote=gone
        )
    if not 200 <= exchange.status < 300:
        return unread(f"微信文章页应答 {exchange.status}")
    time, name = _TIME.search(text), _NAME.search(text)
    day = day_of_stamp(time[1]) if time else None
    if day is None:
        return unread("微信文章页的样式没有认出")
    return Reading(
        "unread",
        f"只看到名录所给的一篇文章（{day.isoformat()} 发布），不能代表账号的最新内容。{NO_HISTORY}",
        shown_name=html.unescape((name[1] or name[2] or "").strip()) if name else "",
        newest=day,
        newest_url=exchange.url,
        quote=time[0] if time else "",
    )
