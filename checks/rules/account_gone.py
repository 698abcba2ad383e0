"""名录中的政务新媒体账号已不存在。

## 查什么
平台是否明确表示该账号不存在或者已关闭、注销。

## 为什么要紧
国办秘函〔2019〕19号、国办发〔2018〕123号：账号关停应当公告并报备，名录应当与实际一致。

## 看不见什么
平台要求登录、验证或页面样式没有认出时不判断，只有平台自己说不存在才算。

## 怎样整改
已注销的，更新名录并公告；误关停的，恢复账号。
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.accuse import fail, passed, unsure
from checks.lenses.accounts import accounts, shown
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="account-gone",
    name="政务新媒体账号不存在",
    topic=Topic.NEW_MEDIA,
    severity=Severity.NORMAL,
    basis=("国办秘函〔2019〕19号 政务新媒体", "国办发〔2018〕123号"),
    claim=Claim.PRESENCE,
    messages={"gone": "{channel}“{name}”在平台上已不存在"},
    remedy="已注销的，更新名录并公告；误关停的，恢复账号。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Only the platform's own word makes an account gone."""
    for account in accounts(site):
        facts = account.facts
        if facts.state == "gone" and facts.quote:
            yield fail(
                RULE,
                account.subject,
                "gone",
                evidence=(shown(account),),
                page_url=facts.url,
                channel=account.channel_name,
                name=account.name,
            )
        elif facts.state == "gone":
            yield unsure(
                RULE,
                account.subject,
                "gone",
                because="没有留下平台的原话，请人工打开账号核对",
                evidence=(shown(account),),
                page_url=facts.url,
                channel=account.channel_name,
                name=account.name,
            )
        elif facts.state in ("open", "empty"):
            yield passed(RULE, account.subject, evidence=(shown(account),))
