"""What people may do to a deficiency; the command line and the browser call the same functions.

Every function writes the event and the line of the audit log in one go, or nothing at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from desk.acting import CHECKERS, DECIDERS, Refused, must_be, note, words_of
from desk.case_state import BEIJING, CaseState, Effect, Stage, gist_of
from desk.desk_settings import DeskSettings
from dossier.model import Deficiency, Exemption
from dossier.store import RecheckRequest, Store, add_exemption, request_recheck
from dossier.store.case_events import DECISIONS, CaseEvent, Overtaken, add_events
from dossier.store.users import Account, Role

__all__ = ["Overtaken", "Refused", "answer", "check", "decide", "exempt", "withdraw", "withdraw_batch"]

WORDS = {
    "confirm": "确认", "adjust": "调整", "dismiss": "不成立", "defer": "暂缓", "withdraw": "撤回",
    "agree": "复核同意", "return": "复核退回", "explain": "整改说明", "appeal": "申诉",
}  # fmt: skip
MOST_POINTS = Decimal(100)


def decide(
    kept: Store,
    cases: Sequence[tuple[Deficiency, CaseState]],
    kind: str,
    *,
    who: Account,
    at: datetime,
    today: date,
    reason: str = "",
    points: str | Decimal | None = None,
    until: date | None = None,
    seen: Mapping[str, int],
    place: str = "",
) -> tuple[CaseEvent, ...]:
    """Decide one deficiency, or several in one go. `seen` says up to which event the person knew each.

    Raises Refused for what may not be done, Overtaken where somebody was faster; nothing is written then.
    """
    must_be(who, DECIDERS, "只有考核人员可以作决定")
    if kind not in DECISIONS:
        raise Refused("没有这种决定。")
    reason = words_of(reason, required=kind != "confirm", what=f"“{WORDS[kind]}”要写明理由")
    asked = _points(points) if kind == "adjust" else None
    settings = DeskSettings(kept)
    if kind == "dismiss":
        until = until or today + timedelta(days=settings.days("dismissal_days"))
    elif kind == "defer":
        until = until or today + timedelta(days=settings.days("defer_days"))
    else:
        until = None
    if until is not None and until <= today:
        raise Refused("截止日期应在今天之后。")
    if not cases:
        raise Refused("没有选中任何问题。")
    batch = secrets.token_hex(6) if len(cases) > 1 else ""
    events = tuple(
        CaseEvent(
            deficiency_no=deficiency.number, kind=kind, points=asked, reason=reason, until=until,
            gist=gist_of(deficiency), batch=batch, needs_check=settings.second_person and kind != "defer",
            run_id=deficiency.last_seen, said=deficiency, who=who.name, at=at,
        )
        for deficiency, _ in cases
    )  # fmt: skip
    with kept.writing():
        add_events(kept, events, seen=dict(seen))
        for event, (_, before) in zip(events, cases, strict=True):
            extra = f" {asked} 分" if asked is not None else ""
            extra += f"，至 {until}" if until else ""
            note(
                kept, who, at, place, kind, event.deficiency_no,
                f"{_effect_word(before)} → {WORDS[kind]}{extra}" + (f"；{reason}" if reason else ""),
            )  # fmt: skip
    return events


def withdraw(
    kept: Store,
    deficiency: Deficiency,
    state: CaseState,
    *,
    who: Account,
    at: datetime,
    reason: str = "",
    seen: Mapping[str, int],
    place: str = "",
) -> None:
    """Take the last decision back: a new event, not an erasure; the deficiency is open again."""
    must_be(who, DECIDERS, "只有考核人员可以撤回决定")
    if state.decision is None or (state.stage is Stage.OPEN and state.effect is Effect.NONE):
        raise Refused("这个问题没有可以撤回的决定。")
    said = words_of(reason, required=False) or "改主意"
    event = CaseEvent(
        deficiency_no=deficiency.number,
        kind="withdraw",
        reason=said,
        run_id=deficiency.last_seen,
        who=who.name,
        at=at,
    )
    with kept.writing():
        add_events(kept, (event,), seen=dict(seen))
        note(kept, who, at, place, "withdraw", deficiency.number, f"{_effect_word(state)} → 撤回；{said}")


def withdraw_batch(
    kept: Store,
    cases: Sequence[tuple[Deficiency, CaseState]],
    batch: str,
    *,
    who: Account,
    at: datetime,
    reason: str = "",
    place: str = "",
) -> tuple[CaseEvent, ...]:
    """Take back what was decided in one go, as one: new events, all or none. Where something happened to a
    member since (a colleague decided, checked, the unit answered) that member is left as it is."""
    must_be(who, DECIDERS, "只有考核人员可以撤回决定")
    members = [pair for pair in cases if batch and pair[1].decision and pair[1].decision.batch == batch]
    still = [pair for pair in members if pair[1].decision and pair[1].last_event == pair[1].decision.no]
    if not still:
        raise Refused("这一组没有可以撤回的决定：可能已经撤回，或者后来另有处理。")
    said = words_of(reason, required=False) or "整组撤回"
    together = secrets.token_hex(6)
    events = tuple(
        CaseEvent(
            deficiency_no=deficiency.number, kind="withdraw", reason=said, batch=together,
            run_id=deficiency.last_seen, who=who.name, at=at,
        )
        for deficiency, _ in still
    )  # fmt: skip
    with kept.writing():
        add_events(kept, events, seen={one.number: state.last_event for one, state in still})
        for event, (_, state) in zip(events, still, strict=True):
            note(
                kept, who, at, place, "withdraw", event.deficiency_no,
                f"{_effect_word(state)} → 撤回（整组 {len(still)} 条）；{said}",
            )  # fmt: skip
    return events


def check(
    kept: Store,
    deficiency: Deficiency,
    state: CaseState,
    *,
    agree: bool,
    who: Account,
    at: datetime,
    reason: str = "",
    seen: Mapping[str, int],
    place: str = "",
) -> None:
    """A second person agrees with a decision, or sends it back with a reason."""
    must_be(who, CHECKERS, "没有复核的权限")
    if state.stage is not Stage.CHECK or state.decision is None:
        raise Refused("这个问题没有等待复核的决定。")
    if state.decision.who == who.name:
        raise Refused("不能复核自己作的决定，请另一位同事复核。")
    kind = "agree" if agree else "return"
    reason = words_of(reason, required=not agree, what="退回要写明理由")
    event = CaseEvent(
        deficiency_no=deficiency.number,
        kind=kind,
        reason=reason,
        run_id=deficiency.last_seen,
        who=who.name,
        at=at,
    )
    with kept.writing():
        add_events(kept, (event,), seen=dict(seen))
        detail = f"{state.decision.who} 的“{WORDS[state.decision.kind]}” → {WORDS[kind]}"
        note(kept, who, at, place, kind, deficiency.number, detail + (f"；{reason}" if reason else ""))


def answer(
    kept: Store,
    deficiency: Deficiency,
    state: CaseState,
    *,
    kind: str,
    text: str,
    attachment: int | None,
    who: Account,
    at: datetime,
    place: str = "",
) -> None:
    """An inspected unit explains what it mended (整改说明), or objects (申诉)."""
    must_be(who, (Role.UNIT,), "只有单位用户可以答复")
    if who.unit_id != deficiency.unit_id or not state.in_force:
        raise Refused("没有这个问题。")
    if kind not in ("explain", "appeal"):
        raise Refused("请选择“整改说明”或“申诉”。")
    if kind == "appeal" and state.appeal is not None:
        raise Refused("申诉已经提交，考核人员还没有答复，请等候。")
    said = words_of(text, required=True, what="请写明内容")
    event = CaseEvent(
        deficiency_no=deficiency.number, kind=kind, reason=said, attachment=attachment, who=who.name, at=at
    )
    with kept.writing():
        add_events(kept, (event,))
        if kind == "explain":
            # The next morning's rechecks look at what a unit reports as mended.
            morning = at.astimezone(BEIJING).date() + timedelta(days=1)
            wanted = RecheckRequest(
                deficiency_no=deficiency.number, due=morning, because="单位报告已整改", who=who.name, at=at
            )
            request_recheck(kept, wanted)
        note(kept, who, at, place, kind, deficiency.number, said)


def exempt(
    kept: Store,
    deficiency: Deficiency,
    *,
    whole_rule: bool,
    reason: str,
    until: date,
    who: Account,
    at: datetime,
    today: date,
    place: str = "",
) -> Exemption:
    """Say that a rule does not apply to a unit (or to one subject of it), why, and until when."""
    must_be(who, DECIDERS, "只有考核人员可以登记豁免")
    said = words_of(reason, required=True, what="豁免要写明依据")
    if not today < until <= today + timedelta(days=3 * 366):
        raise Refused("豁免的截止日期应在今天之后、三年以内。")
    exemption = Exemption(
        unit_id=deficiency.unit_id,
        rule_id=deficiency.outcome.rule_id,
        subject="*" if whole_rule else deficiency.outcome.subject,
        reason=said,
        author=who.name,
        until=until,
    )
    with kept.writing():
        add_exemption(kept, exemption)
        scope = "整条规则" if whole_rule else exemption.subject
        note(kept, who, at, place, "exempt", deficiency.number, f"豁免（{scope}）至 {until}；{said}")
    return exemption


def _points(given: str | Decimal | None) -> Decimal:
    try:
        value = Decimal(str(given or "").strip())
    except InvalidOperation:
        raise Refused("请写出要扣的分数，如 0.5。") from None
    if not value.is_finite() or not 0 <= value <= MOST_POINTS or value != value.quantize(Decimal("0.01")):
        raise Refused("分数应在 0 到 100 之间，最多两位小数。")
    return value


def _effect_word(state: CaseState) -> str:
    words = {
        Effect.NONE: "未处理",
        Effect.CONFIRMED: "确认",
        Effect.ADJUSTED: "调整",
        Effect.DISMISSED: "不成立",
    }
    return "暂缓" if state.stage is Stage.DEFERRED else words[state.effect]
