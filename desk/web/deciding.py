"""The buttons: each reads its form, calls the desk, and opens what comes next."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers.response import Response

from desk import decisions
from desk.acting import Refused
from desk.caseload import Case
from desk.decisions import WORDS, Overtaken
from desk.web.room import Room, room
from desk.web.work import as_arguments, back, filters, line_up, show_case, show_group
from dossier.store.case_events import DECISIONS

views = Blueprint("deciding", __name__)
MOST_AT_ONCE = 2000


@views.post("/case/<number>/decide")
def decide(number: str) -> Response | str | tuple[str, int]:
    here = room()
    one = here.case(number)
    kind = request.form.get("kind", "")
    following = _next(here, {number})
    try:
        decisions.decide(
            here.kept, [(one.deficiency, one.state)], kind, who=here.me, at=here.now, today=here.today,
            reason=request.form.get("reason", ""), points=request.form.get("points"),
            until=_day(request.form.get("until", "")), seen={number: _seen("seen")}, place=here.place,
        )  # fmt: skip
    except Overtaken as error:
        return show_case(one, overtaken=error.since, typed=dict(request.form)), 409
    except Refused as error:
        flash(str(error), "bad")
        return show_case(one, typed=dict(request.form)), 400
    flash(f"{number} {one.unit.short_name}：{WORDS[kind]}", "done:" + number)
    return _go(following)


@views.post("/group/decide")
def decide_group() -> Response | str | tuple[str, int]:
    here = room()
    numbers = request.form.getlist("number")[:MOST_AT_ONCE]
    known = here.load.by_number
    cases = [known[number] for number in numbers if number in known]
    kind = request.form.get("kind", "")
    typed = request.form.to_dict()
    try:
        written = decisions.decide(
            here.kept, [(one.deficiency, one.state) for one in cases], kind, who=here.me, at=here.now,
            today=here.today, reason=request.form.get("reason", ""), points=request.form.get("points"),
            until=_day(request.form.get("until", "")),
            seen={one.number: _seen(f"seen-{one.number}") for one in cases}, place=here.place,
        )  # fmt: skip
    except Overtaken as error:
        said = f"{error.since[-1].who} 刚对 {error.number} 作了“{WORDS[error.since[-1].kind]}”，这一组没有改动。请核对后重新提交。"
        return show_group(here, filters(), overtaken=said, typed=typed), 409
    except Refused as error:
        flash(str(error), "bad")
        return show_group(here, filters(), typed=typed), 400
    mark = f"done-group:{written[0].batch}" if written[0].batch else f"done:{written[0].deficiency_no}"
    flash(f"{len(cases)} 个问题：{WORDS[kind]}", mark)
    return redirect(url_for("work.queue", **back()))


@views.post("/group/<batch>/withdraw")
def withdraw_group(batch: str) -> Response:
    here = room()
    cases = [(one.deficiency, one.state) for one in here.load.cases]
    taken = decisions.withdraw_batch(
        here.kept, cases, batch, who=here.me, at=here.now, reason=request.form.get("reason", ""), place=here.place
    )  # fmt: skip
    every = here.load.events.values()
    left = sum(one.batch == batch and one.kind in DECISIONS for own in every for one in own) - len(taken)
    more = f"；另有 {left} 条后来又有处理，没有动" if left else ""
    flash(f"整组 {len(taken)} 条已撤回，请重新决定{more}")
    return redirect(url_for("work.queue", **as_arguments(filters())))


@views.post("/case/<number>/withdraw")
def withdraw(number: str) -> Response | str | tuple[str, int]:
    here = room()
    one = here.case(number)
    seen = {number: _seen("seen")} if "seen" in request.form else {number: one.state.last_event}
    try:
        decisions.withdraw(
            here.kept, one.deficiency, one.state, who=here.me, at=here.now,
            reason=request.form.get("reason", ""), seen=seen, place=here.place,
        )  # fmt: skip
    except Overtaken as error:
        return show_case(one, overtaken=error.since), 409
    flash(f"{number}：已撤回，请重新决定")
    return redirect(url_for("work.case", number=number, **as_arguments(filters())))


@views.post("/case/<number>/check")
def check(number: str) -> Response | str | tuple[str, int]:
    here = room()
    one = here.case(number)
    agree = request.form.get("kind") == "agree"
    following = _next(here, {number})
    try:
        decisions.check(
            here.kept, one.deficiency, one.state, agree=agree, who=here.me, at=here.now,
            reason=request.form.get("reason", ""), seen={number: _seen("seen")}, place=here.place,
        )  # fmt: skip
    except Overtaken as error:
        return show_case(one, overtaken=error.since, typed=dict(request.form)), 409
    except Refused as error:
        flash(str(error), "bad")
        return show_case(one, typed=dict(request.form)), 400
    flash(f"{number}：{'复核同意' if agree else '已退回'}")
    return _go(following)


@views.post("/case/<number>/exempt")
def exempt(number: str) -> Response:
    here = room()
    one = here.case(number)
    until = _day(request.form.get("until", ""))
    if until is None:
        raise Refused("请写明豁免到哪一天。")
    decisions.exempt(
        here.kept, one.deficiency, whole_rule=request.form.get("scope") == "rule",
        reason=request.form.get("reason", ""), until=until, who=here.me, at=here.now, today=here.today,
        place=here.place,
    )  # fmt: skip
    flash(f"{number}：豁免已登记，下一夜起不再提出。本条仍需作决定。")
    return redirect(url_for("work.case", number=number, **as_arguments(filters())))


def _next(here: Room, done: set[str]) -> Case | None:
    """What stands after these in the queue as it was shown."""
    lined = line_up(here, filters())
    places = [n for n, case in enumerate(lined) if case.number in done]
    left = [case for case in lined if case.number not in done]
    if not left:
        return None
    start = max(places, default=-1)
    return next((case for case in lined[start + 1 :] if case.number not in done), left[0])


def _go(following: Case | None) -> Response:
    kept = as_arguments(filters())
    if following is None:
        return redirect(url_for("work.queue", **kept))
    return redirect(url_for("work.case", number=following.number, **kept))


def _seen(name: str) -> int:
    text = request.form.get(name, "")
    if not text.isdecimal() or len(text) > 15:
        raise Refused("表单不完整，请刷新页面再试；没有改动任何内容。")
    return int(text)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"“{text[:20]}”不是日期，请写成 2020-12-31 的样子。") from None
