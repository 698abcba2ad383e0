"""A unit's accounts, each row of the list with what was seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.lens import lens
from dossier.model import AccountFacts, Channel, Evidence, SiteRow, SiteSnapshot

CHANNEL_NAMES: Mapping[str, str] = {
    Channel.WEIBO.value: "微博",
    Channel.WECHAT.value: "微信公众号",
    Channel.TOUTIAO.value: "今日头条",
    Channel.DOUYIN.value: "抖音",
    Channel.APP.value: "客户端",
    Channel.FEED.value: "订阅源",
}

UNREADABLE: Mapping[str, str] = {
    "blocked": "平台要求验证，没有看到内容",
    "login": "平台要求登录，没有看到内容",
    "unread": "页面样式没有认出",
    "no-address": "名录没有登记地址",
}


@dataclass(frozen=True)
class Account:
    """One account: what the list says of it and what was seen."""

    subject: str
    row: SiteRow | None
    facts: AccountFacts

    @property
    def name(self) -> str:
        return (self.row.name if self.row else "") or self.facts.shown_name or self.subject

    @property
    def channel_name(self) -> str:
        return CHANNEL_NAMES.get(self.facts.channel, self.facts.channel)


@lens
def accounts(site: SiteSnapshot) -> tuple[Account, ...]:
    """Every account of which something was recorded this night."""
    rows = {(row.channel.value, row.account_id or row.url): row for row in site.unit.accounts}
    found: list[Account] = []
    for facts in site.accounts:
        subject = facts.account_id or facts.url
        row = rows.get((facts.channel, subject)) or rows.get((facts.channel, facts.url))
        found.append(Account(subject=subject, row=row, facts=facts))
    return tuple(found)


def shown(account: Account, quote: str = "") -> Evidence:
    """What can be shown of an account."""
    facts = account.facts
    return Evidence(
        url=facts.newest_post_url or facts.url,
        captured_at=facts.observed_at,
        sha256=facts.sha256,
        quote=quote or facts.quote,
        place=account.channel_name,
        note="人工导入" if facts.via == "import" else "",
    )
