"""What one answer of a platform says of an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dossier.archive import Exchange

NEXT_STEP = "下一步：人工打开核对，或用 import-evidence 导入截图"
_MARKUP = re.compile(
    r"<(script|style|noscript|template)\b.*?</\1\s*>|<!--.*?-->|<[^>]+>", re.DOTALL | re.IGNORECASE
)
_GONE = re.compile(
    r"(该|此|您访问的)?(用户|账号|帐号|账户)(已?不存在|(已经?|已被)?(注销|关闭|封禁|封停|停用)(?!功能))"
)
_LOGIN_PLACE = re.compile(
    r"^https?://([^/]*\b(passport|login|sso|visitor)\b|[^/?]*/([^?]*/)?(login|signin|passport)\b)",
    re.IGNORECASE,
)
_REFUSALS = frozenset({401, 403, 407, 412, 414, 418, 429, 432, 451, 521})


@dataclass(frozen=True, slots=True)
class Reading:
    """One account as one answer shows it. A shape that nobody knows is `unread`, never a fault."""

    state: str
    because: str = ""
    shown_name: str = ""
    certified: str = ""
    newest: date | None = None
    newest_url: str = ""
    quote: str = ""
    via: str = "http"


def plain(markup: str) -> str:
    """The words of a piece of HTML without scripts and tags, white space folded."""
    return " ".join(_MARKUP.sub(" ", markup).replace("&nbsp;", " ").split())


def text_of(exchange: Exchange) -> str:
    """A body as text: UTF-8 if it is, else what Chinese pages otherwise are."""
    try:
        return exchange.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return exchange.body.decode("gb18030", errors="replace")


def gone_words(text: str) -> str:
    """The platform's own words that an account is not there; empty where it does not say so."""
    found = _GONE.search(text)
    return found[0] if found else ""


def refused(exchange: Exchange, challenge: str = "") -> Reading | None:
    """A platform that wants a login or a proof of humanity before it shows anything; None where it let us in."""
    if _LOGIN_PLACE.match(exchange.url):
        return Reading("login", f"平台要求登录后才能查看，没有看到内容。{NEXT_STEP}")
    if challenge or exchange.status in _REFUSALS:
        why = f"应答 {exchange.status}" if not challenge else "要求验证"
        return Reading("blocked", f"平台拦截了访问（{why}），没有看到内容。{NEXT_STEP}")
    return None


def unread(why: str) -> Reading:
    return Reading("unread", f"{why}。{NEXT_STEP}")
