"""同一平台开设多个账号。

## 查什么
同一单位在同一平台有没有两个以上仍然开着的账号。

## 为什么要紧
国办发〔2018〕123号：一个单位原则上在同一第三方平台只开设一个政务新媒体账号。

## 看不见什么
没有看到内容的账号不计入；其中有账号没有看到而可能重复的，只提示人工核对。

## 怎样整改
归并账号，关停多余的并公告；经批准分设的，登记豁免。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.accounts import CHANNEL_NAMES, Account, accounts, shown
from dossier.model import Channel, Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="account-duplicated",
    name="同一平台重复开设账号",
    topic=Topic.NEW_MEDIA,
    severity=Severity.MINOR,
    basis=("国办发〔2018〕123号",),
    claim=Claim.PRESENCE,
    messages={"several": "在{channel}同时开设 {count} 个账号：{names}"},
    remedy="归并账号，关停多余的并公告；经批准分设的，说明理由。",
)

_NOT_PLATFORMS = frozenset({Channel.FEED.value, Channel.WEBSITE.value, Channel.APP.value})


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """One office, one voice on each platform."""
    by_channel: dict[str, dict[str, Account]] = {}
    for account in accounts(site):
        if account.facts.channel not in _NOT_PLATFORMS and account.facts.state != "gone":
            by_channel.setdefault(account.facts.channel, {})[account.subject] = account
    for channel, found in by_channel.items():
        is_open = [account for account in found.values() if account.facts.state in ("open", "empty")]
        data: dict[str, Any] = {
            "channel": CHANNEL_NAMES.get(channel, channel),
            "count": len(found),
            "names": [account.name for account in found.values()],
        }
        evidence = tuple(
            shown(account, account.facts.shown_name or account.name) for account in found.values()
        )
        if len(is_open) >= 2:
            data |= {"count": len(is_open), "names": [account.name for account in is_open]}
            yield fail(RULE, channel, "several", evidence=evidence, page_url=is_open[0].facts.url, **data)
        elif len(found) >= 2:
            yield unsure(
                RULE,
                channel,
                "several",
                because="名录登记了多个账号，其中有没有看到的，请人工核对是否都在使用",
                evidence=evidence,
                **data,
            )
        elif is_open:
            yield passed(RULE, channel, evidence=evidence)
