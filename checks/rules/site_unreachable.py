"""网站经常打不开。

## 查什么
最近七天的首页访问探测：每天不少于规定次数，在规定秒数内没有打开的次数占全部次数的比例。

## 为什么要紧
国办秘函〔2019〕19号：每天间隔性访问 20 次以上、一周内打不开的次数达到 5% 的，单项否决。

## 看不见什么
本机网络不通时的探测不计入；探测次数不够时，有异常只提示人工核对，没有异常不作结论。

## 怎样整改
查明原因，保证网站稳定可访问；因维护停机的，提前公告。
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta, timezone
from typing import Any

from checks.accuse import fail, not_applicable, passed, unsure
from dossier.addresses import host_of
from dossier.model import Claim, Evidence, Outcome, ProbeSample, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="site-unreachable",
    name="网站经常打不开",
    topic=Topic.UPKEEP,
    severity=Severity.MAJOR,
    basis=("国办秘函〔2019〕19号 单项否决“站点无法访问”",),
    claim=Claim.PRESENCE,
    messages={"share": "最近 {days} 天探测 {total} 次，{failed} 次在 {seconds} 秒内没有打开，占 {share}%"},
    remedy="查明原因，保证网站稳定可访问。",
)

_BEIJING = timezone(timedelta(hours=8))


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A site that one visit in twenty cannot open is not open."""
    hosts = dict.fromkeys(host_of(row.url) for row in site.unit.websites if row.url)
    for host in hosts:
        yield _of(site, host)


def _of(site: SiteSnapshot, host: str) -> Outcome:
    days = int(site.tables.threshold("site-unreachable.days"))
    seconds = site.tables.threshold("site-unreachable.seconds")
    # A night is judged early in the morning, when its own day has seen a probe or two: then the week before counts.
    probes, enough = _week(site, host, days, site.as_of)
    if not enough:
        before, enough_before = _week(site, host, days, site.as_of - timedelta(days=1))
        if enough_before:
            probes, enough = before, True
    if not probes:
        return not_applicable(RULE, host, "最近没有访问探测的记录")
    failed = [probe for probe in probes if not probe.opened or probe.elapsed_ms > seconds * 1000]
    share = len(failed) / len(probes)
    evidence = tuple(_shown(host, probe) for probe in (failed or probes)[:20])
    data: dict[str, Any] = {
        "days": days,
        "total": len(probes),
        "failed": len(failed),
        "seconds": int(seconds),
        "share": round(share * 100, 1),
    }
    if share < site.tables.threshold("site-unreachable.share"):
        if enough:
            return passed(RULE, host, evidence=evidence)
        return not_applicable(RULE, host, f"探测 {len(probes)} 次，未见异常，但次数不足以下结论")
    if enough:
        return fail(RULE, host, "share", evidence=evidence, page_url=f"http://{host}/", **data)
    return unsure(
        RULE,
        host,
        "share",
        because="探测次数不足每天规定的次数，请人工多次访问核对，或等探测满七天",
        evidence=evidence,
        page_url=f"http://{host}/",
        **data,
    )


def _week(site: SiteSnapshot, host: str, days: int, last: date) -> tuple[list[ProbeSample], bool]:
    """The probes of the days up to and including `last`, and whether every day had enough of them."""
    first = last - timedelta(days=days - 1)
    probes = [
        probe
        for probe in site.probes
        if probe.host == host and not probe.ours and first <= probe.at.astimezone(_BEIJING).date() <= last
    ]
    a_day = Counter(probe.at.astimezone(_BEIJING).date() for probe in probes)
    least = site.tables.threshold("site-unreachable.probes_a_day")
    return probes, all(a_day[first + timedelta(days=n)] >= least for n in range(days))


def _shown(host: str, probe: ProbeSample) -> Evidence:
    how = (
        f"用时 {probe.elapsed_ms / 1000:.1f} 秒" if probe.opened else f"没有打开：{probe.reason or '无应答'}"
    )
    return Evidence(url=f"http://{host}/", captured_at=probe.at, quote=how, place="访问探测")
