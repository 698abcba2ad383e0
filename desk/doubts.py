"""Some things that a night says of every site are said by our own machine: its clock, its certificates, its browser.

They are seen only over all units together, so no rule can know them. What rests on them is asked, never accused,
and the night's papers say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import msgspec

from desk.clock import BEIJING
from dossier import store
from dossier.model import Coverage, Judgement, UnitReport, Verdict
from dossier.store import RunInfo, Store

DATED = frozenset({
    "account-stale", "annual-report-late", "annual-report-missing", "application-guide-outdated", "column-stale",
    "document-dates-inconsistent", "document-number-gap", "document-publication-late", "document-unlisted",
    "home-stale", "interpretation-late", "interpretation-missing", "interpretation-text-only",
    "publish-date-future", "site-unreachable",
})  # fmt: skip
"""Rules that hold something against the inspection date."""
SLOW = timedelta(minutes=10)
"""Clocks of honest machines differ by less."""
_AGREE = timedelta(hours=1)
_MOST_OF = 0.6
_FEWEST_UNTRUSTED = 8
"""So many sites with bad certificates and not one with a good one are no accident."""
_FEWEST_TURNED = 2
_NIGHTS_BACK = 3
_BAD = frozenset({"untrusted", "expired"})
_STORE = "本机证书库可能过旧"
_CLOCK = "本机时钟不准"


@dataclass(frozen=True)
class Doubts:
    """What a night's findings may rest on that is ours; all empty on a good night."""

    dated: str = ""
    """Chinese; why nothing may be held against the inspection date."""
    certificates: str = ""
    """Chinese; why a bad certificate may be ours."""
    notes: tuple[str, ...] = ()
    """Chinese sentences for the papers."""

    def of(self, report: UnitReport | None) -> UnitReport | None:
        """A unit's closing report as it may be judged."""
        if report is None or not self.certificates or not report.certificates:
            return report
        states = {
            host: self.certificates if said in _BAD else said for host, said in report.certificates.items()
        }
        return msgspec.structs.replace(report, certificates=states)

    def weakened(self, judgement: Judgement) -> Judgement:
        """A judgement in which nothing is accused by the date alone."""
        if not self.dated:
            return judgement
        outcomes = tuple(
            msgspec.structs.replace(one, verdict=Verdict.UNSURE, because=self.dated)
            if one.rule_id in DATED and one.verdict is Verdict.FAIL
            else one
            for one in judgement.outcomes
        )
        return msgspec.structs.replace(judgement, outcomes=outcomes)


NO_DOUBT = Doubts()


def doubts_of(kept: Store, run: RunInfo) -> Doubts:
    """What speaks against this machine in a night over all its units."""
    units = [unit.unit_id for unit in store.units_of(kept, run.run_id)]
    reports = [one for one in (store.report_of(kept, run.run_id, unit) for unit in units) if one is not None]
    ahead = clock_ahead(reports)
    dated, notes = _of_clock(run, ahead, reports)
    certificates = _of_certificates(kept, run, reports, ahead)
    if certificates:
        bad = sum(state in _BAD for one in reports for state in one.certificates.values())
        notes.append(
            f"本次 {bad} 个 https 网站的证书全部没有验成，{certificates}（或网络出口替换了证书）："
            "本次不据此指出任何单位的问题，请更新证书库后再查。"
        )
    return Doubts(dated, certificates, (*notes, *_of_browser(reports)))


def clock_ahead(reports: Iterable[UnitReport]) -> timedelta:
    """By how much the sites' clocks are ahead of ours, where most agree on it; else nothing: single sites may be wrong."""
    said = [seconds for report in reports for seconds in report.clocks.values()]
    if not said:
        return timedelta()
    middle = median(said)
    agreeing = sum(abs(one - middle) <= _AGREE.total_seconds() for one in said)
    ahead = timedelta(seconds=middle)
    return ahead if abs(ahead) >= SLOW and agreeing >= _MOST_OF * len(said) else timedelta()


def night_notes(
    kept: Store, run: RunInfo, coverages: Mapping[str, Coverage], names: Mapping[str, str]
) -> tuple[str, ...]:
    """What the papers of a night must say of it as a whole before they say anything of anybody."""
    notes = list(doubts_of(kept, run).notes)
    cut = [names[unit] for unit, seen in coverages.items() if seen.finish == "network-down"]
    if cut:
        notes.append(f"检查途中本机网络不通，{len(cut)} 个单位没有看成，本次不作判断：{_some(cut)}。")
    short = [
        names[unit] for unit, seen in coverages.items() if seen.inspected and "视为没有看全" in seen.because
    ]
    if short:
        notes.append(
            f"{len(short)} 个单位本次看到的页面比往常少得多，“没有”一类的问题本次只作提示：{_some(short)}。"
        )
    later = [
        one for one in store.runs(kept) if one.started > (run.finished or run.started) + timedelta(days=1)
    ]
    if later and run.finished is None:  # of an old night, later ones are as they should be
        notes.append(
            f"批次 {later[-1].run_id} 记的时间晚于本次：本机时钟曾经不准，前后批次的先后以检查日期为准。"
        )
    return tuple(notes)


def _of_clock(run: RunInfo, ahead: timedelta, reports: Sequence[UnitReport]) -> tuple[str, list[str]]:
    if not ahead:
        return "", []
    theirs = (run.started + ahead).astimezone(BEIJING).date()
    ours = run.started.astimezone(BEIJING).date()
    said = (
        f"本机时钟与 {sum(len(one.clocks) for one in reports)} 个网站应答的时间相差约 {_span(ahead)}"
        f"（本机 {ours.isoformat()}，各网站 {theirs.isoformat()}）"
    )
    if run.as_of != ours or theirs == ours:  # the inspection date is somebody's word, or right all the same
        return "", [f"{said}：请校准时钟；本次检查日期不受影响，但存档所记的取得时间不准。"]
    note = f"{said}：检查日期 {run.as_of.isoformat()} 取自本机时钟，可能不对，与日期有关的问题本次只作提示、不扣分。请校准时钟后重做。"
    return f"{said}，检查日期可能不对，请校准时钟后重新检查", [note]


def _of_certificates(kept: Store, run: RunInfo, reports: Sequence[UnitReport], ahead: timedelta) -> str:
    """Why all bad certificates of a night are rather ours; empty where they are the sites'."""
    states = {host: state for one in reports for host, state in one.certificates.items()}
    bad = {host for host, state in states.items() if state in _BAD}
    if not bad:
        return ""
    if abs(ahead) >= timedelta(days=1):
        return _CLOCK
    if "ok" in states.values():
        return ""
    turned = bad & _good_before(kept, run, reports)
    if len(turned) >= _FEWEST_TURNED and len(turned) * 2 >= len(bad):
        return _STORE
    return _STORE if len(bad) >= _FEWEST_UNTRUSTED else ""


def _good_before(kept: Store, run: RunInfo, reports: Sequence[UnitReport]) -> frozenset[str]:
    """Hosts whose certificate was good on the nights before."""
    good: set[str] = set()
    for one in reports:
        before = store.previous_run(kept, run.run_id, one.unit_id) if one.certificates else None
        for _ in range(_NIGHTS_BACK):
            if before is None:
                break
            then = store.report_of(kept, before.run_id, one.unit_id)
            if then is not None and then.certificates:
                good |= {host for host, state in then.certificates.items() if state == "ok"}
                break
            before = store.previous_run(kept, before.run_id, one.unit_id)
    return frozenset(good)


def _of_browser(reports: Sequence[UnitReport]) -> list[str]:
    lacking = [one.unit_id for one in reports if one.browser == "missing"]
    broken = [one.unit_id for one in reports if one.browser == "crashed"]
    found = []
    if lacking:
        found.append(
            f"本机没有可用的浏览器：{_some(lacking)} 由脚本绘制的页面没有看到，相应的检查只作提示或记为未能检测。"
        )
    if broken:
        found.append(
            f"浏览器中途崩溃：{_some(broken)} 由脚本绘制的页面没有看全，相应的检查只作提示或记为未能检测。"
        )
    return found


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:8]) + (f" 等 {len(names)} 个" if len(names) > 8 else "")


def _span(ahead: timedelta) -> str:
    seconds = abs(ahead.total_seconds())
    if seconds >= 86_400:
        return f"{seconds / 86_400:.0f} 天"
    return f"{seconds / 3600:.0f} 小时" if seconds >= 3600 else f"{seconds / 60:.0f} 分钟"
