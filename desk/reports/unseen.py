"""Not seen is not missing: what a night could not see of a unit, why, and who can help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.reports.wording import AREAS, FINISHES, unseen_reason, whom_to_ask
from dossier.model import Area, AreaState, Channel, Coverage, Deficiency, Rule, UnitStanding


@dataclass(frozen=True)
class Gap:
    """One place that was not (wholly) seen."""

    place: str
    because: str
    ask: str
    affected: tuple[str, ...] = ()
    """Names of the checks that could not be asked."""
    examples: tuple[str, ...] = ()
    """Addresses not seen, a few."""
    unseen: int = 0
    """How many addresses."""
    anchor: str = ""
    """Of the finding behind it, where a rule of ours broke."""


def why_unseen(coverage: Coverage) -> str:
    """Why a site was not (wholly) seen, without a full stop; never "finished" where nothing was."""
    if coverage.because:
        return coverage.because.rstrip("。")
    if coverage.finish == "finished" and not coverage.inspected:
        return "没有取得可用的检查记录"
    return FINISHES.get(coverage.finish, coverage.finish)


def find_gaps(
    coverage: Coverage,
    standing: UnitStanding,
    errors: Sequence[tuple[str, Deficiency]],
    rules: Mapping[str, Rule],
) -> tuple[Gap, ...]:
    """Every place not wholly seen, the site itself first, then its parts, then our own faults."""
    gaps = []
    if not coverage.inspected or coverage.finish != "finished":
        key = "crashed" if coverage.finish == "finished" else coverage.finish
        place = "网站（部分）" if coverage.inspected else "整个网站"
        gaps.append(Gap(place, why_unseen(coverage), whom_to_ask(key)))
    gaps += [
        Gap(
            f"{row.name or row.channel.value}（未登记地址）",
            "名单中没有网站（账号）地址，未猜测",
            whom_to_ask("no-address"),
        )
        for row in standing.unit.sites
        if not row.url and not (row.channel is not Channel.WEBSITE and row.account_id)
    ]
    uncalled: dict[Area, list[tuple[str, str]]] = {}
    for missed in standing.not_called:
        rule = rules.get(missed.rule_id)
        uncalled.setdefault(missed.area, []).append((rule.name if rule else missed.rule_id, missed.because))
    for area in Area:
        seen = coverage.areas.get(area)
        called_off = uncalled.get(area, [])
        short = seen is not None and seen.state in (AreaState.PARTIAL, AreaState.UNREACHED)
        if not short and not called_off:
            continue
        keys = [link.because for link in seen.unseen] if seen else []
        main = max(sorted(set(keys)), key=keys.count) if keys else coverage.finish
        because = (seen.because if seen else "") or (called_off[0][1] if called_off else "")
        if not because:
            because = "；".join(f"{unseen_reason(key)} {keys.count(key)} 处" for key in sorted(set(keys)))
        gaps.append(
            Gap(
                place=AREAS[area],
                because=because or "没有查看到",
                ask=whom_to_ask(main),
                affected=tuple(dict.fromkeys(name for name, _ in called_off)),
                examples=tuple(link.url for link in seen.unseen[:3]) if seen else (),
                unseen=len(keys),
            )
        )
    gaps += [
        Gap(
            f"检查项“{name}”",
            deficiency.outcome.because or "检查程序运行出错，未得出结论，不计分",
            whom_to_ask("error"),
            anchor=f"p-{deficiency.number}",
        )
        for name, deficiency in errors
    ]
    return tuple(gaps)
