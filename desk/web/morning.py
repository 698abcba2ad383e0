"""The first screen of the day: last night in one line, what is due, then the units."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers.response import Response

from desk.caseload import Caseload
from desk.web.room import room
from dossier import store
from dossier.store.cards import score_series
from dossier.store.users import Role

views = Blueprint("morning", __name__)


@views.get("/")
def start() -> Response:
    mine = room().me.role is Role.UNIT
    return redirect(url_for("own.show" if mine else "morning.show"))


@views.get("/morning")
def show() -> str:
    here = room()
    load = here.load
    return render_template(
        "morning.html",
        load=load,
        counts=load.counts(),
        run=store.latest_run(here.kept),
        series=score_series(here.kept),
        seen=night_counts(load),
        waiting={unit: sum(case.waits for case in cases) for unit, cases in load.by_unit.items()},
        confirmed={unit: sum(case.state.in_force for case in cases) for unit, cases in load.by_unit.items()},
    )


def night_counts(load: Caseload) -> dict[str, int]:
    """Of how many units the night saw the whole, a part, nothing."""
    papers = load.papers.values()
    return {
        "units": len(papers),
        "whole": sum(paper.inspected and not paper.partial for paper in papers),
        "partial": sum(paper.partial for paper in papers),
        "unseen": sum(not paper.inspected for paper in papers),
        "new": sum(paper.count("new") for paper in papers),
        "changed": sum(paper.count("changed") for paper in papers),
        "gone": sum(len(paper.gone) for paper in papers),
    }
