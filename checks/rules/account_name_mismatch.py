"""账号名称或认证主体与名录不一致。

## 查什么
平台上显示的账号名称是否为名录登记的名称，认证主体是否为本单位。

## 为什么要紧
国办发〔2018〕123号要求名称规范、实名认证，防止冒名账号误导公众。

## 看不见什么
名称互相包含、账号显示的是本单位名称、认证主体写法不同的，只提示人工核对。

## 怎样整改
改正账号名称或认证主体；名录有误的，更正名录。
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.accounts import Account, accounts, shown
from dossier.model import Claim, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="account-name-mismatch",
    name="账号名称或认证主体不符",
    topic=Topic.NEW_MEDIA,
    severity=Severity.MINOR,
    basis=("国办发〔2018〕123号",),
    claim=Claim.PRESENCE,
    messages={
        "name": "{channel}显示的账号名称为“{shown}”，名录登记为“{listed}”",
        "body": "{channel}“{listed}”的认证主体为“{shown}”，不是本单位",
    },
    remedy="改正账号名称或认证主体；名录有误的，更正名录。",
)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """An account speaks under the name that the list gives it."""
    for account in accounts(site):
        if account.facts.state in ("open", "empty") and account.row:
            yield _of(site, account, account.row.name)


def _of(site: SiteSnapshot, account: Account, listed: str) -> Outcome:
    facts = account.facts
    shown_name, wanted = _bare(facts.shown_name), _bare(listed)
    names: dict[str, Any] = {"channel": account.channel_name, "listed": listed}
    if shown_name and wanted and shown_name != wanted:
        data: dict[str, Any] = {"shown": facts.shown_name, **names}
        evidence = (shown(account, facts.shown_name),)
        own = shown_name in (_bare(site.unit.full_name), _bare(site.unit.short_name))
        if own or shown_name in wanted or wanted in shown_name:
            return unsure(
                RULE,
                account.subject,
                "name",
                because="账号显示的就是本单位的名称，请人工核对名录是否有误"
                if own
                else "两个名称相近，请人工核对是不是同一账号",
                evidence=evidence,
                page_url=facts.url,
                **data,
            )
        return fail(RULE, account.subject, "name", evidence=evidence, page_url=facts.url, **data)
    body = _bare(facts.certified)
    if body and not any(
        _bare(name) in body for name in (site.unit.full_name, site.unit.short_name, listed) if name
    ):
        data = {"shown": facts.certified, **names}
        evidence = (shown(account, facts.certified),)
        if _share_a_name(body, _bare(site.unit.full_name)):
            return unsure(
                RULE,
                account.subject,
                "body",
                because="认证主体与单位名称写法不同，请人工核对是不是本单位或其所属单位",
                evidence=evidence,
                page_url=facts.url,
                **data,
            )
        return fail(RULE, account.subject, "body", evidence=evidence, page_url=facts.url, **data)
    return passed(RULE, account.subject, evidence=(shown(account, facts.shown_name),))


def _bare(name: str) -> str:
    """A name without spaces and marks, full-width letters made plain."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).lower() if char.isalnum())


def _share_a_name(body: str, full_name: str) -> bool:
    """Whether four characters in a row are the same: 山西省教育厅 and 山西省教育厅新闻中心, or an older name."""
    return any(full_name[n : n + 4] in body for n in range(max(0, len(full_name) - 3)))
