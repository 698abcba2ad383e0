"""Judging a site is asking each rule once and doubting every accusation.

A rule author cannot forget the guards, because they are here and not in the rules: an absence is only
believed where the place was wholly seen; an accusation without evidence, or resting on a page that was
not seen, becomes a question to a person; a rule that breaks harms nobody but itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta, timezone

import msgspec

from checks.accuse import surely_gone
from checks.lenses.titles import nested
from checks.plausibility import doubt_many
from checks.registry import BESIDE_THE_CRAWL, RULES, STRUCTURAL, RuleModule, rule_of
from dossier.model import (
    Area,
    AreaState,
    Claim,
    Judgement,
    NotCalled,
    Outcome,
    Page,
    Purpose,
    Reach,
    Rule,
    SiteSnapshot,
    Verdict,
)

_BEIJING = timezone(timedelta(hours=8))
WAITS = "久未变化，本轮没有重新访问"
"""In the reason of every question that is one because a page was carried: nobody looked, and nothing hindered it."""
NOBODY_LOOKED = frozenset({"network-down", "crashed"})
"""Ends of a crawl after which not even what needs no crawl is judged."""

AREA_NAMES: Mapping[Area, str] = {
    Area.HOME: "首页",
    Area.NAVIGATION: "导航栏目",
    Area.PLATFORM: "政府信息公开平台",
    Area.GUIDE: "政府信息公开指南",
    Area.RULES: "政府信息公开制度",
    Area.STATUTORY: "法定主动公开内容",
    Area.ANNUAL: "政府信息公开年报",
    Area.POLICY: "政策文件栏目",
    Area.INTERPRETATION: "政策解读栏目",
    Area.FUNCTIONS: "机构职能",
    Area.LEADERS: "领导信息",
    Area.APPLICATION: "依申请公开",
    Area.SITE: "全站",
}

_BETWEEN_MARKS = re.compile(r"《\{(\w+)\}》")

_WEIGHT = {
    Verdict.FAIL: 4,
    Verdict.UNSURE: 3,
    Verdict.ERROR: 2,
    Verdict.NOT_APPLICABLE: 1,
    Verdict.PASS: 0,
}


def judge(site: SiteSnapshot, rules: tuple[RuleModule, ...] = RULES) -> Judgement:
    """All that the rules say of one unit on one night."""
    outcomes: list[Outcome] = []
    not_called: list[NotCalled] = []
    for module in rules:
        rule = module.RULE
        hindrance = _hindrance(site, rule)
        if hindrance:
            not_called.append(hindrance)
            continue
        doubted = [_doubt(site, rule, said) for said in _ask(module, site)]
        outcomes.extend(_merge(doubt_many(rule, doubted)))
    return Judgement(unit_id=site.unit.unit_id, outcomes=tuple(outcomes), not_called=tuple(not_called))


def message_of(outcome: Outcome, rules: tuple[RuleModule, ...] = RULES) -> str:
    """The Chinese sentence of an outcome: its rule's message filled from its data, else its reason."""
    rule = rule_of(outcome.rule_id, rules)
    if rule is None or outcome.message_key not in rule.messages:
        return outcome.because or (rule.name if rule else outcome.rule_id)
    sentence = rule.messages[outcome.message_key]
    words = {key: _in_words(value) for key, value in outcome.data.items()}
    for key in _BETWEEN_MARKS.findall(sentence):
        words[key] = nested(str(words[key]))
    return sentence.format_map(words)


def _in_words(value: object) -> object:
    return "、".join(str(part) for part in value) if isinstance(value, list | tuple) else value


def _hindrance(site: SiteSnapshot, rule: Rule) -> NotCalled | None:
    """Why a rule cannot be asked of this site tonight, if it cannot."""
    coverage = site.coverage
    beside = rule.id in BESIDE_THE_CRAWL
    if not coverage.inspected and (not beside or coverage.finish in NOBODY_LOOKED):
        return NotCalled(
            rule_id=rule.id,
            area=rule.needs[0] if rule.needs else Area.HOME,
            because=coverage.because or "本轮未能看到该单位网站",
        )
    if beside:
        return None
    for area in rule.needs:
        if coverage.state(area) is AreaState.UNREACHED:
            found = coverage.areas.get(area)
            because = (found.because if found else "") or f"{AREA_NAMES[area]}有链接但未能打开"
            return NotCalled(rule_id=rule.id, area=area, because=because)
    return None


def _ask(module: RuleModule, site: SiteSnapshot) -> tuple[Outcome, ...]:
    """What a rule says; if it breaks on the way, all it said is void and only the break is kept."""
    rule = module.RULE
    try:
        return tuple(msgspec.structs.replace(said, rule_id=rule.id) for said in module.check(site))
    except Exception as broken:  # noqa: BLE001 - whatever breaks in one rule must not silence the others
        return (
            Outcome(
                rule_id=rule.id,
                verdict=Verdict.ERROR,
                subject=site.unit.unit_id,
                because=f"规则程序出错，本轮不作判断：{type(broken).__name__}: {broken}",
            ),
        )


def _doubt(site: SiteSnapshot, rule: Rule, said: Outcome) -> Outcome:
    """An outcome as it may stand after every guard."""
    if said.verdict in (Verdict.FAIL, Verdict.UNSURE):
        excused = _exemption(site, rule, said.subject)
        if excused:
            return msgspec.structs.replace(said, verdict=Verdict.NOT_APPLICABLE, because=excused)
    if said.verdict is not Verdict.FAIL:
        return said
    doubt = (
        _no_evidence(said)
        or _unseen_page(site, rule, said)
        or _carried_page(site, rule, said)
        or _partly_seen(site, rule)
        or _redesigned(site, rule)
    )
    return msgspec.structs.replace(said, verdict=Verdict.UNSURE, because=doubt) if doubt else said


def _exemption(site: SiteSnapshot, rule: Rule, subject: str) -> str:
    for exemption in site.exemptions:
        if (
            exemption.unit_id == site.unit.unit_id
            and exemption.rule_id == rule.id
            and exemption.subject in ("*", subject)
            and site.as_of <= exemption.until
        ):
            return f"已登记豁免：{exemption.reason}（{exemption.author}，有效期至 {exemption.until.isoformat()}）"
    return ""


def _no_evidence(said: Outcome) -> str:
    return "" if said.evidence else "没有可以出示的证据，请人工打开相关页面核对后再定"


def _unseen_page(site: SiteSnapshot, rule: Rule, said: Outcome) -> str:
    """An accusation may not rest on a page that we were not shown."""
    if rule.id in BESIDE_THE_CRAWL:
        return ""
    for url in dict.fromkeys((said.page_url, *(shown.url for shown in said.evidence))):
        page = site.page(url)
        if page is None or page.capture.reach is Reach.OK or surely_gone(page) or _broken_search(page):
            continue
        if page.capture.purpose is Purpose.SEARCH:
            continue  # that a search broke twice is the very thing that was seen
        why = "只有一次显示不存在" if page.capture.reach is Reach.GONE else "本轮没有看到"
        return (
            f"所依据的页面 {url} {why}（{page.capture.reason or page.capture.reach.value}），请人工打开核对"
        )
    return ""


def _carried_page(site: SiteSnapshot, rule: Rule, said: Outcome) -> str:
    """An accusation rests on what was looked at tonight: a page carried from an earlier night leads on, and accuses nobody."""
    if rule.id in BESIDE_THE_CRAWL:
        return ""
    named = (*said.subject.split(), said.page_url, *(shown.url for shown in said.evidence))
    for url in dict.fromkeys(one for one in named if "://" in one):
        page = site.page(url)
        if page is not None and page.capture.carried:
            day = page.capture.at.astimezone(_BEIJING).date().isoformat()
            return f"所依据的页面 {url} {WAITS}，用的是 {day} 的抓取；下一轮会重新访问，届时再作判断"
    return ""


def _broken_search(page: Page) -> bool:
    """A search that breaks each time it is tried is itself what is shown."""
    return (
        page.capture.purpose is Purpose.SEARCH
        and len(page.tries) >= 2
        and all(one.reach is Reach.BROKEN and (one.status or 0) >= 500 for one in page.tries)
    )


def _partly_seen(site: SiteSnapshot, rule: Rule) -> str:
    """Not seen is not missing."""
    if rule.claim is not Claim.ABSENCE:
        return ""
    for area in rule.needs:
        found = site.coverage.areas.get(area)
        if found is None or found.state is not AreaState.PARTIAL:
            continue
        unseen = "；".join(
            f"“{link.text or link.url}”{link.url if link.text else ''}" for link in found.unseen[:5]
        )
        more = f" 等 {len(found.unseen)} 处" if len(found.unseen) > 5 else ""
        named = f"，没看到：{unseen}{more}" if unseen else ""
        reason = f"（{found.because}）" if found.because else ""
        return f"{AREA_NAMES[area]}没有看全{reason}{named}。请人工打开这些地方，看所缺内容是否在其中"
    return ""


def _redesigned(site: SiteSnapshot, rule: Rule) -> str:
    if site.frozen_structure and (rule.needs or rule.id in STRUCTURAL):
        return f"网站结构较前有大变，疑似改版（{site.frozen_structure}），请人工核对栏目后再定"
    return ""


def _merge(said: Iterable[Outcome]) -> list[Outcome]:
    """One rule says one thing of one subject; of several the gravest stands, with the evidence of its equals."""
    kept: dict[str, Outcome] = {}
    for outcome in said:
        before = kept.get(outcome.subject)
        if before is None or _WEIGHT[outcome.verdict] > _WEIGHT[before.verdict]:
            kept[outcome.subject] = outcome
        elif outcome.verdict is before.verdict:
            together = dict.fromkeys((*before.evidence, *outcome.evidence))
            kept[outcome.subject] = msgspec.structs.replace(before, evidence=tuple(together))
    return list(kept.values())
