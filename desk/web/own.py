"""The unit's side: what people confirmed against it, the evidence, and its answer. Nothing of anybody else."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk import clock, decisions
from desk.caseload import Case
from desk.explain import explain, is_absence
from desk.web.archived import page_text
from desk.web.evidence import shown_to_unit, uploaded
from desk.web.room import Room, room
from desk.web.work import which

views = Blueprint("own", __name__)


@views.get("/mine")
def show() -> str:
    here = room()
    cases = [
        case for case in here.load.by_unit.get(here.me.unit_id, ()) if shown_to_unit(case, here.me.unit_id)
    ]
    paper = here.load.papers.get(here.me.unit_id)
    return render_template(
        "mine.html",
        cases=cases,
        unit=paper.standing.unit if paper else None,
        due=lambda case: _due(here, case),
    )


@views.get("/mine/<number>")
def case(number: str) -> str:
    here = room()
    return _screen(here, _own(here, number))


@views.post("/mine/<number>/answer")
def answer(number: str) -> Response | str | tuple[str, int]:
    here = room()
    one = _own(here, number)
    try:
        decisions.answer(
            here.kept, one.deficiency, one.state, kind=request.form.get("kind", ""),
            text=request.form.get("text", ""), attachment=uploaded(here, here.me.unit_id), who=here.me,
            at=here.now, place=here.place,
        )  # fmt: skip
    except decisions.Refused as error:
        flash(str(error), "bad")
        return _screen(here, one, typed=request.form.get("text", "")), 400
    flash("已提交，考核人员会看到。")
    return redirect(url_for("own.case", number=number))


def _screen(here: Room, one: Case, typed: str = "") -> str:
    nth = which(len(one.deficiency.outcome.evidence))
    return render_template(
        "mine_case.html",
        case=one,
        answers=explain(one.finding),
        absence=is_absence(one.rule_id),
        text=page_text(here.kept, one.deficiency, nth),
        nth=nth,
        said=[event for event in one.events if event.kind in ("explain", "appeal")],
        due=_due(here, one),
        typed=typed,
    )


def _own(here: Room, number: str) -> Case:
    one = here.load.by_number.get(number)
    if one is None or not shown_to_unit(one, here.me.unit_id):
        abort(404)
    return one


def _due(here: Room, one: Case) -> date | None:
    """By when the unit should answer: working days after the decision."""
    decision = one.state.decision
    if decision is None:
        return None
    day = decision.at.astimezone(clock.BEIJING).date()
    return here.installation.calendar.add_working_days(day, here.settings.days("answer_days"))
