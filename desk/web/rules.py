"""How each rule fares with people, and which ones only ask for now."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk.reports.rulebook import current_rules
from desk.rule_record import LEAST, WINDOW, lift, records_of
from desk.web.room import room

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


@views.post("/rules/<rule_id>/lift", endpoint="lift")
def lift_rule(rule_id: str) -> Response:
    here = room()
    lift(
        here.kept, rule_id, reason=request.form.get("reason", ""), who=here.me, at=here.now, place=here.place
    )
    flash("已恢复，下次计算扣分建议时生效")
    return redirect(url_for("rules.show"))
