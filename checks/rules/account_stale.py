"""政务新媒体长期没有更新。

## 查什么
账号最新一条内容的发布时间距检查日是否超过 14 天。置顶的旧内容不影响判断。

## 为什么要紧
国办秘函〔2019〕19号：政务新媒体两周内没有更新的，单项否决（国办发〔2018〕123号要求内容定期更新）。

## 看不见什么
需要登录或验证才能看的账号，由评估人员导入证据或者配置订阅源后才能判断。

## 怎样整改
及时更新；无力维护的，按程序注销并公告。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.accounts import UNREADABLE, accounts, shown
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="account-stale",
    name="政务新媒体长期未更新",
    topic=Topic.NEW_MEDIA,
    severity=Severity.NORMAL,
    basis=("国办秘函〔2019〕19号 政务新媒体单项否决“内容不更新”", "国办发〔2018〕123号"),
    claim=Claim.PRESENCE,
    messages={
        "stale": "{channel}“{name}”最新内容发布于 {newest}，距检查日已 {days} 天，超过 {limit} 天",
        "unread": "{channel}“{name}”的内容没有看到",
    },
    remedy="及时更新账号；无力维护的，按程序注销并公告。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """An account that has fallen silent."""
    limit = int(site.tables.threshold("account-stale.days"))
    for account in accounts(site):
        facts = account.facts
        names: dict[str, Any] = {"channel": account.channel_name, "name": account.name}
        if facts.state == "gone":
            continue
        if facts.newest_post is None or facts.state in UNREADABLE:
            why = UNREADABLE.get(
                facts.state, "账号没有任何内容" if facts.state == "empty" else "没有读到发布时间"
            )
            yield unsure(
                RULE,
                account.subject,
                "unread",
                because=f"{facts.because or why}，请人工打开账号核对最近的发布时间，或导入证据",
                evidence=(shown(account),),
                page_url=facts.url,
                **names,
            )
            continue
        days = (site.as_of - facts.newest_post).days
        quote = facts.quote or f"最新内容 {facts.newest_post.isoformat()}"
        if days > limit:
            yield fail(
                RULE,
                account.subject,
                "stale",
                evidence=(shown(account, quote),),
                page_url=facts.url,
                newest=facts.newest_post,
                days=days,
                limit=limit,
                **names,
            )
        else:
            yield passed(RULE, account.subject, evidence=(shown(account, quote),))
