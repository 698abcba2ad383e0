"""The first screen of the day: last night in one line, what is due, then the units."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers.response import Response

from desk.caseload import Caseload
from desk.night_watch import watch
from desk.web.life import all_lives
from desk.web.room import Room, room
from dossier import store
from dossier.store import RunInfo, Store
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
        counts=load.counts,
        run=_judged_run(here),
        night=watch(here.installation, here.kept),
        series=score_lines(here.kept, load),
        mending=Counter(life.status for life in all_lives(here).values()),
        seen=night_counts(load),
        waiting={unit: sum(case.waits for case in cases) for unit, cases in load.by_unit.items()},
        confirmed={unit: sum(case.state.in_force for case in cases) for unit, cases in load.by_unit.items()},
    )


def _judged_run(here: Room) -> RunInfo | None:
    """The last night of which there are results; the one that runs has none yet."""
    found = {paper.standing.run_id for paper in here.load.papers.values()}
    return next((run for run in reversed(store.runs(here.kept)) if run.run_id in found), None)


_known: dict[Path, tuple[tuple[int, ...], dict[str, tuple[tuple[str, str], ...]]]] = {}


def score_lines(kept: Store, load: Caseload) -> dict[str, tuple[tuple[str, str], ...]]:
    """Scores of the last nights; read again only after a night (or a weighing anew)."""
    key = tuple(id(paper) for paper in load.papers.values())
    known = _known.get(kept.path)
    if known is None or known[0] != key:
        _known[kept.path] = known = (key, score_series(kept))
    return known[1]


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
