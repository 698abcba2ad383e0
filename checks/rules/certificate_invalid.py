"""网站的安全证书无效。

## 查什么
网站主机以 https 应答时，证书是否过期、不受信任或者与域名不符。没有启用 https 的不在本项检查之列。

## 为什么要紧
证书无效时浏览器会拦住公众并警告有风险（国办发〔2017〕47号 安全防护）。

## 看不见什么
本机时钟不准、本机证书库过旧会造成误判，运行前的自检会提示。

## 怎样整改
更换有效的证书，并在到期前续签。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.accuse import fail, passed, unsure
from dossier.model import Claim, Evidence, Outcome, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="certificate-invalid",
    name="网站安全证书无效",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("《政府网站发展指引》（国办发〔2017〕47号）",),
    claim=Claim.PRESENCE,
    messages={"invalid": "{host} 的安全证书{fault}"},
    remedy="更换有效的安全证书，并在到期前续签。",
)

_FAULTS: Mapping[str, str] = {"expired": "已经过期", "untrusted": "不受信任", "name": "与域名不符"}


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A visitor whom the browser warns away does not come in."""
    for host, state in site.certificates.items():
        evidence = Evidence(url=f"https://{host}/", quote=_FAULTS.get(state, state), place="安全证书")
        if state == "ok":
            yield passed(RULE, host, evidence=(evidence,))
        elif state in _FAULTS:
            yield fail(
                RULE,
                host,
                "invalid",
                evidence=(evidence,),
                page_url=evidence.url,
                host=host,
                fault=_FAULTS[state],
            )
        else:
            yield unsure(
                RULE,
                host,
                "invalid",
                because="证书没有验成，请人工用浏览器打开核对",
                evidence=(evidence,),
                page_url=evidence.url,
                host=host,
                fault=f"情况不明（{state}）",
            )
