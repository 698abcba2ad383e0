"""How each rule fares with people, and which ones only ask for now."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk.reports.rulebook import current_rules
from desk.rule_record import LEAST, WINDOW, by_cms, last_decisions, lift, records_of
from desk.web.room import room
from dossier.store.case_events import decisions_without_event, events_after, owners_of, rules_of

views = Blueprint("rules", __name__)


@views.get("/rules")
def show() -> str:
    here = room()
    shown = Counter(case.rule_id for case in here.load.cases if not case.gone)
    return render_template(
        "rules.html",
        rules=current_rules().values(),
        records=records_of(here.kept),
        shown=shown,
        window=WINDOW,
        least=LEAST,
    )


@views.get("/rules/<rule_id>", endpoint="one")
def one_rule(rule_id: str) -> str:
    """One rule's record: on which publishing systems it is right, and its last decisions."""
    here = room()
    rule = current_rules().get(rule_id)
    if rule is None:
        abort(404)
    rule_of, unit_of = rules_of(here.kept), owners_of(here.kept)
    events = [event for _, event in decisions_without_event(here.kept)] + list(events_after(here.kept))
    decided = [
        (unit_of[number], event)
        for number, event in last_decisions(events).items()
        if rule_of.get(number) == rule_id
    ]
    standing = [case.unit.unit_id for case in here.load.cases if case.rule_id == rule_id and not case.gone]
    return render_template(
        "rule.html",
        rule=rule,
        record=records_of(here.kept).get(rule_id),
        systems=by_cms(
            decided, standing, {unit: paper.coverage.cms for unit, paper in here.load.papers.items()}
        ),
        decided=decided[::-1][:WINDOW],
        units={unit: paper.standing.unit for unit, paper in here.load.papers.items()},
        window=WINDOW,
        least=LEAST,
    )


@views.post("/rules/<rule_id>/lift", endpoint="lift")
def lift_rule(rule_id: str) -> Response:
    here = room()
    lift(
        here.kept, rule_id, reason=request.form.get("reason", ""), who=here.me, at=here.now, place=here.place
    )
    flash("已恢复，下次计算扣分建议时生效")
    return redirect(url_for("rules.one", rule_id=rule_id))
